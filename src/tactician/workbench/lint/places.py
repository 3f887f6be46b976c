"""Where the things that carry no place of their own stand in the files of a rulebase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tactician.errors import Place, Problem
from tactician.knowledge.loading import shown_name
from tactician.knowledge.material import Material, parse_pack
from tactician.knowledge.packs import PackFile, read_pack

WITHOUT_PLACES = ("vocabulary.yaml", "sources.yaml", "parameters.yaml", "derived", "process")
"""Files and folders whose content is looked up here."""


class Places:
    """The files of a rulebase as they were written."""

    def __init__(self, folders: Sequence[Path]) -> None:
        problems: list[Problem] = []
        packs = [read_pack(folder, shown_name(folder), problems) for folder in folders]
        self.files: tuple[PackFile, ...] = tuple(file for pack in packs for file in pack)
        self._material = Material()
        for pack in packs:
            wanted = (file for file in pack if file.name.partition("/")[0] in WITHOUT_PLACES)
            self._material.lay(parse_pack(wanted, problems))

    def fact(self, name: str) -> Place:
        """Where the vocabulary gives a fact."""
        return self._material.facts[name].place

    def source(self, name: str) -> Place:
        """Where a source stands in the bibliography."""
        return self._material.sources[name].place

    def parameter(self, *path: str) -> Place:
        """Where a parameter is given."""
        assert self._material.parameters is not None
        return self._material.parameters.at(*path).place

    def sources_of_parameters(self) -> Iterator[str]:
        """The sources that named numbers cite."""
        top = self._material.parameters
        named = top.at("arithmetic").value if top is not None else None
        for name in named if isinstance(named, dict) else ():
            assert top is not None
            yield from (str(source.value) for source in top.at("arithmetic", name, "sources").entries())

    def entry(self, fact: str, number: int) -> Place:
        """Where one entry of the decision list of a derived fact stands."""
        return self._material.derived[fact].at("first", number).place

    def process(self, file: str, path: tuple[str | int, ...]) -> tuple[Place, str]:
        """Where something stands in the data of a file of process/, for machines and in the reader's words."""
        top = self._material.process[f"process/{file}.yaml"]
        return top.at(*path).place, top.file.document.where(path)
