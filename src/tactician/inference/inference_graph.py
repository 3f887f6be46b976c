"""What a run inferred from what, as a graph: working memory, rules that fired, records they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tactician.inference.listening import Activation, MemoryElement
from tactician.inference.tracing import Cycle, SegmentTrace, Trace
from tactician.knowledge.rules import Block, Conclude, Evidence, Rulebase

NodeKind = Literal["element", "rule", "record"]
MOST = 60
"""Rules that one graph of a segment can show; beyond, it leaves out those that weigh records."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node; `column` counts the steps that lead to it, `cycle` when it came about (0: before the first)."""

    id: str
    kind: NodeKind
    cycle: int
    column: int = 0
    element: MemoryElement | None = None
    activation: Activation | None = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """That the first node led to the second; `against` when it speaks against or rules out a record."""

    source: str
    target: str
    against: bool = False


@dataclass(frozen=True)
class InferenceGraph:
    """The graph of one segment. `left_out` counts the rules that weigh records and are not in it."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int


def inference_graph(segment: SegmentTrace, trace: Trace) -> InferenceGraph:
    """The graph of a segment; with a target only what leads to it."""
    rulebase = trace.consultation.rulebase
    acts = [cycle for cycle in trace.shown(segment) if cycle.fires.role != "refutation"]
    inferring = [cycle for cycle in acts if not _weighs(cycle, rulebase)]
    chosen = acts if trace.target is not None or len(acts) <= MOST else inferring
    builder = _Builder(segment, rulebase)
    for cycle in chosen:
        builder.add(cycle, trace.target)
    return builder.graph(len(acts) - len(chosen))


def _weighs(cycle: Cycle, rulebase: Rulebase) -> bool:
    fired = cycle.fires
    return fired.role == "rule" and not isinstance(rulebase.rule[fired.rule].then, Conclude)


class _Builder:
    """Collects nodes and edges cycle by cycle."""

    def __init__(self, segment: SegmentTrace, rulebase: Rulebase) -> None:
        self._segment = segment
        self._rulebase = rulebase
        self._nodes: dict[str, Node] = {}
        self._edges: dict[Edge, None] = {}
        self._holding = {element.condition: element for element in segment.elements if element.condition}

    def add(self, cycle: Cycle, target: str | None) -> None:
        """Take in one firing: what it rests on, itself, and what it gave."""
        fired = cycle.fires
        sources = [self._element(element) for element in fired.elements if element.kind != "initial"]
        if fired.role == "condition":
            assert fired.condition is not None
            made = self._element(self._holding[fired.condition])
            self._edges |= {Edge(source, made): None for source in sources}
            return
        rule = Node(f"c{cycle.number}", "rule", cycle.number, activation=fired)
        self._nodes[rule.id] = rule
        self._edges |= {Edge(source, rule.id): None for source in sources}
        self._edges |= {Edge(rule.id, self._element(element)): None for element in cycle.declared}
        for record, against in self._records(fired, target):
            self._edges[Edge(rule.id, self._record(record, cycle.number), against)] = None

    def graph(self, left_out: int) -> InferenceGraph:
        """The graph, with every node in the column that its longest way demands."""
        columns = dict.fromkeys(self._nodes, 0)
        for _ in self._nodes:
            before = dict(columns)
            for edge in self._edges:
                columns[edge.target] = max(columns[edge.target], columns[edge.source] + 1)
            if columns == before:
                break
        last = max(columns.values(), default=0)
        nodes = tuple(
            replace(node, column=last if node.kind == "record" else columns[node.id])
            for node in self._nodes.values()
        )
        return InferenceGraph(nodes, tuple(self._edges), left_out)

    def _element(self, element: MemoryElement) -> str:
        name = f"f{element.number}"
        self._nodes.setdefault(
            name, Node(name, "element", self._segment.made_in[element.number], element=element)
        )
        return name

    def _record(self, record: str, cycle: int) -> str:
        name = f"r_{record}"
        self._nodes.setdefault(name, Node(name, "record", cycle, record=record))
        return name

    def _records(self, fired: Activation, target: str | None) -> Iterator[tuple[str, bool]]:
        """The records that a firing speaks of, and whether against them."""
        if fired.role != "rule":
            return
        match self._rulebase.rule[fired.rule].then:
            case Evidence(targets, cf):
                yield from ((record, cf < 0) for record in targets if target in (None, record))
            case Block(record):
                yield record, True
