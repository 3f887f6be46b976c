"""CLIPS, a foreign engine, runs the exported rules and must agree with ours to the last digit."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from generated_clients import drawn_client
from strategies import cases
from tactician import library
from tactician.advice.ranking import rank
from tactician.cli import main
from tactician.facts.repository import facts_folder
from tactician.inference import direct
from tactician.knowledge.rules import Conclude
from tactician.workbench.clips_export import client_facts, program, rulebase_constructs

clips = pytest.importorskip("clips", reason="clipspy is not installed")
EXAMPLES = sorted(facts_folder().glob("*.yaml"))


def environment(rulebase):
    """A CLIPS environment that holds the rules."""
    made = clips.Environment()
    for construct in rulebase_constructs(rulebase):
        made.build(re.sub(r"\A;.*\n", "", construct))
    return made


def run(engine, client, rulebase):
    """What CLIPS finds out about a client, segment by segment, and the overall totals."""
    engine.reset()
    for fact in client_facts(client, rulebase):
        engine.assert_string(fact)
    engine.run()
    names = {fact.spec.id for fact in rulebase.derived}
    found = [{"fired": {}, "derived": {}, "totals": {}, "blocked": set()} for _ in client.segments]
    overall = {}
    for fact in engine.facts():
        name = fact.template.name
        if name == "fired":
            rule, segment, weight = fact
            fired = found[segment - 1]["fired"]
            fired[str(rule)] = max(weight, fired.get(str(rule), 0))
        elif name in names:
            segment, value = fact
            assert name not in found[segment - 1]["derived"]
            found[segment - 1]["derived"][name] = value
        elif name == "total":
            at = found[fact["segment"] - 1]
            at["totals"][str(fact["record"])] = fact["points"]
            if fact["blocked"] == "yes":
                at["blocked"].add(str(fact["record"]))
        elif name == "overall":
            overall[str(fact["record"])] = fact["points"]
    return found, overall


def expected(client, rulebase):
    """The same, from the direct engine and the ranking."""
    consultation = direct.consult(client, rulebase)
    ranked = [entry for group in rank(consultation).values() for entry in group]
    found = []
    for at, findings in enumerate(consultation.segments):
        spoken = {rule.id for rule in rulebase.rules if rule.targets or rule.id in concluding(rulebase)}
        found.append(
            {
                "fired": {
                    name: firing.item_weight for name, firing in findings.fired.items() if name in spoken
                },
                "derived": {name: written(each.value) for name, each in findings.derived.items()},
                "totals": {entry.record.id: entry.segments[at].total for entry in ranked},
                "blocked": {entry.record.id for entry in ranked if entry.segments[at].blocked},
            }
        )
    return found, {entry.record.id: entry.total for entry in ranked}


def concluding(rulebase):
    return {rule.id for rule in rulebase.rules if isinstance(rule.then, Conclude)}


def written(value):
    return ("yes" if value else "no") if isinstance(value, bool) else value


@pytest.fixture(scope="module")
def shipped():
    rulebase = library.open_rulebase()
    return rulebase, environment(rulebase)


@pytest.mark.parametrize("file", EXAMPLES, ids=[file.stem for file in EXAMPLES])
def test_clips_agrees_on_every_example(shipped, file):
    rulebase, engine = shipped
    client = library.read_client(file, rulebase)
    assert run(engine, client, rulebase) == expected(client, rulebase)


@pytest.mark.slow
def test_clips_agrees_on_generated_clients(shipped):
    rulebase, engine = shipped
    for number in range(200):
        client = drawn_client(rulebase, number)
        assert run(engine, client, rulebase) == expected(client, rulebase), number


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_clips_agrees_on_generated_rulebases(case):
    client, rulebase = case
    assert run(environment(rulebase), client, rulebase) == expected(client, rulebase)


def test_clips_agrees_about_the_lemonade_stand():
    rulebase = library.open_teaching()
    client = library.read_client(library.teaching_client(), rulebase)
    assert run(environment(rulebase), client, rulebase) == expected(client, rulebase)


class Screen(clips.Router):
    """Catches what CLIPS prints."""

    def __init__(self):
        super().__init__("screen", 40)
        self.text = ""

    def query(self, name):
        return name in ("stdout", "t")

    def write(self, name, message):
        self.text += message


def test_the_command_writes_a_file_that_clips_loads_and_that_prints_totals(tmp_path, capsys):
    file = tmp_path / "cafe.clp"
    client = facts_folder() / "cafe.yaml"
    assert main.run(["rules", "export", "--to", "clips", "--client", str(client), "-o", str(file)]) == 0
    engine, screen = clips.Environment(), Screen()
    engine.add_router(screen)
    engine.load(str(file))
    engine.reset()
    engine.run()
    rulebase = library.open_rulebase()
    _, totals = expected(library.read_client(client, rulebase), rulebase)
    lines = [line for line in screen.text.splitlines() if line.split(" ")[0] in totals]
    assert {name: float(points) for name, points in (line.split(" ") for line in lines)} == {
        name: pytest.approx(total / 1e12) for name, total in totals.items()
    }


def test_text_of_clients_and_rules_stays_text(tmp_path):
    rulebase = library.open_teaching()
    client = library.read_client(library.teaching_client(), rulebase)
    (segment,) = client.segments
    hostile = '")) (defrule x => (exit)) ; \\\n\x1b['
    renamed = replace(client, id=hostile, segments=(replace(segment, name=hostile),))
    engine = clips.Environment()
    file = tmp_path / "hostile.clp"
    file.write_text(program(rulebase, renamed), encoding="utf-8")
    engine.load(str(file))
    assert "x" not in {rule.name for rule in engine.rules()}
    assert "\x1b" not in file.read_text(encoding="utf-8")
