"""The difference of two rulebases, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from tactician.presentation.page import Block, Bullets, Heading, Text
from tactician.presentation.words import points
from tactician.workbench.diffing import Difference, RankChange, RuleChange

REASONS = 3
"""Rules named for each change of a client."""


def blocks(found: Difference) -> Iterator[Block]:
    """The difference as a page."""
    yield Heading("What changed", 1)
    if found.none:
        yield Text("Nothing: no rule differs, and no client is told anything else.")
        return
    yield Heading("Rules")
    for kind in ("added", "removed", "changed"):
        lines = tuple(_rule(change) for change in found.rules if change.kind == kind)
        if lines:
            yield Bullets(lines, f"{len(lines)} {kind}")
    yield Heading("Clients")
    if not found.clients:
        yield Text("No client is told anything else.")
    for client in found.clients:
        yield Bullets(tuple(_place(change) for change in client.changes), client.client)


def _rule(change: RuleChange) -> str:
    parts = "; ".join(f"{part}: “{before}” is now “{after}”" for part, before, after in change.parts)
    return f"{change.rule}: {parts}" if parts else change.rule


def _place(change: RankChange) -> str:
    by = ", ".join(f"{rule} {points(moved)}" for rule, moved in change.by[:REASONS])
    why = f" by {by}" if by else " because others moved"
    return f"{change.record}: {change.before} is now {change.after},{why}."


def as_json(found: Difference) -> str:
    """The difference for other programs."""
    return json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n"
