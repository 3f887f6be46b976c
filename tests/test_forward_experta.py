"""experta's defects, one by one: that the stock behaviour is still wrong, and that the forward engine is not.

When one of the first halves fails, experta or its dependencies have changed and our way round may go.
"""

from __future__ import annotations

import importlib
import logging
import random
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from condition_strategies import spec
from forward_world import LEVEL, Recorder, base, client, computed, fact, pain, rule
from tactician.errors import LimitExceeded
from tactician.inference import direct, forward, forward_experta, forward_matcher
from tactician.inference.consultation import Firing, Witness
from tactician.inference.forward_agenda import RANKS, TotalOrder, rank_of
from tactician.inference.forward_engine import ForwardEngine
from tactician.inference.forward_experta import (
    NOT,
    Activation,
    Fact,
    InitialFact,
    KnowledgeEngine,
    L,
    Rule,
    Strategy,
)
from tactician.knowledge.conditions import Any, Some
from tactician.knowledge.expressions import Fact as FactValue
from tactician.knowledge.expressions import Number, Operation
from tactician.knowledge.rules import Conclude

experta = importlib.import_module("experta")
NUMBER = replace(LEVEL, spec=spec("segment", "level", "number"))
HIGH = [fact(name, "==", "high") for name in "abc"]


class Stock(Fact):
    """A stock fact."""


def noting(name: str, stock: Rule) -> Callable[[list], Rule]:
    """A stock rule that notes what it binds to a name."""
    return lambda fired: stock(lambda self, **bound: fired.append(bound.get(name)))


def run_stock(*rules: Callable[[list], Rule], facts: Iterable[Fact] = (), **how: int) -> list:
    """What stock rules note when they fire in a stock engine on these facts."""
    fired: list = []
    body = {f"rule_{at}": make(fired) for at, make in enumerate(rules)}
    engine = type("Stock", (KnowledgeEngine,), body)()
    engine.reset()
    engine.declare(*facts)
    engine.run(**how)
    return fired


# 2: the order of equal salience


def equal_activations(rules: int) -> list[Activation]:
    """Activations of as many rules of one salience on the same fact."""
    engine = ForwardEngine(base(*(rule(f"R{at}", HIGH[0]) for at in range(rules))))
    matched = engine.classes.value["segment.a"](value="high")
    matched.__factid__ = 1
    return [Activation(each, [matched]) for each in engine.get_rules()]


def test_stock_gives_equal_salience_no_order_and_ours_a_total_one() -> None:
    activations = equal_activations(8)
    stock = KnowledgeEngine.__strategy__()
    assert {repr(stock.get_key(activation)) for activation in activations} == {"(0, [1])"}
    for strategy in (*RANKS, "random:1"):
        order = TotalOrder(rank_of(strategy))
        assert len({repr(order.key(activation)) for activation in activations}) == 8


# 3: cancelled activations


def left_over(strategy: Strategy) -> int:
    """How many of ten equal activations stay on the agenda when all are removed."""
    agenda = KnowledgeEngine().agenda
    activations = equal_activations(10)
    strategy.update_agenda(agenda, activations, [])
    assert len(agenda.activations) == 10
    gone = [Activation(each.rule, each.facts) for each in activations]
    random.Random(1).shuffle(gone)
    strategy.update_agenda(agenda, [], gone)
    return len(agenda.activations)


def test_stock_keeps_cancelled_activations_and_ours_none() -> None:
    assert left_over(KnowledgeEngine.__strategy__()) > 0
    assert left_over(TotalOrder()) == 0


