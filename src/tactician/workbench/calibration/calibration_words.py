"""A calibration as a page, as JSON, and as HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from tactician.inference.weights import TOTAL_POINT
from tactician.presentation import html_fragment
from tactician.presentation.page import Block, Bullets, Heading, Table, Text
from tactician.workbench.calibration.calibrating import Calibration, GroupFigures, Judged
from tactician.workbench.calibration.comparing import Comparison, Part, Reason
from tactician.workbench.calibration.measures import Measure

FIGURES = ("Measure", "Found", "From", "To", "Chance", "Popular", "Cases")
NUMERIC = frozenset(FIGURES[1:])
TITLES = {"tactics": "Tactics", "levers": "Levers"}
COUNTED_AS = {
    Part.FOR: "for it",
    Part.AGAINST: "against it",
    Part.BLOCKS: "rules it out",
    Part.FAILED: "would be for it, but does not hold",
    Part.UNKNOWN: "would be for it, but nobody knows",
}


def calibration_page(calibration: Calibration) -> Iterator[Block]:
    """The figures, what comes too often or never, each case, and why its best tactics were not found."""
    yield Heading("Calibration against documented businesses", 1)
    yield Text(judged_under(calibration))
    for group, figures in calibration.groups.items():
        yield Heading(TITLES[group])
        yield figures_table(figures.measures)
        yield Text(frequency(figures))
    yield Heading("Cases")
    yield Table(
        ("Case", "Trade", "What decided (rank)", "Must not (rank)", "First three"),
        tuple(_case_row(judged) for judged in calibration.cases),
    )
    yield Heading("Why not")
    for judged in calibration.cases:
        for comparison in judged.comparisons:
            yield from _comparison(judged, comparison)


def judged_under(calibration: Calibration) -> str:
    """Under which priors the cases were judged."""
    if not calibration.folds:
        return (
            "Judged with the priors that the rules carry. With --folds no case has a part in its own priors."
        )
    return (
        f"Judged in {calibration.folds} parts: the priors of each part come from the portfolio and from the other "
        "parts. From and To enclose 95 % of bootstrap samples of the cases."
    )


def figures_table(measures: Iterable[Measure]) -> Table:
    """A row for each measure."""
    return Table(FIGURES, tuple(_figures_row(measure) for measure in measures), NUMERIC)


def frequency(figures: GroupFigures) -> str:
    """Which records come too often and which never, in a sentence or two."""
    too_often = ", ".join(f"{record} ({count} of {figures.cases})" for record, count in figures.too_often)
    most = ", ".join(f"{record} ({count})" for record, count in figures.often[:3])
    return (
        f"Too often among the first: {too_often or 'none'}. Never: {', '.join(figures.never) or 'none'}. "
        f"Most often: {most}."
    )


def _figures_row(measure: Measure) -> tuple[str, ...]:
    parts = (measure.value, measure.low, measure.high, measure.random, measure.popular)
    return (measure.name, *(f"{part:.2f}" for part in parts), str(measure.cases))


def _case_row(judged: Judged) -> tuple[str, ...]:
    case = judged.case
    return (
        case.id,
        case.sector,
        _ranked(case.strongest, judged),
        _ranked(case.must_not, judged),
        ", ".join(judged.first["tactics"]),
    )


def _ranked(records: Sequence[str], judged: Judged) -> str:
    return ", ".join(f"{record} ({judged.ranks[record]})" for record in records if record in judged.ranks)


def _comparison(judged: Judged, comparison: Comparison) -> Iterator[Block]:
    yield Heading(f"{judged.case.id}: {comparison.record}, rank {comparison.rank}", 3)
    own, rival = _points(comparison.total), _points(comparison.rival_total)
    yield Text(f"{own} points; third is {comparison.rival} with {rival}.")
    yield Bullets(tuple(_reason(reason) for reason in comparison.reasons), "What decided")
    yield Bullets(tuple(_reason(reason) for reason in comparison.rival_reasons), f"For {comparison.rival}")


def _reason(reason: Reason) -> str:
    points = f" {_points(reason.points)}" if reason.part is not Part.BLOCKS else ""
    return f"{reason.rule}{points} ({COUNTED_AS[reason.part]}): {reason.because}"


def _points(total: int) -> str:
    return f"{total / TOTAL_POINT:.1f}"


def calibration_json(calibration: Calibration) -> str:
    """Everything, for other programs."""
    data = {
        "folds": calibration.folds,
        "groups": {group: _group_data(figures) for group, figures in calibration.groups.items()},
        "cases": [_case_data(judged) for judged in calibration.cases],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _group_data(figures: GroupFigures) -> dict[str, object]:
    fields = ("name", "value", "low", "high", "random", "popular")
    return {
        "measures": [
            {name: _rounded(getattr(measure, name)) for name in fields} | {"cases": measure.cases}
            for measure in figures.measures
        ],
        "often": dict(figures.often),
        "too_often": [record for record, _ in figures.too_often],
        "never": list(figures.never),
    }


def _rounded(value: float | str) -> float | str:
    return round(value, 6) if isinstance(value, float) else value


def _case_data(judged: Judged) -> dict[str, object]:
    return {
        "case": judged.case.id,
        "business": judged.case.business,
        "source": judged.case.source,
        "first": {group: list(first) for group, first in judged.first.items()},
        "strongest": {
            record: judged.ranks[record] for record in judged.case.strongest if record in judged.ranks
        },
        "used": {record: judged.ranks[record] for record in judged.case.used if record in judged.ranks},
        "levers": {record: judged.ranks[record] for record in judged.case.levers if record in judged.ranks},
        "must_not": {
            record: judged.ranks[record] for record in judged.case.must_not if record in judged.ranks
        },
        "why_not": [_comparison_data(comparison) for comparison in judged.comparisons],
    }


def _comparison_data(comparison: Comparison) -> dict[str, object]:
    return {
        "record": comparison.record,
        "rank": comparison.rank,
        "total": comparison.total,
        "reasons": [_reason_data(reason) for reason in comparison.reasons],
        "rival": comparison.rival,
        "rival_total": comparison.rival_total,
        "rival_reasons": [_reason_data(reason) for reason in comparison.rival_reasons],
    }


def _reason_data(reason: Reason) -> dict[str, object]:
    return {
        "rule": reason.rule,
        "part": reason.part.value,
        "points": reason.points,
        "because": reason.because,
    }


STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto}"
    "table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}"
    "th,td{padding:.25rem .75rem;text-align:left;vertical-align:top;border-bottom:1px solid #8886}"
)


def calibration_html(calibration: Calibration) -> str:
    """The page as one self-contained HTML file."""
    body = html_fragment.render(calibration_page(calibration))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Calibration</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
