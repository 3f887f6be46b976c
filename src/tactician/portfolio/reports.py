"""Reports on every client file of a folder: a page for each that can be used, and an index that lists the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tactician.advice.advise import Advice
from tactician.errors import CannotWrite, ProblemsError, UsageError
from tactician.facts.storage import told_as_unwritable
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.batch import MOST_TOLD, Report
from tactician.portfolio.candidates import PendingFile
from tactician.portfolio.earlier import few, is_earlier
from tactician.portfolio.evaluation import Evaluation
from tactician.portfolio.inputs import CLIENT_FILES, Say, silent
from tactician.portfolio.options import names_a_folder
from tactician.portfolio.outcomes import Outcome
from tactician.presentation.file_names import file_name
from tactician.presentation.report.brand import Brand
from tactician.presentation.report.many import HEAT, Index
from tactician.presentation.report.rendering import report
from tactician.presentation.whole_files import write_whole

INDEX = "index.html"


def report_on_folder(  # noqa: PLR0913 (what, where to, by which rules, and how it looks)
    folder: str | Path,
    output: str | Path,
    rulebase: Rulebase,
    *,
    look: Brand,
    engine: str = "forward",
    say: Say = silent,
) -> Report:
    """Write a page for each client file that lies in a folder, and an index, into another folder.

    What stands there already under other names stays. Raises UsageError, CannotWrite, and the problems of all when
    no client can be used.
    """
    pages = _pages(_client_files(Path(folder), say))
    target = _target(output)
    index = Index(rulebase, look)

    def page(advice: Advice) -> str:
        text = report(advice, look)
        index.add(advice, pages[advice.consultation.client.file])
        return text

    evaluation = Evaluation(rulebase, engine, page=page)
    rejects: list[Outcome] = []
    for file, name in pages.items():
        outcome = evaluation.outcome(PendingFile(file))
        if outcome.is_rejected:
            rejects.append(outcome)
            continue
        with told_as_unwritable(target):
            target.mkdir(parents=True, exist_ok=True)
        write_whole(target / name, outcome.page)
    problems = tuple(problem for outcome in rejects for problem in outcome.problems)
    if len(rejects) == len(pages):
        raise ProblemsError(problems)
    write_whole(target / INDEX, index.render([str(problem) for problem in problems]))
    unnamed = sum(not outcome.id for outcome in rejects)
    told = problems[:MOST_TOLD]
    return Report(len(pages) - len(rejects), len(rejects), (target,), target / INDEX, told, (), unnamed)


def _client_files(folder: Path, say: Say) -> list[Path]:
    """The client files that lie directly in a folder, but for plans that earlier commands wrote there."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.", "For one client, leave out --all.")
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in CLIENT_FILES and not path.name.startswith(".") and path.is_file()
    ]
    earlier = [path for path in found if is_earlier(path)]
    if earlier:
        say(f"Left out what earlier runs wrote: {few(earlier)}.")
    if len(earlier) == len(found):
        raise UsageError(f"There are no client files in {folder}.", f"Known are {', '.join(CLIENT_FILES)}.")
    return [path for path in found if path not in earlier]


def _pages(files: Sequence[Path]) -> dict[str, str]:
    """By client file the name of its page, which tells files apart that differ in their ending alone."""
    stems = Counter(path.stem for path in files)
    return {
        str(path): file_name(path.stem if stems[path.stem] == 1 else path.name, ".html") for path in files
    }


def _target(output: str | Path) -> Path:
    """The folder to write to; refuses one that is named like a file, and to replace an index of somebody else."""
    if not names_a_folder(output):
        raise UsageError("Reports on many clients go into a folder.", f"Name one: -o {Path(output).stem}")
    index = Path(output) / INDEX
    with told_as_unwritable(Path(output)):
        is_other = index.is_file() and HEAT not in index.read_text("utf-8", errors="replace")
    if is_other:
        raise CannotWrite(
            f"{index} is no index of reports, and would be replaced.", "Move it, or choose another folder."
        )
    return Path(output)
