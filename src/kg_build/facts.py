"""The domain model: what one document or registry entry says, as small frozen structs.

The structs encode to the facts JSON that `kg extract` writes and are the same objects the graph is made of.
Numbers stand as numbers in their slot and, letter for letter as the source printed them, in `Fact.printed`
(`{"value": "11.1", "ci.low": "0.569", "ci.high": "0.950"}`): stores normalise literals, readers of evidence do not.

Arms, groups, outcome measures and analyses are local to their study: facts point to them by `id`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from kg_build.parts import (
    Analysis,
    Arm,
    BaselineValue,
    Evidence,
    FlowCount,
    Group,
    Intervention,
    OutcomeMeasure,
    Publication,
    Statistic,
    Struct,
)

__all__ = [
    "ACCEPTED", "KINDS", "LISTED", "AdverseEventRate", "Agent", "Analysis", "Application", "Arm", "Assertion", "BaselineValue", "Condition",
    "Decision", "Document", "DoseSchedule", "Estimate", "Evidence", "Fact", "FlowCount", "Group", "Intervention", "OutcomeMeasure",
    "Product", "Publication", "Recommendation", "Record", "Rejected", "Statistic", "Status", "Struct", "Submission", "Trial", "doubtful",
    "parted", "to_json",
]  # fmt: skip

Status = Literal[
    "approved", "accelerated-approval", "conditional-approval", "emergency-authorization", "tentative-approval", "positive-opinion",
    "negative-opinion", "submitted", "under-review", "priority-review", "complete-response", "rejected", "withdrawn", "label-expansion",
    "label-update", "label-restriction", "designation", "advisory-vote", "recommended", "not-recommended", "safety-communication",
]  # fmt: skip
Assertion = Literal["asserted", "reported", "pending", "hypothetical", "negated", "background"]


class Fact(Struct, frozen=True, kw_only=True):
    """What every statement carries: evidence, confidence 0..1, assertion, and its figures as printed (slot -> string)."""

    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0
    assertion: Assertion = "asserted"
    printed: dict[str, str] = {}


LISTED = 0.2
"""A fact less sure than this is wrong four times of five: it stands among the candidates of the facts JSON."""
ACCEPTED = 0.5
"""Plain queries on a graph see facts at least this sure; the others stand in its graph of candidates."""


def doubtful(fact: Fact, least: float = ACCEPTED) -> bool:
    """Whether a fact is a candidate only: negated, hypothetical, or less sure than asked for."""
    return fact.assertion in {"negated", "hypothetical"} or fact.confidence < least


# ---- regulators ---------------------------------------------------------------------------------------------------------------


class Decision(Fact, frozen=True, kw_only=True):
    """One act of a regulator on one regimen and one indication (marketing, opinion, HTA or designation)."""

    regulator: str | None = None
    jurisdiction: str | None = None
    decision_kind: Literal["marketing", "opinion", "hta", "designation"] | None = None
    status: Status
    designation: str | None = None
    approval_type: str | None = None
    pathway: str | None = None
    change_type: str | None = None  # "conversion", "new indication", ...
    salience: Literal["headline", "background", "pending"] | None = None
    date: str | None = None  # the decision's own date: YYYY-MM-DD, YYYY-MM or YYYY
    announced: str | None = None
    action_date: str | None = None  # PDUFA or other expected date
    date_text: str | None = None
    regimen: tuple[str, ...] = ()
    optional_agents: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    product: tuple[str, ...] = ()  # Product.id in the same record, or a brand
    application: str | None = None
    submission: str | None = None  # Submission.id in the same record
    applicant: str | None = None
    condition: str | None = None
    setting: str | None = None
    population: str | None = None
    prior_lines_min: int | None = None
    prior_therapies: tuple[str, ...] = ()
    biomarkers: tuple[str, ...] = ()
    supported_by: tuple[str, ...] = ()  # study names or ids; the role of each stands in its Study
    withdrawal_of: Literal["application", "indication", "product"] | None = None
    initiated_by: str | None = None


class Product(Fact, frozen=True, kw_only=True):
    """What is marketed: a brand, its ingredients (one tuple a product, never merged), form and route."""

    id: str  # the authority's own number
    brand: str | None = None
    ingredients: tuple[str, ...] = ()
    form: str | None = None
    route: str | None = None
    strength: str | None = None
    jurisdiction: str | None = None
    application: str | None = None
    marketing_status: str | None = None


class Application(Fact, frozen=True, kw_only=True):
    """A dossier at an authority: NDA, BLA, EMEA/H/C/..."""

    id: str  # as the authority numbers it
    authority: str
    application_type: str | None = None
    applicant: str | None = None


class Submission(Fact, frozen=True, kw_only=True):
    """One submission under an application: original, supplement, with its own status and date."""

    id: str  # "SUPPL-5", unique within its application
    application: str
    submission_type: str | None = None
    submission_number: str | None = None
    submission_class: str | None = None
    submission_status: str | None = None
    date: str | None = None
    review_priority: str | None = None


# ---- things named by a text -------------------------------------------------------------------------------------------------------


class Agent(Fact, frozen=True, kw_only=True):
    """What a record says of one active substance."""

    name: str
    full_name: str | None = None  # with the FDA suffix: isatuximab-irfc
    brands: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()  # code names
    other_names: tuple[str, ...] = ()  # further names that a vocabulary lists
    identifiers: tuple[str, ...] = ()  # "unii:R30772KCU0", "drugbank:DB14811", "atc:L01FC02"
    agent_type: str | None = None
    targets: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    mechanism_text: str | None = None
    company: str | None = None


class Concept(Struct, frozen=True, kw_only=True):
    """A disease that an entry of a vocabulary points to: named and identified as in its own entry there."""

    name: str
    identifiers: tuple[str, ...] = ()


class Condition(Fact, frozen=True, kw_only=True):
    """What a vocabulary says of one disease: its names, its identifiers and what it is a kind of."""

    name: str
    other_names: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()  # "doid:9538", "ncit:C3242", "oncotree:PCM"
    broader: tuple[Concept, ...] = ()  # in the same vocabulary


# ---- studies ----------------------------------------------------------------------------------------------------------------------


class Trial(Fact, frozen=True, kw_only=True):
    """What a record says of one study (clinical trial or real-world study)."""

    name: str
    registry_ids: tuple[str, ...] = ()
    former_ids: tuple[str, ...] = ()  # those of them that the registry gave up for the one it has now
    acronym: str | None = None
    title: str | None = None
    study_type: str | None = None  # interventional, observational, real-world, expanded access
    phase: str | None = None  # "3", "1/2"
    design: tuple[str, ...] = ()
    role: Literal["pivotal", "bridging", "supporting", "confirmatory"] | None = None
    condition: str | None = None
    conditions: tuple[str, ...] = ()  # registries list several
    population: str | None = None
    prior_lines_min: int | None = None
    enrollment: int | None = None
    country: str | None = None
    status: str | None = None
    start_date: str | None = None
    primary_completion_date: str | None = None
    completion_date: str | None = None
    sponsor: str | None = None
    collaborators: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    arms: tuple[Arm, ...] = ()
    groups: tuple[Group, ...] = ()
    outcome_measures: tuple[OutcomeMeasure, ...] = ()
    analyses: tuple[Analysis, ...] = ()
    registered_interventions: tuple[Intervention, ...] = ()
    publications: tuple[Publication, ...] = ()
    baseline: tuple[BaselineValue, ...] = ()
    flow: tuple[FlowCount, ...] = ()
    primary_endpoints: tuple[str, ...] = ()
    primary_endpoint_assessment: str | None = None
    secondary_endpoints: tuple[str, ...] = ()
    exploratory_endpoints: tuple[str, ...] = ()
    median_follow_up_months: float | None = None
    inclusion: tuple[str, ...] = ()
    exclusion: tuple[str, ...] = ()
    # what registries add
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    condition_terms: tuple[str, ...] = ()  # headings that the registry derived from the conditions
    condition_ids: tuple[str, ...] = ()  # their identifiers: "mesh:D009101"
    intervention_terms: tuple[str, ...] = ()
    intervention_ids: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    removed_countries: tuple[str, ...] = ()
    sex: str | None = None
    minimum_age: str | None = None  # "18 Years"
    maximum_age: str | None = None
    age_groups: tuple[str, ...] = ()  # child, adult, older adult
    healthy_volunteers: bool | None = None
    enrollment_type: str | None = None  # actual, estimated
    start_date_type: str | None = None
    primary_completion_date_type: str | None = None
    completion_date_type: str | None = None
    first_submitted: str | None = None
    first_posted: str | None = None
    results_submitted: str | None = None
    results_posted: str | None = None
    last_updated: str | None = None
    verified: str | None = None
    last_known_status: str | None = None
    why_stopped: str | None = None
    expanded_access: str | None = None
    sponsor_class: str | None = None
    oversight: tuple[str, ...] = ()  # "data monitoring committee", "FDA-regulated drug"
    adverse_event_time_frame: str | None = None
    adverse_event_threshold: str | None = None  # percent from which other events are listed
    adverse_event_note: str | None = None
    limitations: str | None = None


class Estimate(Fact, frozen=True, kw_only=True):
    """One reported figure of one endpoint: of an arm, or of a comparison (arm, reference arm)."""

    trial: str | None = None
    endpoint: str
    statistic: Statistic
    arm: str | None = None  # Arm.id or Group.id of the same record; pooled arms of a text: "A1+A2"
    comparison: tuple[str, ...] | None = None
    value: float | Literal["NR", "NE"] | None = None
    unit: str | None = None
    ci_level: float | None = None
    ci: tuple[float | str | None, float | str | None] | None = None
    ci_sided: int | None = None
    p: str | None = None
    p_sided: int | None = None
    p_test: str | None = None
    range: tuple[float | str | None, float | str | None] | None = None
    timepoint: str | None = None
    population: str | None = None
    assessment: str | None = None
    n: int | None = None
    outcome: str | None = None  # in words, when no figure is given
    outcome_measure: str | None = None  # OutcomeMeasure.id
    analysis: str | None = None  # Analysis.id
    dispersion: str | None = None  # what `range` is: "standard deviation", "full range", ...
    category: str | None = None  # class or category of a registry row: "Month 12", "Complete response"


class AdverseEventRate(Fact, frozen=True, kw_only=True):
    """How many participants of one arm had one adverse event."""

    trial: str | None = None
    event: str
    grade: str | None = None
    arm: str | None = None
    percent: float | None = None
    count: int | None = None
    n: int | None = None
    organ_system: str | None = None
    events: int | None = None  # how often it happened, to whomever


class Recommendation(Fact, frozen=True, kw_only=True):
    """A guideline body's recommendation of one regimen."""

    body: str
    body_name: str | None = None
    regimen: tuple[str, ...] = ()
    condition: str | None = None
    setting: str | None = None
    biomarkers: tuple[str, ...] = ()
    category: str | None = None
    preferred: bool | None = None
    version: str | None = None


