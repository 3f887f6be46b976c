"""Words, pages and what may reach a terminal or a Markdown file."""

import io
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from markdown_it import MarkdownIt

from hand_built import blocking, client, consultation, favour, record, rule, rulebase
from tactician import library
from tactician.advice.advise import advise
from tactician.advice.plan import Cause, Horizon, Reason
from tactician.facts.client import Client, Item, Segment
from tactician.facts.repository import facts_folder
from tactician.facts.vocabulary import FactSpec
from tactician.inference.consultation import Witness
from tactician.knowledge.rules import Conflict, Warn
from tactician.presentation import markdown_page, plan_json, terminal_page, words
from tactician.presentation.decisions import TEMPLATES, WHEN, reason_words, waiting_words
from tactician.presentation.opening import opening
from tactician.presentation.page import Bullets, Commands, Heading, Lines, Table, Text
from tactician.presentation.plan_page import plan_page
from tactician.presentation.terminal import clean, wants_colour

EURO = client()
KRONER = Client("Test", "DKK", Decimal("7.4609"), (), {}, EURO.segments)
STEERING = "\x1b[31m\x1b]8;;http://x\x07\r\b\x00\x7f\x9b\u202e\u2066\u200b\ufeff\u2028\U000e0041"
HOSTILE = f"<script>x</script> [a](javascript:b) **c** | `d` # e {STEERING} http://f.g"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (1200.0, "1,200"),
        (0.1, "0.1"),
        (2.345, "2.34"),
        (Fraction(1, 3), "0.33"),
        (1e15, "1,000,000,000,000,000"),
    ],
)
def test_numbers_have_no_needless_digits(value, shown):
    assert words.number(value) == shown


def test_money_is_shown_in_the_clients_currency_and_in_euros():
    assert words.money(Fraction(100), KRONER) == "746 DKK (100 EUR)"
    assert words.money(Fraction(100), EURO) == "100 EUR"
    assert words.money_range(0, 50, KRONER) == "up to 373 DKK (up to 50 EUR)"
    assert words.money_range(20, 50, EURO) == "20 to 50 EUR"
    assert words.money_range(50, 50, EURO) == "50 EUR"
    assert words.money_range(0, 0, KRONER) == "nothing"


def test_times_and_counts():
    assert [words.hours(value) for value in (0, 1, 2.5)] == ["0 hours", "1 hour", "2.5 hours"]
    assert [words.weeks(1, 1), words.weeks(4, 12)] == ["1 week", "4 to 12 weeks"]
    assert [words.count(1, "tactic"), words.count(3, "tactic"), words.count(12, "tactic")] == [
        "one tactic",
        "three tactics",
        "12 tactics",
    ]
    assert words.listed(["a", "b", "c"]) == "a, b and c"


