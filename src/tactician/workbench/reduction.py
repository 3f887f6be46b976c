"""Rulebases made of the few rules that matter, or with one rule or concluded fact replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tactician.knowledge.conditions import facts_read
from tactician.knowledge.derivation import conclusions
from tactician.knowledge.rules import Conclude, DerivedFact, Rule, Rulebase


class Reduction:
    """Cuts one rulebase down."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self._values_of = {spec.id: spec.values for spec in rulebase.specs.values() if not spec.is_number}
        self._needed = {fact.spec.id: self._closure(fact.reads) | {fact.spec.id} for fact in rulebase.derived}

    def needed(self, reads: Iterable[str]) -> frozenset[str]:
        """The concluded facts among some facts, and those they go back to."""
        return frozenset().union(*(self._needed.get(read, frozenset()) for read in reads))

    def small(self, rules: Iterable[Rule], fact: DerivedFact | None = None) -> Rulebase:
        """The rulebase of some rules, and of one concluded fact in place of its original, with what they need."""
        chosen = tuple(rules)
        needed = self.needed(read for rule in chosen for read in facts_read(rule.when))
        if fact is not None:
            needed |= self.needed([fact.spec.id, *fact.reads])
        derived = [each for each in self.rulebase.derived if each.spec.id in needed]
        concluding = [
            r for r in self.rulebase.rules if isinstance(r.then, Conclude) and r.then.fact in needed
        ]
        base = replace(self.rulebase, derived=tuple(derived), rules=(*concluding, *chosen))
        return base if fact is None else self.replaced(fact, base)

    def replaced(self, changed: Rule | DerivedFact, base: Rulebase | None = None) -> Rulebase:
        """The whole rulebase (or another) with one rule, or one concluded fact, in place of its original."""
        whole = base or self.rulebase
        if isinstance(changed, Rule):
            return replace(
                whole, rules=tuple(changed if rule.id == changed.id else rule for rule in whole.rules)
            )
        name = changed.spec.id
        rules = [
            rule for rule in whole.rules if not (isinstance(rule.then, Conclude) and rule.then.fact == name)
        ]
        derived = tuple(changed if fact.spec.id == name else fact for fact in whole.derived)
        return replace(whole, derived=derived, rules=(*conclusions(changed, self._values_of), *rules))

    def _closure(self, reads: Iterable[str]) -> frozenset[str]:
        known = self.rulebase.derived_by_id
        found: set[str] = set()
        waiting = [name for name in reads if name in known]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += [read for read in known[name].reads if read in known]
        return frozenset(found)
