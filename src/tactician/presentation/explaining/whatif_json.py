"""What a change of answers does, and how firmly the first stand, as plain data for JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from tactician.advice.advise import Advice
from tactician.advice.ranking import Ranked
from tactician.advice.stability import Standing
from tactician.advice.whatif import Move, WhatIf
from tactician.inference.weights import points

Data = dict[str, object]


def dumps(data: object) -> str:
    """Data as JSON text, ending in one line break."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def what_if_data(found: WhatIf) -> Data:
    """Two plans and what moved between them; totals in 10⁻¹² point, money in euros."""
    client, base = found.before.consultation.client, found.before.consultation.rulebase
    return {
        "client": client.id,
        "rulebase": {"version": base.version, "hash": base.digest},
        "changed": [asdict(each) for each in found.stated],
        "derived": [asdict(each) for each in found.derived],
        "before": _plan(found.before),
        "after": _plan(found.after),
        "moves": [_move(move) for move in found.moves],
    }


def _plan(advice: Advice) -> Data:
    return {horizon.value: [line.id for line in lines] for horizon, lines in advice.plan.lines.items()}


def _move(move: Move) -> Data:
    return {
        "id": move.after.id,
        "group": move.after.record.group,
        "before": _place(move.before) | {"horizon": move.horizon_before},
        "after": _place(move.after) | {"horizon": move.horizon_after},
        "rules": [
            {
                "rule": effect.rule.id,
                "because": effect.rule.because,
                "before": effect.before,
                "after": effect.after,
            }
            for effect in move.effects
        ],
        "prior_change": move.prior_change,
        "cut_change": move.cut_change,
    }


def _place(entry: Ranked) -> Data:
    return {"rank": entry.rank, "total": entry.total, "points": points(entry.total), "blocked": entry.blocked}


def stability_data(standings: Sequence[Standing]) -> list[Data]:
    """Of each of the first how many single steps it survives, and those that drop it."""
    return [
        {
            "id": each.entry.id,
            "rank": each.entry.rank,
            "tried": each.tried,
            "survived": round(each.survived, 6),
            "drops": [asdict(step) | {"rank": rank} for step, rank in each.drops],
        }
        for each in standings
    ]
