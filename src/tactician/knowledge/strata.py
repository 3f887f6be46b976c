"""Orders derived facts by what they depend on: the stratum of a fact is its longest chain from raw facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def strata(reads: Mapping[str, Iterable[str]]) -> tuple[dict[str, int], tuple[tuple[str, ...], ...]]:
    """The stratum of each derived fact, given what each reads, and the loops that leave some without one.

    What is read and not a key is raw: stratum 0. A loop is told once, as `(a, b, a)`, from its first name.
    """
    found: dict[str, int] = {}
    inputs = {
        name: tuple(dict.fromkeys(read for read in own if read in reads)) for name, own in reads.items()
    }
    waiting = {name: set(needed) for name, needed in inputs.items()}
    users: dict[str, list[str]] = {name: [] for name in reads}
    for name, needed in inputs.items():
        for read in needed:
            users[read].append(name)
    ready = [name for name, needed in waiting.items() if not needed]
    while ready:
        name = ready.pop()
        found[name] = 1 + max((found[read] for read in inputs[name]), default=0)
        for user in users[name]:
            waiting[user].discard(name)
            if not waiting[user]:
                ready.append(user)
    return found, _loops({name: inputs[name] for name in reads if name not in found})


def _loops(stuck: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """A shortest loop through each stuck fact that lies on one, each loop once."""
    loops: dict[tuple[str, ...], None] = {}
    for name in sorted(stuck):
        path = _way_back(name, stuck)
        if path:
            first = path.index(min(path))
            turned = (*path[first:], *path[:first])
            loops[(*turned, turned[0])] = None
    return tuple(loops)


def _way_back(start: str, stuck: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The shortest path from a fact to itself, without the last step; empty when there is none."""
    paths: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for path in paths:
        for read in stuck[path[-1]]:
            if read == start:
                return path
            if read in stuck and read not in seen:
                seen.add(read)
                paths.append((*path, read))
    return ()


def stratum_of(reads: Iterable[str], found: Mapping[str, int]) -> int:
    """The stratum of a rule: one above the highest fact it looks at; facts that are not derived are at 0."""
    return 1 + max((found.get(read, 0) for read in reads), default=0)
