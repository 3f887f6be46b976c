"""Commands as people meet them: exit codes, streams, files, colour, and no traceback anywhere."""

import json
import os
import pty
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tactician.cli import main
from tactician.facts.repository import facts_folder, rules_folder

CLIENT = facts_folder() / "solsikken_bakery.yaml"
BAD = Path(__file__).parent / "bad_facts"
PLAN = ("plan", CLIENT, "--engine", "direct")
ANSI = re.compile(r"\x1b\[")


@pytest.fixture
def run(capsys):
    """Runs a command in this process; gives its exit code, data and words."""

    def call(*arguments):
        code = main.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err or "--debug" in arguments
        return code, captured.out, captured.err

    return call


def process(*arguments, **options):
    """Runs a command in a process of its own."""
    command = [sys.executable, "-m", "tactician", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, **options)


def test_a_plan_goes_to_stdout_and_nothing_else(run):
    code, out, err = run(*PLAN)
    assert (code, err) == (0, "")
    assert out.startswith("Plan for Solsikken Bakery\n=========================\n\nStart with ")
    assert not ANSI.search(out)


@pytest.mark.parametrize("engine", ["forward", "direct"])
def test_both_engines_print_the_same_plan(run, engine):
    assert run(*PLAN, "--engine", engine, "--format", "json") == run(*PLAN, "--format", "json")


def test_markdown_is_offered(run):
    code, out, _ = run(*PLAN, "--format", "markdown")
    assert code == 0
    assert out.startswith("# Plan for Solsikken Bakery\n")


def test_top_shortens_tables_and_not_json(run):
    _, short, _ = run(*PLAN, "--top", 3)
    assert "22 more with --top 25." in short
    _, data, _ = run(*PLAN, "--top", 3, "--format", "json")
    assert len(json.loads(data)["tactics"]) == 25


def test_a_client_can_come_from_stdin():
    result = process("plan", "-", "--format", "json", input=CLIENT.read_text(encoding="utf-8"))
    assert result.returncode == 0
    assert json.loads(result.stdout)["client"]["id"] == "Solsikken Bakery"


def test_output_is_written_whole_and_said_on_stderr(run, tmp_path):
    path = tmp_path / "plan.json"
    path.write_text("old")
    path.chmod(0o640)
    code, out, err = run(*PLAN, "--format", "json", "-o", path)
    assert (code, out, err) == (0, "", f"Wrote {path}.\n")
    assert json.loads(path.read_text(encoding="utf-8"))["client"]["id"] == "Solsikken Bakery"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]
    assert run(*PLAN, "-q", "-o", path) == (0, "", "")
    assert run(*PLAN, "-o", "-")[1].startswith("Plan for")


@pytest.mark.parametrize("path", ["missing/plan.txt", "."])
def test_an_output_that_cannot_be_written_is_exit_code_4(run, tmp_path, path):
    code, out, err = run(*PLAN, "-o", tmp_path / path)
    assert (code, out) == (4, "")
    assert "could not be written" in err
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(run, tmp_path, monkeypatch):
    path = tmp_path / "plan.txt"
    path.write_text("old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = run(*PLAN, "-o", path)
    assert code == 4
    assert "No space left" in err
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "mine.yaml", "--engine", "direct"),
        ("plan", "mine.yaml", "--engine", "direct", "--chart", "link.yaml"),
        ("explain", "mine.yaml", "--top", 1),
        ("explain", "mine.yaml", "--change", "referrals", "--format", "json"),
        ("whatif", "mine.yaml", "--stability"),
        ("trace", "mine.yaml", "--for", "freemium"),
        ("report", "mine.yaml", "--engine", "direct"),
        ("facts", "check", CLIENT, "mine.yaml"),
        ("rules", "export", "--to", "clips", "--client", "mine.yaml"),
    ],
    ids=lambda arguments: " ".join(str(word) for word in arguments[:2]),
)
def test_no_command_writes_over_what_it_reads(run, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    text = (facts_folder() / "cafe.yaml").read_bytes()
    Path("mine.yaml").write_bytes(text)
    Path("link.yaml").symlink_to("mine.yaml")
    code, _, err = run(*arguments, "-o", "./mine.yaml")
    assert code == 2
    assert "is read here, and would be replaced. Name another file to write to." in err
    assert Path("mine.yaml").read_bytes() == text


def test_an_output_through_a_link_keeps_the_link(run, tmp_path):
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    assert run(*PLAN, "-o", link)[0] == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("Plan for")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where the system has a full device")
def test_a_full_stdout_is_exit_code_4_and_one_line():
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "tactician", "plan", str(CLIENT)]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 4
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "reader"),
    [
        (f"plan {CLIENT} --engine direct --format json", "head -c 10"),
        (f"plan {CLIENT} --engine direct --format json", "true"),
        (f"plan {CLIENT} --engine direct", "true"),
        ("--help", "true"),
    ],
)
def test_a_reader_who_leaves_early_is_no_error(arguments, reader):
    command = f"{sys.executable} -m tactician {arguments} | {reader}"
    result = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["plan", "missing.yaml"], 1, "missing.yaml"),
        (["plan", BAD / "alias.yaml"], 1, "alias.yaml:2:11:"),
        (["plan"], 2, "Missing argument 'FILE'"),
        (["plan", CLIENT, "--engine", "steam"], 2, "'forward'"),
        (["plan", CLIENT, "--top", "0"], 2, "--top"),
        (["plan", CLIENT, "--rules", "missing"], 3, "missing: there is no such folder"),
        (["pln"], 2, "Did you mean plan"),
        (["facts", "chek"], 2, "Did you mean check?"),
        (["facts", "check", CLIENT, BAD / "alias.yaml"], 1, "1 of 2 files cannot be used."),
        (["schema", "plans"], 2, "plan"),
    ],
    ids=str,
)
def test_what_goes_wrong_is_said_on_stderr_with_the_right_exit_code(run, arguments, code, words):
    given, out, err = run(*arguments)
    assert given == code
    assert words in err
    assert out == "" or arguments[:2] == ["facts", "check"]


