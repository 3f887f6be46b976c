"""What an undecided rule waits for, down to the attributes of items that a measure depends on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generated_clients import drawn_client
from tactician.facts.measures import attributes_read
from tactician.facts.repository import rules_folder
from tactician.inference.direct import engine_for
from tactician.interview.waiting import waiting
from tactician.knowledge.conditions import facts_read
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase


@pytest.fixture(scope="module")
def rulebase(phase_weighs: Path) -> Rulebase:
    return load_rulebase(rules_folder(), phase_weighs)


def test_a_measure_waits_for_what_a_pack_lets_weigh(rulebase: Rulebase) -> None:
    """Nobody states products, on which every fit waits, nor any attribute of pains, gains and jobs."""
    drawn = drawn_client(rulebase, 3, unknown=0)
    segment = drawn.segments[0]
    items = {
        kind: tuple(replace(item, attributes={}) for item in listed)
        for kind, listed in segment.items.items()
        if kind != "product"
    }
    client = drawn.with_segment(replace(segment, items=items), 0)
    engine = engine_for(rulebase)
    state = engine.settle(client, 0)
    reading = [rule for rule in rulebase.rules if "segment.fit_level" in facts_read(rule.when)]
    asked = {slot.fact for slot in waiting(engine, [state], reading, weights=False) if slot.item}
    read = attributes_read("canvas_fit", rulebase.parameters)
    assert "pain.phase" in read
    assert {name for name in read if not name.startswith("link.")} <= asked
