"""Why a question is asked: which tactics it decides, by which rules, and what each answer would do to the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tactician.advice.plan import Horizon, Plan
from tactician.advice.ranking import rank
from tactician.advice.scheduling import make_plan
from tactician.facts.client import Client
from tactician.facts.vocabulary import FactSpec
from tactician.inference.direct import consult
from tactician.interview.slots import Slot
from tactician.interview.standing import Standing
from tactician.interview.waiting import waiting
from tactician.knowledge.rules import Block, Evidence, Rule
from tactician.presentation.words import answer, listed, sentence

MOST_RULES = 5


def why_fact(standing: Standing, spec: FactSpec, segments: Sequence[str]) -> list[str]:
    """The reason for asking for a fact."""
    lines = [spec.help] if spec.help else []
    lines += why_slots(standing, [Slot(spec.id, name) for name in segments])
    effects = {}
    now = plan_of(standing, standing.client)
    for value in spec.choices:
        client = standing.client
        for name in segments:
            client = client.with_fact(spec.id, value, client.segment_index(name) if name else 0)
        effects[answer(spec, value, client)] = "; ".join(_changes(now, plan_of(standing, client)))
    return [*lines, "What each answer would do to the plan:", *_told(effects)]


def _told(effects: Mapping[str, str]) -> Iterator[str]:
    """What each answer does; those that do nothing in one line."""
    changing = {words: effect for words, effect in effects.items() if effect}
    yield from (f"  {words}: {effect}." for words, effect in changing.items())
    if len(changing) < len(effects):
        which = "any other" if changing else "any"
        yield f"  {which}: no change to what you would start now or take next."


def why_slots(standing: Standing, slots: Sequence[Slot]) -> list[str]:
    """Which tactics wait for some slots, and by which rules: the weightiest reasons first."""
    rules = sorted(_waiting_rules(standing, slots), key=lambda rule: (-_weight(rule), rule.id))
    if not rules:
        return ["No reason for or against a tactic waits for this at the moment."]
    records = standing.desk.rulebase.records
    tactics = [target for rule in rules for target in rule.targets if records[target].group == "tactics"]
    names = [records[tactic].name for tactic in dict.fromkeys(tactics)]
    shown = names[:MOST_RULES]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    lines = [f"It decides about {', '.join(shown)}{more}." if more else f"It decides about {listed(shown)}."]
    for rule in rules[:MOST_RULES]:
        lines.append(f"  {_direction(rule)} {_targets(standing, rule)}: {sentence(rule.because)} ({rule.id})")
    if len(rules) > MOST_RULES:
        lines.append(f"  … and {len(rules) - MOST_RULES} more rules.")
    return lines


def _waiting_rules(standing: Standing, slots: Sequence[Slot]) -> Iterator[Rule]:
    wanted = set(slots)
    for rule in standing.desk.reasons:
        if wanted & waiting(standing.desk.engine, standing.states, [rule], weights=False):
            yield rule


def _weight(rule: Rule) -> int:
    return abs(rule.then.weight) if isinstance(rule.then, Evidence) else 1 << 40


def _direction(rule: Rule) -> str:
    if isinstance(rule.then, Block):
        return "rules out"
    return "for" if _is_for(rule) else "against"


def _is_for(rule: Rule) -> bool:
    return isinstance(rule.then, Evidence) and rule.then.weight > 0


def _targets(standing: Standing, rule: Rule) -> str:
    if isinstance(rule.then, Evidence) and rule.then.family:
        return f"all {rule.then.family} tactics"
    records = standing.desk.rulebase.records
    return listed([records[target].name for target in rule.targets])


def plan_of(standing: Standing, client: Client) -> Plan:
    """The plan of a client, by the direct engine."""
    consultation = consult(client, standing.desk.rulebase)
    groups = rank(consultation)
    return make_plan(consultation, groups["tactics"], groups["levers"])


def _changes(before: Plan, after: Plan) -> Iterator[str]:
    """What changes in what is started now, then next."""
    for horizon, verb in ((Horizon.NOW, "start now"), (Horizon.NEXT, "take next")):
        names = [_names(plan, horizon) for plan in (before, after)]
        new = [name for name in names[1] if name not in names[0]]
        gone = [name for name in names[0] if name not in names[1]]
        if new or gone:
            yield _exchange(verb, new, gone)


def _names(plan: Plan, horizon: Horizon) -> list[str]:
    return [line.ranked.record.name for line in plan[horizon]]


def _exchange(verb: str, new: list[str], gone: list[str]) -> str:
    if new and gone:
        return f"{verb} {listed(new)} instead of {listed(gone)}"
    return f"{verb} {listed(new)} too" if new else f"do not {verb} {listed(gone)}"
