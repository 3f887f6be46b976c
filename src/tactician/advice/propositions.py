"""Reads the value proposition of each segment off what was concluded there and off the data of process/."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from tactician.advice.holding import holds
from tactician.advice.process_data import Data, condition, entries, names, part, text
from tactician.advice.proposition import Balance, Fit, Gap, Message, Promise, Proposition, Repair
from tactician.advice.ranking import Ranked
from tactician.facts.canvas_fit import Element, FitMeasure, LinkStep
from tactician.facts.client import Item
from tactician.facts.value_balance import BalanceMeasure, Side
from tactician.facts.vocabulary import ANSWERED_KINDS, Value
from tactician.inference.consultation import Consultation

FIT_LEVEL = "segment.fit_level"
BALANCE_LEVEL = "segment.value_balance_class"
MOST_SUGGESTED = 3
NAMED_FIRST, NAMED_LATER = 10, 7
"""How much it counts for a record to be named first, or later, among the answers to a kind of item."""
Measured = TypeVar("Measured", FitMeasure, BalanceMeasure)


def propositions(consultation: Consultation, ranked: Sequence[Ranked]) -> tuple[Proposition, ...]:
    """The value proposition of each segment, given all ranked records."""
    segments = range(len(consultation.client.segments))
    return tuple(_Reader(consultation, index, ranked).read() for index in segments)


class _Reader:
    """Reads one segment."""

    def __init__(self, consultation: Consultation, index: int, ranked: Sequence[Ranked]) -> None:
        self.consultation = consultation
        self.base = consultation.rulebase
        self.index = index
        self.segment = consultation.client.segments[index]
        self.items = {item.id: item for items in self.segment.items.values() for item in items}
        self.fitting = [entry.id for entry in ranked if _fits(entry, self.segment.name)]

    def read(self) -> Proposition:
        fit, balance = self.measured(FitMeasure), self.measured(BalanceMeasure)
        return Proposition(
            self.segment.name,
            None if fit is None else self.fit(fit),
            None if balance is None else self.balance(balance),
            tuple(self.messages()),
            None if fit is None else self.promise(fit),
        )

    def measured(self, kind: type[Measured]) -> Measured | None:
        derived = self.consultation.segments[self.index].derived
        return next((c.arithmetic for c in derived.values() if isinstance(c.arithmetic, kind)), None)

    def level(self, fact: str) -> Value | None:
        concluded = self.consultation.segments[self.index].derived.get(fact)
        return None if concluded is None else concluded.value

    def fit(self, measure: FitMeasure) -> Fit:
        elements = {element.id: element for element in measure.elements}
        gaps = tuple(self.gap(elements[name]) for name in measure.gaps)
        return Fit(measure, self.level(FIT_LEVEL), gaps, _stage(measure))

    def gap(self, element: Element) -> Gap:
        item = self.items[element.id]
        return Gap(item, element.coverage, element.gap, self.suggested(item))

    def suggested(self, item: Item) -> tuple[str, ...]:
        """The records that answer items like this one, as far as they fit here, most often named first."""
        scores: dict[str, int] = {}
        for attribute, level in item.attributes.items():
            answers = names(part(self.base, "canvas", "answers", f"{item.kind}.{attribute}").get(level))
            for place, record in enumerate(answers):
                scores[record] = scores.get(record, 0) + (NAMED_LATER if place else NAMED_FIRST)
        known = [record for record in self.fitting if record in scores]
        return tuple(sorted(known, key=lambda record: -scores[record])[:MOST_SUGGESTED])

    def balance(self, measure: BalanceMeasure) -> Balance:
        sides = {side.name: side for side in (*measure.benefits, *measure.costs)}
        repairs = self.repairs([sides[name] for name in measure.repair_order])
        return Balance(measure, self.level(BALANCE_LEVEL), tuple(repairs))

    def repairs(self, needs: Iterable[Side]) -> Iterator[Repair]:
        """For the largest need that is worth repairing, then for the balance as a whole."""
        for side in needs:
            found = [
                (entry, rule)
                for entry in entries(self.base, "value_repair", "repair")
                if side.name in names(entry.get("largest")) and (rule := self.repair(entry, side)) is not None
            ]
            yield from (rule for _, rule in found)
            if not any(entry.get("next_need") for entry, _ in found):
                break
        for entry in entries(self.base, "value_repair", "repair"):
            if not names(entry.get("largest")) and (rule := self.repair(entry, None)) is not None:
                yield rule

    def repair(self, entry: Data, side: Side | None) -> Repair | None:
        if not holds(self.consultation, self.index, condition(entry)):
            return None
        return Repair(
            text(entry, "id"),
            side,
            tuple(record for record in names(entry.get("suggest")) if record in self.fitting),
            names(entry.get("avoid")),
            text(entry, "prepare"),
            text(entry, "because"),
            text(entry, "grade"),
            names(entry.get("sources")),
        )

    def messages(self) -> Iterator[Message]:
        for entry in entries(self.base, "jury", "messages"):
            if holds(self.consultation, self.index, condition(entry)):
                yield Message(
                    text(entry, "id"),
                    text(entry, "message"),
                    text(entry, "because"),
                    text(entry, "grade"),
                    names(entry.get("sources")),
                )

    def promise(self, measure: FitMeasure) -> Promise:
        """What can be said from the canvas: of each kind the weightiest item that a product answers."""
        focus = [element for element in measure.elements if element.in_focus]
        best = {kind: _weightiest(focus, kind) for kind in ANSWERED_KINDS}
        eased = best["pain"] or best["gain"] or best["job"]
        link = max(eased.links, key=lambda step: step.effect) if eased else None
        items = {kind: self.items[element.id] if element else None for kind, element in best.items()}
        return Promise(
            job=items["job"],
            product=self.items[link.product] if link else None,
            pain=items["pain"],
            gain=items["gain"],
            proof=link.proof if link else None,
        )


def _fits(entry: Ranked, segment: str) -> bool:
    """Whether more speaks for a record than against it in a segment that does not block it."""
    return any(each.name == segment and each.total > 0 and not each.blocked for each in entry.segments)


def _weightiest(focus: Iterable[Element], kind: str) -> Element | None:
    answered = [element for element in focus if element.kind == kind and element.links]
    return max(answered, key=lambda element: element.weight, default=None)


def _stage(measure: FitMeasure) -> str:
    """How far the fit has been shown, by the proof of the links to items in focus."""
    focus = [element for element in measure.elements if element.in_focus]
    links: list[LinkStep] = [link for element in focus for link in element.links]
    if links and 3 * sum(link.proof == "tested" for link in links) >= 2 * len(links):
        return "in_market"
    if focus and all(any(link.proof != "assumed" for link in element.links) for element in focus):
        return "with_customers"
    return "on_paper"
