"""Compiles derived/: decision lists to exclusive rules, and every derived fact with its stratum and range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tactician.facts.vocabulary import ITEM_KINDS, FactSpec
from tactician.knowledge.conditions import Element, Test, conjoin, facts_read, leaves, negate
from tactician.knowledge.elements import Reader
from tactician.knowledge.expressions import BadExpression, Expression, Range, facts_of, value_range
from tactician.knowledge.fact_entries import check_value, outside
from tactician.knowledge.files import DerivedShape, EntryShape
from tactician.knowledge.formulas import RANGES, range_of, read_expression, read_measure
from tactician.knowledge.passages import Passage
from tactician.knowledge.rules import Conclude, DerivedFact, Entry, Rule
from tactician.knowledge.strata import strata
from tactician.knowledge.terms import Terms

WAYS = ("first", "value", "measure")


@dataclass(frozen=True, slots=True)
class Draft:
    """A derived fact whose stratum and range are not yet known."""

    shape: DerivedShape
    passage: Passage
    spec: FactSpec
    entries: tuple[Entry, ...] = ()
    expression: Expression | None = None
    reads: frozenset[str] = frozenset()


class Derivation:
    """Compiles the derived facts of one rulebase."""

    def __init__(self, terms: Terms, parameters: Mapping[str, float]) -> None:
        self.terms = terms
        self.parameters = parameters
        self.reader = Reader(terms)

    def compile(self, stated: Iterable[tuple[Passage, DerivedShape]]) -> tuple[DerivedFact, ...]:
        """The derived facts in rising stratum; notes what is wrong, loops included.

        The ranges that were worked out stand in the specs of the terms afterwards.
        """
        drafts = {f"{shape.scope}.{shape.name}": self._draft(passage, shape) for passage, shape in stated}
        sound = {name: draft for name, draft in drafts.items() if draft is not None}
        found, loops = strata({name: draft.reads for name, draft in sound.items()})
        for loop in loops:
            places = ", ".join(f"{name} in {sound[name].passage.place}" for name in loop[1:-1])
            hint = f"It also runs through {places}." if places else "A fact cannot be concluded from itself."
            sound[loop[0]].passage.refuse(f"{' → '.join(loop)} is a loop", hint)
        order = sorted((name for name in sound if name in found), key=found.__getitem__)
        return tuple(self._fact(sound[name], found[name]) for name in order)

    def _draft(self, passage: Passage, shape: DerivedShape) -> Draft | None:
        spec = self.terms.specs[f"{shape.scope}.{shape.name}"]
        ways = [way for way in WAYS if getattr(shape, way) is not None]
        if len(ways) != 1:
            passage.refuse("exactly one of first, value and measure says how it is concluded")
            return None
        self.terms.check_sources(passage.at("sources"))
        before = len(passage.file.problems)
        draft = self._concluded(Draft(shape, passage, spec), ways[0])
        if spec.scope != "segment":
            for read in sorted(
                read for read in draft.reads if read.startswith("segment.") or read in ITEM_KINDS
            ):
                what = f"a fact of the {spec.scope} cannot depend on {read}, which differs by segment"
                passage.refuse(what, "Use scope: segment.")
        spoilt = len(passage.file.problems) > before or draft.reads & self.terms.broken
        return None if spoilt else draft

    def _concluded(self, draft: Draft, way: str) -> Draft:
        passage = draft.passage.at(way)
        if way == "measure":
            return replace(draft, reads=read_measure(passage, self.terms, draft.spec))
        if way == "value":
            expression = read_expression(passage, self.terms, draft.spec, self.parameters)
            reads = frozenset(facts_of(expression) if expression else ())
            return replace(draft, expression=expression, reads=reads)
        shapes = draft.shape.first or []
        lines = zip(passage.entries(), shapes, strict=True)
        found = [self._line(line, shape, draft, len(shapes)) for line, shape in lines]
        entries = tuple(entry for entry in found if entry)
        read = (facts_read(entry.when) for entry in entries if entry.when)
        return replace(draft, entries=entries, reads=frozenset().union(*read))

    def _line(self, passage: Passage, shape: EntryShape, draft: Draft, lines: int) -> Entry | None:
        stem = draft.shape.name.upper().replace("_", "-")
        number = int(passage.path[-1]) + 1
        given = shape.model_fields_set - {"id"}
        if given not in ({"when", "is_"}, {"otherwise"}):
            passage.refuse("a line of a decision list has when with is, or otherwise")
            return None
        conditional = "when" in given
        if not conditional and (number < lines or number == 1):
            passage.refuse("otherwise stands last, after at least one when")
        if conditional and not shape.id:
            passage.refuse("'id' is missing", f"Write {stem}-{number}.")
        elif shape.id and not shape.id.startswith(f"{stem}-"):
            passage.at("id").refuse(f"{shape.id} does not start with {stem}-", f"Write {stem}-{number}.")
        at = passage.at("is" if conditional else "otherwise")
        value = check_value(at.value, draft.spec, at)
        when = self.reader.when(passage.at("when")) if conditional else None
        if value is None or (conditional and when is None):
            return None
        return Entry(shape.id or f"{stem}-OTHERWISE", when, value)

    def _fact(self, draft: Draft, stratum: int) -> DerivedFact:
        self._check_constants(draft)
        spec = self._ranged(draft) if draft.spec.is_number else draft.spec
        self.terms.specs[spec.id] = spec
        return DerivedFact(
            spec=spec, stratum=stratum, because=draft.shape.because, grade=draft.shape.grade,
            sources=tuple(draft.shape.sources), place=draft.passage.place, entries=draft.entries,
            expression=draft.expression, measure=draft.shape.measure or "", reads=draft.reads,
        )  # fmt: skip

    def _check_constants(self, draft: Draft) -> None:
        """Notes numbers that a derived fact, whose range is known only now, cannot reach."""
        for number, entry in enumerate(draft.entries):
            for test in leaves(entry.when) if entry.when else ():
                if (
                    isinstance(test, Test)
                    and (spec := self.terms.specs[test.fact]).derived
                    and spec.is_number
                ):
                    for what in filter(None, (outside(float(value), spec) for value in test.values)):
                        draft.passage.at("first", number, "when").refuse(what)

    def _ranged(self, draft: Draft) -> FactSpec:
        """The spec with the range its values can have; notes when that is not within the stated one."""
        try:
            low, high = self._range(draft)
        except BadExpression as error:
            draft.passage.at("value").refuse(str(error), "Use max(…, 1) or another bound above 0.")
            return draft.spec
        stated = range_of(draft.spec)
        for key, value, beyond in (("min", low, low < stated[0]), ("max", high, high > stated[1])):
            if beyond:
                what = f"the value can be {value:g}, which is beyond this"
                draft.passage.at(key).refuse(what, "Bound it with min or max.")
        return replace(
            draft.spec,
            minimum=low if math.isfinite(low) else None,
            maximum=high if math.isfinite(high) else None,
        )

    def _range(self, draft: Draft) -> Range:
        if draft.expression is not None:
            return value_range(
                draft.expression, {name: range_of(self.terms.specs[name]) for name in draft.reads}
            )
        if draft.entries:
            values = [float(entry.value) for entry in draft.entries]
            return min(values), max(values)
        return RANGES[draft.shape.measure or ""]


def conclusions(fact: DerivedFact, values_of: dict[str, tuple[str | bool, ...]]) -> list[Rule]:
    """The exclusive rules of a decision list: each line holds where all earlier ones are known to fail."""
    failed: list[Element] = []
    rules = []
    for entry in fact.entries:
        own = [] if entry.when is None else [entry.when]
        rules.append(
            Rule(
                id=entry.rule, when=conjoin(*failed, *own), then=Conclude(fact.spec.id, entry.value),
                because=fact.because, grade=fact.grade, sources=fact.sources, stratum=fact.stratum,
                place=fact.place,
            )
        )  # fmt: skip
        failed += [negate(element, values_of) for element in own]
    return rules
