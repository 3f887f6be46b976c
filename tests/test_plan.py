"""Each branch of the plan's algorithm, with small cases made by hand."""

from fractions import Fraction

import pytest

from hand_built import blocking, client, consultation, favour, preparing, record, rulebase
from tactician.advice.plan import Cause, Horizon, Load
from tactician.advice.ranking import rank
from tactician.advice.scheduling import make_plan
from tactician.facts.client import Item
from tactician.knowledge.rules import Conflict

CFS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1)


def planned(records, rules=(), who=None, fired=None, refuted=()):
    """The plan for records that rank in the order given, each by one favourable rule."""
    named = {rule.targets[0] for rule in rules if rule.targets}
    own = [favour(r.id, cf) for r, cf in zip(records, CFS, strict=False) if r.id not in named]
    base = rulebase(records, [*own, *rules])
    case = consultation(
        who or client(), base, [rule.id for rule in own] + [rule.id for rule in rules] if fired is None else fired,
        refuted=refuted,
    )  # fmt: skip
    groups = rank(case)
    return make_plan(case, groups["tactics"], groups["levers"])


def ids(plan, horizon):
    return [line.id for line in plan[horizon]]


def reasons(plan, name):
    [line] = [line for line in plan if line.id == name]
    return [(reason.cause, reason.horizon) for reason in line.reasons]


def strong(other):
    return Conflict(other, "strong", "They clash.")


def test_three_now_three_next_and_the_rest_later():
    plan = planned([record(name) for name in "abcdefgh"])
    assert ids(plan, Horizon.NOW) == ["a", "b", "c"]
    assert ids(plan, Horizon.NEXT) == ["d", "e", "f"]
    assert ids(plan, Horizon.LATER) == ["g", "h"]
    assert reasons(plan, "a") == [(Cause.FITS, Horizon.NOW)]
    assert reasons(plan, "d") == [(Cause.NO_PLACE_LEFT, Horizon.NOW), (Cause.FITS, Horizon.NEXT)]
    assert reasons(plan, "g") == [(Cause.NO_PLACE_LEFT, Horizon.NOW), (Cause.NO_PLACE_LEFT, Horizon.NEXT)]


def test_only_tactics_with_more_for_than_against_are_planned():
    plan = planned(
        [record("a"), record("b"), record("c")], [favour("b", -0.2), favour("c", 0.1), favour("c", -0.1)]
    )
    assert [line.id for line in plan] == ["a"]
    assert (plan.good, plan.wanted) == (1, 3)


def test_running_tactics_come_first_and_cost_nothing_new():
    running = record("r", month=500, hours_week=50)
    plan = planned(
        [record("a", month=100, hours_week=5), running],
        [preparing("P", 10, "r")],
        client(100, 5, running=["r"]),
    )
    [line] = plan[Horizon.RUNNING]
    assert line.id == "r"
    assert (line.setup, line.running) == (Load(Fraction(0), Fraction(0)),) * 2
    assert (line.preparation, line.checks) == ((), ())
    assert reasons(plan, "r") == [(Cause.ALREADY_RUNNING, Horizon.RUNNING)]
    assert ids(plan, Horizon.NOW) == ["a"]


@pytest.mark.parametrize(
    ("rule", "cause"),
    [(favour("r", -0.2), Cause.RUNNING_BUT_WEAK), (blocking("r"), Cause.RUNNING_BUT_BLOCKED)],
    ids=["weak", "blocked"],
)
def test_a_running_tactic_that_does_not_fit_is_kept_with_a_warning(rule, cause):
    plan = planned([record("a"), record("r")], [rule], client(running=["r"]))
    assert reasons(plan, "r") == [(Cause.ALREADY_RUNNING, Horizon.RUNNING), (cause, Horizon.RUNNING)]


def test_money_while_setting_up_is_running_cost_plus_a_twelfth_of_the_setup():
    exact = planned([record("a", setup=600, month=50)], who=client(budget=100))
    assert ids(exact, Horizon.NOW) == ["a"]
    assert exact[Horizon.NOW][0].setup == Load(Fraction(100), Fraction(0))
    assert exact[Horizon.NOW][0].running == Load(Fraction(50), Fraction(0))
    over = planned([record("a", setup=600.12, month=50)], who=client(budget=100))
    assert ids(over, Horizon.LATER) == ["a"]


