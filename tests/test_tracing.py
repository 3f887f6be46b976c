"""Traces: every cycle as the engine lived it, in every form, stepped through, and asked about."""

import io
import json
import os
import re
import subprocess
import sys

import pytest

from tactician import library
from tactician.cli import main
from tactician.errors import UsageError
from tactician.facts.repository import facts_folder, teaching_folder
from tactician.inference import direct
from tactician.inference.inference_graph import inference_graph
from tactician.presentation.tracing import diagrams, trace_json
from tactician.presentation.tracing.quiz import Quiz
from tactician.presentation.tracing.stepping import Stepper
from tactician.presentation.tracing.wording import criterion, reason, title

CAFE = facts_folder() / "cafe.yaml"
STRATEGIES = ("depth", "breadth", "lex", "mea", "complexity", "simplicity", "random:7")
SCREEN = 40
"""Lines of a screen, 80 characters wide."""


@pytest.fixture(scope="module")
def base():
    return library.open_rulebase()


@pytest.fixture(scope="module")
def teaching():
    return library.trace(library.teaching_client(), library.open_teaching())


@pytest.fixture(scope="module")
def cafe(base):
    return library.trace(CAFE, base)


@pytest.fixture
def run(capsys, monkeypatch):
    def call(*arguments, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return call


def taught(strategy):
    return library.trace(library.teaching_client(), library.open_teaching(), strategy=strategy)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_strategy_changes_the_order_and_never_what_is_found(base, strategy):
    client = library.read_client(CAFE, base)
    found = library.trace(client, base, strategy=strategy).consultation
    assert found.segments == direct.consult(client, base).segments


def test_the_orders_differ():
    orders = {tuple(cycle.fires.key for cycle in taught(s).segments[0].cycles) for s in STRATEGIES}
    assert len(orders) >= 5


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_agenda_is_in_the_order_that_is_claimed(strategy):
    """Told independently from the facts of activations, not from their keys."""
    (segment,) = taught(strategy).segments
    claims = {
        "salience": lambda one, two: one.salience > two.salience,
        "newest": lambda one, two: one.elements[-1].number > two.elements[-1].number,
        "oldest": lambda one, two: one.elements[-1].number < two.elements[-1].number,
        "recency": lambda one, two: recent(one) > recent(two),
    }
    seen = set()
    for cycle in segment.cycles:
        for one, two in zip(cycle.agenda, cycle.agenda[1:], strict=False):
            name = criterion(one, two, strategy)
            seen.add(name)
            assert reason(one, two, strategy)
            if name in claims:
                assert claims[name](one, two), (title(one), title(two))
            if name != "salience":
                assert one.salience == two.salience
    assert "salience" in seen
    assert len(seen) > 1


def recent(activation):
    return sorted((element.number for element in activation.elements), reverse=True)


def test_agenda_and_memory_follow_from_the_changes(cafe):
    for segment in cafe.segments:
        agenda = {activation.key for activation in segment.activated}
        for cycle in segment.cycles:
            assert {activation.key for activation in cycle.agenda} == agenda
            assert cycle.agenda == tuple(sorted(cycle.agenda, key=lambda each: each.key, reverse=True))
            assert {e.number for e in cycle.fires.elements} <= {
                e.number for e in segment.memory(cycle.number)
            }
            agenda -= {cycle.fires.key, *(each.key for each in cycle.deactivated)}
            agenda |= {each.key for each in cycle.activated}
        assert agenda == set()


def test_every_fired_rule_has_its_cycle(cafe):
    for segment in cafe.segments:
        fired = [cycle.fires.rule for cycle in segment.cycles if cycle.fires.role == "rule"]
        assert sorted(fired) == sorted(segment.findings.fired)


def test_for_shows_all_that_leads_to_a_tactic_and_nothing_else(base):
    trace = library.trace(CAFE, base, target="freemium")
    assert library.trace(CAFE, base, target="Freemium ").leading == trace.leading
    for segment in trace.segments:
        shown = trace.shown(segment)
        wanted = {rule.id for rule in base.by_target["freemium"]} & segment.findings.fired.keys()
        assert wanted <= {cycle.fires.rule for cycle in shown}
        used = {element.number for cycle in shown for element in cycle.fires.elements}
        assert {segment.made_in[number] for number in used} - {0} <= {cycle.number for cycle in shown}
        for cycle in shown:
            about = cycle.fires.role in ("rule", "refutation") and (
                "freemium" in base.rule[cycle.fires.rule].targets
                or "freemium" in getattr(base.rule[cycle.fires.rule].then, "before", ())
                or "freemium" in getattr(base.rule[cycle.fires.rule].then, "for_any", ())
            )
            assert about or {e.number for e in cycle.declared} & used or cycle.fires.role == "condition"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"segment": "lunch"}, "has no segment 'lunch'"),
        ({"target": "fremium"}, "Did you mean freemium"),
        ({"strategy": "deep"}, "Did you mean depth"),
        ({"strategy": "random:"}, "random:SEED"),
    ],
)
def test_names_that_there_are_not_are_refused(base, options, words):
    with pytest.raises(UsageError, match=re.escape(words)):
        library.trace(CAFE, base, **options)


