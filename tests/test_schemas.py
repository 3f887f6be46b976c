"""The schemas in the package: what the loader takes they take, what they catch it refuses, and none is stale."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from tactician import load_rulebase
from tactician.facts.document import parse_document
from tactician.knowledge.packs import FAMILY_OF
from tactician.knowledge.schemas import HOME, KINDS, package_schemas

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "rules").rglob("*.yaml"))
TINY = sorted((ROOT / "tests" / "packs" / "tiny").rglob("*.yaml"))
CAUGHT = ("cf_too_high", "element_text", "fact_type", "missing_because", "unquoted_number")


def kind_of(file: Path) -> str:
    """The kind of rule file that a path inside a rulebase is."""
    if file.parent.name in FAMILY_OF:
        return "record"
    return file.parent.name if file.parent.name in KINDS else file.stem


def called(file: Path) -> str:
    """A file's name in a test id."""
    return "/".join(file.parts[-2:])


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    """What the schema files should say."""
    return package_schemas(load_rulebase())


@cache
def validator(kind: str) -> Draft7Validator:
    """The validator of the schema in the package."""
    schema = json.loads((HOME / f"rules-{kind}.schema.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


@pytest.mark.parametrize("file", [*SHIPPED, *TINY], ids=called)
def test_the_files_of_a_rulebase_fit_their_schema(file: Path):
    stated = parse_document(file.read_bytes(), format="yaml").value
    assert [error.message for error in validator(kind_of(file)).iter_errors(stated)] == []


@pytest.mark.parametrize("mistake", CAUGHT)
def test_an_editor_is_told_of_mistakes_in_shape(mistake: str):
    text = (ROOT / "tests" / "bad_rules" / f"{mistake}.yaml").read_text(encoding="utf-8")
    kind = kind_of(Path(text.split("# lies in: ")[1].splitlines()[0]))
    assert not validator(kind).is_valid(parse_document(text, format="yaml").value)


@pytest.mark.parametrize("name", [*(f"rules-{kind}.schema.json" for kind in KINDS), "client.schema.json"])
def test_no_schema_is_stale(name: str, generated: dict[str, str]):
    told = f"{name} is stale: run python -m tactician.knowledge.schemas"
    assert (HOME / name).read_text(encoding="utf-8") == generated[name], told


@pytest.mark.parametrize("file", SHIPPED, ids=called)
def test_a_shipped_file_names_its_schema(file: Path):
    line = file.read_text(encoding="utf-8").splitlines()[0]
    assert line.startswith("# yaml-language-server: $schema=")
    assert (file.parent / line.partition("=")[2]).resolve() == HOME / f"rules-{kind_of(file)}.schema.json"
