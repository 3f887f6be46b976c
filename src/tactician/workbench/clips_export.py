"""A rulebase and a client as CLIPS 6.4 constructs that compute the same evidence, derived facts and totals.

Segments run side by side: the first field of every fact is the number of its segment. An unknown fact is absent.
Measures are given as facts.
"""

from __future__ import annotations

from collections.abc import Iterator

from tactician.facts.client import Client, Item, Segment
from tactician.facts.item_weights import FULL, weighing_attributes
from tactician.facts.measures import measure
from tactician.facts.vocabulary import ITEM_KINDS
from tactician.knowledge.conditions import Element, negate
from tactician.knowledge.expressions import show
from tactician.knowledge.rules import Block, Conclude, Evidence, Rule, Rulebase
from tactician.workbench.clips_conditions import Conditions, Expressions, Helper, Premise, symbol, text
from tactician.workbench.clips_sums import REPORT, SUMS, TEMPLATES

UNKNOWN = "unknown"


def rulebase_constructs(rulebase: Rulebase) -> tuple[str, ...]:
    """The constructs that stand for a rulebase, in order: load them, reset, assert a client's facts, and run."""
    return tuple(_Export(rulebase).constructs())


def client_facts(client: Client, rulebase: Rulebase) -> tuple[str, ...]:
    """What a client states as CLIPS facts, with the measures of each segment."""
    return tuple(
        fact
        for place, segment in enumerate(client.segments, start=1)
        for fact in _segment_facts(place, segment, client, rulebase)
    )


def program(rulebase: Rulebase, client: Client | None = None) -> str:
    """A file for CLIPS: load it, then (reset) and (run). With a client it ends by printing the totals."""
    opening = (
        f"; Rulebase {rulebase.version}, content {rulebase.digest[:16]}, for CLIPS 6.4: load, reset, run.",
        "; The first field of a fact is the number of its segment; a fact that is unknown is absent.",
    )
    given: tuple[str, ...] = ()
    if client is not None:
        facts = "\n".join(f"  {fact}" for fact in client_facts(client, rulebase))
        given = (f"(deffacts client {text(client.id)}\n{facts})", REPORT)
    return "\n\n".join(("\n".join(opening), *rulebase_constructs(rulebase), *given)) + "\n"


