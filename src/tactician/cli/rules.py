"""`tactician rules`: tools for people who write rules."""

from __future__ import annotations

import click

from tactician.cli.lazy import LazyGroup

COMMANDS = {
    "list": ("tactician.cli.rules_show:list_records", "List tactics, levers and improvements."),
    "show": ("tactician.cli.rules_show:show", "Show a rule, record, fact, source or parameter in words."),
    "lint": ("tactician.cli.rules_lint:lint", "Say what is wrong, doubtful or wasted in a rulebase."),
    "test": ("tactician.cli.rules_test:run", "Run the cases of a rulebase."),
    "draft": ("tactician.cli.rules_draft:draft", "Draft cases from the rules themselves."),
    "coverage": ("tactician.cli.rules_coverage:coverage", "Show which conditions the cases have seen."),
    "docs": ("tactician.cli.rules_docs:docs", "Write pages about the rules."),
    "export": ("tactician.cli.rules_export:export", "Write the rules for another rule engine."),
    "diff": (
        "tactician.cli.rules_docs:diff",
        "Say what differs between two rulebases, for rules and clients.",
    ),
    "mutate": (
        "tactician.cli.rules_mutate:mutate",
        "Break rules on purpose, and see whether a case notices.",
    ),
    "calibrate": (
        "tactician.cli.rules_calibrate:calibrate",
        "Judge the rules by what worked for documented businesses.",
    ),
}


@click.group(cls=LazyGroup, commands_at=COMMANDS)
def rules() -> None:
    """Read, check, test and compare rules.

    \b
    Examples:
      tactician rules lint
      tactician rules lint --rules my_pack
    """
