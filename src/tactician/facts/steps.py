"""One step on the scale of a fact: the next level of an ordinal, the next band of a number."""

from __future__ import annotations

from tactician.facts.vocabulary import FactSpec, Value


def steps(spec: FactSpec, value: Value) -> tuple[Value, ...]:
    """The values one step below and above; none for a fact that is no matter of degree."""
    if spec.type == "ordinal":
        place = spec.levels.index(str(value))
        return tuple(spec.levels[near] for near in (place - 1, place + 1) if 0 <= near < len(spec.levels))
    if spec.is_number:
        bands = [band.value for band in spec.bands]
        below = [band for band in bands if band < float(value)]
        above = [band for band in bands if band > float(value)]
        return (*below[-1:], *above[:1])
    return ()