def test_a_segment_can_be_had_alone(base):
    trace = library.trace(CAFE, base, segment="offices ordering lunch for meetings")
    assert [segment.name for segment in trace.segments] == ["offices ordering lunch for meetings"]


def test_the_teaching_pack_is_small_and_runs_on_one_screen(run):
    rulebase = library.open_teaching()
    assert len(rulebase.rules) <= 15
    assert 3 <= len(rulebase.records) <= 4
    assert teaching_folder().parent.name == "tactician"
    code, out, err = run("trace", "--teaching")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) <= SCREEN
    assert max(map(len, out.splitlines())) <= 80
    for cycle in taught("depth").segments[0].cycles:
        assert re.search(rf"^ +{cycle.number} +{len(cycle.agenda)} +{cycle.fires.rule} ", out, re.MULTILINE)


def test_in_full_every_cycle_has_its_conflict_set_with_reasons(run):
    code, out, _ = run("trace", "--teaching", "--full", "--agenda", 2)
    assert code == 0
    flat = " ".join(out.split())
    assert (
        "Cycle 4: QUEUE-1 Agenda, six activations: - 1. QUEUE-1 (f-4 f-5), salience -1; before the next because"
        in flat
    )
    assert "- and 4 more Matched by: f-4 segment.passers_by = 80 and f-5 segment.thirst = high." in flat
    assert "Concludes: segment.queue = long. Enters working memory: f-11 segment.queue = long." in flat