def test_stock_fires_what_is_no_longer_true_and_ours_does_not() -> None:
    def unless(number: int) -> Callable[[list], Rule]:
        absent = Rule(InitialFact(), NOT(Stock(n=number)), salience=-1)
        return lambda fired: absent(lambda self: fired.append(number))

    def declaring(_: list) -> Rule:
        return Rule(InitialFact())(
            lambda self: self.declare(*(Stock(n=number) for number in range(0, 40, 2)))
        )

    fired = run_stock(declaring, *map(unless, range(40)))
    assert {number for number in fired if number % 2 == 0}, "the agenda forgets what is cancelled"
    level, m, n = (FactValue(f"segment.{name}") for name in ("level", "m", "n"))
    chosen = [
        computed(f"choice_{at}", Operation("coalesce", (level, other)), 2) for at, other in enumerate((m, n))
    ]
    gives = rule("GIVES", HIGH[0], then=Conclude("segment.level", 2.0))
    found = forward.consult(client(a="high", m=0.5, n=1.0), base(gives, derived=[NUMBER, *chosen])).segments[
        0
    ]
    assert [found.derived[f"segment.choice_{at}"].value for at in range(2)] == [2.0, 2.0]


# 4: EXISTS and NOT(NOT)


def test_stock_exists_does_not_join_and_ours_has_none() -> None:
    facts = [Stock(a=1), Stock(a=2), Stock(b=1)]
    exists = Rule(Stock(a=experta.MATCH.x), experta.EXISTS(Stock(b=experta.MATCH.x)))
    assert sorted(run_stock(noting("x", exists), facts=facts)) == [1, 2]
    twice = Rule(NOT(NOT(Stock(b=experta.W()))))
    assert len(run_stock(noting("", twice), facts=[Stock(b=1), Stock(b=2)])) == 2


def test_some_joins_and_counts_once() -> None:
    severe = Some("pain", (fact("pain.severity", ">=", "severe"),))
    items = [
        pain("queue", severity="severe"),
        pain("price", severity="low"),
        pain("noise", severity="extreme"),
    ]
    found = forward.consult(client(items, a="high"), base(rule("R", HIGH[0], severe))).segments[0]
    witnesses = (Witness("pain", "noise"), Witness("pain", "queue"), Witness("segment.a", "high"))
    assert found.fired == {"R": Firing("R", 1000, witnesses)}


# 5: OR


def test_stock_or_fires_twice_and_ours_once() -> None:
    both = Rule(experta.OR(Stock(a=1), Stock(a=2)))
    assert len(run_stock(noting("", both), facts=[Stock(a=1), Stock(a=2)])) == 2
    recorder = Recorder()
    either = base(rule("R", Any((HIGH[0], HIGH[1]))))
    found = forward.consult(client(a="high", b="high"), either, listener=recorder).segments[0]
    assert recorder.fired.count("R") == 1
    witnesses = (Witness("segment.a", "high"), Witness("segment.b", "high"))
    assert found.fired["R"].witnesses == witnesses


def test_alternatives_do_not_multiply_the_network() -> None:
    many = [Any(tuple(fact(name, "==", level) for level in ("low", "high"))) for name in "abcd"]
    assert len(ForwardEngine(base(rule("R", *many))).get_rules()) == 4 * 2 + 1


# 6: values


def test_stock_takes_true_and_one_for_the_same_and_each_nan_for_another() -> None:
    engine = KnowledgeEngine()
    engine.reset()
    assert engine.declare(Stock(a=True)) is not None
    assert engine.declare(Stock(a=1)) is None
    assert engine.declare(Stock(a=1.0)) is None
    assert engine.declare(Stock(a=float("nan"))) is not None
    assert engine.declare(Stock(a=float("nan"))) is not None
    with pytest.raises(KeyError, match="double underscores"):
        engine.declare(Stock(a__b=1))


def test_ours_keeps_truths_and_numbers_apart() -> None:
    rules = base(rule("TRUE", fact("flag", "==", True)), rule("ONE", fact("n", "==", 1.0)))
    found = forward.consult(client(flag=True, n=1), rules).segments[0]
    assert found.fired["TRUE"].witnesses == (Witness("segment.flag", True),)
    assert found.fired["TRUE"].witnesses[0].value is True
    assert isinstance(found.fired["ONE"].witnesses[0].value, float)