class _Export:
    """Compiles one rulebase."""

    def __init__(self, rulebase: Rulebase) -> None:
        self._rulebase = rulebase
        self._conditions = Conditions()
        self._expressions = Expressions()
        self._values = {spec.id: spec.values for spec in rulebase.specs.values() if not spec.is_number}

    def constructs(self) -> Iterator[str]:
        rules = list(self._rules())
        computed = list(self._computed())
        yield from TEMPLATES
        for kind in ITEM_KINDS:
            yield from self._items(kind)
        yield self._static()
        for helper in (*self._conditions.helpers, *self._expressions.helpers):
            yield from _helper_rules(helper)
        yield from rules
        yield from computed
        yield from SUMS

    def _rules(self) -> Iterator[str]:
        for rule in self._rulebase.rules:
            if rule.targets or isinstance(rule.then, Conclude):
                yield self._rule(rule)
            if rule.targets and rule.expected:
                name = f"{rule.id}-is-false"
                conclusion = f"(false {rule.id} ?s)"
                yield self._defrule(name, "", negate(rule.when, self._values), rule.stratum, conclusion)

    def _rule(self, rule: Rule) -> str:
        conclusions = f"(fired {rule.id} ?s {{weight}})"
        if isinstance(rule.then, Conclude):
            conclusions += f" ({rule.then.fact} ?s {symbol(rule.then.value)})"
        return self._defrule(rule.id, rule.because, rule.when, rule.stratum, conclusions)

    def _defrule(self, name: str, comment: str, when: Element, stratum: int, conclusions: str) -> str:
        premise = self._conditions.premise(when, stratum)
        return defrule(name, comment, premise, stratum, conclusions.format(weight=premise.weight))

    def _computed(self) -> Iterator[str]:
        for fact in self._rulebase.derived:
            if fact.expression is not None:
                premise, formula = self._expressions.compiled(fact.expression, fact.stratum)
                name = fact.spec.id
                yield defrule(name, show(fact.expression), premise, fact.stratum, f"({name} ?s {formula})")

    def _items(self, kind: str) -> Iterator[str]:
        """The template of a kind of item, and the rule that weighs it."""
        vocabulary, parameters = self._rulebase.vocabulary, self._rulebase.parameters
        names = [spec.name for spec in vocabulary.of_scope(kind)]
        slots = "".join(f" (slot {name} (default {UNKNOWN}))" for name in names)
        yield f"(deftemplate {kind} (slot segment) (slot id) (slot weight (default -1)){slots})"
        weight = str(FULL)
        for attribute in weighing_attributes(kind, parameters):
            table = parameters.item_weights[attribute]
            levels = {**table, UNKNOWN: table[str(vocabulary[attribute].typical)]}
            cases = " ".join(f"(case {level} then {worth})" for level, worth in levels.items())
            weight = f"(thousandths {weight} (switch ?{attribute.partition('.')[2]} {cases}))"
        bound = " ".join(f"({name} ?{name})" for name in names if f"?{name} " in weight)
        yield (
            f"(defrule weigh-{kind}\n  (declare (salience 9000))\n  ?item <- ({kind} (weight -1) {bound})\n  =>\n"
            f"  (modify ?item (weight {weight})))"
        )

    def _static(self) -> str:
        """What rules say about records, and the records, as facts that are always there."""
        lines = [f"(record {record})" for record in self._rulebase.records]
        for rule in self._rulebase.rules:
            match rule.then:
                case Evidence(targets, _, weight):
                    lines += (f"(weighs {rule.id} {target} {weight})" for target in targets)
                case Block(target):
                    lines.append(f"(blocks {rule.id} {target})")
            if rule.expected:
                lines += (f"(expects {rule.id} {target} {rule.expected})" for target in rule.targets)
        return "(deffacts rulebase\n  " + "\n  ".join(lines) + ")"


def defrule(name: str, comment: str, premise: Premise, stratum: int, conclusions: str) -> str:
    """One rule of CLIPS; its salience is its stratum, as lower strata come first."""
    patterns = premise.patterns or ("(segment (number ?s))",)
    said = f" {text(comment)}" if comment else ""
    lines = (
        f"(defrule {name}{said}",
        f"(declare (salience {-stratum}))",
        *patterns,
        "=>",
        f"(assert {conclusions}))",
    )
    return "\n  ".join(lines)


def _helper_rules(helper: Helper) -> Iterator[str]:
    for place, way in enumerate(helper.ways, start=1):
        conclusion = f"({helper.name} ?s {way.weight})"
        yield defrule(f"{helper.name}-{place}", helper.comment, way, helper.stratum, conclusion)


def _segment_facts(place: int, segment: Segment, client: Client, rulebase: Rulebase) -> Iterator[str]:
    yield f"(segment (number {place}) (name {text(segment.name)}) (share {segment.ppm}))"
    stated = {**client.facts, **segment.facts}
    for name in rulebase.specs:
        if name in stated:
            yield f"({name} {place} {symbol(stated[name])})"
    for derived in rulebase.derived:
        if derived.measure:
            result = measure(derived.measure, stated, segment, rulebase.vocabulary, rulebase.parameters)
            if result is not None:
                yield f"({derived.spec.id} {place} {symbol(result.value)})"
    for kind in ITEM_KINDS:
        if kind in segment.items:
            yield f"(listed {place} {kind})"
            yield from (_item(place, item) for item in segment.items[kind])


def _item(place: int, item: Item) -> str:
    slots = "".join(f" ({name} {level})" for name, level in item.attributes.items())
    return f"({item.kind} (segment {place}) (id {text(item.id)}){slots})"
