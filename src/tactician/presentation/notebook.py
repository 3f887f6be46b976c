"""What a notebook shows of the objects that library functions return."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tactician.advice.advise import Advice
from tactician.advice.change import ChangeAnswer
from tactician.advice.comparison import Comparison
from tactician.advice.explanation import Explanation, Explanations
from tactician.advice.fact_explanation import FactExplanation
from tactician.advice.ranking import rank
from tactician.advice.stability import Stability
from tactician.advice.sweep import Sweep
from tactician.advice.whatif import WhatIf
from tactician.inference.consultation import Consultation
from tactician.inference.tracing import Trace
from tactician.presentation import html_fragment
from tactician.presentation.explaining.change_page import change_page
from tactician.presentation.explaining.comparing import comparison_page
from tactician.presentation.explaining.fact_page import fact_page
from tactician.presentation.explaining.how import how_page
from tactician.presentation.explaining.support_words import DEPTHS
from tactician.presentation.explaining.sweep_page import sweep_page
from tactician.presentation.explaining.whatif_page import stability_page, what_if_page
from tactician.presentation.page import Block, Heading, Table, Text
from tactician.presentation.plan_page import plan_page
from tactician.presentation.tracing.text import trace_page
from tactician.presentation.words import points

TOP = 10


def consultation_page(consultation: Consultation) -> Iterator[Block]:
    """The blocks of a bare consultation: what was concluded, how much fired, and the first of the ranking."""
    client, base = consultation.client, consultation.rulebase
    yield Heading(f"Consultation for {client.id}", 1)
    rows = (
        (
            segment.name,
            str(len(found.fired)),
            str(len(found.derived)),
            str(len(base.derived) - len(found.derived)),
        )
        for segment, found in zip(client.segments, consultation.segments, strict=True)
    )
    headers = ("Segment", "Rules fired", "Derived facts", "Unknown")
    yield Table(headers, tuple(rows), frozenset(headers[1:]))
    tactics = rank(consultation)["tactics"][:TOP]
    yield Table(
        ("#", "Tactic", "Points"),
        tuple((str(entry.rank), entry.record.name, points(entry.total)) for entry in tactics),
        frozenset({"#", "Points"}),
    )
    yield Text("tactician.plan(client) says what to do with it, tactician.explain(plan) why.")


PAGES: dict[type, Callable[..., Iterator[Block]]] = {
    Advice: plan_page,
    ChangeAnswer: change_page,
    Comparison: comparison_page,
    Consultation: consultation_page,
    Explanation: lambda explanation: how_page((explanation,), DEPTHS["medium"]),
    Explanations: lambda explanations: how_page(explanations, DEPTHS["medium"]),
    FactExplanation: lambda explanation: fact_page(explanation, DEPTHS["medium"]),
    Stability: lambda stability: stability_page(*stability),
    Sweep: lambda sweep: sweep_page(sweep.stops, sweep.place),
    Trace: trace_page,
    WhatIf: what_if_page,
}
"""By type the page that is shown."""


def html(shown: object) -> str:
    """An object as a piece of HTML; it is of one of the types in PAGES."""
    return html_fragment.render(PAGES[type(shown)](shown))
