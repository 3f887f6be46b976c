"""A plan before and after a change of answers, and how firmly the first stand, as pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tactician.advice.advise import Advice
from tactician.advice.plan import Horizon
from tactician.advice.single_steps import Step
from tactician.advice.stability import Standing
from tactician.advice.whatif import RUNNING, Difference, Move, Stated, WhatIf
from tactician.knowledge.rules import GROUPS
from tactician.presentation.decisions import WHEN
from tactician.presentation.explaining.support_words import value_words
from tactician.presentation.page import Block, Bullets, Heading, Node, Outline, Table, Text
from tactician.presentation.words import count, label, listed, number, points, sentence

MOST_MOVES = 8
MOST_RULES = 4
NUMERIC = frozenset({"Before", "After", "Points before", "Points after"})


def what_if_page(found: WhatIf, top: int | None = None) -> Iterator[Block]:
    """The blocks of a comparison of two plans; `top` says how many tactics are told."""
    client = found.before.consultation.client
    yield Heading(f"What if, for {client.id}", 1)
    if not found.stated and not found.moves:
        yield Text("Nothing changes: these are the answers given before.")
        return
    yield Bullets(tuple(_difference(found, each) for each in found.stated), "Changed")
    if found.derived:
        yield Bullets(tuple(_difference(found, each) for each in found.derived), "So it follows that")
    yield Heading("The plan")
    yield _plans(found)
    moved = [move for move in found.moves if move.after.record.group == "tactics"]
    most = top or MOST_MOVES
    yield Heading("What moved, and why")
    if not moved:
        yield Text("No tactic moved.")
    else:
        first = sorted(moved, key=lambda move: (-abs(move.change), move.after.rank))[:most]
        yield Outline(tuple(_move(move) for move in first))
        if len(moved) > len(first):
            more = count(len(moved) - len(first), "tactic").capitalize()
            yield Text(f"{more} more moved less: --top {len(moved)}.")
    yield from _others(found)


def _difference(found: WhatIf, each: Difference) -> str:
    where = f" ({each.segment})" if each.segment else ""
    before, after = _shown(found.before, each.fact, each.before), _shown(found.after, each.fact, each.after)
    name = RUNNING if each.fact == RUNNING else label(found.before.consultation.rulebase.specs[each.fact])
    return sentence(f"{name}{where}: {before}, now {after}")


def _shown(advice: Advice, fact: str, value: Stated) -> str:
    if value is None:
        return "unknown"
    consultation = advice.consultation
    if isinstance(value, tuple):
        return listed([consultation.rulebase.records[tactic].name for tactic in value]) or "nothing"
    return value_words(consultation.rulebase.specs[fact], value, consultation.client)


def _plans(found: WhatIf) -> Table:
    rows = []
    for horizon, title in ((Horizon.NOW, "Start now"), (Horizon.NEXT, "Next")):
        plans = (found.before.plan, found.after.plan)
        names = [", ".join(line.ranked.record.name for line in plan[horizon]) or "-" for plan in plans]
        rows.append((title, *names))
    levers = [advice.plan.direction for advice in (found.before, found.after)]
    rows.append(("Be known for", *(lever.record.name if lever else "-" for lever in levers)))
    tops = [", ".join(e.record.name for e in advice.tactics[:3]) for advice in (found.before, found.after)]
    rows.append(("First three", *tops))
    return Table(("Plan", "Before", "After"), tuple((a, b, c) for a, b, c in rows))


def _move(move: Move) -> Node:
    before, after = move.before, move.after
    name = after.record.name
    words = (
        f"{name}: {points(before.total)} points, now {points(after.total)}; {_rank(move)}{_horizons(move)}."
    )
    below = [Node(f"{sentence(effect.rule.because)} ({effect.rule.id})", (), points(effect.change))
             for effect in move.effects[:MOST_RULES]]  # fmt: skip
    rest = move.effects[MOST_RULES:]
    if rest:
        change = points(sum(effect.change for effect in rest))
        below.append(Node(f"{count(len(rest), 'other rule').capitalize()} together.", (), change))
    if move.prior_change:
        below.append(
            Node("What it starts with, as other rules are decided now.", (), points(move.prior_change))
        )
    if move.cut_change:
        below.append(Node("What being ruled out takes away.", (), points(move.cut_change)))
    return Node(words, tuple(node for node in below if node.mark != points(0)), points(move.change))


def _rank(move: Move) -> str:
    before, after = move.before.rank, move.after.rank
    return f"rank {before}, now {after}" if before != after else f"still rank {after}"


def _horizons(move: Move) -> str:
    before, after = move.horizon_before, move.horizon_after
    if before == after:
        return ""
    shown = [WHEN[horizon] if horizon else "not in the plan" for horizon in (before, after)]
    return f"; {shown[0]} before, {shown[1]} after"


def _others(found: WhatIf) -> Iterator[Block]:
    for group, title in (("levers", "Ways to create value"), ("improvements", "Improvements")):
        assert group in GROUPS
        moved = [move for move in found.moves if move.after.record.group == group and move.change]
        if moved:
            first = sorted(moved, key=lambda move: (-abs(move.change), move.after.rank))[:3]
            words = [f"{move.after.record.name} {points(move.change)} ({_rank(move)})" for move in first]
            yield Text(f"{listed(words)}.", title)


def stability_page(advice: Advice, standings: Sequence[Standing]) -> Iterator[Block]:
    """The blocks that say how firmly the first of the ranking stand."""
    client = advice.consultation.client
    top = len(standings)
    yield Heading(f"How firmly the first {top} stand for {client.id}", 1)
    tried = standings[0].tried if standings else 0
    yield Text(
        "Each of your answers was moved by one step, by itself, to the level or band beside it, or to each of the "
        f"others where they have no order: {tried} changes. For each tactic, how many of them leave it among the "
        f"first {top}, and which do not."
    )
    headers = ("Tactic", "Rank", "Stays in")
    rows = [
        (each.entry.record.name, str(each.entry.rank), f"{number(100 * each.survived, 1)} %")
        for each in standings
    ]
    yield Table(headers, tuple(rows), frozenset(headers[1:]))
    for each in standings:
        if each.drops:
            yield Heading(f"What would drop {each.entry.record.name}")
            yield Bullets(tuple(f"{_step(advice, step)}: then it ranks {rank}." for step, rank in each.drops))


def _step(advice: Advice, step: Step) -> str:
    consultation = advice.consultation
    spec, client = consultation.rulebase.specs[step.fact], consultation.client
    where = f" ({step.segment})" if step.segment else ""
    if step.item:
        kind = spec.scope
        items = client.segments[client.segment_index(step.segment)].items[kind]
        where = f" of “{next(item.text for item in items if item.id == step.item)}”{where}"
    before, after = (value_words(spec, value, client) for value in (step.before, step.after))
    return f"{label(spec).capitalize()}{where} {after} instead of {before}"