def test_a_bug_is_one_line_and_exit_code_70(run, monkeypatch):
    from tactician import library

    def broken(*_):
        raise KeyError("\x1b[31moops")

    monkeypatch.setattr(library, "plan", broken)
    code, out, err = run(*PLAN)
    assert (code, out) == (70, "")
    assert len(err.splitlines()) == 1
    assert "bug" in err
    assert "\x1b" not in err
    code, _, err = run(*PLAN, "--debug")
    assert code == 70
    assert "Traceback" in err


def test_debug_shows_where_an_error_came_from(run):
    code, _, err = run("plan", "missing.yaml", "--debug")
    assert code == 1
    assert "Traceback" in err


def test_an_interrupt_is_exit_code_130(run, monkeypatch):
    from tactician import library

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(library, "plan", interrupted)
    code, out, err = run(*PLAN)
    assert (code, out) == (130, "")
    assert err.strip() == "Interrupted."


def test_a_pack_of_rules_is_laid_over_the_shipped_ones(run, tmp_path):
    pack = tmp_path / "pack"
    (pack / "needs").mkdir(parents=True)
    rule = (rules_folder() / "needs" / "upsell.yaml").read_text(encoding="utf-8").split("  - id:")[1]
    (pack / "needs" / "ours.yaml").write_text(
        "rules:\n  - id:" + rule.replace("NEED-UPSELL-F1", "OURS-F1"), encoding="utf-8"
    )
    _, plain, _ = run(*PLAN, "--format", "json")
    code, data, err = run(*PLAN, "--format", "json", "--rules", pack)
    assert (code, err) == (0, "")
    assert json.loads(data)["rulebase"]["hash"] != json.loads(plain)["rulebase"]["hash"]


HOSTILE = "\\x1b[31m\\x1b]0;title\\x07 \\u202e \\u200b <script>alert(1)</script> [a](javascript:b) =1+1"


def test_hostile_texts_of_a_client_stay_text(run, tmp_path):
    path = tmp_path / "hostile.yaml"
    text = f"""
        client: "H {HOSTILE[:40]}"
        segments:
          - name: "S {HOSTILE[:30]}"
            pains: [{{id: p, text: "{HOSTILE}", kind: obstacle, severity: extreme}}]
            gains: []
            jobs: []
            products: [{{id: q, text: "{HOSTILE}", addresses: [{{item: p}}]}}]
    """
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    for form in ("table", "markdown"):
        code, out, err = run("plan", path, "--format", form)
        if code == 0:
            assert all(char == "\n" or char.isprintable() for char in out)
        assert all(char == "\n" or char.isprintable() for char in err)
        assert code in (0, 1)


def test_hostile_file_names_cannot_steer_the_terminal(run, tmp_path):
    code, _, err = run("plan", tmp_path / "\x1b[31mred\u202e.yaml")
    assert code == 1
    assert "\x1b" not in err
    assert "\\u001b" in err


def test_facts_check_tells_each_file(run):
    code, out, err = run("facts", "check", CLIENT, facts_folder() / "cafe.yaml")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 2
    assert "two segments" in out


