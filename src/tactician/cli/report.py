"""`tactician report`: a page to hand over, for one client or for many."""

from __future__ import annotations

from pathlib import Path

import click

from tactician.cli import options

ENDINGS = {"html": (".html", ".htm"), "markdown": (".md", ".markdown")}
"""By format, how its files end."""
LANGUAGES = {"html": "HTML", "markdown": "Markdown"}


@click.command()
@click.argument("file", metavar="[FILE]", required=False, type=options.INPUT)
@click.option(
    "--all", "folder", metavar="DIR", help="Report on every client file in this folder, with an index."
)
@options.formats("html", "markdown")
@click.option(
    "--logo", metavar="FILE", type=options.INPUT, help="Show this PNG, JPEG, GIF or WebP picture at the top."
)
@click.option("--title", metavar="TEXT", help="Put this above the client's name.")
@click.option(
    "--accent", metavar="COLOUR", help="Use this colour (#1f5f5b or a name), made readable if need be."
)
@options.engine
@options.rules
@click.option("-o", "--output", metavar="PATH", help="Write to this file; with --all, to this folder.")
@options.quiet
@options.debug
def report(
    file: str | None,
    folder: str | None,
    form: str,
    logo: str | None,
    title: str | None,
    accent: str | None,
    engine: str,
    rules: tuple[str, ...],
    output: str | None,
    quiet: bool,
) -> None:
    """Write a report to hand over: one page that opens anywhere, prints on A4, and asks nothing of the network.

    \b
    Examples:
      tactician report facts/solsikken_bakery.yaml -o report.html
      tactician report --all facts -o reports
    """
    from tactician import library
    from tactician.cli.output import emit
    from tactician.errors import UsageError
    from tactician.presentation import markdown_page
    from tactician.presentation.plan_page import plan_page
    from tactician.presentation.report.brand import brand
    from tactician.presentation.report.rendering import report as render

    look = brand(logo, title, accent)
    rulebase = library.open_rulebase(rules)
    if folder is not None:
        if file is not None or output is None or form != "html":
            hint = "Write: tactician report --all DIR -o OUT"
            raise UsageError("--all takes a folder of its own, -o, and makes HTML.", hint)
        from tactician.cli.portfolio_words import speaker, tell_rejects
        from tactician.portfolio.reports import report_on_folder

        say = speaker(quiet)
        done = report_on_folder(folder, output, rulebase, look=look, engine=engine, say=say)
        say(f"Wrote {done.ranked:,} report{'' if done.ranked == 1 else 's'} and index.html to {output}.")
        tell_rejects(done, say)
        return
    if file is None:
        raise UsageError("Which client?", "Name a client file, or a folder with --all.")
    _check_ending(file, output, form)
    advice = library.plan(file, rulebase, engine)
    emit(render(advice, look) if form == "html" else markdown_page.render(plan_page(advice)), output, quiet)


def _check_ending(file: str, output: str | None, form: str) -> None:
    """Raises UsageError when a file would hold something else than its ending says."""
    from tactician.cli.output import STDOUT, is_one_file
    from tactician.errors import UsageError

    path = Path(output or STDOUT)
    suffix = path.suffix.lower()
    is_pipe = path.exists() and not path.is_file() and not path.is_dir()
    if output in (None, STDOUT) or is_pipe or suffix in ENDINGS[form] or is_one_file(str(path), file):
        return
    other = next((name for name, endings in ENDINGS.items() if suffix in endings), None)
    page = f"{path.stem}{ENDINGS[form][0]}"
    hint = f"Add --format {other}, or name it {page}." if other else f"Name it {page}."
    if suffix == ".pdf":
        hint = f"Write {path.stem}.html, and print that from a browser."
    raise UsageError(f"{output} would hold {LANGUAGES[form]}.", hint)
