"""What reaches a terminal: no control characters, and colour only where it is wanted."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TextIO

ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Categories of characters that steer a terminal or hide in a text: controls, formats, surrogates, separators."""
KEPT = frozenset("\n\u00ad\u200d")
"""Line ends stay; so do the soft hyphen and the joiner inside emoji and Indic words."""


def clean(text: str) -> str:
    """The text with every character that steers a terminal or hides shown by its code point."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{ord(char):04x}" if unicodedata.category(char) in ESCAPED and char not in KEPT else char
        for char in text
    )


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to colour what goes to a stream: only on a terminal, and only if nobody objects."""
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return stream.isatty()


def bold(text: str) -> str:
    """The text in bold type."""
    return f"\x1b[1m{text}\x1b[22m"


def faint(text: str) -> str:
    """The text in faint type."""
    return f"\x1b[2m{text}\x1b[22m"