@pytest.mark.parametrize("form", ["text", "json", "mermaid", "dot", "html"])
def test_the_same_bytes_in_every_process(form):
    command = [sys.executable, "-m", "tactician", "trace", "--teaching", "--format", form]
    texts = {
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


def test_for_names_the_facts_that_its_cycles_use(run):
    code, out, _ = run("trace", "--teaching", "--for", "stamp_card")
    assert code == 0
    flat = " ".join(out.split())
    assert (
        "1 of 14 cycles lead to Stamp card. Of working memory at the start they use: f-2 offering.taste"
        in flat
    )
    assert "f-4" not in flat


def test_a_file_is_needed_but_for_teaching(run):
    code, _, err = run("trace")
    assert code == 2
    assert "--teaching" in err


def test_json_names_everything_it_refers_to(cafe):
    document = json.loads(trace_json.dump(cafe))
    for told, segment in zip(document["segments"], cafe.segments, strict=True):
        activations = {each["number"]: each for each in told["activations"]}
        memory = {each["number"] for each in told["working_memory"]}
        assert len(told["cycles"]) == len(segment.cycles)
        for cycle, lived in zip(told["cycles"], segment.cycles, strict=True):
            assert [activations[number]["rule"] for number in cycle["agenda"]] == [
                a.rule for a in lived.agenda
            ]
            assert cycle["fires"] == cycle["agenda"][0]
            assert set(cycle["declared"]) <= memory


def test_the_graph_leads_from_what_was_said_to_every_record_that_rules_speak_of(teaching):
    (segment,) = teaching.segments
    graph = inference_graph(segment, teaching)
    nodes = {node.id: node for node in graph.nodes}
    assert graph.left_out == 0
    assert {node.record for node in graph.nodes if node.kind == "record"} == set(
        teaching.consultation.rulebase.records
    )
    assert all(nodes[edge.source].column < nodes[edge.target].column for edge in graph.edges)
    against = {nodes[edge.source].activation.rule for edge in graph.edges if edge.against}
    assert against == {"CALL-OUT-A1", "CALL-OUT-B1"}


def test_a_large_graph_leaves_out_what_weighs_and_says_so(cafe):
    for segment in cafe.segments:
        graph = inference_graph(segment, cafe)
        assert graph.left_out > 100
        assert not [node for node in graph.nodes if node.kind == "record"]


def test_diagrams_are_well_formed_whatever_a_segment_is_called(base):
    from dataclasses import replace

    client = library.read_client(CAFE, base)
    hostile = 'a"] --> b["; }\n\x1b[31m `c` <script>'
    first, *rest = client.segments
    trace = library.trace(
        replace(client, segments=(replace(first, name=hostile), *rest)), base, target="freemium"
    )
    for text in (diagrams.mermaid(trace), diagrams.dot(trace)):
        assert "\x1b" not in text
        assert text.count("\n}") + text.count("\n  end") + text.count("\n  }") == (2 if "flow" in text else 3)
    names = [line for line in diagrams.mermaid(trace).split("\n") if "subgraph" in line]
    assert all(re.fullmatch(r"  subgraph s\d\[\"[^\"<>`\]]*\"\]", line) for line in names)
    drawing, _ = diagrams.svg(trace.segments[0], trace)
    assert "<script>" not in drawing


def told(stepper, line):
    return "\n".join(stepper.answer(line))


def test_stepping_goes_forward_back_and_to_a_rule(teaching):
    stepper = Stepper(teaching)
    assert "some-2 (f-8)" in "\n".join(stepper.here())
    assert "It concludes: +6.0 for shade" in told(stepper, "") + told(stepper, "n")
    assert stepper.cycle.number == 3
    told(stepper, "b")
    assert stepper.cycle.number == 2
    assert "cycle 12 of 14" in told(stepper, "r mood-1")
    assert "does not fire" in told(stepper, "r REGULARS-1")
    assert "Did you mean QUEUE-1" in told(stepper, "r queue-2")
    assert "cycle 4 of 14" in told(stepper, "g 4")
    assert "no cycle '99' to go to; there are 1 to 14." in told(stepper, "g 99")
    assert "QUEUE-1 fires first because all else is equal" in told(stepper, "y")
    assert told(stepper, "a 2").splitlines()[-1] == "and 4 more"
    assert told(stepper, "m thirst") == "f-5 segment.thirst = high"
    assert "segment.queue" not in told(stepper, "m")


def test_stepping_stops_at_breaks_and_watched_facts(teaching):
    stepper = Stepper(teaching)
    assert "stops the run" in told(stepper, "break CALL-OUT-A1")
    assert "is watched" in told(stepper, "w segment.queue")
    assert "Did you mean segment.mood" in told(stepper, "w segment.mod")
    assert "WATCHED f-11 segment.queue = long" in told(stepper, "c")
    assert stepper.cycle.number == 5
    assert "BREAK before CALL-OUT-A1" in told(stepper, "c")
    assert stepper.cycle.number == 13
    assert "the run has ended" in told(stepper, "c")
    assert stepper.cycle is None
    assert told(stepper, "a") == "The agenda is empty."
    assert "b " in told(stepper, "h")
    assert "Did you mean" in told(stepper, "brek")
    assert not stepper.done
    told(stepper, "q")
    assert stepper.done


def test_stepping_goes_from_segment_to_segment(cafe):
    stepper = Stepper(cafe)
    assert "offices" in told(stepper, "s")
    assert "This is the last segment." in told(stepper, "s")


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_quiz_knows_the_answers(strategy):
    trace = taught(strategy)
    quiz = Quiz(trace, 5)
    while not quiz.over:
        question = quiz.questions[quiz.asked]
        assert len(set(question.choices)) == len(question.choices) > 1
        assert "Right." in "\n".join(quiz.answer("abcd"[question.right]))
    assert quiz.right == quiz.asked == len(quiz.questions)


def test_a_quiz_does_not_always_have_the_same_answer():
    assert len({question.right for question in Quiz(taught("depth"), 9).questions}) > 2


def test_a_quiz_reads_from_a_pipe_and_keeps_the_score(run, teaching):
    right = ["abcd"[question.right] for question in Quiz(teaching, 2).questions]
    wrong = "a" if right[1] != "a" else "b"
    code, out, _ = run(
        "trace",
        "--teaching",
        "--quiz",
        "--questions",
        2,
        typed="\n".join([right[0], "zz", wrong, *right[2:], ""]),
    )
    assert code == 0
    assert "Right. SHADE-F1 fires before SECOND-GLASS-F2 because its newest fact" in out
    assert "Answer with one of a, b" in out
    assert f"No: {right[1]}) " in out
    assert out.endswith("Score: 3 of 4.\n")
    code, out, _ = run("trace", "--teaching", "--quiz", typed="q\n")
    assert out.endswith("Score: 0 of 0.\n")


def test_stepping_without_a_terminal_is_refused_with_a_hint(run):
    code, _, err = run("trace", "--teaching", "--step", typed="q\n")
    assert code == 2
    assert "--full" in err


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_stepping_works_on_a_terminal():
    pexpect = pytest.importorskip("pexpect", reason="pexpect is not installed")
    command = ["-m", "tactician", "trace", "--teaching", "--step"]
    child = pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=30, dimensions=(24, 200))
    child.expect_exact("cycle 1 of 14")
    for typed, expected in (
        ("", "SHADE-F1 (f-10)"),
        ("b", "cycle 1 of 14"),
        ("r MOOD-1", "cycle 12 of 14"),
        ("w segment.mood", "segment.mood is watched"),
        ("break CALL-OUT-B1", "CALL-OUT-B1 stops the run"),
        ("c", "WATCHED f-14 segment.mood = sour"),
        ("c", "BREAK before CALL-OUT-B1"),
        ("a", "1. CALL-OUT-B1 (f-1 f-14), salience -4"),
        ("y", "CALL-OUT-B1 is the only activation on the agenda."),
    ):
        child.expect_exact("trace> ")
        child.sendline(typed)
        child.expect_exact(expected)
    child.expect_exact("trace> ")
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_an_interrupt_leaves_at_once():
    pexpect = pytest.importorskip("pexpect", reason="pexpect is not installed")
    command = ["-m", "tactician", "trace", "--teaching", "--step"]
    child = pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=30)
    child.expect_exact("trace> ")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
