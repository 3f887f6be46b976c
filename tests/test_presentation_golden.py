"""Whole pages, as they were last looked at by a person.

After a change that is meant: `UPDATE_GOLDEN=1 python -m pytest tests/test_presentation_golden.py`, then read the
difference before committing it.
"""

import os
from pathlib import Path

import pytest

from tactician import library
from tactician.facts.repository import facts_folder
from tactician.presentation import markdown_page, terminal_page
from tactician.presentation.plan_page import plan_page

GOLDEN = Path(__file__).parent / "golden"
COMMANDS = (("tactician plan FILE --top 25", "all tactics"),)
CLIENTS = ("solsikken_bakery", "pop_up_florist", "printer_maker")


@pytest.mark.parametrize("client", CLIENTS)
def test_pages_are_as_they_were(client):
    advice = library.plan(facts_folder() / f"{client}.yaml", engine="direct")
    pages = {
        "txt": terminal_page.render(plan_page(advice, commands=COMMANDS)),
        "md": markdown_page.render(plan_page(advice, commands=COMMANDS)),
    }
    for suffix, text in pages.items():
        path = GOLDEN / f"{client}.{suffix}"
        if os.environ.get("UPDATE_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_client():
    assert {path.stem for path in GOLDEN.iterdir()} == set(CLIENTS)
