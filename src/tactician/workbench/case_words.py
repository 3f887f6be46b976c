"""What came of cases, as text for people and as JUnit XML for build servers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from tactician.workbench.cases import CaseReport, CaseResult, Failure


def failed_words(result: CaseResult) -> str:
    """A failed case: its name, and for each failure what was expected, what was found, and why."""
    lines = [f"{result.place}: {result.name}"]
    for failure in result.failures:
        lines.append(f"  line {failure.expectation.place.line}, {failure.expectation.kind}:")
        lines += [f"    {label:<9} {text}" for label, text in _told(failure)]
    return "\n".join(lines)


def summary(report: CaseReport) -> str:
    """One line: how many cases failed and passed, in how many files."""
    failed, total, files = len(report.failed), len(report.results), len(report.files)
    parts = [f"{failed} failed"] if failed else []
    parts.append(f"{total - failed} passed")
    return f"=== {', '.join(parts)} in {files} {'file' if files == 1 else 'files'} ==="


def file_line(file: str, results: Sequence[CaseResult]) -> str:
    """One line for a file."""
    failed = sum(not result.passed for result in results)
    return f"{file}  {len(results) - failed} passed" + (f", {failed} failed" if failed else "")


def junit(report: CaseReport) -> str:
    """The report as JUnit XML: a suite for each file, a test case for each case."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<testsuites{_counts(report.results)}>"]
    for file, results in report.files.items():
        lines.append(f"  <testsuite name={quoteattr(_clean(file))}{_counts(results)}>")
        for result in results:
            lines += _test_case(file, result)
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def _told(failure: Failure) -> Iterator[tuple[str, str]]:
    where = f" in segment {failure.segment}" if failure.segment else ""
    yield "expected:", failure.expected + where
    yield "found:", failure.found
    if failure.why:
        yield "why:", failure.why


def _counts(results: Sequence[CaseResult]) -> str:
    failed = sum(not result.passed for result in results)
    return f' tests="{len(results)}" failures="{failed}" errors="0"'


def _test_case(file: str, result: CaseResult) -> Iterator[str]:
    start = (
        f"    <testcase classname={quoteattr(_clean(file))} name={quoteattr(_clean(result.name))}"
        f' file={quoteattr(_clean(file))} line="{result.place.line}"'
    )
    if result.passed:
        yield f"{start}/>"
        return
    yield f"{start}>"
    first = result.failures[0]
    message = quoteattr(_clean(f"{first.expected}: {first.found}"))
    yield f"      <failure message={message}>{escape(_clean(failed_words(result)))}</failure>"
    yield "    </testcase>"


def _clean(text: str) -> str:
    """Without the control characters that XML does not allow."""
    return "".join(char for char in text if char.isprintable() or char == "\n")
