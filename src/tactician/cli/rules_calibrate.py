"""`tactician rules calibrate`: a rulebase judged by documented businesses."""

from __future__ import annotations

import click

from tactician.cli import options


@click.command()
@click.argument("cases", metavar="CASES", type=options.INPUT)
@options.rules
@click.option(
    "--folds",
    type=click.IntRange(min=2),
    metavar="K",
    help="Judge in K parts, each with priors in which it has no part.",
)
@click.option(
    "--fit-priors", is_flag=True, help="Write priors to the parameters.yaml of the last folder of rules."
)
@click.option(
    "--portfolio",
    metavar="PATH",
    help="Client files that priors are fitted over, besides those of the cases; the example clients else.",
)
@options.formats("table", "json", "html")
@options.output
@options.quiet
@options.debug
def calibrate(
    cases: str,
    rules: tuple[str, ...],
    folds: int | None,
    fit_priors: bool,
    portfolio: str | None,
    form: str,
    output: str | None,
    quiet: bool,
) -> None:
    """Tell how often the tactics that decided for documented businesses are among the first.

    \b
    Examples:
      tactician rules calibrate tests/calibration
      tactician rules calibrate tests/calibration --folds 10
      tactician rules calibrate my_cases --format html -o calibration.html
      tactician rules calibrate tests/calibration --fit-priors

    CASES is a folder with cases.yaml (what decided, what was used, what must not be advised) and clients/ID.yaml
    (what each business would have answered before). docs/calibration.md tells more.
    """
    from pathlib import Path

    from tactician.cli.output import emit, for_screen
    from tactician.presentation.terminal import clean
    from tactician.workbench.calibration import calibration_words
    from tactician.workbench.calibration.calibrating import fit_priors as fit
    from tactician.workbench.calibration.calibrating import open_calibrator
    from tactician.workbench.case_folders import rulebase_folders

    folders = rulebase_folders(rules)
    if fit_priors:
        file = fit(folders, Path(cases), portfolio)
        if not quiet:
            click.echo(f"Wrote {clean(str(file))}.", err=True)
    calibration = open_calibrator(folders, Path(cases), portfolio).calibrate(folds or 0)
    if form == "json":
        text = calibration_words.calibration_json(calibration)
    elif form == "html":
        text = calibration_words.calibration_html(calibration)
    else:
        text = for_screen(calibration_words.calibration_page(calibration), output)
    emit(text, output, quiet)
