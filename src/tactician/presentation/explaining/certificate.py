"""An explanation as a certificate: plain data for JSON in which every step can be replayed from rules and facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from tactician.advice.advise import Advice
from tactician.advice.explanation import Explanation, SegmentReasons
from tactician.advice.ranking import Piece, Ranked
from tactician.advice.silence import Missed, Silent, Unmet
from tactician.facts.client import Segment
from tactician.inference.consultation import Conclusion, Consultation, SegmentFindings, Witness
from tactician.inference.weights import POINT, certainty, points
from tactician.knowledge.conditions import All, Any, Known, No, Some, Test
from tactician.knowledge.expressions import show
from tactician.knowledge.rules import Rule

Data = dict[str, object]
FORMAT = 1


def dump(explanations: Sequence[Explanation]) -> str:
    """The certificate of some explanations of one client, as JSON text ending in one line break."""
    return json.dumps(certificate(explanations), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def certificate(explanations: Sequence[Explanation]) -> Data:
    """The certificate of some explanations of one client.

    It holds the working memory of every segment, the whole ranking of each group concerned, and of each record
    every rule about it: fired with its weight, or silent with what is not met; nothing that cannot be replayed.
    """
    advice = explanations[0].advice
    consultation = advice.consultation
    client, base = consultation.client, consultation.rulebase
    groups = {each.entry.record.group: each.group for each in explanations}
    return {
        "format": FORMAT,
        "client": {"id": client.id, "currency": client.currency, "rate_per_euro": str(client.rate)},
        "rulebase": {"version": base.version, "hash": base.digest},
        "business": dict(sorted(client.facts.items())),
        "segments": [
            _memory(consultation, segment, found)
            for segment, found in zip(client.segments, consultation.segments, strict=True)
        ],
        "rankings": {name: [_place(entry) for entry in group] for name, group in groups.items()},
        "records": [_record(each) for each in explanations],
    }


def _memory(consultation: Consultation, segment: Segment, found: SegmentFindings) -> Data:
    derived = [_conclusion(consultation, conclusion) for conclusion in found.derived.values()]
    return {**asdict(segment), "derived": derived}


def _conclusion(consultation: Consultation, conclusion: Conclusion) -> Data:
    fact = consultation.rulebase.derived_by_id[conclusion.fact]
    steps = conclusion.arithmetic
    return {
        "fact": conclusion.fact,
        "value": conclusion.value,
        "rule": conclusion.rule,
        "because": fact.because,
        "grade": fact.grade,
        "sources": list(fact.sources),
        "expression": None if fact.expression is None else show(fact.expression),
        "steps": None if steps is None else _plain(asdict(steps)),  # type: ignore[call-overload]
        "facts": _facts(conclusion.witnesses),
    }


def _plain(value: object) -> object:
    """Tuples as lists, as JSON has them."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value


def _facts(witnesses: Iterable[Witness]) -> list[Data]:
    return [{"fact": witness.fact, "value": witness.value} for witness in witnesses]


def _place(entry: Ranked) -> Data:
    return {"id": entry.id, "rank": entry.rank, "total": entry.total, "blocked": entry.blocked}


def _record(explanation: Explanation) -> Data:
    entry = explanation.entry
    return {
        "id": entry.id,
        "name": entry.record.name,
        "group": entry.record.group,
        "rank": entry.rank,
        "total": entry.total,
        "points": points(entry.total),
        "certainty": round(certainty(entry.total), 6),
        "blocked": entry.blocked,
        "segments": [_segment(explanation.advice, segment) for segment in explanation.segments],
    }


def _segment(advice: Advice, segment: SegmentReasons) -> Data:
    found = advice.consultation.segments[advice.consultation.client.segment_index(segment.total.name)]
    return {
        "name": segment.total.name,
        "ppm": segment.total.ppm,
        "total": segment.total.total,
        "prior": segment.total.prior,
        "blocked": segment.total.blocked,
        "adds": segment.total.share,
        "evidence": [_piece(reason.rule, reason.piece) for reason in segment.reasons],
        "blocks": [
            {**_support(block.rule), "facts": _facts(found.fired[block.rule.id].witnesses)}
            for block in segment.blocks
        ],
        "silent": [_silent(silent) for silent in segment.silent],
        "decided": [{"rule": rule.id, "expected": rule.expected} for rule in segment.decided],
    }


def _support(rule: Rule) -> Data:
    return {"rule": rule.id, "because": rule.because, "grade": rule.grade, "sources": list(rule.sources)}


def _piece(rule: Rule, piece: Piece) -> Data:
    return {
        **_support(rule),
        "cf": piece.cf,
        "rule_weight": piece.weight // piece.item_weight,
        "item_weight": piece.item_weight,
        "weight": piece.weight,
        "points": points(piece.weight, POINT),
        "facts": _facts(piece.witnesses),
    }


def _silent(silent: Silent) -> Data:
    return {**_support(silent.rule), "truth": silent.truth, "unmet": unmet_data(silent.unmet)}


def unmet_data(unmet: Unmet) -> Data:
    """A condition that is not true, with what is found in its place."""
    found: Data = {"truth": unmet.truth}
    match unmet.element:
        case Test():
            return found | _test(unmet.element) | {"value": unmet.value}
        case Known(fact):
            return found | {"known": fact}
        case Some(kind, where) | No(kind, where):
            word = "some" if isinstance(unmet.element, Some) else "no"
            items = None if unmet.items is None else [_missed(missed) for missed in unmet.items]
            return found | {word: kind, "where": [_test(test) for test in where], "items": items}
        case All() | Any():
            word = "all" if isinstance(unmet.element, All) else "any"
            return found | {word: [unmet_data(part) for part in unmet.parts]}


def _test(test: Test) -> Data:
    return {"fact": test.fact, "op": test.op, "values": list(test.values)}


def _missed(missed: Missed) -> Data:
    return {"id": missed.item.id, "tests": [_test(test) | {"truth": truth} for test, truth in missed.tests]}
