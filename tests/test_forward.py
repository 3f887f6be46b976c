"""The forward engine as a forward chainer: agenda, strategies, listener, limits. What it finds: test_engines.py."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forward_world import LEVEL, Recorder, base, client, computed, fact, pain, rule
from strategies import cases
from tactician.errors import LimitExceeded, UsageError
from tactician.inference import forward, forward_engine
from tactician.inference.consultation import Firing, Witness
from tactician.inference.forward_agenda import RANKS
from tactician.inference.listening import CRITERIA, Activation, MemoryElement
from tactician.knowledge.conditions import Some
from tactician.knowledge.expressions import Fact, Number, Operation
from tactician.knowledge.rules import Conclude

SEEDED = [*RANKS, "random:1", "random:two"]
HIGH = [fact(name, "==", "high") for name in "abc"]
RECENCY = base(
    rule("A", HIGH[0]), rule("AB", HIGH[0], HIGH[1]), rule("C", HIGH[2]), rule("AC", HIGH[0], HIGH[2])
)
"""Facts enter working memory in the order a, b, c."""


def fired(strategy: str) -> list[str]:
    recorder = Recorder()
    forward.consult(client(a="high", b="high", c="high"), RECENCY, strategy=strategy, listener=recorder)
    return recorder.fired


@pytest.mark.parametrize(
    ("strategy", "order"),
    [
        ("depth", ["C", "AC", "AB", "A"]),
        ("breadth", ["A", "AB", "C", "AC"]),
        ("lex", ["AC", "C", "AB", "A"]),
        ("mea", ["C", "AC", "AB", "A"]),
        ("complexity", ["AC", "AB", "C", "A"]),
        ("simplicity", ["C", "A", "AC", "AB"]),
    ],
)
def test_each_strategy_orders_activations_as_clips_does(strategy: str, order: list[str]) -> None:
    assert fired(strategy) == order


def test_random_is_another_order_for_another_seed_and_the_same_for_the_same() -> None:
    orders = {tuple(fired(f"random:{seed}")) for seed in range(20)}
    assert len(orders) > 5
    assert fired("random:7") == fired("random:7")


def test_every_strategy_says_what_it_compares() -> None:
    assert {*RANKS, "random"} == CRITERIA.keys()


@pytest.mark.parametrize(
    ("strategy", "hint"), [("dephts", "depth"), ("random:", "random:SEED"), ("", "breadth")]
)
def test_an_unknown_strategy_is_answered_with_the_known_ones(strategy: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        forward.consult(client(), RECENCY, strategy=strategy)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), st.sampled_from(SEEDED[1:]))
def test_what_is_found_does_not_depend_on_the_strategy(case: object, strategy: str) -> None:
    who, rulebase = case  # type: ignore[misc]
    assert forward.consult(who, rulebase, strategy=strategy) == forward.consult(who, rulebase)


def test_lower_strata_fire_first_whatever_the_strategy() -> None:
    uses = rule("USES", HIGH[0], fact("level", "==", "high"), stratum=2)
    gives = rule("GIVES", HIGH[0], then=Conclude("segment.level", "high"))
    for strategy in SEEDED:
        recorder = Recorder()
        forward.consult(
            client(a="high"), base(uses, gives, derived=[LEVEL]), strategy=strategy, listener=recorder
        )
        assert recorder.fired == ["GIVES", "USES"]
        assert [activation.salience for activation in recorder.heard("fire")] == [0, -1]


TELL_EVERYTHING = """
from tactician import library
from tactician.facts.repository import facts_folder
from tactician.inference import forward
from tactician.knowledge.loading import load_rulebase

class Teller:
    def __getattr__(self, event):
        return lambda what: event == "on_cycle" or print(event, what)

