"""What a client file means: unknowns, shares, money, items, and one fact stated by its owner."""

from __future__ import annotations

import copy
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from small_world import PARAMETERS, READER, VOCABULARY
from tactician.errors import InvalidClient, TacticianError
from tactician.facts.client import MILLION, Client, Item, Link
from tactician.facts.document import parse_document
from tactician.facts.money import decimal_of, from_euros, to_euros
from tactician.facts.reading import ClientReader
from tactician.facts.shares import parts_per_million, share_problem
from tactician.facts.stating import with_stated
from tactician.facts.vocabulary import FactSpec, Vocabulary

BAKERY = """
client: Solsikken Bakery
currency: DKK
running: [loyalty_programme]
business: {business_stage: growth, monthly_budget: 3000, customer_base_size: 400, feedback_mechanism: false}
offering: {offering_nature: physical, gross_margin: 60, average_order_value: 50, product_complexity: unknown}
segments:
  - name: commuters
    share: 0.6
    price_sensitivity: medium
    spending: 6000.5
    public_buyer: false
    pains: [{id: queue, text: queues at eight, kind: obstacle, severity: severe}]
    gains: []
    jobs: unknown
    products:
      - id: bag
        text: unknown
        addresses: [{item: queue, relevance: essential, proof: tested}]
      - {id: card, nature: physical, addresses: [{item: queue}]}
  - name: families
    share: 0.4
    pains:
"""


def read(text: str) -> Client:
    return READER.from_document(parse_document(text, "bakery.yaml"))


def test_a_client_file_becomes_a_client() -> None:
    client = read(BAKERY)
    assert (client.id, client.currency, client.rate) == ("Solsikken Bakery", "DKK", Decimal("7.4609"))
    assert client.running == ("loyalty_programme",)
    assert client.file == "bakery.yaml"
    assert client.facts == {
        "business.business_stage": "growth",
        "business.monthly_budget": 402.1,
        "business.customer_base_size": 400.0,
        "business.feedback_mechanism": False,
        "offering.offering_nature": "physical",
        "offering.gross_margin": 60.0,
        "offering.average_order_value": 6.7,
    }
    commuters, families = client.segments
    assert (commuters.name, commuters.ppm) == ("commuters", 600_000)
    assert commuters.facts == {
        "segment.price_sensitivity": "medium", "segment.public_buyer": False, "segment.spending": 804.26,
    }  # fmt: skip
    assert (families.ppm, families.facts, families.items) == (400_000, {}, {})


def test_numbers_are_floats_and_truths_stay_truths() -> None:
    client = read(BAKERY)
    assert {type(value) for value in client.facts.values()} == {str, float, bool}
    assert (
        str(
            read("client: x\nbusiness: {temperature: -0.0}\nsegments: [{name: a}]").facts[
                "business.temperature"
            ]
        )
        == "0.0"
    )


def test_lists_that_are_empty_say_none_and_lists_that_are_absent_say_nothing() -> None:
    items = read(BAKERY).segments[0].items
    assert items["gain"] == ()
    assert "job" not in items
    assert items["pain"] == (
        Item("pain", "queue", "queues at eight", {"kind": "obstacle", "severity": "severe"}),
    )
    assert items["product"] == (
        Item("product", "bag", "bag", {}, (Link("queue", "essential", "tested"),)),
        Item("product", "card", "card", {"nature": "physical"}, (Link("queue"),)),
    )


def test_amounts_are_kept_as_stated() -> None:
    assert read(BAKERY).amounts == {
        "business.monthly_budget": Decimal(3000),
        "offering.average_order_value": Decimal(50),
        "segment[commuters].spending": Decimal("6000.5"),
    }


@pytest.mark.parametrize("stated", ["unknown", "null", "~", "", '"unknown"'])
def test_unknown_null_and_absent_are_the_same(stated: str) -> None:
    text = f"""
client: x
currency: {stated}
running: {stated}
business: {{churn: {stated}, business_stage: {stated}, feedback_mechanism: {stated}, monthly_budget: {stated}}}
offering: {"" if "unknown" in stated else stated}
segments:
  - name: everyone
    share: {stated}
    price_sensitivity: {stated}
    pains: {stated}
    gains: [{{id: g, relevance: {stated}, text: {stated}}}]
    products: [{{id: p, addresses: [{{item: g, proof: {stated}}}]}}, {{id: q, addresses: {stated}}}]
"""
    absent = """
client: x
segments: [{name: everyone, gains: [{id: g}], products: [{id: p, addresses: [{item: g}]}, {id: q}]}]
"""
    assert read(text) == read(absent)


