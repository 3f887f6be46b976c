"""Every report in a real browser: no error, no request, no sideways scrolling, accessible, printable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tactician import library
from tactician.facts.repository import facts_folder
from tactician.presentation.report.brand import brand
from tactician.presentation.report.many import Index
from tactician.presentation.report.rendering import report

pytestmark = pytest.mark.slow
EXAMPLES = sorted(facts_folder().glob("*.yaml"))
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
LOOKED_AT = ("printer_maker", "solsikken_bakery", "pop_up_florist")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    base = library.open_rulebase()
    made = {}
    for path in EXAMPLES:
        made[path.stem] = folder / f"{path.stem}.html"
        made[path.stem].write_text(report(library.plan(path, base, "direct")), encoding="utf-8")
    return made


def opened(browser: Any, path: Path, size: tuple[int, int], scheme: str = "light") -> tuple[Any, list[str]]:
    """The page, and everything it complained about or asked for."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, bypass_csp=False
    )
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("request", lambda request: heard.append(f"request: {request.url}"))
    page.goto(path.as_uri())
    return page, [said for said in heard if said != f"request: {path.as_uri()}"]


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_a_report_is_quiet_and_fits_every_screen(
    browser: Any, pages: dict[str, Path], artefacts: Path, name: str
) -> None:
    for size, measures in SIZES.items():
        page, heard = opened(browser, pages[name], measures)
        assert heard == []
        assert page.evaluate("document.documentElement.scrollWidth") <= measures[0]
        if name in LOOKED_AT:
            page.screenshot(path=artefacts / f"report-{name}-{size}.png", full_page=True)
            if size == "desktop":
                page.pdf(path=artefacts / f"report-{name}.pdf", prefer_css_page_size=True)
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_report_breaks_no_rule_of_wcag_aa(
    browser: Any, pages: dict[str, Path], axe: str, name: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(pages[name].as_uri())
    assert violations(page, axe) == []
    context.close()


def violations(page: Any, axe: str) -> list[str]:
    """What axe-core has against a page, with everything that can be opened open."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(axe)
    rules = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"
    found = page.evaluate(f"axe.run(document, {rules}).then(result => result.violations)")
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary']}"
        for each in found
    ]


def test_the_index_is_quiet_and_accessible(browser: Any, tmp_path: Path, axe: str, artefacts: Path) -> None:
    base = library.open_rulebase()
    index = Index(base, brand())
    for path in EXAMPLES[:6]:
        index.add(library.plan(path, base, "direct"), f"{path.stem}.html")
    (tmp_path / "index.html").write_text(index.render(["bad.yaml: the file is empty."]), encoding="utf-8")
    page, heard = opened(browser, tmp_path / "index.html", SIZES["phone"])
    assert heard == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]
    page.get_by_text("by strength", exact=True).click()
    assert page.locator(".order.n3").is_visible()
    assert not page.locator(".order.n1").is_visible()
    page.screenshot(path=artefacts / "index-phone.png", full_page=True)
    page.context.close()
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    assert violations(page, axe) == []
    context.close()
