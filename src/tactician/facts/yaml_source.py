"""YAML as a source of events for the builder: PyYAML's parser, never its composer; refuses what may hide data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from tactician.facts.building import Builder, Spot
from tactician.facts.scalars import TooManyDigits, may_be_grouped, resolve
from tactician.facts.yaml_errors import explain

LOADER: type = getattr(yaml, "CLoader", yaml.Loader)


def feed_yaml(text: str, builder: Builder, loader: type = LOADER) -> None:
    """Feeds the one document of a YAML text to the builder; raises UnreadableInput."""
    documents = 0
    for event in _events(text, builder, loader):
        if isinstance(event, ScalarEvent):
            _scalar(event, builder)
        elif isinstance(event, MappingStartEvent):
            _refuse_hidden(event, builder)
            builder.opens({}, _spot(event))
        elif isinstance(event, SequenceStartEvent):
            _refuse_hidden(event, builder)
            builder.opens([], _spot(event))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            builder.closes()
        elif isinstance(event, AliasEvent):
            _refuse_alias(event, builder)
        elif isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                builder.stop(
                    _spot(event),
                    "a second document starts here, and a file holds one",
                    "Write each in a file of its own.",
                )
    if not documents:
        builder.stop(None, "the file is empty")


def _events(text: str, builder: Builder, loader: type) -> Iterator[Event]:
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.YAMLError as error:
        builder.stop(*explain(error, text))


def _spot(event: Event) -> Spot:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else None


def _scalar(event: ScalarEvent, builder: Builder) -> None:
    if event.anchor is not None or event.tag is not None:
        _refuse_hidden(event, builder)
    spot = _spot(event)
    if builder.wants_key:
        if event.value == "<<" and not event.style:
            builder.fail(spot, "<< is a merge key, and merge keys are not allowed", "Write the values out.")
        builder.key(event.value, spot)
        return
    try:
        value = event.value if event.style else resolve(event.value)
        builder.scalar(value, spot)
        if type(value) is float and may_be_grouped(event.value):
            builder.doubt(event.value)
    except TooManyDigits as error:
        builder.report(spot, str(error), "Check the digits, or put it in quotes if it is a text.")
        builder.scalar(None, spot)


def _refuse_alias(event: AliasEvent, builder: Builder) -> NoReturn:
    builder.fail(
        _spot(event),
        f"*{event.anchor} is an alias, and aliases are not allowed",
        "Write the value out; a text that starts with * needs quotes.",
    )


def _refuse_hidden(event: ScalarEvent | CollectionStartEvent, builder: Builder) -> None:
    if event.anchor is not None:
        builder.fail(
            _spot(event),
            f"&{event.anchor} is an anchor, and anchors are not allowed",
            "Leave it out; a text that starts with & needs quotes.",
        )
    if event.tag is not None:
        shown = event.tag.replace("tag:yaml.org,2002:", "!!")
        builder.fail(
            _spot(event),
            f"{shown} is a tag, and tags are not allowed",
            'Leave it out; a text that starts with ! needs quotes: "!= none".',
        )