def test_hours_while_setting_up_include_a_twelfth_of_setup_and_preparation():
    plan = planned([record("a", hours_setup=12, hours_week=2)], [preparing("P", 24, "a")], client(hours=5))
    assert plan[Horizon.NOW][0].setup == Load(Fraction(0), Fraction(5))
    assert [step.rule for step in plan[Horizon.NOW][0].preparation] == ["P"]
    short = planned([record("a", hours_setup=12, hours_week=2)], [preparing("P", 25, "a")], client(hours=5))
    assert ids(short, Horizon.LATER) == ["a"]


def test_one_that_does_not_fit_is_passed_over_with_what_it_needs_and_what_is_left():
    records = [record("a", month=80), record("b", month=30), record("c", month=20)]
    plan = planned(records, who=client(budget=100))
    assert ids(plan, Horizon.NOW) == ["a", "c"]
    [line] = plan[Horizon.LATER]
    assert [(r.cause, r.horizon, r.needed, r.left) for r in line.reasons] == [
        (Cause.TOO_MUCH_MONEY, Horizon.NOW, 30, 20),
        (Cause.TOO_MUCH_MONEY, Horizon.NEXT, 30, 0),
    ]


def test_both_money_and_hours_are_named_when_both_are_short():
    plan = planned(
        [record("a", month=80, hours_week=4), record("b", month=30, hours_week=2)], who=client(100, 5)
    )
    assert reasons(plan, "b")[:2] == [
        (Cause.TOO_MUCH_MONEY, Horizon.NOW),
        (Cause.TOO_MANY_HOURS, Horizon.NOW),
    ]


def test_next_fits_beside_the_running_part_of_now_only():
    records = [record("a", setup=960, month=20), record("b", setup=600, month=30)]
    plan = planned(records, who=client(budget=100))
    assert ids(plan, Horizon.NOW) == ["a"]
    assert ids(plan, Horizon.NEXT) == ["b"]
    heavier = planned([records[0], record("b", setup=600, month=30.01)], who=client(budget=100))
    assert ids(heavier, Horizon.LATER) == ["b"]


def test_decimal_amounts_add_up_exactly():
    records = [record("a", month=0.1), record("b", month=0.2)]
    assert ids(planned(records, who=client(budget=0.3)), Horizon.NOW) == ["a", "b"]


def test_what_exceeds_the_whole_budget_or_all_hours_says_so():
    plan = planned([record("a", month=101), record("b", hours_week=6)], who=client(100, 5))
    assert reasons(plan, "a")[-1] == (Cause.BEYOND_BUDGET, Horizon.LATER)
    assert reasons(plan, "b")[-1] == (Cause.BEYOND_HOURS, Horizon.LATER)
    assert [reason.needed for reason in plan[Horizon.LATER][0].reasons] == [101, 101, 101]


def test_unknown_budget_and_hours_are_no_limit():
    plan = planned([record("a", month=10**6, hours_week=100)])
    assert ids(plan, Horizon.NOW) == ["a"]
    assert (plan.budget, plan.hours) == (None, None)


def test_a_strong_conflict_makes_the_lower_one_an_alternative():
    plan = planned([record("a"), record("b", conflicts=[strong("a")]), record("c")])
    assert ids(plan, Horizon.NOW) == ["a", "c"]
    [line] = plan[Horizon.ALTERNATIVE]
    assert [(r.cause, r.other, r.why) for r in line.reasons] == [(Cause.STRONG_CONFLICT, "a", "They clash.")]


def test_a_conflict_counts_whichever_record_states_it():
    plan = planned([record("a", conflicts=[strong("b")]), record("b")])
    assert ids(plan, Horizon.ALTERNATIVE) == ["b"]


def test_conflicts_with_what_already_runs_count():
    plan = planned([record("a", conflicts=[strong("r")]), record("r")], who=client(running=["r"]))
    assert ids(plan, Horizon.ALTERNATIVE) == ["a"]
    assert ids(plan, Horizon.NOW) == []


def test_one_that_was_passed_over_is_no_obstacle_to_its_rival():
    records = [record("a", month=150, conflicts=[strong("b")]), record("b")]
    plan = planned(records, who=client(budget=100))
    assert ids(plan, Horizon.NOW) == ["b"]
    assert ids(plan, Horizon.ALTERNATIVE) == ["a"]
    assert reasons(plan, "a") == [
        (Cause.TOO_MUCH_MONEY, Horizon.NOW),
        (Cause.STRONG_CONFLICT, Horizon.NEXT),
    ]


