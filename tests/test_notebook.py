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
        "explanations": tactician.explain(advice),
        "explanation": tactician.explain(advice)[0],
        "fact": tactician.explain_fact(advice, "price_sensitivity"),
        "comparison": tactician.compare(advice, advice.tactics[0].id, advice.tactics[1].id),
        "whatif": tactician.whatif(path, "monthly_budget=500"),
        "sweep": tactician.sweep(advice, "monthly_budget=0..500:250"),
        "stability": tactician.stability(advice),
        "change": tactician.change(advice, advice.tactics[3].id),
        "trace": tactician.trace(advice, target=advice.tactics[0].id),
    }


KINDS = (
    *("plan", "consultation", "explanations", "explanation", "fact", "comparison"),
    *("whatif", "sweep", "stability", "change", "trace"),
)


@pytest.mark.parametrize("kind", KINDS)
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


@pytest.mark.parametrize("kind", KINDS)
def test_results_say_in_one_line_what_they_are(kind: str, shown: dict[str, Any]) -> None:
    line = repr(shown[kind])
    assert HOSTILE in line
    assert len(line) < 300
    assert "\n" not in line


def test_what_results_are_made_of_is_short_as_well(shown: dict[str, Any]) -> None:
    """Nobody who looks into a result gets the whole of it, and of the rulebase, as text."""
    advice, cycle = shown["plan"], shown["trace"].segments[0].cycles[0]
    base = advice.consultation.rulebase
    parts = (
        *(base, base.vocabulary, base.parameters, advice.consultation.client, advice.consultation.segments),
        *(advice.plan, advice.tactics[0], advice.tactics[0].record, shown["explanation"].segments[0]),
        *(shown["whatif"].moves[0], shown["sweep"].stops[0], shown["stability"].standings[0], cycle),
    )
    for part in parts:
        assert len(repr(part)) < 300
        assert "\n" not in repr(part)


def test_explanations_show_every_record_on_one_page(shown: dict[str, Any]) -> None:
    explanations = shown["explanations"]
    assert len(explanations) == 3
    html = explanations._repr_html_()
    assert [each._repr_html_() for each in explanations] != [html]
    for entry in shown["plan"].tactics[:3]:
        assert f"Why {entry.record.name} ranks {entry.rank}" in html.replace("&#x27;", "'")
