"""Sentences for what speaks for and against a record, in the words of its rules and of the owner's answers."""

from __future__ import annotations

from tactician.advice.advise import Advice
from tactician.advice.arguments import Argument, arguments
from tactician.advice.ranking import Ranked
from tactician.inference.consultation import Witness
from tactician.presentation.words import known_facts, listed, sentence


def for_words(advice: Advice, entry: Ranked, most: int) -> tuple[str, ...]:
    """The strongest arguments for a record."""
    return _words(advice, arguments(entry, advice.consultation.rulebase, True, most))


def against_words(advice: Advice, entry: Ranked, most: int) -> tuple[str, ...]:
    """The strongest arguments against a record."""
    return _words(advice, arguments(entry, advice.consultation.rulebase, False, most))


def ruled_out_words(advice: Advice, entry: Ranked) -> str:
    """Why a record is out, from the first rule that blocks it."""
    blocking = entry.blocks[0]
    rule = advice.consultation.rulebase.rule[blocking.rule]
    segment = advice.consultation.client.segment_index(blocking.segment)
    facts = _facts(advice, blocking.witnesses, segment)
    return f"{entry.record.name}. {facts} {sentence(rule.because)}".replace("  ", " ")


def _words(advice: Advice, found: tuple[Argument, ...]) -> tuple[str, ...]:
    return tuple(_argument(advice, argument) for argument in found)


def _argument(advice: Advice, argument: Argument) -> str:
    client = advice.consultation.client
    piece = argument.pieces[0]
    facts = _facts(advice, piece.witnesses, client.segment_index(piece.segment))
    everywhere = len(argument.segments) == len(client.segments)
    where = "" if everywhere else f"For {listed(argument.segments)}: "
    return f"{where}{facts} {sentence(argument.rule.because)}".strip()


def _facts(advice: Advice, witnesses: tuple[Witness, ...], segment: int) -> str:
    client = advice.consultation.client
    return known_facts(witnesses, advice.consultation.rulebase.specs, client, client.segments[segment])
