"""That conditions are matched by experta's network against working memory, and by nothing else."""

from __future__ import annotations

import subprocess
import sys
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings

from condition_strategies import LEVELS
from forward_world import base, client, fact, pain, rule
from strategies import cases
from tactician.facts.client import Client
from tactician.inference import forward
from tactician.inference.forward_engine import ForwardEngine
from tactician.inference.forward_experta import NOT, Fact, FeatureTesterNode, P
from tactician.knowledge.conditions import Any, No, Some
from tactician.knowledge.rules import Rulebase
from test_engines import CLIENTS, example, shipped

HIGH = [fact(name, "==", "high") for name in "abc"]
SEVERE = fact("pain.severity", ">=", "severe")
MAY_RUN = (
    "tactician.facts",
    "tactician.inference.arithmetic",
    "tactician.inference.consultation",
    "tactician.inference.forward",
    "tactician.knowledge.rules",
)
"""Facts and measures, records of what is found, arithmetic over bound values, and the engine itself."""


def test_no_other_engine_is_loaded() -> None:
    script = "import sys; from tactician.inference import forward; print(*sys.modules, sep=chr(10))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name for name in run.stdout.split() if name.startswith("tactician.inference.")}
    assert "tactician.inference.forward" in loaded
    assert {name for name in loaded if not name.startswith(MAY_RUN)} == {"tactician.inference.listening"}


def test_no_function_of_ours_looks_at_a_condition_during_a_run() -> None:
    called = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add((frame.f_globals.get("__name__", ""), frame.f_code.co_qualname))

    who = example(CLIENTS[0])
    forward.consult(who, shipped())  # compiles the network
    sys.setprofile(note)
    try:
        found = forward.consult(who, shipped())
    finally:
        sys.setprofile(None)
    assert found.segments[0].fired
    ours = {name for name in called if name[0].startswith("tactician.")}
    assert {name for name in ours if not name[0].startswith(MAY_RUN)} == set()
    predicates = {function for module, function in ours if module.endswith("forward_patterns")}
    assert predicates <= {"constraint.<locals>.<lambda>"}
    assert ("experta.matchers.rete.nodes", "FeatureTesterNode._activate") in called


def test_nothing_fires_when_the_nodes_of_the_network_let_nothing_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = base(
        rule("FACT", HIGH[0]),
        rule("NUMBER", fact("n", ">=", 1.0)),
        rule("ANY", Any((HIGH[0], HIGH[1]))),
        rule("SOME", Some("pain", (SEVERE,))),
        rule("NO", No("pain", (fact("pain.severity", "==", "low"),))),
    )
    who = client([pain("queue", severity="severe")], a="high", n=1.0)
    assert list(forward.consult(who, rules).segments[0].fired) == ["FACT", "NUMBER", "ANY", "SOME", "NO"]
    monkeypatch.setattr(FeatureTesterNode, "_activate", lambda node, token: None)
    assert not forward.consult(who, rules).segments[0].fired


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_patterns_are_facts_and_single_negations(case: tuple[Client, Rulebase]) -> None:
    for compiled in ForwardEngine(case[1]).get_rules():
        for pattern in compiled:
            assert isinstance(pattern[0] if type(pattern) is NOT else pattern, Fact)


def test_rules_with_the_same_tests_share_patterns_predicates_and_nodes() -> None:
    tests = [fact("a", ">=", "medium"), fact("n", ">", 1.0), Some("pain", (SEVERE,)), Any((HIGH[1], HIGH[2]))]
    one = ForwardEngine(base(rule("R0", *tests)))
    many = ForwardEngine(base(*(rule(f"R{at}", *tests) for at in range(20))))
    assert len(many.matcher._nodes) == len(one.matcher._nodes)
    assert len(many.get_rules()) == len(one.get_rules()) + 19
    predicates = {
        id(constraint)
        for compiled in many.get_rules()
        for pattern in compiled
        for constraint in pattern.values()
        if isinstance(constraint, P)
    }
    assert len(predicates) == 3


def test_one_value_is_a_literal() -> None:
    tests = [
        fact("a", "<=", "low"),
        fact("b", "in", LEVELS[1]),
        fact("flag", "!=", True),
        fact("n", "==", 2.0),
    ]
    (compiled,) = ForwardEngine(base(rule("R", *tests))).get_rules()
    literals = [constraint.value for pattern in compiled for constraint in pattern.values()]
    assert literals == ["low", "medium", False, 2.0]