def test_points_have_a_sign_and_one_decimal():
    assert [words.points(total) for total in (10**12, -(10**12) // 4, 0, 10**9)] == [
        "+1.0",
        "-0.2",
        "0.0",
        "0.0",
    ]


def test_known_facts_are_told_in_the_owners_answers():
    specs = {
        spec.id: spec
        for spec in (
            FactSpec("business", "reliability", "ordinal", ("high",), {"high": "97 in 100"}),
            FactSpec("business", "budget", "number", unit="EUR/month"),
            FactSpec("segment", "size", "number", unit="people"),
            FactSpec("offering", "limited", "bool"),
            FactSpec("segment", "room", "ordinal", ("wide",), {"wide": "much room"}, derived=True),
        )
    }
    segment = Segment("s", 1_000_000, {}, {"pain": (Item("pain", "p1", "long queues", {}),)})
    said = words.known_facts(
        [
            Witness("business.reliability", "high"),
            Witness("business.budget", 100.0),
            Witness("segment.room", "wide"),
        ],
        specs,
        KRONER,
        segment,
    )
    assert said == (
        "You said “97 in 100” (reliability) and “746 DKK (100 EUR) a month” (budget). "
        "Your answers show “much room” (room)."
    )
    items = [Witness("pain", "p1"), Witness("gain", None), Witness("offering.limited", True)]
    assert words.known_facts(items, specs, EURO, segment) == (
        "You said “long queues” (a pain), that there is no such gain and “yes” (limited)."
    )


def test_an_amount_is_rounded_in_each_currency_by_itself():
    euros = Fraction(18313, 100)
    assert words.at_most(euros, KRONER) == "1,367 DKK (184 EUR)"
    assert words.concluded(Fraction(2714175, 100), KRONER) == "202,500 DKK (27,142 EUR)"
    assert words.concluded(27141.75, EURO) == "27,142 EUR"
    assert words.number(-0.001) == "0"


def test_every_cause_and_horizon_has_words():
    assert set(TEMPLATES) == set(Cause)
    assert set(WHEN) == set(Horizon)


def test_reasons_name_what_is_needed_and_left():
    advice = advise(consultation(client(), rulebase([record("a"), record("b")]), []))
    money = Reason(Cause.TOO_MUCH_MONEY, Horizon.NOW, Fraction(30), Fraction(20))
    time = Reason(Cause.TOO_MANY_HOURS, Horizon.NOW, Fraction(5), Fraction(2))
    other = Reason(Cause.STRONG_CONFLICT, Horizon.NOW, other="b", why="They clash.")
    assert reason_words(money, advice) == "it needs 30 EUR a month, 20 EUR is then left"
    assert reason_words(time, advice) == "it needs 5 hours a week, 2 hours are then left"
    assert reason_words(other, advice) == "it does not go together with “B”: They clash"


def test_what_fits_is_held_against_what_was_stated():
    fits = Reason(Cause.FITS, Horizon.NOW)
    told = {
        means: reason_words(fits, advise(consultation(client(*means), rulebase([record("a")]), [])))
        for means in ((100, 10), (100, None), (None, 10), (None, None))
    }
    assert told == {
        (100, 10): "it fits your money and hours",
        (100, None): "it fits your money",
        (None, 10): "it fits your hours",
        (None, None): "it fits as far as is known: you named neither money nor hours",
    }


def test_a_note_on_a_conflict_does_not_hide_what_a_tactic_waits_for():
    records = [record("a", month=60), record("b", month=60, conflicts=[Conflict("a", "mild", "They rub.")])]
    own = [favour("a", 0.5), favour("b", 0.4)]
    advice = advise(consultation(client(budget=100), rulebase(records, own), [rule.id for rule in own]))
    [line] = advice.plan[Horizon.LATER]
    assert waiting_words(line, advice) == (
        "it needs 60 EUR a month, 40 EUR is then left; take care beside “A”: They rub"
    )


def opened(records, rules=(), who=None):
    own = [favour(each.id, 0.5) for each in records]
    base = rulebase(records, [*own, *rules])
    return opening(advise(consultation(who or client(1000, 10), base, [r.id for r in (*own, *rules)])))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (opened([record(name) for name in "abc"]), "Start with these three, in this order."),
        (opened([record("a")]), "Start with this one. Only one tactic has more for it than against it;"),
        (opened([record("a")], [favour("a", -0.9)]), "No tactic has more for it than against it"),
        (opened([record(name, month=2000) for name in "abc"]), "There is nothing new to start now"),
        (opened([record(name, month=600) for name in "abc"]), "Nothing else fits beside that now."),
        (opened([record("a")], who=client(items={"pain": ()})), "how much money a month and how many hours a week "
            "you can spend"),
        (opened([record("a")], who=client()), "Nothing is answered yet"),
        (opened([record("a", month=60)]), "It takes up to 60 EUR a month and 0 hours a week while you set it up, "
            "of the 1,000 EUR a month and 10 hours a week you have."),
    ],
)  # fmt: skip
def test_the_opening_says_what_to_start_and_within_which_means(text, said):
    assert said in text


