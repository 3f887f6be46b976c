"""Coverage as a page for the terminal, as JSON, and as annotated HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape

from tactician.presentation.page import Block, Heading, Lines, Table, Text
from tactician.presentation.terminal import clean
from tactician.workbench.coverage import (
    OUTCOMES,
    ConditionCoverage,
    Coverage,
    RuleCoverage,
    outcomes_of,
    percent,
)

NUMERIC = frozenset({"Rules", "Fired", "Outcomes", "Seen", "%"})
SIGNS = {"true": "T", "false": "F", "unknown": "?"}


def coverage_page(coverage: Coverage) -> Iterator[Block]:
    """A row for each file, then everything that has not been seen, then the totals."""
    yield Heading("Coverage of the rules", 1)
    yield Table(
        ("File", "Rules", "Fired", "Outcomes", "Seen", "%"),
        tuple(_row(file, rules) for file, rules in coverage.by_file.items()),
        NUMERIC,
    )
    missing = tuple(line for rule in coverage.rules for line in unseen(rule))
    if missing:
        yield Heading("Not seen")
        yield Lines(missing)
    if coverage.lacks:
        yield Heading("Not said by any case")
        yield Lines(
            tuple(f"{lack.place}: {lack.rule}: no case in which {lack.what}." for lack in coverage.lacks)
        )
    yield Text(totals(coverage))


def unseen(rule: RuleCoverage) -> Iterator[str]:
    """What has not been seen of a rule, one line each."""
    if not rule.fired:
        yield f"{rule.place}: {rule.rule}: never fires."
    for condition in rule.conditions:
        if condition.unseen:
            yield f"{rule.place}: {rule.rule}: {condition.text} is never {' or '.join(condition.unseen)}."


def totals(coverage: Coverage) -> str:
    """The totals in one sentence."""
    (fired, rules), (seen, outcomes) = coverage.rules_fired, coverage.outcomes_seen
    whole = rules - len({lack.rule for lack in coverage.lacks})
    return (
        f"Of {rules} {'rule' if rules == 1 else 'rules'}, {fired} fired ({_shown(coverage.rules_fired)} %); of "
        f"{outcomes} outcomes of conditions, {seen} were seen ({_shown(coverage.outcomes_seen)} %), over "
        f"{coverage.cases} cases and {coverage.clients} clients. Cases show {whole} of them firing, silent and "
        "undecided, on both sides of every boundary."
    )


def shortfall(coverage: Coverage, rules: float | None, outcomes: float | None) -> str:
    """What falls short of the bounds in percent that are set, in a sentence; empty when nothing does."""
    for wanted, found, what in (
        (rules, coverage.rules_fired, "rules have fired"),
        (outcomes, coverage.outcomes_seen, "outcomes of conditions have been seen"),
    ):
        if wanted is not None and percent(found) < wanted:
            return f"{found[0]} of {found[1]} {what}, which is less than {wanted:g} %."
    return ""


def coverage_json(coverage: Coverage) -> str:
    """Everything, for other programs."""
    data = {
        "cases": coverage.cases,
        "clients": coverage.clients,
        "rules": {"fired": coverage.rules_fired[0], "all": coverage.rules_fired[1]},
        "outcomes": {"seen": coverage.outcomes_seen[0], "all": coverage.outcomes_seen[1]},
        "facts": [{"fact": f.fact, "place": str(f.place), "seen": f.seen} for f in coverage.facts],
        "lacks": [
            {"rule": lack.rule, "place": str(lack.place), "case": lack.what} for lack in coverage.lacks
        ],
        "by_rule": [
            {
                "rule": rule.rule,
                "place": str(rule.place),
                "seen": rule.seen,
                "stated": rule.stated,
                "conditions": [
                    {"condition": c.text, "seen": c.seen, "unseen": c.unseen} for c in rule.conditions
                ],
            }
            for rule in coverage.rules
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222;"
    "background:#fff}h2{margin:2rem 0 .3rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;"
    "padding:.2rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}th{font-weight:600}"
    "td.o{white-space:nowrap;width:5rem}.y,.n{display:inline-block;width:1.3em;text-align:center;"
    "border-radius:3px;margin-right:2px}.y{background:#cdeccd;color:#114411}.n{background:#b3261e;color:#fff}"
    "tr.r td{background:#f3f3f3;font-weight:600}tr.r td+td+td{font-weight:400}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def coverage_html(coverage: Coverage) -> str:
    """The rules of each file with every condition marked: seen true (T), false (F), unknown (?), or not."""
    body = [f"<h1>Coverage of the rules</h1>\n<p>{_escaped(totals(coverage))}</p>"]
    body.append(
        f"<p>{_mark('true', True)} seen, {_mark('true', False)} not seen: T true, F false, ? unknown.</p>"
    )
    for file, rules in coverage.by_file.items():
        body.append(f"<h2>{_escaped(file)}</h2>\n<table>")
        body.append("<tr><th>Seen</th><th>Rule or condition</th><th>Cases say</th></tr>")
        body += [_rule_row(rule) for rule in rules]
        body.append("</table>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Coverage of the rules</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _rule_row(rule: RuleCoverage) -> str:
    stated = ", ".join(rule.stated) or "nothing"
    marks = "".join(_mark(outcome, outcome in rule.seen) for outcome in OUTCOMES)
    name = f"{_escaped(rule.rule)} <small>line {rule.place.line}</small>"
    rows = [f'<tr class="r"><td class="o">{marks}</td><td>{name}</td><td>{stated}</td></tr>']
    rows += [_condition_row(condition) for condition in rule.conditions]
    return "\n".join(rows)


def _condition_row(condition: ConditionCoverage) -> str:
    marks = "".join(_mark(outcome, outcome in condition.seen) for outcome in condition.possible)
    return f'<tr><td class="o">{marks}</td><td>{_escaped(condition.text)}</td><td></td></tr>'


def _mark(outcome: str, seen: bool) -> str:
    title = f"{outcome}: {'seen' if seen else 'not seen'}"
    return f'<span class="{"y" if seen else "n"}" title="{title}">{SIGNS[outcome]}</span>'


def _row(file: str, rules: Iterable[RuleCoverage]) -> tuple[str, ...]:
    every = tuple(rules)
    outcomes = outcomes_of(every)
    fired = sum(rule.fired for rule in every)
    return file, str(len(every)), str(fired), str(outcomes[1]), str(outcomes[0]), _shown(outcomes)


def _shown(seen: tuple[int, int]) -> str:
    """Percent to one decimal, never rounded up to 100."""
    return f"{int(percent(seen) * 10) / 10:.1f}"


def _escaped(text: str) -> str:
    return escape(clean(text))
