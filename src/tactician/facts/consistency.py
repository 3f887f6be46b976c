"""What a client file must keep besides its shape: shares, names, links, money. Skips what has no shape to check."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import TypeGuard

from tactician.errors import Problem, did_you_mean
from tactician.facts.document import Document
from tactician.facts.money import decimal_of, from_euros, to_euros
from tactician.facts.parameters import Parameters
from tactician.facts.sentences import show
from tactician.facts.shape import UNKNOWN
from tactician.facts.shares import share_problem
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, LIST_OF, FactSpec, Vocabulary

Mapping = dict[str, object]
EURO = "EUR"


def mapping_in(value: object, key: str) -> Mapping:
    """The mapping under a key, or an empty one."""
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def list_in(value: object, key: str) -> list[object]:
    """The list under a key, or an empty one."""
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, list) else []


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number; a truth is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def currency_of(client: Mapping) -> object:
    """The stated currency, else the euro."""
    stated = client.get("currency")
    return EURO if stated is None or stated == UNKNOWN else stated


class Consistency:
    """Checks one document against a vocabulary, parameters and the tactics there are."""

    def __init__(
        self,
        document: Document,
        vocabulary: Vocabulary,
        parameters: Parameters,
        tactics: Collection[str] | None,
    ) -> None:
        self.document = document
        self.vocabulary = vocabulary
        self.parameters = parameters
        self.tactics = tactics
        self.client = document.value if isinstance(document.value, dict) else {}
        self.segments = list_in(self.client, "segments")

    def problems(self) -> Iterator[Problem]:
        """Everything that does not hold together."""
        yield from self._currency()
        yield from self._running()
        yield from self._shares()
        yield from self._names()
        for index in range(len(self.segments)):
            yield from self._items(index)
            yield from self._links(index)

    def _currency(self) -> Iterator[Problem]:
        currency = currency_of(self.client)
        if not isinstance(currency, str):
            return
        rate = self.parameters.rates.get(currency)
        if rate is None:
            known = sorted(self.parameters.rates)
            hint = f"{_currency_hint(currency, known)} Known are {', '.join(known)}.".strip()
            yield self.document.problem(["currency"], f"there is no rate for {show(currency)}", hint)
            return
        for spec in self.vocabulary.facts.values():
            if spec.is_money and spec.scope in FACT_SCOPES:
                yield from self._amounts(spec, currency, rate)

    def _amounts(self, spec: FactSpec, currency: str, rate: Decimal) -> Iterator[Problem]:
        places: list[tuple[list[str | int], Mapping]] = [([spec.scope], mapping_in(self.client, spec.scope))]
        if spec.scope == "segment":
            places = [
                (["segments", n], part) for n, part in enumerate(self.segments) if isinstance(part, dict)
            ]
        for path, holder in places:
            stated = holder.get(spec.name)
            if is_number(stated):
                what, hint = _beyond(spec, decimal_of(stated), currency, rate)
                if what:
                    yield self.document.problem([*path, spec.name], what, hint)

    def _running(self) -> Iterator[Problem]:
        seen: set[str] = set()
        for index, tactic in enumerate(list_in(self.client, "running")):
            if not isinstance(tactic, str):
                continue
            if tactic in seen:
                yield self.document.problem(
                    ["running", index], f"{show(tactic)} is listed twice", "Keep one of them."
                )
            elif self.tactics is not None and tactic not in self.tactics:
                hint = (
                    did_you_mean(tactic, sorted(self.tactics))
                    or f"Known are {', '.join(sorted(self.tactics))}."
                )
                yield self.document.problem(
                    ["running", index], f"there is no tactic called {show(tactic)}", hint
                )
            seen.add(tactic)

    def _shares(self) -> Iterator[Problem]:
        stated = [segment.get("share") if isinstance(segment, dict) else None for segment in self.segments]
        shares = [None if share in (None, UNKNOWN) else share for share in stated]
        if not shares or not all(share is None or (is_number(share) and 0 < share <= 1) for share in shares):
            return
        what = share_problem([None if share is None else decimal_of(share) for share in shares])
        if what:
            first = next(n for n, share in enumerate(shares) if share is not None)
            hint = "Shares are parts of 1; leave one out to give it the rest."
            yield self.document.problem(["segments", first, "share"], what, hint)

    def _names(self) -> Iterator[Problem]:
        seen: dict[str, tuple[str, int]] = {}
        for index, segment in enumerate(self.segments):
            name = segment.get("name") if isinstance(segment, dict) else None
            if not isinstance(name, str):
                continue
            alike = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
            if alike in seen:
                other, first = seen[alike]
                line = self._line(["segments", first, "name"])
                what = f"{show(name)} is already the name of another segment{line}"
                if other != name:
                    what = f"{show(name)} is easily mistaken for another segment, {show(other)}{line}"
                yield self.document.problem(
                    ["segments", index, "name"], what, "Give each segment a name of its own."
                )
            seen.setdefault(alike, (name, index))

    def _items(self, segment: int) -> Iterator[Problem]:
        seen: dict[str, list[str | int]] = {}
        for key in LIST_OF.values():
            for index, item in enumerate(list_in(self.segments[segment], key)):
                path: list[str | int] = ["segments", segment, key, index, "id"]
                name = item.get("id") if isinstance(item, dict) else None
                if isinstance(name, str) and name in seen:
                    what = f"the id {show(name)} is already taken in this segment{self._line(seen[name])}"
                    yield self.document.problem(
                        path, what, "Give each pain, gain, job and product an id of its own."
                    )
                elif isinstance(name, str):
                    seen[name] = path

    def _links(self, segment: int) -> Iterator[Problem]:
        targets = self._ids(segment, [kind for kind in ITEM_KINDS if kind != "product"])
        for n, product in enumerate(list_in(self.segments[segment], LIST_OF["product"])):
            linked: set[str] = set()
            for m, link in enumerate(list_in(product, "addresses")):
                item = link.get("item") if isinstance(link, dict) else None
                path: list[str | int] = ["segments", segment, LIST_OF["product"], n, "addresses", m, "item"]
                if not isinstance(item, str):
                    continue
                if item in linked:
                    yield self.document.problem(
                        path, f"{show(item)} is addressed twice by this product", "Keep one."
                    )
                elif item not in targets:
                    what = f"no pain, gain or job of this segment has the id {show(item)}"
                    yield self.document.problem(path, what, self._elsewhere(item, list(targets), segment))
                linked.add(item)

    def _ids(self, segment: int, kinds: Sequence[str] = ITEM_KINDS) -> dict[str, None]:
        """The ids of a segment's items, in file order."""
        items = (item for kind in kinds for item in list_in(self.segments[segment], LIST_OF[kind]))
        names = (item.get("id") for item in items if isinstance(item, dict))
        return {name: None for name in names if isinstance(name, str)}

    def _elsewhere(self, item: str, targets: list[str], segment: int) -> str:
        if item in self._ids(segment, ["product"]):
            return "It is a product; a product addresses pains, gains and jobs."
        for other in range(len(self.segments)):
            if other != segment and item in self._ids(other):
                return (
                    f"It stands in {self.document.where(['segments', other])}; list it in this segment too."
                )
        most = self.parameters.limits.items
        known = f"Known are {', '.join(targets[:12])}." if targets else "The segment lists none."
        return did_you_mean(item, targets[:most]) or known

    def _line(self, path: list[str | int]) -> str:
        line = self.document.place(path).line
        return f" (line {line})" if line else ""


