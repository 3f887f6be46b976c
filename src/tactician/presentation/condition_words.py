"""Conditions in plain words, with what the levels mean; amounts in a client's currency where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tactician.facts.client import Client
from tactician.facts.vocabulary import FactSpec, Value
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.presentation.words import answer, label, listed, number

NUMBERS = {
    "==": "is exactly {0}", "!=": "is not {0}", ">=": "is at least {0}", "<=": "is at most {0}",
    ">": "is over {0}", "<": "is under {0}", "between": "lies between {0} and {1}",
    "outside": "lies outside {0} to {1}",
}  # fmt: skip
Specs = Mapping[str, FactSpec]


def in_words(element: Element, specs: Specs, client: Client | None = None) -> str:
    """A condition as a clause that can follow `when`; with a client, amounts are in its currency."""
    match element:
        case Test(fact):
            return f"{label(specs[fact])} {words_of_test(element, specs, client)}"
        case Known(fact):
            return f"{label(specs[fact])} is known"
        case Some(kind, where):
            return f"there is a {kind} whose {_where(where, specs)}"
        case No(kind, where):
            return f"there is no {kind} whose {_where(where, specs)}"
        case All(parts):
            return listed([_part(part, specs, client) for part in _merged(parts)])
        case Any(parts):
            return "either " + listed([_part(part, specs, client) for part in parts], "or")


def _merged(parts: tuple[Element, ...]) -> list[Element]:
    """Parts that must all hold, with the tests of one fact that name levels as one test."""
    merged: dict[object, Element] = {}
    for part in parts:
        key = part.fact if isinstance(part, Test) and part.allowed is not None else part
        before = merged.get(key)
        if isinstance(part, Test) and isinstance(before, Test) and before.allowed is not None:
            allowed = tuple(value for value in before.allowed if value in (part.allowed or ()))
            merged[key] = replace(before, op="in", values=allowed, allowed=allowed)
        else:
            merged[key] = part
    return list(merged.values())


def _part(element: Element, specs: Specs, client: Client | None) -> str:
    text = in_words(element, specs, client)
    return f"({text})" if isinstance(element, All | Any) else text


def _where(where: tuple[Test, ...], specs: Specs) -> str:
    return listed([f"{label(specs[test.fact])} {words_of_test(test, specs)}" for test in where])


def words_of_test(test: Test, specs: Specs, client: Client | None = None) -> str:
    """What a test asks of its fact, as a clause that can follow the fact's name."""
    spec = specs[test.fact]
    if spec.is_number:
        shown = [_number(spec, float(value), client) for value in test.values]
        return NUMBERS[test.op].format(*shown)
    allowed = test.allowed or ()
    if not allowed:
        return "can have no value"
    return f"is {listed([level_words(spec, value) for value in allowed], 'or')}"


def _number(spec: FactSpec, value: float, client: Client | None) -> str:
    if client is not None and spec.is_money:
        return answer(spec, value, client)
    return f"{number(value, 4)} {spec.unit.replace('/', ' a ')}".rstrip()


def level_words(spec: FactSpec, value: Value) -> str:
    """A level with what it means."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    word = str(value).replace("_", " ")
    meaning = spec.meanings.get(str(value), "")
    return f"{word} ({meaning})" if meaning else word
