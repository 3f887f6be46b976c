"""The shipped vocabulary and example clients, through the reader, the schema and the template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from completions import with_items
from generated_clients import drawn_client
from tactician.errors import TacticianError
from tactician.facts import repository
from tactician.facts.client import MILLION, Item
from tactician.facts.document import parse_document, read_document
from tactician.facts.measures import READS, attributes_read, measure
from tactician.facts.reading import ClientReader
from tactician.facts.repository import facts_folder, rules_folder
from tactician.facts.schema import client_schema
from tactician.facts.template import client_template
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase

CLIENTS = sorted(facts_folder().glob("*.yaml"))


@pytest.fixture(scope="module")
def rulebase() -> Rulebase:
    return load_rulebase()


@pytest.fixture(scope="module")
def reader(rulebase: Rulebase) -> ClientReader:
    return ClientReader(rulebase.vocabulary, rulebase.parameters, rulebase.records)


@pytest.fixture(scope="module")
def schema(rulebase: Rulebase) -> jsonschema.Draft7Validator:
    schema = client_schema(rulebase.vocabulary, rulebase.parameters, rulebase.records)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def test_there_are_clients() -> None:
    assert len(CLIENTS) >= 20


@pytest.mark.parametrize("path", CLIENTS, ids=lambda path: path.stem)
def test_a_shipped_client_is_read_and_passes_the_schema(
    path: Path, rulebase: Rulebase, reader: ClientReader, schema: jsonschema.Draft7Validator
) -> None:
    client = reader.read(path)
    assert sum(segment.ppm for segment in client.segments) == MILLION
    schema.validate(read_document(path, limit=1 << 20).value)
    for segment in client.segments:
        values = {**client.facts, **segment.facts}
        for name in READS:
            found = measure(name, values, segment, rulebase.vocabulary, rulebase.parameters)
            assert found is None or -1 <= found.value <= 1


def test_the_template_of_the_shipped_vocabulary_says_nothing(
    rulebase: Rulebase, reader: ClientReader, schema: jsonschema.Draft7Validator
) -> None:
    document = parse_document(
        client_template(rulebase.vocabulary, rulebase.parameters, rulebase.records), "t.yaml"
    )
    client = reader.from_document(document)
    assert (client.facts, client.segments[0].facts, client.segments[0].items) == ({}, {}, {})
    schema.validate(document.value)


def test_every_fact_that_a_measure_reads_is_in_the_vocabulary(rulebase: Rulebase) -> None:
    for name, facts in READS.items():
        assert all(fact in rulebase.vocabulary for fact in facts if "." in fact), name
    for fact in ("price_sensitivity", "time_pressure", "perceived_purchase_risk"):
        assert set(rulebase.vocabulary[f"segment.{fact}"].levels) <= set(
            rulebase.parameters.value_balance.cost_weights
        )


def restated(item: Item, rulebase: Rulebase) -> Iterator[tuple[str, Item]]:
    """The item with another level of one attribute of it, or of one of its links; and the attribute."""
    for spec in rulebase.vocabulary.of_scope(item.kind):
        for level in spec.levels:
            yield spec.id, item.with_attribute(spec.name, level)
    for place, link in enumerate(item.addresses):
        for spec in rulebase.vocabulary.of_scope("link"):
            for level in spec.levels:
                links = list(item.addresses)
                links[place] = replace(link, **{spec.name: level})
                yield spec.id, replace(item, addresses=tuple(links))


def attributes_that_move(name: str, rulebase: Rulebase) -> set[str]:
    """The attributes of which another level gives some client another value of a measure."""
    moving = set()
    reader = ClientReader(rulebase.vocabulary, rulebase.parameters, rulebase.records)
    drawn = [drawn_client(rulebase, number, unknown=0) for number in range(4)]
    for client in (*drawn, *map(reader.read, CLIENTS)):
        for segment in client.segments:
            values = {**client.facts, **segment.facts}
            known = rulebase.vocabulary, rulebase.parameters
            before = measure(name, values, segment, *known)
            for kind, items in segment.items.items():
                for place, item in enumerate(items):
                    for attribute, other in restated(item, rulebase):
                        changed = (*items[:place], other, *items[place + 1 :])
                        portrait = with_items(segment, kind, changed)
                        after = measure(name, values, portrait, *known)
                        if before and after and before.value != after.value:
                            moving.add(attribute)
    return moving


@pytest.mark.parametrize("name", READS)
def test_the_attributes_that_a_measure_reads_are_those_that_move_it(
    name: str, rulebase: Rulebase, phase_weighs: Path
) -> None:
    for base in (rulebase, load_rulebase(rules_folder(), phase_weighs)):
        assert attributes_read(name, base.parameters) == attributes_that_move(name, base)


def test_the_folders_are_found_in_a_checkout() -> None:
    assert (rules_folder() / "vocabulary.yaml").is_file()
    assert (facts_folder() / "cafe.yaml").is_file()


def test_the_folders_are_found_in_an_installed_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "site-packages" / "tactician"
    monkeypatch.setattr(repository, "PACKAGE", package)
    with pytest.raises(TacticianError, match="The rules that ship with tactician are missing"):
        rules_folder()
    (package / "_data" / "rules").mkdir(parents=True)
    assert rules_folder() == package / "_data" / "rules"