def test_a_mild_conflict_is_a_note_on_the_later_one():
    plan = planned([record("a", conflicts=[Conflict("b", "mild", "They rub.")]), record("b")])
    assert ids(plan, Horizon.NOW) == ["a", "b"]
    assert reasons(plan, "a") == [(Cause.FITS, Horizon.NOW)]
    assert reasons(plan, "b") == [(Cause.FITS, Horizon.NOW), (Cause.MILD_CONFLICT, Horizon.NOW)]


def test_of_two_that_are_put_off_neither_has_to_mind_the_other():
    rubs = [Conflict("a", "mild", "They rub."), Conflict("g", "mild", "They rub.")]
    plan = planned([*(record(name) for name in "abcdefg"), record("h", conflicts=rubs)])
    assert ids(plan, Horizon.LATER) == ["g", "h"]
    [line] = [line for line in plan if line.id == "h"]
    assert [reason.other for reason in line.reasons if reason.cause is Cause.MILD_CONFLICT] == ["a"]


def test_a_required_tactic_must_run_or_stand_in_an_earlier_horizon():
    plan = planned([record("b", requires=["a"]), record("a")])
    assert ids(plan, Horizon.NOW) == ["a"]
    assert ids(plan, Horizon.NEXT) == ["b"]
    assert reasons(plan, "b") == [(Cause.NEEDS_FIRST, Horizon.NOW), (Cause.FITS, Horizon.NEXT)]
    assert ids(
        planned([record("b", requires=["a"]), record("a")], who=client(running=["a"])), Horizon.NOW
    ) == ["b"]


def test_a_required_tactic_that_is_not_planned_is_named():
    plan = planned([record("b", requires=["a"]), record("a")], [favour("a", -0.5)])
    assert [line.id for line in plan] == ["b"]
    [line] = plan[Horizon.LATER]
    assert [(r.cause, r.horizon, r.other) for r in line.reasons] == [
        (Cause.NEEDS_FIRST, horizon, "a") for horizon in (Horizon.NOW, Horizon.NEXT, Horizon.LATER)
    ]


def test_undecided_preparation_is_to_be_checked_and_takes_no_hours():
    own = [favour("a", 0.9)]
    base = rulebase(
        [record("a")], [*own, preparing("P", 24, "a"), preparing("Q", 12, "a"), preparing("R", 5, "x")]
    )
    case = consultation(client(hours=1), base, [own[0].id], refuted=["Q"])
    plan = make_plan(case, rank(case)["tactics"], ())
    [line] = plan[Horizon.NOW]
    assert line.preparation == ()
    assert [step.rule for step in line.checks] == ["P"]
    assert line.setup.hours == 0


def test_preparation_needed_in_one_segment_is_needed():
    own = favour("a", 0.9)
    base = rulebase([record("a")], [own, preparing("P", 24, "a")])
    case = consultation(client(shares=(1, 999_999)), base, [own.id], [own.id, "P"])
    [line] = make_plan(case, rank(case)["tactics"], ())[Horizon.NOW]
    assert [step.rule for step in line.preparation] == ["P"]


def test_the_leading_lever_is_the_direction_only_if_more_speaks_for_it():
    assert planned([record("l", "lever")]).direction.id == "l"
    assert planned([record("l", "lever")], [favour("l", -0.2)]).direction is None
    assert planned([record("a")]).direction is None


def test_recommended_is_what_runs_now_next_and_the_lever():
    plan = planned([*(record(name) for name in "abcdefg"), record("l", "lever")], who=client(running=["g"]))
    assert plan.recommended == frozenset("abcdefgl")


def test_a_line_serves_items_it_addresses_or_was_favoured_by():
    pains = (
        Item("pain", "p1", "queues", {"kind": "obstacle", "severity": "severe"}),
        Item("pain", "p2", "fear", {"kind": "risk"}),
        Item("pain", "p3", "unsorted", {}),
    )
    details = {"addresses": {"pains": [{"kind": "obstacle", "how": "no waiting"}]}}
    plan = planned([record("a", details=details)], who=client(items={"pain": pains}))
    assert [(served.segment, served.item.id, served.how) for served in plan[Horizon.NOW][0].serves] == [
        ("s0", "p1", "no waiting")
    ]
