"""Tries one mutant against the cases that can see it, on a rulebase made of the rules that matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tactician.facts.vocabulary import Value
from tactician.inference.direct import DirectEngine
from tactician.knowledge.conditions import facts_read
from tactician.knowledge.rules import Block, DerivedFact, Rule, Rulebase
from tactician.workbench.case_checks import SEGMENT_CHECKS, Observation, failures
from tactician.workbench.case_running import Looking, looking_with, run_case
from tactician.workbench.cases import RULE_KINDS, Case, CaseFile, Expectation
from tactician.workbench.mutants import Mutant
from tactician.workbench.reduction import Reduction

BLOCKING = ("blocked", "not_blocked")
Outcome = tuple[Value | None, int]
"""What a rule (true, false or unknown, and how strongly) or a concluded fact comes out as."""


class Trial:
    """The cases against which the mutants of a rulebase are tried."""

    def __init__(self, rulebase: Rulebase, files: Iterable[CaseFile]) -> None:
        self.rulebase = rulebase
        self.reduction = Reduction(rulebase)
        cases = [case for file in files for case in file.cases]
        self.plan_cases = [case for case in cases if case.needs_plan]
        self.about: dict[str, dict[int, Case]] = {}
        """By subject: the cases that speak of it, by number."""
        for number, case in enumerate(cases):
            for expectation in case.expectations:
                self.about.setdefault(_subject(expectation), {})[number] = case

    def killed(self, mutant: Mutant) -> bool:
        """Whether some case notices a mutant."""
        if isinstance(mutant.changed, Rule):
            return self._rule_killed(mutant.changed)
        return self._fact_killed(mutant.changed)

    def _rule_killed(self, rule: Rule) -> bool:
        original = self.rulebase.rule[rule.id]
        if self._noticed(self._said_of([original]), self.reduction.small([rule, *self._beside([original])])):
            return True
        before, after = self.reduction.small([original]), self.reduction.small([rule])
        return self._plan_fails(rule, before, after)

    def _fact_killed(self, fact: DerivedFact) -> bool:
        name = fact.spec.id
        if self._noticed(self._names(name), self.reduction.small([], fact)):
            return True
        above = [each.spec.id for each in self.rulebase.derived if name in self.reduction.needed(each.reads)]
        rules = [r for r in self.rulebase.rules if name in self.reduction.needed(facts_read(r.when))]
        subjects = {subject for each in above for subject in self._names(each)} | self._said_of(rules)
        if self._noticed(subjects, self.reduction.small([*rules, *self._beside(rules)], fact)):
            return True
        original = self.rulebase.derived_by_id[name]
        return self._plan_fails(fact, self.reduction.small([], original), self.reduction.small([], fact))

    def _names(self, fact: str) -> set[str]:
        """A concluded fact and the lines of its decision list."""
        return {fact, *(entry.rule for entry in self.rulebase.derived_by_id[fact].entries)}

    def _said_of(self, rules: Iterable[Rule]) -> set[str]:
        """Some rules, and what is said of the records that they block."""
        found = set()
        for rule in rules:
            found.add(rule.id)
            if isinstance(rule.then, Block):
                found.add(f"block {rule.then.target}")
        return found

    def _beside(self, rules: Iterable[Rule]) -> list[Rule]:
        """The other rules that block what some rules block."""
        rules = list(rules)
        known = {rule.id for rule in rules}
        targets = dict.fromkeys(rule.then.target for rule in rules if isinstance(rule.then, Block))
        found = [rule for target in targets for rule in self.rulebase.by_target[target]]
        return [rule for rule in found if isinstance(rule.then, Block) and rule.id not in known]

    def _noticed(self, subjects: set[str], small: Rulebase) -> bool:
        """Whether a case fails in what it says of these subjects."""
        look = looking_with(DirectEngine(small))
        found = {number: case for subject in subjects for number, case in self.about.get(subject, {}).items()}
        for case in found.values():
            said = tuple(
                each for each in case.expectations if _subject(each) in subjects and _known(each, small)
            )
            part = replace(case, expectations=said)
            if next(failures(part, small, look(part), None), None) is not None:
                return True
        return False

    def _plan_fails(self, changed: Rule | DerivedFact, before: Rulebase, after: Rulebase) -> bool:
        """Whether a case about the plan fails, among those that the change can matter to."""
        looks = [looking_with(DirectEngine(each)) for each in (before, after)]
        matter = [case for case in self.plan_cases if self._matters(changed, case, looks)]
        if not matter:
            return False
        whole = self.reduction.replaced(changed)
        look = looking_with(DirectEngine(whole))
        return any(not run_case(case, whole, look).passed for case in matter)

    def _matters(self, changed: Rule | DerivedFact, case: Case, looks: list[Looking]) -> bool:
        whole = replace(case, segments=tuple(range(len(case.client.segments))))
        before, after = ([_outcome(changed, seen) for seen in look(whole)] for look in looks)
        if before != after:
            return True
        if isinstance(changed, DerivedFact):
            return False
        concludes_otherwise = changed.then != self.rulebase.rule[changed.id].then
        return concludes_otherwise and any(truth is True for truth, _ in after)


def _outcome(changed: Rule | DerivedFact, seen: Observation) -> Outcome:
    if isinstance(changed, DerivedFact):
        return seen.value(changed.spec.id), 0
    truth = seen.truth(changed.id)
    return truth, seen.strength(changed.id) if truth else 0


def _subject(expectation: Expectation) -> str:
    return f"block {expectation.subject}" if expectation.kind in BLOCKING else expectation.subject


def _known(expectation: Expectation, small: Rulebase) -> bool:
    """Whether a small rulebase can tell about an expectation."""
    if expectation.kind not in SEGMENT_CHECKS:
        return False
    return expectation.kind not in RULE_KINDS or expectation.subject in small.rule
