"""`tactician rules list` and `tactician rules show`: rules and records in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tactician.cli import options

if TYPE_CHECKING:
    from tactician.presentation.page import Block


@click.command("list")
@options.rules
@options.formats("table", "markdown", "json")
@options.output
@options.quiet
@options.debug
def list_records(rules: tuple[str, ...], form: str, output: str | None, quiet: bool) -> None:
    """List tactics, levers and improvements, with how many rules each has.

    \b
    Example:
      tactician rules list
    """
    from tactician.cli.output import emit
    from tactician.workbench import rule_pages
    from tactician.workbench.case_folders import rulebase_folders

    table = rule_pages.overview(rule_pages.load(rulebase_folders(rules)))
    if form == "json":
        emit(rule_pages.table_json(table), output, quiet)
    else:
        emit(_shown([table], form, output), output, quiet)


@click.command()
@click.argument("name", metavar="ID")
@options.rules
@options.formats("table", "markdown")
@options.output
@options.quiet
@options.debug
def show(name: str, rules: tuple[str, ...], form: str, output: str | None, quiet: bool) -> None:
    """Show a tactic, rule, fact, source, parameter or lint check in words.

    \b
    Examples:
      tactician rules show freemium
      tactician rules show FREEMIUM-F1
      tactician rules show price_pressure
      tactician rules show parameter.hourly_labour_cost
      tactician rules show T203

    A rule comes with its sources and the cases that test it.
    """
    from tactician.cli.output import emit
    from tactician.workbench import rule_pages
    from tactician.workbench.case_folders import rulebase_folders

    folders = rulebase_folders(rules)
    rulebase = rule_pages.load(folders)
    tests, unread = rule_pages.tests_by_rule(folders, rulebase)
    blocks = rule_pages.page(name, rulebase, tests)
    emit(_shown(blocks, form, output), output, quiet)
    if unread and not quiet:
        click.echo(f"Case files that cannot be read: {unread}. See: tactician rules test", err=True)


def _shown(blocks: Sequence[Block], form: str, output: str | None) -> str:
    from tactician.cli.output import for_screen
    from tactician.presentation import markdown_page

    return markdown_page.render(blocks) if form == "markdown" else for_screen(blocks, output)