@pytest.mark.parametrize(("name", "warned"), [("pop_up_florist", True), ("bookkeeper", False)])
def test_the_opening_warns_where_much_is_open(name, warned):
    advice = library.plan(facts_folder() / f"{name}.yaml", engine="direct")
    assert (f"any of {len(advice.rivals)} other tactics" in opening(advice)) == warned


def full_page(name="Test", texts=HOSTILE):
    who = Client(name, "EUR", Decimal(1), (), {}, (Segment(texts, 1_000_000, {}, {}),))
    warned = rule("W1", Warn("Beware.", "Take care."))
    base = rulebase(
        [record("a"), record("l", "lever"), record("b")], [favour("a", 0.5), blocking("b"), warned]
    )
    return list(plan_page(advise(consultation(who, base, ["a-0.5", "b-B", "W1"]), {}), None, [("do", texts)]))


def test_nothing_from_a_client_can_steer_the_terminal():
    text = terminal_page.render(full_page(HOSTILE), colour=False)
    assert all(char == "\n" or char.isprintable() for char in text)
    assert "\\u001b" in text
    assert "\\u202e" in text


def test_nothing_from_a_client_is_markup_in_markdown():
    text = markdown_page.render(full_page(HOSTILE))
    html = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text)
    assert "<script" not in html
    assert "<a " not in html
    assert "&lt;script&gt;x&lt;/script&gt; [a](javascript:b) **c** | `d` # e" in html


@pytest.mark.parametrize(
    "text", ["1. a", "- a", "+ a", "# a", "> a", "===", "a\n- b", "1) a", "http://a.b", "&amp;"]
)
def test_escaped_text_reads_as_it_was(text):
    html = MarkdownIt("gfm-like", {"linkify": False}).render(markdown_page.escape(text))
    shown = html.removeprefix("<p>").removesuffix("</p>\n").replace("&gt;", ">").replace("&amp;", "&")
    assert shown == text.replace("\n", " ")


def test_clean_keeps_letters_of_every_language_and_line_ends():
    text = "Blåbærgrød, ïjsje, 東京, ‘é’\nzweite Zeile 👩\u200d🍳"
    assert clean(text) == text


def test_a_page_fits_80_columns():
    long = "word " * 60
    blocks = [
        Heading("Title", 1),
        Text(long, "Label", 3),
        Bullets((long, long), "Several", 3),
        Table(("#", "Name", "Points"), (("1", long, "+1.0"),), frozenset({"#", "Points"})),
        Commands((("tactician " + "x" * 40, long[:60]),)),
    ]
    assert max(len(line) for line in terminal_page.render(blocks).splitlines()) <= 80


def test_a_page_is_never_narrower_than_it_can_be_read():
    assert terminal_page.render(full_page("Test", "text"), width=3)


def test_lines_for_programs_are_never_wrapped():
    line = "file.yaml:1:2: " + "long " * 40
    assert terminal_page.render([Lines((line,))]) == line.strip() + "\n"


@pytest.mark.parametrize(
    ("environment", "is_terminal", "coloured"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colour_only_where_it_is_wanted(environment, is_terminal, coloured):
    stream = io.StringIO()
    stream.isatty = lambda: is_terminal
    assert wants_colour(stream, environment) is coloured


def test_colour_adds_only_type_and_changes_no_word():
    plain = terminal_page.render(full_page("Test", "text"))
    coloured = terminal_page.render(full_page("Test", "text"), colour=True)
    assert "\x1b[1m" in coloured
    for code in ("\x1b[1m", "\x1b[22m", "\x1b[2m"):
        coloured = coloured.replace(code, "")
    assert coloured == plain


def test_json_has_no_bounds_where_nobody_computed_them():
    data = json.loads(plan_json.dump(advise(consultation(client(), rulebase([record("a")]), []))))
    assert (data["tactics"][0]["low"], data["tactics"][0]["high"]) == (None, None)
