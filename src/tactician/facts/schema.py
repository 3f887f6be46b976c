"""The JSON Schema of a client file, for editors: draft 7, every fact with its question and what its levels mean."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tactician.facts.parameters import Parameters
from tactician.facts.shape import LONGEST_NAME, LONGEST_SEGMENT_NAME, NAME_PATTERN, UNKNOWN
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF, FactSpec, Vocabulary

Schema = dict[str, object]
DRAFT = "http://json-schema.org/draft-07/schema#"
NOT_KNOWN: Schema = {"enum": [UNKNOWN, None]}
NAME: Schema = {"type": "string", "pattern": NAME_PATTERN, "maxLength": LONGEST_NAME}
ITEMS = {
    "pain": "What troubles these customers. [] says nothing does; leave it out when nobody knows.",
    "gain": "What these customers hope for. [] says nothing; leave it out when nobody knows.",
    "job": "What these customers want done. [] says nothing; leave it out when nobody knows.",
    "product": "What you offer them, and which pains, gains and jobs each thing answers.",
}


def client_schema(
    vocabulary: Vocabulary, parameters: Parameters, known_tactics: Collection[str] | None = None
) -> Schema:
    """The schema as a plain mapping; with `known_tactics`, `running` offers them."""
    tactic: Schema = NAME if known_tactics is None else {"enum": sorted(known_tactics)}
    limits = parameters.limits
    segments = _list("Groups of customers.", "segment", limits.segments) | {"minItems": 1}
    properties: Schema = {
        "client": NAME | {"description": "The name of the business."},
        "currency": {
            "description": "The currency of every amount in this file; EUR where absent.",
            "enum": [*sorted(parameters.rates), None],
        },
        "running": _or_unknown(
            {"type": "array", "items": tactic, "uniqueItems": True, "maxItems": limits.items},
            "Ids of the tactics that the business already uses.",
        ),
        "business": _mapping_or_nothing("The business as a whole.", _facts(vocabulary, "business")),
        "offering": _mapping_or_nothing("The main thing it sells.", _facts(vocabulary, "offering")),
        "segments": segments,
    }
    return {
        "$schema": DRAFT,
        "title": "Client file",
        "description": "One business as Tactician knows it. A fact that is absent, or unknown, is unknown.",
        **_object(properties, ("client", "segments")),
        "definitions": _definitions(vocabulary, limits.items),
    }


def _definitions(vocabulary: Vocabulary, most: int) -> Schema:
    share: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": 1}
    segment: Schema = {
        "name": NAME
        | {"maxLength": LONGEST_SEGMENT_NAME, "description": "What you call this group of customers."},
        "share": _or_unknown(share, "Its part of revenue, as a part of 1. All absent means equal parts."),
        **_facts(vocabulary, "segment"),
        **{LIST_OF[kind]: _or_unknown(_list("", kind, most), ITEMS[kind]) for kind in ITEM_KINDS},
    }
    link: Schema = {"item": NAME | {"description": "The id of a pain, gain or job of this segment."}}
    definitions: Schema = {
        "segment": _object(segment, ("name",)),
        "link": _object(link | _facts(vocabulary, "link"), ("item",)),
    }
    for kind in ITEM_KINDS:
        fields: Schema = {
            "id": NAME | {"description": "A short name, used once in the segment."},
            "text": _or_unknown({"type": "string"}, "In your own words."),
        }
        if kind == "product":
            links = _list("", "link", len(ITEM_KINDS) * most)
            fields["addresses"] = _or_unknown(
                links, "The pains it eases, the gains it creates, the jobs it helps with."
            )
        definitions[kind] = _object(fields | _facts(vocabulary, kind), ("id",))
    return definitions


def _facts(vocabulary: Vocabulary, scope: str) -> Schema:
    return {spec.name: _fact(spec) for spec in vocabulary.of_scope(scope)}


def _fact(spec: FactSpec) -> Schema:
    about: Schema = {"title": spec.name.replace("_", " ").capitalize(), "description": _description(spec)}
    if spec.is_number:
        return about | {"anyOf": [_number(spec), NOT_KNOWN]}
    values: list[object] = [*spec.values, UNKNOWN, None]
    meanings = [spec.meanings.get(str(value), "") for value in spec.values]
    return about | {"enum": values, "enumDescriptions": [*meanings, "nobody knows", "nobody knows"]}


def _number(spec: FactSpec) -> Schema:
    """An amount of money has its range in euros, so that here only its sign is known."""
    schema: Schema = {"type": "number", "examples": [band.value for band in spec.bands]}
    if spec.whole:
        schema["multipleOf"] = 1
    if spec.minimum is not None and (spec.minimum == 0 or not spec.is_money):
        schema["minimum"] = spec.minimum
    if spec.maximum is not None and not spec.is_money:
        schema["maximum"] = spec.maximum
    return schema


def _description(spec: FactSpec) -> str:
    lines = [spec.question, spec.help]
    lines += [f"- {level}: {meaning}" for level, meaning in spec.meanings.items()]
    if spec.is_money:
        lines.append(f"Unit: {spec.unit}, in the currency of this file.")
    elif spec.unit:
        lines.append(f"Unit: {spec.unit}.")
    lines += [f"- {band.value:.15g}: {band.meaning}" for band in spec.bands]
    return "\n".join(filter(None, lines))


def _object(properties: Schema, required: Sequence[str] = ()) -> Schema:
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return schema | {"required": list(required)} if required else schema


def _mapping_or_nothing(description: str, properties: Schema) -> Schema:
    return {"description": description} | _object(properties) | {"type": ["object", "null"]}


def _list(description: str, definition: str, most: int) -> Schema:
    schema: Schema = {"type": "array", "items": {"$ref": f"#/definitions/{definition}"}, "maxItems": most}
    return {"description": description} | schema if description else schema


def _or_unknown(schema: Mapping[str, object], description: str) -> Schema:
    return {"description": description, "anyOf": [dict(schema), NOT_KNOWN]}
