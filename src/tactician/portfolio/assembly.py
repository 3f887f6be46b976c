"""Writes an output from outcomes: the rankings or plans, the summary, the rejects and the facts of the clients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tactician.knowledge.rules import Rulebase
from tactician.portfolio.options import Paths
from tactician.portfolio.outcomes import Outcome
from tactician.portfolio.output_rows import REJECT_COLUMNS, SUMMARY_COLUMNS, Row, reject_rows, summary_row
from tactician.portfolio.plan_files import CLIENTS, PlanFilesWriter
from tactician.portfolio.plan_pages import PAGES
from tactician.portfolio.sidecar import ClientsFile
from tactician.portfolio.staging import Staging
from tactician.portfolio.summary import Standing, Summary
from tactician.portfolio.writers import WRITERS, Writer, write_table


@dataclass(frozen=True)
class Assembly:
    """How one output is put together; its files are staged, and the caller commits them."""

    rulebase: Rulebase
    paths: Paths
    plans: str
    staging: Staging

    def write_rejects(self, rejects: Sequence[Outcome]) -> list[Row]:
        """Write what could not be used; returns its rows. Raises OSError or CannotWrite."""
        told = [row for outcome in rejects for row in reject_rows(outcome)]
        if told:
            write_table(self.staging.path(self.paths.rejected), REJECT_COLUMNS, told)
        else:
            self.staging.drop(self.paths.rejected)
        return told

    def write(self, outcomes: Iterable[Outcome], told: Sequence[Row]) -> tuple[Standing, ...]:
        """Write everything else; returns the summary. Raises OSError or CannotWrite."""
        summary = Summary(self.rulebase)
        aside = self.staging.path(self.paths.summary) if self.paths.summary else None
        with ExitStack() as stack:
            clients, writer = self._open(stack)
            for outcome in outcomes:
                summary.add(outcome)
                writer.add(outcome)
                if clients:
                    clients.add(outcome)
            standings = tuple(summary.standings())
            rows: list[Row] = [summary_row(standing) for standing in standings]
            writer.finish(rows, told)
        if aside:
            write_table(aside, SUMMARY_COLUMNS, rows)
        return standings

    def _open(self, stack: ExitStack) -> tuple[ClientsFile | None, Writer]:
        """The files that take one client after the other; they are closed with the stack."""
        clients = ClientsFile(self.staging.path(self.paths.clients)) if self.paths.clients else None
        if clients:
            stack.callback(clients.close)
        part = self.staging.path(self.paths.output)
        writer = self._writer(part)
        stack.callback(writer.close)
        if self.paths.is_folder:
            clients = ClientsFile(part / CLIENTS)
            stack.callback(clients.close)
        return clients, writer

    def _writer(self, part: Path) -> Writer:
        if self.paths.is_folder:
            return PlanFilesWriter(part, self.rulebase, PAGES[self.plans][0])
        return WRITERS[self.paths.output.suffix.lower()](part, self.rulebase)
