"""Runs cases against mutants of a rulebase: a mutant that fails no case is a mistake nobody would notice."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tactician.errors import Problem
from tactician.knowledge.loading import load_rulebase
from tactician.workbench.case_files import InvalidCases, find_case_files, read_cases
from tactician.workbench.mutant_trial import Trial
from tactician.workbench.mutants import Mutant, mutants

SEED = 1
"""Of the sample, so that it is the same in every run."""


@dataclass(frozen=True, slots=True)
class MutationReport:
    """How many mutants some case notices, and those that none does."""

    tried: int
    survivors: tuple[Mutant, ...]

    @property
    def killed(self) -> int:
        """How many mutants some case notices."""
        return self.tried - len(self.survivors)

    @property
    def score(self) -> float:
        """The killed ones in percent."""
        return 100 * self.killed / self.tried if self.tried else 100.0


def run_mutation(
    cases: Path,
    folders: Sequence[Path],
    *,
    rules: Iterable[str] = (),
    sample: int | None = None,
    jobs: int = 1,
) -> MutationReport:
    """Tries the mutants of the rulebase in some folders against the cases at a path.

    `rules` keeps those of some rules or concluded facts, by id or by the beginning of an id; `sample` so many, the
    same in every run. Raises InvalidRulebase and InvalidCases.
    """
    rulebase = load_rulebase(*folders)
    chosen = choose(list(mutants(rulebase)), tuple(rules), sample)
    if jobs == 1 or not chosen:
        trial = Trial(rulebase, read_cases(find_case_files(cases), rulebase))
        return MutationReport(len(chosen), tuple(mutant for mutant in chosen if not trial.killed(mutant)))
    with ProcessPoolExecutor(jobs) as pool:
        shares = [(cases, tuple(folders), tuple(rules), sample, jobs, share) for share in range(jobs)]
        found = list(pool.map(_share, shares))
    problems = {problem for _, told in found for problem in told}
    if problems:
        raise InvalidCases(problems)
    return MutationReport(
        len(chosen), tuple(chosen[at] for at in sorted(at for left, _ in found for at in left))
    )


def _share(
    work: tuple[Path, tuple[Path, ...], tuple[str, ...], int | None, int, int],
) -> tuple[list[int], list[Problem]]:
    """The positions of the survivors among every n-th mutant, n being the number of shares; or what is wrong."""
    cases, folders, rules, sample, jobs, share = work
    rulebase = load_rulebase(*folders)
    chosen = choose(list(mutants(rulebase)), rules, sample)
    try:
        trial = Trial(rulebase, read_cases(find_case_files(cases), rulebase))
    except InvalidCases as error:
        return [], list(error.problems)
    return [at for at in range(share, len(chosen), jobs) if not trial.killed(chosen[at])], []


def choose(found: list[Mutant], rules: tuple[str, ...], sample: int | None) -> list[Mutant]:
    """The mutants of some rules, or all; of these a sample, in their order."""
    if rules:
        found = [mutant for mutant in found if any(mutant.subject.startswith(rule) for rule in rules)]
    if sample is None or sample >= len(found):
        return found
    return [found[at] for at in sorted(random.Random(SEED).sample(range(len(found)), sample))]
