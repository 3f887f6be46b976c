"""A trace as JSON: working memory, activations and cycles, which name one another by number."""

from __future__ import annotations

import json

from tactician.inference.listening import Activation, Part
from tactician.inference.tracing import Cycle, SegmentTrace, Trace
from tactician.presentation.tracing.wording import conclusion, element_words, order_words, reason


def dump(trace: Trace) -> str:
    """The whole trace as text; with a target, `cycles` holds those that lead to it."""
    rulebase = trace.consultation.rulebase
    document = {
        "client": trace.consultation.client.id,
        "rulebase": {"version": rulebase.version, "digest": rulebase.digest},
        "strategy": trace.strategy,
        "order": order_words(trace.strategy),
        "target": trace.target,
        "segments": [_segment(segment, trace) for segment in trace.segments],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _segment(segment: SegmentTrace, trace: Trace) -> dict[str, object]:
    activations = [*segment.activated, *(each for cycle in segment.cycles for each in cycle.activated)]
    number = {activation.key: place for place, activation in enumerate(activations)}
    return {
        "name": segment.name,
        "cycles_in_all": len(segment.cycles),
        "working_memory": [
            {
                "number": element.number,
                "kind": element.kind,
                "name": element.name,
                "value": element.value,
                "text": element_words(element),
                "made_in": segment.made_in[element.number],
            }
            for element in segment.elements
        ],
        "activations": [_activation(each, number) for each in activations],
        "cycles": [_cycle(cycle, segment, trace, number) for cycle in trace.shown(segment)],
    }


Numbers = dict[tuple[Part, ...], int]


def _activation(activation: Activation, number: Numbers) -> dict[str, object]:
    return {
        "number": number[activation.key],
        "rule": activation.rule,
        "role": activation.role,
        "salience": activation.salience,
        "elements": [element.number for element in activation.elements],
        "key": activation.key,
    }


def _cycle(cycle: Cycle, segment: SegmentTrace, trace: Trace, number: Numbers) -> dict[str, object]:
    agenda = cycle.agenda
    return {
        "number": cycle.number,
        "agenda": [number[activation.key] for activation in agenda],
        "fires": number[cycle.fires.key],
        "because": reason(agenda[0], agenda[1], trace.strategy) if len(agenda) > 1 else "it is the only one",
        "concludes": conclusion(cycle.fires, segment, trace),
        "declared": [element.number for element in cycle.declared],
        "activated": [number[activation.key] for activation in cycle.activated],
        "deactivated": [number[activation.key] for activation in cycle.deactivated],
    }