def test_ours_holds_no_nan() -> None:
    with pytest.raises(ValueError, match=r"segment\.n is not a number"):
        forward.consult(client(n=float("nan")), base(rule("R", fact("n", "!=", 1.0))))
    n = FactValue("segment.n")
    endless = Operation("*", (n, Number(1e300)))
    rulebase = base(derived=[computed("difference", Operation("-", (endless, endless)))])
    for engine in (forward, direct):
        assert not engine.consult(client(n=1e300), rulebase).segments[0].derived
        assert engine.consult(client(n=1.0), rulebase).segments[0].derived["segment.difference"].value == 0.0


def test_ours_matches_attributes_with_double_underscores() -> None:
    odd = Some("pain", (fact("pain.odd__one", "==", "y"),))
    found = forward.consult(client([pain("p", odd__one="y")]), base(rule("R", odd))).segments[0]
    assert list(found.fired) == ["R"]


# 7: limits


def test_stock_stops_silently_with_work_pending() -> None:
    rules = [noting("", Rule(Stock(a=1))) for _ in range(5)]
    assert len(run_stock(*rules, facts=[Stock(a=1)], steps=2)) == 2


def test_ours_ends_with_an_error() -> None:
    with pytest.raises(LimitExceeded):
        forward.consult(client(a="high"), base(*(rule(f"R{at}", HIGH[0]) for at in range(5)), firings=0))


# 8: logging, and functions with defaults (the import itself: test_forward_import.py)


def test_ours_writes_no_client_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    forward.consult(client([pain("secret")], a="high"), base(rule("R", HIGH[0])))
    assert not caplog.records


def test_stock_fills_defaults_from_bindings_and_ours_has_no_such_functions() -> None:
    filled = Rule(Stock(a=experta.MATCH.x), experta.TEST(lambda x, five=5: five == 5))
    assert not run_stock(noting("x", filled), facts=[Stock(a=1)])
    assert "TEST" not in forward_experta.__all__


# 9: cost


def test_stock_asks_every_rule_and_ours_those_concerned(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    node = forward_experta.ConflictSetNode
    monkeypatch.setattr(node, "get_activations", counting(asked, node.get_activations))
    run_stock(*(noting("", Rule(Stock(a=at))) for at in range(50)), facts=[Stock(a=1)])
    assert len(asked) >= 100
    rules = base(*(rule(f"R{at}", fact("n", "==", float(at))) for at in range(50)))
    forward.consult(client(n=1.0), rules)
    asked.clear()
    monkeypatch.setattr(forward_matcher.Terminal, "_reset", node._reset)
    assert list(forward.consult(client(n=1.0), rules).segments[0].fired) == ["R1"]
    assert len(asked) == 1


def counting(asked: list, method: Callable) -> Callable:
    def counted(self: object) -> object:
        asked.append(self)
        return method(self)

    return counted


# 10: what is left behind


def test_stock_carries_activations_into_the_next_run_and_ours_none() -> None:
    terminal = forward_experta.ConflictSetNode(Rule(Stock())(lambda self: None))
    terminal.activate(forward_experta.Token.valid(Stock()))
    terminal.reset()
    assert terminal.added
    compiled = ForwardEngine(base(rule("R", HIGH[0]))).get_rules()[0]
    ours = forward_matcher.Terminal(compiled, {})
    ours.activate(forward_experta.Token.valid(Stock()))
    ours.reset()
    assert not ours.added


def test_stock_caches_never_forget_and_ours_are_not_filled() -> None:
    check = forward_experta.FeatureCheck
    check("value", L("kept for ever"))
    assert any("kept for ever" in str(key) for key in check._instances)
    before = len(check._instances), len(forward_experta.TypeCheck._instances)
    forward.consult(client(a="high"), base(rule("R", HIGH[0], fact("n", ">=", 2.0))))
    assert (len(check._instances), len(forward_experta.TypeCheck._instances)) == before
