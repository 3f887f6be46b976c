"""Hypothesis strategies: whole rulebases that use every construct, and clients that leave much unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from condition_strategies import (
    ATTRIBUTES,
    LEVELS,
    NUMBERS,
    PLACE,
    Draw,
    element,
    expression,
    one,
    spec,
    upto,
    values_of,
    vocabularies,
)
from tactician.facts.client import MILLION, Client, Item, Link, Segment
from tactician.facts.measures import READS
from tactician.facts.parameters import CanvasFit, Limits, Parameters, PlanNumbers, ValueBalance
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, FactSpec, Value, Vocabulary
from tactician.knowledge.conditions import conjoin, facts_read, negate
from tactician.knowledge.derivation import conclusions
from tactician.knowledge.expressions import Fact, Operation, facts_of
from tactician.knowledge.rules import (
    FAMILIES,
    TACTIC_FAMILIES,
    Block,
    Conclusion,
    Cost,
    DerivedFact,
    Entry,
    Evidence,
    Prepare,
    Record,
    Rule,
    Rulebase,
    Warn,
)
from tactician.knowledge.strata import stratum_of

PARAMETERS = Parameters(
    arithmetic={"third": 1 / 3},
    rates={"EUR": Decimal(1)},
    rates_date="2026-01-01",
    item_weights={
        "pain.severity": {"low": 301, "moderate": 605, "severe": 907, "extreme": 1000},
        "pain.need_class": {"need_to_have": 1000, "nice_to_have": 595},
        "gain.relevance": {"nice_to_have": 403, "important": 700, "essential": 1000},
        "job.importance": {"low": 300, "medium": 600, "high": 1000},
    },
    canvas_fit=CanvasFit(
        {"essential": 800, "nice_to_have": 400}, {"assumed": 600, "customers_said": 800, "tested": 1000},
        {"job": 300, "pain": 400, "gain": 300}, 3, 400, 400, 600, 400,
    ),
    value_balance=ValueBalance(4, {"low": 500, "medium": 1000, "high": 2000}, 1000, 3, 1),
    lifecycle={"good": 0.2, "possible": 0.0, "poor": -0.2},
    jury_partly=0.5,
    plan=PlanNumbers(3, 3, 12),
    limits=Limits(2, 60.0, 20, 100),
)  # fmt: skip


def derived_facts(draw: Draw, vocabulary: Vocabulary) -> tuple[tuple[DerivedFact, ...], tuple[Rule, ...]]:
    """Up to five derived facts, each free to look at those before it, and the exclusive rules of decision lists."""
    specs = [made for made in vocabulary.facts.values() if made.scope in FACT_SCOPES]
    facts: list[DerivedFact] = []
    rules: list[Rule] = []
    for number in range(draw(upto(5))):
        fact = derived_fact(draw, f"derived_{number}", specs, {fact.spec.id: fact.stratum for fact in facts})
        facts.append(fact)
        rules += conclusions(fact, values_of((*specs, fact.spec)))
        specs.append(fact.spec)
    return tuple(sorted(facts, key=lambda fact: fact.stratum)), tuple(rules)


def derived_fact(draw: Draw, name: str, specs: Sequence[FactSpec], strata: Mapping[str, int]) -> DerivedFact:
    """A decision list, an expression, a choice between two facts with the same levels, or a measure."""
    way = one(draw, ("list", "list", "expression", "expression", "choice", "measure"))
    numbers = [made for made in specs if made.is_number]
    if way == "expression" and numbers:
        computed = expression(draw, numbers)
        return derived(spec("segment", name, "number"), strata, facts_of(computed), expression=computed)
    if way == "choice":
        first = one(draw, specs)
        second = one(draw, [made for made in specs if (made.type, made.levels) == (first.type, first.levels)])
        choice = Operation("coalesce", (Fact(first.id), Fact(second.id)))
        made = spec("segment", name, first.type, first.levels)
        return derived(made, strata, facts_of(choice), expression=choice)
    if way == "measure":
        chosen = one(draw, [measure for measure, reads in READS.items() if knows(specs, reads)])
        return derived(spec("segment", name, "number"), strata, READS[chosen], measure=chosen)
    return decision_list(draw, name, specs, strata)


def knows(specs: Sequence[FactSpec], reads: Iterable[str]) -> bool:
    return {made.id for made in specs} >= {read for read in reads if "." in read}


def decision_list(draw: Draw, name: str, specs: Sequence[FactSpec], strata: Mapping[str, int]) -> DerivedFact:
    """One to three lines, and perhaps `otherwise`."""
    made = spec("segment", name, *one(draw, (("ordinal", LEVELS[:3]), ("number", ()), ("bool", ()))))
    values = NUMBERS if made.is_number else made.values
    entries = [
        Entry(f"{name.upper()}-{line}", element(draw, specs), one(draw, values))
        for line in range(1, 2 + draw(upto(2)))
    ]
    read = [fact for entry in entries if entry.when for fact in facts_read(entry.when)]
    if draw(upto(1)):
        entries.append(Entry(f"{name.upper()}-OTHERWISE", None, one(draw, values)))
    return derived(made, strata, read, entries=tuple(entries))


def derived(made: FactSpec, strata: Mapping[str, int], reads: Iterable[str], **ways: object) -> DerivedFact:
    read = frozenset(reads)
    return DerivedFact(
        replace(made, derived=True), stratum_of(read, strata), "Because.", "C", (), PLACE, reads=read, **ways
    )


def conclusion(draw: Draw, records: Sequence[Record]) -> Conclusion:
    """What a rule may say about records: evidence, a block, a warning or preparation."""
    target = one(draw, records)
    weight = one(draw, (868, 2007, 9542, -1743, -5000))
    cf = weight / 10_000
    family = tuple(each.id for each in records if each.family == target.family)
    return one(
        draw,
        (
            Evidence((target.id,), cf, weight),
            Evidence((target.id,), cf, weight),
            Evidence(family, cf, weight, target.family if target.family in TACTIC_FAMILIES else ""),
            Block(target.id),
            Warn("Careful.", "Look twice.", (target.id,)),
            Prepare("Do this first.", 4.0, (target.id,)),
        ),
    )


def rules(
    draw: Draw, records: Sequence[Record], specs: Sequence[FactSpec], strata: Mapping[str, int]
) -> list[Rule]:
    """Up to eight rules; some repeat the condition of another, or are its complement, as typed fields make them."""
    made: list[Rule] = []
    for number in range(1 + draw(upto(7))):
        then = conclusion(draw, records)
        process = isinstance(then, Warn | Prepare)
        plain = [rule.when for rule in made if not isinstance(rule.then, Warn | Prepare)]
        source = one(draw, ("own", "own", "own", "else", "same")) if plain else "own"
        when = element(draw, specs, known=process) if source == "own" else one(draw, plain)
        if source == "else":
            others = [one(draw, plain) for _ in range(draw(upto(1)))]
            when = conjoin(*(negate(each, values_of(specs)) for each in (when, *others)))
        expected = one(draw, (0, 250_000, -3))
        stratum = stratum_of(facts_read(when), strata)
        made.append(Rule(f"R-{number}", when, then, "Because.", "C", (), stratum, PLACE, expected=expected))
    return made


@st.composite
def rulebases(draw: Draw) -> Rulebase:
    """A rulebase that holds together, as the loader would hand it out."""
    vocabulary = draw(vocabularies())
    facts, exclusive = derived_facts(draw, vocabulary)
    raw = [made for made in vocabulary.facts.values() if made.scope in FACT_SCOPES]
    specs = [*raw, *(fact.spec for fact in facts)]
    records = [record(f"record_{number}", one(draw, FAMILIES)) for number in range(1 + draw(upto(2)))]
    authored = rules(draw, records, specs, {fact.spec.id: fact.stratum for fact in facts})
    return Rulebase(
        "0", "generated", vocabulary, PARAMETERS, {}, facts, {each.id: each for each in records},
        tuple(sorted((*exclusive, *authored), key=lambda rule: rule.stratum)),
    )  # fmt: skip


def record(name: str, family: str) -> Record:
    cost = Cost((0, 10), (0, 1), 1, 1, (1, 2))
    return Record(name, family, {"en": name}, "", cost, (), (), (), {}, PLACE)


@st.composite
def clients(draw: Draw, vocabulary: Vocabulary) -> Client:
    """One to three segments with anything unsaid: facts, whole lists, attributes of items."""
    facts = stated(draw, vocabulary, ("business", "offering"))
    shares = one(draw, ((MILLION,), (700_000, 300_000), (333_334, 333_333, 333_333)))
    segments = tuple(segment(draw, f"segment {at}", ppm, vocabulary) for at, ppm in enumerate(shares))
    return Client("generated", "EUR", Decimal(1), (), facts, segments)


def segment(draw: Draw, name: str, ppm: int, vocabulary: Vocabulary) -> Segment:
    """A segment whose products address some of its items."""
    items = {}
    for kind in ITEM_KINDS:
        number = one(draw, (None, 0, 1, 2, 3))
        if number is not None:
            items[kind] = tuple(item(draw, kind, at) for at in range(number))
    addressed = [each.id for kind in ("pain", "gain", "job") for each in items.get(kind, ())]
    if addressed and "product" in items:
        items["product"] = tuple(replace(each, addresses=links(draw, addressed)) for each in items["product"])
    return Segment(name, ppm, stated(draw, vocabulary, ("segment",)), items)


def item(draw: Draw, kind: str, number: int) -> Item:
    levels = {made.name: one(draw, (None, *made.levels)) for made in ATTRIBUTES if made.scope == kind}
    given = {name: level for name, level in levels.items() if level is not None}
    return Item(kind, f"{kind} {number}", "", given)


def links(draw: Draw, ids: Sequence[str]) -> tuple[Link, ...]:
    relevance = (None, "nice_to_have", "essential")
    proof = (None, "assumed", "customers_said", "tested")
    return tuple(Link(one(draw, ids), one(draw, relevance), one(draw, proof)) for _ in range(draw(upto(2))))


def stated(draw: Draw, vocabulary: Vocabulary, scopes: Sequence[str]) -> dict[str, Value]:
    values = {
        made.id: one(draw, (None, *(NUMBERS if made.is_number else made.values)))
        for made in vocabulary.facts.values()
        if made.scope in scopes
    }
    return {fact: value for fact, value in values.items() if value is not None}


@st.composite
def cases(draw: Draw) -> tuple[Client, Rulebase]:
    """A rulebase and a client that speaks its vocabulary."""
    rulebase = draw(rulebases())
    return draw(clients(rulebase.vocabulary)), rulebase
