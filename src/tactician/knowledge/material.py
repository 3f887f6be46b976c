"""Lays rulebase folders over one another: which passage says what each fact, source, record and rule file is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tactician.errors import Place, Problem, ProblemsError
from tactician.facts.document import Document, parse_document
from tactician.knowledge.files import Entries, Shape
from tactician.knowledge.packs import PackFile
from tactician.knowledge.passages import Passage, RuleFile, part_of
from tactician.knowledge.shapes import fit


class FactsFile(Shape):
    """vocabulary.yaml."""

    facts: Entries


class SourcesFile(Shape):
    """sources.yaml."""

    sources: Entries


class DerivedFile(Shape):
    """A file of derived/."""

    derived: Entries


class RulesFile(Shape):
    """A file of needs/."""

    rules: Entries


def parse_pack(files: Iterable[PackFile], problems: list[Problem]) -> Iterator[RuleFile]:
    """What the files say; notes those that cannot be read and leaves them out."""
    for file in files:
        try:
            document = parse_document(file.data, file.shown, format="yaml")
        except ProblemsError as error:
            problems.extend(error.problems)
        else:
            yield RuleFile(file.name, document, problems)


@dataclass(slots=True)
class Material:
    """What was read, by name; what a later folder says under the same name replaces what an earlier one said."""

    facts: dict[str, Passage] = field(default_factory=dict)
    sources: dict[str, Passage] = field(default_factory=dict)
    derived: dict[str, Passage] = field(default_factory=dict)
    records: dict[str, Passage] = field(default_factory=dict)
    needs: dict[str, Passage] = field(default_factory=dict)
    process: dict[str, Passage] = field(default_factory=dict)
    parameters: Passage | None = None

    def lay(self, files: Iterable[RuleFile]) -> None:
        """Adds the files of one folder; notes what is given twice in it."""
        seen: dict[tuple[str, str], Passage] = {}
        for file in files:
            match file.folder or file.stem:
                case "vocabulary":
                    self._entries(file, FactsFile, "facts", self.facts, seen)
                case "sources":
                    self._entries(file, SourcesFile, "sources", self.sources, seen)
                case "derived":
                    self._entries(file, DerivedFile, "derived", self.derived, seen)
                case "parameters":
                    self.parameters = merged(self.parameters, file)
                case "needs":
                    if fit(RulesFile, file.top):
                        self.needs[file.name] = file.top
                case "process":
                    self._process(file)
                case _:
                    _put(self.records, file.stem, file.top, "record", seen)

    def _entries(
        self, file: RuleFile, shape: type[Shape], key: str, into: dict[str, Passage],
        seen: dict[tuple[str, str], Passage],
    ) -> None:  # fmt: skip
        if fit(shape, file.top):
            for entry in file.top.at(key).entries():
                _put(into, name_of(entry), entry, key, seen)

    def _process(self, file: RuleFile) -> None:
        if isinstance(file.document.value, dict):
            self.process[file.name] = file.top
        else:
            file.top.refuse("a mapping belongs here")


def name_of(entry: Passage) -> str:
    """What an entry is called: its id, or its scope and name; something unique when it does not say."""
    stated = entry.value if isinstance(entry.value, dict) else {}
    parts = [stated["id"]] if "id" in stated else [stated.get("scope"), stated.get("name")]
    words = [part for part in parts if isinstance(part, str) and part]
    return ".".join(words) if len(words) == len(parts) else f"{entry.file.name} {entry.path}"


def _put(
    into: dict[str, Passage], name: str, passage: Passage, kind: str, seen: dict[tuple[str, str], Passage]
) -> None:
    first = seen.setdefault((kind, name), passage)
    if first is not passage:
        passage.refuse(f"{name} is already given in {first.place}", "Keep one of them.")
    else:
        into[name] = passage


@dataclass(frozen=True, slots=True)
class Layers(Document):
    """Several documents laid over one another, mapping by mapping."""

    layers: tuple[Document, ...] = ()

    def place(self, path: Sequence[str | int], key: bool = False) -> Place:
        """The position in the last document that says something at this path."""
        holding = [layer for layer in self.layers if _holds(layer.value, path)]
        return (holding or self.layers)[-1].place(path, key)


def merged(below: Passage | None, above: RuleFile) -> Passage:
    """The passage of a file laid over what an earlier one said."""
    if below is None:
        return above.top
    document = below.file.document
    layers = (*(document.layers if isinstance(document, Layers) else (document,)), above.document)
    value = _laid(below.value, above.document.value)
    return RuleFile(above.name, Layers(above.document.file, value, layers=layers), above.problems).top


def _laid(below: object, above: object) -> object:
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    return {**below, **{key: _laid(below.get(key), value) for key, value in above.items()}}


def _holds(value: object, path: Sequence[str | int]) -> bool:
    for part in path:
        value = part_of(value, part)
    return value is not None
