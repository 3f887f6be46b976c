"""Tactician: an expert system for customer strategy."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tactician.version import VERSION

if TYPE_CHECKING:
    from tactician.knowledge.loading import load_rulebase as load_rulebase
    from tactician.library import change as change
    from tactician.library import check_explanation as check_explanation
    from tactician.library import check_files as check_files
    from tactician.library import consult as consult
    from tactician.library import explain as explain
    from tactician.library import open_rulebase as open_rulebase
    from tactician.library import plan as plan
    from tactician.library import read_client as read_client
    from tactician.library import schema as schema
    from tactician.library import stability as stability
    from tactician.library import sweep as sweep
    from tactician.library import template as template
    from tactician.library import trace as trace
    from tactician.library import whatif as whatif
    from tactician.portfolio.many import consult_many as consult_many

__version__ = VERSION

_HOMES = {
    "change": "tactician.library",
    "check_explanation": "tactician.library",
    "check_files": "tactician.library",
    "consult": "tactician.library",
    "consult_many": "tactician.portfolio.many",
    "explain": "tactician.library",
    "load_rulebase": "tactician.knowledge.loading",
    "open_rulebase": "tactician.library",
    "plan": "tactician.library",
    "read_client": "tactician.library",
    "schema": "tactician.library",
    "stability": "tactician.library",
    "sweep": "tactician.library",
    "template": "tactician.library",
    "trace": "tactician.library",
    "whatif": "tactician.library",
}
"""Where each public name lives; it is imported when it is first used."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted((*globals(), *_HOMES))
