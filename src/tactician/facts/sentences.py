"""Says in our own words what is wrong with the shape of a client file, and what to try."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pydantic_core import ErrorDetails

from tactician.errors import Problem, did_you_mean
from tactician.facts.building import Path, shorten
from tactician.facts.document import Document
from tactician.facts.shape import LONGEST_NAME
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, LIST_OF, FactSpec, Vocabulary

Said = tuple[str, str]
"""What is wrong, and a hint."""
KIND_OF = {LIST_OF[kind]: kind for kind in ITEM_KINDS}
HOME = {
    "client": "to the start of a line, outside of everything",
    "business": "under business",
    "offering": "under offering",
    "segment": "into a segment, an entry of segments",
    **{kind: f"into an entry of {key}" for key, kind in KIND_OF.items()},
    "link": "into an entry of addresses of a product",
}
OF_ITEMS = ("id", "text")
"""Keys of every item, which say nothing on where a stray one was meant."""
OWN_KEYS = {
    "client": ("client", "currency", "running", "business", "offering", "segments"),
    "segment": ("name", "share", *KIND_OF),
    "product": (*OF_ITEMS, "addresses"),
    **dict.fromkeys(("pain", "gain", "job"), OF_ITEMS),
    "link": ("item",),
}
NUMBER_IN_TEXT = re.compile(r"[-+]?[0-9][0-9 .,'\u00a0\u202f]*")


@dataclass(frozen=True, slots=True)
class Finding:
    """One error of pydantic's, with what the vocabulary knows about its place."""

    error: ErrorDetails
    scope: str
    """Of the mapping it stands in: `client`, `business`, `pain` …"""
    key: str
    spec: FactSpec | None
    vocabulary: Vocabulary
    currency: str

    @property
    def unit(self) -> str:
        """What a number is counted in, amounts in the currency of the file."""
        return self.spec.unit.replace("EUR", self.currency) if self.spec else ""

    @property
    def shown(self) -> str:
        """The value found, shortened."""
        return show(self.error["input"])

    def bound(self, name: str) -> str:
        """A bound that pydantic names, as a person writes it."""
        return f"{self.error['ctx'][name]:.15g}"


def show(value: object) -> str:
    """A value as it stands in the file, shortened."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    return shorten(repr(value))


def shape_problems(
    errors: Iterable[ErrorDetails], document: Document, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Each error of a shape as a problem with its place in the file."""
    currency = _currency(document.value)
    for error in errors:
        path = error["loc"]
        scope = scope_of(path)
        key = str(path[-1]) if path else ""
        spec = vocabulary.facts.get(f"{scope}.{key}")
        what, hint = _say(Finding(error, scope, key, spec, vocabulary, currency))
        missing = error["type"] == "missing"
        where = path[:-1] if missing else path
        yield document.problem(where, what, hint, key=error["type"] == "extra_forbidden")


def _currency(client: object) -> str:
    stated = client.get("currency") if isinstance(client, dict) else None
    return stated if isinstance(stated, str) else "EUR"


def scope_of(path: Path) -> str:
    """What kind of mapping the last part of a path is a key of: `segment` for `segments.0.name`."""
    scope = "client"
    for part in path[:-1]:
        if part in ("business", "offering") and scope == "client":
            scope = str(part)
        elif isinstance(part, str):
            scope = {"segments": "segment", "addresses": "link", **KIND_OF}.get(part, scope)
    return scope


def levels(spec: FactSpec) -> str:
    """The legal levels of a fact with their meanings."""
    told = (
        f"{level} ({spec.meanings[level]})" if spec.meanings.get(level) else level for level in spec.levels
    )
    return f"Choose {', '.join(told)}, or unknown."


def legal_range(spec: FactSpec) -> str:
    """The range and unit of a number."""
    low, high = (f"{bound:,.15g}" for bound in (spec.minimum or 0, spec.maximum or 0))
    whole = "whole numbers " if spec.whole else ""
    return f"Legal are {whole}from {low} to {high} {spec.unit}.".replace(" .", ".")


def belongs(key: str, scope: str, vocabulary: Vocabulary) -> str:
    """Where a key that is not allowed in one mapping belongs, as a hint; empty when nothing is like it."""
    own = [*OWN_KEYS.get(scope, ()), *(spec.name for spec in vocabulary.of_scope(scope))]
    if any(f"{home}.{key}" in vocabulary.concluded for home in FACT_SCOPES):
        return f"Leave it out: rules conclude it from other facts; see tactician rules show {key}."
    if key.isdecimal():
        return "Between { and } a comma ends a value: write a point before decimals."
    if key.startswith(f"{scope}_") and key.removeprefix(f"{scope}_") in own:
        return f"Write {key.removeprefix(f'{scope}_')}."
    homes = [home for home in (*FACT_SCOPES, *ITEM_KINDS, "link") if f"{home}.{key}" in vocabulary]
    homes += [
        home for home in OWN_KEYS if key in OWN_KEYS[home] and key not in OF_ITEMS and home not in homes
    ]
    if homes and scope not in homes:
        return f"Move it {' or '.join(HOME[home] for home in homes[:3])}."
    close = did_you_mean(key, own)
    if close:
        return close
    elsewhere = did_you_mean(
        key, (spec.name for spec in vocabulary.facts.values() if spec.scope in FACT_SCOPES)
    )
    few = f"Known here are {', '.join(own)}." if len(own) <= 12 else ""
    return elsewhere or few or "To see every fact: tactician facts template."


