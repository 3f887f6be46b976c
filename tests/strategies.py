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
    elements,
    expressions,
    spec,
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


@st.composite
def derived_facts(draw: Draw, vocabulary: Vocabulary) -> tuple[tuple[DerivedFact, ...], tuple[Rule, ...]]:
    """Up to five derived facts, each free to look at those before it, and the exclusive rules of decision lists."""
    specs = [made for made in vocabulary.facts.values() if made.scope in FACT_SCOPES]
    facts: list[DerivedFact] = []
    rules: list[Rule] = []
    for number in range(draw(st.integers(0, 5))):
        fact = draw(derived_fact(f"derived_{number}", specs, {fact.spec.id: fact.stratum for fact in facts}))
        if fact is not None:
            facts.append(fact)
            rules += conclusions(fact, values_of((*specs, fact.spec)))
            specs.append(fact.spec)
    return tuple(sorted(facts, key=lambda fact: fact.stratum)), tuple(rules)


@st.composite
def derived_fact(draw: Draw, name: str, specs: Sequence[FactSpec], strata: Mapping[str, int]) -> DerivedFact | None:
    """A decision list, an expression, a choice between two facts with the same levels, or a measure."""
    way = draw(st.sampled_from(("list", "list", "expression", "expression", "choice", "measure")))
    numbers = [made for made in specs if made.is_number]
    if way == "expression" and numbers:
        expression = draw(expressions(numbers))
        return derived(spec("segment", name, "number"), strata, facts_of(expression), expression=expression)
    if way == "choice":
        first = draw(st.sampled_from(specs))
        alike = [made for made in specs if (made.type, made.levels) == (first.type, first.levels)]
        second = draw(st.sampled_from(alike))
        expression = Operation("coalesce", (Fact(first.id), Fact(second.id)))
        made = spec("segment", name, first.type, first.levels)
        return derived(made, strata, facts_of(expression), expression=expression)
    if way == "measure":
        possible = [measure for measure, reads in READS.items() if knows(specs, reads)]
        return derived(spec("segment", name, "number"), strata, (), measure=draw(st.sampled_from(possible)))
    return draw(decision_list(name, specs, strata))


def knows(specs: Sequence[FactSpec], reads: Iterable[str]) -> bool:
    return {made.id for made in specs} >= {read for read in reads if "." in read}


@st.composite
def decision_list(draw: Draw, name: str, specs: Sequence[FactSpec], strata: Mapping[str, int]) -> DerivedFact:
    """One to three lines, and perhaps `otherwise`."""
    made = spec("segment", name, *draw(st.sampled_from((("ordinal", LEVELS[:3]), ("number", ()), ("bool", ())))))
    value = st.sampled_from(NUMBERS if made.is_number else made.values)
    lines = draw(st.lists(st.tuples(elements(specs), value), min_size=1, max_size=3))
    entries = [Entry(f"{name.upper()}-{at}", when, found) for at, (when, found) in enumerate(lines, start=1)]
    if draw(st.booleans()):
        entries.append(Entry(f"{name.upper()}-OTHERWISE", None, draw(value)))
    read = (fact for when, _ in lines for fact in facts_read(when))
    return derived(made, strata, read, entries=tuple(entries))


def derived(made: FactSpec, strata: Mapping[str, int], reads: Iterable[str], **ways: object) -> DerivedFact:
    read = frozenset(reads)
    return DerivedFact(
        replace(made, derived=True), stratum_of(read, strata), "Because.", "C", (), PLACE, reads=read, **ways
    )


@st.composite
def conclusions_of_rules(draw: Draw, records: Sequence[Record]) -> Conclusion:
    """What a rule may say about records: evidence, a block, a warning or preparation."""
    target = draw(st.sampled_from(records))
    weight = draw(st.sampled_from((-5000, -1743, 868, 2007, 9542)))
    cf = weight / 10_000
    return draw(
        st.sampled_from(
            (
                Evidence((target.id,), cf, weight),
                Evidence((target.id,), cf, weight),
                Evidence(tuple(r.id for r in records if r.family == target.family), cf, weight, target.family),
                Block(target.id),
                Warn("Careful.", "Look twice.", (target.id,)),
                Prepare("Do this first.", 4.0, (target.id,)),
            )
        )
    )


