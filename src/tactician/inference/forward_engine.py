"""experta's engine over one Rulebase: declares a segment's facts, and carries out the right-hand sides as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tactician.facts.measures import measure
from tactician.facts.vocabulary import Value
from tactician.inference.arithmetic import evaluate
from tactician.inference.consultation import Conclusion, SegmentFindings, Witness
from tactician.inference.forward_agenda import Rank, TotalOrder
from tactician.inference.forward_experta import Fact, KnowledgeEngine
from tactician.inference.forward_matcher import Network
from tactician.inference.forward_memory import ConditionFact, FactClasses, WorkingFact
from tactician.inference.forward_narrator import Narrator
from tactician.inference.forward_rules import (
    Chooses,
    CompiledRule,
    Computes,
    Fires,
    Holds,
    Refutes,
    RuleCompiler,
)
from tactician.inference.forward_run import SegmentRun, witnesses_of
from tactician.inference.listening import Listener
from tactician.knowledge.expressions import Expression
from tactician.knowledge.rules import Conclude, Rulebase


class ForwardEngine(KnowledgeEngine):  # type: ignore[misc]  # experta has no types
    """A Rulebase compiled to a network, which is emptied before each segment."""

    __matcher__ = Network
    __strategy__ = TotalOrder

    def __init__(self, rulebase: Rulebase) -> None:
        self.classes = FactClasses(rulebase)
        self._rules = RuleCompiler(rulebase, self.classes).rules()
        super().__init__()

    def get_rules(self) -> tuple[CompiledRule, ...]:
        """The compiled rules, in order of the rulebase."""
        return self._rules

    def consult(self, record: SegmentRun, rank: Rank, listener: Listener | None) -> SegmentFindings:
        """Run one segment until its agenda is empty; raises LimitExceeded."""
        self.record = record
        self.narrator = None if listener is None else Narrator(listener, self)
        self.strategy = TotalOrder(rank, self.narrator)
        self._conditions: dict[type[ConditionFact], ConditionFact] = {}
        self.running = False  # a run that ended in an error left it set
        try:
            self.reset()
            self.declare(*self.classes.of_segment(record.client, record.segment), *self._measures())
            self.run()
        finally:
            del self.record  # it leads to the Rulebase, which is kept only as long as others keep it
        return record.findings()

    def on_declare(self, fact: Fact) -> None:
        """Called by the network for each new fact, before it is matched."""
        self.record.check_time()
        if self.narrator:
            self.narrator.on_declare(fact)

    def carry_out(self, rule: CompiledRule, bindings: Mapping[str, Value]) -> None:
        """Called by a rule that fires."""
        activation = self.strategy.next
        assert activation is not None  # it was taken from the agenda just now
        self.record.check_time()
        if self.narrator:
            self.narrator.on_fire(activation)
        facts = [fact for fact in activation.facts if isinstance(fact, WorkingFact)]
        match rule.action:
            case Fires(fired):
                witnesses = self.record.fire(fired.id, facts)
                if isinstance(fired.then, Conclude):
                    self._conclude(fired.then.fact, fired.then.value, fired.id, witnesses)
            case Refutes(refuted):
                self.record.refute(refuted)
            case Holds(condition):
                self._hold(condition, facts)
            case Computes(fact, expression):
                self._compute(fact, expression, bindings, witnesses_of(facts))
            case Chooses(choice, origin):
                self.declare(choice.of(bindings[origin], origin))

    def _hold(self, condition: type[ConditionFact], facts: list[WorkingFact]) -> None:
        """Declare a condition at its first match; later matches add weight and witnesses to it."""
        first = condition not in self._conditions
        fact = self._conditions.setdefault(condition, condition())
        fact.enrich(facts)
        if first:
            self.declare(fact)

    def _compute(
        self, fact: str, expression: Expression, bindings: Mapping[str, Value], witnesses: tuple[Witness, ...]
    ) -> None:
        self.record.compute(fact)
        value = evaluate(expression, bindings)
        if value is not None:
            self._conclude(fact, value, fact, witnesses)

    def _conclude(self, fact: str, value: Value, source: str, witnesses: tuple[Witness, ...]) -> None:
        known = self.classes.of_value(fact, value)
        self.record.conclude(Conclusion(fact, known["value"], source, witnesses))
        self.declare(known)

    def _measures(self) -> Iterator[WorkingFact]:
        """The measures of the segment: computed from its stated facts alone, and facts like these."""
        client, segment, base = self.record.client, self.record.segment, self.record.rulebase
        for derived in base.derived:
            if derived.measure:
                stated = {**client.facts, **segment.facts}
                result = measure(derived.measure, stated, segment, base.vocabulary, base.parameters)
                if result is not None:
                    name = derived.spec.id
                    self.record.conclude(Conclusion(name, result.value, name, (), result))
                    yield self.classes.of_value(name, result.value)
