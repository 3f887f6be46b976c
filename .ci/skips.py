"""Fails when a test was skipped that the list of allowed skips does not name."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree


def main(report: str, allowed: str) -> int:
    """Print the skips nobody allowed; returns how many there are, at most 1 as an exit code."""
    lines = Path(allowed).read_text(encoding="utf-8").splitlines()
    known = {line.partition("  #")[0].strip() for line in lines if line and not line.startswith("#")}
    skipped = [
        f"{case.get('classname')}::{case.get('name')}"
        for case in ElementTree.parse(report).iter("testcase")
        if case.find("skipped") is not None
    ]
    surprising = [name for name in skipped if not any(name.startswith(prefix) for prefix in known)]
    for name in surprising:
        print(f"skipped: {name}")
    return min(1, len(surprising))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
