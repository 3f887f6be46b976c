"""Evaluates one client of a batch: ranking, horizons, and what holds each record back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module

from tactician.advice.advise import Advice, advise
from tactician.advice.ranking import Ranked, rank
from tactician.advice.scheduling import make_plan
from tactician.errors import Place, Problem, TacticianError
from tactician.facts.client import MILLION, Client
from tactician.facts.number_words import fold
from tactician.facts.reading import ClientReader
from tactician.inference.bounds import bounds
from tactician.inference.consultation import Consultation
from tactician.inference.direct import DirectEngine, State, engine_for
from tactician.inference.truth_table import set_bits
from tactician.knowledge.rules import Block, Evidence, Rulebase
from tactician.portfolio.candidates import Candidate, Pending
from tactician.portfolio.outcomes import Outcome, RankRow, rank_row

TACTICS = "tactics"
"""The group of records that businesses run; the others are levers and improvements."""

Page = Callable[[Advice], str]


@dataclass(frozen=True)
class Evaluation:
    """How clients are evaluated: with which knowledge and engine, how many ranks, and as which page, if any."""

    rulebase: Rulebase
    engine: str = "direct"
    top: int = 5
    page: Page | None = None

    @cached_property
    def reader(self) -> ClientReader:
        """The reader of clients against the vocabulary of the rulebase."""
        base = self.rulebase
        tactics = [record.id for record in base.group(TACTICS)]
        return ClientReader(base.vocabulary, base.parameters, tactics)

    @cached_property
    def tactic_names(self) -> Mapping[str, str]:
        """Every name and alias of a tactic, folded, and its id."""
        found: dict[str, str] = {}
        for record in self.rulebase.group(TACTICS):
            aliases = record.details.get("aliases") or ()
            assert isinstance(aliases, list | tuple)
            names = [record.id, *record.names.values(), *(str(alias["name"]) for alias in aliases)]
            for name in names:
                found.setdefault(fold(name), record.id)
        return found

    def outcome(self, pending: Pending) -> Outcome:
        """What comes of one client; whatever goes wrong with it is its own problem."""
        candidate = pending.resolve(self.reader)
        if candidate.client is None:
            return Outcome(candidate.id, candidate.file, problems=candidate.problems)
        try:
            return self._evaluate(candidate, candidate.client)
        except TacticianError as error:
            return _rejected(candidate, error.message, error.hint)
        except Exception as error:  # one client's trouble must not end the others' batch
            what = f"this is a bug in tactician: {type(error).__name__}: {error}"
            return _rejected(candidate, what, "Run `tactician plan --debug` on this client for the details.")

    def _evaluate(self, candidate: Candidate, client: Client) -> Outcome:
        states = [self._direct.settle(client, index) for index in range(len(client.segments))]
        if self.engine == "direct":
            findings = tuple(self._direct.findings(state) for state in states)
            consultation = Consultation(client, self.rulebase, findings, self.engine)
        else:
            consultation = import_module(f"tactician.inference.{self.engine}").consult(client, self.rulebase)
        groups = rank(consultation)
        plan = make_plan(consultation, groups[TACTICS], groups["levers"])
        horizons = {record: horizon.value for record, horizon in plan.horizons.items()}
        ranked = [entry for group in groups.values() for entry in group]
        page = ""
        if self.page is not None:
            page = self.page(advise(consultation, bounds(client, self.rulebase)))
        return Outcome(
            candidate.id,
            candidate.file,
            rows=[_row(group, entry, horizons) for group in groups for entry in groups[group][: self.top]],
            order={group: [entry.id for entry in entries] for group, entries in groups.items()},
            blocked=[entry.id for entry in ranked if entry.blocked],
            horizons=horizons,
            totals={entry.id: entry.total for entry in ranked},
            fired=_fired(consultation),
            unknown=self._unknown(client, states),
            stated=candidate.stated,
            page=page,
        )

    @cached_property
    def _direct(self) -> DirectEngine:
        return engine_for(self.rulebase)

    @cached_property
    def _speaking(self) -> tuple[int, Mapping[int, Sequence[str]]]:
        """The bits of the rules that speak for or against a record, together and each with its rules."""
        rules: dict[int, list[str]] = {}
        for rule in self.rulebase.rules:
            if rule.targets:
                rules.setdefault(self._direct.position[rule.id], []).append(rule.id)
        return sum(1 << position for position in rules), rules

    def _unknown(self, client: Client, states: Sequence[State]) -> list[str]:
        """The rules of which nobody knows, in segments of at least half the revenue, whether they hold."""
        mask, rules = self._speaking
        waiting: dict[str, int] = {}
        for segment, state in zip(client.segments, states, strict=True):
            for position in set_bits(mask & ~(state.true | state.false)):
                for rule in rules[position]:
                    waiting[rule] = waiting.get(rule, 0) + segment.ppm
        return [rule for rule, ppm in waiting.items() if 2 * ppm >= MILLION]


def _row(group: str, entry: Ranked, horizons: Mapping[str, str]) -> RankRow:
    return rank_row(
        (group, entry.rank, entry.id),
        entry.total,
        evidence=((piece.rule, piece.share) for piece in entry.evidence),
        blocks=(blocking.rule for blocking in entry.blocks),
        blocked=entry.blocked,
        horizon=horizons.get(entry.id, ""),
    )


def _fired(consultation: Consultation) -> dict[str, int]:
    found: dict[str, int] = {}
    for segment, findings in zip(consultation.client.segments, consultation.segments, strict=True):
        for firing in findings.fired.values():
            then = consultation.rulebase.rule[firing.rule].then
            if isinstance(then, Evidence):
                share = segment.ppm * then.weight * firing.item_weight
                found[firing.rule] = found.get(firing.rule, 0) + share
            elif isinstance(then, Block):
                found[firing.rule] = found.get(firing.rule, 0) + segment.ppm
    return found


def _rejected(candidate: Candidate, what: str, hint: str) -> Outcome:
    return Outcome(candidate.id, candidate.file, problems=[Problem(Place(candidate.file), "", what, hint)])
