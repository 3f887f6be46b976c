"""Lets notebooks show what library functions return; the words are looked for when something is first shown."""

from __future__ import annotations


def show(*kinds: type) -> None:
    """Give some types `_repr_html_`, by which notebooks ask for HTML: advice comes as data and knows no words."""
    for kind in kinds:
        setattr(kind, "_repr_html_", _html)  # noqa: B010 (it is no attribute of theirs for a type checker)


def _html(self: object) -> str:
    """The object as a piece of HTML."""
    from tactician.presentation.notebook import html  # noqa: PLC0415 (nobody else pays for it)

    return html(self)
