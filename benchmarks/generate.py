"""Writes generated clients as a folder of Parquet: python -m benchmarks.generate 100000 FOLDER [--seed 1]."""

from __future__ import annotations

from pathlib import Path

import click
from benchmarks.population import Population

from tactician.facts.client import Client
from tactician.facts.reading import ClientReader
from tactician.facts.repository import facts_folder
from tactician.inference import columnar
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase


def example_clients(rulebase: Rulebase) -> list[Client]:
    """The example clients that ship with the package, by file name."""
    reader = ClientReader(rulebase.vocabulary, rulebase.parameters)
    return [reader.read(path) for path in sorted(facts_folder().glob("*.yaml"))]


@click.command()
@click.argument("clients", type=click.IntRange(1))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", default=1, show_default=True)
def main(clients: int, folder: Path, seed: int) -> None:
    """Write a number of generated CLIENTS to a new FOLDER."""
    rulebase = load_rulebase()
    columnar.write(Population(rulebase, example_clients(rulebase), seed).pieces(clients), folder)


if __name__ == "__main__":
    main()
