"""The facts of all clients of an output, one client file a line: themselves an input."""

from __future__ import annotations

import json
from pathlib import Path

from tactician.portfolio.outcomes import Outcome
from tactician.presentation.spreadsheet_text import printable


class ClientsFile:
    """Writes the client file of each client that was ranked."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")

    def add(self, outcome: Outcome) -> None:
        """Write one client."""
        self._file.write(printable(json.dumps(outcome.stated, ensure_ascii=False, allow_nan=False)) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