def test_yaml_json_and_mappings_say_the_same() -> None:
    value = parse_document(BAKERY).value
    assert isinstance(value, dict)
    client = read(BAKERY)
    as_json = READER.from_document(parse_document(json.dumps(value), "bakery.yaml", format="json"))
    assert as_json == client
    assert READER.from_mapping(value, "bakery.yaml") == client


def test_reading_leaves_a_mapping_alone() -> None:
    value = parse_document(BAKERY).value
    before = copy.deepcopy(value)
    READER.from_mapping(value)  # type: ignore[arg-type]
    assert value == before


def test_tactics_are_checked_only_when_they_are_known(tmp_path: object) -> None:
    mapping = {"client": "x", "running": ["anything"], "segments": [{"name": "a"}]}
    assert ClientReader(VOCABULARY, PARAMETERS).from_mapping(mapping).running == ("anything",)
    with pytest.raises(InvalidClient, match=r"client: running\[#1\]: there is no tactic called 'anything'"):
        ClientReader(VOCABULARY, PARAMETERS, ["referrals"]).from_mapping(mapping)


def test_a_reader_takes_a_path(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "bakery.yaml").write_text(BAKERY, encoding="utf-8")
    assert READER.read(str(tmp_path / "bakery.yaml")).segments == read(BAKERY).segments


def test_a_fact_may_be_called_anything() -> None:
    names = (
        "model_config",
        "json",
        "copy",
        "schema",
        "class",
        "_private",
        "f0",
        "validate",
        "name_2",
        "x" * 200,
    )
    vocabulary = Vocabulary({f"business.{name}": FactSpec("business", name, "bool") for name in names})
    reader = ClientReader(vocabulary, PARAMETERS)
    client = reader.from_mapping(
        {"client": "x", "business": dict.fromkeys(names, True), "segments": [{"name": "a"}]}
    )
    assert client.facts == {f"business.{name}": True for name in names}


def test_money_is_divided_to_the_cent_halves_to_even() -> None:
    assert to_euros(Decimal("0.125"), Decimal(1)) == Decimal("0.12")
    assert to_euros(Decimal("0.135"), Decimal(1)) == Decimal("0.14")
    assert to_euros(Decimal(3000), Decimal("7.4609")) == Decimal("402.10")
    assert from_euros(Decimal(20000), Decimal("7.4609")) == Decimal("149218.00")
    assert decimal_of(0.1) == Decimal("0.1")
    assert decimal_of(10**15) == Decimal(10**15)
    assert to_euros(Decimal(10**15), Decimal("0.85550")) == Decimal("1168907071887784.92")


@pytest.mark.parametrize(
    ("stated", "ppm"),
    [
        ([None], [1_000_000]),
        ([None, None], [500_000, 500_000]),
        ([None, None, None], [333_334, 333_333, 333_333]),
        (["0.5", None, None], [500_000, 250_000, 250_000]),
        (["0.333", "0.333", "0.333"], [333_334, 333_333, 333_333]),
        (["0.6", "0.41"], [594_059, 405_941]),
        (["0.99", None], [990_000, 10_000]),
        (["1"], [1_000_000]),
        (["0.1", "0.2", "0.7"], [100_000, 200_000, 700_000]),
    ],
)
def test_shares_become_parts_per_million(stated: list[str | None], ppm: list[int]) -> None:
    shares = [None if share is None else Decimal(share) for share in stated]
    assert share_problem(shares) == ""
    assert list(parts_per_million(shares)) == ppm


SHARES = st.lists(st.none() | st.decimals("0.001", "1", places=3), min_size=1, max_size=20)


@given(SHARES)
def test_shares_sum_to_a_million_and_keep_their_order(shares: list[Decimal | None]) -> None:
    if share_problem(shares):
        return
    ppm = parts_per_million(shares)
    assert sum(ppm) == MILLION
    assert min(ppm) >= 0
    total = sum(share for share in shares if share is not None)
    for share, parts in zip(shares, ppm, strict=True):
        if share is not None:
            whole = max(total, Decimal(1)) if None in shares else total
            assert abs(parts - share * MILLION / whole) < 1


@given(SHARES)
def test_shares_are_refused_exactly_when_they_cannot_be_parts_of_one(shares: list[Decimal | None]) -> None:
    total = sum((share for share in shares if share is not None), Decimal(0))
    wrong = total >= 1 if None in shares else abs(total - 1) > Decimal("0.01")
    assert bool(share_problem(shares)) == wrong
    assert not wrong or str(total) in share_problem(shares)


