"""Reads `when`: from YAML values to condition elements with `not` pushed to the leaves."""

from __future__ import annotations

from tactician.errors import did_you_mean
from tactician.facts.vocabulary import ITEM_KINDS
from tactician.knowledge.comparisons import read_test
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test, conjoin, negate
from tactician.knowledge.passages import Passage
from tactician.knowledge.terms import Terms

WORDS = ("some", "no", "all", "any", "not")
EXAMPLE = 'An element is a mapping with one test: segment.price_sensitivity: ">= high".'


class Reader:
    """Reads the condition elements of one rulebase; with `known`, tests for being known are allowed."""

    def __init__(self, terms: Terms, *, known: bool = False) -> None:
        self.terms = terms
        self.known = known

    def when(self, passage: Passage) -> Element | None:
        """All elements of a list (or the one that is no list) together; None after noting what is wrong."""
        parts = list(passage.entries()) if isinstance(passage.value, list) else [passage]
        if not parts:
            passage.refuse("there is no condition here", "Name at least one, or the rule would always hold.")
            return None
        return _conjunction([self._element(part) for part in parts])

    def _element(self, passage: Passage, negated: bool = False) -> Element | None:
        value = passage.value
        if not isinstance(value, dict) or not value:
            passage.refuse("this is not a condition element", EXAMPLE)
            return None
        word = next((word for word in WORDS if word in value), None)
        if word in ("some", "no"):
            return self._items(passage, word)
        if len(value) > 1:
            passage.refuse(f"one element holds {len(value)} tests", "Write each test as an entry of its own.")
            return None
        match word:
            case "all" | "any":
                return self._group(passage.at(word), word, negated)
            case "not":
                element = self._element(passage.at("not"), negated=True)
                return None if element is None else negate(element, self.terms.values_of)
        return self._test(passage.at(*value), negated)

    def _group(self, passage: Passage, word: str, negated: bool) -> Element | None:
        if not isinstance(passage.value, list) or not passage.value:
            passage.refuse(f"{word} needs a list of elements", f"Write {word}: [{{…}}, {{…}}].")
            return None
        parts = [self._element(part, negated) for part in passage.entries()]
        if word == "all":
            return _conjunction(parts)
        found = [part for part in parts if part is not None]
        return Any(tuple(dict.fromkeys(found))) if len(found) == len(parts) else None

    def _test(self, passage: Passage, negated: bool) -> Element | None:
        name = str(passage.path[-1])
        if "." not in name and (hint := did_you_mean(name, WORDS)):
            passage.refuse(f"there is no element {name}", hint, key=True)
            return None
        spec = self.terms.fact(name, passage, key=True)
        test = None if spec is None else read_test(passage, spec)
        if isinstance(test, Known) and not (self.known and not negated):
            passage.refuse(
                "known cannot stand under not"
                if self.known
                else "known stands only in rules that warn or prepare",
                "A test of an unknown fact is unknown, which is not false.",
            )
            return None
        return test

    def _items(self, passage: Passage, word: str) -> Element | None:
        kind = passage.at(word).value
        if not isinstance(kind, str) or kind not in ITEM_KINDS:
            hint = did_you_mean(kind, ITEM_KINDS) or f"Items are {', '.join(ITEM_KINDS)}."
            passage.at(word).refuse(f"{kind!r} is no kind of item", hint)
            return None
        assert isinstance(passage.value, dict)
        for key in passage.value.keys() - {word, "where"}:
            passage.at(key).refuse(
                f"{word} takes where, and nothing else", did_you_mean(key, ["where"]), key=True
            )
        where = passage.at("where")
        if not isinstance(where.value, dict) or not where.value:
            passage.refuse(f"{word}: {kind} needs where", 'Write where: {attribute: "== level"}.')
            return None
        tests = [self._attribute(where.at(name), kind, name) for name in where.value]
        found = tuple(test for test in tests if test is not None)
        if len(found) < len(tests):
            return None
        return Some(kind, found) if word == "some" else No(kind, found)

    def _attribute(self, passage: Passage, kind: str, name: str) -> Test | None:
        spec = self.terms.attribute(kind, name, passage)
        test = None if spec is None else read_test(passage, spec)
        if isinstance(test, Known):
            passage.refuse("known is no test of an attribute", "Test its level instead.")
            return None
        return test


def _conjunction(parts: list[Element | None]) -> Element | None:
    found = [part for part in parts if part is not None]
    return conjoin(*found) if len(found) == len(parts) else None


def subjects(element: Element) -> frozenset[str]:
    """What an element looks at, attribute by attribute: facts by id, and of items the attributes it tests."""
    match element:
        case All(parts) | Any(parts):
            return frozenset().union(*(subjects(part) for part in parts))
        case Some(_, where) | No(_, where):
            return frozenset(test.fact for test in where)
        case Test(fact) | Known(fact):
            return frozenset((fact,))
