"""`tactician report` as people meet it: what it writes for one client or many, and what it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tactician.cli import main

GOOD = "client: NAME\nsegments: [{name: all}]\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a report by the fast engine in a folder of its own; gives its exit code and words."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str]:
        code = main.run(["report", "--engine", "direct", *arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.err

    return call


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """A folder with two clients."""
    (tmp_path / "clients").mkdir()
    for name in ("Ada", "Bo"):
        (tmp_path / "clients" / f"{name}.yaml").write_text(GOOD.replace("NAME", name))
    return tmp_path / "clients"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_bad_file_costs_no_other_client_its_report(run, clients: Path) -> None:
    (clients / "bad.yaml").write_text("client: Bad\nsegments: [{name: all, trust_level: hi}]\n")
    (clients / "worse.yml").write_text("client: [")
    code, words = run("--all", "clients", "-o", "out")
    assert code == 1
    assert [name.split("-")[0] for name in names(Path("out"))] == ["ada", "bo", "index.html"]
    assert "Wrote 2 reports and index.html to out.\n" in words
    assert words.splitlines()[-1] == (
        "Error: 1 client and 1 file or row could not be used. The reasons are in out/index.html."
    )
    index = Path("out/index.html").read_text("utf-8")
    for told in (words, index):
        assert "clients/bad.yaml:2:" in told
        assert "clients/worse.yml:" in told
    assert ">2 clients</h1>" in index


def test_nothing_is_written_when_no_client_can_be_used(run, clients: Path) -> None:
    assert run("--all", "clients", "-o", "out", "-q")[0] == 0
    before = {path: path.read_bytes() for path in Path("out").iterdir()}
    for path in clients.iterdir():
        path.write_text("client: [")
    code, words = run("--all", "clients", "-o", "out")
    assert code == 1
    assert "clients/Ada.yaml:" in words
    assert "clients/Bo.yaml:" in words
    assert {path: path.read_bytes() for path in Path("out").iterdir()} == before
    assert run("--all", "clients", "-o", "new")[0] == 1
    assert not Path("new").exists()


def test_files_that_differ_in_their_ending_alone_have_pages_of_their_own(run, clients: Path) -> None:
    (clients / "Ada.json").write_text('{"client": "Other Ada", "segments": [{"name": "all"}]}')
    (clients / "Ada.YML").write_text(GOOD.replace("NAME", "Third Ada"))
    assert run("--all", "clients", "-o", "out", "-q") == (0, "")
    pages = [path.read_text("utf-8") for path in Path("out").glob("ada*.html")]
    assert len(pages) == 3
    assert sum("Other Ada" in page for page in pages) == 1
    assert sum("Third Ada" in page for page in pages) == 1


def test_plans_beside_the_clients_are_left_out(run, clients: Path) -> None:
    plan = str(clients / "plan.json")
    arguments = [
        "plan",
        str(clients / "Ada.yaml"),
        "--engine",
        "direct",
        "--format",
        "json",
        "-o",
        plan,
        "-q",
    ]
    assert main.run(arguments) == 0
    code, words = run("--all", "clients", "-o", "out")
    assert (code, words.splitlines()[0]) == (0, "Left out what earlier runs wrote: clients/plan.json.")
    assert len(names(Path("out"))) == 3


def test_files_of_somebody_else_stay(run, clients: Path) -> None:
    (clients / "Bo.yaml").unlink()
    Path("out").mkdir()
    Path("out/notes.txt").write_text("mine")
    for _ in range(2):
        assert run("--all", "clients", "-o", "out", "-q") == (0, "")
    assert Path("out/notes.txt").read_text() == "mine"


@pytest.mark.parametrize("page", ["<h1>My site</h1>", None])
def test_an_index_of_somebody_else_is_not_replaced(run, clients: Path, page: str | None) -> None:
    Path("out").mkdir()
    if page is None:
        assert run("clients/Ada.yaml", "-o", "out/index.html", "-q") == (0, "")
    else:
        Path("out/index.html").write_text(page)
    before = Path("out/index.html").read_bytes()
    code, words = run("--all", "clients", "-o", "out")
    assert code == 4
    assert "out/index.html is no index of reports, and would be replaced." in words
    assert names(Path("out")) == ["index.html"]
    assert Path("out/index.html").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ("--all", "clients", "-o", "out.html"),
            2,
            "Reports on many clients go into a folder. Name one: -o out",
        ),
        (("--all", "nowhere", "-o", "out"), 2, "nowhere is not a folder."),
        (("--all", "empty", "-o", "out"), 2, "There are no client files in empty."),
        (("--all", "clients", "-o", "file"), 4, "file could not be written: File exists."),
        (
            ("clients/Ada.yaml", "-o", "m.pdf"),
            2,
            "m.pdf would hold HTML. Write m.html, and print that from a browser.",
        ),
        (
            ("clients/Ada.yaml", "-o", "m.md"),
            2,
            "m.md would hold HTML. Add --format markdown, or name it m.html.",
        ),
        (("clients/Ada.yaml", "-o", "m"), 2, "m would hold HTML. Name it m.html."),
        (
            ("clients/Ada.yaml", "--format", "markdown", "-o", "m.html"),
            2,
            "m.html would hold Markdown. Add --format html, or name it m.md.",
        ),
    ],
)
def test_outputs_are_what_their_names_say(
    arguments: tuple[str, ...], code: int, words: str, run, clients: Path
) -> None:
    Path("empty").mkdir()
    Path("file").write_text("x")
    before = names(Path())
    found = run(*arguments)
    assert found[0] == code
    assert words in found[1]
    assert names(Path()) == before


@pytest.mark.parametrize(
    ("form", "name"), [("html", "a.HTM"), ("markdown", "a.md"), ("markdown", "a.markdown")]
)
def test_known_endings_are_written(run, clients: Path, form: str, name: str) -> None:
    assert run("clients/Ada.yaml", "--format", form, "-o", name, "-q") == (0, "")
    assert Path(name).is_file()


def test_a_device_needs_no_ending(run, clients: Path) -> None:
    assert run("clients/Ada.yaml", "-o", os.devnull, "-q") == (0, "")
