"""The canvas fit of note 004: how far the products of a segment answer what matters most to it, step by step.

All arithmetic is on whole numbers, coverage and scores in millionths, so that every engine finds the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tactician.facts.client import MILLION, Item, Link, Segment
from tactician.facts.item_weights import Assumed, divide, item_weight, level_of, weighing_attributes
from tactician.facts.parameters import Parameters
from tactician.facts.vocabulary import Vocabulary

CATEGORIES = ("job", "pain", "gain")
FOCUS = {
    "job": ("job.importance", "high"),
    "pain": ("pain.severity", "severe"),
    "gain": ("gain.relevance", "essential"),
}
"""The attribute that decides whether an element is in focus, and the level from which it is."""
REQUIRED = ("gain.kind", "required")
ASSUMED_PROOF = "assumed"
LINKED = ("link.relevance", "link.proof")
"""The attributes of a link that say how much it eases."""
SOUGHT = (*FOCUS.values(), REQUIRED, ("link.proof", ASSUMED_PROOF))
"""The attributes of which a certain level is looked for."""


@dataclass(frozen=True, slots=True)
class LinkStep:
    """How one link lowers what is left open of an element; both numbers in millionths."""

    product: str
    relevance: str
    proof: str
    effect: int
    """Effect × proof."""
    open: int
    """What is left open after this link."""


@dataclass(frozen=True, slots=True)
class Element:
    """One job, pain or gain with its weight in thousandths, and coverage and gap in millionths."""

    kind: str
    id: str
    weight: int
    links: tuple[LinkStep, ...]
    coverage: int
    required: bool = False
    in_focus: bool = False
    gap: int = 0
    """What closing it would add to the fit before caps; 0 outside focus."""


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """The score of the elements of one kind that are in focus, in millionths; its weight in thousandths."""

    kind: str
    weight: int
    focus: tuple[str, ...]
    score: int
    ranked: bool
    """False when no element reaches the focus level, so that the one of highest weight stands in."""


@dataclass(frozen=True, slots=True)
class FitMeasure:
    """The canvas fit of one segment with every step that led to it; lists hold ids of items."""

    elements: tuple[Element, ...]
    categories: tuple[CategoryScore, ...]
    left_out: tuple[str, ...]
    """Kinds that do not count: jobs, when no product addresses any."""
    before_caps: int
    capped_by: tuple[str, ...]
    """Required gains in focus that are covered so little that they cap the fit."""
    score_millionths: int
    gaps: tuple[str, ...]
    """Elements in focus that are covered too little, largest gap first."""
    deliberately_left: tuple[str, ...]
    dilution: tuple[str, ...]
    """Products that address only what is outside focus."""
    orphans: tuple[str, ...]
    """Products that address nothing."""
    unproven: tuple[str, ...]
    severe_and_open: tuple[str, ...]
    assumed: tuple[Assumed, ...]

    @property
    def value(self) -> float:
        """The fit from 0 to 1."""
        return self.score_millionths / MILLION

    @property
    def not_ranked(self) -> tuple[str, ...]:
        """Kinds of which no element reaches the focus level: a warning that the profile is not ranked."""
        return tuple(category.kind for category in self.categories if not category.ranked)


def canvas_fit(segment: Segment, vocabulary: Vocabulary, parameters: Parameters) -> FitMeasure | None:
    """The canvas fit of a segment; None when a list it needs is unknown or there is nothing to cover.

    Jobs are left out when no product addresses one; when there is nothing else, the fit is None.
    """
    if not {*CATEGORIES, "product"} <= segment.items.keys():
        return None
    return _Canvas(segment, vocabulary, parameters).measure()


def attributes_read(parameters: Parameters) -> frozenset[str]:
    """Every attribute of items and links (`pain.severity`) that the fit depends on."""
    return frozenset((*LINKED, *(name for kind in CATEGORIES for name in _attributes_of(kind, parameters))))


def _attributes_of(kind: str, parameters: Parameters) -> tuple[str, ...]:
    """What weighs the items of a kind, and what puts them in focus or makes them required."""
    sought = (attribute for attribute, _ in SOUGHT if attribute.startswith(f"{kind}."))
    return tuple(dict.fromkeys((*weighing_attributes(kind, parameters), *sought)))


class _Canvas:
    def __init__(self, segment: Segment, vocabulary: Vocabulary, parameters: Parameters) -> None:
        self.segment = segment
        self.vocabulary = vocabulary
        self.parameters = parameters
        self.numbers = parameters.canvas_fit
        self.items = {item.id: item for kind in CATEGORIES for item in segment.items[kind]}
        self.links: dict[str, list[tuple[str, Link]]] = {name: [] for name in self.items}
        for product in segment.items["product"]:
            for link in product.addresses:
                self.links[link.item].append((product.id, link))

    def measure(self) -> FitMeasure | None:
        kinds = tuple(
            kind for kind in CATEGORIES if self.segment.items[kind] and not self.jobs_unlinked(kind)
        )
        if not kinds:
            return None
        elements = [self.element(item) for item in self.items.values()]
        categories = tuple(self.category(kind, [e for e in elements if e.kind == kind]) for kind in kinds)
        total = sum(category.weight for category in categories)
        fit = divide(sum(category.weight * category.score for category in categories), total)
        elements = self.with_gaps(elements, categories, total)
        focus = [element for element in elements if element.in_focus]
        capped_by = tuple(
            e.id for e in focus if e.required and self.lacks(e, self.numbers.required_gain_coverage)
        )
        cap = self.numbers.required_gain_cap * 1_000 if capped_by else MILLION
        return FitMeasure(
            elements=tuple(elements),
            categories=categories,
            left_out=tuple(kind for kind in CATEGORIES if self.jobs_unlinked(kind)),
            before_caps=fit,
            capped_by=capped_by,
            score_millionths=min(fit, cap),
            gaps=tuple(e.id for e in by_gap(focus) if self.lacks(e, self.numbers.listed_below)),
            deliberately_left=tuple(e.id for e in elements if not e.in_focus and not e.links),
            dilution=self.products_beside({element.id for element in focus}),
            orphans=tuple(p.id for p in self.segment.items["product"] if not p.addresses),
            unproven=tuple(e.id for e in focus if is_unproven(e)),
            severe_and_open=tuple(e.id for e in focus if self.is_severe_and_open(e)),
            assumed=tuple(self.assumptions()),
        )

    def jobs_unlinked(self, kind: str) -> bool:
        """Whether these are jobs, and no product addresses any."""
        jobs = self.segment.items["job"]
        return kind == "job" and bool(jobs) and not any(self.links[job.id] for job in jobs)

    def lacks(self, element: Element, thousandths: int) -> bool:
        """Whether the element is covered by less than a number of thousandths."""
        return element.coverage < thousandths * 1_000

    def level(self, item: Item, attribute: str) -> str:
        return level_of(item.attributes, attribute, self.vocabulary)

    def element(self, item: Item) -> Element:
        links: list[LinkStep] = []
        left = MILLION
        for product, link in self.links[item.id]:
            relevance = link.relevance or str(self.vocabulary["link.relevance"].typical)
            proof = link.proof or str(self.vocabulary["link.proof"].typical)
            effect = self.numbers.effect[relevance] * self.numbers.proof[proof]
            left = divide(left * (MILLION - effect), MILLION)
            links.append(LinkStep(product, relevance, proof, effect, left))
        weight = item_weight(item, self.vocabulary, self.parameters)
        required = item.kind == "gain" and self.level(item, REQUIRED[0]) == REQUIRED[1]
        return Element(item.kind, item.id, weight, tuple(links), MILLION - left, required)

    def category(self, kind: str, elements: Sequence[Element]) -> CategoryScore:
        by_weight = sorted(elements, key=lambda element: -element.weight)
        chosen = [e for e in by_weight if self.is_focal(self.items[e.id])][: self.numbers.focus_limit]
        focus = chosen or by_weight[:1]
        weight = sum(element.weight for element in focus)
        score = divide(sum(element.weight * element.coverage for element in focus), weight)
        names = tuple(element.id for element in focus)
        return CategoryScore(kind, self.numbers.category_weights[kind], names, score, bool(chosen))

    def is_focal(self, item: Item) -> bool:
        """Whether the element is important enough in itself to be in focus."""
        attribute, least = FOCUS[item.kind]
        levels = self.vocabulary[attribute].levels
        return levels.index(self.level(item, attribute)) >= levels.index(least)

    def with_gaps(
        self, elements: list[Element], categories: Sequence[CategoryScore], total: int
    ) -> list[Element]:
        """The elements, with the gap of those in focus: the part of the whole fit that they leave open."""
        weight_of = {element.id: element.weight for element in elements}
        for category in categories:
            weights = sum(weight_of[name] for name in category.focus)
            for n, element in enumerate(elements):
                if element.id in category.focus:
                    missing = category.weight * element.weight * (MILLION - element.coverage)
                    elements[n] = replace(element, in_focus=True, gap=divide(missing, total * weights))
        return elements

    def products_beside(self, focus: set[str]) -> tuple[str, ...]:
        """Products that address something, but nothing in focus."""
        products = self.segment.items["product"]
        return tuple(
            p.id for p in products if p.addresses and not any(link.item in focus for link in p.addresses)
        )

    def is_severe_and_open(self, element: Element) -> bool:
        is_open = self.lacks(element, self.numbers.open_below)
        return element.kind == "pain" and is_open and self.is_focal(self.items[element.id])

    def assumptions(self) -> Iterator[Assumed]:
        looked_at = {kind: _attributes_of(kind, self.parameters) for kind in CATEGORIES}
        for item in self.items.values():
            for attribute in looked_at[item.kind]:
                name = attribute.partition(".")[2]
                if name not in item.attributes:
                    yield Assumed(item.id, name, self.level(item, attribute))
        for name, links in self.links.items():
            for product, link in links:
                for attribute, stated in (("relevance", link.relevance), ("proof", link.proof)):
                    if stated is None:
                        typical = str(self.vocabulary[f"link.{attribute}"].typical)
                        yield Assumed(f"{product} -> {name}", attribute, typical)


def by_gap(elements: Sequence[Element]) -> list[Element]:
    """The largest gap first, equal ones in file order."""
    return sorted(elements, key=lambda element: -element.gap)


def is_unproven(element: Element) -> bool:
    """Whether something addresses the element, and all of it is only assumed to work."""
    return bool(element.links) and all(link.proof == ASSUMED_PROOF for link in element.links)
