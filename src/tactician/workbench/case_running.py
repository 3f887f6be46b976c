"""Runs cases on an engine and says for each whether everything holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from tactician.advice.advise import Advice, advise
from tactician.errors import Problem
from tactician.facts.vocabulary import Value
from tactician.inference.consultation import Consultation
from tactician.inference.direct import DirectEngine, State, engine_for
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Block, Conclude, Rulebase
from tactician.workbench.case_checks import Observation, failures
from tactician.workbench.case_files import InvalidCases, find_case_files, read_cases
from tactician.workbench.cases import Case, CaseFile, CaseReport, CaseResult
from tactician.workbench.second_opinion import Truth

ENGINES = ("direct", "forward")
Looking = Callable[[Case], Iterable[Observation]]
"""What an engine finds in each segment that a case speaks of."""


def run_cases(
    path: Path, folders: Iterable[Path], *, engine: str = "direct", jobs: int = 1
) -> Iterator[tuple[str, tuple[CaseResult, ...]]]:
    """The results of the cases at a path, file by file, against the rulebase in some folders.

    Raises InvalidRulebase, InvalidCases, and whatever an engine raises.
    """
    files = find_case_files(path)
    rulebase = load_rulebase(*folders)
    if jobs == 1 or len(files) == 1:
        yield from ((file.file, run_file(file, rulebase, engine)) for file in read_cases(files, rulebase))
        return
    with ProcessPoolExecutor(jobs) as pool:
        found = list(pool.map(_run_path, ((path, tuple(folders), engine) for path in files)))
    problems = [problem for outcome in found if isinstance(outcome, list) for problem in outcome]
    if problems:
        raise InvalidCases(problems)
    yield from (outcome for outcome in found if isinstance(outcome, tuple))


def report_of(results: Iterable[tuple[str, tuple[CaseResult, ...]]]) -> CaseReport:
    """The results of all files together."""
    return CaseReport(dict(results))


def run_file(file: CaseFile, rulebase: Rulebase, engine: str = "direct") -> tuple[CaseResult, ...]:
    """The results of the cases of one file."""
    direct = engine == "direct"
    looking = looking_with(engine_for(rulebase)) if direct else _by_findings(rulebase, file.cases, engine)
    return tuple(run_case(case, rulebase, looking, engine) for case in file.cases)


def run_case(case: Case, rulebase: Rulebase, looking: Looking, engine: str = "direct") -> CaseResult:
    """The result of one case."""
    advice = advise_on(case, rulebase, engine) if case.needs_plan else None
    found = tuple(failures(case, rulebase, looking(case), advice))
    return CaseResult(case.name, case.place, found)


def advise_on(case: Case, rulebase: Rulebase, engine: str = "direct") -> Advice:
    """The ranking and the plan for the client of a case."""
    return advise(_consult(case, rulebase, engine))


def _consult(case: Case, rulebase: Rulebase, engine: str) -> Consultation:
    consultation = import_module(f"tactician.inference.{engine}").consult(case.client, rulebase)
    assert isinstance(consultation, Consultation)
    return consultation


def _run_path(work: tuple[Path, tuple[Path, ...], str]) -> tuple[str, tuple[CaseResult, ...]] | list[Problem]:
    """The results of one file, or what is wrong with it, in a process of its own."""
    path, folders, engine = work
    rulebase = _opened(folders)
    try:
        (file,) = read_cases([path], rulebase)
    except InvalidCases as error:
        return list(error.problems)
    return file.file, run_file(file, rulebase, engine)


@lru_cache(maxsize=1)
def _opened(folders: tuple[Path, ...]) -> Rulebase:
    """The rulebase, opened once in each process."""
    return load_rulebase(*folders)


def looking_with(compiled: DirectEngine) -> Looking:
    """What a compiled direct engine finds for cases."""

    def look(case: Case) -> Iterator[Observation]:
        for index in case.segments:
            found = _Settled(compiled, compiled.settle(case.client, index))
            yield Observation(index, found.truth, found.strength, found.state.values.get)

    return look


@dataclass(frozen=True, slots=True)
class _Settled:
    """What the direct engine settled of one segment."""

    engine: DirectEngine
    state: State

    def truth(self, rule: str) -> Truth:
        return self.engine.truth(self.state, rule)

    def strength(self, rule: str) -> int:
        return self.engine.strength(self.state, self.engine.position[rule])


@dataclass(frozen=True, slots=True)
class _Findings:
    """What an engine reported of one segment."""

    fired: dict[str, int]
    """Item weights by rule."""
    refuted: frozenset[str]
    values: dict[str, Value]

    def truth(self, rule: str) -> Truth:
        return True if rule in self.fired else False if rule in self.refuted else None


def _by_findings(rulebase: Rulebase, cases: Iterable[Case], engine: str) -> Looking:
    watched = _watched(rulebase, frozenset().union(*(case.rules for case in cases)))

    def look(case: Case) -> Iterator[Observation]:
        consultation = _consult(case, watched, engine)
        for index in case.segments:
            segment = consultation.segments[index]
            concluded = {fact: conclusion.value for fact, conclusion in segment.derived.items()}
            found = _Findings(
                {rule: firing.item_weight for rule, firing in segment.fired.items()},
                segment.refuted,
                concluded,
            )
            yield Observation(index, found.truth, found.fired.__getitem__, found.values.get)

    return look


def _watched(rulebase: Rulebase, named: frozenset[str]) -> Rulebase:
    """The rules that cases name and those that conclude or block; each reports when it is known to be false.

    Findings tell only of some rules that they are false. A prior makes them tell; these totals are not looked at.
    """
    rules = [rule for rule in rulebase.rules if rule.id in named or isinstance(rule.then, Block | Conclude)]
    return replace(rulebase, rules=tuple(replace(rule, expected=rule.expected or 1) for rule in rules))