def test_facts_check_notes_a_percentage_below_one(run, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("client: x\noffering: {gross_margin: 0.57}\nsegments: [{name: a}]\n", encoding="utf-8")
    note = "offering.gross_margin: 0.57 is read as 0.57 percent of price; for 57 percent write 57."
    assert note in run("facts", "check", path)[1]
    assert json.loads(run("facts", "check", path, "--format", "json")[1])[0]["notes"] == [note]


@pytest.mark.parametrize(
    "option", ["--set=business.monthly_budget=1.500", "--sweep=business.monthly_budget=0..1.500:1"]
)
def test_what_if_does_not_guess_at_a_point_between_thousands(run, option):
    code, out, err = run("whatif", CLIENT, option)
    assert (code, out) == (2, "")
    assert "1.500 may mean 1500 or 1.5. Write 1500 or 1.5." in err


def test_facts_check_as_json(run):
    code, out, _ = run("facts", "check", CLIENT, BAD / "alias.yaml", "--format", "json")
    good, bad = json.loads(out)
    assert code == 1
    assert (good["client"], good["problems"]) == ("Solsikken Bakery", [])
    assert (bad["client"], bad["problems"][0]["line"]) == (None, 2)


@pytest.mark.parametrize(
    ("options", "path", "filled"),
    [
        ((), "mine.yaml", "mine.yaml"),
        (("--format", "xlsx"), "mine", "mine.xlsx"),
        (("--format", "csv"), "mine", "mine/clients.csv"),
    ],
)
def test_a_template_replaces_what_may_be_filled_in_only_when_told(run, tmp_path, options, path, filled):
    template = ("facts", "template", *options, "-o", tmp_path / path)
    assert run(*template)[0] == 0
    (tmp_path / filled).write_text("my answers")
    code, _, err = run(*template)
    assert code == 2
    assert "is there already. Add --force to replace it, or " in err
    assert (tmp_path / filled).read_text() == "my answers"
    assert run(*template, "--force")[0] == 0
    assert (tmp_path / filled).read_bytes() != b"my answers"


def test_the_template_is_a_client_file(run, tmp_path):
    path = tmp_path / "mine.yaml"
    assert run("facts", "template", "--schema", "client.schema.json", "-o", path)[0] == 0
    assert "$schema=client.schema.json" in path.read_text(encoding="utf-8")
    assert run("facts", "check", path)[0] == 0
    assert run("plan", path)[0] == 0


@pytest.mark.parametrize(
    "arguments", [["plan"], ["client"], ["rules"], ["rules", "--kind", "needs"]], ids=str
)
def test_schemas_are_printed(run, arguments):
    code, out, _ = run("schema", *arguments)
    assert code == 0
    assert json.loads(out)["$schema"] == "http://json-schema.org/draft-07/schema#"


def seen_on_a_terminal(environment):
    """What a person sees who runs a plan on a terminal."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "tactician", "plan", str(CLIENT)]
    running = subprocess.Popen(command, stdout=child, env={**os.environ, "TERM": "xterm", **environment})
    os.close(child)
    seen = b""
    while True:
        try:
            part = os.read(parent, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(parent)
    assert running.wait() == 0
    return seen.decode()


def test_colour_on_a_terminal_unless_unwanted():
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    assert ANSI.search(seen_on_a_terminal({**environment, "NO_COLOR": ""}))
    assert not ANSI.search(seen_on_a_terminal({"NO_COLOR": "1"}))
    assert not ANSI.search(seen_on_a_terminal({"TERM": "dumb"}))


def test_help_and_version_import_nothing_heavy():
    code = textwrap.dedent(
        """
        import sys
        from tactician.cli import main
        for option in ("--help", "--version", "-h"):
            assert main.run([option]) == 0
        heavy = {"experta", "pydantic", "jinja2", "yaml", "tabulate", "tactician.library"} & set(sys.modules)
        assert not heavy, heavy
        """
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_library_does_what_commands_do(run):
    import tactician
    from tactician.errors import UsageError
    from tactician.presentation.plan_json import dump

    assert run(*PLAN, "--format", "json")[1] == dump(tactician.plan(CLIENT))
    base = tactician.open_rulebase()
    assert tactician.consult(CLIENT, base, "direct") == tactician.consult(CLIENT, base)
    with pytest.raises(UsageError, match="Did you mean direct"):
        tactician.consult(CLIENT, engine="dirct")


def test_nobody_is_asked_to_type_when_input_is_unwanted(run, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    code, out, err = run("plan", "-", "--no-input")
    assert (code, out) == (2, "")
    assert "nobody is to be asked" in err


def test_what_to_type_next_can_be_typed(run, tmp_path):
    path = tmp_path / "a client's file.yaml"
    path.write_text(CLIENT.read_text(encoding="utf-8"), encoding="utf-8")
    _, out, _ = run("plan", path, "--engine", "direct")
    lines = [line.strip() for line in out.splitlines() if line.startswith("  tactician ")]
    [everything] = [line for line in lines if "--format json" in line]
    assert run(*shlex.split(everything.partition("  #")[0])[1:])[0] == 0
