"""Replays an explanation from the rules and the client's facts alone, and says every step that is wrong.

It knows facts/ and knowledge/ and no engine: conditions, witnesses, derived facts, weights, priors, totals, ranks
and what is not met are worked out here once more, plainly, and compared with the certificate word for word.
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal

from tactician.facts.client import Client, Item, Segment
from tactician.facts.item_weights import item_weight
from tactician.facts.measures import measure
from tactician.facts.vocabulary import Value
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.knowledge.expressions import Expression, Fact, Number, Operation, show
from tactician.knowledge.rules import Block, DerivedFact, Evidence, Record, Rule, Rulebase
from tactician.knowledge.weights import weight_of

Data = dict[str, object]
Truth = bool | None  # None: unknown
Seen = tuple[str, Value | None]
"""A fact with its value, an item with its id, or a list (value None)."""
OPERATIONS: dict[str, Callable[..., float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "min": min, "max": max,
}  # fmt: skip


def check(certificate: object, client: Client, rulebase: Rulebase) -> list[str]:
    """What is wrong with a certificate of a client, each with its place in it; nothing when all of it holds."""
    if not isinstance(certificate, dict) or not isinstance(certificate.get("records"), list):
        return ["this is not an explanation: it has no records"]
    ids = [str(record.get("id") if isinstance(record, dict) else record) for record in certificate["records"]]
    if not ids or any(name not in rulebase.records for name in ids):
        return ["records: not all of them are records of these rules" if ids else "records: there are none"]
    expected = json.dumps(_certificate(client, rulebase, [rulebase.records[name] for name in ids]))
    return list(_differences("", certificate, json.loads(expected)))[:20]


def _differences(place: str, found: object, expected: object) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in dict.fromkeys((*expected, *found)):
            at = f"{place}.{key}" if place else str(key)
            if key not in found or key not in expected:
                yield f"{at}: {'is missing' if key not in found else 'does not belong here'}"
            else:
                yield from _differences(at, found[key], expected[key])
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for number, (one, other) in enumerate(zip(found, expected, strict=True)):
            yield from _differences(f"{place}[{number}]", one, other)
    elif type(found) is not type(expected) or found != expected:
        yield f"{place}: says {repr(found)[:60]}, and should say {repr(expected)[:60]}"


def _certificate(client: Client, base: Rulebase, records: Sequence[Record]) -> Data:
    views = [_View(client, segment, base) for segment in client.segments]
    groups = dict.fromkeys(record.group for record in records)
    rankings = {group: _ranking(base.group(group), views) for group in groups}
    return {
        "format": 1,
        "client": {"id": client.id, "currency": client.currency, "rate_per_euro": str(client.rate)},
        "rulebase": {"version": base.version, "hash": base.digest},
        "business": dict(client.facts),
        "segments": [asdict(view.segment) | {"derived": view.derived} for view in views],
        "rankings": rankings,
        "records": [_record(record, rankings[record.group], views) for record in records],
    }


def _ranking(group: Sequence[Record], views: Sequence[_View]) -> list[Data]:
    """Blocked everywhere last; then by total; ties by the cost of the first year, weeks to effect and id."""
    blocked = {record.id: all(view.sums(record)["blocked"] for view in views) for record in group}
    totals = {record.id: sum(view.sums(record)["adds"] for view in views) for record in group}
    order = sorted(group, key=lambda record: (blocked[record.id], -totals[record.id], record.tie_order))
    return [
        {"id": each.id, "rank": rank, "total": totals[each.id], "blocked": blocked[each.id]}
        for rank, each in enumerate(order, start=1)
    ]


def _record(record: Record, ranking: Sequence[Data], views: Sequence[_View]) -> Data:
    total = sum(view.sums(record)["adds"] for view in views)
    return next(each for each in ranking if each["id"] == record.id) | {
        "name": record.name, "group": record.group, "points": _decimal(total, 12),
        "certainty": round(math.tanh(total / 10**12 * math.log(10) / 20), 6),
        "segments": [view.told(record) for view in views],
    }  # fmt: skip


class _View:
    """One segment: everything that is true in it."""

    def __init__(self, client: Client, segment: Segment, base: Rulebase) -> None:
        self.segment = segment
        self.base = base
        self.values: dict[str, Value] = {**client.facts, **segment.facts}
        self.derived = [told for fact in base.derived if (told := self.conclude(fact))]
        self.truths = {rule.id: self.truth(rule.when) for rule in base.rules if rule.targets}
        self.weights = {rule.id: self.weight(rule) for rule in base.rules if rule.targets}

    def conclude(self, fact: DerivedFact) -> Data | None:
        """The value of a derived fact, entered among the others, with what gave it; None while it is unknown."""
        name, rule, seen, base = fact.spec.id, fact.spec.id, set[Seen](), self.base
        value: Value | None = None
        steps = None
        if fact.measure:
            measured = measure(fact.measure, self.values, self.segment, base.vocabulary, base.parameters)
            if measured is not None:
                value, steps = measured.value, asdict(measured)
        elif fact.expression is not None:
            value, seen = self.compute(fact.expression)
        else:
            for entry in fact.entries:
                decided = True if entry.when is None else self.truth(entry.when)
                if decided:
                    value, rule, seen = entry.value, entry.rule, self.seen(base.rule[entry.rule].when)
                if decided is not False:
                    break
        if value is None:
            return None
        self.values[name] = value
        return {
            "fact": name, "value": value, "rule": rule, "because": fact.because, "grade": fact.grade,
            "sources": fact.sources, "expression": show(fact.expression) if fact.expression else None,
            "steps": steps, "facts": _facts(seen),
        }  # fmt: skip

    def compute(self, expression: Expression) -> tuple[Value | None, set[Seen]]:
        """The value of an expression, and the facts it was computed from."""
        match expression:
            case Number(value):
                return value, set()
            case Fact(name):
                known = self.values.get(name)
                return known, set() if known is None else {(name, known)}
            case Operation("coalesce", (first, second)):
                found = self.compute(first)
                return self.compute(second) if found[0] is None else found
            case Operation(op, parts):
                computed = [self.compute(part) for part in parts]
                numbers = [float(value) for value, _ in computed if value is not None]
                if len(numbers) == len(parts):
                    return OPERATIONS[op](*numbers), set[Seen]().union(*(seen for _, seen in computed))
        return None, set()

    def truth(self, element: Element) -> Truth:
        match element:
            case Test(fact):
                return _passes(element, self.values.get(fact))
            case Known(fact):
                return fact in self.values
            case Some(kind, where):
                items = self.segment.items.get(kind)
                return None if items is None else _any(_item_passes(item, where) for item in items)
            case No(kind, where):
                return _not(self.truth(Some(kind, where)))
            case All(parts):
                return _not(_any(_not(self.truth(part)) for part in parts))
            case Any(parts):
                return _any(self.truth(part) for part in parts)

    def seen(self, element: Element) -> set[Seen]:
        """What makes a true condition true."""
        match element:
            case Test(fact) | Known(fact):
                return {(fact, self.values[fact])}
            case Some(kind, where):
                return {(kind, item.id) for item in self.segment.items[kind] if _item_passes(item, where)}
            case No(kind):
                return {(kind, None)}
            case All(parts) | Any(parts):
                return set[Seen]().union(*(self.seen(part) for part in parts if self.truth(part)))

    def item_weight(self, element: Element) -> int:
        """Of a true condition: its strongest item; of `all` the smallest part, of `any` the largest true one."""
        match element:
            case Some(kind, where):
                passing = [item for item in self.segment.items[kind] if _item_passes(item, where)]
                return max(item_weight(item, self.base.vocabulary, self.base.parameters) for item in passing)
            case All(parts):
                return min((self.item_weight(part) for part in parts), default=1_000)
            case Any(parts):
                return max(self.item_weight(part) for part in parts if self.truth(part))
        return 1_000  # thousandths

    def weight(self, rule: Rule) -> int:
        """The evidence of a rule, in 10⁻⁶ point; 0 unless it fires."""
        if not isinstance(rule.then, Evidence) or not self.truths[rule.id]:
            return 0
        return weight_of(rule.then.cf) * self.item_weight(rule.when)

    def sums(self, record: Record) -> dict[str, int]:
        """Total, prior and block of a record, in 10⁻⁶ point, and what it adds to the whole, in 10⁻¹²."""
        rules = self.base.by_target[record.id]
        prior = -sum(rule.expected for rule in rules if self.truths[rule.id] is not None)
        total = prior + sum(self.weights[rule.id] for rule in rules)
        blocked = any(isinstance(rule.then, Block) and self.truths[rule.id] for rule in rules)
        counts = min(0, total) if blocked else total
        return {"total": total, "prior": prior, "blocked": blocked, "adds": self.segment.ppm * counts}

    def told(self, record: Record) -> Data:
        rules, truths = self.base.by_target[record.id], self.truths
        fired = [rule for rule in rules if truths[rule.id]]
        pieces = [rule for rule in fired if isinstance(rule.then, Evidence)]
        return {
            "name": self.segment.name, "ppm": self.segment.ppm, **self.sums(record),
            "evidence": [self.piece(r) for r in sorted(pieces, key=lambda r: (-abs(self.weights[r.id]), r.id))],
            "blocks": [_rule(r) | {"facts": _facts(self.seen(r.when))} for r in fired if isinstance(r.then, Block)],
            "silent": [
                _rule(rule) | {"truth": truths[rule.id], "unmet": self.unmet(rule.when)}
                for rule in rules if not truths[rule.id]
            ],
            "decided": [
                {"rule": rule.id, "expected": rule.expected}
                for rule in rules if rule.expected and truths[rule.id] is not None
            ],
        }  # fmt: skip

    def piece(self, rule: Rule) -> Data:
        assert isinstance(rule.then, Evidence)
        weight = self.weights[rule.id]
        return _rule(rule) | {
            "cf": rule.then.cf, "rule_weight": weight_of(rule.then.cf), "item_weight": self.item_weight(rule.when),
            "weight": weight, "points": _decimal(weight, 6), "facts": _facts(self.seen(rule.when)),
        }  # fmt: skip

    def unmet(self, element: Element) -> Data:
        """A condition that is not true, with what is found in its place."""
        told: Data = {"truth": self.truth(element)}
        match element:
            case Test(fact):
                return told | _test(element) | {"value": self.values.get(fact)}
            case Known(fact):
                return told | {"known": fact}
            case Some(kind, where) | No(kind, where):
                word, wanted = ("some", (False, None)) if isinstance(element, Some) else ("no", (None,))
                given = self.segment.items.get(kind, ())
                near = [item for item in given if word == "some" or _item_passes(item, where) is not False]
                items = [_missed(item, where, wanted) for item in near]
                told |= {word: kind, "where": [_test(test) for test in where]}
                return told | {"items": items if kind in self.segment.items else None}
            case All(parts) | Any(parts):
                word = "all" if isinstance(element, All) else "any"
                return told | {word: [self.unmet(part) for part in parts if not self.truth(part)]}


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _any(truths: Iterator[Truth]) -> Truth:
    found = list(truths)
    return True if True in found else None if None in found else False


def _attribute(item: Item, test: Test) -> Truth:
    return _passes(test, item.attributes.get(test.fact.partition(".")[2]))


def _item_passes(item: Item, where: Sequence[Test]) -> Truth:
    return _not(_any(_not(_attribute(item, test)) for test in where))


def _passes(test: Test, value: Value | None) -> Truth:
    if value is None or test.allowed is not None:
        return None if value is None or test.allowed is None else value in test.allowed
    number, (first, *_), last = float(value), [float(each) for each in test.values], float(test.values[-1])
    return {
        "==": number == first, "!=": number != first, ">=": number >= first, "<=": number <= first,
        ">": number > first, "<": number < first, "between": first <= number <= last,
        "outside": not first <= number <= last,
    }[test.op]  # fmt: skip


def _rule(rule: Rule) -> Data:
    return {"rule": rule.id, "because": rule.because, "grade": rule.grade, "sources": rule.sources}


def _test(test: Test) -> Data:
    return {"fact": test.fact, "op": test.op, "values": test.values}


def _missed(item: Item, where: Sequence[Test], wanted: tuple[Truth, ...]) -> Data:
    tested = [(test, _attribute(item, test)) for test in where]
    return {"id": item.id, "tests": [_test(test) | {"truth": t} for test, t in tested if t in wanted]}


def _facts(seen: set[Seen]) -> list[object]:
    return [{"fact": f, "value": v} for f, v in sorted(seen, key=lambda each: (each[0], str(each[1])))]


def _decimal(units: int, places: int) -> str:
    """Units of 10⁻ᵖ point as points, exactly, without trailing zeros."""
    text = f"{Decimal(units).scaleb(-places):f}" if units else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text
