"""Everything a plan holds, as plain data for JSON: exact integers and decimal strings, in a fixed order.

`schemas/plan.schema.json` says what each key means.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from fractions import Fraction

from tactician.advice.advise import Advice
from tactician.advice.plan import Line, Load, Reason
from tactician.advice.preparation import Step
from tactician.advice.ranking import Piece, Ranked
from tactician.advice.unknowns import Unknown
from tactician.advice.warnings import RaisedWarning
from tactician.inference.consultation import Witness
from tactician.inference.weights import POINT, certainty, points
from tactician.knowledge.rules import Rulebase
from tactician.presentation.proposition_json import item_data, process_data, proposition_data

Data = dict[str, object]
DIGITS = 6


def dump(advice: Advice) -> str:
    """The plan as JSON text, ending in one line break."""
    return json.dumps(plan_data(advice), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def plan_data(advice: Advice) -> Data:
    """The plan as mappings, lists, texts and numbers."""
    base = advice.consultation.rulebase
    return {
        "client": _client(advice),
        "rulebase": {"version": base.version, "hash": base.digest},
        "needs": {
            family: {"total": total, "points": points(total)} for family, total in advice.needs.items()
        },
        "tactics": [_ranked(advice, entry) for entry in advice.tactics],
        "levers": [_ranked(advice, entry) for entry in advice.levers],
        "improvements": [_ranked(advice, entry) for entry in advice.improvements],
        "ruled_out": [_ruled_out(base, entry) for entry in advice.ruled_out],
        "value_proposition": [proposition_data(each) for each in advice.propositions],
        "process": process_data(advice.process),
        "plan": _plan(advice),
        "assumed": [asdict(each) for each in advice.assumed],
        "warnings": [_warning(base, each) for each in advice.warnings],
        "unknowns": [_unknown(base, each) for each in advice.unknowns],
        "hinges": [asdict(each) | {"segment": each.segment or None} for each in advice.hinges],
    }


def _client(advice: Advice) -> Data:
    client = advice.consultation.client
    return {
        "id": client.id,
        "currency": client.currency,
        "rate_per_euro": str(client.rate),
        "running": list(client.running),
        "segments": [{"name": segment.name, "ppm": segment.ppm} for segment in client.segments],
    }


def _ranked(advice: Advice, entry: Ranked) -> Data:
    base = advice.consultation.rulebase
    horizon = advice.plan.horizons.get(entry.id)
    return {
        "id": entry.id,
        "name": entry.record.name,
        "family": entry.record.family,
        "rank": entry.rank,
        "total": entry.total,
        "points": points(entry.total),
        "certainty": round(certainty(entry.total), DIGITS),
        "points_for": points(entry.points_for),
        "points_against": points(entry.points_against),
        "prior": _in_millionths(entry.prior),
        "low": None if entry.low is None else points(entry.low),
        "high": None if entry.high is None else points(entry.high),
        "blocked": entry.blocked,
        "horizon": None if horizon is None else horizon.value,
        "segments": [
            {"name": s.name, "ppm": s.ppm, "total": s.total, "prior": s.prior, "blocked": s.blocked}
            for s in entry.segments
        ],
        "evidence": [_piece(base, piece) for piece in entry.evidence],
    }


def _in_millionths(total: int) -> int:
    """10⁻¹² point as 10⁻⁶ point, rounded half up; the segments hold the exact parts."""
    return (2 * total + POINT) // (2 * POINT)


def _piece(base: Rulebase, piece: Piece) -> Data:
    return {
        "rule": piece.rule,
        "segment": piece.segment,
        "points": points(piece.weight, POINT),
        "cf": piece.cf,
        "weight": piece.weight,
        "item_weight": piece.item_weight,
        **_support(base, piece.rule, piece.witnesses),
    }


def _support(base: Rulebase, rule: str, witnesses: Iterable[Witness]) -> Data:
    said = base.rule[rule]
    return {
        "because": said.because,
        "grade": said.grade,
        "sources": list(said.sources),
        "facts": _facts(witnesses),
    }


def _facts(witnesses: Iterable[Witness]) -> list[Data]:
    return [{"fact": witness.fact, "value": witness.value} for witness in witnesses]


def _ruled_out(base: Rulebase, entry: Ranked) -> Data:
    return {
        "id": entry.id,
        "name": entry.record.name,
        "family": entry.record.family,
        "reasons": [
            {
                "rule": blocking.rule,
                "segment": blocking.segment,
                **_support(base, blocking.rule, blocking.witnesses),
            }
            for blocking in entry.blocks
        ],
    }


def _plan(advice: Advice) -> Data:
    plan = advice.plan
    return {
        "budget_eur_month": _amount(plan.budget),
        "hours_week": _amount(plan.hours),
        "good_tactics": plan.good,
        "direction": plan.direction.id if plan.direction else None,
        **{horizon.value: [_line(advice, line) for line in lines] for horizon, lines in plan.lines.items()},
    }


def _line(advice: Advice, line: Line) -> Data:
    details = line.ranked.record.details
    return {
        "id": line.id,
        "name": line.ranked.record.name,
        "rank": line.ranked.rank,
        "reasons": [_reason(reason) for reason in line.reasons],
        "cost": asdict(line.ranked.record.cost),
        "while_setting_up": _load(line.setup),
        "afterwards": _load(line.running),
        "preparation": [_step(step) for step in line.preparation],
        "check_first": [_step(step) for step in line.checks],
        "first_steps": details.get("first_steps", []),
        "tasks": details.get("tasks", []),
        "legal": details.get("legal", []),
        "kpis": details.get("kpis", []),
        "metrics": [metric.id for metric in advice.process.metrics_of(line.id)],
        "risks": details.get("risks", []),
        "segments": list(line.segments),
        "serves": [
            {"segment": served.segment, **item_data(served.item), "how": served.how} for served in line.serves
        ],
    }


def _reason(reason: Reason) -> Data:
    return {
        "cause": reason.cause.value,
        "horizon": reason.horizon.value,
        "needed": _amount(reason.needed),
        "left": _amount(reason.left),
        "other": reason.other or None,
        "why": reason.why,
    }


def _load(load: Load) -> Data:
    return {"eur_month": _amount(load.euros), "hours_week": _amount(load.hours)}


def _amount(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), DIGITS)


def _step(step: Step) -> Data:
    return {"rule": step.rule, "text": step.text, "hours": step.hours, "facts": _facts(step.witnesses)}


def _warning(base: Rulebase, warning: RaisedWarning) -> Data:
    return {
        "rule": warning.rule,
        "text": warning.text,
        "advice": warning.advice,
        "segments": list(warning.segments),
        "about": list(warning.about),
        **_support(base, warning.rule, warning.witnesses),
    }


def _unknown(base: Rulebase, unknown: Unknown) -> Data:
    spec = base.specs.get(unknown.fact)
    return {
        "fact": unknown.fact,
        "segment": unknown.segment or None,
        "question": spec.question if spec else "",
        "tactics": list(unknown.tactics),
        "weight": unknown.weight,
    }
