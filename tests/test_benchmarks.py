"""The benchmarks measure what they say, and their page and picture can be read."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("pyarrow", reason="the extra 'columnar' is not installed")

from benchmarks.contenders import CONTENDERS, some_clients
from benchmarks.generate import example_clients
from benchmarks.measure import Measurement, measure
from benchmarks.page import WHAT, Findings, Starts, page
from benchmarks.plot import COLOURS, plot
from benchmarks.population import Population

from columnar_comparison import rows_of
from tactician.inference import columnar
from tactician.knowledge.loading import load_rulebase

CLIENTS = 12
NOT_A_NUMBER = float("nan")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rulebase = load_rulebase()
    path = tmp_path_factory.mktemp("benchmarks") / "clients"
    columnar.write(Population(rulebase, example_clients(rulebase)).pieces(CLIENTS), path)
    return path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", [name for name in CONTENDERS if name != "Spark"])
def test_every_contender_can_be_measured(name: str, folder: Path) -> None:
    found = measure(name, folder, CLIENTS)
    if found.missing:
        pytest.skip(found.missing)
    assert found.rate > 0
    assert found.peak > 10


def test_the_same_seed_gives_the_same_clients_and_another_seed_gives_others(folder: Path) -> None:
    rulebase = load_rulebase()
    examples = example_clients(rulebase)
    first, second, other = (Population(rulebase, examples, seed).piece(0, CLIENTS) for seed in (1, 1, 2))
    assert all(first[name].equals(second[name]) for name in first.tables)
    assert not first["segments"].equals(other["segments"])
    assert some_clients(folder, 3) == list(columnar.clients(first, rulebase))[:3]


def test_generated_clients_are_sound_and_differ() -> None:
    rulebase = load_rulebase()
    outcome = columnar.run(Population(rulebase, example_clients(rulebase)).piece(0, 1_000), rulebase, top=1)
    assert not outcome.rejected.num_rows
    first = {row["record"] for row in rows_of(outcome.results) if row["group"] == "tactics"}
    assert len(first) > 12


def some_measurements() -> tuple[Measurement, ...]:
    sizes = dict.fromkeys(CONTENDERS, (1000, 10000)) | {"forward": (100,), "direct totals": (1_000,)}
    found = [
        Measurement(name, clients, clients / 2_000, 100.0, 0.5)
        for name, all_ in sizes.items()
        for clients in all_
    ]
    missing = Measurement(
        "CLIPS", 10_000, NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER, "clipspy is not installed"
    )
    return (*(each for each in found if each.name != "CLIPS"), missing)


def test_the_page_has_every_measurement_and_says_what_is_missing() -> None:
    text = page(Findings("2 cores", some_measurements(), Starts(0.01, 0.05, 0.1, 0.08, 0.6)))
    assert all(words in text for words in WHAT.values())
    assert "clipspy is not installed" in text
    assert "nan" not in text
    assert "clients to the power of 1.00" in text
    assert "| `tactician --help` against Python with click | ≤ 2.5 × | 2.0 ×" in " ".join(text.split())


def test_the_picture_is_well_formed_and_has_a_line_for_each_engine() -> None:
    root = ET.fromstring(plot(some_measurements()))
    lines = [each.get("stroke") for each in root.iter("{http://www.w3.org/2000/svg}polyline")]
    assert set(lines) == {colour for name, colour in COLOURS.items() if name != "CLIPS"}
    width, height = (float(part) for part in root.get("viewBox", "").split()[2:])
    for circle in root.iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 <= float(circle.get("cx", "")) <= width
        assert 0 <= float(circle.get("cy", "")) <= height
