"""The page of a trace, driven in a real browser: without network, by keyboard, and without its script."""

from dataclasses import replace

import pytest

from tactician import library
from tactician.facts.repository import facts_folder
from tactician.presentation.tracing.trace_html import page as trace_html

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def teaching():
    return library.trace(library.teaching_client(), library.open_teaching())


@pytest.fixture
def opened(browser, tmp_path, teaching):
    """Opens a trace from a file; gives the page, and what it complained of and asked for, to look at afterwards."""
    contexts = []

    def call(trace=teaching, **options):
        file = tmp_path / "trace.html"
        file.write_text(trace_html(trace), encoding="utf-8")
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        heard = []
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda request: heard.append(request.url))
        page.goto(file.as_uri())
        assert heard.pop(0) == file.as_uri()
        return page, heard

    yield call
    for context in contexts:
        context.close()


def visible(page, selector):
    return page.eval_on_selector_all(
        selector, "nodes => nodes.filter(n => n.offsetParent).map(n => n.textContent.trim())"
    )


def check(page, cycle, segment):
    """The page shows what the engine did in a cycle."""
    agenda = [line.split(" (")[0] for line in visible(page, ".agenda li")]
    assert len(agenda) == len(cycle.agenda)
    assert agenda == [("not " if a.role == "refutation" else "") + a.rule for a in cycle.agenda]
    memory = [line.split(" ")[0] for line in visible(page, ".memory li")]
    assert memory == [f"f-{element.number}" for element in segment.memory(cycle.number)]
    assert page.text_content(".now").startswith(
        f"Cycle {cycle.number}: {cycle.fires.rule} fires first because "
    )


def test_the_slider_shows_every_cycle_as_it_was(opened, teaching):
    page, heard = opened()
    (segment,) = teaching.segments
    slider = page.locator("input[type=range]")
    for place, cycle in enumerate(segment.cycles):
        slider.fill(str(place))
        check(page, cycle, segment)
    slider.fill(str(len(segment.cycles)))
    assert visible(page, ".agenda li") == []
    assert len(visible(page, ".memory li")) == len(segment.elements)
    assert page.text_content(".now") == "The agenda is empty: the run has ended."
    assert heard == []


def test_dragging_the_slider_moves_through_the_run(opened):
    page, heard = opened()
    box = page.locator("input[type=range]").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    assert page.text_content(".now") == "The agenda is empty: the run has ended."
    assert heard == []


def test_the_keyboard_alone_reaches_and_moves_everything(opened, teaching):
    page, heard = opened()
    (segment,) = teaching.segments
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"
    page.keyboard.press("ArrowRight")
    check(page, segment.cycles[1], segment)
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    check(page, segment.cycles[-1], segment)
    page.keyboard.press("Home")
    check(page, segment.cycles[0], segment)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    check(page, segment.cycles[1], segment)
    assert heard == []


def test_a_row_of_the_table_leads_to_its_cycle(opened, teaching):
    page, heard = opened()
    (segment,) = teaching.segments
    page.click("tbody tr[data-cycle='9'] th")
    check(page, segment.cycles[8], segment)
    assert page.get_attribute("tbody tr[data-cycle='9']", "aria-current") == "step"
    assert heard == []


def test_without_script_everything_can_be_read(opened, teaching):
    page, heard = opened(java_script_enabled=False)
    (segment,) = teaching.segments
    assert not page.is_visible(".controls")
    assert page.locator("tbody tr").count() == len(segment.cycles)
    lines = page.locator(".agenda li").all_text_contents()
    assert len(lines) == len({a.key for cycle in segment.cycles for a in cycle.agenda})
    assert any("SHADE-F1" in line and "cycle 2, then fires" in line for line in lines)
    assert all(page.locator(".memory li").nth(at).is_visible() for at in range(len(segment.elements)))
    assert heard == []


def test_it_prints_the_whole_trace(opened, teaching):
    page, _ = opened()
    (segment,) = teaching.segments
    page.emulate_media(media="print")
    assert len(visible(page, ".memory li")) == len(segment.elements)
    assert not page.is_visible(".controls")
    assert len(page.pdf(format="A4")) > 10_000


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_any_screen(opened, width, scheme):
    page, heard = opened(viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert heard == []


def test_a_large_trace_and_names_that_are_markup(opened):
    rulebase = library.open_rulebase()
    client = library.read_client(facts_folder() / "cafe.yaml", rulebase)
    first, *rest = client.segments
    hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    renamed = replace(client, id=hostile, segments=(replace(first, name=hostile), *rest))
    trace = library.trace(renamed, rulebase, target="freemium")
    page, heard = opened(trace)
    assert page.text_content("h1 bdi") == hostile
    assert page.locator("img").count() == 0
    for place, segment in enumerate(trace.segments):
        shown = trace.shown(segment)
        section = page.locator("section.segment").nth(place)
        section.locator("input[type=range]").fill(str(len(shown) - 1))
        assert section.locator(".now").text_content().startswith(f"Cycle {shown[-1].number}: ")
    assert heard == []
