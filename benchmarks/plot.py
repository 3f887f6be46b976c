"""Draws seconds by number of clients, both axes in powers of ten, as SVG that needs nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from benchmarks.measure import Measurement

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 20, 50
COLOURS = {
    "forward": "#b3261e",
    "CLIPS": "#8e5a00",
    "direct": "#0b6e4f",
    "direct totals": "#55a630",
    "Spark": "#7b2cbf",
    "ibis": "#6c757d",
    "columnar": "#0353a4",
    "reading": "#212529",
}
STYLE = (
    "text{font:13px sans-serif;fill:#333}line{stroke:#ddd}polyline{fill:none;stroke-width:2}rect{fill:#fff}"
)


def plot(measurements: Sequence[Measurement]) -> str:
    """The picture of all measurements."""
    shown = [each for each in measurements if not each.missing]
    x = Scale([each.clients for each in shown], LEFT, WIDTH - RIGHT)
    y = Scale([each.seconds for each in shown], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>Seconds by number of clients</title><style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}"/>',
        *_grid(x, y),
        *_lines(shown, x, y),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class Scale:
    """Where a value lies between two edges, by its power of ten."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self.start = start
        self.end = end

    def __call__(self, value: float) -> float:
        """The place of a value."""
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    @property
    def powers(self) -> range:
        """The powers of ten that get a line."""
        return range(self.low, self.high + 1)


def _grid(x: Scale, y: Scale) -> Iterator[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for power in x.powers:
        at = x(10**power)
        yield f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{bottom}"/>'
        yield f'<text x="{at:.1f}" y="{bottom + 20}" text-anchor="middle">{10**power:,}</text>'
    for power in y.powers:
        at = y(10.0**power)
        yield f'<line x1="{LEFT}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}"/>'
        yield f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>'
    yield f'<text x="{(LEFT + right) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">clients</text>'


def _lines(shown: Sequence[Measurement], x: Scale, y: Scale) -> Iterator[str]:
    ends = []
    for name, colour in COLOURS.items():
        points = [(x(each.clients), y(each.seconds)) for each in shown if each.name == name]
        if points:
            path = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
            yield f'<polyline points="{path}" stroke="{colour}"/>'
            yield from (f'<circle cx="{a:.1f}" cy="{d:.1f}" r="3.5" fill="{colour}"/>' for a, d in points)
            ends.append((points[-1][1], name, colour))
    last = -math.inf
    for down, name, colour in sorted(ends):
        last = max(down, last + 16)
        yield f'<text x="{WIDTH - RIGHT + 12}" y="{last + 4:.1f}" style="fill:{colour}">{name}</text>'
