"""The values of a fact that are worth trying: levels, bands, and both sides of every threshold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tactician.facts.vocabulary import FactSpec, Value
from tactician.knowledge.conditions import Test, leaves
from tactician.knowledge.rules import Rulebase
from tactician.workbench.second_opinion import holds

PLAIN_NUMBERS = (0.0, 1.0, 2.0, 4.0, 5.0, 10.0, 12.0, 20.0, 25.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 5000.0)


class Grid:
    """The values worth trying of every fact of a rulebase."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self.specs = rulebase.specs
        self.thresholds: dict[str, set[float]] = {}
        conditions = [rule.when for rule in rulebase.rules]
        conditions += [
            entry.when for fact in rulebase.derived for entry in fact.entries if entry.when is not None
        ]
        for condition in conditions:
            for leaf in leaves(condition):
                if isinstance(leaf, Test) and self.specs[leaf.fact].is_number:
                    self.thresholds.setdefault(leaf.fact, set()).update(map(float, leaf.values))

    def values(self, fact: str) -> tuple[Value, ...]:
        """All values worth trying of a stated fact, in order."""
        spec = self.specs[fact]
        if not spec.is_number:
            return spec.values
        found = {band.value for band in spec.bands}
        for threshold in self.thresholds.get(fact, ()):
            found |= {threshold, threshold - step(threshold, spec), threshold + step(threshold, spec)}
        return tuple(sorted(_legal(found, spec)))

    def plain(self, fact: str) -> tuple[Value, ...]:
        """Round values of a fact that goes into arithmetic, the usual ones first."""
        spec = self.specs[fact]
        if not spec.is_number:
            return spec.values
        found = sorted(_legal([*(band.value for band in spec.bands), *PLAIN_NUMBERS], spec))
        usual = spec.typical if isinstance(spec.typical, float) else found[0]
        return usual, *spread([value for value in found if value != usual])

    def telling(self, test: Test) -> tuple[Value, ...]:
        """The values on both sides of every boundary of a test of a stated fact; of an enum or a set, all."""
        spec = self.specs[test.fact]
        if spec.is_number:
            near = {value for bound in map(float, test.values) for value in _beside(bound, test, spec)}
            return tuple(sorted(_legal(near, spec)))
        if spec.type == "enum" or test.op in ("in", "not in"):
            return spec.values
        passes = [holds(test, value, spec) for value in spec.values]
        last = len(passes) - 1
        at_boundary = (
            (at > 0 and passes[at - 1] != told) or (at < last and passes[at + 1] != told)
            for at, told in enumerate(passes)
        )
        return tuple(value for value, telling in zip(spec.values, at_boundary, strict=True) if telling)

    def pick(self, fact: str, allowed: Iterable[Value]) -> Value:
        """The value that shows best what is meant: well inside of what is allowed."""
        spec = self.specs[fact]
        ordered = [value for value in self.values(fact) if value in set(allowed)]
        if spec.is_number:
            return self._pick_number(fact, spec, ordered)
        ends = [spec.values[-1] in ordered, spec.values[0] in ordered]
        if spec.type != "enum" and ends[0] != ends[1]:
            return ordered[-1] if ends[0] else ordered[0]
        return spec.typical if spec.typical in ordered else ordered[0]

    def _pick_number(self, fact: str, spec: FactSpec, ordered: list[Value]) -> Value:
        bands = [band.value for band in spec.bands if band.value in ordered]
        inside = [value for value in bands if value not in self.thresholds.get(fact, ())]
        usual = spec.typical if isinstance(spec.typical, float) else 0.0
        return min(inside or bands or ordered, key=lambda value: (abs(float(value) - usual), float(value)))


def spread(values: Sequence[Value], most: int = 7) -> tuple[Value, ...]:
    """At most so many of some values in order: both ends, and evenly between."""
    if len(values) <= most:
        return tuple(values)
    return tuple(values[round(at * (len(values) - 1) / (most - 1))] for at in range(most))


def step(threshold: float, spec: FactSpec) -> float:
    """The smallest difference from a threshold that a person would state."""
    if spec.whole or (threshold >= 10 and threshold.is_integer()):
        return 1.0
    return 0.1 if threshold >= 1 else 0.01


def _beside(bound: float, test: Test, spec: FactSpec) -> Iterator[float]:
    """A bound and its neighbour on the other side of the boundary; for ranges outwards, for equality both."""
    size = step(bound, spec)
    yield bound
    if test.op in (">=", "<", "==", "!=") or (test.op in ("between", "outside") and bound == test.values[0]):
        yield round(bound - size, 9)
    if test.op in (">", "<=", "==", "!=") or (test.op in ("between", "outside") and bound == test.values[-1]):
        yield round(bound + size, 9)


def _legal(values: Iterable[float], spec: FactSpec) -> list[float]:
    low = float("-inf") if spec.minimum is None else spec.minimum
    high = float("inf") if spec.maximum is None else spec.maximum
    rounded = {round(value, 9) for value in values}
    return [
        value for value in rounded if low <= value <= high and not (spec.whole and not value.is_integer())
    ]
