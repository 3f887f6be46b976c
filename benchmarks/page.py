"""The page of the benchmarks: what was measured, against what was aimed for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.contenders import CONTENDERS
from benchmarks.measure import Measurement
from tabulate import tabulate


@dataclass(frozen=True)
class Starts:
    """Seconds that whole processes take, each a median."""

    python: float
    click: float
    help: float
    version: float
    plan: float


@dataclass(frozen=True)
class Findings:
    """Everything that one run measured."""

    machine: str
    measurements: tuple[Measurement, ...]
    starts: Starts

    def largest(self, name: str) -> Measurement:
        """The measurement of a contender with the most clients."""
        return max((each for each in self.measurements if each.name == name), key=lambda each: each.clients)

    def same_size(self, name: str, size: int) -> Measurement:
        """The measurement of a contender with so many clients."""
        return next(each for each in self.measurements if (each.name, each.clients) == (name, size))


INTRODUCTION = """\
# Benchmarks

Measured by `python -m benchmarks.run` in one run, on the shipped rulebase and the same generated clients, each
engine in a process of its own: {machine}. Loading the rules and preparing an engine are not counted, reading and
writing are. Figures differ from machine to machine and with what else it does; the ratios less so.

Generated clients (`benchmarks/population.py`) take after the example clients, leave a fifth unsaid, and have one to
three segments with up to seven pains, gains, jobs and products each.
"""
WHAT = {
    "forward": "forward: consultation and ranking, with justifications",
    "direct": "direct: consultation and ranking, with justifications",
    "direct totals": "direct: totals alone",
    "what-if": "direct: totals of variants of clients, one answer changed, as `explain --change` asks for them",
    "CLIPS": "CLIPS by clipspy: the exported rules, a new environment every 200 clients",
    "columnar": "columnar: Parquet to Parquet, the three best of each group with justifications",
    "Spark": "columnar on Spark, `local[2]`: the same",
    "reading": "only reading every column of the same Parquet",
    "ibis": "ibis and DuckDB: conditions, totals and masks alone, see below",
}
IBIS = """\
## The design that was not taken

The columnar engine was first tried as ibis expressions executed by DuckDB: a column for each test, one for each
condition, a sum for each record. DuckDB's own logic is three-valued, so that this reads well. The trial
(`benchmarks/ibis_trial.py`) stops at conditions, totals and the masks of fired rules; it leaves out items,
measures, blocks, ranks and the lists of reasons. On {clients:,} clients that part alone took {trial:.1f} s
on two threads, and {preparing:.1f} s for building the expressions, which every process has to do again; the whole
of the work as bits in NumPy over Arrow took {whole:.1f} s. On Spark, the same function over Arrow tables runs as it
is.
"""


def page(findings: Findings) -> str:
    """The whole page as Markdown."""
    parts = [
        INTRODUCTION.format(machine=findings.machine),
        "## Aims\n",
        _table(("what", "aim", "measured"), list(_aims(findings))),
        "\n## Every measurement\n",
        _table(("what", "clients", "seconds", "clients a second", "peak MiB"), list(_rows(findings))),
        "\n![Seconds by number of clients](benchmarks.svg)\n",
        *_ibis(findings),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return tabulate(rows, headers, tablefmt="github", disable_numparse=True) + "\n"


def _aims(findings: Findings) -> Iterator[tuple[str, str, str]]:
    starts = findings.starts
    most = findings.largest("columnar")
    reading = findings.same_size("reading", most.clients)
    forward, clips = findings.largest("forward"), findings.largest("CLIPS")
    told = f"columnar, {most.clients:,} clients, against "
    yield told + "forward", "≥ 1,000 ×", f"{most.rate / forward.rate:,.0f} ×"
    if not clips.missing:
        yield told + "CLIPS", "≥ 60 ×", f"{most.rate / clips.rate:,.0f} ×"
    yield told + "only reading", "≥ 5 %", f"{most.rate / reading.rate:.0%}"
    yield f"columnar, {most.clients:,} clients, memory", "< 2,048 MiB", f"{most.peak:,.0f} MiB"
    yield "columnar, growth", "linear", _growth(findings)
    what_if = findings.largest("what-if")
    told = "totals of one changed answer, as `explain --change` reckons them, against whole consultations of "
    yield told + "forward", "≥ 50 ×", f"{what_if.rate / forward.rate:,.0f} ×"
    yield "`tactician --help` against Python with click", "≤ 2.5 ×", f"{starts.help / starts.click:.1f} ×"
    yield (
        "`tactician --version` against Python with click",
        "≤ 2.5 ×",
        f"{starts.version / starts.click:.1f} ×",
    )
    yield "`tactician plan`, whole process", "< 1 s", f"{starts.plan:.2f} s"


def _growth(findings: Findings) -> str:
    """The exponent of the growth over the two largest sizes: 1 is linear."""
    runs = sorted(
        (each for each in findings.measurements if each.name == "columnar"), key=lambda each: each.clients
    )
    if len(runs) < 2:
        return "not measured"
    before, last = runs[-2:]
    exponent = math.log(last.seconds / before.seconds) / math.log(last.clients / before.clients)
    return f"clients to the power of {exponent:.2f}"


def _rows(findings: Findings) -> Iterator[tuple[str, ...]]:
    for name in CONTENDERS:
        for each in findings.measurements:
            if each.name == name:
                figures = (f"{each.seconds:,.2f}", f"{each.rate:,.0f}", f"{each.peak:,.0f}")
                told = (each.missing, "", "") if each.missing else figures
                yield WHAT[name], f"{each.clients:,}", *told


def _ibis(findings: Findings) -> Iterator[str]:
    trial = findings.largest("ibis")
    if not trial.missing:
        whole = findings.same_size("columnar", trial.clients)
        figures = {"trial": trial.seconds, "preparing": trial.preparing, "whole": whole.seconds}
        yield IBIS.format(clients=trial.clients, **figures)