def _currency_hint(stated: str, known: Sequence[str]) -> str:
    from tactician.facts.number_words import currencies  # noqa: PLC0415  many patterns, seldom needed

    meant = [code for code in currencies(stated.strip().lower().rstrip(".")) if code in known]
    return f"Write {' or '.join(meant)}." if meant else did_you_mean(stated.upper(), known)


def _beyond(spec: FactSpec, amount: Decimal, currency: str, rate: Decimal) -> tuple[str, str]:
    """What is wrong with an amount outside its range in euros, and the range as a hint; empty when it is inside."""
    euros = to_euros(amount, rate)
    low, high = (
        Decimal(repr(bound)) if bound is not None else None for bound in (spec.minimum, spec.maximum)
    )
    if (low is None or euros >= low) and (high is None or euros <= high):
        return "", ""
    side, bound = ("below", low) if low is not None and euros < low else ("above", high)
    assert bound is not None
    told = f"{amount.normalize():f} {currency}" + ("" if currency == EURO else f", which is {euros:,} EUR,")
    limit = f"{bound.normalize():,f} {spec.unit}"
    hint = "" if currency == EURO else f"That bound is {from_euros(bound, rate):,} {currency}."
    return f"{told} is {side} {limit}", f"{hint} Check the amount and the currency.".strip()
