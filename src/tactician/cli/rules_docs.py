"""`tactician rules docs` and `tactician rules diff`: pages about the rules, and what an edit changes."""

from __future__ import annotations

from pathlib import Path

import click

from tactician.cli import options


@click.command()
@options.rules
@click.option(
    "-o", "--output", "folder", default="docs/rules", show_default=True, metavar="DIR", help="Where to."
)
@click.option("--check", is_flag=True, help="Write nothing; end with exit code 1 when a page is stale.")
@options.quiet
@options.debug
def docs(rules: tuple[str, ...], folder: str, check: bool, quiet: bool) -> None:
    """Write a page for each record, and pages of the vocabulary and of derived facts.

    \b
    Examples:
      tactician rules docs
      tactician rules docs --check
    """
    from tactician.errors import CheckFailed
    from tactician.workbench import rule_docs, rule_pages
    from tactician.workbench.case_folders import rulebase_folders

    rulebase = rule_pages.load(rulebase_folders(rules))
    target = Path(folder)
    changed = rule_docs.stale(rulebase, target) if check else rule_docs.write_pages(rulebase, target)
    for name in changed:
        click.echo(f"{target / name} {'is stale' if check else 'written'}.", err=True)
    if not changed and not quiet:
        click.echo(f"Every page in {target} is up to date.", err=True)
    if check and changed:
        raise CheckFailed(f"{len(changed)} pages are stale.", "Run: tactician rules docs")


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--clients",
    metavar="PATH",
    type=options.INPUT,
    help="Client file or folder to compare plans for; else the examples.",
)
@click.option(
    "--top", type=click.IntRange(min=1), default=3, show_default=True, help="Ranks that are compared."
)
@click.option("--fail-on-change", is_flag=True, help="End with exit code 1 when anything differs.")
@options.formats("table", "markdown", "json")
@options.output
@options.quiet
@options.debug
def diff(
    old: str,
    new: str,
    clients: str | None,
    top: int,
    fail_on_change: bool,
    form: str,
    output: str | None,
    quiet: bool,
) -> None:
    """Say which rules differ between two rulebases, and which clients are told something else, and why.

    \b
    Examples:
      tactician rules diff shipped my_pack
      tactician rules diff old_rules new_rules --clients my_clients --fail-on-change

    OLD and NEW are folders of rules, or `shipped`; folders joined by + are laid over one another. A folder
    that is no whole rulebase is laid over the shipped rules.
    """
    from tactician.cli.output import emit, page_text
    from tactician.errors import CheckFailed
    from tactician.workbench import diff_words, rule_pages
    from tactician.workbench.case_folders import read_clients
    from tactician.workbench.diffing import difference

    before, after = (rule_pages.load(_folders(each)) for each in (old, new))
    pairs = zip(read_clients(clients, before), read_clients(clients, after), strict=True)
    found = difference(before, after, pairs, top)
    text = diff_words.as_json(found) if form == "json" else page_text(diff_words.blocks(found), form, output)
    emit(text, output, quiet)
    if fail_on_change and not found.none:
        raise CheckFailed("The rulebases differ.")


def _folders(stated: str) -> list[Path]:
    """The folders that OLD or NEW names."""
    from tactician.facts.repository import rules_folder
    from tactician.knowledge.packs import TOP_FILES

    folders = [rules_folder() if part == "shipped" else Path(part) for part in stated.split("+")]
    whole = all((folders[0] / name).is_file() for name in TOP_FILES)
    return folders if whole else [rules_folder(), *folders]
