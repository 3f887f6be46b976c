"""Tactician: an expert system for customer strategy."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tactician.version import VERSION

if TYPE_CHECKING:
    from tactician.errors import TacticianError
    from tactician.knowledge.loading import load_rulebase
    from tactician.library import (
        change,
        check_explanation,
        check_files,
        compare,
        consult,
        explain,
        explain_fact,
        open_rulebase,
        open_teaching,
        plan,
        read_client,
        schema,
        stability,
        sweep,
        teaching_client,
        template,
        trace,
        whatif,
    )
    from tactician.portfolio.many import consult_many

__version__ = VERSION
__all__ = [
    "TacticianError",
    "change",
    "check_explanation",
    "check_files",
    "compare",
    "consult",
    "consult_many",
    "explain",
    "explain_fact",
    "load_rulebase",
    "open_rulebase",
    "open_teaching",
    "plan",
    "read_client",
    "schema",
    "stability",
    "sweep",
    "teaching_client",
    "template",
    "trace",
    "whatif",
]

_ELSEWHERE = {
    "TacticianError": "tactician.errors",
    "consult_many": "tactician.portfolio.many",
    "load_rulebase": "tactician.knowledge.loading",
}
"""Where a public name lives that is not in the library; each is imported when it is first used."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_ELSEWHERE.get(name, "tactician.library")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
