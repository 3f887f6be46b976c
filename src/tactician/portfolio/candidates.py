"""One client on its way in: read and sound, or with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from tactician.errors import Place, Problem, ProblemsError
from tactician.facts.client import Client
from tactician.facts.document import Document, document_of, parse_document, read_document
from tactician.facts.reading import CLIENT_BYTES, ClientReader
from tactician.portfolio.drafts import Draft


@dataclass(frozen=True, slots=True)
class Candidate:
    """A client as found: `client` is None where there are problems. `stated` is the client file it amounts to."""

    id: str
    """Empty where not even that could be read."""
    file: str
    client: Client | None = None
    stated: Mapping[str, object] | None = None
    problems: tuple[Problem, ...] = ()


class Pending(Protocol):
    """A client that was found and is not read yet."""

    @property
    def bytes(self) -> int:
        """Its part of the size of all inputs."""

    def resolve(self, reader: ClientReader) -> Candidate:
        """The client, read and checked."""


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A client in a file of its own."""

    path: str
    bytes: int = 0

    def resolve(self, reader: ClientReader) -> Candidate:
        """The client in the file."""
        try:
            document = read_document(self.path, limit=CLIENT_BYTES)
        except ProblemsError as error:
            return Candidate("", self.path, problems=error.problems)
        return _checked(document, self.path, reader)


@dataclass(frozen=True, slots=True)
class PendingLine:
    """A client in a line of JSON."""

    path: str
    number: int
    data: bytes
    bytes: int = 0

    def resolve(self, reader: ClientReader) -> Candidate:
        """The client in the line; its problems name the line."""
        try:
            if len(self.data) > CLIENT_BYTES:
                what = f"the line has more than {CLIENT_BYTES:,} bytes"
                return Candidate("", self.path, problems=(Problem(Place(self.path, self.number), "", what),))
            found = _checked(parse_document(self.data, self.path, format="json"), self.path, reader)
        except ProblemsError as error:
            return Candidate("", self.path, problems=self._placed(error.problems))
        return Candidate(found.id, found.file, found.client, found.stated, self._placed(found.problems))

    def _placed(self, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        return tuple(
            Problem(Place(self.path, self.number, each.place.column), each.where, each.what, each.hint)
            for each in problems
        )


@dataclass(frozen=True, slots=True)
class PendingDraft:
    """A client in the rows of a sheet."""

    draft: Draft
    bytes: int = 0

    def resolve(self, reader: ClientReader) -> Candidate:
        """The client that the rows state."""
        draft = self.draft
        problems = list(draft.problems)
        found = None
        if "client" in draft.value:
            found = _checked(draft.document(), draft.place.file, reader)
            problems += found.problems
        if problems or found is None:
            return Candidate(draft.name, draft.place.file, problems=tuple(ProblemsError(problems).problems))
        return found


@dataclass(frozen=True, slots=True)
class PendingMapping:
    """A client file in memory."""

    mapping: Mapping[str, object]
    file: str = ""
    bytes: int = 0

    def resolve(self, reader: ClientReader) -> Candidate:
        """The client that the mapping states."""
        try:
            return _checked(document_of(self.mapping, self.file), self.file, reader)
        except ProblemsError as error:
            name = self.mapping.get("client")
            return Candidate(name if isinstance(name, str) else "", self.file, problems=error.problems)


@dataclass(frozen=True, slots=True)
class PendingClient:
    """A client that is in memory already, or problems that stand for one."""

    candidate: Candidate
    bytes: int = 0

    def resolve(self, reader: ClientReader) -> Candidate:  # noqa: ARG002 (it is checked already)
        """The client itself."""
        return self.candidate


def _checked(document: Document, file: str, reader: ClientReader) -> Candidate:
    stated = document.value
    name = stated.get("client") if isinstance(stated, dict) else None
    known = name if isinstance(name, str) else ""
    try:
        client = reader.from_document(document)
    except ProblemsError as error:
        return Candidate(known, file, problems=error.problems)
    return Candidate(client.id, file, client, cast(dict[str, Any], stated))


def refused(file: str, problems: tuple[Problem, ...]) -> PendingClient:
    """A whole file, or rows of nobody, as a candidate that is rejected."""
    return PendingClient(Candidate("", file, problems=problems))
