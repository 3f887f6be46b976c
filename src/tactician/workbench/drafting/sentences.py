"""Names drafted cases: a sentence about what follows, and from which facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tactician.facts.client import Item
from tactician.facts.vocabulary import ITEM_KINDS, FactSpec, Value
from tactician.knowledge.rules import Block, Conclude, Evidence, Prepare, Rule, Rulebase, Warn
from tactician.presentation.words import FAMILY_AIM, label, listed, number
from tactician.workbench.drafting.situations import Situation

CLAUSES = 3
"""So many facts a name tells at most, unless that leaves two names alike."""
LONGEST_QUESTION = 130
NOT_PLURAL = ("ss", "us", "is", "differs")
"""Endings in s of words that are no plurals."""


def effects(subject: str, fired: Iterable[Rule]) -> str:
    """What fired rules do to their subject, as a clause: `“Freemium” is weighed up`."""
    kinds = {_effect(rule) for rule in fired}
    if not kinds:
        return f"Nothing moves {subject}"
    if "blocked" in kinds:
        return f"{subject} is ruled out"
    weighed = [side for side in ("up", "down") if side in kinds]
    said = [f"is weighed {listed(weighed)}"] if weighed else []
    said += ["needs preparation"] if "prepared" in kinds else []
    said += ["is warned of"] if "warned" in kinds else []
    return f"{subject} {listed(said)}"


def raised(fired: Sequence[Rule]) -> str:
    """What fired rules of the process raise, as a clause."""
    warned = [rule.id for rule in fired if isinstance(rule.then, Warn)]
    prepared = [rule.id for rule in fired if isinstance(rule.then, Prepare)]
    said = [f"{listed(warned)} {_verb('warn', warned)}"] if warned else []
    said += [f"{listed(prepared)} {_verb('ask', prepared)} for preparation"] if prepared else []
    return listed(said) or "Nothing is raised"


def family_aim(family: str) -> str:
    """What rules for a whole family speak of."""
    return f"the aim to {FAMILY_AIM.get(family, family)}"


def record_name(name: str) -> str:
    """The name of a record inside a sentence."""
    return f"“{name}”"


def concluded(spec: FactSpec, value: Value | None) -> str:
    """The value of a concluded fact as a clause."""
    if value is None:
        return f"{label(spec)} stays unknown"
    if isinstance(value, bool):
        return f"{_is(spec)} {'found' if value else 'not found'}"
    return f"{_is(spec)} {_amount(spec, value) if isinstance(value, float) else _words(value)}"


def facts_told(situation: Situation, first: str, rulebase: Rulebase, most: int = CLAUSES) -> str:
    """The facts of a situation as clauses, the one that makes the difference first."""
    parts = sorted(situation.parts, key=lambda part: part != first)
    told = [clause for part in parts for clause in _clauses(part, situation, rulebase)]
    if len(told) > most:
        rest = len(told) - most
        told = [*told[:most], f"{rest} more {'fact is' if rest == 1 else 'facts are'} given"]
    return listed(told)


def unsaid(part: str, rulebase: Rulebase) -> str:
    """That something is not known, as a clause."""
    if part in ITEM_KINDS:
        return f"the {part}s are unknown"
    return f"{_is(rulebase.specs[part])} unknown"


def _effect(rule: Rule) -> str:
    match rule.then:
        case Evidence(cf=cf):
            return "up" if cf > 0 else "down"
        case Block():
            return "blocked"
        case Prepare():
            return "prepared"
        case Conclude():
            return "concluded"
    return "warned"


def _verb(verb: str, subjects: Sequence[str]) -> str:
    return f"{verb}s" if len(subjects) == 1 else verb


def _clauses(part: str, situation: Situation, rulebase: Rulebase) -> list[str]:
    if part not in situation.items:
        return [_fact_clause(rulebase.specs[part], situation.facts[part])]
    items = situation.items[part]
    return [_item_clause(item, rulebase) for item in items] or [f"there are no {part}s"]


def _fact_clause(spec: FactSpec, value: Value) -> str:
    if isinstance(value, bool):
        answer = "yes" if value else "no"
        if 0 < len(spec.question) <= LONGEST_QUESTION:
            return f"“{spec.question}” is answered {answer}"
        return f"{_is(spec)} {'true' if value else 'false'}"
    if isinstance(value, float):
        return f"{_is(spec)} {_amount(spec, value)}"
    meaning = spec.meanings.get(value, "").replace(" (", ", ").replace(")", "")
    return f"{_is(spec)} {_words(value)}" + (f" ({meaning})" if meaning else "")


def _is(spec: FactSpec) -> str:
    """The name of a fact with its verb: `network effects are`."""
    name = label(spec)
    return f"{name} {'are' if name.endswith('s') and not name.endswith(NOT_PLURAL) else 'is'}"


def _item_clause(item: Item, rulebase: Rulebase) -> str:
    told = [
        f"{name.replace('_', ' ')} {_words(level)}"
        for name, level in item.attributes.items()
        if f"{item.kind}.{name}" in rulebase.specs
    ]
    links = [f"answers {link.item} ({_words(link.relevance or 'somehow')}, {_words(link.proof or 'unproven')})"
             for link in item.addresses]  # fmt: skip
    clause = f"there is a {item.kind}" + (
        f" of {listed(told)}" if told else " nobody described" if not links else ""
    )
    return f"{clause} that {listed(links)}" if links else clause


def _amount(spec: FactSpec, value: float) -> str:
    """A number with its unit, which does not repeat a word of the name: `contacts are 40 a week`."""
    unit = spec.unit.replace("/", " a ").split()
    said = unit[:1] and unit[0] in label(spec).split()
    return f"{number(value, 4)} {' '.join(unit[1:] if said else unit)}".rstrip()


def _words(level: str) -> str:
    return level.replace("_", " ")
