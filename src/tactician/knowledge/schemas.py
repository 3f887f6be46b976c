"""JSON Schemas of the files of a rulebase, for editors: draft 7, from the models that the loader uses.

Run as a module it writes them, and the schema of client files, into the package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from tactician.facts.schema import DRAFT, Schema, client_schema
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, FactSpec
from tactician.knowledge.files import (
    DerivedShape,
    FactShape,
    NeedsRule,
    ProcessRule,
    RecordRule,
    RecordShape,
    SourceShape,
)
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.material import DerivedFile, FactsFile, RulesFile, SourcesFile
from tactician.knowledge.parameter_shapes import ParametersShape
from tactician.knowledge.rules import TACTIC_FAMILIES, Rulebase

HOME = Path(__file__).parents[1] / "schemas"
"""Where the schemas lie in the package."""
KINDS: Mapping[str, tuple[type[BaseModel], str, type[BaseModel] | None, str]] = {
    "vocabulary": (FactsFile, "facts", FactShape, "What a client file may state"),
    "parameters": (
        ParametersShape,
        "",
        None,
        "Every number that weighs evidence or shapes a plan, with its reason",
    ),
    "sources": (SourcesFile, "sources", SourceShape, "The bibliography"),
    "derived": (DerivedFile, "derived", DerivedShape, "Facts concluded from facts"),
    "needs": (RulesFile, "rules", NeedsRule, "Rules that speak for a whole family of tactics"),
    "process": (RulesFile, "rules", ProcessRule, "Warnings, preparation and the process of validation"),
    "record": (RecordShape, "rules", RecordRule, "Everything known about a tactic, lever or improvement"),
}
"""By kind of file: its model, the list whose entries have a model of their own, that model, and a title."""
TEST = r"^\s*(known|(==|!=|>=|<=|>|<)\s*[^\s=].*|in\s*\[.*\]|between\s+\S+\s+and\s+\S+)\s*$"


def rule_schemas(rulebase: Rulebase) -> dict[str, Schema]:
    """By kind of rule file its schema; the facts of the rulebase are offered, and others are allowed."""
    return {kind: _file_schema(kind, rulebase) for kind in KINDS}


def package_schemas(rulebase: Rulebase) -> dict[str, str]:
    """The text of every schema file in the package, by its name."""
    tactics = [record.id for record in rulebase.records.values() if record.family in TACTIC_FAMILIES]
    schemas = {f"rules-{kind}.schema.json": schema for kind, schema in rule_schemas(rulebase).items()}
    schemas["client.schema.json"] = client_schema(rulebase.vocabulary, rulebase.parameters, tactics)
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


def write_schemas(folder: Path = HOME) -> None:
    """Writes the schemas of the shipped rulebase into a folder."""
    folder.mkdir(exist_ok=True)
    for name, text in package_schemas(load_rulebase()).items():
        (folder / name).write_text(text, encoding="utf-8")


def _file_schema(kind: str, rulebase: Rulebase) -> Schema:
    model, listed, entry, title = KINDS[kind]
    definitions: Schema = {}
    schema = _of_model(model, definitions)
    properties = schema["properties"]
    assert isinstance(properties, dict)
    if entry is not None:
        definitions[entry.__name__] = _of_model(entry, definitions)
        properties[listed] = {"type": "array", "items": {"$ref": f"#/definitions/{entry.__name__}"}}
    if kind == "process":
        schema |= {"additionalProperties": True, "required": []}
    if kind == "parameters":
        _allow_parts(schema, definitions)
    if kind in ("derived", "needs", "process", "record"):
        definitions |= _elements(rulebase.specs)
    return {"$schema": DRAFT, **schema, "title": title, "definitions": definitions}


def _of_model(model: type[BaseModel], definitions: Schema) -> Schema:
    """The schema of a model; those of the models inside it go into `definitions`."""
    schema = _plain(model.model_json_schema(by_alias=True, ref_template="#/definitions/{model}"))
    assert isinstance(schema, dict)
    definitions |= schema.pop("$defs", {})
    return schema


def _plain(value: object) -> object:
    """Without the titles that pydantic makes up from names; a reference stands alone, without text beside it."""
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return {"$ref": value["$ref"]}
    if "defined_as" in value:
        return {"$ref": f"#/definitions/{value['defined_as']}"}
    made_up = isinstance(value.get("title"), str)
    return {key: _plain(inner) for key, inner in value.items() if not (made_up and key == "title")}


def _allow_parts(schema: Schema, definitions: Schema) -> None:
    """A later folder may state any part of the parameters."""
    for section in (schema, *definitions.values()):
        assert isinstance(section, dict)
        if "why" not in section["properties"]:
            section.pop("required", None)


def _elements(specs: Mapping[str, FactSpec]) -> Schema:
    element: Schema = {"$ref": "#/definitions/element"}
    several: Schema = {"type": "array", "items": element, "minItems": 1}
    test: Schema = {"$ref": "#/definitions/test"}
    facts = {name: _test_of(spec) for name, spec in specs.items() if spec.scope in FACT_SCOPES}
    return {
        "when": {"description": "Condition elements; all of them must hold.", "anyOf": [several, element]},
        "element": {
            "type": "object",
            "minProperties": 1,
            "properties": {
                "all": {"description": "All of these hold."} | several,
                "any": {"description": "At least one of these holds."} | several,
                "not": element,
                "some": {
                    "description": "One item of this kind passes every test of where.",
                    "enum": [*ITEM_KINDS],
                },
                "no": {"description": "The list is given and no item passes.", "enum": [*ITEM_KINDS]},
                "where": {"type": "object", "minProperties": 1, "additionalProperties": test},
                **facts,
            },
            "patternProperties": {rf"^({'|'.join(FACT_SCOPES)})\.[a-z][a-z0-9_]*$": test},
            "additionalProperties": False,
        },
        "test": {"type": "string", "pattern": TEST},
    }


def _test_of(spec: FactSpec) -> Schema:
    """What an editor shows for a fact: its question or meaning, and tests to choose from."""
    lines = [spec.question, *(f"- {level}: {meaning}" for level, meaning in spec.meanings.items())]
    op = ">=" if spec.type in ("ordinal", "number") else "=="
    tests = [f"{op} {str(value).lower() if isinstance(value, bool) else value}" for value in spec.choices]
    schema: Schema = {"type": "string", "examples": [test.removesuffix(".0") for test in tests]}
    return {"description": "\n".join(filter(None, lines))} | schema


if __name__ == "__main__":
    write_schemas()
