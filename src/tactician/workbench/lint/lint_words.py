"""What lint found, in words: one line per finding, a summary, JSON, and witnesses."""

from __future__ import annotations

import json

import yaml

from tactician.facts.client import Item
from tactician.facts.vocabulary import LIST_OF
from tactician.presentation.terminal import clean
from tactician.workbench.drafting.situations import Situation
from tactician.workbench.lint.finding import Finding, Severity
from tactician.workbench.lint.linting import Report


def lines(report: Report, advice: bool) -> str:
    """A line for each finding, for a terminal; advice only where it is wanted."""
    shown = (each for each in report.findings if advice or each.check.severity is not Severity.ADVICE)
    return "".join(f"{clean(line(each))}\n" for each in shown)


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


def witnesses(report: Report) -> str:
    """For every rule, and for every record that can be recommended, a client file of few facts, as YAML."""
    found = {**report.recommended, **report.witnesses}
    names = [*report.rulebase.records, *report.rulebase.rule]
    clients = {name: _client(found[name]) for name in names if name in found}
    return yaml.safe_dump(clients, sort_keys=False, allow_unicode=True)


def _client(situation: Situation) -> dict[str, object]:
    parts: dict[str, dict[str, object]] = {"business": {}, "offering": {}, "segment": {"name": "everyone"}}
    for fact, value in situation.facts.items():
        scope, _, short = fact.partition(".")
        parts[scope][short] = int(value) if isinstance(value, float) and value.is_integer() else value
    segment = parts.pop("segment")
    for kind, items in situation.items.items():
        segment[LIST_OF[kind]] = [_item(item) for item in items]
    stated = {scope: facts for scope, facts in parts.items() if facts}
    return {"client": "Witness", **stated, "segments": [segment]}


def _item(item: Item) -> dict[str, object]:
    levels = (
        {"item": link.item, "relevance": link.relevance, "proof": link.proof} for link in item.addresses
    )
    links = [{name: level for name, level in link.items() if level is not None} for link in levels]
    return {"id": item.id, "text": item.text, **item.attributes, **({"addresses": links} if links else {})}
