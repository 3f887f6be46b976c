"""The plan of a client as a page of its own, for folders of plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tactician.advice.advise import Advice
from tactician.presentation import markdown_page, plan_json
from tactician.presentation.plan_page import plan_page


def as_markdown(advice: Advice) -> str:
    """The plan in Markdown."""
    return markdown_page.render(plan_page(advice))


def as_html(advice: Advice) -> str:
    """The plan as a report to hand over, in HTML."""
    from tactician.presentation.report.rendering import report  # noqa: PLC0415 (templates are slow to load)

    return report(advice)


def as_json(advice: Advice) -> str:
    """The plan in JSON, exactly."""
    return plan_json.dump(advice)


PAGES: Mapping[str, tuple[str, Callable[[Advice], str]]] = {
    "markdown": (".md", as_markdown),
    "html": (".html", as_html),
    "json": (".json", as_json),
}
"""By format: the ending of the file, and the page."""
