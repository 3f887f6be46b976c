"""Measures every engine side by side and writes docs/benchmarks.md and .svg: python -m benchmarks.run."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from benchmarks.generate import example_clients
from benchmarks.measure import Measurement
from benchmarks.page import Findings, Starts, page
from benchmarks.plot import plot
from benchmarks.population import Population

from tactician.facts.repository import facts_folder
from tactician.inference import columnar
from tactician.knowledge.loading import load_rulebase

ROOT = Path(__file__).parents[1]
SMALLEST, LARGEST = 1_000, 1_000_000
ONE_BY_ONE = {
    "forward": (30, 100),
    "direct": (100, 1_000),
    "direct totals": (1_000,),
    "what-if": (10_000,),
    "CLIPS": (100, 400),
}
"""The engines that take one client at a time, and how many clients they get."""
MOST = {"Spark": 100_000, "ibis": 100_000}
"""The largest number of clients for those that take long."""
STARTED = 9
EXAMPLE = "solsikken_bakery.yaml"


def measured(name: str, folder: Path, clients: int) -> Measurement:
    """One measurement in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.measure", name, str(folder), str(clients)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = Measurement(**json.loads(done.stdout.splitlines()[-1]))
    told = (
        found.missing or f"{found.seconds:.2f} s, {found.rate:,.0f} clients a second, {found.peak:,.0f} MiB"
    )
    click.echo(f"{name}, {clients:,} clients: {told}", err=True)
    return found


def measurements(sizes: Sequence[int], scratch: Path) -> Iterator[Measurement]:
    """Everything that is measured, on generated clients; the same number of clients one after another."""
    rulebase = load_rulebase()
    population = Population(rulebase, example_clients(rulebase))
    for size in sizes:
        folder = scratch / f"clients-{size}"
        columnar.write(population.pieces(size), folder)
        if size == sizes[0]:
            for name, counts in ONE_BY_ONE.items():
                yield from (measured(name, folder, count) for count in counts)
        yield measured("reading", folder, size)
        yield measured("columnar", folder, size)
        yield from (measured(name, folder, size) for name, most in MOST.items() if size <= most)


def start_times() -> Starts:
    """How long whole processes take."""
    tactician = [sys.executable, "-m", "tactician"]
    return Starts(
        python=median_seconds([sys.executable, "-c", "pass"]),
        click=median_seconds([sys.executable, "-c", "import click"]),
        help=median_seconds([*tactician, "--help"]),
        version=median_seconds([*tactician, "--version"]),
        plan=median_seconds([*tactician, "plan", str(facts_folder() / EXAMPLE)]),
    )


def median_seconds(command: Sequence[str]) -> float:
    """The median of several starts of a command, with modules compiled by one before that is not counted."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    seconds = []
    for _ in range(STARTED + 1):
        start = time.perf_counter()
        nowhere = subprocess.DEVNULL
        subprocess.run(command, check=True, stdout=nowhere, stderr=nowhere, env=environment)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:])


def machine() -> str:
    """The machine in words that name no machine: cores, memory, system, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {system}"


@click.command()
@click.option("--largest", default=LARGEST, show_default=True, help="The largest number of clients.")
@click.option("--folder", default=ROOT / "docs", type=click.Path(path_type=Path), help="Where the pages go.")
def main(largest: int, folder: Path) -> None:
    """Measure every engine in one run, and write benchmarks.md and benchmarks.svg."""
    sizes = [size for size in (SMALLEST * 10**power for power in range(9)) if size <= largest]
    with TemporaryDirectory() as scratch:
        found = list(measurements(sizes, Path(scratch)))
    findings = Findings(machine(), tuple(found), start_times())
    (folder / "benchmarks.md").write_text(page(findings), encoding="utf-8")
    (folder / "benchmarks.svg").write_text(plot(findings.measurements), encoding="utf-8")


if __name__ == "__main__":
    main()
