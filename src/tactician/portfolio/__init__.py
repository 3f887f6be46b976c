"""Many clients: what they come from, what becomes of them, and how a killed run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tactician.portfolio.reopening import reopen as reopen


def __getattr__(name: str) -> object:
    """`reopen`, imported when it is first used."""
    if name != "reopen":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tactician.portfolio.reopening import reopen  # noqa: PLC0415 (reading a sheet does without)

    return reopen
