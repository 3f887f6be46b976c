"""Where something stands in the files of a rulebase, and what is wrong there; knows no format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tactician.errors import Place, Problem
from tactician.facts.document import Document

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file of a rulebase: its name inside its folder and what it says."""

    name: str
    """`acquisition/freemium.yaml`, with slashes on every system."""
    document: Document
    problems: list[Problem] = field(compare=False, repr=False)
    """Shared by all files of one loading."""

    @property
    def folder(self) -> str:
        """`acquisition`; empty for a file at the top."""
        return self.name.rpartition("/")[0]

    @property
    def stem(self) -> str:
        """`freemium`."""
        return self.name.rpartition("/")[2].rpartition(".")[0]

    @property
    def top(self) -> Passage:
        """The whole file as a passage."""
        return Passage(self, (), self.document.value)


@dataclass(frozen=True, slots=True)
class Passage:
    """A value at a path of a file."""

    file: RuleFile
    path: Path
    value: object

    def at(self, *parts: str | int) -> Passage:
        """The passage some keys or positions further down; its value is None when it is not there."""
        value = self.value
        for part in parts:
            value = part_of(value, part)
        return Passage(self.file, (*self.path, *parts), value)

    def entries(self) -> Iterator[Passage]:
        """The passages of a list, in order; none when it is no list."""
        for number, value in enumerate(self.value if isinstance(self.value, list) else ()):
            yield Passage(self.file, (*self.path, number), value)

    @property
    def place(self) -> Place:
        """Its position."""
        return self.file.document.place(self.path)

    def refuse(self, what: str, hint: str = "", *, key: bool = False) -> None:
        """Notes a problem here; with `key`, at the key instead of its value."""
        self.file.problems.append(self.file.document.problem(self.path, what, hint, key=key))


def part_of(value: object, part: str | int) -> object:
    """What a mapping or list holds under a key or at a position; None when there is nothing."""
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None
