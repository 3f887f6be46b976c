"""Generated clients for tests of portfolios: sound ones, and ones with every fault a file can have."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tactician.facts.vocabulary import FactSpec, Vocabulary
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.evaluation import Evaluation


@cache
def evaluation_of(rulebase: Rulebase) -> Evaluation:
    """The evaluation of a rulebase, made once."""
    return Evaluation(rulebase)


NAMES = ("Ærø Is", "Bakkerij", "Fjell & Fjord", "Løve", "Zoë", "Smith")


def stated(number: int, vocabulary: Vocabulary) -> dict[str, Any]:
    """A client file, always the same for a number; some facts are left out."""
    chance = random.Random(number)
    return {
        "client": f"{NAMES[number % len(NAMES)]} {number:05}",
        "business": facts("business", vocabulary, chance),
        "offering": facts("offering", vocabulary, chance),
        "segments": [segment(n, vocabulary, chance) for n in range(1 + number % 2)],
    }


def facts(scope: str, vocabulary: Vocabulary, chance: random.Random) -> dict[str, Any]:
    """Random values for most facts of a scope."""
    return {spec.name: value_of(spec, chance) for spec in vocabulary.of_scope(scope) if chance.random() < 0.7}


def value_of(spec: FactSpec, chance: random.Random) -> Any:
    """A random legal value."""
    if spec.is_number:
        band = chance.choice(spec.bands).value
        return int(band) if band == int(band) else band
    return chance.choice(spec.values)


def segment(number: int, vocabulary: Vocabulary, chance: random.Random) -> dict[str, Any]:
    """A segment with a pain, a gain, a job and a product."""
    return {
        "name": f"segment {number}",
        **facts("segment", vocabulary, chance),
        "pains": [{"id": "p", "text": "kø", "severity": chance.choice(("low", "severe"))}],
        "gains": [],
        "products": [{"id": "x", "addresses": [{"item": "p", "proof": "tested"}]}],
    }


def write_lines(path: Path, numbers: range, vocabulary: Vocabulary) -> Path:
    """Client files as lines of JSON."""
    lines = (json.dumps(stated(number, vocabulary), ensure_ascii=False) for number in numbers)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def yaml(body: str) -> tuple[str, Callable[[str], bytes]]:
    """A YAML file that begins with the name of its client."""
    return ".yaml", lambda name: f"client: {name}\n{body}\n".encode()


def sheet(text: str) -> tuple[str, Callable[[str], bytes]]:
    """A CSV file in which NAME stands for the name of its client."""
    return ".csv", lambda name: text.replace("NAME", name).encode()


SEGMENT = "segments: [{name: a}]"
FAULTS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "alias bomb": yaml("a: &a [x, x]\nb: [*a, *a]"),
    "merge key": yaml("<<: {a: 1}"),
    "tag": yaml("x: !!python/object/apply:os.system [ls]"),
    "deep": yaml(f"x: {'[' * 50_000}"),
    "deep json": (".json", lambda name: b'{"client": "' + name.encode() + b'", "x": ' + b"[" * 5_000),
    "duplicate key": yaml(f"{SEGMENT}\nsegments: []"),
    "not finite": yaml(f"business: {{churn: .nan}}\n{SEGMENT}"),
    "infinite": (".json", lambda name: json.dumps({"client": name, "business": {"churn": 1e400}}).encode()),
    "text for number": yaml(f"business: {{churn: '5'}}\n{SEGMENT}"),
    "yes for true": yaml(f"business: {{feedback_mechanism: yes}}\n{SEGMENT}"),
    "huge": yaml(f"# {'x' * (2 << 20)}"),
    "mojibake": (
        ".yaml",
        lambda name: b"client: " + name.encode() + b"\xe6\xf8\xe5\nsegments: [{name: a}]\n",
    ),
    "wrong level": yaml("segments: [{name: a, trust_level: hi}]"),
    "no segments": yaml("segments: []"),
    "shares": yaml("segments: [{name: a, share: 0.9}, {name: b, share: 0.9}]"),
    "unknown currency": yaml(f"currency: XXX\n{SEGMENT}"),
    "not json": (".json", lambda name: b'{"client": "' + name.encode() + b'",}'),
    "number in csv": sheet("client;churn;segment\nNAME;12 kilo;a\n"),
    "open column": sheet("client;monthly budget\nNAME;1.234\n"),
    "unclosed quote": sheet('client;churn;segment\nNAME;"12;a\n'),
    "ragged": sheet("client;churn;segment\nNAME;12\n"),
    "nul": sheet("client;segment\nNAME;a\0b\n"),
    "empty": sheet(""),
    "headings only": sheet("client;churn\n"),
    "same heading twice": sheet("client;churn;Churn\nNAME;1;2\n"),
    "not a workbook": (".xlsx", lambda name: f"client;churn\n{name};1\n".encode()),
    "locked workbook": (".xlsx", lambda name: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + name.encode()),
}
"""By what is wrong: the ending of the file, and its content for a client of some name."""