class DoseSchedule(Fact, frozen=True, kw_only=True):
    """Dose, route and schedule of one agent in one arm."""

    trial: str | None = None
    arm: str | None = None
    agent: str
    dose: str | None = None
    route: str | None = None
    schedule: str | None = None


# ---- records ----------------------------------------------------------------------------------------------------------------------


class Document(Struct, frozen=True, kw_only=True):
    """What the record is: an article or a registry entry, when it was published and under what licence."""

    title: str | None = None
    published: str | None = None  # YYYY-MM-DD
    publisher: str | None = None
    sha256: str
    url: str | None = None
    license: str | None = None
    note: str | None = None  # "hand-made", ...
    version: str | None = None  # of the source's own data: a day, a release


class Record(Struct, frozen=True, kw_only=True):
    """The facts of one document or registry entry. `source` and `id` name it for good; the path never does."""

    source: str
    id: str
    document: Document
    known_at: str | None = None  # when the world could know it; None is unknown, never "now"
    text: str | None = None  # main text, for texts only; not part of the facts JSON
    sentences: tuple[tuple[int, int], ...] = ()  # [start, end) of its sentences
    decisions: tuple[Decision, ...] = ()
    agents: tuple[Agent, ...] = ()
    trials: tuple[Trial, ...] = ()
    results: tuple[Estimate, ...] = ()
    adverse_events: tuple[AdverseEventRate, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    dosing: tuple[DoseSchedule, ...] = ()
    products: tuple[Product, ...] = ()
    applications: tuple[Application, ...] = ()
    submissions: tuple[Submission, ...] = ()
    conditions: tuple[Condition, ...] = ()
    vocabulary: bool = False  # one of very many names: it enters a graph that speaks of what it names
    ignored: dict[str, int] = {}  # unmapped fields met, with counts


class Rejected(Struct, frozen=True, kw_only=True):
    """A record that could not be read: kept, counted and reported, never dropped in silence."""

    source: str
    where: str  # file and place in it
    reason: str
    sha256: str


KINDS: dict[str, type[Fact]] = {
    "decisions": Decision,
    "agents": Agent,
    "trials": Trial,
    "results": Estimate,
    "adverse_events": AdverseEventRate,
    "recommendations": Recommendation,
    "dosing": DoseSchedule,
    "products": Product,
    "applications": Application,
    "submissions": Submission,
    "conditions": Condition,
}
"""List name in the facts JSON -> its struct."""


def to_json(record: Record) -> bytes:
    """The facts file of a record (see docs/facts.md): the document, one list a kind, and the candidates apart; without the text."""
    lists, candidates = parted({kind: getattr(record, kind) for kind in KINDS})
    file = {"document": record.document, **lists} | ({"candidates": candidates} if candidates else {})
    return msgspec.json.format(msgspec.json.encode(file), indent=1)


def parted(lists: Mapping[str, Sequence[Fact]]) -> tuple[dict[str, list[Fact]], dict[str, list[Fact]]]:
    """The facts by kind, and apart from them the candidates: negated, hypothetical or hardly sure. Kinds without facts are left out."""
    plain = {kind: [fact for fact in facts if not doubtful(fact, LISTED)] for kind, facts in lists.items()}
    candidates = {kind: [fact for fact in facts if doubtful(fact, LISTED)] for kind, facts in lists.items()}
    return {kind: facts for kind, facts in plain.items() if facts}, {kind: facts for kind, facts in candidates.items() if facts}
