"""The Rete network: experta's nodes, wired once per Rulebase so that a change touches only what it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any as Anything

from tactician.inference.forward_experta import (
    NOT,
    Activation,
    BusNode,
    ConflictSetNode,
    FeatureCheck,
    FeatureTesterNode,
    Matcher,
    NotNode,
    OrdinaryMatchNode,
    ReteMatcher,
    SameContextCheck,
    Token,
    TypeCheck,
)
from tactician.inference.forward_memory import WorkingFact
from tactician.inference.forward_rules import CompiledRule

Node = Anything
"""experta's nodes have no types."""


class ClassBus(BusNode):  # type: ignore[misc]
    """The root: hands a fact only to the patterns of its class, where the stock bus asks them all."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[type, Node] = {}

    def add(self, fact: Anything) -> None:
        """Send a new fact into the network."""
        entry = self.entries.get(type(fact))
        if entry is not None:
            entry.activate(Token.valid(fact))


class Terminal(ConflictSetNode):  # type: ignore[misc]
    """The end of one rule: reports itself when its activations change, so that the others need not be asked."""

    def __init__(self, rule: CompiledRule, changed: dict[Terminal, None]) -> None:
        self._changed = changed
        super().__init__(rule)

    def _reset(self) -> None:
        super()._reset()
        self.get_activations()

    def _activate(self, token: Token) -> None:
        self._changed[self] = None
        super()._activate(token)


class Network(ReteMatcher):  # type: ignore[misc]
    """experta's matcher with a builder of its own."""

    def __init__(self, engine: Anything) -> None:
        Matcher.__init__(self, engine)
        self.root_node = ClassBus()
        self._changed: dict[Terminal, None] = {}
        self._nodes: dict[object, Node] = {}
        self._stateful: list[Node] = []
        self.build_network()

    def build_network(self) -> None:
        """Wire every rule of the engine; equal beginnings of rules share their nodes."""
        for rule in self.engine.get_rules():
            self._wire(rule)

    def changes(self, adding: Iterable[WorkingFact], deleting: Iterable[WorkingFact]) -> Change:
        """Take in new facts; the activations that came and went. Nothing is ever retracted."""
        assert not deleting
        for fact in adding:
            self.engine.on_declare(fact)
            self.root_node.add(fact)
        added: list[Activation] = []
        removed: list[Activation] = []
        for terminal in self._changed:
            came, went = terminal.get_activations()
            added.extend(came)
            removed.extend(went)
        self._changed.clear()
        return added, removed

    def reset(self) -> None:
        """Empty every memory."""
        for node in self._stateful:
            node._reset()
        self._changed.clear()

    def _wire(self, rule: CompiledRule) -> None:
        first, *others = rule
        node = self._alpha(first)
        for pattern in others:
            negated = isinstance(pattern, NOT)
            right = self._alpha(pattern[0] if negated else pattern)
            node = self._join(NotNode if negated else OrdinaryMatchNode, node, right)
        terminal = Terminal(rule, self._changed)
        self._stateful.append(terminal)
        node.add_child(terminal, terminal.activate)

    def _alpha(self, pattern: WorkingFact) -> Node:
        """The node that lets through the facts that match one pattern."""
        entries = self.root_node.entries
        if type(pattern) not in entries:
            entries[type(pattern)] = FeatureTesterNode(tuple.__new__(TypeCheck, (type(pattern),)))
        node = entries[type(pattern)]
        for field, constraint in pattern.items():
            key = (node, field, constraint)
            if key not in self._nodes:
                self._nodes[key] = FeatureTesterNode(feature_check(field, constraint))
                node.add_child(self._nodes[key], self._nodes[key].activate)
            node = self._nodes[key]
        return node

    def _join(self, kind: Callable[[Anything], Node], left: Node, right: Node) -> Node:
        key = (kind, left, right)
        if key not in self._nodes:
            node = self._nodes[key] = kind(SameContextCheck())
            self._stateful.append(node)
            left.add_child(node, node.activate_left)
            right.add_child(node, node.activate_right)
        return self._nodes[key]


Change = tuple[list[Activation], list[Activation]]


def feature_check(field: str, constraint: Anything) -> FeatureCheck:
    """The check of one field; made past the class's cache, like TypeCheck above, since that never forgets."""
    function = FeatureCheck.get_check_function(constraint, field)
    return tuple.__new__(FeatureCheck, (field, constraint, function.check, function.expected))
