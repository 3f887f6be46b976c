"""Spells the facts of a case out as a client file: short forms in, and each part remembers where it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tactician.errors import Place
from tactician.facts.document import Document
from tactician.facts.vocabulary import FACT_SCOPES, LIST_OF
from tactician.knowledge.passages import Passage, Path

NAMELESS = "the case"
EVERYONE = "everyone"
"""The one segment of a case that does not list segments."""
KIND_OF = {LIST_OF[kind]: kind for kind in LIST_OF}


@dataclass(frozen=True, slots=True)
class SpelledOut(Document):
    """A client file whose parts stand somewhere in a case file."""

    case_file: Document = field(default_factory=lambda: Document("", None))
    origins: Mapping[Path, Path] = field(default_factory=dict)

    def place(self, path: Sequence[str | int], key: bool = False) -> Place:
        """The position in the case file of what a path of the client says."""
        origin, exact = self._origin(tuple(path))
        return self.case_file.place(origin, key and exact)

    def where(self, path: Sequence[str | int]) -> str:
        """The path in the words of the case file."""
        return self.case_file.where(self._origin(tuple(path))[0])

    def _origin(self, path: Path) -> tuple[Path, bool]:
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                return (*self.origins[path[:length]], *path[length:]), True
        return (), False


def spell_out(facts: Passage) -> Document:
    """The client file that the facts of a case mean; notes what is said twice.

    Short forms: `scope.fact` at the top; `segment:` or the lists of items at the top for the only segment; items
    without an id are called `pain_1` and so on; an entry of `addresses` may be the id alone.
    """
    return _Spelling(facts).document()


class _Spelling:
    def __init__(self, facts: Passage) -> None:
        self.facts = facts
        self.origins: dict[Path, Path] = {(): facts.path}
        self.client: dict[str, object] = {}

    def document(self) -> Document:
        value = self.facts.value
        if isinstance(value, dict):
            self.client = {"client": NAMELESS, **{scope: {} for scope in FACT_SCOPES}}
            for key in value:
                self._take(self.facts.at(key), key)
            self._segments()
        document = self.facts.file.document
        spelled = self.client if isinstance(value, dict) else value
        return SpelledOut(document.file, spelled, case_file=document, origins=self.origins)

    def _take(self, passage: Passage, key: str) -> None:
        scope, _, name = key.partition(".")
        if name and scope in FACT_SCOPES:
            self._put((scope, name), passage)
        elif key in KIND_OF:
            self._put(("segment", key), passage)
        elif key in FACT_SCOPES and isinstance(passage.value, dict):
            for fact in passage.value:
                self._put((key, fact), passage.at(fact))
        else:
            self._put((key,), passage)

    def _put(self, path: Path, passage: Passage) -> None:
        holder = self.client
        for part in path[:-1]:
            inner = holder[str(part)]
            assert isinstance(inner, dict)
            holder = inner
        if path in self.origins:
            passage.refuse(f"{path[-1]} is given twice in this case", "Keep one of them.", key=True)
        self.origins[path] = passage.path
        holder[str(path[-1])] = passage.value

    def _segments(self) -> None:
        only = self.client.pop("segment")
        assert isinstance(only, dict)
        if "segments" not in self.client:
            self.client["segments"] = [{"name": EVERYONE, **only}]
            moved = {path: origin for path, origin in self.origins.items() if path[:1] == ("segment",)}
            self.origins.update({("segments", 0, *path[1:]): origin for path, origin in moved.items()})
        elif only:
            what = "a case lists segments, or describes its only one, but not both"
            self.facts.at("segments").refuse(what, "Move these facts into an entry of segments.", key=True)
        segments = self.client["segments"]
        if isinstance(segments, list):
            self.client["segments"] = [_segment(segment) for segment in segments]


def _segment(segment: object) -> object:
    if not isinstance(segment, dict):
        return segment
    return {key: _items(value, KIND_OF[key]) if key in KIND_OF else value for key, value in segment.items()}


def _items(items: object, kind: str) -> object:
    if not isinstance(items, list):
        return items
    return [_item(item, f"{kind}_{number}") for number, item in enumerate(items, start=1)]


def _item(item: object, name: str) -> object:
    if not isinstance(item, dict):
        return item
    named = {"id": name, **item}
    links = named.get("addresses")
    if isinstance(links, list):
        named["addresses"] = [{"item": link} if isinstance(link, str) else link for link in links]
    return named
