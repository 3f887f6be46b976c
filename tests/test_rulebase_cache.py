"""The cache of checked rulebases: the same as loading, and never in the way."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import fields, replace
from pathlib import Path

import pytest

from tactician import load_rulebase
from tactician.knowledge import cache
from tactician.knowledge.frozen import freeze, thaw
from tactician.knowledge.rules import Rulebase

TINY = Path(__file__).parent / "packs" / "tiny"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, in use."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def only_file(folder: Path) -> Path:
    """The one file in a folder."""
    (file,) = folder.iterdir()
    return file


@pytest.mark.parametrize("rules", [(), (TINY,)], ids=["shipped", "tiny"])
def test_a_thawed_rulebase_is_the_frozen_one(rules: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(cache.VARIABLE, "off")
    loaded = load_rulebase(*rules)
    thawed = thaw(freeze(loaded))
    assert freeze(thawed) == freeze(loaded)
    for field in fields(Rulebase):
        assert getattr(thawed, field.name) == getattr(loaded, field.name)
    assert hash(thawed.rules) == hash(loaded.rules)


def test_a_second_loading_is_recalled(folder: Path, monkeypatch: pytest.MonkeyPatch):
    loaded = load_rulebase(TINY)
    assert only_file(folder).name.startswith("rulebase-")
    monkeypatch.setattr("tactician.knowledge.loading._assembled", None)
    assert freeze(load_rulebase(TINY)) == freeze(loaded)


@pytest.mark.parametrize("harm", [b"", b"torn", b"0\n{}", b"x\n[4]"])
def test_a_damaged_file_counts_as_absent_and_is_replaced(folder: Path, harm: bytes):
    loaded = load_rulebase(TINY)
    good = only_file(folder).read_bytes()
    only_file(folder).write_bytes(harm)
    assert freeze(load_rulebase(TINY)) == freeze(loaded)
    assert only_file(folder).read_bytes() == good


@pytest.mark.parametrize(
    "told", ["[99]", "[4]", "{}", "[0]", "3", '[3,"x"]', "[-1,1]", "[" * 5000 + "]" * 5000]
)
def test_a_foreign_text_with_a_right_checksum_is_refused(folder: Path, told: str):
    loaded = load_rulebase(TINY)
    text = told.encode()
    only_file(folder).write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
    assert freeze(load_rulebase(TINY)) == freeze(loaded)
    with pytest.raises(ValueError, match=r"no frozen rulebase|recursion|JSON"):
        thaw(told)


def test_other_files_names_or_code_are_another_rulebase(folder: Path, monkeypatch: pytest.MonkeyPatch):
    key = cache.key_of("d", ["rules"])
    assert key == cache.key_of("d", ["rules"])
    assert len({key, cache.key_of("e", ["rules"]), cache.key_of("d", ["other"]), cache.key_of("d", [])}) == 4
    monkeypatch.setattr(cache, "_code", lambda: "changed")
    assert cache.key_of("d", ["rules"]) != key


def test_off_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(cache.VARIABLE, "off")
    monkeypatch.setattr(cache, "user_cache_path", None)
    assert load_rulebase(TINY).rules


def test_a_folder_that_cannot_be_made_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file" / "cache"))
    assert load_rulebase(TINY).rules
    assert (tmp_path / "file").read_text() == "in the way"


def test_without_a_setting_the_folder_is_that_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(cache.VARIABLE)
    monkeypatch.setattr(cache, "user_cache_path", lambda name, appauthor: tmp_path / name)
    load_rulebase(TINY)
    assert only_file(tmp_path / "tactician").suffix == ".json"


def test_only_the_latest_are_kept(folder: Path):
    rulebase = load_rulebase(TINY)
    for number in range(cache.KEPT + 3):
        key = hashlib.sha256(str(number).encode()).hexdigest()
        cache.keep(key, replace(rulebase, version=str(number)))
        os.utime(cache._file(folder, key), (number, number))
    assert len(list(folder.iterdir())) == cache.KEPT
    assert cache.recall(hashlib.sha256(b"0").hexdigest()) is None


def test_a_frozen_rulebase_is_plain_json(folder: Path):
    load_rulebase(TINY)
    assert isinstance(json.loads(only_file(folder).read_bytes().partition(b"\n")[2]), list)


def test_a_failed_write_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(Path, "replace", fail)
        assert load_rulebase(TINY).rules
    assert list(folder.iterdir()) == []
