"""What lint found, in words: one line per finding, a summary, JSON, and witnesses."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tactician.knowledge.rules import Rule
from tactician.workbench.drafting.situations import Situation
from tactician.workbench.lint.finding import Finding, Severity
from tactician.workbench.lint.linting import Report
from tactician.workbench.notation import show_value


def line(finding: Finding) -> str:
    """One finding as `file:line:col: code [name] where: what. hint`."""
    check = finding.check
    where = f"{finding.where}: " if finding.where else ""
    hint = f" {finding.hint}" if finding.hint else ""
    return f"{finding.place}: {check.severity} {check.code} [{check.name}] {where}{finding.what}.{hint}"


def summary(report: Report) -> str:
    """How many findings of each severity, and how many rules have a witness."""
    counts = ", ".join(_counted(report.count(severity), severity) for severity in Severity)
    rules = len(report.rulebase.rules)
    return f"{counts}; {len(report.witnesses)} of {rules} rules fire for a client that was found."


def _counted(number: int, severity: Severity) -> str:
    plural = "" if number == 1 or severity is Severity.ADVICE else "s"
    return f"{number} {severity}{plural}"


def as_json(report: Report) -> str:
    """Every finding, for other programs."""
    entries = [
        {
            "code": each.check.code,
            "name": each.check.name,
            "severity": str(each.check.severity),
            "file": each.place.file,
            "line": each.place.line,
            "column": each.place.column,
            "where": each.where,
            "what": each.what,
            "hint": each.hint,
        }
        for each in report.findings
    ]
    counts = {str(severity): report.count(severity) for severity in Severity}
    return json.dumps({"findings": entries, "counts": counts}, ensure_ascii=False, indent=2) + "\n"


def witness(rule: Rule, situation: Situation | None) -> Iterator[str]:
    """The few facts for which a rule fires, as lines of a client file."""
    yield f"{rule.id}:"
    if situation is None:
        yield "  # no client was found for which it fires"
        return
    for fact, value in situation.facts.items():
        yield f"  {fact}: {show_value(value)}"
    for kind, items in situation.items.items():
        shown = ", ".join(
            "{" + ", ".join(f"{name}: {level}" for name, level in item.attributes.items()) + "}"
            for item in items
        )
        yield f"  {kind}s: [{shown}]"
