"""Says in our own sentences what a YAML parser stumbled over, and what to try."""

from __future__ import annotations

import re

import yaml

from tactician.facts.building import Spot

LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
TAB = ("a tab stands where spaces are needed", "Indent with spaces only.")
QUOTES = "Put the text in quotes if it is one."
SENTENCES: tuple[tuple[str, str, str], ...] = (
    ("block scalar", "a text that starts with > or | needs quotes", 'Put it in quotes: ">= 5".'),
    ("found a tab", *TAB),
    ("cannot start any token", "a text cannot start with this character", QUOTES),
    (
        "mapping values are not allowed",
        "this colon is unexpected",
        'Put a text with ": " in quotes; else check the indentation.',
    ),
    (
        "could not find expected ':'",
        "a line without a colon ends before this one",
        "Write it as `name: value`, or put a long text in quotes.",
    ),
    (
        "flow sequence",
        "the list opened with [{context} is not closed, or a comma is missing before this",
        "Add the missing , or ]; put a text with commas or brackets in quotes.",
    ),
    (
        "flow mapping",
        "what was opened with {{{context} is not closed, or a comma is missing before this",
        "Add the missing , or }; put a text with commas or brackets in quotes.",
    ),
    (
        "quoted scalar.*end of stream",
        "a quote is opened{context} and never closed",
        "Add the closing quote.",
    ),
    (
        "escape|hexdecimal",
        "a backslash in double quotes has none of its known letters after it",
        "Use single quotes, or write the backslash twice.",
    ),
    ("scanning an alias|scanning an anchor", "a text that starts with * or & needs quotes", QUOTES),
    ("undefined tag|a tag", "a text that starts with ! needs quotes", QUOTES),
    (
        "incompatible YAML document|directive",
        "this line asks for another version of YAML, or for something unknown",
        "Remove the line that starts with %.",
    ),
    (
        "entries are not allowed",
        "a list cannot start on this line",
        f"Start it on a line of its own. {QUOTES}",
    ),
    (
        "document start",
        "something follows after the end of the document",
        "Check the brackets before it, or write it in a file of its own.",
    ),
    ("node content", "a value is missing before this character", f"Write the value. {QUOTES}"),
    (
        "parsing a block",
        "the indentation does not match the lines above",
        "Give the entries of one block the same indentation.",
    ),
)


def explain(error: yaml.YAMLError, text: str) -> tuple[Spot, str, str]:
    """Where a parser's error lies, what is wrong there, and a hint."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    start = getattr(error, "context_mark", None)
    spot = (mark.line + 1, mark.column + 1) if mark else None
    context = f" in line {start.line + 1}" if start else ""
    if spot and _character(text, spot) == "\t":
        return spot, *TAB
    told = f"{getattr(error, 'context', None) or ''} {getattr(error, 'problem', None) or ''}"
    for pattern, what, hint in SENTENCES:
        if re.search(pattern, told):
            return _pointed(spot, start, pattern), what.format(context=context), hint
    return spot, "this is not YAML", "Check quotes, colons and indentation here and in the line before."


def _pointed(spot: Spot, start: yaml.Mark | None, pattern: str) -> Spot:
    """An unclosed quote is told where it was opened, not at the end of the file where it was missed."""
    return (
        (start.line + 1, start.column + 1)
        if start and pattern.startswith(("quoted", "block scalar"))
        else spot
    )


def _character(text: str, spot: tuple[int, int]) -> str:
    lines = LINE_END.split(text)
    line = lines[spot[0] - 1] if spot[0] <= len(lines) else ""
    return line[spot[1] - 1 : spot[1]]
