"""Compiles the typed fields of a record to ordinary rules, so that whatever moves a ranking can be shown."""

from __future__ import annotations

from collections.abc import Iterable

from tactician.knowledge.compiling import Compiler, evidence, stem_of
from tactician.knowledge.conditions import Test, conjoin, negate
from tactician.knowledge.elements import subjects
from tactician.knowledge.files import JuryShiftShape, RecordRule, RecordShape
from tactician.knowledge.passages import Passage
from tactician.knowledge.rules import Block, Evidence, Prepare, Rule

JURY = "segment.jury_differs"
STAGE = "business.business_stage"
STAGE_SENTENCES = {
    "good": "It suits the stage of the business: {stages}.",
    "poor": "It seldom suits the stage of the business, {stages}: something it takes is usually missing there.",
}


def compile_record(compiler: Compiler, shape: RecordShape | None, record: str, top: Passage) -> None:
    """Takes up the rules of a record and of its typed fields; without a shape only its own rules."""
    authored = compiler.record_rules(record, top)
    for passage, rule_shape, rule in authored:
        compiler.add(rule, passage.at("id"))
        if rule_shape.cf_if_false is not None:
            _cf_if_false(compiler, passage, rule_shape, rule, [other for _, _, other in authored])
    if shape is not None:
        if shape.jury_shift is not None:
            _jury_shift(compiler, shape.jury_shift, record, top.at("jury_shift"))
        _lifecycle(compiler, shape, top.at("lifecycle"))
        _requires(compiler, shape, top.at("requires", "facts"))


def _cf_if_false(
    compiler: Compiler, passage: Passage, shape: RecordRule, rule: Rule, others: Iterable[Rule]
) -> None:
    """Against, when the condition is known to fail and nothing at least as strong says so already."""
    cf = shape.cf_if_false or 0
    values_of = compiler.terms.values_of
    parts = [negate(rule.when, values_of)]
    parts += [negate(other.when, values_of) for other in others if _says_so(other, rule, cf)]
    field = passage.at("cf_if_false")
    compiler.add(
        Rule(
            id=f"{rule.id}-ELSE", when=conjoin(*parts), then=evidence(rule.targets, -cf), because=rule.because,
            grade=rule.grade, sources=rule.sources, stratum=0, place=field.place, origin="cf_if_false",
        ),
        field,
    )  # fmt: skip


def _says_so(other: Rule, rule: Rule, cf: float) -> bool:
    """Whether a rule tests only the fact that `rule` tests and speaks against it with at least this strength."""
    looked_at = subjects(other.when)
    if len(looked_at) != 1 or not looked_at <= subjects(rule.when):
        return False
    return isinstance(other.then, Block) or (isinstance(other.then, Evidence) and -other.then.cf >= cf)


def _jury_shift(compiler: Compiler, shift: JuryShiftShape, record: str, passage: Passage) -> None:
    spec = compiler.terms.fact(JURY, passage)
    for level, share in (("different", 1.0), ("partly", compiler.parameters.jury_partly)):
        cf = round(shift.cf * share, 6)
        if spec is None or not cf:
            continue
        if level not in spec.levels:
            passage.refuse(f"{JURY} has no level {level}", "jury_shift needs it.")
            continue
        compiler.add(
            Rule(
                id=f"{stem_of(record)}-JURY-{level.upper()}", when=Test(JURY, "==", (level,), (level,)),
                then=evidence((record,), cf), because=shift.different, grade=shift.grade,
                sources=tuple(shift.sources), stratum=0, place=passage.place, origin="jury_shift",
            ),
            passage,
        )  # fmt: skip


def _lifecycle(compiler: Compiler, shape: RecordShape, passage: Passage) -> None:
    spec = compiler.terms.fact(STAGE, passage) if shape.lifecycle else None
    if spec is None:
        return
    for grade, sentence in STAGE_SENTENCES.items():
        stages = tuple(stage for stage in spec.levels if shape.lifecycle.get(stage) == grade)
        cf = compiler.parameters.lifecycle[grade]
        if stages and cf:
            compiler.add(
                Rule(
                    id=f"{stem_of(shape.id)}-STAGE-{grade.upper()}",
                    when=Test(STAGE, "in" if len(stages) > 1 else "==", stages, stages),
                    then=evidence((shape.id,), cf), because=sentence.format(stages=" or ".join(stages)),
                    grade="C", sources=(), stratum=0, place=passage.place, origin="lifecycle",
                ),
                passage,
            )  # fmt: skip


def _requires(compiler: Compiler, shape: RecordShape, facts: Passage) -> None:
    for number, (passage, required) in enumerate(
        zip(facts.entries(), shape.requires.facts, strict=True), start=1
    ):
        when = compiler.reader.when(passage.at("when"))
        if when is not None:
            compiler.add(
                Rule(
                    id=f"{stem_of(shape.id)}-NEEDS-{number}", when=negate(when, compiler.terms.values_of),
                    then=Prepare(required.prepare, required.hours, (shape.id,)), because=required.prepare,
                    grade="C", sources=(), stratum=0, place=passage.place, origin="requires",
                ),
                passage,
            )  # fmt: skip
