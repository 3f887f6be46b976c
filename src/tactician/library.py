"""What commands do, as functions: each command calls one of these and prints what it gives.

A client is given as a Client, as the path of its file (`-` is stdin), as a mapping with what such a file says, or
as a consultation or plan, which stands for its client and its rulebase. Without a rulebase the shipped one is used.
Every function raises TacticianError for what it cannot use: UsageError for arguments that make no sense,
UnreadableInput and InvalidClient for files and mappings, InvalidRulebase for rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tactician import given, notebook
from tactician.advice.advise import Advice, advise
from tactician.errors import UsageError, did_you_mean
from tactician.facts import checking
from tactician.facts.checking import CheckedFile
from tactician.facts.client import Client
from tactician.facts.repository import PACKAGE, rules_folder, teaching_folder
from tactician.facts.template import client_template
from tactician.inference.bounds import bounds
from tactician.inference.consultation import Consultation
from tactician.inference.direct import engine_for
from tactician.inference.own_bands import own_bands
from tactician.inference.truth_table import FactTable
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase

if TYPE_CHECKING:
    from tactician.advice.change import ChangeAnswer
    from tactician.advice.comparison import Comparison
    from tactician.advice.explanation import Explanations
    from tactician.advice.fact_explanation import FactExplanation
    from tactician.advice.stability import Stability
    from tactician.advice.sweep import Sweep
    from tactician.advice.whatif import WhatIf
    from tactician.given import Settings, Stated, Who
    from tactician.inference.tracing import Trace

notebook.show(Advice, Consultation)

ENGINES = ("forward", "direct")


def open_rulebase(folders: str | Path | Iterable[str | Path] = ()) -> Rulebase:
    """The shipped rulebase with this folder, or these, laid over it; raises InvalidRulebase or UsageError."""
    return load_rulebase(rules_folder(), *given.paths(folders))


def read_client(client: Stated, rulebase: Rulebase | None = None) -> Client:
    """The client in a file or mapping; raises UnreadableInput, InvalidClient or UsageError."""
    return given.client(client, given.rulebase(rulebase))


def consult(client: Who, rulebase: Rulebase | None = None, engine: str = "forward") -> Consultation:
    """One run of an engine, `forward` or `direct`, for a client; raises TacticianError.

    Both find the same; `direct` is many times faster, `forward` can be traced.
    """
    if engine not in ENGINES:
        hint = did_you_mean(engine, ENGINES) or f"There are {' and '.join(ENGINES)}."
        raise UsageError(f"There is no engine called {engine!r}.", hint)
    base = given.rulebase(rulebase, client)
    consultation = import_module(f"tactician.inference.{engine}").consult(given.client(client, base), base)
    assert isinstance(consultation, Consultation)
    return consultation


def open_teaching() -> Rulebase:
    """The small rulebase for teaching: fourteen rules about a lemonade stand."""
    return load_rulebase(teaching_folder())


def teaching_client() -> Path:
    """The file of the client that goes with the rulebase for teaching."""
    return teaching_folder() / "facts" / "beach_stand.yaml"


def trace(
    client: Who,
    rulebase: Rulebase | None = None,
    *,
    strategy: str = "depth",
    segment: str | None = None,
    target: str | None = None,
) -> Trace:
    """Every cycle of the forward engine for a client; raises TacticianError.

    `strategy` is depth, breadth, lex, mea, complexity, simplicity or random:SEED; `segment` keeps one segment;
    with `target`, the id or name of a record, the trace says which cycles lead to it.
    """
    from tactician.inference import tracing  # noqa: PLC0415 (its engine takes long to import)

    notebook.show(tracing.Trace)
    base = given.rulebase(rulebase, client)
    return tracing.trace(
        given.client(client, base),
        base,
        strategy=given.text(strategy, "strategy"),
        segment=None if segment is None else given.text(segment, "segment"),
        target=None if target is None else given.text(target, "tactic"),
    )


def plan(client: Who, rulebase: Rulebase | None = None, engine: str = "forward") -> Advice:
    """Ranking, plan and everything that comes with it; of a consultation, without consulting again.

    Raises TacticianError.
    """
    held = given.consultation(client)
    if held is None or rulebase not in (None, held.rulebase):
        held = consult(client, rulebase, engine)
    return advise(held, bounds(held.client, held.rulebase))


def _advised(client: Who, rulebase: Rulebase | None) -> Advice:
    """The plan that is given, else one that is made."""
    known = isinstance(client, Advice) and rulebase in (None, client.consultation.rulebase)
    return client if isinstance(client, Advice) and known else plan(client, rulebase, "direct")


def explain(
    client: Who,
    records: str | Iterable[str] | None = None,
    top: int = 3,
    rulebase: Rulebase | None = None,
) -> Explanations:
    """Why records have their points and ranks, down to the client's answers; by default the first `top` tactics.

    `records` are ids or names of tactics, levers or improvements, one or several. Totals are in 10⁻¹² point, the
    weights of single reasons in 10⁻⁶. Raises UsageError for a record there is not, and TacticianError.
    """
    from tactician.advice import explanation as explaining  # noqa: PLC0415 (not needed for a plan)

    notebook.show(explaining.Explanation, explaining.Explanations)
    most = given.top(top)
    advice = _advised(client, rulebase)
    states = explaining.settled_segments(advice)
    named = (
        [entry.id for entry in advice.tactics[:most]] if records is None else given.texts(records, "tactic")
    )
    return explaining.Explanations(explaining.explain(advice, record, states) for record in named)


def explain_fact(client: Who, fact: str, rulebase: Rulebase | None = None) -> FactExplanation:
    """Where a fact comes from, why it is unknown, and what it does.

    `fact` is its id, or its name where no other has it. Raises UsageError for a fact there is not, and
    TacticianError.
    """
    from tactician.advice import fact_explanation as explaining  # noqa: PLC0415

    notebook.show(explaining.FactExplanation)
    return explaining.explain_fact(_advised(client, rulebase), given.text(fact, "fact"))


def compare(client: Who, first: str, second: str, rulebase: Rulebase | None = None) -> Comparison:
    """Why one of two records ranks above the other, rule by rule; raises TacticianError.

    UsageError is raised for a record there is not, and for two that are ranked apart.
    """
    from tactician.advice import comparison  # noqa: PLC0415

    notebook.show(comparison.Comparison)
    named = given.text(first, "tactic"), given.text(second, "tactic")
    return comparison.compare(_advised(client, rulebase), *named)


def change(client: Who, record: str, top: int = 3, rulebase: Rulebase | None = None) -> ChangeAnswer:
    """The smallest changes, up to three facts, that bring a record among the first `top`.

    Raises UsageError for a record there is not, and TacticianError.
    """
    from tactician.advice import change as changing  # noqa: PLC0415

    notebook.show(changing.ChangeAnswer)
    named, most = given.text(record, "tactic"), given.top(top)
    return changing.change(_advised(client, rulebase), named, most)


def whatif(client: Who, settings: Settings, rulebase: Rulebase | None = None) -> WhatIf:
    """The plans of a client before and after some changes of its answers.

    `settings` are one `fact=value` or several, or a mapping of values by fact; amounts are in the client's
    currency, and `unknown` (or None) takes an answer back. Raises UsageError for a change that cannot be, and
    TacticianError.
    """
    from tactician.advice.whatif import WhatIf, what_if  # noqa: PLC0415 (not needed for a plan)
    from tactician.facts.setting import with_settings  # noqa: PLC0415

    notebook.show(WhatIf)
    base = given.rulebase(rulebase, client)
    who = given.client(client, base)
    changed = with_settings(given.reader(base), who, given.settings(settings))
    return what_if(*(advise(consult(each, base, "direct")) for each in (who, changed)))


def sweep(client: Who, written: str, rulebase: Rulebase | None = None, settings: Settings = ()) -> Sweep:
    """Where tactics rank as one answer goes through several values, such as `business.churn=0..50:10`.

    `settings` are changed before, as for whatif. The result is also a pair: the fact, and a stop for each value.
    Raises UsageError for values that there cannot be, and TacticianError.
    """
    from tactician.advice import sweep as sweeping  # noqa: PLC0415
    from tactician.facts.setting import key_and_value, place_of, stops, with_settings, with_value  # noqa: PLC0415

    notebook.show(sweeping.Sweep)
    asked = given.text(written, "sweep", "Write FACT=LOW..HIGH:STEP, or FACT=all.")
    key, values = key_and_value(asked)
    base = given.rulebase(rulebase, client)
    reader = given.reader(base)
    who = with_settings(reader, given.client(client, base), given.settings(settings))
    place = place_of(reader, who, key)
    table = engine_for(base).bits.facts.get(place.spec.id, FactTable())
    stated = stops(place.spec, values, own_bands(place.spec, who.rate, table)) if values else ()
    if not stated:
        raise UsageError(f"{written!r} has no values.", f"Write {key}=LOW..HIGH:STEP, or {key}=all.")
    clients = ((value, with_value(reader, who, place, value)) for value in stated)
    return sweeping.Sweep(place, sweeping.sweep(clients, base))


def stability(
    client: Who, rulebase: Rulebase | None = None, settings: Settings = (), top: int = 3
) -> Stability:
    """How firmly the first `top` tactics stand when one answer is moved by one step.

    `settings` are changed before, as for whatif. The result is also a pair: the plan, and a standing for each of
    the first. Raises TacticianError.
    """
    from tactician.advice import stability as standing  # noqa: PLC0415
    from tactician.facts.setting import with_settings  # noqa: PLC0415

    notebook.show(standing.Stability)
    most, changes = given.top(top), given.settings(settings)
    base = given.rulebase(rulebase, client)
    who = with_settings(given.reader(base), given.client(client, base), changes)
    advice = advise(consult(who, base, "direct"))
    return standing.Stability(advice, standing.stability(advice, most))


def check_explanation(
    explanation: str | Path | Mapping[str, object], client: Who, rulebase: Rulebase | None = None
) -> tuple[str, ...]:
    """What is wrong with an explanation, each with its place; nothing when every step follows.

    `explanation` is a JSON file that `tactician explain --format json` wrote, or what such a file says. Raises
    UnreadableInput when the file cannot be read, and TacticianError.
    """
    from tactician.checker import check  # noqa: PLC0415

    base = given.rulebase(rulebase, client)
    who = given.client(client, base)
    return tuple(check(given.certificate(explanation), who, base))


def reopen(output: str | Path, client_id: str, rulebase: Rulebase | None = None) -> Client:
    """A client found again by its name in an output of tactician batch; raises UnreadableInput."""
    from tactician.portfolio.reopening import reopen as find_again  # noqa: PLC0415

    return find_again(output, client_id, rulebase or open_rulebase())


def check_files(
    paths: str | Path | Iterable[str | Path], rulebase: Rulebase | None = None
) -> tuple[CheckedFile, ...]:
    """Each client file, one or several, with its client or its problems; raises InvalidRulebase or UsageError."""
    return checking.check_files(given.reader(given.rulebase(rulebase)), given.paths(paths))


def template(rulebase: Rulebase | None = None, schema: str = "") -> str:
    """The text of a client file to fill in; `schema` is named for editors when given. Raises UsageError."""
    base = given.rulebase(rulebase)
    tactics = [record.id for record in base.group("tactics")]
    return client_template(base.vocabulary, base.parameters, tactics, schema)


SCHEMAS = ("plan", "client", "rules")
RULE_FILES = ("record", "derived", "needs", "process", "vocabulary", "parameters", "sources")
"""The kinds of files that make up a rulebase."""


def schema(what: str, kind: str = RULE_FILES[0], rulebase: Rulebase | None = None) -> str:
    """The text of the JSON Schema of a plan, a client file, or a kind of rule file; raises UsageError."""
    for asked, known in ((what, SCHEMAS), (kind, RULE_FILES)):
        if asked not in known:
            hint = did_you_mean(asked, known) or f"There are {', '.join(known)}."
            raise UsageError(f"There is no schema called {asked!r}.", hint)
    base = given.rulebase(rulebase)
    if what == "plan":
        return (PACKAGE / "schemas" / "plan.schema.json").read_text(encoding="utf-8")
    from tactician.knowledge.schemas import package_schemas  # noqa: PLC0415 (its models take long to import)

    name = "client.schema.json" if what == "client" else f"rules-{kind}.schema.json"
    return package_schemas(base)[name]
