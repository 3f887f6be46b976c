"""Which form a template takes, by what was asked for and where it goes, and which options it has."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tactician.errors import UsageError

YAML, XLSX, CSV = "yaml", "xlsx", "csv"
FORMS = {
    YAML: "a client file in YAML",
    XLSX: "a workbook",
    CSV: "a folder of CSV files",
}
"""By form: what it makes."""
ENDINGS = {".yaml": YAML, ".yml": YAML, ".xlsx": XLSX, ".csv": CSV}
"""By the ending of an output: the form that it means."""
HAVE = {"--schema": (YAML,), "--fill": (XLSX, CSV), "--decimal": (CSV,)}
"""By option: the forms that have it."""


def template_form(stated: str | None, output: str | None, given: Mapping[str, object]) -> str:
    """The form of a template: as stated, else as its output ends, else YAML.

    `given` holds the values of the options in `HAVE`. Raises UsageError for what does not go together.
    """
    meant = _meant(output) if output else None
    if stated is None and meant is None and output and Path(output).suffix:
        raise UsageError(
            f"Does {output} take YAML or sheets?",
            "Say --format yaml, xlsx or csv, or end it in .yaml or .xlsx.",
        )
    if stated is not None and meant not in (None, stated):
        raise UsageError(
            f"{output} does not name {FORMS[stated]}.", "Name another output, or leave out --format."
        )
    form = stated or meant or YAML
    for option, forms in HAVE.items():
        if given.get(option) and form not in forms:
            hint = f"It goes with --format {' or '.join(forms)}."
            raise UsageError(f"{option} does not apply to {FORMS[form]}.", hint)
    return form


def _meant(output: str) -> str | None:
    """The form that the name of an output means, if it tells."""
    if output.endswith(("/", os.sep)) or Path(output).is_dir():
        return CSV
    return ENDINGS.get(Path(output).suffix.lower())
