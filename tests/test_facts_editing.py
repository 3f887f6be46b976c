"""What helps to write a client file: the schema for editors, and the template to fill in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from small_world import PARAMETERS, READER, TACTICS, VOCABULARY
from tactician.errors import InvalidClient
from tactician.facts.document import parse_document, read_document
from tactician.facts.schema import client_schema
from tactician.facts.template import client_template

SCHEMA = client_schema(VOCABULARY, PARAMETERS, TACTICS)
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
FOLDER = Path(__file__).parent / "bad_facts"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))
BEYOND_A_SCHEMA = re.compile("amount_(above|of)|shares_|link_to_|link_given|items_of_one_id|segments_of")
"""What only the reader can tell: sums, names, links and amounts."""


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("name", [name for name, row in EXPECTED.items() if row["error"] == "invalid"])
def test_the_schema_refuses_what_has_the_wrong_shape(name: str) -> None:
    value = read_document(FOLDER / name, limit=100_000).value
    refused = any(VALIDATOR.iter_errors(value))
    assert refused != bool(BEYOND_A_SCHEMA.match(name))


def test_every_fact_has_its_question_and_what_its_levels_mean() -> None:
    text = json.dumps(SCHEMA)
    for spec in VOCABULARY.facts.values():
        assert f'"{spec.name}": {{"title": ' in text
        assert spec.question in text
    sensitivity = SCHEMA["definitions"]["segment"]["properties"]["price_sensitivity"]  # type: ignore[index]
    assert sensitivity["title"] == "Price sensitivity"
    assert sensitivity["enum"] == ["low", "medium", "high", "unknown", None]
    assert sensitivity["enumDescriptions"][:3] == ["hardly", "somewhat", "very much"]
    assert "- high: very much" in sensitivity["description"]


def test_amounts_have_no_upper_bound_since_their_currency_is_not_known() -> None:
    client = {
        "client": "x",
        "currency": "DKK",
        "business": {"monthly_budget": 100_000},
        "segments": [{"name": "a"}],
    }
    VALIDATOR.validate(client)
    READER.from_mapping(client)
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(client | {"business": {"monthly_budget": -1}})


TEMPLATE = client_template(VOCABULARY, PARAMETERS, TACTICS, "client.schema.json")


def test_the_template_is_a_client_of_whom_nothing_is_known() -> None:
    document = parse_document(TEMPLATE, "template.yaml")
    client = READER.from_document(document)
    assert client.facts == {}
    assert [(s.name, s.ppm, s.facts, s.items) for s in client.segments] == [("everyone", 1_000_000, {}, {})]
    VALIDATOR.validate(document.value)
    assert TEMPLATE.startswith("# yaml-language-server: $schema=client.schema.json\n")


def test_the_template_asks_every_question_with_levels_units_and_bands() -> None:
    text = re.sub(r"\n *#", "", TEMPLATE)
    for spec in VOCABULARY.facts.values():
        assert f"{spec.name}: unknown" in TEMPLATE
        assert spec.question in text
        assert all(f"{level}: {meaning}" in text for level, meaning in spec.meanings.items())
        assert spec.unit in text
        assert all(f"{band.value:.15g}: {band.meaning}" in text for band in spec.bands)
    assert "Known are freemium, loyalty_programme, referrals." in TEMPLATE


def test_the_commented_examples_of_items_can_be_uncommented() -> None:
    lines, inside = [], False
    for line in TEMPLATE.splitlines():
        inside = line.startswith("    # ") and (inside or line.endswith("s:"))
        if not line.endswith("unknown  # or instead:"):
            lines.append(line.replace("# ", "", 1) if inside else line)
    text = "\n".join(lines)
    text = text.replace("item: the id of a pain, gain or job above", "item: a")
    text = text.replace("id: a_short_name", "id: a", 1)
    with pytest.raises(InvalidClient, match="the id 'a_short_name' is already taken"):
        READER.from_document(parse_document(text, "template.yaml"))
    for name in "bcd":
        text = text.replace("id: a_short_name", f"id: {name}", 1)
    client = READER.from_document(parse_document(text, "template.yaml"))
    assert {kind: [item.id for item in items] for kind, items in client.segments[0].items.items()} == {
        "pain": ["a"], "gain": ["b"], "job": ["c"], "product": ["d"],
    }  # fmt: skip


def test_no_line_of_the_template_is_too_wide_to_read() -> None:
    assert max(map(len, TEMPLATE.splitlines())) <= 100
