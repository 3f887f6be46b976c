"""Measures one contender in a process of its own: python -m benchmarks.measure NAME FOLDER CLIENTS."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.contenders import CONTENDERS, Unavailable, rulebase


@dataclass(frozen=True)
class Measurement:
    """How long some clients took, what preparing took, and the most memory the process ever had, in MiB."""

    name: str
    clients: int
    seconds: float
    peak: float
    preparing: float
    missing: str = ""
    """Why there is no measurement."""

    @property
    def rate(self) -> float:
        """Clients a second."""
        return self.clients / self.seconds


def measure(name: str, folder: Path, clients: int) -> Measurement:
    """Prepare and time one contender."""
    rulebase()
    began = time.perf_counter()
    try:
        work = CONTENDERS[name](folder, clients)
    except Unavailable as error:
        nothing = float("nan")
        return Measurement(name, clients, nothing, nothing, nothing, str(error))
    start = time.perf_counter()
    work()
    end = time.perf_counter()
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**2
    return Measurement(name, clients, end - start, peak, start - began)


if __name__ == "__main__":
    asked, where, count = sys.argv[1:]
    sys.stdout.write("\n" + json.dumps(asdict(measure(asked, Path(where), int(count)))) + "\n")
