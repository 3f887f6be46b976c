"""Value propositions and the process of validation as plain data for JSON."""

from __future__ import annotations

from dataclasses import asdict

from tactician.advice.process import Process
from tactician.advice.proposition import Balance, Fit, Gap, Promise, Proposition, Repair
from tactician.facts.client import Item
from tactician.facts.value_balance import Side

Data = dict[str, object]


def proposition_data(proposition: Proposition) -> Data:
    """The value proposition of one segment; fit, balance and promise are null where they are unknown."""
    return {
        "segment": proposition.segment,
        "fit": None if proposition.fit is None else _fit(proposition.fit),
        "balance": None if proposition.balance is None else _balance(proposition.balance),
        "messages": [asdict(message) for message in proposition.messages],
        "promise": None if proposition.promise is None else _promise(proposition.promise),
    }


def process_data(process: Process) -> Data:
    """Activities, preparation, metrics and checks."""
    return {
        "activities": [asdict(activity) for activity in process.activities],
        "returns": [asdict(back) for back in process.returns],
        "preparation": [
            {
                "rule": each.step.rule,
                "text": each.step.text,
                "hours": each.step.hours,
                "facts": [{"fact": w.fact, "value": w.value} for w in each.step.witnesses],
                "before": list(each.before),
            }
            for each in process.preparation
        ],
        "metrics": [asdict(metric) for metric in process.metrics],
        "checks": [asdict(check) for check in process.checks],
    }


def item_data(item: Item) -> Data:
    """A pain, gain, job or product."""
    return {"kind": item.kind, "item": item.id, "text": item.text}


def _fit(fit: Fit) -> Data:
    measure = fit.measure
    return {
        "score": measure.score_millionths,
        "level": fit.level,
        "stage": fit.stage,
        "before_caps": measure.before_caps,
        "capped_by": list(measure.capped_by),
        "left_out": list(measure.left_out),
        "not_ranked": list(measure.not_ranked),
        "categories": [asdict(category) for category in measure.categories],
        "elements": [asdict(element) for element in measure.elements],
        "gaps": [_gap(gap) for gap in fit.gaps],
        "severe_and_open": list(measure.severe_and_open),
        "unproven": list(measure.unproven),
        "dilution": list(measure.dilution),
        "orphans": list(measure.orphans),
        "deliberately_left": list(measure.deliberately_left),
        "assumed": [asdict(each) for each in measure.assumed],
    }


def _gap(gap: Gap) -> Data:
    return {
        **item_data(gap.item),
        "coverage": gap.coverage,
        "gap": gap.gap,
        "suggested": list(gap.suggested),
    }


def _balance(balance: Balance) -> Data:
    measure = balance.measure
    return {
        "score": measure.score_millionths,
        "level": balance.level,
        "benefit": measure.benefit_millionths,
        "cost": measure.cost_millionths,
        "benefits": [_side(side) for side in measure.benefits],
        "costs": [_side(side) for side in measure.costs],
        "repair_order": list(measure.repair_order),
        "repairs": [_repair(repair) for repair in balance.repairs],
        "assumed": [asdict(each) for each in measure.assumed],
    }


def _side(side: Side) -> Data:
    return {
        "name": side.name,
        "score": side.score,
        "weight": side.weight,
        "need": side.need,
        "step": side.step,
        "weighed_by": list(side.weighed_by),
    }


def _repair(repair: Repair) -> Data:
    return {
        "rule": repair.rule,
        "side": repair.side.name if repair.side else None,
        "step": repair.side.step if repair.side else None,
        "suggested": list(repair.suggested),
        "avoid": list(repair.avoid),
        "prepare": repair.prepare,
        "because": repair.because,
        "grade": repair.grade,
        "sources": list(repair.sources),
    }


def _promise(promise: Promise) -> Data:
    items = {
        "job": promise.job,
        "product": promise.product,
        "pain": promise.pain,
        "gain": promise.gain,
    }
    blanks = {name: None if item is None else item.text for name, item in items.items()}
    return {**blanks, "proof": promise.proof}
