"""Priors: a reason that holds for nearly every business says little, so part of its mean evidence is taken off."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from tactician.errors import CheckFailed
from tactician.knowledge.rules import Evidence, Rule, Rulebase
from tactician.presentation.whole_files import write_whole
from tactician.workbench.calibration.evidence import Expected, Weighed

SECTION = re.compile(r"(?:^#[^\n]*\n)*^priors:[^\n]*\n(?:^[ #][^\n]*\n|^\n)*\Z", re.MULTILINE)
"""The last section of parameters.yaml, with the comment above it."""
JUDGED = ("tactics", "levers")
OPENING = (
    "By rule id, in millionths of a point: what is taken off wherever the rule is decided, true or false. "
    "Written by `tactician rules calibrate --fit-priors`; do not edit by hand."
)


def fitted(
    rulebase: Rulebase, portfolio: Iterable[Sequence[Weighed]], share: Fraction, objections: bool = False
) -> Expected:
    """That share of the mean evidence of each reason for a record, over the segments in which it is decided.

    Segments count by their part of revenue. Objections have no prior, unless that is tried: a warning that is often
    right is still one.
    Nor have improvements, of which documented businesses tell nothing.
    """
    sums: dict[str, int] = {}
    weights: dict[str, int] = {}
    for client in portfolio:
        for segment in client:
            for rule in segment.decided:
                weights[rule] = weights.get(rule, 0) + segment.ppm
                sums[rule] = sums.get(rule, 0) + segment.ppm * segment.evidence.get(rule, 0)
    means = {
        rule.id: round(Fraction(sums[rule.id], weights[rule.id]) * share)
        for rule in rulebase.rules
        if weights.get(rule.id) and _has_prior(rule, rulebase, objections)
    }
    return {rule: mean for rule, mean in sorted(means.items()) if mean}


def _has_prior(rule: Rule, rulebase: Rulebase, objections: bool) -> bool:
    judged = any(rulebase.records[target].group in JUDGED for target in rule.targets)
    return judged and isinstance(rule.then, Evidence) and (objections or rule.then.weight > 0)


def origin(clients: int, share: Fraction) -> str:
    """Where fitted priors come from, in a sentence."""
    return (
        f"Fitted: {float(share):g} of the mean evidence of each reason over a portfolio of {clients} businesses, "
        "by their answers alone; what worked for them does not enter."
    )


def text_for_priors(file: Path) -> str:
    """The text of a parameters.yaml that priors can be put into; raises CheckFailed when there is none."""
    if not file.is_file():
        raise CheckFailed(f"{file.parent} has no {file.name}.", "Add one with the line: priors: {}")
    text = file.read_text(encoding="utf-8")
    if not SECTION.search(text):
        raise CheckFailed(
            f"{file} does not end with the section priors.", "Move it to the end, or add the line: priors: {}"
        )
    return text


def write_priors(file: Path, expected: Expected, source: str) -> None:
    """Put the priors, and where they come from, in place of those at the end of a parameters.yaml.

    The rest of the file stays as it is. Raises CheckFailed when the file does not end in its priors.
    """
    text = text_for_priors(file)
    comment = textwrap.wrap(f"{OPENING} {source}", 108, break_on_hyphens=False)
    lines = [f"  {rule}: {mean}" for rule, mean in sorted(expected.items())]
    section = [*(f"# {line}" for line in comment), "priors:" if lines else "priors: {}", *lines]
    head = SECTION.sub("", text).rstrip("\n")
    write_whole(file, "\n".join([*([head, ""] if head else []), *section]) + "\n")
