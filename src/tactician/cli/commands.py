"""The commands there are, and which of them help after a plan."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

COMMANDS = {
    "plan": ("tactician.cli.plan:plan", "Print a ranked and justified plan for one client."),
    "ask": ("tactician.cli.ask:ask", "Answer questions about a business, and get its plan."),
    "explain": ("tactician.cli.explain:explain", "Say why a tactic ranks where it does, and why not."),
    "whatif": ("tactician.cli.whatif:whatif", "Show the plan if some answers were different."),
    "check-explanation": (
        "tactician.cli.check_explanation:check_explanation",
        "Replay an explanation, and say what is wrong in it.",
    ),
    "trace": ("tactician.cli.trace:trace", "Show every cycle of the inference engine, and its reasons."),
    "batch": ("tactician.cli.batch:batch", "Rank the tactics for every client of a portfolio."),
    "report": ("tactician.cli.report:report", "Write a report to hand over."),
    "facts": ("tactician.cli.facts:facts", "Check client files, or print an empty one to fill in."),
    "rules": ("tactician.cli.rules:rules", "Read, check, test and compare rules."),
    "schema": ("tactician.cli.schema:schema", "Print the JSON Schema of a file format."),
}
"""By name: where the command is, and the first line of its help."""

AFTER_A_PLAN = (
    ("explain {file} {tactic}", "every reason, down to your answers"),
    ("ask {file}", "answer what is still open"),
    ("whatif {file} --set business.monthly_budget=1000", "the plan if something changed"),
    ("report {file} -o report.html", "the same as a page to hand over"),
    ("plan {file} --top {number}", "all tactics"),
    ("plan {file} --format json", "everything, for other programs"),
)


def after_a_plan(file: str, tactics: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What to type next, with what it does, given the ranked tactics; only commands that there are."""
    shown = "FILE" if file == "-" else shlex.quote(file)
    first = tactics[0] if tactics else "ID"
    return tuple(
        (f"tactician {line.format(file=shown, tactic=first, number=len(tactics))}", purpose)
        for line, purpose in AFTER_A_PLAN
        if line.split()[0] in COMMANDS
    )
