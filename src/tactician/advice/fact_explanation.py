"""How a fact came to its value, why it is unknown, and what it is used for: as data."""

from __future__ import annotations

from dataclasses import dataclass

from tactician.advice.advise import Advice
from tactician.advice.explanation import facts_called, find, names_of_facts, settled_segments
from tactician.advice.ranking import Ranked
from tactician.advice.silence import Unmet, unmet
from tactician.advice.support import Support, known_value, supports
from tactician.advice.unknowns import missing_behind
from tactician.errors import UsageError, did_you_mean
from tactician.facts.vocabulary import FactSpec, Value
from tactician.inference.consultation import Witness
from tactician.inference.direct import DirectEngine, State, engine_for
from tactician.knowledge.rules import DerivedFact, Entry, Rule, Rulebase, spelt


@dataclass(frozen=True, slots=True)
class Tried:
    """One line of a decision list: whether it is true, and if not, why."""

    entry: Entry
    truth: bool | None
    unmet: Unmet | None


@dataclass(frozen=True, slots=True)
class FactReasons:
    """A fact as seen from one segment."""

    segment: str
    value: Value | None
    support: Support | None
    """What gives it its value; None while it is unknown."""
    tried: tuple[Tried, ...]
    """Of a decision list, the lines up to the one that decides, or that nobody knows."""
    missing: tuple[str, ...]
    """The facts without a value that keep it unknown."""


@dataclass(frozen=True, slots=True)
class Use:
    """A rule that fired on a fact, and what it adds to a record, in 10⁻¹² point."""

    record: Ranked
    rule: Rule
    share: int


@dataclass(frozen=True, slots=True)
class FactExplanation:
    """A fact: where it comes from and what it does."""

    advice: Advice
    spec: FactSpec
    derived: DerivedFact | None
    segments: tuple[FactReasons, ...]
    """One entry where it is the same in all."""
    feeds: tuple[str, ...]
    """The derived facts that read it."""
    uses: tuple[Use, ...]
    """The largest first."""

    def __repr__(self) -> str:
        client = self.advice.consultation.client.id
        return f"<FactExplanation of {self.spec.id} for {client}: reasons that rest on it: {len(self.uses)}>"


def find_fact(base: Rulebase, name: str) -> str:
    """A fact by its id, or by its name where no other has it; raises UsageError."""
    found = facts_called(base, name)
    if len(found) == 1:
        return found[0]
    hint = f"Write {' or '.join(found)}." if found else did_you_mean(spelt(name), names_of_facts(base, name))
    raise UsageError(f"There is {'more than one' if found else 'no'} fact called {name!r}.", hint)


def is_fact(advice: Advice, name: str) -> bool:
    """Whether a name is a fact's, or meant to be one's, and no record's."""
    try:
        find(advice, name)
    except UsageError:
        return "." in name or bool(facts_called(advice.consultation.rulebase, name))
    return False


def explain_fact(advice: Advice, name: str) -> FactExplanation:
    """Where a fact comes from and what it does; raises UsageError."""
    base = advice.consultation.rulebase
    fact = find_fact(base, name)
    states = settled_segments(advice)
    seen = states if base.specs[fact].scope == "segment" else states[:1]
    return FactExplanation(
        advice,
        base.specs[fact],
        base.derived_by_id.get(fact),
        tuple(_in_segment(advice, number, state, fact) for number, state in enumerate(seen)),
        tuple(derived.spec.id for derived in base.derived if fact in derived.reads),
        _uses(advice, fact),
    )


def _in_segment(advice: Advice, number: int, state: State, fact: str) -> FactReasons:
    consultation = advice.consultation
    engine = engine_for(consultation.rulebase)
    value = known_value(consultation, number, fact)
    derived = consultation.rulebase.derived_by_id.get(fact)
    return FactReasons(
        state.segment.name,
        value,
        None if value is None else supports(consultation, number, (Witness(fact, value),))[0],
        _tried(engine, state, derived) if derived else (),
        tuple(dict.fromkeys(missing_behind(engine, state, fact))),
    )


def _tried(engine: DirectEngine, state: State, derived: DerivedFact) -> tuple[Tried, ...]:
    found = []
    for entry in derived.entries:
        truth = True if entry.when is None else engine.element_truth(state, entry.when)
        why = None if truth or entry.when is None else unmet(engine, state, entry.when)
        found.append(Tried(entry, truth, why))
        if truth is not False:
            break
    return tuple(found)


def _uses(advice: Advice, fact: str) -> tuple[Use, ...]:
    base = advice.consultation.rulebase
    shares: dict[tuple[str, str], int] = {}
    entries = {entry.id: entry for entry in advice.ranked}
    for entry in advice.ranked:
        for piece in entry.evidence:
            if any(witness.fact == fact for witness in piece.witnesses):
                key = entry.id, piece.rule
                shares[key] = shares.get(key, 0) + piece.share
    found = [Use(entries[record], base.rule[rule], share) for (record, rule), share in shares.items()]
    return tuple(sorted(found, key=lambda use: (-abs(use.share), use.rule.id, use.record.id)))
