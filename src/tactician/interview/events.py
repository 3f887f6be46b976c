"""What an owner does in an interview, one value for each act; the journal keeps these, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args, get_type_hints

from tactician.errors import TacticianError

Stated = str | bool | int | float
"""An answer as it stands in a client file; money in the client's currency."""


class DamagedJournal(TacticianError):
    """A journal that says something no interview could have written."""


@dataclass(frozen=True, slots=True)
class Named:
    """The business has this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Amounts are in this currency."""

    currency: str


@dataclass(frozen=True, slots=True)
class Ran:
    """These tactics are running already."""

    tactics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A fact has these values, by segment (the empty name for business and offering); None is not known."""

    fact: str
    values: Mapping[str, Stated | None]


@dataclass(frozen=True, slots=True)
class SegmentAdded:
    """There is a group of customers of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class SegmentRenamed:
    """A group of customers is called differently."""

    name: str
    new: str


@dataclass(frozen=True, slots=True)
class SegmentRemoved:
    """A group of customers does not count; its answers are kept for when it is added again."""

    name: str


@dataclass(frozen=True, slots=True)
class Shared:
    """The groups have these parts of sales, each in (0, 1]; None is not known."""

    shares: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Done:
    """A step without a fact of its own is behind us, such as `segments`."""

    step: str


@dataclass(frozen=True, slots=True)
class WentOn:
    """The owner would rather go on, though the top three were this certain after so many questions."""

    certainty: str
    asked: int


@dataclass(frozen=True, slots=True)
class ListClosed:
    """A list of a segment is complete as it stands."""

    segment: str
    kind: str


@dataclass(frozen=True, slots=True)
class ListForgotten:
    """Nobody knows what is on a list of a segment."""

    segment: str
    kind: str


@dataclass(frozen=True, slots=True)
class ItemAdded:
    """A segment has this pain, gain, job or product."""

    segment: str
    kind: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemWorded:
    """An item is put in other words."""

    segment: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemRemoved:
    """A segment does not have this item, and no product addresses it."""

    segment: str
    id: str


@dataclass(frozen=True, slots=True)
class ItemAnswered:
    """An attribute of an item has this level; None is not known."""

    segment: str
    id: str
    attribute: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Addressed:
    """A product answers exactly these items."""

    segment: str
    id: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkAnswered:
    """How a product answers an item: an attribute of the link; None is not known."""

    segment: str
    id: str
    item: str
    attribute: str
    value: str | None


Event = (
    Named | Counted | Ran | Answered | SegmentAdded | SegmentRenamed | SegmentRemoved | Shared | Done | WentOn
    | ListClosed | ListForgotten | ItemAdded | ItemWorded | ItemRemoved | ItemAnswered | Addressed | LinkAnswered
)  # fmt: skip
KINDS: Mapping[str, Callable[..., Event]] = {kind.__name__: kind for kind in get_args(Event)}
_TUPLES = frozenset({"tactics", "items"})


def encode(event: Event) -> dict[str, Any]:
    """The event as plain data."""
    return {"did": type(event).__name__} | {field.name: getattr(event, field.name) for field in fields(event)}


def decode(stated: object) -> Event:
    """The event that plain data states; raises DamagedJournal."""
    if not isinstance(stated, dict) or str(stated.get("did")) not in KINDS:
        raise DamagedJournal("It says something that no interview does.")
    kind = KINDS[str(stated["did"])]
    names = set(get_type_hints(kind))
    if names != stated.keys() - {"did"}:
        raise DamagedJournal(f"{stated['did']} lacks or adds something.")
    values: dict[str, Any] = {name: stated[name] for name in names}
    return kind(**{name: tuple(value) if name in _TUPLES else value for name, value in values.items()})
