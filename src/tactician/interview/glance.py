"""The plan as it stands in the middle of an interview, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from tactician.advice.plan import Horizon
from tactician.advice.ranking import rank
from tactician.advice.scheduling import make_plan
from tactician.inference.bounds import bounds
from tactician.inference.direct import consult
from tactician.interview.standing import Certainty, Standing
from tactician.presentation.words import count, listed, points, sentence

ROWS = 6
WHEN = {Horizon.RUNNING: "You do already", Horizon.NOW: "Start now", Horizon.NEXT: "Take next"}


def glance(standing: Standing) -> Iterator[str]:
    """What the plan would be if nothing more were answered, and how far that can still change."""
    client, base = standing.client, standing.desk.rulebase
    consultation = consult(client, base)
    groups = rank(consultation, bounds(client, base, [record.id for record in standing.desk.tactics]))
    plan = make_plan(consultation, groups["tactics"], groups["levers"])
    yield "If you stopped now:"
    for horizon, words in WHEN.items():
        names = [line.ranked.record.name for line in plan[horizon]]
        if names:
            yield f"  {words}: {listed(names)}."
    if not any(entry.total for entry in groups["tactics"]):
        yield "Nothing that you said speaks for or against a tactic yet."
        return
    yield "The best tactics, with their points, and the least and most that open answers allow:"
    for entry in groups["tactics"][:ROWS]:
        low, high = points(entry.low or 0), points(entry.high or 0)
        yield f"  {entry.rank}. {entry.record.name}: {points(entry.total)} (from {low} to {high})"
    yield sentence(certainty_words(standing))


def certainty_words(standing: Standing) -> str:
    """How far the top three can still change."""
    open_count = len({slot.fact if not slot.item else slot for slot in standing.open})
    left = f"{count(open_count, 'question')} could still change something"
    match standing.certainty:
        case Certainty.SETTLED:
            return "the first three are settled: no answer to what is open can change them"
        case Certainty.LIKELY:
            return f"the first three are likely settled: {in_hundred(standing)}; {left}"
    return f"the first three are still open: {in_hundred(standing)}; {left}"


def in_hundred(standing: Standing) -> str:
    """In how many of a hundred completions the top three stay."""
    return f"they stay in about {standing.unchanged:.0%} of the ways in which you could answer the rest"
