"""Where tactics rank as one answer goes through several values: as a page, as CSV, and as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from tactician.advice.plan import Horizon
from tactician.advice.sweep import Stop
from tactician.facts.setting import Place
from tactician.facts.shape import UNKNOWN
from tactician.inference.weights import TOTAL_POINT
from tactician.inference.weights import points as exact
from tactician.presentation.page import Block, Heading, Table, Text
from tactician.presentation.spreadsheet_text import csv_line
from tactician.presentation.terminal import clean
from tactician.presentation.words import label, points

FIRST = 3
WIDE, ROW, LEFT, RIGHT, ABOVE, BELOW = 640, 26, 46, 240, 56, 54
DASHES = ("", "7 3", "2 3", "9 3 2 3", "1 4", "12 4")
"""How lines are told apart without colour."""


def sweep_page(stops: Sequence[Stop], place: Place, top: int | None = None) -> Iterator[Block]:
    """The blocks of a sweep: of each value the first of the ranking, and what the plan starts."""
    client = stops[0].client
    unit = client.currency if place.spec.is_money else place.spec.unit
    name = label(place.spec).capitalize()
    yield Heading(f"{name} from {stops[0].value} to {stops[-1].value}, for {client.id}", 1)
    each = f"each value (in {unit})" if unit else "each value"
    yield Text(f"Of {each} the first of the ranking, with points, and what the plan starts now.")
    most = top or FIRST
    headers = (name, *(str(rank) for rank in range(1, most + 1)), "Start now")
    yield Table(headers, tuple(_row(stop, most) for stop in stops), frozenset(headers[:1]))
    moved = [name for name in _names(stops) if len({stop.place(name).rank for stop in stops}) > 1]
    yield Text(f"{len(moved)} of {len(stops[0].tactics)} tactics change their rank on the way.")


def _row(stop: Stop, most: int) -> tuple[str, ...]:
    now = [stop.place(name).record.name for name, horizon in stop.horizons.items() if horizon is Horizon.NOW]
    first = (f"{entry.record.name} {points(entry.total)}" for entry in stop.tactics[:most])
    return stop.value, *first, ", ".join(now) or "-"


def _names(stops: Sequence[Stop]) -> list[str]:
    return [entry.id for entry in stops[0].tactics]


def sweep_csv(stops: Sequence[Stop], place: Place) -> str:
    """One row for each value and tactic, in the order of the ranking; texts cannot become formulas."""
    lines = [csv_line((place.written, "tactic", "rank", "points", "horizon"))]
    for stop in stops:
        value = stop.client.stated(place.spec.id, place.segments[0])
        value = UNKNOWN if value is None else value
        for entry in stop.tactics:
            horizon = stop.horizons.get(entry.id)
            points_of = entry.total / TOTAL_POINT
            lines.append(csv_line((value, entry.id, entry.rank, points_of, horizon and horizon.value)))
    return "".join(lines)


def sweep_data(stops: Sequence[Stop], place: Place) -> dict[str, object]:
    """The sweep as plain data for JSON; totals in 10⁻¹² point."""
    return {
        "fact": place.written,
        "stops": [
            {
                "value": stop.value,
                "tactics": [
                    {
                        "id": entry.id,
                        "rank": entry.rank,
                        "total": entry.total,
                        "points": exact(entry.total),
                        "horizon": stop.horizons.get(entry.id),
                    }
                    for entry in stop.tactics
                ],
            }
            for stop in stops
        ],
    }


def sweep_svg(stops: Sequence[Stop], place: Place, top: int | None = None) -> str:
    """The ranks from value to value, as lines told apart by dashes, of all that are among the first somewhere."""
    most = top or FIRST
    shown = [name for name in _names(stops) if any(stop.place(name).rank <= most for stop in stops)]
    lowest = max(stop.place(name).rank for stop in stops for name in shown)
    height = ABOVE + ROW * (lowest - 1) + BELOW
    title = escape(clean(f"Ranks of tactics by {label(place.spec)}, {stops[0].client.id}"))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDE + RIGHT}" height="{height}" role="img" '
        f'viewBox="0 0 {LEFT + WIDE + RIGHT} {height}" font-family="sans-serif" font-size="13">',
        f"<title>{title}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{LEFT}" y="24" font-weight="bold">{title}</text>',
        *(_rank_label(rank) for rank in range(1, lowest + 1)),
        *_value_labels(stops, height),
        *(_line(stops, name, number) for number, name in enumerate(shown)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(number: int, stops: Sequence[Stop]) -> float:
    return LEFT + (WIDE * number / (len(stops) - 1) if len(stops) > 1 else WIDE / 2)


def _y(rank: int) -> int:
    return ABOVE + ROW * (rank - 1)


def _rank_label(rank: int) -> str:
    line = f'<line x1="{LEFT}" x2="{LEFT + WIDE}" y1="{_y(rank)}" y2="{_y(rank)}" stroke="#ddd"/>'
    return f'{line}<text x="{LEFT - 12}" y="{_y(rank) + 4}" text-anchor="end">{rank}</text>'


def _value_labels(stops: Sequence[Stop], height: int) -> Iterator[str]:
    every = max(1, (len(stops) + 9) // 10)
    for number, stop in enumerate(stops):
        if number % every == 0:
            words = escape(clean(stop.value))
            yield f'<text x="{_x(number, stops):.1f}" y="{height - 18}" text-anchor="middle">{words}</text>'


def _line(stops: Sequence[Stop], name: str, number: int) -> str:
    dots = [(_x(at, stops), _y(stop.place(name).rank)) for at, stop in enumerate(stops)]
    path = " ".join(f"{x:.1f},{y}" for x, y in dots)
    dash = f' stroke-dasharray="{DASHES[number % len(DASHES)]}"' if DASHES[number % len(DASHES)] else ""
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y}" r="3" fill="#1f5f5b"/>' for x, y in dots)
    words = escape(clean(stops[-1].place(name).record.name))
    return (
        f'<polyline points="{path}" fill="none" stroke="#1f5f5b" stroke-width="2"{dash}/>{marks}'
        f'<text x="{dots[-1][0] + 10:.1f}" y="{dots[-1][1] + 4}">{words}</text>'
    )
