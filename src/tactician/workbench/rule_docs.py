"""The generated pages: one for each record, one for the vocabulary, one for derived facts, and an index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tactician.errors import CannotWrite
from tactician.facts.storage import told_as_unwritable
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS
from tactician.knowledge.rules import FAMILIES, Rulebase
from tactician.presentation import markdown_page
from tactician.presentation.page import Block, Bullets, Heading, Link, Parts, Table, Text
from tactician.presentation.whole_files import write_whole
from tactician.presentation.words import FAMILY_AIM
from tactician.workbench.reference_pages import checks_table, fact_blocks
from tactician.workbench.rule_pages import derived_page, record_page

SCOPES = (*FACT_SCOPES, *ITEM_KINDS, "link")
MADE = "<!-- Made by `tactician rules docs`; change the rules, not this page. -->\n\n"


def pages(rulebase: Rulebase) -> Iterator[tuple[str, str]]:
    """Every generated page: its file name and its Markdown."""
    yield "README.md", _written(_index(rulebase))
    yield "vocabulary.md", _written(_vocabulary(rulebase))
    yield "derived.md", _written(_derived(rulebase))
    yield "lint.md", _written(_lint())
    for record in rulebase.records.values():
        yield f"{record.id}.md", _written(record_page(record, rulebase, {}))


def write_pages(rulebase: Rulebase, folder: Path) -> tuple[str, ...]:
    """Write every page that is missing or stale, drop those of records that are gone; returns their names.

    Files that were not made here stay as they are; raises CannotWrite when one has the name of a page.
    """
    changed = stale(rulebase, folder)
    made: Mapping[str, str] = dict(pages(rulebase))
    with told_as_unwritable(folder):
        folder.mkdir(parents=True, exist_ok=True)
        foreign = [name for name in made if (folder / name).exists() and not _is_ours(folder / name)]
        if foreign:
            what = f"{folder / foreign[0]} was not made by tactician rules docs."
            raise CannotWrite(what, "Choose another folder; it would be replaced.")
        for name in changed:
            if name in made:
                write_whole(folder / name, made[name])
            else:
                (folder / name).unlink()
    return changed


def stale(rulebase: Rulebase, folder: Path) -> tuple[str, ...]:
    """The names of the pages that are missing, differ from the rules, or belong to nothing any more."""
    made = dict(pages(rulebase))
    ours = [path for path in folder.glob("*.md") if _is_ours(path)]
    there = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in ours}
    differing = {name for name, text in made.items() if there.get(name) != text}
    return tuple(sorted(differing | (there.keys() - made.keys())))


def _is_ours(path: Path) -> bool:
    """Whether a file was made here, as its first line says."""
    mark = MADE.strip().encode()
    try:
        with path.open("rb") as file:
            return file.read(len(mark)) == mark
    except OSError:
        return False


def _written(blocks: Iterator[Block]) -> str:
    return MADE + markdown_page.render(blocks)


def _index(rulebase: Rulebase) -> Iterator[Block]:
    yield Heading("The knowledge base", 1)
    yield Text(
        Parts(
            f"{len(rulebase.records)} records and {len(rulebase.rules)} rules. Each record has a page; ",
            Link("the vocabulary", "vocabulary.md"),
            " has what clients are asked, ",
            Link("derived facts", "derived.md"),
            " what is concluded from that, and ",
            Link("lint", "lint.md"),
            " what is looked for in rules.",
        )
    )
    for family in FAMILIES:
        yield Heading(f"To {FAMILY_AIM[family]}")
        rows = [
            (record.id, Link(record.name, f"{record.id}.md"), record.definition)
            for record in rulebase.records.values()
            if record.family == family
        ]
        yield Table(("Id", "Name", "What it is"), tuple(rows))


def _vocabulary(rulebase: Rulebase) -> Iterator[Block]:
    yield Heading("Vocabulary", 1)
    yield Text("Every fact a client file may state, as it is asked, and what its answers mean.")
    yield Bullets(tuple(_below(scope.capitalize()) for scope in SCOPES))
    for scope in SCOPES:
        yield Heading(scope.capitalize())
        for spec in rulebase.vocabulary.of_scope(scope):
            yield Heading(spec.name, 3)
            yield from fact_blocks(spec)


def _derived(rulebase: Rulebase) -> Iterator[Block]:
    yield Heading("Derived facts", 1)
    yield Text("What is concluded from the answers, from the first step of a chain to the last.")
    yield Bullets(tuple(_below(fact.spec.id) for fact in rulebase.derived))
    for fact in rulebase.derived:
        for block in derived_page(fact, rulebase):
            if isinstance(block, Heading):
                yield Heading(fact.spec.id, 2)
            else:
                yield block


def _below(heading: str) -> Link:
    """A link to a heading of the same page, at the anchor that GitHub gives it."""
    return Link(heading, f"#{heading.lower().replace('.', '')}")


def _lint() -> Iterator[Block]:
    yield Heading("What lint looks for", 1)
    what = "Errors and warnings fail `tactician rules lint`; advice is counted, and shown with `--advice`."
    yield Text(Parts.of(what))
    yield checks_table()
