"""The advisor's own look: a logo, a title, a colour; checked, so that none of them can do harm."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

from tactician.errors import Place, Problem, UnreadableInput, UsageError, did_you_mean
from tactician.facts.opening import read_bytes

LOGO_BYTES = 150_000
SIGNATURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n", b""),
    "image/jpeg": (b"\xff\xd8\xff", b""),
    "image/gif": (b"GIF8", b""),
    "image/webp": (b"RIFF", b"WEBP"),
}
"""By type: what a file starts with, and what stands at its eighth byte."""
HEX = re.compile(r"^#(?:[0-9a-f]{3}|[0-9a-f]{6})$")
NAMES = {
    "black": "#000000", "blue": "#0000ff", "brown": "#a52a2a", "crimson": "#dc143c", "darkblue": "#00008b",
    "darkgreen": "#006400", "darkred": "#8b0000", "firebrick": "#b22222", "forestgreen": "#228b22",
    "gold": "#ffd700", "gray": "#808080", "green": "#008000", "grey": "#808080", "indigo": "#4b0082",
    "magenta": "#ff00ff", "maroon": "#800000", "midnightblue": "#191970", "navy": "#000080", "olive": "#808000",
    "orange": "#ffa500", "orangered": "#ff4500", "orchid": "#da70d6", "purple": "#800080", "red": "#ff0000",
    "rebeccapurple": "#663399", "royalblue": "#4169e1", "salmon": "#fa8072", "seagreen": "#2e8b57",
    "sienna": "#a0522d", "slateblue": "#6a5acd", "steelblue": "#4682b4", "teal": "#008080", "tomato": "#ff6347",
    "turquoise": "#40e0d0", "violet": "#ee82ee", "yellow": "#ffff00",
}  # fmt: skip
READABLE = 4.5
"""The contrast that WCAG AA asks of text."""
WHITE, DARK = (255, 255, 255), (22, 26, 29)
DEFAULT_ACCENT = "#1f5f5b"
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Brand:
    """How a report looks. Accents are the colour on a light and on a dark page, as `#rrggbb`."""

    title: str
    logo: str
    """A data URI, or empty."""
    accent: str
    accent_dark: str


def brand(logo: str | None = None, title: str | None = None, accent: str | None = None) -> Brand:
    """The look; raises UsageError for a colour that is none and UnreadableInput for a file that is no picture."""
    colour = _colour(accent or DEFAULT_ACCENT)
    return Brand(
        title or "Customer strategy",
        _picture(Path(logo)) if logo else "",
        _shown(_until_readable(colour, WHITE, 0)),
        _shown(_until_readable(colour, DARK, 255)),
    )


def _picture(path: Path) -> str:
    data = read_bytes(path, limit=LOGO_BYTES, noun="logo")
    for kind, (start, later) in SIGNATURES.items():
        if data.startswith(start) and data[8:12].startswith(later):
            return f"data:{kind};base64,{base64.b64encode(data).decode()}"
    what = "this is no PNG, JPEG, GIF or WebP picture"
    raise UnreadableInput(
        [Problem(Place(str(path)), "", what, "Save the logo as PNG; SVG can carry scripts.")]
    )


def _colour(text: str) -> Colour:
    stated = text.strip().lower()
    digits = NAMES.get(stated, stated)
    if not HEX.match(digits):
        hint = did_you_mean(stated, NAMES) or "Write it like #1f5f5b, or use a name such as teal."
        raise UsageError(f"{text!r} is not a colour.", hint)
    digits = digits[1:] if len(digits) == 7 else "".join(2 * digit for digit in digits[1:])
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def _until_readable(colour: Colour, background: Colour, towards: int) -> Colour:
    """The colour, moved towards black or white until text in it can be read on the background."""
    for tenth in range(21):
        moved = tuple(round(part + (towards - part) * tenth / 20) for part in colour)
        if contrast((moved[0], moved[1], moved[2]), background) >= READABLE:
            return moved[0], moved[1], moved[2]
    return towards, towards, towards


def contrast(first: Colour, second: Colour) -> float:
    """The contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _shown(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
