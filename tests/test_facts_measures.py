"""The two measures: the worked examples of the notes, every list that is read off them, and their properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from small_world import PARAMETERS, VOCABULARY
from tactician.facts.canvas_fit import FitMeasure
from tactician.facts.client import MILLION, Item, Link, Segment
from tactician.facts.item_weights import Assumed, divide, item_weight
from tactician.facts.measures import READS, measure
from tactician.facts.value_balance import BENEFITS, COSTS, BalanceMeasure
from tactician.facts.vocabulary import Value


def item(kind: str, name: str, /, *addresses: Link, **attributes: str) -> Item:
    return Item(kind, name, name, attributes, addresses)


def segment(*items: Item, unknown: tuple[str, ...] = ()) -> Segment:
    kinds = [kind for kind in ("pain", "gain", "job", "product") if kind not in unknown]
    return Segment("s", MILLION, {}, {kind: tuple(i for i in items if i.kind == kind) for kind in kinds})


def fit(*items: Item, unknown: tuple[str, ...] = ()) -> FitMeasure:
    result = measure("canvas_fit", {}, segment(*items, unknown=unknown), VOCABULARY, PARAMETERS)
    assert isinstance(result, FitMeasure)
    return result


NOTE_004 = (
    item("job", "j1", kind="functional", importance="high"),
    item("job", "j2", kind="emotional", importance="high"),
    item("job", "j3", kind="supporting_buyer", importance="low"),
    item("pain", "p1", kind="risk", severity="extreme"),
    item("pain", "p2", kind="obstacle", severity="extreme"),
    item("pain", "p3", kind="undesired_outcome", severity="moderate"),
    item("gain", "g1", kind="required", relevance="essential"),
    item("gain", "g2", kind="desired", relevance="nice_to_have"),
    item("product", "s1", Link("j1", "essential", "tested")),
    item("product", "s2", Link("j2", "nice_to_have", "assumed")),
    item("product", "r1", Link("p1", "essential", "customers_said")),
    item("product", "r2", Link("p3", "nice_to_have", "assumed")),
    item("product", "c1", Link("g1", "essential", "tested")),
)


def test_the_worked_example_of_the_canvas() -> None:
    found = fit(*NOTE_004)
    coverage = {e.id: e.coverage for e in found.elements if e.in_focus}
    assert coverage == {"j1": 800_000, "j2": 240_000, "p1": 640_000, "p2": 0, "g1": 800_000}
    assert {c.kind: c.score for c in found.categories} == {"job": 520_000, "pain": 320_000, "gain": 800_000}
    assert found.score_millionths == found.before_caps == 524_000
    assert found.value == 0.524
    gaps = {e.id: e.gap for e in found.elements if e.in_focus}
    assert gaps == {"j1": 30_000, "j2": 114_000, "p1": 72_000, "p2": 200_000, "g1": 60_000}
    assert found.gaps == ("p2", "j2")
    assert found.dilution == ("r2",)
    assert found.deliberately_left == ("j3", "g2")
    assert found.severe_and_open == ("p2",)
    assert found.unproven == ("j2",)
    assert (found.orphans, found.capped_by, found.left_out, found.not_ranked) == ((), (), (), ())
    assert found.assumed == tuple(Assumed(pain, "need_class", "need_to_have") for pain in ("p1", "p2", "p3"))


def test_the_steps_of_a_coverage_are_kept() -> None:
    found = fit(
        item("pain", "p", severity="severe"),
        item("product", "a", Link("p", "essential", "assumed")),
        item("product", "b", Link("p", "nice_to_have", "tested")),
    )
    (element,) = found.elements
    assert [(s.product, s.effect, s.open) for s in element.links] == [
        ("a", 480_000, 520_000),
        ("b", 400_000, 312_000),
    ]
    assert element.coverage == found.score_millionths == 688_000


def test_each_division_is_rounded_half_up() -> None:
    assert [divide(n, 2) for n in (0, 1, 2, 3)] == [0, 1, 1, 2]
    assert [divide(n, 3) for n in (0, 1, 2, 4, 5)] == [0, 0, 1, 1, 2]
    found = fit(
        *(item("gain", f"g{n}", relevance="essential") for n in range(3)),
        item("product", "a", Link("g0", "nice_to_have", "assumed")),
    )
    assert found.score_millionths == 80_000
    thirds = fit(
        item("gain", "g0", relevance="essential"),
        item("gain", "g1", relevance="essential"),
        item("gain", "g2", relevance="essential"),
        item("product", "a", Link("g0", "essential", "tested")),
    )
    assert thirds.score_millionths == 266_667
    assert [e.gap for e in thirds.elements] == [66_667, 333_333, 333_333]


@pytest.mark.parametrize("kind", ["pain", "gain", "job", "product"])
def test_a_list_nobody_knows_makes_the_fit_unknown(kind: str) -> None:
    items = tuple(i for i in NOTE_004 if i.kind != kind)
    assert measure("canvas_fit", {}, segment(*items, unknown=(kind,)), VOCABULARY, PARAMETERS) is None


def test_a_profile_of_nothing_makes_the_fit_unknown() -> None:
    assert measure("canvas_fit", {}, segment(item("product", "a")), VOCABULARY, PARAMETERS) is None
    only_jobs = segment(item("job", "j", importance="high"), item("product", "a"))
    assert measure("canvas_fit", {}, only_jobs, VOCABULARY, PARAMETERS) is None


def test_no_products_at_all_fit_nothing() -> None:
    found = fit(item("pain", "p", severity="severe"), item("gain", "g", relevance="essential"))
    assert found.score_millionths == 0
    assert found.gaps == ("p", "g")
    assert [e.gap for e in found.elements] == [571_429, 428_571]


def test_jobs_that_no_product_addresses_are_left_out_and_the_rest_weighs_more() -> None:
    found = fit(*(i for i in NOTE_004 if i.id not in ("s1", "s2")))
    assert found.left_out == ("job",)
    assert [c.kind for c in found.categories] == ["pain", "gain"]
    assert found.score_millionths == divide(400 * 320_000 + 300 * 800_000, 700) == 525_714
    assert all(e.gap == 0 and not e.in_focus for e in found.elements if e.kind == "job")
    assert found.deliberately_left == ("j1", "j2", "j3", "g2")


def test_an_empty_list_is_not_a_category() -> None:
    found = fit(*(i for i in NOTE_004 if i.id not in ("g1", "g2", "c1")))
    assert found.left_out == ()
    assert found.score_millionths == divide(300 * 520_000 + 400 * 320_000, 700)


def test_a_required_gain_that_is_not_delivered_caps_the_fit() -> None:
    gain = item("gain", "g", kind="required", relevance="essential")
    pain = item("pain", "p", severity="severe")
    product = item("product", "a", Link("p", "essential", "tested"))
    found = fit(pain, gain, product)
    assert found.before_caps == divide(400 * 800_000, 700) == 457_143
    assert (found.score_millionths, found.capped_by) == (400_000, ("g",))
    delivered = fit(
        pain,
        gain,
        item("product", "a", Link("p", "essential", "tested"), Link("g", "nice_to_have", "tested")),
    )
    assert (delivered.capped_by, delivered.score_millionths) == ((), delivered.before_caps)
    stands_in = fit(pain, replace(gain, attributes={"kind": "required", "relevance": "important"}), product)
    assert stands_in.capped_by == ("g",)


def test_focus_takes_at_most_three_by_weight_then_as_entered() -> None:
    pains = [
        item("pain", "a", severity="severe", need_class="nice_to_have"),
        item("pain", "b", severity="severe"),
        item("pain", "c", severity="severe"),
        item("pain", "d", severity="extreme"),
        item("pain", "e", severity="severe"),
    ]
    (category,) = fit(*pains).categories
    assert category.focus == ("d", "b", "c")
    assert category.ranked


def test_without_a_focus_the_heaviest_stands_in_and_a_warning_says_so() -> None:
    found = fit(item("pain", "a", severity="low"), item("pain", "b"), item("pain", "c", severity="moderate"))
    assert found.categories[0].focus == ("b",)
    assert found.not_ranked == ("pain",)
    assert found.severe_and_open == ()
    assert found.gaps == ("b",)


def test_what_nobody_stated_counts_as_typical_and_is_told() -> None:
    found = fit(item("pain", "p"), item("gain", "g"), item("job", "j"), item("product", "a", Link("j")))
    assert [e.weight for e in found.elements] == [600, 600, 700]
    assert next(e for e in found.elements if e.id == "j").coverage == 480_000
    assert found.assumed == (
        Assumed("j", "importance", "medium"),
        Assumed("p", "severity", "moderate"),
        Assumed("p", "need_class", "need_to_have"),
        Assumed("g", "relevance", "important"),
        Assumed("g", "kind", "expected"),
        Assumed("a -> j", "relevance", "essential"),
        Assumed("a -> j", "proof", "assumed"),
    )


def test_products_that_address_nothing_are_orphans() -> None:
    assert fit(item("pain", "p"), item("product", "a"), item("product", "b", Link("p"))).orphans == ("a",)


def test_an_item_weighs_the_product_of_its_attributes() -> None:
    pain = item("pain", "p", severity="severe", need_class="nice_to_have")
    assert item_weight(pain, VOCABULARY, PARAMETERS) == 540
    assert item_weight(item("product", "a"), VOCABULARY, PARAMETERS) == 1000


NOTE_001: dict[str, Value] = {
    "segment.benefit_functional": 3.0,
    "segment.benefit_emotional": 2.0,
    "segment.benefit_social": 1.0,
    "segment.cost_economic": 2.0,
    "segment.cost_time": 3.0,
    "segment.cost_effort": 1.0,
    "segment.cost_risk": 3.0,
    "segment.price_sensitivity": "medium",
    "segment.time_pressure": "high",
    "offering.product_complexity": "medium",
    "segment.perceived_purchase_risk": "high",
}
JOBS_001 = (
    item("job", "a", kind="functional", importance="high"),
    item("job", "b", kind="functional", importance="high"),
    item("job", "c", kind="emotional", importance="high"),
    item("job", "d", kind="social", importance="medium"),
    item("job", "e", kind="supporting_buyer", importance="high"),
)


def balance(values: Mapping[str, Value], *items: Item, unknown: tuple[str, ...] = ()) -> BalanceMeasure:
    result = measure("value_balance", values, segment(*items, unknown=unknown), VOCABULARY, PARAMETERS)
    assert isinstance(result, BalanceMeasure)
    return result


def test_the_worked_example_of_the_value_balance() -> None:
    found = balance(NOTE_001, *JOBS_001)
    assert (found.benefit_millionths, found.cost_millionths, found.score_millionths) == (
        541_667,
        600_000,
        -58_333,
    )
    assert round(found.value, 4) == -0.0583
    assert [side.weight for side in found.benefits] == [416_667, 333_333, 250_000]
    assert [side.weight for side in found.costs] == [200_000, 300_000, 200_000, 300_000]
    needs = {
        side.name: round(side.need / MILLION, 4) for side in (*found.benefits, *found.costs) if side.need
    }
    assert needs == {"risk": 0.2, "time": 0.2, "social": 0.1667, "emotional": 0.1111, "economic": 0.0667}
    assert found.repair_order == ("risk", "time", "social", "emotional", "economic")
    assert [side.weighed_by for side in found.benefits] == [("a", "b"), ("c",), ()]
    assert [side.weighed_by for side in found.costs] == [("medium",), ("high",), ("medium",), ("high",)]
    assert found.assumed == ()


def test_one_step_changes_the_balance_by_its_weight_over_four() -> None:
    found = balance(NOTE_001, *JOBS_001)
    better = balance({**NOTE_001, "segment.benefit_social": 2.0}, *JOBS_001)
    assert better.score_millionths - found.score_millionths == found.benefits[2].step == 62_500
    cheaper = balance({**NOTE_001, "segment.cost_risk": 2.0}, *JOBS_001)
    assert cheaper.score_millionths - found.score_millionths == found.costs[3].step == 75_000


@pytest.mark.parametrize("fact", [name for name in NOTE_001 if "benefit" in name or "cost" in name])
def test_one_unknown_score_makes_the_balance_unknown(fact: str) -> None:
    values = {name: value for name, value in NOTE_001.items() if name != fact}
    assert measure("value_balance", values, segment(*JOBS_001), VOCABULARY, PARAMETERS) is None


def test_unknown_jobs_weigh_equally_and_unknown_weights_count_as_medium() -> None:
    scores = {name: value for name, value in NOTE_001.items() if isinstance(value, float)}
    found = balance(scores, unknown=("job",))
    assert [side.weight for side in found.benefits] == [333_333] * 3
    assert [side.weight for side in found.costs] == [250_000] * 4
    assert (found.benefit_millionths, found.cost_millionths) == (500_000, 562_500)
    assert [side.weighed_by for side in found.costs] == [()] * 4
    assert balance(scores).benefits == found.benefits


def test_jobs_without_a_kind_count_as_typical_and_are_told() -> None:
    found = balance(NOTE_001, item("job", "j", importance="high"), item("job", "k"))
    assert found.benefits[0].weighed_by == ("j",)
    assert found.assumed == (
        Assumed("j", "kind", "functional"),
        Assumed("k", "kind", "functional"),
        Assumed("k", "importance", "medium"),
    )


def test_measures_are_a_closed_list() -> None:
    with pytest.raises(ValueError, match="no measure called score"):
        measure("score", {}, segment(), VOCABULARY, PARAMETERS)
    assert READS["canvas_fit"] == {"pain", "gain", "job", "product"}
    assert READS["value_balance"] == {*NOTE_001, "job"}


ATTRIBUTES = {
    "pain": {
        "severity": ("low", "moderate", "severe", "extreme"),
        "need_class": ("need_to_have", "nice_to_have"),
    },
    "gain": {
        "kind": ("required", "expected", "desired"),
        "relevance": ("nice_to_have", "important", "essential"),
    },
    "job": {"kind": ("functional", "social", "emotional"), "importance": ("low", "medium", "high")},
}
RELEVANCE = st.sampled_from([None, "nice_to_have", "essential"])
PROOF = st.sampled_from([None, "assumed", "customers_said", "tested"])


@st.composite
def canvases(draw: st.DrawFn) -> Segment:
    items = []
    for kind, levels in ATTRIBUTES.items():
        for n in range(draw(st.integers(0, 5))):
            stated = {name: draw(st.sampled_from((None, *of))) for name, of in levels.items()}
            items.append(item(kind, f"{kind}{n}", **{name: level for name, level in stated.items() if level}))
    names = [i.id for i in items]
    for n in range(draw(st.integers(0, 4))):
        linked = draw(st.lists(st.sampled_from(names), unique=True, max_size=3)) if names else []
        items.append(item("product", f"x{n}", *(Link(name, draw(RELEVANCE), draw(PROOF)) for name in linked)))
    return segment(*items)


@given(canvases())
def test_a_fit_keeps_its_bounds_and_its_sums(given_segment: Segment) -> None:
    found = measure("canvas_fit", {}, given_segment, VOCABULARY, PARAMETERS)
    if found is None:
        return
    assert isinstance(found, FitMeasure)
    assert 0 <= found.score_millionths <= found.before_caps <= MILLION
    focus = [e for e in found.elements if e.in_focus]
    assert abs(sum(e.gap for e in focus) - (MILLION - found.before_caps)) <= len(focus) + len(
        found.categories
    )
    assert all(1 <= len(c.focus) <= 3 for c in found.categories)
    assert set(found.gaps) <= {e.id for e in focus}
    assert not set(found.deliberately_left) & {e.id for e in focus}
    assert not set(found.orphans) & set(found.dilution)
    assert found.score_millionths == 400_000 or not found.capped_by or found.before_caps < 400_000
    exact = Fraction(0)
    for e in focus:
        category = next(c for c in found.categories if c.kind == e.kind)
        weights = sum(o.weight for o in focus if o.kind == e.kind)
        left = Fraction(1)
        for link in e.links:
            left *= 1 - Fraction(link.effect, MILLION)
        exact += Fraction(category.weight * e.weight, weights) * (1 - left)
    exact /= sum(c.weight for c in found.categories)
    assert abs(exact * MILLION - found.before_caps) < 8


@given(canvases(), st.data())
def test_one_more_link_never_lowers_coverage_or_fit(given_segment: Segment, data: st.DataObject) -> None:
    before = measure("canvas_fit", {}, given_segment, VOCABULARY, PARAMETERS)
    if not isinstance(before, FitMeasure) or before.left_out:
        return
    target = data.draw(st.sampled_from([e.id for e in before.elements]))
    product = item("product", "more", Link(target, data.draw(RELEVANCE), data.draw(PROOF)))
    items = {**given_segment.items, "product": (*given_segment.items["product"], product)}
    after = measure("canvas_fit", {}, replace(given_segment, items=items), VOCABULARY, PARAMETERS)
    assert isinstance(after, FitMeasure)
    assert after.score_millionths >= before.score_millionths
    for old, new in zip(before.elements, after.elements, strict=True):
        assert (
            new.coverage > old.coverage
            if old.id == target and old.coverage < MILLION
            else new.coverage == old.coverage
        )


SCORES = st.integers(0, 4).map(float)
LEVEL = st.sampled_from(["low", "medium", "high"])
BALANCES = st.fixed_dictionaries(
    dict.fromkeys((*BENEFITS.values(), *(fact for fact, _ in COSTS.values())), SCORES),
    optional=dict.fromkeys((fact for _, fact in COSTS.values()), LEVEL),
)


@given(BALANCES, canvases())
def test_a_balance_keeps_its_bounds_and_weights(values: dict[str, Value], given_segment: Segment) -> None:
    found = measure("value_balance", values, given_segment, VOCABULARY, PARAMETERS)
    assert isinstance(found, BalanceMeasure)
    assert -MILLION <= found.score_millionths == found.benefit_millionths - found.cost_millionths <= MILLION
    for sides in (found.benefits, found.costs):
        assert abs(sum(side.weight for side in sides) - MILLION) <= len(sides)
        assert all(0 <= side.need <= side.weight + 1 for side in sides)
    needs = {side.name: side.need for side in (*found.benefits, *found.costs)}
    assert [needs[name] for name in found.repair_order] == sorted(
        (n for n in needs.values() if n), reverse=True
    )


@given(BALANCES, canvases(), st.sampled_from([*BENEFITS, *COSTS]))
def test_more_benefit_raises_and_more_sacrifice_lowers_the_balance(
    values: dict[str, Value], given_segment: Segment, name: str
) -> None:
    fact = BENEFITS[name] if name in BENEFITS else COSTS[name][0]
    if values[fact] == 4:
        return
    before = measure("value_balance", values, given_segment, VOCABULARY, PARAMETERS)
    more = {**values, fact: float(values[fact]) + 1}
    after = measure("value_balance", more, given_segment, VOCABULARY, PARAMETERS)
    assert isinstance(before, BalanceMeasure)
    assert isinstance(after, BalanceMeasure)
    assert (after.score_millionths > before.score_millionths) == (name in BENEFITS)
