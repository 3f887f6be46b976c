"""Checks what a case expects against what an engine found, and says in words what differs and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tactician.advice.advise import Advice
from tactician.advice.preparation import preparation
from tactician.advice.ranking import Ranked
from tactician.facts.shape import UNKNOWN
from tactician.facts.vocabulary import Value
from tactician.inference.weights import POINT, points
from tactician.knowledge.rules import Block, Evidence, Rulebase
from tactician.workbench.case_files import NO_HORIZON
from tactician.workbench.cases import Case, Expectation, Failure
from tactician.workbench.notation import decisive, same, show_value
from tactician.workbench.second_opinion import Truth, View

WANTED: dict[str, Truth] = {"fires": True, "silent": False, "undecided": None}
SHOWN = 5
"""How many reasons or records a failure tells of."""
STATES: dict[Truth, str] = {True: "fires", False: "is silent", None: "is undecided"}


@dataclass(frozen=True, slots=True)
class Observation:
    """What an engine found in one segment."""

    index: int
    truth: Callable[[str], Truth]
    """Of the condition of a rule."""
    strength: Callable[[str], int]
    """Of a rule that fires: its item weight in thousandths."""
    value: Callable[[str], Value | None]
    """Of a derived fact."""


def failures(
    case: Case, rulebase: Rulebase, observations: Iterable[Observation], advice: Advice | None
) -> Iterator[Failure]:
    """Everything that a case expects and that does not hold; `advice` where the case speaks of the plan."""
    in_segments = [each for each in case.expectations if each.kind in SEGMENT_CHECKS]
    for observation in observations:
        scene = Scene(case, rulebase, observation)
        for expectation in in_segments:
            failure = SEGMENT_CHECKS[expectation.kind](scene, expectation)
            if failure is not None:
                yield failure
    if advice is not None:
        for expectation in case.expectations:
            if expectation.kind in PLAN_CHECKS:
                found = PLAN_CHECKS[expectation.kind](advice, expectation)
                if found is not None:
                    yield Failure(expectation, *found)


@dataclass(frozen=True, slots=True)
class Scene:
    """One segment of a case as an engine sees it."""

    case: Case
    rulebase: Rulebase
    observation: Observation

    def failure(self, expectation: Expectation, expected: str, found: str, why: str = "") -> Failure:
        """A failure here."""
        segments = self.case.client.segments
        name = segments[self.observation.index].name if len(segments) > 1 else ""
        return Failure(expectation, expected, found, why, name)

    def why(self, rule: str) -> str:
        """What makes the condition of a rule true, false or unknown."""
        view = View.of(self.case.client, self.observation.index, self.rulebase)
        return decisive(self.rulebase.rule[rule].when, view)


def _truth(scene: Scene, expectation: Expectation) -> Failure | None:
    wanted, found = WANTED[expectation.kind], scene.observation.truth(expectation.subject)
    if found is wanted:
        return None
    why = scene.why(expectation.subject)
    return scene.failure(expectation, f"{expectation.subject} {STATES[wanted]}", f"it {STATES[found]}", why)


def _evidence(scene: Scene, expectation: Expectation) -> Failure | None:
    rule, expected = expectation.subject, expectation.expected
    assert isinstance(expected, int | float)
    wanted = f"{rule} gives {expected:+g} points"
    if scene.observation.truth(rule) is not True:
        state = STATES[scene.observation.truth(rule)]
        return scene.failure(expectation, wanted, f"it {state}", scene.why(rule))
    then = scene.rulebase.rule[rule].then
    if not isinstance(then, Evidence):
        return scene.failure(expectation, wanted, "it gives no evidence")
    strength = scene.observation.strength(rule)
    given = then.weight * strength / POINT
    if abs(given - expected) <= scene.case.margin:
        return None
    why = f"certainty factor {then.cf:g}, item weight {strength / 1000:g}"
    return scene.failure(expectation, wanted, f"it gives {given:+.4g}", why)


def _derived(scene: Scene, expectation: Expectation) -> Failure | None:
    fact = expectation.subject
    found = scene.observation.value(fact)
    expected = None if expectation.expected == UNKNOWN else expectation.expected
    if same(found, expected, scene.case.margin):
        return None
    return scene.failure(expectation, f"{fact} is {show_value(expected)}", f"it is {show_value(found)}",
                         _why_derived(scene, fact))  # fmt: skip


def _why_derived(scene: Scene, fact: str) -> str:
    """The lines of a decision list up to the one that decided, or the inputs."""
    view = View.of(scene.case.client, scene.observation.index, scene.rulebase)
    derived = scene.rulebase.derived_by_id[fact]
    told = []
    for entry in derived.entries:
        if entry.when is None:
            continue
        told.append(f"{entry.rule}: {decisive(entry.when, view)}")
        if view.truth(entry.when) is not False:
            break
    if not derived.entries and not derived.measure:
        told = [f"{read} is {show_value(view.value(read))}" for read in sorted(derived.reads)]
    return "; ".join(told)


def _blocked(scene: Scene, expectation: Expectation) -> Failure | None:
    record, wanted = expectation.subject, expectation.kind == "blocked"
    blocks = [rule.id for rule in scene.rulebase.by_target[record] if isinstance(rule.then, Block)]
    true = [rule for rule in blocks if scene.observation.truth(rule)]
    if bool(true) == wanted:
        return None
    states = {True: "ruled out", False: "not ruled out"}
    why = "; ".join(f"{rule}: {scene.why(rule)}" for rule in (true or blocks)) or "no rule blocks it"
    return scene.failure(expectation, f"{record} is {states[wanted]}", f"it is {states[not wanted]}", why)


SEGMENT_CHECKS: dict[str, Callable[[Scene, Expectation], Failure | None]] = {
    **dict.fromkeys(WANTED, _truth),
    "evidence": _evidence,
    "derived": _derived,
    "fit": _derived,
    "blocked": _blocked,
    "not_blocked": _blocked,
}

Told = tuple[str, str, str]
"""What was expected, what was found, and why."""


def _rank(advice: Advice, expectation: Expectation) -> Told | None:
    entry = _entry(advice, expectation.subject)
    assert isinstance(expectation.expected, tuple)
    best, worst = expectation.expected
    if best <= entry.rank <= worst:
        return None
    span = f"{best}" if best == worst else f"{best} to {worst}" if worst < 10**6 else f"{best} or worse"
    return f"{entry.id} has rank {span}", f"rank {entry.rank}", _around(advice, expectation.subject)


def _outranks(advice: Advice, expectation: Expectation) -> Told | None:
    entry, other = _entry(advice, expectation.subject), _entry(advice, str(expectation.expected))
    if entry.rank < other.rank:
        return None
    why = f"{_points(entry)} against {_points(other)}"
    return f"{entry.id} ranks before {other.id}", f"ranks {entry.rank} and {other.rank}", why


def _horizon(advice: Advice, expectation: Expectation) -> Told | None:
    wanted = expectation.expected
    assert isinstance(wanted, tuple)
    horizon = advice.plan.horizons.get(expectation.subject)
    found = NO_HORIZON if horizon is None else horizon.value
    if found in wanted:
        return None
    entry = _entry(advice, expectation.subject)
    reasons = [reason for line in advice.plan if line.id == expectation.subject for reason in line.reasons]
    causes = [f"{reason.cause.value} {reason.other}".rstrip() for reason in reasons]
    why = ", ".join(dict.fromkeys(causes)) or f"rank {entry.rank}, {_points(entry)}"
    return f"{expectation.subject} stands in {' or '.join(wanted)}", found, why


def _warns(advice: Advice, expectation: Expectation) -> Told | None:
    raised = [warning.rule for warning in advice.warnings]
    if expectation.subject in raised:
        return None
    return f"{expectation.subject} warns", "it does not", f"raised: {', '.join(raised) or 'nothing'}"


def _prepares(advice: Advice, expectation: Expectation) -> Told | None:
    steps, checks = preparation(advice.consultation, expectation.subject)
    found = steps if expectation.kind == "prepares" else checks
    rules = [step.rule for step in found]
    if expectation.expected in rules:
        return None
    wanted = "is to be prepared" if expectation.kind == "prepares" else "is to be checked"
    return (
        f"{expectation.expected} {wanted} before {expectation.subject}",
        "it is not",
        f"there {'are' if rules else 'is'} {', '.join(rules) or 'nothing'}",
    )


PLAN_CHECKS: dict[str, Callable[[Advice, Expectation], Told | None]] = {
    "rank": _rank,
    "outranks": _outranks,
    "horizon": _horizon,
    "warns": _warns,
    "prepares": _prepares,
    "checks": _prepares,
}


def _entry(advice: Advice, record: str) -> Ranked:
    return next(entry for entry in advice.ranked if entry.id == record)


def _points(entry: Ranked) -> str:
    return f"{entry.id} {points(entry.total)} points"


def _around(advice: Advice, record: str) -> str:
    """The ranking down to a record, and its strongest reasons."""
    entry = _entry(advice, record)
    group = [other for other in advice.ranked if other.record.group == entry.record.group]
    strongest = [f"{piece.rule} {piece.weight / POINT:+.3g}" for piece in entry.evidence[:SHOWN]]
    ahead = ", ".join(_points(other) for other in group[: min(entry.rank, SHOWN)])
    return f"{_points(entry)} ({', '.join(strongest) or 'no evidence'}); ahead: {ahead}"
