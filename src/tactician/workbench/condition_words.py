"""Conditions in plain words, with what the levels mean, from the vocabulary alone."""

from __future__ import annotations

from collections.abc import Mapping

from tactician.facts.vocabulary import FactSpec, Value
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.presentation.words import label, listed, number

NUMBERS = {
    "==": "is exactly {0}", "!=": "is not {0}", ">=": "is at least {0}", "<=": "is at most {0}",
    ">": "is over {0}", "<": "is under {0}", "between": "lies between {0} and {1}",
    "outside": "lies outside {0} to {1}",
}  # fmt: skip
Specs = Mapping[str, FactSpec]


def in_words(element: Element, specs: Specs) -> str:
    """A condition as a clause that can follow `when`."""
    match element:
        case Test(fact):
            return f"{label(specs[fact])} {_test(element, specs)}"
        case Known(fact):
            return f"{label(specs[fact])} is known"
        case Some(kind, where):
            return f"there is a {kind} whose {_where(where, specs)}"
        case No(kind, where):
            return f"there is no {kind} whose {_where(where, specs)}"
        case All(parts):
            return listed([_part(part, specs) for part in parts])
        case Any(parts):
            return "either " + listed([_part(part, specs) for part in parts], "or")


def _part(element: Element, specs: Specs) -> str:
    text = in_words(element, specs)
    return f"({text})" if isinstance(element, All | Any) else text


def _where(where: tuple[Test, ...], specs: Specs) -> str:
    return listed([f"{label(specs[test.fact])} {_test(test, specs)}" for test in where])


def _test(test: Test, specs: Specs) -> str:
    spec = specs[test.fact]
    if spec.is_number:
        shown = [f"{number(float(value), 4)}{_unit(spec)}" for value in test.values]
        return NUMBERS[test.op].format(*shown)
    allowed = test.allowed or ()
    if not allowed:
        return "can have no value"
    return f"is {listed([_level(spec, value) for value in allowed], 'or')}"


def _unit(spec: FactSpec) -> str:
    return f" {spec.unit.replace('/', ' a ')}" if spec.unit else ""


def _level(spec: FactSpec, value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    word = str(value).replace("_", " ")
    meaning = spec.meanings.get(str(value), "")
    return f"{word} ({meaning})" if meaning else word
