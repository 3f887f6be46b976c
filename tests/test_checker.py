"""The checker accepts every true explanation and rejects every tampered one."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tactician.checker
from generated_clients import drawn_client
from tactician import library
from tactician.advice.advise import advise
from tactician.advice.explanation import explain, settled_segments
from tactician.checker import check
from tactician.facts.client import Client
from tactician.facts.repository import facts_folder
from tactician.inference import direct, forward
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase
from tactician.presentation.explaining.certificate import dump

FILES = sorted(path for path in facts_folder().iterdir() if path.suffix in (".yaml", ".json"))
Certificate = dict[str, Any]


@cache
def shipped() -> Rulebase:
    return load_rulebase()


def client_of(path: Path) -> Client:
    return library.read_client(path, shipped())


def certificate_of(client: Client, engine: str = "direct", part: slice = slice(None)) -> Certificate:
    """The certificate of all records of a client, or of some; the rankings hold all totals in any case."""
    module = forward if engine == "forward" else direct
    advice = advise(module.consult(client, shipped()))
    states = settled_segments(advice)
    chosen = advice.ranked[part]
    found: Certificate = json.loads(dump([explain(advice, entry.id, states) for entry in chosen]))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_explanation_of_every_shipped_client_holds(path: Path) -> None:
    client = client_of(path)
    assert check(certificate_of(client), client, shipped()) == []


def test_the_forward_engine_gives_the_same_certificate() -> None:
    client = client_of(FILES[0])
    assert certificate_of(client, "forward") == certificate_of(client)


def check_generated(numbers: range, steps: int) -> None:
    """Every explanation, or of each client one in so many, so that all places of the rankings have their turn."""
    for number in numbers:
        client = drawn_client(shipped(), number, unknown=(0.0, 0.2, 0.5)[number % 3])
        part = slice(number % steps, None, steps)
        assert check(certificate_of(client, part=part), client, shipped()) == [], number


def test_every_explanation_of_a_few_generated_clients_holds() -> None:
    check_generated(range(4), 1)


@pytest.mark.slow
def test_explanations_of_a_thousand_generated_clients_hold() -> None:
    check_generated(range(1_000), 8)


def test_the_checker_knows_no_engine() -> None:
    tree = ast.parse(Path(str(tactician.checker.__file__)).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    ours = {name for name in imported if name.startswith("tactician")}
    assert all(name.startswith(("tactician.facts.", "tactician.knowledge.")) for name in ours)


CAFE = next(path for path in FILES if path.stem == "cafe")
BAKERY = next(path for path in FILES if path.stem == "solsikken_bakery")


@cache
def true_certificate(path: Path) -> Certificate:
    return certificate_of(client_of(path))


def parts(data: Certificate, key: str) -> list[Any]:
    """What stands under a key of the segments of records, over all of them."""
    return [each for record in data["records"] for segment in record["segments"] for each in segment[key]]


def weighing(data: Certificate) -> Any:
    """A piece of evidence that an item weakens."""
    return next(piece for piece in parts(data, "evidence") if piece["item_weight"] != 1000)


def unknown(data: Certificate) -> Any:
    return next(each for each in parts(data, "silent") if each["truth"] is None)


def refuted(data: Certificate) -> Any:
    """A rule that is silent for one test of a fact."""
    return next(e for e in parts(data, "silent") if e["truth"] is False and "fact" in e["unmet"])


def derived(data: Certificate) -> Any:
    return data["segments"][0]["derived"]


def measured(data: Certificate) -> Any:
    return next(each for each in derived(data) if each["steps"])


def decided_by_rule(data: Certificate) -> Any:
    return next(each for each in derived(data) if each["rule"] != each["fact"])


def segment(data: Certificate) -> Any:
    return data["records"][0]["segments"][0]


def set_to(target: Any, key: Any, value: Any) -> None:
    assert target[key] != value
    target[key] = value


def add_to(target: Any, key: Any, amount: Any) -> None:
    target[key] += amount


def swap(items: list[Any], first: int = 0, second: int = 1) -> None:
    assert items[first] != items[second]
    items[first], items[second] = items[second], items[first]


def move_points(data: Certificate) -> None:
    """Points moved from one piece to another, so that every sum still fits."""
    first, second = segment(data)["evidence"][:2]
    first["weight"] += 1000
    second["weight"] -= 1000


def lift(data: Certificate) -> None:
    """A higher total, carried through every sum above it."""
    record, place = data["records"][0], data["records"][0]["segments"][0]
    place["total"] += 1
    place["adds"] += place["ppm"]
    record["total"] += place["ppm"]
    next(e for e in data["rankings"]["tactics"] if e["id"] == record["id"])["total"] += place["ppm"]


def exchange_ranks(data: Certificate) -> None:
    ranking = data["rankings"]["tactics"]
    ranking[0]["rank"], ranking[1]["rank"] = ranking[1]["rank"], ranking[0]["rank"]


def without_segment(data: Certificate) -> None:
    for holder in (data, *data["records"]):
        del holder["segments"][1]


def forget_a_fact(data: Certificate) -> None:
    facts = data["segments"][0]["facts"]
    del facts[next(iter(facts))]


def invent_evidence(data: Certificate) -> None:
    silent = next(e for e in segment(data)["silent"])
    segment(data)["evidence"].append({**segment(data)["evidence"][0], "rule": silent["rule"]})


def silence_evidence(data: Certificate) -> None:
    """A fired rule told as silent."""
    piece = segment(data)["evidence"].pop()
    silent = {key: piece[key] for key in ("rule", "because", "grade", "sources")}
    segment(data)["silent"].append({**silent, "truth": False, "unmet": refuted(data)["unmet"]})


def foreign_evidence(data: Certificate) -> None:
    """A reason of another record."""
    segment(data)["evidence"][0] = data["records"][1]["segments"][0]["evidence"][0]


TAMPERINGS: dict[str, Callable[[Certificate], object]] = {
    "weight of evidence": lambda d: add_to(segment(d)["evidence"][0], "weight", 1),
    "weight of a rule": lambda d: add_to(segment(d)["evidence"][0], "rule_weight", -1),
    "certainty factor": lambda d: add_to(segment(d)["evidence"][0], "cf", 0.1),
    "sign of a certainty factor": lambda d: set_to(segment(d)["evidence"][0], "cf", -0.4),
    "weight of an item": lambda d: set_to(weighing(d), "item_weight", 1000),
    "points of evidence": lambda d: set_to(segment(d)["evidence"][0], "points", "99"),
    "id of a rule": lambda d: set_to(segment(d)["evidence"][0], "rule", "FREEMIUM-F1"),
    "reason of a rule": lambda d: set_to(segment(d)["evidence"][0], "because", "Everybody does it."),
    "grade of a rule": lambda d: set_to(segment(d)["evidence"][-1], "grade", "X"),
    "source of a rule": lambda d: set_to(segment(d)["evidence"][0], "sources", ["n000", "invented"]),
    "value of a witness": lambda d: set_to(segment(d)["evidence"][0]["facts"][0], "value", "low"),
    "fact of a witness": lambda d: set_to(segment(d)["evidence"][0]["facts"][0], "fact", "business.churn_"),
    "witness left out": lambda d: segment(d)["evidence"][0]["facts"].pop(),
    "witness added": lambda d: segment(d)["evidence"][0]["facts"].append({"fact": "pain", "value": None}),
    "evidence left out": lambda d: segment(d)["evidence"].pop(0),
    "evidence twice": lambda d: segment(d)["evidence"].append(segment(d)["evidence"][0]),
    "evidence invented": invent_evidence,
    "evidence of another record": foreign_evidence,
    "evidence told as silent": silence_evidence,
    "evidence in another order": lambda d: swap(segment(d)["evidence"]),
    "points moved between reasons": move_points,
    "total of a segment": lambda d: add_to(segment(d), "total", 1),
    "total carried through": lift,
    "prior": lambda d: add_to(segment(d), "prior", 5),
    "share of a segment": lambda d: add_to(segment(d), "ppm", 10),
    "blocked": lambda d: set_to(segment(d), "blocked", True),
    "block left out": lambda d: next(s for r in d["records"] for s in r["segments"] if s["blocks"])[
        "blocks"
    ].clear(),
    "total of a record": lambda d: add_to(d["records"][0], "total", -1),
    "points of a record": lambda d: set_to(d["records"][0], "points", "0"),
    "certainty of a record": lambda d: set_to(d["records"][0], "certainty", 0.5),
    "rank of a record": lambda d: set_to(d["records"][0], "rank", 2),
    "ranks exchanged": exchange_ranks,
    "ranking in another order": lambda d: swap(d["rankings"]["tactics"]),
    "record missing from the ranking": lambda d: d["rankings"]["tactics"].pop(),
    "ranking left out": lambda d: d["rankings"].pop("levers"),
    "name of a record": lambda d: set_to(d["records"][0], "name", "Freemium"),
    "record unknown": lambda d: set_to(d["records"][0], "id", "bribery"),
    "truth of a silent rule": lambda d: set_to(unknown(d), "truth", False),
    "value found in place of what was asked": lambda d: set_to(refuted(d)["unmet"], "value", "extreme"),
    "threshold of what was asked": lambda d: set_to(refuted(d)["unmet"], "op", "=>"),
    "silent rule left out": lambda d: segment(d)["silent"].pop(),
    "value of a derived fact": lambda d: set_to(decided_by_rule(d), "value", "serious!"),
    "rule of a derived fact": lambda d: set_to(decided_by_rule(d), "rule", "RETENTION-PROBLEM-9"),
    "derived fact left out": lambda d: derived(d).pop(),
    "order of derived facts": lambda d: swap(derived(d)),
    "step of a measure": lambda d: add_to(measured(d)["steps"]["elements"][0], "coverage", 1),
    "value of a measure": lambda d: set_to(measured(d), "value", 0.99),
    "answer of the client": lambda d: set_to(d["business"], "business.business_stage", "idea"),
    "answer left out": forget_a_fact,
    "answer added": lambda d: d["business"].update({"business.luck": "high"}),
    "attribute of an item": lambda d: set_to(
        d["segments"][0]["items"]["pain"][0]["attributes"], "severity", "mild"
    ),
    "item left out": lambda d: d["segments"][0]["items"]["gain"].pop(),
    "text of an item": lambda d: set_to(d["segments"][0]["items"]["pain"][0], "text", "nothing"),
    "segment left out": without_segment,
    "segments exchanged": lambda d: swap(d["records"][0]["segments"]),
    "name of a segment": lambda d: set_to(d["segments"][0], "name", "others"),
    "client": lambda d: set_to(d["client"], "id", "Somebody else"),
    "rate of the currency": lambda d: set_to(d["client"], "rate_per_euro", "7.5"),
    "rules": lambda d: set_to(d["rulebase"], "hash", "0" * 64),
    "format": lambda d: set_to(d, "format", 2),
    "key added": lambda d: d.update(note="trust me"),
    "number as text": lambda d: set_to(segment(d), "total", str(segment(d)["total"])),
    "truth as number": lambda d: set_to(segment(d), "blocked", 2),
}


def test_there_are_many_kinds_of_tampering() -> None:
    assert len(TAMPERINGS) >= 30


@pytest.mark.parametrize("kind", TAMPERINGS)
@pytest.mark.parametrize("path", [CAFE, BAKERY], ids=lambda path: path.stem)
def test_tampering_is_rejected(kind: str, path: Path) -> None:
    tampered = copy.deepcopy(true_certificate(path))
    TAMPERINGS[kind](tampered)
    assert tampered != true_certificate(path)
    assert check(tampered, client_of(path), shipped())


@pytest.mark.parametrize(
    "data", [None, [], {}, {"records": []}, {"records": [[]]}, {"records": "x"}, "text", 3]
)
def test_what_is_no_explanation_is_rejected(data: object) -> None:
    assert check(data, client_of(CAFE), shipped())


def test_the_place_of_a_wrong_step_is_told() -> None:
    tampered = copy.deepcopy(true_certificate(CAFE))
    tampered["records"][0]["segments"][0]["evidence"][0]["weight"] += 1
    (told,) = check(tampered, client_of(CAFE), shipped())
    assert told.startswith("records[0].segments[0].evidence[0].weight: says ")


def test_an_explanation_of_another_client_is_rejected() -> None:
    assert check(true_certificate(CAFE), client_of(BAKERY), shipped())