def _say(finding: Finding) -> Said:
    say = SENTENCES.get(finding.error["type"])
    return say(finding) if say else (f"{finding.shown} is not allowed here", "")


def _missing(finding: Finding) -> Said:
    wanted = {"client": "the name of the client", "segments": "the list of customer segments"}
    return (
        f"{finding.key} is missing",
        f"Give {wanted.get(finding.key, f'this {finding.scope} its {finding.key}')}.",
    )


def _extra(finding: Finding) -> Said:
    what = "this is not a fact" if finding.scope in FACT_SCOPES else "this is not a known key"
    return what, belongs(finding.key, finding.scope, finding.vocabulary)


def _level(finding: Finding) -> Said:
    found, spec = finding.error["input"], finding.spec
    assert spec is not None
    hint = f"{did_you_mean(_as_level(found), spec.levels)} {levels(spec)}".strip()
    return f"{finding.shown} is not one of its levels", hint


def _as_level(found: object) -> str:
    """How someone would write a level who capitalises, or leaves a blank."""
    text = str(found).lower() if isinstance(found, bool) else str(found)
    return re.sub(r"[\s-]+", "_", text.strip().lower())


def _truth(finding: Finding) -> Said:
    from tactician.facts.number_words import parse_truth  # noqa: PLC0415  many patterns, seldom needed

    stated = str(finding.error["input"]).lower()
    meant = {"on": True, "off": False}.get(stated, parse_truth(stated))
    told = "true, false or unknown" if meant is None else str(meant).lower()
    hint = f"Write {told}, without quotes."
    return f"{finding.shown} is neither true nor false", hint


def _number(finding: Finding) -> Said:
    return f"{finding.shown} is not a number", _number_hint(finding)


def _number_hint(finding: Finding) -> str:
    found = finding.error["input"]
    unit = f"The unit is {finding.unit}. " if finding.unit else ""
    if not isinstance(found, str) or not (inner := NUMBER_IN_TEXT.search(found)):
        return f"{unit}Write a number, or unknown."
    number = re.sub(r"[ '\u00a0\u202f]", "", inner[0]).rstrip(".,")
    if number.count(",") + number.count(".") > 1 or re.search(r"[.,][0-9]{3}$", number):
        return f"{unit}Write the digits without grouping, and a point before decimals."
    plain = number.replace(",", ".")
    if finding.spec is None and "%" in found:
        return f"A share is a part of 1: write {Decimal(plain) / 100}, without quotes."
    return f"{unit}Write only the number, without quotes: {plain}."


def _outside(sign: str, bound: str) -> Callable[[Finding], Said]:
    def say(finding: Finding) -> Said:
        hint = (
            legal_range(finding.spec) if finding.spec else "A share is a part of 1: for 60 percent write 0.6."
        )
        return f"{finding.shown} is {sign} {finding.bound(bound)}", hint

    return say


def _whole(finding: Finding) -> Said:
    return f"{finding.shown} is not a whole number", legal_range(finding.spec) if finding.spec else ""


def _text(finding: Finding) -> Said:
    found = finding.error["input"]
    hint = f'Put it in quotes: "{show(found)}".' if isinstance(found, bool | int | float) else "Write a text."
    return f"{finding.shown} is not a text", hint


def _name(finding: Finding) -> Said:
    found = str(finding.error["input"])
    what = "this is empty" if not found.strip() else "this has a line break or a tab in it"
    longest = finding.error.get("ctx", {}).get("max_length", LONGEST_NAME)
    if len(found) > longest:
        what = f"{finding.shown} has {len(found)} characters"
    return what, f"Write 1 to {longest} characters on one line."


def _list(finding: Finding) -> Said:
    return (
        f"{finding.shown} is not a list",
        "Write [] for none, or one entry per line that starts with a dash.",
    )


def _too_many(finding: Finding) -> Said:
    limit = "limits.segments" if finding.key == "segments" else "limits.items"
    given = len(finding.error["input"])
    raise_it = f"Keep what matters most, or raise {limit} in parameters.yaml."
    return f"there are {given} entries, and {finding.bound('max_length')} are allowed", raise_it


def _too_few(_: Finding) -> Said:
    return "there is no segment", "Describe at least one group of customers: - name: everyone."


def _mapping(finding: Finding) -> Said:
    start = "A client file starts with `client: its name`; then come" if not finding.key else "Write"
    return f"{finding.shown} stands where there should be keys and values", f"{start} lines of `key: value`."


SENTENCES: dict[str, Callable[[Finding], Said]] = {
    "missing": _missing,
    "extra_forbidden": _extra,
    "literal_error": _level,
    "bool_type": _truth,
    "float_type": _number,
    "greater_than": _outside("not above", "gt"),
    "greater_than_equal": _outside("below", "ge"),
    "less_than_equal": _outside("above", "le"),
    "whole_number": _whole,
    "string_type": _text,
    "string_pattern_mismatch": _name,
    "string_too_long": _name,
    "list_type": _list,
    "too_long": _too_many,
    "too_short": _too_few,
    "dict_type": _mapping,
}
