"""A client file to fill in: every question as a comment, every fact unknown."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator

from tactician.facts.parameters import Parameters
from tactician.facts.shape import UNKNOWN
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF, FactSpec, Vocabulary

WIDTH = 100
HEADINGS = {
    "business": "The business as a whole.",
    "offering": "The main thing you sell.",
    "pain": "Pains: what troubles them before, while and after they get something done.",
    "gain": "Gains: what they need, expect, wish for or would be surprised by.",
    "job": "Jobs: what they want to get done, be seen as, or feel.",
    "product": "Products: what you offer them, and which pains, gains and jobs each thing answers.",
}
LISTS = "[] says there are none, unknown that nobody knows; a list that is written down is complete."


def client_template(
    vocabulary: Vocabulary,
    parameters: Parameters,
    known_tactics: Collection[str] = (),
    schema: str = "",
) -> str:
    """The text of a client file in which everything is unknown; `schema` is named for editors when given."""
    lines = [f"# yaml-language-server: $schema={schema}"] if schema else []
    lines += _comment("Replace unknown by what you know, and leave the rest: unknown is a good answer.", "")
    lines += ["", "client: My business  # its name, 1 to 64 characters"]
    lines += [f"currency: EUR  # of all amounts in this file; one of {', '.join(sorted(parameters.rates))}"]
    lines += [
        "",
        *_comment("What you already do, by the ids of the tactics: [loyalty_programme, referrals].", ""),
    ]
    if known_tactics:
        lines += _comment(f"Known are {', '.join(sorted(known_tactics))}.", "")
    lines += ["running: []"]
    for scope in ("business", "offering"):
        lines += ["", *_comment(HEADINGS[scope], ""), f"{scope}:", *_facts(vocabulary, scope, "  ")]
    lines += ["", *_comment("Groups of customers who want different things; copy the block for each.", "")]
    lines += ["segments:", "  - name: everyone  # what you call this group"]
    lines += [*_comment("Its part of revenue, as a part of 1; all unknown means equal parts.", "    ")]
    lines += ["    share: unknown", *_facts(vocabulary, "segment", "    ")]
    for kind in ITEM_KINDS:
        lines += ["", *_items(vocabulary, kind)]
    return "\n".join(lines) + "\n"


def _facts(vocabulary: Vocabulary, scope: str, indent: str) -> Iterator[str]:
    """The plain questions first, then those for the value worksheet only."""
    specs = vocabulary.of_scope(scope)
    for spec in specs:
        if not spec.detail:
            yield from ("", *_question(spec, indent), f"{indent}{spec.name}: {UNKNOWN}")
    details = [spec for spec in specs if spec.detail]
    if details:
        yield from ("", *_comment("For the value worksheet only; all of them or none.", indent))
    for spec in details:
        yield from ("", *_question(spec, indent), f"{indent}{spec.name}: {UNKNOWN}")


def _items(vocabulary: Vocabulary, kind: str) -> Iterator[str]:
    yield from _comment(f"{HEADINGS[kind]} {LISTS}", "    ")
    yield f"    {LIST_OF[kind]}: {UNKNOWN}  # or instead:"
    yield f"    # {LIST_OF[kind]}:"
    yield "    #   - id: a_short_name"
    yield "    #     text: in your own words"
    for spec in vocabulary.of_scope(kind):
        yield from _attribute(spec, "    #     ")
    if kind == "product":
        yield "    #     addresses:"
        yield "    #       - item: the id of a pain, gain or job above"
        for spec in vocabulary.of_scope("link"):
            yield from _attribute(spec, "    #         ")


def _attribute(spec: FactSpec, indent: str) -> Iterator[str]:
    yield f"{indent}{spec.name}: {UNKNOWN}"
    for line in _question(spec, "    "):
        yield f"{indent}  {line.strip()}"


def _question(spec: FactSpec, indent: str) -> Iterator[str]:
    yield from _comment(spec.question, indent)
    for level in spec.levels:
        yield from _comment(f"{level}: {spec.meanings.get(level, '')}".rstrip(": "), indent, "  ")
    if spec.type == "bool":
        yield from _comment("true or false", indent, "  ")
    if spec.is_number:
        money = ", in your currency" if spec.is_money else ""
        low, high = (f"{bound:,.15g}" for bound in (spec.minimum or 0, spec.maximum or 0))
        yield from _comment(
            f"{spec.unit}{money}; from {low} to {high}{' EUR' if money else ''}", indent, "  "
        )
    for band in spec.bands:
        yield from _comment(f"{band.value:.15g}: {band.meaning}", indent, "  ")


def _comment(text: str, indent: str, inner: str = "") -> list[str]:
    start = f"{indent}# {inner}"
    return textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=f"{start}  " if inner else start
    )
