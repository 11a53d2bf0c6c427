"""The parts of a study that are local to a record: arms, groups, outcome measures, analyses."""

from __future__ import annotations

from collections.abc import Iterable

from kg_build import terms
from kg_build.facts import Analysis, Arm, Group, OutcomeMeasure, Record, Trial
from kg_build.linking import Links
from kg_build.rdf import listed, writer
from kg_build.rdf.keys import Keys, arm_key
from kg_build.rdf.slots import JOINT
from kg_build.rdf.things import Things
from kg_build.rdf.writer import Writer

INACTIVE = "inactive"  # the regimen of an arm that gets placebo alone
_REAL_WORLD = ("real-world", "real world", "observational", "registry study", "retrospective")


class StudyParts:
    """Writes the parts of the studies of one record, and finds them again by the ids that facts use."""

    def __init__(self, out: Writer, things: Things, links: Links) -> None:
        self.out, self.things, self.links = out, things, links
        self.arms: dict[tuple[str | None, str], str] = {}
        self.groups: dict[tuple[str | None, str], tuple[str, str]] = {}  # IRI of the group, and of what stands for it as an arm
        self.measures: dict[tuple[str | None, str | None], str] = {}
        self.analyses: dict[tuple[str | None, str | None], str] = {}
        self.regimens: dict[tuple[str | None, str], str] = {}  # arm or group -> regimen key
        self.keys: list[Keys] = []  # of the arms, for the second pass
        self.labels: dict[tuple[str | None, str], str] = {}
        self.roles: dict[str, str] = {}
        self.applications: dict[str | None, str] = {}
        self.products: dict[str, str] = {}
        self.submissions: dict[str | None, str] = {}

    def kind(self, trial: Trial) -> str:
        """Class of a study: real-world where the record says so."""
        said = " ".join([trial.study_type or "", *trial.design]).casefold()
        return "RealWorldStudy" if any(word in said for word in _REAL_WORLD) else "ClinicalTrial"

    def link_arm(self, node: str, predicate: str, trial: str | None, name: str | None) -> None:
        """Link a statement to its arm: of a group the one arm that it is, else the group itself; a pooled "A1+A2" gives each."""
        if not name:
            return
        if (trial, name) in self.groups:
            group, arm = self.groups[trial, name]
            self.out.link(node, predicate, arm)
            self.out.link(node, {"arm": "group", "referenceArm": "referenceGroup"}.get(predicate, predicate), group)
            return
        for part in [name] if (trial, name) in self.arms else name.split("+"):
            if iri := self.arms.get((trial, part)):
                self.out.link(node, predicate, iri)

    def sides(self) -> dict[tuple[str | None, str], str]:
        """IRI of the arm that each arm or group id stands for."""
        return self.arms | {place: arm for place, (_, arm) in self.groups.items()}

    def names(self, trial: str | None, ids: Iterable[str]) -> list[str]:
        """What the arms are called in the source: their label or regimen, for keys and labels; never their position."""
        return ["+".join(self.labels.get((trial, part), part) for part in name.split("+")) for name in ids]

    def write(self, record: Record, trial: Trial) -> None:
        """All parts of one study."""
        for name in (trial.name, *trial.registry_ids):
            if trial.role:
                self.roles[name] = trial.role
        study = self.things.study(trial.name)
        if study is None:
            return
        for arm in trial.arms:
            self._arm(trial, study, arm)
        for group in trial.groups:
            self._group(trial, study, group)
        for measure in trial.outcome_measures:
            self._outcome_measure(trial, study, measure)
        for analysis in trial.analyses:
            self._analysis(trial, study, analysis)
        listed.write(
            self.out, self.things, trial, study, {group: iri for (name, group), (iri, _) in self.groups.items() if name == trial.name}
        )
        if trial.primary_endpoint_assessment:
            self._primary_endpoints(trial, study)

    def _key(self, trial: Trial, part: str) -> str:
        return part if self.out.record.source == "ctgov" else f"{terms.slug(trial.name)}/{part}"

    def _arm(self, trial: Trial, study: str, arm: Arm) -> None:
        label = arm.label or JOINT.join(arm.regimen) or arm.id
        registered = self.out.record.source == "ctgov"
        self.labels[trial.name, arm.id] = JOINT.join(sorted(arm.regimen)) or label
        if registered:
            iri = terms.thing("arm", f"{self.out.record.id}/{arm.id}{self.out.suffix}")
        else:
            iri = self.out.mint("arm", f"{terms.slug(trial.name)}/{terms.slug(self.labels[trial.name, arm.id])}")
        self.arms[trial.name, arm.id] = iri
        self.out.type(iri, "Arm")
        self.out.say(iri, "rdfs:label", label)
        self.out.say(iri, "armRole", arm.role)
        self.out.say(iri, "armId", arm.id)
        self.out.say(iri, "armText", arm.label)
        self.out.say(iri, "ofStudyText", trial.name)
        self.out.say(iri, "regimenText", JOINT.join(arm.regimen))
        self.out.say(iri, "dcterms:description", arm.description)
        self.out.link(iri, "armOf", study)
        self.out.link(study, "hasArm", iri)
        self.out.link(iri, "statedIn", self.out.iri)
        if regimen := self.things.regimen(arm.regimen):
            self.out.link(iri, "usesRegimen", regimen)
        if arm.regimen:
            self.regimens[trial.name, arm.id] = regimen or INACTIVE
        self.keys.append(arm_key(self.out.record, arm, iri, study, self.regimens.get((trial.name, arm.id), ""), self.links))
        self._participants(iri, arm)
        self.out.evidence(iri, arm.evidence)

    def _participants(self, iri: str, part: Arm | Group) -> None:
        if part.n is not None:
            self.out.add(iri, "participants", writer.integer(part.n))
            self.out.say(iri, "participantsText", part.printed.get("n", str(part.n)))

    def _group(self, trial: Trial, study: str, group: Group) -> None:
        iri = self.out.local("group", self._key(trial, group.id))
        self.groups[trial.name, group.id] = (iri, self.arms[trial.name, group.arms[0]] if len(group.arms) == 1 else iri)
        self.labels[trial.name, group.id] = group.label
        self.out.type(iri, "Group")
        self.out.say(iri, "rdfs:label", group.label)
        self.out.say(iri, "groupMatch", group.match)
        self.out.say(iri, "dcterms:description", group.description)
        self.out.link(iri, "ofStudy", study)
        self.out.link(iri, "statedIn", self.out.iri)
        for name in group.arms:
            self.out.link(iri, "groupOf", self.arms[trial.name, name])
        if len(group.arms) == 1 and (trial.name, group.arms[0]) in self.regimens:
            regimen = self.regimens[trial.name, group.id] = self.regimens[trial.name, group.arms[0]]
            if regimen != INACTIVE:
                self.out.link(iri, "usesRegimen", regimen)
        self._participants(iri, group)
        self.out.evidence(iri, group.evidence)

    def _outcome_measure(self, trial: Trial, study: str, measure: OutcomeMeasure) -> None:
        iri = self.out.local("outcome", self._key(trial, measure.id))
        self.measures[trial.name, measure.id] = iri
        self.out.type(iri, "OutcomeMeasure")
        self.out.say(iri, "rdfs:label", measure.title)
        self.out.say(iri, "outcomeRole", measure.role)
        self.out.say(iri, "assessedBy", measure.assessment)
        self.out.say(iri, "timeFrame", measure.time_frame)
        self.out.say(iri, "unit", measure.unit)
        self.out.say(iri, "analysisPopulation", measure.population)
        if measure.results_expected:
            self.out.add(iri, "expectedDate", writer.date(measure.results_expected))
        self.out.say(iri, "dcterms:description", measure.description)
        self.out.link(iri, "outcomeOf", study)
        self.out.link(iri, "statedIn", self.out.iri)
        if endpoint := self.things.named("endpoints", measure.endpoint or measure.title):
            self.out.link(iri, "endpoint", endpoint)
            if measure.role in {"primary", "secondary"}:
                self.out.link(study, f"{measure.role}Endpoint", endpoint)
        self.out.evidence(iri, measure.evidence)

    def _primary_endpoints(self, trial: Trial, study: str) -> None:
        """A text that names its primary endpoint's assessor defines an outcome measure."""
        for name in trial.primary_endpoints:
            iri = self.out.mint("outcome", f"{terms.slug(trial.name)}/primary-{terms.slug(name)}")
            self.out.type(iri, "OutcomeMeasure")
            self.out.say(iri, "rdfs:label", f"{name} (primary, per {trial.primary_endpoint_assessment})")
            self.out.say(iri, "outcomeRole", "primary")
            self.out.say(iri, "assessedBy", trial.primary_endpoint_assessment)
            self.out.link(iri, "outcomeOf", study)
            self.out.link(iri, "statedIn", self.out.iri)
            if endpoint := self.things.named("endpoints", name):
                self.out.link(iri, "endpoint", endpoint)
            self.out.evidence(iri, [e for e in trial.evidence if e.slot.startswith("primary_endpoint")])

    def _analysis(self, trial: Trial, study: str, analysis: Analysis) -> None:
        iri = self.out.local("analysis", self._key(trial, analysis.id))
        self.analyses[trial.name, analysis.id] = iri
        self.out.type(iri, "Analysis")
        self.out.say(iri, "rdfs:label", analysis.description or analysis.method or analysis.stage or analysis.id)
        self.out.say(iri, "stage", analysis.stage)
        self.out.say(iri, "analysisPopulation", analysis.analysis_population)
        self.out.say(iri, "test", analysis.method)
        self.out.say(iri, "hypothesis", analysis.hypothesis)
        if analysis.data_cut_off:
            self.out.add(iri, "dataCutOff", writer.date(analysis.data_cut_off))
        if analysis.median_follow_up_months is not None:
            self.out.add(iri, "medianFollowUp", writer.decimal(analysis.median_follow_up_months))
            self.out.say(iri, "medianFollowUpText", analysis.printed.get("median_follow_up_months"))
        self.out.link(iri, "analysisOf", study)
        self.out.link(iri, "statedIn", self.out.iri)
        self.out.evidence(iri, analysis.evidence)
