"""The rule model: rules, derived facts, records, and the frozen Rulebase that every engine compiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tactician.errors import Place
from tactician.facts.parameters import Parameters
from tactician.facts.vocabulary import FactSpec, Vocabulary
from tactician.knowledge.conditions import Element
from tactician.knowledge.expressions import Expression

TACTIC_FAMILIES = ("acquisition", "service", "retention", "upsell")
FAMILIES = (*TACTIC_FAMILIES, "lever", "improvement")
GROUPS = {"tactics": TACTIC_FAMILIES, "levers": ("lever",), "improvements": ("improvement",)}
"""The three lists that are ranked apart, and the families each is made of."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A conclusion that speaks for (cf > 0) or against (cf < 0) its targets.

    `weight` is the rule's weight of evidence in 1/1000 deciban, signed; `family` is set where a rule in needs/
    speaks for all tactics of a family.
    """

    targets: tuple[str, ...]
    cf: float
    weight: int
    family: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A conclusion that takes a record out of the segment."""

    target: str


@dataclass(frozen=True, slots=True)
class Warn:
    """A conclusion that warns; with `for_any`, only in plans that recommend one of these records."""

    text: str
    advice: str = ""
    for_any: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepare:
    """A conclusion that something must be done first; when its rule is undecided the plan says "check first"."""

    text: str
    hours: float
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conclude:
    """A conclusion that gives a derived fact its value."""

    fact: str
    value: str | bool | float


Conclusion = Evidence | Block | Warn | Prepare | Conclude


@dataclass(frozen=True, slots=True)
class Rule:
    """When its condition is true, its conclusion holds. `stratum` is above that of every fact it looks at."""

    id: str
    when: Element
    then: Conclusion
    because: str
    grade: str
    sources: tuple[str, ...]
    stratum: int
    place: Place
    origin: str = "authored"
    """`authored`, or the typed field it came from: `cf_if_false`, `jury_shift`, `lifecycle`, `requires`."""
    on_top_of: tuple[str, ...] = ()
    link: str = ""
    expected: int = 0
    """Its mean evidence where it is decided, in 10⁻⁶ point: what the prior takes off."""

    @property
    def refutable(self) -> bool:
        """Whether it matters that its condition is known to be false: for priors, and for "check first"."""
        return self.expected != 0 or isinstance(self.then, Prepare)

    @property
    def targets(self) -> tuple[str, ...]:
        """The records it speaks for, against or blocks."""
        match self.then:
            case Evidence(targets=targets):
                return targets
            case Block(target):
                return (target,)
        return ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a decision list. `when` is the authored condition; None for `otherwise`."""

    rule: str
    when: Element | None
    value: str | bool | float


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A fact that is concluded: by a decision list (`entries`), an `expression`, or a `measure`.

    Exactly one of the three is set. The entries of a decision list are also compiled into exclusive rules
    (`Conclude`), whose `when` says that all earlier entries are false.
    """

    spec: FactSpec
    stratum: int
    because: str
    grade: str
    sources: tuple[str, ...]
    place: Place
    entries: tuple[Entry, ...] = ()
    expression: Expression | None = None
    measure: str = ""
    reads: frozenset[str] = frozenset()
    """Ids of the facts, and item kinds, it looks at directly."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """That two records do not go together."""

    other: str
    severity: str
    """`strong` or `mild`."""
    why: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What a record takes: euros and weeks as (lowest, highest), hours as numbers."""

    setup_eur: tuple[float, float]
    running_eur_month: tuple[float, float]
    hours_setup: float
    hours_per_week: float
    weeks_to_effect: tuple[float, float]


@dataclass(frozen=True)
class Record:
    """Everything known about a tactic, lever or improvement, besides its rules."""

    id: str
    family: str
    names: Mapping[str, str]
    definition: str
    cost: Cost
    conflicts: tuple[Conflict, ...]
    complements: tuple[str, ...]
    required_tactics: tuple[str, ...]
    details: Mapping[str, object]
    """The remaining fields of its file as read: seed, aliases, lifecycle, relationship_stages, tasks, kpis,
    risks, first_steps, addresses, jury_shift, examples, notes, legal."""
    place: Place

    @property
    def name(self) -> str:
        """Its English name."""
        return self.names["en"]

    @property
    def group(self) -> str:
        """The list in which it is ranked: `tactics`, `levers` or `improvements`."""
        return next(group for group, families in GROUPS.items() if self.family in families)

    @property
    def tie_order(self) -> tuple[float, float, float, str]:
        """What ranks first among records with equal totals: the cheapest first year, then the soonest effect."""
        soonest, latest = self.cost.weeks_to_effect
        return self.cost.setup_eur[1] + 12 * self.cost.running_eur_month[1], latest, soonest, self.id

    def __repr__(self) -> str:
        return f"<Record {self.id}: {self.name}, {self.family}>"


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the bibliography."""

    id: str
    title: str
    author: str = ""
    year: str = ""
    url: str = ""
    kind: str = ""
    retrieved: bool = False


def spelt(name: str) -> str:
    """A name in the one spelling by which records and facts are looked up."""
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


@dataclass(frozen=True, eq=False)
class Rulebase:
    """All knowledge, checked, stratified and frozen. Engines compile it; nobody changes it."""

    version: str
    digest: str
    """SHA-256 over the content of its files."""
    vocabulary: Vocabulary
    parameters: Parameters
    sources: Mapping[str, Source]
    derived: tuple[DerivedFact, ...]
    """In rising stratum."""
    records: Mapping[str, Record]
    rules: tuple[Rule, ...]
    """Every rule, authored or compiled, in rising stratum, then in the order of files."""
    process: Mapping[str, object] = field(default_factory=dict)
    """The remaining data of process/ by file name: metrics, activities, practices …

    Each `when` in it is a condition element.
    """

    @cached_property
    def rule(self) -> Mapping[str, Rule]:
        """Rules by id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def specs(self) -> Mapping[str, FactSpec]:
        """Raw and derived facts by id."""
        return {**self.vocabulary.facts, **{fact.spec.id: fact.spec for fact in self.derived}}

    @cached_property
    def derived_by_id(self) -> Mapping[str, DerivedFact]:
        """Derived facts by id."""
        return {fact.spec.id: fact for fact in self.derived}

    @cached_property
    def preparations(self) -> tuple[tuple[Rule, Prepare], ...]:
        """The rules that conclude a preparation, with their conclusion."""
        return tuple((rule, rule.then) for rule in self.rules if isinstance(rule.then, Prepare))

    @cached_property
    def by_target(self) -> Mapping[str, tuple[Rule, ...]]:
        """For each record its evidence and block rules, those of needs/ included."""
        found: dict[str, list[Rule]] = {record: [] for record in self.records}
        for rule in self.rules:
            for target in rule.targets:
                found[target].append(rule)
        return {record: tuple(rules) for record, rules in found.items()}

    def record_called(self, name: str) -> Record | None:
        """The record of an id, or of a name in any of its languages, in any case; None when there is none."""
        wanted = spelt(name)
        for record in self.records.values():
            if wanted in {record.id, *map(spelt, record.names.values())}:
                return record
        return None

    def group(self, name: str) -> tuple[Record, ...]:
        """The records of `tactics`, `levers` or `improvements`, in file order."""
        return tuple(record for record in self.records.values() if record.group == name)

    def __repr__(self) -> str:
        return f"<Rulebase {self.version}: rules: {len(self.rules)}, records: {len(self.records)}>"