rulebase = load_rulebase()
client = library.read_client(facts_folder() / "cafe.yaml", rulebase)
forward.consult(client, rulebase, strategy="lex", listener=Teller())
"""


def test_every_step_is_the_same_in_every_process() -> None:
    told = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", TELL_EVERYTHING]
        told.append(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert told[0] == told[1]
    assert told[0].count(b"on_fire") > 100


def test_a_listener_hears_every_step_in_order() -> None:
    high = rule("R", HIGH[0], Some("pain", (fact("pain.severity", ">=", "severe"),)))
    recorder = Recorder()
    forward.consult(client([pain("queue", severity="severe")], a="high"), base(high), listener=recorder)
    initial, a = MemoryElement(0, "initial"), MemoryElement(1, "fact", "segment.a", "high")
    given, queue = MemoryElement(2, "list", "pain"), MemoryElement(3, "item", "pain", "queue")
    some = high.when.parts[1]  # type: ignore[union-attr]
    held = MemoryElement(4, "condition", condition=some)
    first = Activation("some-1", "condition", 0, (queue,), some)
    second = Activation("R", "rule", -1, (a, held))
    assert recorder.events == [
        ("segment", "all"),
        *(("declare", element) for element in (initial, a, given, queue)),
        ("activate", first),
        ("cycle", (first,)),
        ("fire", first),
        ("declare", held),
        ("activate", second),
        ("cycle", (second,)),
        ("fire", second),
        ("cycle", ()),
    ]


def test_a_listener_hears_what_is_cancelled_and_it_does_not_fire() -> None:
    """That `coalesce` takes b is on the agenda until `level` is known; it must not stay there."""
    choice = computed(
        "choice", Operation("coalesce", (Fact("segment.level"), Fact("segment.b"))), 2, "ordinal"
    )
    rulebase = base(rule("GIVES", HIGH[0], then=Conclude("segment.level", "low")), derived=[LEVEL, choice])
    recorder = Recorder()
    found = forward.consult(client(a="high", b="high"), rulebase, listener=recorder).segments[0]
    assert [activation.role for activation in recorder.heard("deactivate")] == ["choice"]
    assert found.derived["segment.choice"].value == "low"
    assert found.derived["segment.choice"].witnesses == (Witness("segment.level", "low"),)
    other = forward.consult(client(b="high"), rulebase).segments[0]
    assert other.derived["segment.choice"].value == "high"


def test_nothing_is_told_without_a_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(forward_engine, "Narrator")
    assert forward.consult(client(a="high"), RECENCY).segments[0].fired
    with pytest.raises(NameError):
        forward.consult(client(a="high"), RECENCY, listener=Recorder())


def looping(firings: int = 2, seconds: float = 60.0) -> tuple[object, object]:
    """A fact that is computed from itself: no loader lets it pass, and every value is a new fact."""
    count = computed("n", Operation("+", (Fact("segment.n"), Number(1.0))))
    others = [rule(f"R-{at}", fact("a", "==", "low")) for at in range(10)]
    return client(n=0.0), base(*others, derived=[count], firings=firings, seconds=seconds)


def test_a_loop_ends_with_an_error_that_names_it_and_the_last_firings() -> None:
    with pytest.raises(LimitExceeded) as error:
        forward.consult(*looping())
    message = str(error.value)
    assert "Segment 'all' of 'by hand' needs more than 20 firings, the limit for 10 rules." in message
    assert "Firing again and again: segment.n (22 times)." in message
    assert f"Last firings: {', '.join(['segment.n'] * 5)}." in message
    assert "Raise limits.firings_per_rule in parameters.yaml." in message


def test_the_limit_counts_each_rule_once_however_many_items_match() -> None:
    items = [pain(f"p{at}", severity="severe") for at in range(50)]
    one = rule("ONE", Some("pain", (fact("pain.severity", ">=", "low"),)))
    found = forward.consult(client(items), base(one, firings=1)).segments[0]
    assert found.fired == {"ONE": Firing("ONE", 907, tuple(sorted_witnesses(items)))}
    with pytest.raises(LimitExceeded, match=r"needs more than 0 firings.*Last firings: ONE"):
        forward.consult(client(items), base(one, firings=0))


def sorted_witnesses(items: list) -> list[Witness]:
    return [Witness("pain", name) for name in sorted(item.id for item in items)]


def test_a_segment_that_takes_too_long_ends_with_an_error() -> None:
    with pytest.raises(LimitExceeded, match=r"took longer than 0\.05 seconds.*limits\.seconds_per_segment"):
        forward.consult(*looping(firings=10**9, seconds=0.05))


def test_after_an_error_the_next_consultation_is_whole() -> None:
    who, rulebase = looping()
    fine = replace(who, segments=(replace(who.segments[0], facts={"segment.a": "low"}),))
    for _ in range(2):
        with pytest.raises(LimitExceeded):
            forward.consult(who, rulebase)
        found = forward.consult(fine, rulebase).segments[0]
        assert len(found.fired) == 10
        assert not found.derived


def test_segments_do_not_see_each_other() -> None:
    who = client(a="high")
    both = replace(who, segments=(who.segments[0], replace(who.segments[0], name="other", facts={})))
    first, second = forward.consult(both, RECENCY).segments
    assert list(first.fired) == ["A"]
    assert not second.fired


def test_a_rulebase_is_compiled_once_and_forgotten_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    engine = forward.ForwardEngine
    monkeypatch.setattr(forward, "ForwardEngine", lambda rulebase: built.append(1) or engine(rulebase))
    rulebase = base(rule("A", HIGH[0]))
    for _ in range(3):
        forward.consult(client(a="high"), rulebase)
    assert built == [1]
    memory = weakref.ref(rulebase)
    network = weakref.ref(forward._idle[rulebase].matcher)
    del rulebase
    forward.consult(client(), RECENCY)  # experta itself keeps the engine that was reset last
    gc.collect()
    assert memory() is None
    assert network() is None


def test_a_listener_may_consult_while_it_listens() -> None:
    class Curious(Recorder):
        def on_fire(self, activation: Activation) -> None:
            super().on_fire(activation)
            assert list(forward.consult(client(c="high"), RECENCY).segments[0].fired) == ["C"]

    curious = Curious()
    found = forward.consult(client(a="high"), RECENCY, listener=curious)
    assert list(found.segments[0].fired) == curious.fired == ["A"]
