"""What a notebook shows of results: pages as HTML, every text of a client escaped, nothing loaded."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

import tactician
from tactician.facts.repository import facts_folder

TAGS = {
    *("div", "h2", "h3", "h4", "p", "b", "pre", "code"),
    *("ul", "li", "table", "thead", "tbody", "tr", "th", "td"),
}
HOSTILE = "<script>alert(1)</script> & co"


class Elements(HTMLParser):
    """The elements of a piece of HTML, and whether each that was opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One of each kind of result, for a client with a hostile name."""
    text = (facts_folder() / "solsikken_bakery.yaml").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("notebook") / "client.yaml"
    path.write_text(text.replace("client: Solsikken Bakery", f"client: '{HOSTILE}'"), encoding="utf-8")
    advice = tactician.plan(path, engine="direct")
    return {
        "plan": advice,
        "consultation": tactician.consult(path, engine="direct"),
        "explanation": tactician.explain(advice)[0],
        "whatif": tactician.whatif(path, ["business.monthly_budget=500"]),
        "change": tactician.change(advice, advice.tactics[3].id),
    }


@pytest.mark.parametrize("kind", ["plan", "consultation", "explanation", "whatif", "change"])
def test_results_show_themselves(kind: str, shown: dict[str, Any]) -> None:
    found = Elements()
    html = shown[kind]._repr_html_()
    found.feed(html)
    found.close()
    assert found.open == []
    assert html.startswith('<div class="tactician">')
    assert found.names <= TAGS
    assert found.attributes <= {"class", "style"}
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in html


def test_the_words_are_those_of_the_terminal(shown: dict[str, Any]) -> None:
    html = shown["plan"]._repr_html_()
    for entry in shown["plan"].tactics[:3]:
        assert entry.record.name in html.replace("&#x27;", "'").replace("&amp;", "&")
