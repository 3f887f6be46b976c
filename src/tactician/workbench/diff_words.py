"""The difference of two rulebases, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from tactician.presentation.page import Block, Bullets, Heading, Text
from tactician.presentation.words import listed, points
from tactician.workbench.diffing import Cause, Difference, RankChange
from tactician.workbench.rule_changes import Change

REASONS = 3
"""Causes named for each change of a client."""
SORTS = (
    ("rule", "Rules"),
    ("derived fact", "Derived facts"),
    ("parameter", "Parameters"),
    ("record", "Records"),
)


def blocks(found: Difference) -> Iterator[Block]:
    """The difference as a page."""
    yield Heading("What changed", 1)
    if found.none:
        yield Text("Nothing: no rule differs, and no client is told anything else.")
        return
    for sort, heading in SORTS:
        changes = [change for change in found.rulebase if change.sort == sort]
        if changes:
            yield Heading(heading)
            yield from _kinds(changes)
    yield Heading("Clients")
    if not found.clients:
        yield Text("No client is told anything else.")
    for client in found.clients:
        yield Bullets(tuple(_place(change) for change in client.changes), client.client)


def _kinds(changes: list[Change]) -> Iterator[Block]:
    for kind in ("added", "removed", "changed"):
        lines = tuple(_change(change) for change in changes if change.kind == kind)
        if lines:
            yield Bullets(lines, f"{len(lines)} {kind}")


def _change(change: Change) -> str:
    parts = "; ".join(f"{part}: “{before}” is now “{after}”" for part, before, after in change.parts)
    return f"{change.name}: {parts}" if parts else change.name


def _place(change: RankChange) -> str:
    by = listed([_cause(cause) for cause in change.by[:REASONS]])
    why = f"by {by}" if by else "because others moved"
    return f"{change.record}: {change.before} is now {change.after}, {why}."


def _cause(cause: Cause) -> str:
    told = f"{cause.rule} {points(cause.points)}" if cause.points else f"the block {cause.rule}"
    return f"{told} (through {listed(cause.through)})" if cause.through else told


def as_json(found: Difference) -> str:
    """The difference for other programs."""
    return json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n"
