"""`tactician rules list` and `tactician rules show`: rules and records in words."""

from __future__ import annotations

import click

from tactician.cli import options


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
    from tactician.cli.output import emit, page_text
    from tactician.workbench import rule_pages
    from tactician.workbench.case_folders import rulebase_folders

    table = rule_pages.overview(rule_pages.load(rulebase_folders(rules)))
    text = rule_pages.table_json(table) if form == "json" else page_text([table], form, output)
    emit(text, output, quiet)


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
    from tactician.cli.output import emit, page_text
    from tactician.workbench import rule_pages
    from tactician.workbench.case_folders import rulebase_folders

    folders = rulebase_folders(rules)
    rulebase = rule_pages.load(folders)
    tests, unread = rule_pages.tests_by_rule(folders, rulebase)
    blocks = rule_pages.page(name, rulebase, tests)
    emit(page_text(blocks, form, output), output, quiet)
    if unread and not quiet:
        click.echo(f"Case files that cannot be read: {unread}. See: tactician rules test", err=True)
