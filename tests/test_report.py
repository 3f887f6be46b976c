"""The report: complete, self-contained, safe against hostile text, the same bytes every time."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tactician import library
from tactician.advice.advise import Advice, advise
from tactician.advice.plan import Horizon
from tactician.errors import UnreadableInput, UsageError
from tactician.facts.client import Client
from tactician.facts.repository import facts_folder
from tactician.presentation.file_names import file_name
from tactician.presentation.report.brand import READABLE, WHITE, brand, contrast
from tactician.presentation.report.many import HEAT, Index
from tactician.presentation.report.pictures import roadmap
from tactician.presentation.report.rendering import chart, report

html5lib = pytest.importorskip("html5lib", reason="html5lib parses the pages as a browser would")

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "' onmouseover='x",
    "</style><script>x</script>", "</title><h1>x", "javascript:alert(1)", "{{7*7}}", "{% raw %}", "&lt;b&gt;",
    "<!--", "-->", "]]>", "<![CDATA[x]]>", "<a href='data:text/html,x'>x</a>", "\u202eevil", "\u2066x\u2069",
    "a\u200bb", "x\x1b[31mred", "x\x07\x08", "`x`", "${x}", "<iframe src=//x>", "<math><mi//xlink:href=x>",
    "<base href=//evil>", "<meta http-equiv=refresh content=0>", "<link rel=stylesheet href=//x>", "\"", "'",
]  # fmt: skip
HOSTILE += [f"{text}{number}" for number in range(3) for text in HOSTILE[:24]][: 100 - len(HOSTILE)]
REMOTE = re.compile(
    r"""(?:src|href|url\()\s*=?\s*["'(]?(?!https?://|#|data:|[\w-]+\.html)[a-z]+:""", re.IGNORECASE
)


def advice_of(client: Client) -> Advice:
    return advise(library.consult(client, library.open_rulebase(), "direct"))


@pytest.fixture(scope="module")
def bakery() -> Client:
    return library.read_client(facts_folder() / "solsikken_bakery.yaml")


def shape(page: str) -> tuple[Counter[str], Counter[str]]:
    """How many elements and attributes of each name a page has."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    elements = [each for each in tree.iter() if isinstance(each.tag, str)]
    return Counter(each.tag for each in elements), Counter(name for each in elements for name in each.attrib)


def with_text(client: Client, text: str) -> Client:
    """The client with one text in every field that takes free text."""
    segments = tuple(
        replace(
            segment,
            name=f"{text}{place}",
            items={k: tuple(replace(i, text=text) for i in items) for k, items in segment.items.items()},
        )
        for place, segment in enumerate(client.segments)
    )
    return replace(client, id=text, segments=segments)


def test_the_roadmap_spreads_setting_up_as_the_plan_does(bakery: Client, tmp_path: Path) -> None:
    numbers = "plan: {setup_spread: {value: 8, why: Two months}}\n"
    (tmp_path / "parameters.yaml").write_text(numbers, encoding="utf-8")
    advice = advise(library.consult(bakery, library.open_rulebase([tmp_path]), "direct"))
    shown = roadmap(advice)
    row = next(row for row in shown.rows if row.horizon is Horizon.NEXT)
    assert row.setup is not None
    assert row.setup.start == row.setup.width == round(100 * 8 / shown.weeks, 2)


def test_amounts_in_another_currency_come_with_the_date_of_their_rate(bakery: Client) -> None:
    words = "Amounts in DKK are reckoned at 7.4609 to the euro, the rate of 2025-06-30."
    assert words in report(advice_of(bakery))
    cafe = library.read_client(facts_folder() / "cafe.yaml")
    assert cafe.currency == "EUR"
    assert "to the euro" not in report(advice_of(cafe))


def test_there_are_a_hundred_hostile_texts() -> None:
    assert len(HOSTILE) == 100


@pytest.fixture(scope="module")
def harmless(bakery: Client) -> tuple[Counter[str], Counter[str]]:
    return shape(report(advice_of(with_text(bakery, "harmless"))))


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_adds_no_element_and_no_attribute(
    bakery: Client, harmless: tuple[Counter[str], Counter[str]], text: str
) -> None:
    page = report(advice_of(with_text(bakery, text)))
    assert shape(page) == harmless
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", page)


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(facts_folder().glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_has_a_page_of_its_own(path: Path) -> None:
    page = report(advice_of(library.read_client(path)))
    assert len(page.encode()) < 300_000
    tags, attributes = shape(page)
    assert not {"script", "iframe", "link", "form"} & tags.keys()
    assert not [name for name in attributes if name.startswith("on")]
    assert "default-src 'none'" in page
    assert not REMOTE.search(page)
    for heading in ("What to start now", "The road ahead", "All tactics", "What we do not know"):
        assert heading in page


def test_the_same_client_gives_the_same_bytes(bakery: Client) -> None:
    assert report(advice_of(bakery)) == report(advice_of(bakery))


def test_only_web_addresses_become_links(bakery: Client) -> None:
    tree = html5lib.parse(report(advice_of(bakery)), namespaceHTMLElements=False)
    links = [each.get("href") for each in tree.iter("a")]
    assert links
    assert all(link.startswith(("https://", "http://")) for link in links)


def test_an_index_names_every_client_and_links_to_its_page(bakery: Client) -> None:
    others = [library.read_client(facts_folder() / f"{name}.yaml") for name in ("cafe", "printer_maker")]
    made = Index(library.open_rulebase(), brand(title="Advice <b>"))
    for client in (bakery, *others):
        made.add(advice_of(client), file_name(client.id, ".html"))
    index = made.render(["<i>x.yaml: it is empty"])
    assert "Advice &lt;b&gt;: 3 clients" in index
    assert "&lt;i&gt;x.yaml: it is empty" in index
    assert "could not be used" not in made.render()
    for client in (bakery, *others):
        assert f'<a href="{file_name(client.id, ".html")}"><bdi>{client.id}</bdi></a>' in index


def test_an_index_is_told_from_a_report(bakery: Client) -> None:
    advice = advice_of(bakery)
    made = Index(library.open_rulebase(), brand())
    made.add(advice, "a.html")
    assert HEAT in made.render()
    assert HEAT not in report(advice)


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/passwd", "C:\\x", "CON", "a/b", "x" * 300, "", "..", "Ærø", "ærø"]
)
def test_a_name_cannot_leave_the_folder(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,49}", file_name(name, ""))


def test_different_names_have_different_files() -> None:
    assert file_name("Ærø", "") != file_name("ærø", "") != file_name("rø", "")


@pytest.mark.parametrize("colour", ["#fff", "#ffff00", "yellow", "#1f5f5b", "#000", "Teal"])
def test_an_accent_is_made_readable(colour: str) -> None:
    digits = brand(accent=colour).accent[1:]
    shown = int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    assert contrast(shown, WHITE) >= READABLE


@pytest.mark.parametrize("colour", ["red;}", "url(x)", "#12", "expression(1)", "tael"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(UsageError, match="not a colour"):
        brand(accent=colour)


def test_a_logo_must_be_a_picture_without_scripts(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg onload='x'/>")
    with pytest.raises(UnreadableInput, match="no PNG"):
        brand(logo=str(tmp_path / "logo.svg"))
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    assert brand(logo=str(tmp_path / "logo.png")).logo.startswith("data:image/png;base64,")


def test_a_chart_is_one_picture_of_all_tactics(bakery: Client) -> None:
    advice = advice_of(with_text(bakery, "<script>x</script> & co"))
    root = ElementTree.fromstring(chart(advice))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    titles = [each.text for each in root.iter("{http://www.w3.org/2000/svg}title")]
    assert len(titles) == len(advice.tactics)
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
