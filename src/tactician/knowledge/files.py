"""The shape of each kind of rule file: which keys it has and what they hold; knows no fact and no rule."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
"""The name of a fact, a level, a record or a source."""
RuleId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$", max_length=100)]
Cf = Annotated[float, Field(gt=0, le=0.9)]
"""A certainty factor; the direction is in the key."""
Hours = Annotated[float, Field(ge=0)]
Range = Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=2, max_length=2)]
Grade = Literal["A", "B", "C", "N"]
Language = Literal["en", "da", "nb", "nl"]
Thousandths = Annotated[int, Field(ge=0)]
When = Annotated[Any, Field(json_schema_extra={"defined_as": "when"})]
"""Condition elements, which elements.py reads."""
Entries = list[Any]
"""A list whose entries are checked one by one, each against the model named beside it."""


class Shape(BaseModel):
    """A mapping with known keys and exact types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class BandShape(Shape):
    """A value of a number that stands for its neighbourhood."""

    value: float
    meaning: Text


class FactShape(Shape):
    """One fact a client file may state, or one attribute of its items."""

    name: Name
    scope: Literal["business", "offering", "segment", "pain", "gain", "job", "product", "link"]
    type: Literal["enum", "ordinal", "bool", "number"]
    levels: dict[Name, Text] = Field(default_factory=dict)
    unit: str = ""
    min: float | None = None
    max: float | None = None
    whole: bool = False
    bands: list[BandShape] = Field(default_factory=list)
    question: Text
    help: str = ""
    typical: Any = None
    changeable: Annotated[int, Field(ge=0, le=3)] = 0
    better: Literal["", "up", "down"] = ""
    answer_for: Literal["", "user", "jury", "both"] = ""
    detail: bool = False


class SourceShape(Shape):
    """One entry of the bibliography."""

    id: Name
    title: Text
    author: str = ""
    year: int | None = None
    url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    also_url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    kind: str = ""
    retrieved: bool = False
    read_as: str = ""
    gist: str = ""
    note: str = ""
    file: str = ""
    language: str = ""


class EntryShape(Shape):
    """One line of a decision list: `when` with `is`, or `otherwise`."""

    id: RuleId = ""
    when: When = None
    is_: Annotated[Any, Field(alias="is")] = None
    otherwise: Any = None


class DerivedShape(Shape):
    """A fact concluded from facts: by a decision list, an expression or a measure."""

    name: Name
    scope: Literal["business", "offering", "segment"]
    type: Literal["enum", "ordinal", "bool", "number"]
    levels: dict[Name, Text] = Field(default_factory=dict)
    unit: str = ""
    min: float | None = None
    max: float | None = None
    first: Annotated[list[EntryShape], Field(min_length=1)] | None = None
    value: Text | None = None
    measure: Text | None = None
    because: Text
    grade: Grade
    sources: Annotated[list[Name], Field(min_length=1)]


class RuleShape(Shape):
    """What every rule has."""

    id: RuleId
    when: When
    because: Text
    grade: Grade
    sources: Annotated[list[Name], Field(min_length=1)]
    link: Literal["", "direct", "inferred"] = ""
    on_top_of: list[RuleId] = Field(default_factory=list)


class RecordConclusion(Shape):
    """For, against or block: exactly one of them."""

    favour: Cf | None = None
    against: Cf | None = None
    block: Literal[True] | None = None


class RecordRule(RuleShape):
    """A rule of a record."""

    then: RecordConclusion
    cf_if_false: Cf | None = None


class NeedsConclusion(Shape):
    """For or against a whole family of tactics."""

    favour: Cf | None = None
    against: Cf | None = None
    family: Literal["acquisition", "service", "retention", "upsell"]


class NeedsRule(RuleShape):
    """A rule of needs/."""

    then: NeedsConclusion


class ProcessConclusion(Shape):
    """A warning, or something to prepare."""

    warn: Text | None = None
    advice: str = ""
    for_: Annotated[list[Name], Field(alias="for")] = Field(default_factory=list)
    prepare: Text | None = None
    hours: Hours | None = None
    before: list[Name] = Field(default_factory=list)


class ProcessRule(RuleShape):
    """A rule of process/."""

    then: ProcessConclusion


class AliasShape(Shape):
    """Another name of a record and where it comes from."""

    name: Text
    lang: Language
    origin: str = ""


class SeedShape(Shape):
    """The heading of a note that a record stands for."""

    note: Name
    heading: Text


class CostShape(Shape):
    """What a record takes; ranges are [lowest, highest]."""

    setup_eur: Range
    running_eur_month: Range
    hours_setup: Hours
    hours_per_week: Hours
    weeks_to_effect: Range


class RequiredFact(Shape):
    """A condition that should hold before, and what to do when it does not."""

    when: When
    prepare: Text
    hours: Hours


class RequiresShape(Shape):
    """What has to be in place first."""

    facts: list[RequiredFact] = Field(default_factory=list)
    tasks: list[Text] = Field(default_factory=list)
    tactics: list[Name] = Field(default_factory=list)


class ConflictShape(Shape):
    """A record that does not go together with this one."""

    with_: Annotated[Name, Field(alias="with")]
    severity: Literal["strong", "mild"]
    why: Text


class KpiShape(Shape):
    """A number that shows whether it works."""

    name: Text
    formula: Text
    target: Text
    grade: Grade
    source: Name


class AddressedShape(Shape):
    """A kind of pain, gain or job that a record serves, and how."""

    kind: Name | None = None
    aspect: Name | None = None
    valence: Name | None = None
    how: Text


class AddressesShape(Shape):
    """The pains, gains and jobs a record serves."""

    pains: list[AddressedShape] = Field(default_factory=list)
    gains: list[AddressedShape] = Field(default_factory=list)
    jobs: list[AddressedShape] = Field(default_factory=list)
    need_class: str = ""


class JuryShiftShape(Shape):
    """What changes when somebody else judges the offer."""

    cf: Annotated[float, Field(ge=-0.9, le=0.9)]
    same: Text
    different: Text
    grade: Grade
    sources: Annotated[list[Name], Field(min_length=1)]


class ExamplesShape(Shape):
    """One example of a small business, one of a company that is known."""

    small_business: Text
    known_company: str = ""


class NoteShape(Shape):
    """Something worth knowing that is no rule."""

    note: Text
    grade: Grade
    source: Name


class LegalShape(Shape):
    """A duty that the law sets."""

    note: Text
    source: Name


class RecordShape(Shape):
    """Everything known about one tactic, lever or improvement."""

    id: Name
    family: Literal["acquisition", "service", "retention", "upsell", "lever", "improvement"]
    names: dict[Language, Text]
    aliases: list[AliasShape] = Field(default_factory=list)
    seed: SeedShape | None = None
    definition: Text
    lifecycle: dict[Name, Literal["good", "possible", "poor"]] = Field(default_factory=dict)
    relationship_stages: list[Name] = Field(default_factory=list)
    cost: CostShape
    requires: RequiresShape = Field(default_factory=RequiresShape)
    conflicts: list[ConflictShape] = Field(default_factory=list)
    complements: list[Name] = Field(default_factory=list)
    kpis: list[KpiShape] = Field(default_factory=list)
    risks: list[Text] = Field(default_factory=list)
    first_steps: list[Text] = Field(default_factory=list)
    addresses: AddressesShape = Field(default_factory=AddressesShape)
    jury_shift: JuryShiftShape | None = None
    examples: ExamplesShape | None = None
    notes: list[NoteShape] = Field(default_factory=list)
    legal: list[LegalShape] = Field(default_factory=list)
    rules: Entries
