"""Names for the files of clients: safe everywhere, and unable to leave their folder."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 40
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "ð": "d", "þ": "th", "ł": "l"})


def slug(client: str, otherwise: str = "client") -> str:
    """The name of a client in plain letters, digits and hyphens; the other word when nothing of it is left."""
    composed = unicodedata.normalize("NFC", client)
    ascii_only = unicodedata.normalize("NFKD", composed.casefold().translate(_LETTERS))
    plain = re.sub(r"[^a-z0-9]+", "-", ascii_only.encode("ascii", "ignore").decode()).strip("-")
    return plain[:LONGEST].strip("-") or otherwise


def file_name(client: str, suffix: str) -> str:
    """A name for a client's file that differs for different clients: `slug-hash8.md`."""
    composed = unicodedata.normalize("NFC", client)
    digest = hashlib.sha256(composed.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug(client)}-{digest}{suffix}"
