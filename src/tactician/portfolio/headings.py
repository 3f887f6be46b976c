"""What the headings of sheets and columns stand for, in English, Danish, Norwegian and Dutch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import cast

from tactician.facts.document import parse_document
from tactician.facts.number_words import fold
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, LIST_OF, FactSpec, Vocabulary

LANGUAGES = ("en", "da", "nb", "nl")
KIND_OF_SHEET = {LIST_OF[kind]: kind for kind in ITEM_KINDS}
OWN_COLUMNS = {"id": "id", "text": "text"}
"""Columns of an item besides its attributes."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_UNIT = re.compile(
    r"(?: (?:i|in))? (?P<unit>kr|kroner|euro?|dkk|nok|sek|isk|gbp|usd|pct|percent|procent|prosent)$| (?:i|in)$"
)
_NUMBERED = re.compile(r"(?P<word>[^0-9]+?) ?(?P<number>[0-9]{1,3})(?: (?P<rest>.+))?")
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "é": "e", "è": "e", "ë": "e"}
)

Words = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Target:
    """What the cells of a column state: a fact or other field of a scope, of the item or link with a number."""

    scope: str
    """`client`, `business`, `offering`, `segment`, a kind of item, or `link`."""
    name: str
    spec: FactSpec | None = None
    item: int = 0
    link: int = 0
    unit: str = ""
    """What the heading says about the unit: a mark of money, or `%`."""


@cache
def headings_file() -> Mapping[str, Words]:
    """The table of translated headings by section: sheets, columns, items, facts."""
    return {section: _words(part) for section, part in _data("headings.yaml").items()}


@cache
def level_words() -> Words:
    """Translated words for levels, by level and language."""
    return _words(_data("level_words.yaml")["levels"])


def _data(name: str) -> Mapping[str, object]:
    text = (resources.files("tactician.portfolio") / name).read_text("utf-8")
    return cast(Mapping[str, object], parse_document(text, name).value)


def _words(part: object) -> Words:
    entries = cast(Mapping[str, Mapping[str, object]], part)
    return {
        name: {
            language: tuple(map(str, said)) if isinstance(said, list) else (str(said),)
            for language, said in languages.items()
        }
        for name, languages in entries.items()
    }


def plain(heading: str) -> str:
    """A heading as it is compared: in lower case, without accents, marks and remarks in brackets."""
    text = _BRACKETS.sub(" ", fold(heading)).translate(_LETTERS)
    return re.sub(r"[^0-9a-z]+", " ", text).strip()


def numbered_item(text: str) -> tuple[str, int] | None:
    """The kind and number of the item that a text such as `pain 2` or `smerte_2` refers to; None when to none."""
    found = _NUMBERED.fullmatch(plain(text))
    kind = _item_words().get(found["word"]) if found and not found["rest"] else None
    return (kind, int(found["number"])) if found and kind else None


@cache
def _item_words() -> Mapping[str, str]:
    return {
        plain(word): kind
        for kind, languages in headings_file()["items"].items()
        for word in _all_words(languages)
    }


def sheet_kind(name: str) -> str | None:
    """Which of the six sheets a name means (`clients`, `segments`, `pains` …); None when it means none."""
    return _sheet_names().get(plain(name).replace(" ", ""))


@cache
def _sheet_names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for kind, languages in headings_file()["sheets"].items():
        for word in _all_words(languages):
            found.setdefault(plain(word).replace(" ", ""), kind)
    return found


def _all_words(languages: Mapping[str, Iterable[str]]) -> Iterator[str]:
    return (word for words in languages.values() for word in words)


