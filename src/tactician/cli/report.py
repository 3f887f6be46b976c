"""`tactician report`: a page to hand over, for one client or for many."""

from __future__ import annotations

from pathlib import Path

import click

from tactician.cli import options


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
    from tactician.presentation.report.many import write_reports
    from tactician.presentation.report.rendering import report as render

    look = brand(logo, title, accent)
    rulebase = library.open_rulebase(rules)
    if folder is not None:
        if file is not None or output is None or form != "html":
            hint = "Write: tactician report --all DIR -o OUT"
            raise UsageError("--all takes a folder of its own, -o, and makes HTML.", hint)
        files = sorted(path for path in Path(folder).glob("*.yaml")) + sorted(Path(folder).glob("*.json"))
        if not files:
            raise UsageError(f"There are no client files in {folder}.")
        advised = [(path.stem, library.plan(path, rulebase, engine)) for path in files]
        written = write_reports(advised, Path(output), look)
        if not quiet:
            click.echo(f"Wrote {written} reports and index.html to {output}.", err=True)
        return
    if file is None:
        raise UsageError("Which client?", "Name a client file, or a folder with --all.")
    advice = library.plan(file, rulebase, engine)
    emit(render(advice, look) if form == "html" else markdown_page.render(plan_page(advice)), output, quiet)
