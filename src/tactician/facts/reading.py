"""Reads a client file into a Client, or says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import cast

from tactician.errors import InvalidClient, Problem
from tactician.facts.building import MOST_PROBLEMS
from tactician.facts.client import Client, Item, Link, Segment
from tactician.facts.consistency import Consistency, currency_of, list_in, mapping_in
from tactician.facts.document import Document, document_of, read_document
from tactician.facts.doubtful import doubtful_numbers
from tactician.facts.money import decimal_of, to_euros
from tactician.facts.parameters import Parameters
from tactician.facts.sentences import shape_problems
from tactician.facts.shape import UNKNOWN, Shape
from tactician.facts.shares import parts_per_million
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF, FactSpec, Value, Vocabulary

CLIENT_BYTES = 1024 * 1024


class ClientReader:
    """Reads any number of clients against one vocabulary; with `known_tactics`, `running` is checked too."""

    def __init__(
        self, vocabulary: Vocabulary, parameters: Parameters, known_tactics: Collection[str] | None = None
    ) -> None:
        self.vocabulary = vocabulary
        self.parameters = parameters
        self.known_tactics = known_tactics
        self._shape = Shape(vocabulary, parameters.limits)

    def read(self, path: str | Path) -> Client:
        """The client in a file, or on stdin for `-`; raises UnreadableInput or InvalidClient."""
        return self.from_document(read_document(path, limit=CLIENT_BYTES))

    def from_mapping(self, mapping: Mapping[str, object], file: str = "client") -> Client:
        """The client that a mapping in memory states; raises UnreadableInput or InvalidClient."""
        return self.from_document(document_of(mapping, file))

    def from_document(self, document: Document) -> Client:
        """The client that a document states; raises InvalidClient."""
        doubtful = doubtful_numbers(document, self.vocabulary)
        errors = (error for error in self._shape.errors(document.value) if error["loc"] not in doubtful)
        shape = shape_problems(errors, document, self.vocabulary)
        consistency = Consistency(document, self.vocabulary, self.parameters, self.known_tactics).problems()
        problems = list(islice(chain(shape, doubtful.values(), consistency), MOST_PROBLEMS))
        if len(problems) == MOST_PROBLEMS:
            last = max(problem.place for problem in problems)
            problems.append(
                Problem(last, "", f"only {MOST_PROBLEMS} problems are shown", "Repair these first.")
            )
        if problems:
            raise InvalidClient(problems)
        return _Sound(document, self.vocabulary, self.parameters).client()


class _Sound:
    """Builds the client of a document in which nothing is wrong."""

    def __init__(self, document: Document, vocabulary: Vocabulary, parameters: Parameters) -> None:
        self.file = document.file
        self.stated = cast(dict[str, object], document.value)
        self.specs = {
            scope: vocabulary.of_scope(scope) for scope in {spec.scope for spec in vocabulary.facts.values()}
        }
        self.currency = str(currency_of(self.stated))
        self.rate = parameters.rates[self.currency]
        self.amounts: dict[str, Decimal] = {}

    def client(self) -> Client:
        facts = {
            fact: value
            for scope in ("business", "offering")
            for fact, value in self.facts(mapping_in(self.stated, scope), scope).items()
        }
        segments = [cast(dict[str, object], segment) for segment in list_in(self.stated, "segments")]
        ppm = parts_per_million([_share(segment.get("share")) for segment in segments])
        return Client(
            id=str(self.stated["client"]),
            currency=self.currency,
            rate=self.rate,
            running=tuple(str(tactic) for tactic in list_in(self.stated, "running")),
            facts=facts,
            segments=tuple(self.segment(segment, part) for segment, part in zip(segments, ppm, strict=True)),
            file=self.file,
            amounts=self.amounts,
        )

    def segment(self, stated: dict[str, object], ppm: int) -> Segment:
        name = str(stated["name"])
        items = {
            kind: tuple(
                self.item(kind, cast(dict[str, object], item)) for item in list_in(stated, LIST_OF[kind])
            )
            for kind in ITEM_KINDS
            if isinstance(stated.get(LIST_OF[kind]), list)
        }
        return Segment(name, ppm, self.facts(stated, "segment", f"segment[{name}]"), items)

    def item(self, kind: str, stated: dict[str, object]) -> Item:
        links = (cast(dict[str, object], link) for link in list_in(stated, "addresses"))
        text = stated.get("text")
        return Item(
            kind=kind,
            id=str(stated["id"]),
            text=str(stated["id"] if text in (None, UNKNOWN) else text),
            attributes=self.attributes(stated, kind),
            addresses=tuple(Link(str(link["item"]), **self.attributes(link, "link")) for link in links),
        )

    def attributes(self, stated: dict[str, object], scope: str) -> dict[str, str]:
        return {
            spec.name: str(value)
            for spec in self.specs.get(scope, ())
            if (value := _known(stated, spec)) is not None
        }

    def facts(self, stated: dict[str, object], scope: str, holder: str = "") -> dict[str, Value]:
        facts: dict[str, Value] = {}
        for spec in self.specs.get(scope, ()):
            value = _known(stated, spec)
            if spec.is_money and value is not None:
                amount = decimal_of(cast(float, value))
                self.amounts[f"{holder or scope}.{spec.name}"] = amount
                value = float(to_euros(amount, self.rate))
            if value is not None:
                facts[spec.id] = float(value) + 0.0 if spec.is_number else value
        return facts


def _known(stated: dict[str, object], spec: FactSpec) -> Value | None:
    value = stated.get(spec.name)
    return None if value == UNKNOWN else cast(Value | None, value)


def _share(stated: object) -> Decimal | None:
    return None if stated in (None, UNKNOWN) else decimal_of(cast(float, stated))
