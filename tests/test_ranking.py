"""Totals, ranks and needs in exact integers."""

from hand_built import blocking, client, consultation, favour, record, rule, rulebase
from tactician.advice.ranking import needs, rank
from tactician.inference.weights import weight_of
from tactician.knowledge.rules import Evidence

W2, W4, W6 = weight_of(0.2), weight_of(0.4), weight_of(0.6)
TWO = (600_001, 399_999)


def ranked(case, group="tactics", bounds=None):
    return rank(case, bounds)[group]


def by_id(case, group="tactics"):
    return {entry.id: entry for entry in ranked(case, group)}


def test_total_is_the_sum_over_segments_of_share_times_weight():
    base = rulebase([record("a")], [favour("a", 0.6, "F1"), favour("a", -0.2, "A1")])
    [entry] = ranked(consultation(client(shares=TWO), base, {"F1": 1000, "A1": 1000}, {"F1": 540}))
    assert entry.total == TWO[0] * (W6 * 1000 - W2 * 1000) + TWO[1] * W6 * 540
    assert entry.points_for == TWO[0] * W6 * 1000 + TWO[1] * W6 * 540
    assert entry.points_against == TWO[0] * W2 * 1000


def test_prior_takes_off_what_decided_rules_are_expected_to_say():
    rules = [
        favour("a", 0.6, "F1", expected=700),
        favour("a", 0.4, "F2", expected=50),
        favour("a", 0.2, "F3", 9),
    ]
    base = rulebase([record("a")], rules)
    [entry] = ranked(consultation(client(), base, ["F1"], refuted=["F2"]))
    assert entry.segments[0].prior == -750
    assert entry.total == 1_000_000 * (W6 * 1000 - 750)
    assert entry.prior == -750_000_000


def test_prior_includes_family_rules_of_the_record():
    family = rule("N1", Evidence(("a", "b"), 0.4, W4, "retention"), expected=300)
    base = rulebase([record("a"), record("b"), record("c")], [family])
    entries = by_id(consultation(client(), base, [], refuted=["N1"]))
    assert [entries[name].total for name in "abc"] == [-300_000_000, -300_000_000, 0]


def test_a_blocked_segment_adds_nothing_good():
    base = rulebase([record("a")], [favour("a", 0.6, "F1"), favour("a", -0.2, "A1"), blocking("a")])
    shares = (500_000, 500_000)
    [entry] = ranked(consultation(client(shares=shares), base, ["F1", "a-B"], ["A1", "a-B"]))
    assert entry.total == -500_000 * W2 * 1000
    assert entry.blocked
    assert [segment.blocked for segment in entry.segments] == [True, True]
    assert [blocking.segment for blocking in entry.blocks] == ["s0", "s1"]


def test_blocked_in_one_segment_only_is_not_out():
    base = rulebase([record("a")], [favour("a", 0.6, "F1"), blocking("a")])
    [entry] = ranked(consultation(client(shares=TWO), base, ["F1", "a-B"], ["F1"]))
    assert not entry.blocked
    assert entry.total == TWO[1] * W6 * 1000


def test_blocked_everywhere_ranks_after_a_worse_total():
    rules = [favour("a", 0.6, "F1"), blocking("a"), favour("b", -0.6, "A1")]
    base = rulebase([record("a"), record("b")], rules)
    entries = ranked(consultation(client(), base, ["F1", "a-B", "A1"]))
    assert [(entry.id, entry.rank, entry.total) for entry in entries] == [
        ("b", 1, -1_000_000 * W6 * 1000),
        ("a", 2, 0),
    ]


def test_ties_go_to_the_cheaper_then_the_quicker_then_the_id():
    records = [
        record("e"),
        record("d"),
        record("c", weeks=(2, 12)),
        record("b", weeks=(4, 13)),
        record("a", setup=11),
        record("z", month=1),
    ]
    entries = ranked(consultation(client(), rulebase(records), []))
    assert [entry.id for entry in entries] == ["c", "d", "e", "b", "a", "z"]


def test_groups_are_ranked_apart():
    records = [record("a"), record("l", "lever"), record("i", "improvement"), record("b", "upsell")]
    case = consultation(client(), rulebase(records), [])
    assert {group: [entry.id for entry in entries] for group, entries in rank(case).items()} == {
        "tactics": ["a", "b"],
        "levers": ["l"],
        "improvements": ["i"],
    }


def test_evidence_is_listed_strongest_first_with_its_segment():
    base = rulebase([record("a")], [favour("a", 0.2, "F1"), favour("a", 0.6, "F2")])
    [entry] = ranked(consultation(client(shares=TWO), base, ["F1", "F2"], {"F2": 100}))
    assert [(piece.rule, piece.segment, piece.weight) for piece in entry.evidence] == [
        ("F2", "s0", W6 * 1000),
        ("F1", "s0", W2 * 1000),
        ("F2", "s1", W6 * 100),
    ]


def test_needs_count_each_family_rule_once():
    family = rule("N1", Evidence(("a", "b"), 0.4, W4, "retention"))
    base = rulebase([record("a"), record("b")], [family, favour("a", 0.6, "F1")])
    case = consultation(client(shares=TWO), base, ["N1", "F1"], ["F1"])
    assert needs(case) == {"acquisition": 0, "service": 0, "retention": TWO[0] * W4 * 1000, "upsell": 0}


def test_bounds_are_carried():
    case = consultation(client(), rulebase([record("a")]), [])
    assert [(entry.low, entry.high) for entry in ranked(case, bounds={"a": (-5, 7)})] == [(-5, 7)]
    assert [(entry.low, entry.high) for entry in ranked(case)] == [(None, None)]
