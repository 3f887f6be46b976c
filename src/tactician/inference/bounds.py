"""The lowest and highest total of each record that unknown facts still allow, over every completion.

Always sound: what is undecided is added up as intervals. Made tight by cases: where few facts are open, their
product is gone through part by part; where many are, each rule is judged with the open fact it shares with most
others.
"""

from __future__ import annotations

from itertools import product
from math import prod

from tactician.facts.client import Client
from tactician.inference.direct import engine_for
from tactician.inference.open_segment import Interval, OpenPart, OpenSegment, add, hull
from tactician.knowledge.rules import Rulebase

MOST_CASES = 600
"""Cases gone through for one record; beyond it, rules are grouped by one shared open fact each."""


def bounds(client: Client, rulebase: Rulebase) -> dict[str, Interval]:
    """The lowest and highest total of every record, in 10⁻¹² point, over every completion of unknown facts."""
    engine = engine_for(rulebase)
    segments = [OpenSegment(engine, client, segment) for segment in client.segments]
    return {
        record: _record_bounds([(segment, segment.open_part(record)) for segment in segments])
        for record in rulebase.records
    }


def _record_bounds(views: list[tuple[OpenSegment, OpenPart]]) -> Interval:
    shared = list(dict.fromkeys(name for _, part in views for name in part.facts if not _is_own(name)))
    own = [[name for name in part.facts if _is_own(name)] for _, part in views]
    common = [views[0][0].parts(name, [part for _, part in views]) for name in shared]
    single = [[view.parts(n, [part]) for n in names] for (view, part), names in zip(views, own, strict=True)]
    if prod(map(len, common)) * sum(prod(map(len, parts)) for parts in single) > MOST_CASES:
        return _weighed([(view, view.grouped(part)) for view, part in views])
    totals = []
    for values in product(*common):
        fixed = dict(zip(shared, values, strict=True))
        totals.append(
            _weighed(
                [
                    (view, hull(view.cases(part, fixed, names, parts)))
                    for (view, part), names, parts in zip(views, own, single, strict=True)
                ]
            )
        )
    return hull(totals)


def _is_own(fact: str) -> bool:
    return fact.startswith("segment.")


def _weighed(segments: list[tuple[OpenSegment, Interval]]) -> Interval:
    return add((view.segment.ppm * low, view.segment.ppm * high) for view, (low, high) in segments)
