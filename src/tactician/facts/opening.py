"""Opens a file only after looking at its kind and size, and decodes its bytes; knows no format."""

from __future__ import annotations

import codecs
import errno
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from tactician.errors import ALIKE_FILES, Place, Problem, UnreadableInput, did_you_mean
from tactician.facts.building import SIZE_VARIABLE, UNPRINTABLE, from_environment

KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)
REASONS = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "there is no such file",
    errno.EACCES: "you may not read this file",
    errno.EPERM: "you may not read this file",
    errno.ELOOP: "this is a link that leads back to itself",
    errno.ENAMETOOLONG: "the name is too long for a file",
}
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
SAVE_AS_UTF8 = 'Save the file as UTF-8 (in most editors: "Save as", then encoding).'


def read_bytes(path: str | Path, *, limit: int, noun: str) -> bytes:
    """The bytes of a regular file, or of stdin for `-`, if there are at most `limit`; raises UnreadableInput."""
    most = from_environment(SIZE_VARIABLE, limit)
    name = str(path)
    try:
        if name == "-":
            data = sys.stdin.buffer.read(most + 1)
        else:
            _check_kind(Path(name), most, noun)
            with Path(name).open("rb") as file:
                data = file.read(most + 1)
    except OSError as error:
        what = REASONS.get(error.errno or 0, "the file cannot be read")
        near = nearby(Path(name)) if error.errno == errno.ENOENT else ""
        raise _unreadable(name, what, near) from error
    except ValueError as error:
        raise _unreadable(name, "this is not the name of a file") from error
    if len(data) > most:
        raise _too_large(name, None, most, noun)
    return data


def decode(data: bytes | str, file: str) -> str:
    """The text of a document without its byte-order mark; raises UnreadableInput."""
    text = data if isinstance(data, str) else _decoded(data, file)
    text = text.removeprefix("\ufeff")
    found = UNPRINTABLE.search(text)
    if found:
        what = f"the file contains the unprintable character U+{ord(found[0]):04X}"
        hint = SAVE_AS_UTF8 if found[0] == "\0" else "Remove it."
        raise UnreadableInput([Problem(_place(file, text[: found.start()]), "", what, hint)])
    return text


def _decoded(data: bytes, file: str) -> str:
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="replace")
        what = f"byte 0x{data[error.start]:02X} is not {encoding.upper()} text"
        raise UnreadableInput([Problem(_place(file, before), "", what, SAVE_AS_UTF8)]) from error


def _place(file: str, before: str) -> Place:
    lines = before.removeprefix("\ufeff").split("\n")
    return Place(file, len(lines), len(lines[-1]) + 1)


def _check_kind(path: Path, most: int, noun: str) -> None:
    status = path.stat()
    kind = next((name for test, name in KINDS if test(status.st_mode)), "")
    if kind:
        what = f"this is {kind}, not a file"
        raise _unreadable(str(path), what, "Give the name of a file, or - to read from a pipe.")
    if status.st_size > most:
        raise _too_large(str(path), status.st_size, most, noun)


def _too_large(name: str, size: int | None, most: int, noun: str) -> UnreadableInput:
    stated = f"the file has {size:,} bytes" if size else "there is more"
    return _unreadable(name, f"{stated}, and a {noun} may have {most:,} bytes",
                       f"Set {SIZE_VARIABLE} to a higher number if this is meant.")  # fmt: skip


def _unreadable(name: str, what: str, hint: str = "") -> UnreadableInput:
    return UnreadableInput([Problem(Place("stdin" if name == "-" else name), "", what, hint)])


def nearby(path: Path) -> str:
    """Which files beside one that is not there may be meant, as a sentence; empty when there are none."""
    try:
        files = sorted(other.name for other in path.parent.iterdir())
    except OSError:
        return ""
    return did_you_mean(path.name, files, alike=ALIKE_FILES)
