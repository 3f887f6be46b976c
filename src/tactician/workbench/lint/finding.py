"""What lint finds, and the closed list of what it looks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tactician.errors import Place


class Severity(StrEnum):
    """How much a finding matters: errors and warnings fail the run, advice does not."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing lint looks for. Codes are never reused."""

    code: str
    name: str
    severity: Severity
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a check found something."""

    check: Check
    place: Place
    where: str
    what: str
    hint: str = ""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Findings in reading order, then by code."""
        place = self.place
        return place.file, place.line or 0, place.column or 0, self.check.code, self.what


_ERROR, _WARNING, _ADVICE = Severity
IMPOSSIBLE_TEST = Check("T101", "impossible-test", _ERROR, "No legal value passes it.")
EMPTY_TEST = Check("T102", "empty-test", _WARNING, "Every legal value passes it, so it says nothing.")
CONTRADICTION = Check("T103", "contradiction", _ERROR, "Its parts exclude one another.")
TAUTOLOGY = Check("T104", "tautology", _WARNING, "One of its branches holds, whatever the value.")
REDUNDANT_TEST = Check("T105", "redundant-test", _WARNING, "Another test of the same rule already says it.")
SHADOWED_ENTRY = Check("T106", "shadowed-entry", _ERROR, "Earlier entries of the list leave nothing to it.")
OPEN_LIST = Check("T107", "open-list", _ADVICE, "Without `otherwise` the fact can stay without a value.")
MISSING_LEVEL = Check("T108", "missing-level", _WARNING, "No entry concludes this level.")
DUPLICATE_RULE = Check("T201", "duplicate-rule", _WARNING, "Two rules say the same.")
SUBSUMED_RULE = Check("T202", "subsumed-rule", _WARNING, "Whenever it fires, another rule has counted it.")
DOUBLE_COUNT = Check("T203", "double-count", _WARNING, "Two rules count one fact for the same record.")
FOR_AND_AGAINST = Check("T204", "for-and-against", _WARNING, "The same condition speaks for and against.")
BLOCKED_FAVOUR = Check(
    "T205", "blocked-favour", _WARNING, "It speaks for a record that is blocked whenever it fires."
)
IDLE_EXCUSE = Check("T206", "idle-on-top-of", _WARNING, "It says it repeats what it does not repeat.")
REPEATED_FIELD = Check(
    "T207", "repeated-field", _ADVICE, "A field of the record, such as lifecycle, counts the same fact."
)
NEVER_RECOMMENDED = Check(
    "T301", "never-recommended", _ERROR, "No client was found for which it is a good idea."
)
ALWAYS_BLOCKED = Check("T302", "always-blocked", _ERROR, "No client was found that escapes a block.")
UNREACHABLE_RULE = Check("T303", "unreachable-rule", _WARNING, "No client was found for which it fires.")
UNUSED_DERIVED = Check("T401", "unused-derived-fact", _WARNING, "Nothing looks at it.")
UNUSED_FACT = Check("T402", "unused-fact", _WARNING, "It is asked for, and nothing looks at it.")
UNUSED_SOURCE = Check("T403", "unused-source", _ADVICE, "Nothing cites it.")
UNUSED_PARAMETER = Check("T404", "unused-parameter", _WARNING, "No expression names it.")
MISSING_SOURCE = Check(
    "T501", "missing-source", _WARNING, "Without author and address nobody can look it up."
)
UNRETRIEVED_SOURCE = Check("T502", "unretrieved-source", _ADVICE, "None of its sources was read.")
HEAVY_GUESS = Check("T503", "heavy-guess", _ADVICE, "A strong claim rests on judgement alone.")
LOPSIDED_COMPLEMENT = Check("T601", "lopsided-complement", _WARNING, "A complement holds both ways.")
IMPOSSIBLE_REQUIREMENT = Check(
    "T602", "impossible-requirement", _ERROR, "What it requires cannot run beside it."
)
MISSING_NAME = Check("T603", "missing-name", _ADVICE, "A language has no name for it.")
HIDDEN_CHARACTER = Check(
    "T701", "hidden-character", _ERROR, "Readers see something else than what is written."
)
CHECKS = tuple(value for value in tuple(globals().values()) if isinstance(value, Check))
"""Every check there is, in the order of the codes."""