def test_an_owner_states_one_fact_in_the_currency_of_the_file() -> None:
    client = read(BAKERY)
    changed = with_stated(READER, client, "business.monthly_budget", "6000")
    assert changed.facts["business.monthly_budget"] == 804.19
    assert changed.amounts["business.monthly_budget"] == Decimal(6000)
    assert changed.facts | {"business.monthly_budget": 402.1} == client.facts
    poorer = with_stated(READER, client, "segment.spending", 100, segment=1)
    assert poorer.segments[1].facts == {"segment.spending": 13.4}
    assert poorer.amounts["segment[families].spending"] == Decimal(100)
    assert poorer.segments[0] == client.segments[0]
    assert client == read(BAKERY)


@pytest.mark.parametrize("stated", ["unknown", None, "null"])
def test_an_owner_may_take_a_fact_back(stated: object) -> None:
    changed = with_stated(READER, read(BAKERY), "business.monthly_budget", stated)
    assert "business.monthly_budget" not in changed.facts
    assert "business.monthly_budget" not in changed.amounts
    assert with_stated(READER, changed, "business.monthly_budget", "3000") == read(BAKERY)


def test_an_owner_may_state_levels_and_truths() -> None:
    client = read(BAKERY)
    assert (
        with_stated(READER, client, "segment.price_sensitivity", "high")
        .segments[0]
        .facts["segment.price_sensitivity"]
        == "high"
    )
    assert (
        with_stated(READER, client, "business.feedback_mechanism", "true").facts[
            "business.feedback_mechanism"
        ]
        is True
    )


@pytest.mark.parametrize(
    ("fact", "stated", "words"),
    [
        ("business.churn", "120", "business.churn: 120 is above 100. Legal are from 0 to 100 percent/year."),
        (
            "business.monthly_budget",
            "1e6",
            "business.monthly_budget: 1000000 DKK, which is 134,032.09 EUR, is above",
        ),
        ("segment.price_sensitivity", "hgih", "'hgih' is not one of its levels. Did you mean high?"),
        ("business.churn", "1" * 30, "more than 18 digits"),
        ("business.churn", float("nan"), "not a finite number"),
        ("business.churn", {"a": 1}, "a mapping is not a number"),
    ],
)
def test_what_an_owner_cannot_state(fact: str, stated: object, words: str) -> None:
    with pytest.raises(InvalidClient) as caught:
        with_stated(READER, read(BAKERY), fact, stated)
    assert words in str(caught.value)


LEAVES = st.none() | st.booleans() | st.integers(-5, 500) | st.floats(-1, 5) | st.sampled_from(
    ["unknown", "low", "high", "queue", "EUR", "DKK", "x", "", "growth", "essential", "tested", "12,5"]
)  # fmt: skip
KEYS = st.sampled_from(
    [
        "client",
        "currency",
        "running",
        "business",
        "offering",
        "segments",
        "name",
        "share",
        "pains",
        "gains",
        "jobs",
        "products",
        "addresses",
        "item",
        "id",
        "text",
        "churn",
        "spending",
        "severity",
        "relevance",
        "monthly_budget",
    ]
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


@given(
    st.fixed_dictionaries(
        {"client": LEAVES, "segments": ANYTHING}, optional={"business": ANYTHING, "running": ANYTHING}
    )
)
def test_any_mapping_is_a_client_or_refused_in_words(value: dict[str, object]) -> None:
    try:
        client = READER.from_mapping(value)
    except TacticianError as error:
        told(error)
        return
    assert sum(segment.ppm for segment in client.segments) == MILLION


def told(error: TacticianError) -> None:
    assert isinstance(error, InvalidClient)
    assert "Input should" not in str(error)
    assert "is not allowed here" not in str(error), "a kind of error without a sentence of its own"


def changed_at_random(draw: st.DrawFn) -> object:
    value = copy.deepcopy(parse_document(BAKERY).value)
    for _ in range(draw(st.integers(1, 4))):
        holder: object = value
        while isinstance(holder, dict | list) and holder:
            keys = sorted(holder) if isinstance(holder, dict) else list(range(len(holder)))
            key = draw(st.sampled_from(keys))
            inner = holder[key]  # type: ignore[index]
            if not isinstance(inner, dict | list) or not inner or draw(st.integers(0, 3)) == 0:
                holder[key] = draw(ANYTHING)  # type: ignore[index]
                break
            holder = inner
    return value


@given(st.composite(changed_at_random)())
def test_a_client_with_random_changes_is_read_or_refused_in_words(value: dict[str, object]) -> None:
    try:
        READER.from_mapping(value)
    except TacticianError as error:
        told(error)
