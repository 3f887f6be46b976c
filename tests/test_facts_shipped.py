"""The shipped vocabulary and example clients, through the reader, the schema and the template."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from tactician.errors import TacticianError
from tactician.facts import repository
from tactician.facts.client import MILLION
from tactician.facts.document import parse_document, read_document
from tactician.facts.measures import READS, measure
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
