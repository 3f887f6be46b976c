"""Documents that could go stale: every command has help with an example and stands in the documents."""

import doctest
import inspect
import re
import shlex
from dataclasses import replace
from itertools import chain
from pathlib import Path

import click
import pytest

import tactician
from tactician import read_client
from tactician.cli.commands import AFTER_A_PLAN, COMMANDS
from tactician.cli.lazy import LazyGroup
from tactician.cli.main import cli, run
from tactician.facts.repository import rules_folder
from tactician.inference import columnar
from tactician.knowledge.files import Shape, SourceShape
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.parameter_shapes import ParametersShape

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = README + "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
CAFE = (ROOT / "facts" / "cafe.yaml").read_text(encoding="utf-8")
PORTFOLIO = (ROOT / "docs" / "portfolio.md").read_text(encoding="utf-8")
FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
LONGEST = 72


def commands(group=cli, path="tactician"):
    """Every command with its full name, subcommands included."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield f"{path} {name}", command, group.commands_at[name][1]
        if isinstance(command, LazyGroup):
            yield from commands(command, f"{path} {name}")


ALL = list(commands())
LEAVES = [(name, command) for name, command, _ in ALL if not isinstance(command, LazyGroup)]
IDS = [name for name, *_ in ALL]
THEIRS = {
    "bakery.yaml": "facts/solsikken_bakery.yaml", "my_business.yaml": "facts/cafe.yaml",
    "clients/cafe.yaml": "facts/cafe.yaml", "more/bakery.yaml": "facts/solsikken_bakery.yaml",
    "my_clients": "facts", "my_pack": "docs/packs/cafe", "my_cases": "tests/calibration",
    "old_rules": "rules", "new_rules": "rules",
    "portfolio.csv": "facts/portfolio/clients.csv", "portfolio.xlsx": "facts/portfolio/portfolio.xlsx",
}  # fmt: skip
"""By name in an example: which file or folder it is tried with."""
UNTRIED = (
    "ask -o",
    "ask bakery",
    "--step",
    "why.json",
    "mutate",
    "draft freemium",
    "--fit-priors",
    "coverage --f",
)
"""Examples that wait for a person or an output of another, take minutes, or write to the checkout."""
SLOW = (
    "ask --set",
    "report --all",
    *(f"rules {name}" for name in ("show", "test", "lint", "coverage", "diff", "calibrate")),
)


@pytest.mark.parametrize(("name", "command", "summary"), ALL, ids=IDS)
def test_every_command_has_a_summary_and_an_example(name, command, summary):
    assert command.help is not None
    assert 0 < len(summary) <= LONGEST
    opening, example, *_ = [part.strip("\b\n ").splitlines() for part in command.help.split("\n\n")]
    assert opening[-1].endswith(".")
    assert example[0] in ("Example:", "Examples:")
    assert example[1].strip().startswith(name)


def examples():
    """The command lines that help pages show, with what is slow marked so."""
    lines = dict.fromkeys(
        line.strip() for _, command, _ in ALL for line in command.help.split("\n\n")[1].splitlines()[2:]
    )
    told = [line for line in lines if line and not any(words in line for words in UNTRIED)]
    return [
        pytest.param(line, marks=[pytest.mark.slow] * any(words in line for words in SLOW), id=line)
        for line in told
    ]


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with a checkout's files, and with files of the names that examples use."""
    names = {name: name for name in ("docs", "facts", "rules", "tests")}
    for name, source in (names | THEIRS).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(ROOT / source)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.mark.parametrize("line", examples())
