"""Shows how an interview closes in on the top three, over client files answered by a simulated owner.

    python benchmarks/interview_curve.py NAME=GLOB... [--write docs/interview.md]

The client files of each glob are a column of the table. The owner answers every question with what the file says,
and does not know the rest; an interview is followed until nothing is left to ask that could change the top three.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from tactician import library
from tactician.facts.document import read_document
from tactician.facts.reading import CLIENT_BYTES
from tactician.interview.agenda import pending
from tactician.interview.desk import Desk
from tactician.interview.simulated import SimulatedOwner, interview
from tactician.interview.standing import MAY_CHANGE, Standing
from tactician.interview.stating import said

LONGEST_NAME = 64
TENTHS = range(11)


@dataclass
class Course:
    """One interview: for each number of questions asked, how it stood."""

    name: str
    overlap: list[float] = field(default_factory=list)
    """The part of the final top three that is in the top three already."""
    unchanged: list[float] = field(default_factory=list)
    """The part of the completions in which the top three stay, the worse of both samples."""
    seconds: list[float] = field(default_factory=list)
    """From an answer to the next question."""
    in_opening: list[bool] = field(default_factory=list)
    proved: int | None = None
    """After how many questions the top three were proved to be settled."""
    proof_holds: bool = True

    @property
    def questions(self) -> int:
        """How many there were."""
        return len(self.overlap) - 1

    @property
    def likely(self) -> int:
        """After how many questions the top three were likely settled."""
        stands = enumerate(zip(self.in_opening, self.unchanged, strict=True))
        return next(
            (n for n, (opening, part) in stands if not opening and part >= 1 - MAY_CHANGE), self.questions
        )


def follow(desk: Desk, path: Path) -> Course:
    """The interview of an owner who knows what a client file says; names that are too long are cut."""
    stated = cast(dict[str, Any], read_document(path, limit=CLIENT_BYTES).value)
    for segment in stated["segments"]:
        segment["name"] = segment["name"][:LONGEST_NAME].strip()
    desk.reader.from_mapping(stated, str(path))
    course, tops = Course(path.stem), []
    before = time.perf_counter()
    for _, standing in interview(SimulatedOwner(desk, said(stated, desk.rulebase.vocabulary))):
        course.seconds.append(time.perf_counter() - before)
        tops.append(set(standing.top))
        _note(course, standing)
        before = time.perf_counter()
    course.overlap = [len(top & tops[-1]) / 3 for top in tops]
    course.proof_holds = course.proved is None or all(top == tops[-1] for top in tops[course.proved :])
    return course


def _note(course: Course, standing: Standing) -> None:
    opening = bool(pending(standing))
    part = min(standing.unchanged, standing.foreseen)
    course.in_opening.append(opening)
    course.unchanged.append(part)
    if course.proved is None and not opening and part == 1 and standing.is_proved:
        course.proved = len(course.unchanged) - 1


def table(parts: dict[str, list[Course]]) -> Iterator[str]:
    """The page."""
    yield "| share of questions asked | " + " | ".join(f"overlap, {name}" for name in parts) + " |"
    yield "|---|" + "---|" * len(parts)
    for tenth in TENTHS:
        row = [statistics.mean(_at(course, tenth / 10) for course in courses) for courses in parts.values()]
        yield f"| {tenth * 10} % | " + " | ".join(f"{value:.2f}" for value in row) + " |"
    yield ""
    yield "| | " + " | ".join(parts) + " |"
    yield "|---|" + "---|" * len(parts)
    rows: dict[str, Callable[[list[Course]], str]] = {
        "interviews": lambda courses: str(len(courses)),
        "questions that matter, median": lambda courses: _median([c.questions for c in courses]),
        "likely settled after, median": lambda courses: _median([c.likely for c in courses]),
        "likely settled after, quartiles": lambda courses: _quartiles([c.likely for c in courses]),
        "top three right when likely settled": _right,
        "overlap when likely settled": lambda courses: f"{_overlap(courses):.2f}",
        "proved settled after, median": lambda courses: _median([c.proved or c.questions for c in courses]),
        "proofs that held": lambda courses: f"{sum(c.proof_holds for c in courses)} of {len(courses)}",
        "next question, median ms": lambda courses: f"{1000 * statistics.median(_turns(courses)):.0f}",
        "next question, 95th percentile ms": lambda courses: f"{1000 * _slow_turn(courses):.0f}",
    }
    for words, figure in rows.items():
        yield f"| {words} | " + " | ".join(figure(courses) for courses in parts.values()) + " |"


def _at(course: Course, part: float) -> float:
    return course.overlap[round(part * course.questions)]


def _median(values: Sequence[float]) -> str:
    return f"{statistics.median(values):g}"


def _quartiles(values: Sequence[float]) -> str:
    low, _, high = statistics.quantiles(values, n=4)
    return f"{low:g} to {high:g}"


def _right(courses: list[Course]) -> str:
    right = sum(course.overlap[course.likely] == 1 for course in courses)
    return f"{right} of {len(courses)} ({right / len(courses):.0%})"


def _overlap(courses: list[Course]) -> float:
    return statistics.mean(course.overlap[course.likely] for course in courses)


def _slow_turn(courses: list[Course]) -> float:
    return statistics.quantiles(_turns(courses), n=20)[-1]


def _turns(courses: list[Course]) -> list[float]:
    return [seconds for course in courses for seconds in course.seconds[1:]]


def main() -> None:
    """Follow every interview and print, or write, the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="+", metavar="NAME=GLOB", help="client files, and what to call them")
    parser.add_argument("--write", type=Path, help="put the tables into this page, between its two marks")
    wanted = parser.parse_args()
    desk = Desk(library.open_rulebase())
    parts = {}
    for part in wanted.parts:
        name, _, pattern = part.partition("=")
        parts[name] = []
        for path in sorted(
            Path().glob(pattern) if not pattern.startswith("/") else Path("/").glob(pattern[1:])
        ):
            course = follow(desk, path)
            print(f"{course.name}: likely {course.likely} of {course.questions}", file=sys.stderr, flush=True)
            parts[name].append(course)
    lines = "\n".join(table(parts))
    if wanted.write is None:
        print(lines)
        return
    before, mark, rest = wanted.write.read_text(encoding="utf-8").partition("<!-- curve -->")
    _, end, after = rest.partition("<!-- end of curve -->")
    wanted.write.write_text(f"{before}{mark}\n{lines}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
