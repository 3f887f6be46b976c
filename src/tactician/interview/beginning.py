"""What an interview begins with: a client file, some answers, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from tactician.errors import InvalidClient, UnreadableInput
from tactician.facts.document import Document, read_document
from tactician.facts.reading import CLIENT_BYTES
from tactician.interview.answers import Answers
from tactician.interview.desk import Desk
from tactician.interview.own_comments import own_comments
from tactician.interview.slots import Slot
from tactician.interview.stating import EVERYONE, NO_NAME, said


def given(desk: Desk, path: str) -> dict[str, Any]:
    """What a client file says; name and groups may be missing. Raises UnreadableInput or InvalidClient."""
    return checked(desk, read_document(path, limit=CLIENT_BYTES))


def checked(desk: Desk, document: Document) -> dict[str, Any]:
    """The mapping in a document, if it is a valid client but for missing name and groups."""
    mapping = document.value
    if not isinstance(mapping, dict) or {"client", "segments"} <= mapping.keys():
        desk.reader.from_document(document)
        return cast(dict[str, Any], mapping)
    whole = {"client": NO_NAME, "segments": [{"name": EVERYONE}], **mapping}
    try:
        desk.reader.from_mapping(whole, document.file)
    except InvalidClient:
        desk.reader.from_document(document)
        raise
    return mapping


def comments_of(desk: Desk, path: str, now: Answers) -> dict[Slot, str]:
    """The comments in a client file beside the facts that have not changed since; none when it cannot be read."""
    try:
        document = read_document(path, limit=CLIENT_BYTES)
    except UnreadableInput:
        return {}
    before = said(cast(dict[str, Any], document.value), desk.rulebase.vocabulary)
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    names = {segment.name for segment in now.segments} & {segment.name for segment in before.segments} | {""}
    found = own_comments(document, text, desk.rulebase.vocabulary)
    return {
        slot: words
        for slot, words in found.items()
        if slot.segment in names and now.stated(slot) == before.stated(slot)
    }