@st.composite
def rules(
    draw: Draw, records: Sequence[Record], specs: Sequence[FactSpec], strata: Mapping[str, int]
) -> list[Rule]:
    """Up to eight rules; some repeat the condition of another, or are its complement, as typed fields make them."""
    made: list[Rule] = []
    for number in range(draw(st.integers(1, 8))):
        then = draw(conclusions_of_rules(records))
        process = isinstance(then, Warn | Prepare)
        plain = [rule for rule in made if not isinstance(rule.then, Warn | Prepare)]
        source = draw(st.sampled_from(("own", "own", "own", "else", "same"))) if plain else "own"
        when = draw(elements(specs, known=process)) if source == "own" else draw(st.sampled_from(plain)).when
        if source == "else":
            others = draw(st.lists(st.sampled_from(plain), max_size=1))
            when = conjoin(*(negate(each, values_of(specs)) for each in (when, *(other.when for other in others))))
        expected = draw(st.sampled_from((0, 250_000, -3)))
        stratum = stratum_of(facts_read(when), strata)
        made.append(Rule(f"R-{number}", when, then, "Because.", "C", (), stratum, PLACE, expected=expected))
    return made


@st.composite
def rulebases(draw: Draw) -> Rulebase:
    """A rulebase that holds together, as the loader would hand it out."""
    vocabulary = draw(vocabularies())
    facts, exclusive = draw(derived_facts(vocabulary))
    raw = [made for made in vocabulary.facts.values() if made.scope in FACT_SCOPES]
    specs = [*raw, *(fact.spec for fact in facts)]
    families = draw(st.lists(st.sampled_from(FAMILIES), min_size=1, max_size=3))
    records = [record(f"record_{number}", family) for number, family in enumerate(families)]
    authored = draw(rules(records, specs, {fact.spec.id: fact.stratum for fact in facts}))
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
    names = [f"segment {number}" for number in range(draw(st.integers(1, 3)))]
    stated = draw(facts_of_scopes(vocabulary, ("business", "offering")))
    segments = tuple(draw(segment(name, MILLION // len(names), vocabulary)) for name in names)
    return Client("generated", "EUR", Decimal(1), (), stated, segments)


@st.composite
def segment(draw: Draw, name: str, ppm: int, vocabulary: Vocabulary) -> Segment:
    """A segment whose products address some of its items."""
    items = {}
    for kind in ITEM_KINDS:
        how = draw(st.sampled_from(("absent", "given", "given", "given")))
        if how == "given":
            items[kind] = tuple(draw(item(kind, number)) for number in range(draw(st.integers(0, 3))))
    addressed = [each.id for kind in ("pain", "gain", "job") for each in items.get(kind, ())]
    if addressed and "product" in items:
        items["product"] = tuple(replace(each, addresses=draw(links(addressed))) for each in items["product"])
    return Segment(name, ppm, draw(facts_of_scopes(vocabulary, ("segment",))), items)


@st.composite
def item(draw: Draw, kind: str, number: int) -> Item:
    attributes = {}
    for made in ATTRIBUTES:
        if made.scope == kind:
            level = draw(st.sampled_from((None, *made.levels)))
            if level is not None:
                attributes[made.name] = level
    return Item(kind, f"{kind} {number}", "", attributes)


def links(ids: Sequence[str]) -> st.SearchStrategy[tuple[Link, ...]]:
    relevance = st.sampled_from((None, "nice_to_have", "essential"))
    proof = st.sampled_from((None, "assumed", "customers_said", "tested"))
    return st.lists(st.builds(Link, st.sampled_from(ids), relevance, proof), max_size=2).map(tuple)


@st.composite
def facts_of_scopes(draw: Draw, vocabulary: Vocabulary, scopes: Sequence[str]) -> dict[str, Value]:
    stated = {}
    for made in vocabulary.facts.values():
        if made.scope in scopes:
            value = draw(st.sampled_from((None, *(NUMBERS if made.is_number else made.values))))
            if value is not None:
                stated[made.id] = value
    return stated


@st.composite
def cases(draw: Draw) -> tuple[Client, Rulebase]:
    """A rulebase and a client that speaks its vocabulary."""
    rulebase = draw(rulebases())
    return draw(clients(rulebase.vocabulary)), rulebase
