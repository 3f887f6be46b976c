"""What is measured: each prepares itself outside the clock, and returns the work that is timed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tactician.advice.ranking import rank
from tactician.facts.client import Client
from tactician.facts.vocabulary import FACT_SCOPES
from tactician.inference.consultation import Consultation
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase

Work = Callable[[], object]
Prepare = Callable[[Path, int], Work]
CLIPS_RENEWED_AFTER = 200
"""Clients after which CLIPS gets a new environment: it slows down across resets."""


class Unavailable(Exception):
    """What is measured is not installed here; the message says what is missing."""


@cache
def rulebase() -> Rulebase:
    """The shipped rulebase."""
    return load_rulebase()


def some_clients(folder: Path, count: int) -> list[Client]:
    """The first clients of a folder, as values."""
    from tactician.inference import columnar
    from tactician.inference.columnar_reading import pieces

    parts = pieces(folder, rulebase(), count)
    return list(islice((client for part in parts for client in columnar.clients(part, rulebase())), count))


def _one_by_one(consult: Callable[[Client, Rulebase], Consultation], folder: Path, count: int) -> Work:
    clients = some_clients(folder, count)
    rank(consult(clients[0], rulebase()))

    def work() -> None:
        for client in clients:
            rank(consult(client, rulebase()))

    return work


def forward(folder: Path, count: int) -> Work:
    """Consultation and ranking by the forward engine."""
    from tactician.inference import forward as engine

    return _one_by_one(engine.consult, folder, count)


def direct(folder: Path, count: int) -> Work:
    """Consultation and ranking by the direct engine."""
    from tactician.inference import direct as engine

    return _one_by_one(engine.consult, folder, count)


def direct_totals(folder: Path, count: int) -> Work:
    """Totals by the direct engine, without justifications: what a what-if asks for again and again."""
    from tactician.inference.direct import engine_for

    clients = some_clients(folder, count)
    engine = engine_for(rulebase())

    def work() -> None:
        for client in clients:
            for index in range(len(client.segments)):
                engine.scores(engine.settle(client, index))

    return work


def what_if(folder: Path, count: int) -> Work:
    """Totals by the direct engine of variants of a few clients, one answer changed in each, all at once."""
    from tactician.inference.direct import engine_for
    from tactician.inference.variant_memory import Memory
    from tactician.inference.variants import Variants, columns_of
    from tactician.inference.wide import Wide

    tactics = [record.id for record in rulebase().group("tactics")]
    specs = [spec for spec in rulebase().vocabulary.facts.values() if spec.scope in FACT_SCOPES]
    given = [(spec.id, value) for spec in specs for value in spec.choices]
    clients = some_clients(folder, -(-count // len(given)))
    engine = engine_for(rulebase())
    Variants(Memory(engine), clients[0], 0).outcomes(columns_of(given[:1], [(0,)]), Wide(1), tactics)

    def work() -> None:
        left = count
        for client in clients:
            variants = [(number,) for number in range(min(left, len(given)))]
            left -= len(variants)
            columns, memory = columns_of(given, variants), Memory(engine)
            for index in range(len(client.segments)):
                Variants(memory, client, index).outcomes(columns, Wide(len(variants)), tactics)

    return work


def columnar(folder: Path, _: int, backend: str | None = None) -> Work:
    """From Parquet to Parquet, with the justifications of the three best of each group."""
    from tactician.inference import columnar as engine
    from tactician.inference.columnar_program import program_for

    program_for(rulebase())

    def work() -> None:
        with TemporaryDirectory(dir=folder.parent) as scratch:
            engine.run(folder, rulebase(), output=Path(scratch) / "ranks", backend=backend)

    return work


def spark(folder: Path, count: int) -> Work:
    """The same on Spark with two local workers, whose start is not counted."""
    try:
        from tactician.inference import columnar_spark

        context = columnar_spark.session("local[2]")
        context.__enter__()
    except Exception as error:
        raise Unavailable(f"Spark does not start here ({type(error).__name__})") from error
    return columnar(folder, count, "local[2]")


def clips(folder: Path, count: int) -> Work:
    """The exported rules in CLIPS: facts asserted and rules run; what is written in Python is not counted."""
    try:
        from clips import Environment
    except ImportError as error:
        raise Unavailable("clipspy is not installed") from error
    from tactician.workbench.clips_export import client_facts, rulebase_constructs

    stated = [client_facts(client, rulebase()) for client in some_clients(folder, count)]
    constructs = rulebase_constructs(rulebase())
    environments = []
    for _ in range(0, count, CLIPS_RENEWED_AFTER):
        environments.append(Environment())
        for construct in constructs:
            environments[-1].build(construct)

    def work() -> None:
        for place, facts in enumerate(stated):
            environment = environments[place // CLIPS_RENEWED_AFTER]
            environment.reset()
            for fact in facts:
                environment.assert_string(fact)
            environment.run()

    return work


def reading(folder: Path, _: int) -> Work:
    """Every column of the same Parquet read into memory and let go."""
    import pyarrow.parquet as pq

    def work() -> None:
        for path in sorted(folder.rglob("*.parquet")):
            for _batch in pq.ParquetFile(path).iter_batches():
                pass

    return work


def ibis(folder: Path, _: int) -> Work:
    """Conditions and totals alone, as ibis expressions executed by DuckDB."""
    try:
        from benchmarks.ibis_trial import prepared
    except ImportError as error:
        raise Unavailable("ibis with DuckDB is not installed") from error
    return prepared(folder, rulebase())


CONTENDERS: dict[str, Prepare] = {
    "forward": forward,
    "direct": direct,
    "direct totals": direct_totals,
    "what-if": what_if,
    "CLIPS": clips,
    "columnar": columnar,
    "Spark": spark,
    "reading": reading,
    "ibis": ibis,
}
