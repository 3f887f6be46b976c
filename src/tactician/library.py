"""What commands do, as functions: each command calls one of these and prints what it gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tactician import notebook
from tactician.advice.advise import Advice, advise
from tactician.errors import Place, Problem, UnreadableInput, UsageError, did_you_mean
from tactician.facts import checking
from tactician.facts.checking import CheckedFile
from tactician.facts.client import Client
from tactician.facts.reading import ClientReader
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
    from tactician.advice.explanation import Explanation
    from tactician.advice.stability import Standing
    from tactician.advice.sweep import Stop
    from tactician.advice.whatif import WhatIf
    from tactician.facts.setting import Place as SweptFact
    from tactician.inference.tracing import Trace

notebook.show(Advice, Consultation)

ENGINES = ("forward", "direct")


def open_rulebase(folders: Iterable[str | Path] = ()) -> Rulebase:
    """The shipped rulebase with these folders laid over it; raises InvalidRulebase."""
    return load_rulebase(rules_folder(), *(Path(folder) for folder in folders))


def read_client(path: str | Path, rulebase: Rulebase | None = None) -> Client:
    """The client in a file, or on stdin for `-`; raises UnreadableInput or InvalidClient."""
    base = rulebase or open_rulebase()
    return ClientReader(base.vocabulary, base.parameters, _tactics(base)).read(path)


def _tactics(base: Rulebase) -> tuple[str, ...]:
    return tuple(record.id for record in base.group("tactics"))


def consult(
    client: Client | str | Path, rulebase: Rulebase | None = None, engine: str = "forward"
) -> Consultation:
    """One run of an engine for a client, or for the client in a file; raises TacticianError."""
    if engine not in ENGINES:
        raise UsageError(f"There is no engine called {engine!r}.", did_you_mean(engine, ENGINES))
    base = rulebase or open_rulebase()
    who = client if isinstance(client, Client) else read_client(client, base)
    consultation = import_module(f"tactician.inference.{engine}").consult(who, base)
    assert isinstance(consultation, Consultation)
    return consultation


def open_teaching() -> Rulebase:
    """The small rulebase for teaching: fourteen rules about a lemonade stand."""
    return load_rulebase(teaching_folder())


def teaching_client() -> Path:
    """The file of the client that goes with the rulebase for teaching."""
    return teaching_folder() / "facts" / "beach_stand.yaml"


def trace(
    client: Client | str | Path,
    rulebase: Rulebase | None = None,
    *,
    strategy: str = "depth",
    segment: str | None = None,
    target: str | None = None,
) -> Trace:
    """Every cycle of the forward engine for a client, or for the client in a file; raises TacticianError.

    `strategy` is depth, breadth, lex, mea, complexity, simplicity or random:SEED; `segment` keeps one segment;
    with `target`, the id of a record, the trace says which cycles lead to it.
    """
    from tactician.inference import tracing  # noqa: PLC0415 (its engine takes long to import)

    base = rulebase or open_rulebase()
    who = client if isinstance(client, Client) else read_client(client, base)
    return tracing.trace(who, base, strategy=strategy, segment=segment, target=target)


def plan(client: Client | str | Path, rulebase: Rulebase | None = None, engine: str = "forward") -> Advice:
    """Ranking, plan and everything that comes with it, for a client or for the client in a file.

    Raises TacticianError.
    """
    consultation = consult(client, rulebase, engine)
    return advise(consultation, bounds(consultation.client, consultation.rulebase))


def explain(advice: Advice, records: Sequence[str] | None = None, top: int = 3) -> tuple[Explanation, ...]:
    """Why records have their points and ranks, down to the client's answers; by default the first `top` tactics.

    Totals are in 10⁻¹² point, the weights of single reasons in 10⁻⁶. Raises UsageError for a record there is not.
    """
    from tactician.advice.explanation import (  # noqa: PLC0415 (not needed for a plan)
        Explanation,
        explain,
        settled_segments,
    )

    notebook.show(Explanation)
    states = settled_segments(advice)
    chosen = [entry.id for entry in advice.tactics[:top]] if records is None else records
    return tuple(explain(advice, record, states) for record in chosen)


def change(advice: Advice, record: str, top: int = 3) -> ChangeAnswer:
    """The smallest changes, up to three facts, that bring a record among the first `top`; raises UsageError."""
    from tactician.advice import change as changing  # noqa: PLC0415

    notebook.show(changing.ChangeAnswer)
    return changing.change(advice, record, top)


def is_fact(advice: Advice, name: str) -> bool:
    """Whether a name is a fact's and no record's."""
    from tactician.advice.explanation import find  # noqa: PLC0415
    from tactician.advice.fact_explanation import find_fact  # noqa: PLC0415

    try:
        find(advice, name)
    except UsageError:
        try:
            return bool(find_fact(advice.consultation.rulebase, name))
        except UsageError:
            return "." in name
    return False


def whatif(client: Client | str | Path, settings: Iterable[str], rulebase: Rulebase | None = None) -> WhatIf:
    """The plans of a client before and after some `fact=value`, stated in its currency; raises TacticianError."""
    from tactician.advice.whatif import WhatIf, what_if  # noqa: PLC0415 (not needed for a plan)
    from tactician.facts.setting import with_settings  # noqa: PLC0415

    notebook.show(WhatIf)
    base = rulebase or open_rulebase()
    who = client if isinstance(client, Client) else read_client(client, base)
    changed = with_settings(_reader(base), who, settings)
    return what_if(*(advise(consult(each, base, "direct")) for each in (who, changed)))


def sweep(
    client: Client | str | Path,
    written: str,
    rulebase: Rulebase | None = None,
    settings: Iterable[str] = (),
) -> tuple[SweptFact, tuple[Stop, ...]]:
    """Where tactics rank as one answer goes through several values, such as `business.churn=0..50:10`.

    Returns the fact and one stop for each value. Raises TacticianError.
    """
    from tactician.advice import sweep as sweeping  # noqa: PLC0415
    from tactician.facts.setting import key_and_value, place_of, stops, with_settings, with_value  # noqa: PLC0415

    base = rulebase or open_rulebase()
    reader = _reader(base)
    given = client if isinstance(client, Client) else read_client(client, base)
    who = with_settings(reader, given, settings)
    key, values = key_and_value(written)
    place = place_of(reader, who, key)
    table = engine_for(base).bits.facts.get(place.spec.id, FactTable())
    stated = stops(place.spec, values, own_bands(place.spec, who.rate, table)) if values else ()
    if not stated:
        raise UsageError(f"{written!r} has no values.", f"Write {key}=LOW..HIGH:STEP, or {key}=all.")
    clients = ((value, with_value(reader, who, place, value)) for value in stated)
    return place, sweeping.sweep(clients, base)


def stability(
    client: Client | str | Path,
    rulebase: Rulebase | None = None,
    settings: Iterable[str] = (),
    top: int = 3,
) -> tuple[Advice, tuple[Standing, ...]]:
    """How firmly the first `top` tactics stand when one answer is moved by one step; raises TacticianError."""
    from tactician.advice import stability as standing  # noqa: PLC0415
    from tactician.facts.setting import with_settings  # noqa: PLC0415

    base = rulebase or open_rulebase()
    given = client if isinstance(client, Client) else read_client(client, base)
    advice = advise(consult(with_settings(_reader(base), given, settings), base, "direct"))
    return advice, standing.stability(advice, top)


def _reader(base: Rulebase) -> ClientReader:
    return ClientReader(base.vocabulary, base.parameters, _tactics(base))


def check_explanation(
    explanation: str | Path, client: Client | str | Path, rulebase: Rulebase | None = None
) -> tuple[str, ...]:
    """What is wrong with the explanation in a JSON file, each with its place; nothing when every step follows.

    Raises UnreadableInput when the file cannot be read, or the client's cannot.
    """
    from tactician.checker import check  # noqa: PLC0415

    base = rulebase or open_rulebase()
    who = client if isinstance(client, Client) else read_client(client, base)
    try:
        certificate = json.loads(Path(explanation).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else "this is not JSON"
        hint = "Make one: tactician explain FILE TACTIC --format json -o EXPLANATION.json"
        raise UnreadableInput([Problem(Place(str(explanation)), "", what, hint)]) from error
    return tuple(check(certificate, who, base))


def reopen(output: str | Path, client_id: str, rulebase: Rulebase | None = None) -> Client:
    """A client found again by its name in an output of tactician batch; raises UnreadableInput."""
    from tactician.portfolio.reopening import reopen as find_again  # noqa: PLC0415

    return find_again(output, client_id, rulebase or open_rulebase())


def check_files(paths: Iterable[str | Path], rulebase: Rulebase | None = None) -> tuple[CheckedFile, ...]:
    """Each client file with its client or its problems; raises InvalidRulebase."""
    base = rulebase or open_rulebase()
    reader = ClientReader(base.vocabulary, base.parameters, _tactics(base))
    return checking.check_files(reader, paths)


def template(rulebase: Rulebase | None = None, schema: str = "") -> str:
    """A client file to fill in; `schema` is named for editors when given."""
    base = rulebase or open_rulebase()
    return client_template(base.vocabulary, base.parameters, _tactics(base), schema)


SCHEMAS = ("plan", "client", "rules")
RULE_FILES = ("record", "derived", "needs", "process", "vocabulary", "parameters", "sources")
"""The kinds of files that make up a rulebase."""


def schema(what: str, kind: str = RULE_FILES[0], rulebase: Rulebase | None = None) -> str:
    """The text of the JSON Schema of a plan, a client file, or a kind of rule file; raises UsageError."""
    if what not in SCHEMAS or kind not in RULE_FILES:
        raise UsageError(f"There is no schema {what} {kind}.", did_you_mean(what, SCHEMAS))
    if what == "plan":
        return (PACKAGE / "schemas" / "plan.schema.json").read_text(encoding="utf-8")
    from tactician.knowledge.schemas import package_schemas  # noqa: PLC0415 (its models take long to import)

    name = "client.schema.json" if what == "client" else f"rules-{kind}.schema.json"
    return package_schemas(rulebase or open_rulebase())[name]
