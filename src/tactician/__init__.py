"""Tactician: an expert system for customer strategy."""

from __future__ import annotations

import importlib

__version__ = "0.1.0"

_HOMES = {"load_rulebase": "tactician.knowledge.loading"}
"""Where each public name lives; it is imported when it is first used."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted((*globals(), *_HOMES))
