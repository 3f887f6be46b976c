"""What rules may speak of: facts, sources and records, with a close match for whatever is misspelt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tactician.errors import did_you_mean
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, FactSpec
from tactician.knowledge.passages import Passage
from tactician.knowledge.rules import TACTIC_FAMILIES


@dataclass
class Terms:
    """Everything that is known by name. Names whose own entry is wrong are known, and nobody else is blamed."""

    specs: dict[str, FactSpec]
    broken: set[str]
    sources: frozenset[str]
    records: Mapping[str, str]
    """Family by record id."""
    values_of: dict[str, tuple[str | bool, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values_of = {name: spec.values for name, spec in self.specs.items() if not spec.is_number}

    @cached_property
    def _scopes_of(self) -> dict[str, list[str]]:
        scopes: dict[str, list[str]] = {}
        for spec in self.specs.values():
            scopes.setdefault(spec.name, []).append(spec.scope)
        return scopes

    def fact(self, name: str, passage: Passage, *, key: bool = False) -> FactSpec | None:
        """The fact of that name; None, after noting what may be meant, when there is none to test."""
        spec = self.specs.get(name)
        if spec is not None and spec.scope in FACT_SCOPES:
            return spec
        if spec is not None:
            passage.refuse(f"{name} is an attribute of an item", _item_hint(spec), key=key)
        elif name not in self.broken:
            passage.refuse(f"there is no fact {name}", self._nearest(name), key=key)
        return None

    def attribute(self, kind: str, name: str, passage: Passage) -> FactSpec | None:
        """The attribute of that name of a kind of item; None, after noting what may be meant, if there is none."""
        spec = self.specs.get(f"{kind}.{name}")
        if spec is not None or f"{kind}.{name}" in self.broken:
            return spec
        own = [spec.name for spec in self.specs.values() if spec.scope == kind]
        kinds = [scope for scope in self._scopes_of.get(name, ()) if scope != kind]
        if name.startswith(f"{kind}."):
            hint = f"Write {name.partition('.')[2]}."
        elif kinds:
            hint = f"{name} belongs to scope {' and '.join(kinds)}. Attributes of a {kind}: {', '.join(own)}."
        else:
            hint = did_you_mean(name, own) or f"Attributes of a {kind}: {', '.join(own)}."
        passage.refuse(f"a {kind} has no attribute {name}", hint, key=True)
        return None

    def check_sources(self, passage: Passage) -> None:
        """Notes every source of a passage, one or a list of them, that is not in the bibliography."""
        for source in _texts(passage):
            if source.value not in self.sources:
                source.refuse(f"there is no source {source.value}", did_you_mean(source.value, self.sources))

    def check_records(self, passage: Passage, *, tactics: bool = False) -> None:
        """Notes every record that a passage names, one or a list of them, and that does not exist."""
        for record in _texts(passage):
            if record.value not in self.records:
                record.refuse(f"there is no record {record.value}", did_you_mean(record.value, self.records))
            elif tactics and self.records[str(record.value)] not in TACTIC_FAMILIES:
                record.refuse(
                    f"{record.value} is no tactic", "Only tactics are scheduled before one another."
                )

    def _nearest(self, name: str) -> str:
        scope, _, bare = name.rpartition(".")
        elsewhere = [other for other in self._scopes_of.get(bare, ()) if other != scope]
        if elsewhere and scope:
            return f"{bare} belongs to scope {' and '.join(elsewhere)}."
        if elsewhere:
            return f"Write {' or '.join(f'{other}.{bare}' for other in elsewhere)}."
        facts = [known for known, spec in self.specs.items() if spec.scope in FACT_SCOPES]
        return did_you_mean(name, facts) or "Facts are written scope.name: segment.price_sensitivity."


def _item_hint(spec: FactSpec) -> str:
    if spec.scope not in ITEM_KINDS:
        return "Attributes of links cannot be tested."
    return f'Write {{some: {spec.scope}, where: {{{spec.name}: "== {spec.levels[0]}"}}}}.'


def _texts(passage: Passage) -> Iterable[Passage]:
    listed = list(passage.entries()) if isinstance(passage.value, list) else [passage]
    return [entry for entry in listed if isinstance(entry.value, str)]
