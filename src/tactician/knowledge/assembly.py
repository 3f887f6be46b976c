"""Puts what the files of some folders say together to a Rulebase, and notes everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from tactician.errors import Place, Problem, did_you_mean
from tactician.facts.vocabulary import FactSpec, Vocabulary
from tactician.knowledge.compiling import Compiler
from tactician.knowledge.derivation import Derivation, conclusions
from tactician.knowledge.fact_entries import derived_spec, fact_spec
from tactician.knowledge.files import DerivedShape, FactShape, RecordShape, SourceShape
from tactician.knowledge.material import Material, parse_pack
from tactician.knowledge.packs import FAMILY_OF, PackFile
from tactician.knowledge.parameter_shapes import ParametersShape
from tactician.knowledge.parameters import build_parameters, check_parameters
from tactician.knowledge.passages import Passage
from tactician.knowledge.process_data import process_data
from tactician.knowledge.records import build_record, check_conflicts, check_record, check_requirements
from tactician.knowledge.rules import DerivedFact, Evidence, Record, Rulebase, Source
from tactician.knowledge.shapes import fit
from tactician.knowledge.terms import Terms
from tactician.knowledge.typed_fields import compile_record
from tactician.version import VERSION


class Assembly:
    """What was read from some folders, and what is wrong with it."""

    def __init__(self, packs: list[list[PackFile]], base: str, digest: str, problems: list[Problem]) -> None:
        self.problems = problems
        self.digest = digest
        self.material = Material()
        for pack in packs:
            self.material.lay(parse_pack(pack, problems))
        self.base = base
        self.broken: set[str] = set()

    def rulebase(self) -> Rulebase | None:
        """The rulebase; what is wrong is noted, and without its foundations there is none."""
        material = self.material
        if not self._is_whole() or material.parameters is None:
            return None
        shape = fit(ParametersShape, material.parameters)
        facts, derived = self._facts(), self._derived()
        sources = self._sources()
        specs = facts | {name: spec for name, (_, _, spec) in derived.items()}
        families = {name: FAMILY_OF[top.file.folder] for name, top in material.records.items()}
        terms = Terms(specs, self.broken, frozenset((*sources, *material.sources)), families)
        if shape is None:
            return None
        check_parameters(shape, material.parameters, terms)
        for name in shape.arithmetic:
            terms.check_sources(material.parameters.at("arithmetic", name, "sources"))
        parameters = build_parameters(shape, material.parameters)
        drafts = ((passage, stated) for passage, stated, _ in derived.values())
        concluded = Derivation(terms, parameters.arithmetic).compile(drafts)
        compiler = Compiler(terms, parameters, {fact.spec.id: fact.stratum for fact in concluded})
        records = self._compile(compiler, concluded)
        self._check_priors(compiler)
        return Rulebase(
            version=VERSION, digest=self.digest, vocabulary=Vocabulary(facts, frozenset(derived)),
            parameters=parameters, sources=sources, derived=concluded, records=records,
            rules=tuple(sorted(compiler.rules, key=lambda rule: rule.stratum)), process=self._process(compiler),
        )  # fmt: skip

    def _is_whole(self) -> bool:
        material = self.material
        parts = {"vocabulary": material.facts, "sources": material.sources, "parameters": material.parameters}
        empty = [name for name, part in parts.items() if not part]
        unread = [name for name in empty if any(p.place.file.endswith(f"{name}.yaml") for p in self.problems)]
        for name in (name for name in empty if name not in unread):
            what = f"{name}.yaml is missing, or says nothing"
            self.problems.append(
                Problem(Place(self.base), "", what, "The first folder must be a whole rulebase.")
            )
        return not empty

    def _facts(self) -> dict[str, FactSpec]:
        facts: dict[str, FactSpec] = {}
        for name, passage in self.material.facts.items():
            before = len(self.problems)
            shape = fit(FactShape, passage)
            spec = None if shape is None else fact_spec(shape, passage)
            if spec is not None and len(self.problems) == before:
                facts[name] = spec
            else:
                self.broken.add(name)
        return facts

    def _derived(self) -> dict[str, tuple[Passage, DerivedShape, FactSpec]]:
        derived: dict[str, tuple[Passage, DerivedShape, FactSpec]] = {}
        for name, passage in self.material.derived.items():
            before = len(self.problems)
            shape = fit(DerivedShape, passage)
            if name in self.material.facts:
                passage.refuse(f"{name} is a fact that clients state", "Choose another name.")
            spec = None if shape is None else derived_spec(shape, passage)
            if shape is not None and spec is not None and len(self.problems) == before:
                derived[name] = passage, shape, spec
            else:
                self.broken.add(name)
        return derived

    def _sources(self) -> dict[str, Source]:
        sources: dict[str, Source] = {}
        for name, passage in self.material.sources.items():
            if shape := fit(SourceShape, passage):
                sources[name] = Source(
                    id=name, title=shape.title, author=shape.author, url=shape.url, kind=shape.kind,
                    year="" if shape.year is None else str(shape.year), retrieved=shape.retrieved,
                )  # fmt: skip
        return sources

    def _compile(self, compiler: Compiler, concluded: tuple[DerivedFact, ...]) -> Mapping[str, Record]:
        for fact in concluded:
            passage = self.material.derived[fact.spec.id]
            for rule in conclusions(fact, compiler.terms.values_of):
                compiler.add(rule, passage)
        families: dict[str, list[str]] = {}
        for record, family in compiler.terms.records.items():
            families.setdefault(family, []).append(record)
        for top in self.material.needs.values():
            compiler.needs_rules(top, families)
        records: dict[str, tuple[Record, Passage]] = {}
        for name, top in self.material.records.items():
            shape = fit(RecordShape, top)
            if shape is not None:
                check_record(shape, top, compiler.terms)
                records[name] = build_record(shape, top), top
            compile_record(compiler, shape, name, top)
        check_conflicts(records)
        check_requirements(records)
        for top in self.material.process.values():
            compiler.process_rules(top)
        return {name: record for name, (record, _) in records.items()}

    def _process(self, compiler: Compiler) -> dict[str, object]:
        reader = compiler.process_reader
        data = {
            top.file.stem: process_data(top, compiler.terms, reader) for top in self.material.process.values()
        }
        return {name: content for name, content in data.items() if content}

    def _check_priors(self, compiler: Compiler) -> None:
        assert self.material.parameters is not None
        spoken = [rule.id for rule in compiler.rules if isinstance(rule.then, Evidence)]
        for name in compiler.parameters.priors.keys() - set(spoken):
            passage = self.material.parameters.at("priors", name)
            if name in compiler.places:
                passage.refuse(
                    f"{name} is no rule for or against, so it has no prior", "Leave it out.", key=True
                )
            else:
                passage.refuse(f"there is no rule {name}", did_you_mean(name, spoken), key=True)
