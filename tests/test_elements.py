"""Condition elements as text: what each becomes, with `not` pushed to the leaves."""

from __future__ import annotations

import pytest

from tactician.facts.document import parse_document
from tactician.facts.vocabulary import FactSpec
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.knowledge.elements import Reader, subjects
from tactician.knowledge.passages import RuleFile
from tactician.knowledge.terms import Terms

SPECS = [
    FactSpec("segment", "price", "ordinal", ("low", "medium", "high")),
    FactSpec("business", "stage", "enum", ("idea", "growth", "decline")),
    FactSpec("business", "shop", "bool"),
    FactSpec("business", "hours", "number", minimum=0, maximum=80),
    FactSpec("pain", "severity", "ordinal", ("low", "moderate", "severe")),
    FactSpec("pain", "kind", "enum", ("obstacle", "risk")),
]
TERMS = Terms({spec.id: spec for spec in SPECS}, set(), frozenset(), {})
HIGH = Test("segment.price", "==", ("high",), ("high",))
SHOP = Test("business.shop", "==", (True,), (True,))


def read(text: str, known: bool = False) -> Element | None:
    """The element that a text of YAML states, which must be without problems."""
    file = RuleFile("needs/x.yaml", parse_document(text, "x.yaml", format="yaml"), [])
    element = Reader(TERMS, known=known).when(file.top)
    assert file.problems == []
    return element


@pytest.mark.parametrize(
    ("test", "op", "values", "allowed"),
    [
        ("segment.price: '== high'", "==", ("high",), ("high",)),
        ("segment.price: '!= high'", "!=", ("high",), ("low", "medium")),
        ("segment.price: '>= medium'", ">=", ("medium",), ("medium", "high")),
        ("segment.price: '<= medium'", "<=", ("medium",), ("low", "medium")),
        ("segment.price: '> medium'", ">", ("medium",), ("high",)),
        ("segment.price: '< low'", "<", ("low",), ()),
        ("segment.price: '  >=medium '", ">=", ("medium",), ("medium", "high")),
        ("segment.price: 'in [high, low]'", "in", ("high", "low"), ("low", "high")),
        ("business.stage: 'in[growth]'", "in", ("growth",), ("growth",)),
        ("business.stage: '!= idea'", "!=", ("idea",), ("growth", "decline")),
        ("business.shop: '== true'", "==", (True,), (True,)),
        ("business.shop: '!= true'", "!=", (True,), (False,)),
        ("business.hours: '>= 5'", ">=", (5.0,), None),
        ("business.hours: '== 2.5'", "==", (2.5,), None),
        ("business.hours: 'between 0 and 80'", "between", (0.0, 80.0), None),
    ],
)
def test_a_test_is_typed_by_its_fact(test: str, op: str, values: tuple[object, ...], allowed: object):
    found = read(test)
    assert isinstance(found, Test)
    assert (found.op, found.values, found.allowed) == (op, values, allowed)
    assert [type(value) for value in found.values] == [type(value) for value in values]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[segment.price: '== high', business.shop: '== true']", All((HIGH, SHOP))),
        ("[segment.price: '== high', all: [business.shop: '== true']]", All((HIGH, SHOP))),
        ("[segment.price: '== high', segment.price: '== high']", HIGH),
        ("[any: [segment.price: '== high', business.shop: '== true']]", Any((HIGH, SHOP))),
        ("{segment.price: '== high'}", HIGH),
        ("[segment.price: '== high']", HIGH),
        ("not: {not: {segment.price: '== high'}}", HIGH),
        ("not: {business.hours: '>= 5'}", Test("business.hours", "<", (5.0,))),
        ("not: {business.hours: 'between 5 and 10'}", Test("business.hours", "outside", (5.0, 10.0))),
        ("not: {segment.price: 'in [low]'}", Test("segment.price", "not in", ("low",), ("medium", "high"))),
        (
            "not: {all: [segment.price: '== high', business.shop: '== true']}",
            Any((
                Test("segment.price", "!=", ("high",), ("low", "medium")),
                Test("business.shop", "!=", (True,), (False,)),
            )),
        ),
        (
            "not: {any: [segment.price: '== high', not: {business.shop: '== true'}]}",
            All((Test("segment.price", "!=", ("high",), ("low", "medium")), SHOP)),
        ),
    ],
)  # fmt: skip
def test_groups_are_flat_and_not_stands_at_the_leaves(text: str, expected: Element):
    assert read(text) == expected


def test_items_keep_their_tests_in_order_and_turn_under_not():
    text = "{some: pain, where: {severity: '>= moderate', kind: '== risk'}}"
    where = (
        Test("pain.severity", ">=", ("moderate",), ("moderate", "severe")),
        Test("pain.kind", "==", ("risk",), ("risk",)),
    )
    assert read(text) == Some("pain", where)
    assert read(f"not: {text}") == No("pain", where)
    assert read(text.replace("some", "no")) == No("pain", where)


def test_known_stands_where_it_is_allowed():
    assert read("[segment.price: known]", known=True) == Known("segment.price")


def test_subjects_tell_attributes_of_items_apart():
    element = read("[{some: pain, where: {severity: '== low'}}]")
    assert element is not None
    assert subjects(element) == {"pain.severity"}
    both = read("[any: [segment.price: '== high', business.hours: '> 1'], business.shop: '== true']")
    assert both is not None
    assert subjects(both) == {"segment.price", "business.hours", "business.shop"}


def test_a_fact_whose_own_entry_is_wrong_blames_nobody_else():
    terms = Terms(dict(TERMS.specs), {"segment.broken"}, frozenset(), {})
    file = RuleFile(
        "x", parse_document("[segment.broken: '== a', business.shop: '== true']", format="yaml"), []
    )
    assert Reader(terms).when(file.top) is None
    assert file.problems == []
