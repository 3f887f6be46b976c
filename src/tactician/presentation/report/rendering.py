"""Renders the report: the templates compose what advice and words give, and compute nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from tactician.advice.advise import Advice
from tactician.advice.plan import Horizon
from tactician.facts.client import Item, Segment
from tactician.facts.vocabulary import ANSWERED_KINDS
from tactician.presentation import decisions, reasons, record_words, unknown_words, words
from tactician.presentation.background import gap_words, message_words, metric_words, promise_words
from tactician.presentation.hinge_words import hinge_blocks
from tactician.presentation.opening import opening
from tactician.presentation.page import Block, Bullets, Text
from tactician.presentation.report import pictures
from tactician.presentation.report.brand import Brand, brand
from tactician.presentation.terminal import clean

PLAIN_LINK = re.compile(r"^https?://[^\s\"'<>]+$")


def report(advice: Advice, look: Brand | None = None) -> str:
    """One self-contained page about one client: no script, no request, the same bytes for the same input."""
    return render(
        "report.html.j2",
        advice=advice,
        client=advice.consultation.client,
        rulebase=advice.consultation.rulebase,
        brand=look or brand(),
        roadmap=pictures.roadmap(advice),
        money_meter=pictures.money_meter(advice),
        hours_meter=pictures.hours_meter(advice),
    )


def chart(advice: Advice) -> str:
    """The ranked tactics as bars of points for and against: one SVG picture."""
    entries = advice.tactics
    return render(
        "chart.svg.j2",
        entries=entries,
        scale=pictures.rank_bars(entries),
        client=advice.consultation.client,
    )


def render(template: str, **given: object) -> str:
    """A template, with all words at its disposal and every text escaped."""
    return _environment().get_template(template).render(**given)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tactician.presentation.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= WORDS
    return environment


def _clean(value: object) -> object:
    """Texts lose control and direction characters; what is already markup stays as it is."""
    return clean(value) if type(value) is str else value


def _link(url: str) -> str:
    """The address when it is a plain web address, else nothing."""
    return url if PLAIN_LINK.match(url) else ""


def _answered(segment: Segment, item: str) -> Item | None:
    """The pain, gain or job of a segment that a link names."""
    return next(
        (each for kind in ANSWERED_KINDS for each in segment.items.get(kind, ()) if each.id == item), None
    )


def _texts(blocks: Iterable[Block]) -> Iterator[tuple[str, ...]]:
    """What stands below a heading, paragraph by paragraph; a list is a paragraph of several texts."""
    for block in blocks:
        if isinstance(block, Text):
            yield (block.text,)
        elif isinstance(block, Bullets):
            yield block.items


WORDS: Mapping[str, object] = {
    "H": Horizon,
    "answered": _answered,
    "against_words": reasons.against_words,
    "balance_scales": pictures.balance_scales,
    "count": words.count,
    "first_sentence": record_words.first_sentence,
    "first_steps": record_words.first_steps,
    "for_words": reasons.for_words,
    "gap_words": gap_words,
    "hinge_blocks": hinge_blocks,
    "hours": words.hours,
    "kpis": record_words.kpis,
    "link": _link,
    "listed": words.listed,
    "message_words": message_words,
    "at_most": words.at_most,
    "metric_words": metric_words,
    "money": words.money,
    "opening": opening,
    "points": words.points,
    "preparation_words": record_words.preparation_words,
    "promise_words": promise_words,
    "rank_bars": pictures.rank_bars,
    "reason_words": decisions.reason_words,
    "risks": record_words.risks,
    "ruled_out_words": reasons.ruled_out_words,
    "sentence": words.sentence,
    "serves_words": record_words.serves_words,
    "takes_words": record_words.takes_words,
    "texts_of": _texts,
    "unknown_blocks": unknown_words.unknown_blocks,
    "waiting_words": decisions.waiting_words,
    "when_words": decisions.WHEN,
    "FAMILY_AIM": words.FAMILY_AIM,
}
"""What templates may say, by name."""
