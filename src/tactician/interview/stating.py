"""Between what an owner said and a client file: the mapping that such a file holds, in both directions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, LIST_OF, Vocabulary
from tactician.interview.answers import Answers, ItemSaid, LinkSaid, SegmentSaid
from tactician.interview.events import Stated
from tactician.interview.slots import LINK

NO_NAME = "My business"
EVERYONE = "all customers"
UNKNOWN = "unknown"
Stating = dict[str, Any]


def state(answers: Answers) -> Stating:
    """The client file that the answers give; where no name or group was given, a plain one stands in."""
    mapping: Stating = {"client": answers.client or NO_NAME, "currency": answers.currency or "EUR"}
    if answers.running:
        mapping["running"] = list(answers.running)
    for scope in FACT_SCOPES[:2]:
        facts = _by_name(answers.facts, scope)
        if facts:
            mapping[scope] = facts
    segments = answers.segments or (SegmentSaid(EVERYONE),)
    mapping["segments"] = [_segment(segment) for segment in segments]
    return mapping


def _by_name(facts: Mapping[str, Stated], scope: str) -> Stating:
    return {fact.partition(".")[2]: value for fact, value in facts.items() if fact.startswith(f"{scope}.")}


def _segment(segment: SegmentSaid) -> Stating:
    share = {} if segment.share is None else {"share": segment.share}
    kinds = [kind for kind in ITEM_KINDS if kind in segment.items]
    lists = {LIST_OF[kind]: [_item(item) for item in segment.items[kind]] for kind in kinds}
    return {"name": segment.name, **share, **_by_name(segment.facts, "segment"), **lists}


def _item(item: ItemSaid) -> Stating:
    stated: Stating = {"id": item.id, "text": item.text, **item.attributes}
    if item.addresses:
        stated["addresses"] = [{"item": link.item, **link.attributes} for link in item.addresses]
    return stated


def said(mapping: Mapping[str, Any], vocabulary: Vocabulary) -> Answers:
    """What a client file says, as answers. It must be valid but for a name and groups, which may be missing."""
    segments = mapping.get("segments") or []
    facts = {
        fact: value
        for scope in FACT_SCOPES[:2]
        for fact, value in _facts(mapping.get(scope) or {}, scope, vocabulary).items()
    }
    running = mapping.get("running")
    return Answers(
        client=mapping.get("client") or "",
        currency=_known(mapping.get("currency")) or ("EUR" if segments else ""),
        running=tuple(running) if isinstance(running, list) else None,
        facts=facts,
        segments=tuple(_segment_said(each, vocabulary) for each in segments),
        done=frozenset({"segments", "shares"} if segments else ()),
    )


def _known(value: Any) -> Any:
    return None if value == UNKNOWN else value


def _facts(mapping: Mapping[str, Any], scope: str, vocabulary: Vocabulary) -> dict[str, Stated]:
    specs = vocabulary.of_scope(scope)
    return {spec.id: mapping[spec.name] for spec in specs if _known(mapping.get(spec.name)) is not None}


def _segment_said(mapping: Mapping[str, Any], vocabulary: Vocabulary) -> SegmentSaid:
    lists = {kind: mapping.get(LIST_OF[kind]) for kind in ITEM_KINDS}
    return SegmentSaid(
        mapping["name"],
        _known(mapping.get("share")),
        _facts(mapping, "segment", vocabulary),
        {
            kind: tuple(_item_said(kind, item, vocabulary) for item in items)
            for kind, items in lists.items()
            if isinstance(items, list)
        },
    )


def _item_said(kind: str, mapping: Mapping[str, Any], vocabulary: Vocabulary) -> ItemSaid:
    text = _known(mapping.get("text")) or mapping["id"]
    links = _known(mapping.get("addresses")) or []
    addresses = tuple(LinkSaid(link["item"], _some(link, LINK)) for link in links)
    names = [spec.name for spec in vocabulary.of_scope(kind)]
    return ItemSaid(kind, mapping["id"], text, _some(mapping, names), addresses)


def _some(mapping: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: mapping[name] for name in names if _known(mapping.get(name)) is not None}
