"""Opening files: kind and size are looked at before anything is read, and text is decoded or refused in words."""

from __future__ import annotations

import io
import os
import socket
import time
from pathlib import Path

import pytest

from tactician.errors import UnreadableInput
from tactician.facts.document import read_document

LIMIT = 1024 * 1024


def refusal(path: Path | str) -> str:
    begin = time.perf_counter()
    with pytest.raises(UnreadableInput) as caught:
        read_document(path, limit=LIMIT)
    assert time.perf_counter() - begin < 0.5
    return str(caught.value)


def test_pipes_devices_folders_and_sockets_are_refused_unopened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "this is a pipe, not a file" in refusal(tmp_path / "pipe.yaml")
    assert "this is a device, not a file" in refusal("/dev/zero")
    assert "this is a folder, not a file" in refusal(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.yaml"))
        assert "this is a socket, not a file" in refusal(tmp_path / "socket.yaml")


def test_links_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert "leads back to itself" in refusal(tmp_path / "a.yaml")
    (tmp_path / "c.yaml").symlink_to(tmp_path / "gone.yaml")
    assert "there is no such file" in refusal(tmp_path / "c.yaml")


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("a: 1")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "real.yaml")
    assert read_document(tmp_path / "link.yaml", limit=LIMIT).value == {"a": 1}


def test_huge_files_are_refused_by_their_size(tmp_path: Path) -> None:
    sparse = tmp_path / "sparse.yaml"
    with sparse.open("wb") as file:
        file.truncate(1 << 30)
    told = refusal(sparse)
    assert "1,073,741,824 bytes" in told
    assert "a client file may have 1,048,576 bytes" in told
    assert "TACTICIAN_MAX_BYTES" in told
    (tmp_path / "large.yaml").write_bytes(b"a: 1\n" * 2_000_000)
    assert "10,000,000 bytes" in refusal(tmp_path / "large.yaml")


def test_a_limit_and_a_noun_can_be_given(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text("a: 1234567")
    assert read_document(file, limit=10, noun="rule pack").value == {"a": 1234567}
    with pytest.raises(UnreadableInput, match="a rule pack may have 9 bytes"):
        read_document(file, limit=9, noun="rule pack")


def test_missing_files_are_refused_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "bakery.yaml").write_text("a: 1")
    assert refusal(tmp_path / "bakrey.yaml").endswith("there is no such file. Did you mean bakery.yaml?")
    (tmp_path / "bikes.yaml").write_text("a: 1")
    for stranger in ("nope.yaml", "bistro.yaml", "cafe.yaml"):
        assert refusal(tmp_path / stranger).endswith("there is no such file.")
    for near in ("bakery.yml", "Bakery.yaml", "bakery", "baker.yaml"):
        assert refusal(tmp_path / near).endswith("Did you mean bakery.yaml?")
    assert "there is no such file" in refusal(tmp_path / "none" / "bakery.yaml")
    assert "there is no such file" in refusal(tmp_path / "bakery.yaml" / "inner.yaml")
    assert "the name is too long" in refusal(tmp_path / ("x" * 300))
    assert "not the name of a file" in refusal("a\0b")


def test_stdin_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def stdin(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    stdin(b'{"a":\t1}')
    document = read_document("-", limit=100)
    assert (document.value, document.file) == ({"a": 1}, "stdin")
    stdin(b"a: 1")
    assert read_document("-", limit=100).value == {"a": 1}
    stdin(b"x" * 101)
    with pytest.raises(
        UnreadableInput, match=r"stdin: there is more, and a client file may have 100 bytes\."
    ):
        read_document("-", limit=100)


TEXT = "client: Blåbær & Crème — Ærø\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_with_and_without_a_mark(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "client.yaml"
    file.write_bytes(TEXT.encode(encoding))
    document = read_document(file, limit=LIMIT)
    assert document.value == {"client": "Blåbær & Crème — Ærø"}
    assert document.place(["client"]).column == 9


def test_utf_16_big_endian_is_read(tmp_path: Path) -> None:
    file = tmp_path / "client.yaml"
    file.write_bytes(b"\xfe\xff" + TEXT.encode("utf-16-be"))
    assert read_document(file, limit=LIMIT).value == {"client": "Blåbær & Crème — Ærø"}


def test_other_encodings_are_refused_with_the_place_and_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "client.yaml"
    file.write_bytes("a: 1\nclient: Blåbær\n".encode("cp1252"))
    told = refusal(file)
    assert told.startswith(f"{file}:2:11: byte 0xE5 is not UTF-8 text. Save the file as UTF-8")
    file.write_bytes("a: 1\n".encode("utf-16-le"))
    assert "U+0000. Save the file as UTF-8" in refusal(file)
    file.write_bytes(b"\xff\xfea\x00:")
    assert "is not UTF-16-LE text" in refusal(file)


def test_unreadable_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "client.yaml"
    file.write_text("a: 1")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(file).endswith("you may not read this file.")
