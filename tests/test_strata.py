"""Strata: the longest chain, and the loops that have none."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tactician.knowledge.strata import strata, stratum_of


def test_the_stratum_is_the_longest_chain():
    reads = {"d": ["a", "c"], "c": ["b", "raw"], "b": ["a"], "a": ["raw", "pain"], "alone": []}
    assert strata(reads) == ({"alone": 1, "a": 1, "b": 2, "c": 3, "d": 4}, ())


def test_a_rule_lies_above_the_highest_fact_it_reads():
    found, _ = strata({"b": ["a"], "a": ["raw"]})
    assert [stratum_of(reads, found) for reads in ((), ("raw",), ("a",), ("raw", "b", "a"))] == [1, 1, 2, 3]


def test_a_loop_is_told_once_from_its_first_name():
    found, loops = strata({"c": ["a"], "a": ["b"], "b": ["c"], "above": ["a"], "beside": ["raw"]})
    assert found == {"beside": 1}
    assert loops == (("a", "b", "c", "a"),)


def test_each_loop_is_told():
    assert strata({"a": ["a"], "b": ["c"], "c": ["b"]})[1] == (("a", "a"), ("b", "c", "b"))


def test_a_fact_read_twice_is_one_step():
    assert strata({"a": ["raw"], "b": ["a", "a"]})[0] == {"a": 1, "b": 2}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefghxy"), max_size=4)))
def test_every_fact_lies_above_what_it_reads_or_cannot_be_placed(reads: dict[str, list[str]]):
    found, loops = strata(reads)
    for name, stratum in found.items():
        assert stratum == 1 + max((found[read] for read in reads[name] if read in reads), default=0)
    assert bool(loops) == (len(found) < len(reads))
    for loop in loops:
        assert loop[0] == loop[-1]
        assert all(after in reads[before] for before, after in pairwise(loop))


def test_long_chains_do_not_recurse():
    chain = {f"f{n}": [f"f{n - 1}"] for n in range(1, 5000)}
    assert strata(chain)[0]["f4999"] == 4999