class Headings:
    """Finds the target of a heading, against one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.main = self._of_main()
        self.items = {kind: self._of_items(kind) for kind in ITEM_KINDS}
        self.links = self._attributes("link")
        self._address_words = {plain(word) for word in _all_words(headings_file()["columns"]["addresses"])}

    def find(self, heading: str, kind: str | None = None) -> Target | None:
        """What a heading means in a main sheet, or in the sheet of a kind of item; None when nothing."""
        text = plain(heading)
        known = self.items[kind] if kind else self.main
        unit = _unit_in(heading)
        found = known.get(text.replace(" ", ""))
        if found is None and (stated := _UNIT.search(text)):
            found = known.get(text[: stated.start()].replace(" ", ""))
            unit = unit or stated["unit"] or ""
        if found is None and kind is None:
            found = self._numbered(text)
        if found is None or not unit:
            return found
        return Target(found.scope, found.name, found.spec, found.item, found.link, unit)

    def near(self, heading: str, kind: str | None = None) -> str:
        """A question that names the known headings a mistyped one is like; empty when there is none."""
        text = plain(heading)
        known = self.items[kind] if kind else self.main
        close = get_close_matches(text.replace(" ", ""), known, n=1, cutoff=0.8)
        return f"Did you mean {known[close[0]].name}?" if close else ""

    def recognised(self, texts: Iterable[str]) -> int:
        """How many texts are headings of a main sheet or of some kind of item."""
        kinds = (None, *ITEM_KINDS)
        rows = [text for text in texts if text.strip()]
        return max(sum(self.find(text, kind) is not None for text in rows) for kind in kinds)

    def _of_main(self) -> dict[str, Target]:
        found: dict[str, Target] = {}
        for name in ("client", "currency", "running"):
            found |= _keys(_column(name), Target("client", name))
        found |= _keys(_column("segment"), Target("segment", "name"))
        found |= _keys(_column("share"), Target("segment", "share"))
        for key in KIND_OF_SHEET:
            found |= _keys(_all_words(headings_file()["sheets"][key]), Target("segment", key))
        for scope in FACT_SCOPES:
            found |= self._attributes(scope)
        return found

    def _of_items(self, kind: str) -> dict[str, Target]:
        found = _keys(_column("client"), Target("client", "client"))
        found |= _keys(_column("segment"), Target("segment", "name"))
        found |= self._attributes(kind)
        for name in OWN_COLUMNS:
            found |= _keys((*_column(name), f"{kind} {name}"), Target(kind, name))
        if kind == "product":
            found |= _keys(_column("addresses"), Target("link", "item"))
            found |= _keys(("addresses item", "item"), Target("link", "item"))
            found |= {f"addresses{key}": target for key, target in self._attributes("link").items()}
            # `proof` belongs to links alone; `relevance` alone is the product's.
            found = {**self._attributes("link"), **found}
        return found

    def _attributes(self, scope: str) -> dict[str, Target]:
        found: dict[str, Target] = {}
        translated = headings_file()["facts"]
        for spec in self.vocabulary.of_scope(scope):
            words = (spec.name, spec.id, f"{scope} {spec.name}", *_all_words(translated.get(spec.id, {})))
            found |= _keys(words, Target(scope, spec.name, spec))
        return found

    def _numbered(self, text: str) -> Target | None:
        """`pain 2 severity`, `product 1 addresses 3 proof`."""
        found = _NUMBERED.fullmatch(text)
        kind = _item_words().get(found["word"]) if found else None
        if found is None or kind is None:
            return None
        number, rest = int(found["number"]), found["rest"] or "text"
        link = _NUMBERED.fullmatch(rest) if kind == "product" else None
        if rest in self._address_words and kind == "product":
            return Target("link", "item", None, number, 1)
        if link and link["word"] in self._address_words:
            target = self.links.get((link["rest"] or "item").replace(" ", ""), Target("link", "item"))
            if link["rest"] in (None, "item") or target.name != "item":
                return Target("link", target.name, target.spec, number, int(link["number"]))
            return None
        own = self.items[kind].get(rest.replace(" ", ""))
        return Target(kind, own.name, own.spec, number) if own and own.scope == kind else None


def _column(name: str) -> tuple[str, ...]:
    return tuple(_all_words(headings_file()["columns"][name]))


def _keys(words: Iterable[str], target: Target) -> dict[str, Target]:
    return {plain(word).replace(" ", ""): target for word in words}


def _unit_in(heading: str) -> str:
    """A mark of money or percent sign among the remarks of a heading: `budget (DKK)`, `margin %`."""
    for remark in _BRACKETS.findall(heading):
        inner = fold(remark[1:-1]).rstrip(".")
        found = re.match(r"(kr|kroner|€|euro|[a-z]{3})\b|%", inner)
        if found:
            return "%" if found[0] == "%" else found[0]
    return "%" if heading.rstrip().endswith("%") else ""
