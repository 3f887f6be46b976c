"""Drafts the cases of a group of rules: situations, what must hold in each, and a sentence for a name."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tactician.facts.item_weights import FULL
from tactician.facts.vocabulary import Value
from tactician.knowledge.rules import Block, Conclude, DerivedFact, Evidence, Rule, Rulebase
from tactician.presentation.words import listed
from tactician.workbench.drafting import sentences
from tactician.workbench.drafting.groups import Group
from tactician.workbench.drafting.probes import Kind, Probe, Prober
from tactician.workbench.drafting.search import Search
from tactician.workbench.drafting.situations import Situation
from tactician.workbench.second_opinion import View

DECIMALS = 2
"""Of points of evidence."""
DERIVED_DECIMALS = 4
ALL_CLAUSES = 99


@dataclass(frozen=True, slots=True)
class Draft:
    """One drafted case."""

    name: str
    situation: Situation
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    evidence: Mapping[str, float] = field(default_factory=dict)
    derived: Mapping[str, Value | None] = field(default_factory=dict)
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Naming:
    """What a name is made of."""

    lead: str
    situation: Situation
    about: str
    missing: bool

    def text(self, rulebase: Rulebase, most: int) -> str:
        """The name, telling at most so many facts."""
        facts = sentences.facts_told(self.situation, self.about, rulebase, most)
        if not self.situation.parts:
            told = f"{self.lead} while nothing is known"
        elif self.missing:
            told = f"{self.lead} while {sentences.unsaid(self.about, rulebase)}, though {facts}"
        else:
            told = f"{self.lead} when {facts}"
        return told[:1].upper() + told[1:]


Named = tuple[Draft, Naming]


class Drafting:
    """Drafts cases under one rulebase."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self.prober = Prober(Search(rulebase))
        self.unreached: list[str] = []
        """Rules that no situation was found for."""

    def draft(self, group: Group) -> tuple[Draft, ...]:
        """The cases of a group, no two with the same facts about the same thing, or with the same name."""
        named = [each for fact in group.derived for each in self._of_fact(fact)]
        shown: dict[object, list[Probe]] = {}
        for rule in group.rules:
            probes = list(self.prober.rule(rule.id, rule.when))
            if not probes:
                self.unreached.append(rule.id)
            for probe in probes:
                shown.setdefault(probe.situation.key, []).append(probe)
        named += [self._of_rules(group, probes) for probes in self._in_order(shown.values())]
        return tuple(self._apart(named))

    def _in_order(self, shown: Iterable[list[Probe]]) -> list[list[Probe]]:
        """Situations that state the same facts beside one another, by rising values."""
        found = list(shown)
        first: dict[frozenset[str], int] = {}
        for at, probes in enumerate(found):
            first.setdefault(frozenset(probes[0].situation.parts), at)
        return sorted(found, key=lambda probes: self._reading_order(probes[0].situation, first))

    def _reading_order(self, situation: Situation, first: Mapping[frozenset[str], int]) -> tuple[object, ...]:
        specs = self.rulebase.specs
        values = [
            value if isinstance(value, float) else specs[fact].values.index(value)
            for fact, value in sorted(situation.facts.items())
        ]
        return first[frozenset(situation.parts)], values

    def _of_fact(self, fact: DerivedFact) -> Iterator[Named]:
        seen: dict[object, Probe] = {}
        for probe in self.prober.concluding(fact):
            seen.setdefault(probe.situation.key, probe)
        concluding = [rule for rule in self.rulebase.rules if _concludes(rule, fact)]
        for probe in seen.values():
            view = probe.situation.view(self.rulebase)
            value = view.value(fact.spec.id)
            shown = round(value, DERIVED_DECIMALS) if isinstance(value, float) else value
            draft = self._decided(probe.situation, view, concluding, [rule.id for rule in concluding])
            missing = probe.kind is Kind.MISSING and value is None
            naming = Naming(sentences.concluded(fact.spec, shown), probe.situation, probe.about, missing)
            yield replace(draft, derived={fact.spec.id: shown}), naming

    def _of_rules(self, group: Group, probes: Sequence[Probe]) -> Named:
        situation = probes[0].situation
        view = situation.view(self.rulebase)
        draft = self._decided(situation, view, group.rules, [probe.subject for probe in probes])
        telling = {probe.subject for probe in probes if probe.kind is Kind.FIRES}
        fired = [self.rulebase.rule[rule] for rule in draft.fires]
        evidence = {
            rule.id: round(_points(rule.then.cf, view.strength(rule.when)), DECIMALS)
            for rule in fired
            if isinstance(rule.then, Evidence) and (rule.id in telling or view.strength(rule.when) != FULL)
        }
        blocked = {rule.then.target for rule in fired if isinstance(rule.then, Block)}
        draft = replace(
            draft,
            fires=tuple(rule for rule in draft.fires if rule not in evidence),
            evidence=evidence,
            blocked=tuple(sorted(blocked)) if telling else (),
        )
        return draft, self._naming(group, probes, fired, draft)

    def _naming(self, group: Group, probes: Sequence[Probe], fired: Sequence[Rule], draft: Draft) -> Naming:
        open_ones = [probe for probe in probes if probe.subject in draft.undecided]
        missing = len(open_ones) == len(probes) and all(probe.kind is Kind.MISSING for probe in probes)
        about = probes[0].about
        if missing:
            lead = (
                f"{self._subject(group)} cannot be judged" if group.subject else _left_open(draft.undecided)
            )
        elif group.subject:
            lead = sentences.effects(self._subject(group), fired)
        else:
            lead = sentences.raised(fired)
        return Naming(lead, draft.situation, about, missing)

    def _subject(self, group: Group) -> str:
        is_family = any(isinstance(rule.then, Evidence) and rule.then.family for rule in group.rules)
        return sentences.family_aim(group.subject) if is_family else sentences.record_name(group.subject)

    def _decided(
        self, situation: Situation, view: View, rules: Iterable[Rule], focus: Iterable[str]
    ) -> Draft:
        """What is true and what is false of some rules; and of those in focus, what is unknown."""
        truths = {rule.id: view.truth(rule.when) for rule in rules}
        return Draft(
            "",
            situation,
            fires=tuple(rule for rule, truth in truths.items() if truth is True),
            silent=tuple(rule for rule, truth in truths.items() if truth is False),
            undecided=tuple(rule for rule in dict.fromkeys(focus) if truths[rule] is None),
        )

    def _apart(self, named: Sequence[Named]) -> Iterator[Draft]:
        """The drafts with names that differ: more facts where few are not enough, a number where none are."""
        short = Counter(naming.text(self.rulebase, sentences.CLAUSES) for _, naming in named)
        taken: Counter[str] = Counter()
        for draft, naming in named:
            name = naming.text(self.rulebase, sentences.CLAUSES)
            if short[name] > 1:
                name = naming.text(self.rulebase, ALL_CLAUSES)
            taken[name] += 1
            yield replace(draft, name=name if taken[name] == 1 else f"{name} ({taken[name]})")


def _points(cf: float, strength: int) -> float:
    """Weight of evidence in points, as PROSPECTOR defines it."""
    return 10 * math.log10((1 + cf) / (1 - cf)) * strength / FULL


def _concludes(rule: Rule, fact: DerivedFact) -> bool:
    return isinstance(rule.then, Conclude) and rule.then.fact == fact.spec.id


def _left_open(rules: Sequence[str]) -> str:
    return f"{listed(rules)} {'stays' if len(rules) == 1 else 'stay'} open"