def test_examples_of_help_pages_work(line, workplace, capsys):
    words = shlex.split(line)
    if "-o" in words:
        (workplace / words[words.index("-o") + 1]).unlink(missing_ok=True)
    spread = [sorted(map(str, Path().glob(word))) if "*" in word else [word] for word in words]
    assert run(list(chain(*spread))[1:]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(("name", "command"), LEAVES, ids=[name for name, _ in LEAVES])
def test_every_option_has_help(name, command):
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


@pytest.mark.parametrize(("name", "command"), LEAVES, ids=[name for name, _ in LEAVES])
def test_every_option_stands_in_the_documents(name, command):
    options = (option for option in command.params if isinstance(option, click.Option))
    told = {max(option.opts, key=len): option.opts for option in options}
    assert [long for long, names in told.items() if not any(has(name) for name in names)] == []


def has(option):
    """Whether the documents name an option."""
    return re.search(rf"(?<![\w-]){option}(?![\w-])", DOCUMENTS)


@pytest.mark.parametrize("name", [name for name, _ in LEAVES])
def test_every_command_stands_in_the_documents(name):
    assert f"`{name}" in DOCUMENTS


def test_commands_of_the_readme_exist():
    known = {name for name, *_ in ALL}
    for line in re.findall(
        r"^(?:\.venv/bin/)?(tactician .*)$|`(tactician [a-z][^`]*)`", README, re.MULTILINE
    ):
        words = "".join(line).split()
        assert " ".join(words[:2]) in known | {"tactician COMMAND"}
        if words[1] in ("facts", "rules"):
            assert " ".join(words[:3]) in known


def test_the_readme_has_exactly_two_commands_for_a_fresh_machine():
    marks = re.findall(r"^<!-- ci: (\w+) -->\n```sh\n(.+)\n```$", README, re.MULTILINE)
    assert [name for name, _ in marks] == ["plan", "tests"]
    assert "tactician plan facts/" in dict(marks)["plan"]
    assert "pytest" in dict(marks)["tests"]


def test_the_readme_quotes_what_the_program_prints():
    quoted = re.findall(r"<!-- golden: (\S+) -->\n```\n(.*?)```", README, re.DOTALL)
    assert quoted
    for name, text in quoted:
        assert text in (ROOT / "tests" / "golden" / name).read_text(encoding="utf-8")


def test_python_of_the_readme_works(workplace, capsys):
    (text,) = re.findall(r"^```python\n(.*?)```", README, re.DOTALL | re.MULTILINE)
    exec(text, {})
    assert "LOYALTY-PROGRAMME-" in capsys.readouterr().out


def test_files_the_readme_names_exist():
    for path in {*re.findall(r"\]\(([^)#:]+)", README), *re.findall(r"(?<![\w/])facts/\w+\.yaml", README)}:
        assert (ROOT / path).exists(), path


def test_suggestions_after_a_plan_begin_with_a_command_name():
    assert all(re.match(r"[a-z]+ ", line) for line, _ in AFTER_A_PLAN)
    assert set(COMMANDS) == {name.split()[1] for name in IDS if len(name.split()) == 2}


def outputs():
    """What the page on portfolios says to stand beside each output: its name and kind, and files by occasion."""
    table = PORTFOLIO[PORTFOLIO.index("| OUT | always |") :].split("\n\n")[0]
    for line in table.splitlines()[2:]:
        out, *beside = line.strip("|").split("|")
        name, kind = re.match(r" `(.*?)`(.*)", out).groups()
        yield name, kind, *(set(re.findall(r"`(.*?)`", files)) for files in beside)


@pytest.mark.parametrize(("out", "kind", "always", "rejected"), list(outputs()))
def test_what_stands_beside_an_output_of_a_portfolio(out, kind, always, rejected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    good, engine = read_client(ROOT / "facts" / "cafe.yaml"), "direct"
    bad = replace(good, id="Nobody", segments=(replace(good.segments[0], ppm=1),))
    if "tables" in kind:
        engine = "columnar"
        columnar.write([columnar.tables([good], load_rulebase())], Path("good"))
        columnar.write([columnar.tables([good, bad], load_rulebase())], Path("both"))
    else:
        for folder, texts in (("good", [CAFE]), ("both", [CAFE, "client: Nobody\n"])):
            Path(folder).mkdir()
            for number, text in enumerate(texts):
                Path(folder, f"{number}.yaml").write_text(text, encoding="utf-8")
    for folder, code, expected in (("good", 0, always), ("both", 1, always | rejected)):
        assert run(["batch", folder, "-o", out, "-q", "--engine", engine]) == code
        assert {path.name for path in tmp_path.iterdir()} - {"good", "both", out} == expected


def excerpts():
    """The files of a rulebase that the reference shows whole: name and text."""
    return dict(re.findall(r"<!-- pack: (\S+) -->\n```yaml\n(.*?)```", FORMATS, re.DOTALL))


def test_files_of_a_rulebase_are_as_the_reference_shows_them(tmp_path):
    for name, text in excerpts().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    shown, shipped = load_rulebase(rules_folder(), tmp_path), load_rulebase()
    assert shown.sources["my_survey"].year == "2025"
    told = {
        part: getattr(shown.parameters, part) for part in ("canvas_fit", "value_balance", "plan", "limits")
    }
    assert told == {part: getattr(shipped.parameters, part) for part in told}
    assert shown.parameters.priors == shipped.parameters.priors


@pytest.mark.parametrize(
    ("name", "model"), [("parameters.yaml", ParametersShape), ("sources.yaml", SourceShape)]
)
def test_the_reference_shows_every_key(name, model):
    keys = set(re.findall(r"(?:^|[\s{])([a-z_]+):", excerpts()[name]))
    models = [model]
    for each in models:
        assert not each.model_fields.keys() - keys, each.__name__
        fields = (field.annotation for field in each.model_fields.values())
        models.extend(field for field in fields if isinstance(field, type) and issubclass(field, Shape))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page):
    for path, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", plain(page)):
        target = page.parent / path if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), anchor


def plain(page):
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(page):
    """What GitHub calls the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", plain(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_shows_an_escaped_backtick(page):
    assert "\\`" not in plain(page)


def test_every_public_function_stands_on_the_page_about_python():
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    assert {name for name in tactician.__all__ if f"tactician.{name}" not in page} == set()
    for name, arguments in re.findall(r"`tactician\.(\w+)\((.*?)\)`", page):
        told = [re.split(r"=", argument)[0] for argument in arguments.split(", ") if argument != "*"]
        stated = inspect.signature(getattr(tactician, name)).parameters
        assert [name.lstrip("*") for name in told if name] == list(stated), name


@pytest.mark.slow
def test_examples_of_the_page_about_python_work(workplace):
    page = doctest.DocTestParser().get_doctest(
        (ROOT / "docs" / "python.md").read_text(encoding="utf-8"), {}, "python.md", None, 0
    )
    told: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(page, out=told.append)
    assert page.examples
    assert told == []
