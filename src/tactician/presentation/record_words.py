"""Words for what a record says about itself: cost, hours, steps, key figures and risks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tactician.advice.plan import Line
from tactician.advice.preparation import Step
from tactician.advice.serving import Served
from tactician.facts.client import Client
from tactician.knowledge.rules import Record
from tactician.presentation.words import hours, listed, money_range, number, sentence, weeks


def texts(record: Record, key: str) -> tuple[str, ...]:
    """A list of texts among the details of a record."""
    value = record.details.get(key)
    return tuple(str(text) for text in value) if isinstance(value, Sequence) else ()


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    return sentence(text.partition(". ")[0])


def first_steps(record: Record, most: int) -> tuple[str, ...]:
    """The first steps, as sentences."""
    return tuple(sentence(step) for step in texts(record, "first_steps")[:most])


def risks(record: Record, most: int) -> str:
    """The main risks, as sentences."""
    return " ".join(sentence(risk) for risk in texts(record, "risks")[:most])


def kpis(record: Record, most: int) -> str:
    """The key figures with their targets, as sentences."""
    return " ".join(
        sentence(f"{entry['name']} ({entry['formula']}); target: {entry['target']}")
        for entry in _entries(record, "kpis")[:most]
    )


def legal(record: Record) -> str:
    """What the law asks, as sentences."""
    return " ".join(sentence(str(entry["note"])) for entry in _entries(record, "legal"))


def _entries(record: Record, key: str) -> list[Mapping[str, object]]:
    value = record.details.get(key)
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, Sequence) else []


def takes_words(line: Line, client: Client) -> str:
    """Money, hours and weeks until it works."""
    cost = line.ranked.record.cost
    once = money_range(*cost.setup_eur, client)
    month = money_range(*cost.running_eur_month, client)
    money = "No money" if once == month == "nothing" else f"{once} to set up, then {month} a month"
    return f"{sentence(money)} {sentence(_time(line))} Expect an effect after {weeks(*cost.weeks_to_effect)}."


def _time(line: Line) -> str:
    cost = line.ranked.record.cost
    extra = sum(step.hours for step in line.preparation)
    setup = f"{hours(cost.hours_setup)} to set up"
    if extra:
        setup += f" and {number(extra)} to prepare"
    return f"{setup}, then {hours(cost.hours_per_week)} a week"


def preparation_words(steps: Sequence[Step]) -> str:
    """What to prepare, with the hours of each step."""
    return " ".join(f"{sentence(step.text).rstrip('.')} ({hours(step.hours)})." for step in steps)


def serves_words(serves: Sequence[Served], most: int = 4) -> str:
    """The pains, gains and jobs it answers, by the owner's own words, each once."""
    shown = list(dict.fromkeys(f"“{served.item.text}”" for served in serves))
    more = len(shown) - most
    rest = [f"{more} more"] if more > 0 else []
    return sentence(listed([*shown[:most], *rest])) if shown else ""
