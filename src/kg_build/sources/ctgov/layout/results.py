"""The results section: what was reported."""

from __future__ import annotations

from kg_build.sources.ctgov.layout.base import Part


class Group(Part, frozen=True, kw_only=True):
    """A reported group; its id (FG000, OG000) is local to its section or outcome measure."""

    id: str | None = None
    title: str | None = None
    description: str | None = None


class Achievement(Part, frozen=True, kw_only=True):
    """Participants of a group at a milestone."""

    group_id: str | None = None
    num_subjects: str | None = None
    comment: str | None = None


class Milestone(Part, frozen=True, kw_only=True):
    """STARTED, COMPLETED..."""

    type: str | None = None
    comment: str | None = None
    achievements: tuple[Achievement, ...] = ()


class DropWithdraw(Part, frozen=True, kw_only=True):
    """Why participants left a period."""

    type: str | None = None
    comment: str | None = None
    reasons: tuple[Achievement, ...] = ()


class Period(Part, frozen=True, kw_only=True):
    """A period of the participant flow."""

    title: str | None = None
    milestones: tuple[Milestone, ...] = ()
    drop_withdraws: tuple[DropWithdraw, ...] = ()


class Flow(Part, frozen=True, kw_only=True):
    """Participant flow."""

    groups: tuple[Group, ...] = ()
    periods: tuple[Period, ...] = ()


class Count(Part, frozen=True, kw_only=True):
    """A denominator of one group."""

    group_id: str | None = None
    value: str | None = None


class Denominator(Part, frozen=True, kw_only=True):
    """Denominators in one unit (participants, eyes...)."""

    units: str | None = None
    counts: tuple[Count, ...] = ()


class Measurement(Part, frozen=True, kw_only=True):
    """One figure of one group."""

    group_id: str | None = None
    value: str | None = None
    spread: str | None = None
    lower_limit: str | None = None
    upper_limit: str | None = None
    comment: str | None = None


class Category(Part, frozen=True, kw_only=True):
    """A row: "Complete response"."""

    title: str | None = None
    measurements: tuple[Measurement, ...] = ()


class Class(Part, frozen=True, kw_only=True):
    """A block of rows: "Month 12"."""

    title: str | None = None
    denoms: tuple[Denominator, ...] = ()
    categories: tuple[Category, ...] = ()


class BaselineMeasure(Part, frozen=True, kw_only=True):
    """A characteristic of the participants at the start."""

    title: str | None = None
    description: str | None = None
    population_description: str | None = None
    param_type: str | None = None
    dispersion_type: str | None = None
    unit_of_measure: str | None = None
    denoms: tuple[Denominator, ...] = ()
    classes: tuple[Class, ...] = ()


class Baseline(Part, frozen=True, kw_only=True):
    """Baseline characteristics."""

    population_description: str | None = None
    groups: tuple[Group, ...] = ()
    denoms: tuple[Denominator, ...] = ()
    measures: tuple[BaselineMeasure, ...] = ()


class Analysis(Part, frozen=True, kw_only=True):
    """A statistical analysis of one outcome measure."""

    group_ids: tuple[str, ...] = ()
    group_description: str | None = None
    param_type: str | None = None
    param_value: str | None = None
    dispersion_type: str | None = None
    dispersion_value: str | None = None
    statistical_method: str | None = None
    statistical_comment: str | None = None
    p_value: str | None = None
    p_value_comment: str | None = None
    ci_num_sides: str | None = None
    ci_pct_value: str | None = None
    ci_lower_limit: str | None = None
    ci_upper_limit: str | None = None
    ci_lower_limit_comment: str | None = None
    ci_upper_limit_comment: str | None = None
    estimate_comment: str | None = None
    non_inferiority_type: str | None = None
    non_inferiority_comment: str | None = None
    other_analysis_description: str | None = None


class Outcome(Part, frozen=True, kw_only=True):
    """A reported outcome measure."""

    type: str | None = None
    title: str | None = None
    description: str | None = None
    population_description: str | None = None
    param_type: str | None = None
    dispersion_type: str | None = None
    unit_of_measure: str | None = None
    time_frame: str | None = None
    anticipated_posting_date: str | None = None
    groups: tuple[Group, ...] = ()
    denoms: tuple[Denominator, ...] = ()
    classes: tuple[Class, ...] = ()
    analyses: tuple[Analysis, ...] = ()


class ReportedOutcomes(Part, frozen=True, kw_only=True):
    """Reported outcome measures."""

    outcome_measures: tuple[Outcome, ...] = ()


class EventGroup(Part, frozen=True, kw_only=True):
    """A group of the adverse-event section, with its totals."""

    id: str | None = None
    title: str | None = None
    description: str | None = None
    deaths_num_affected: int | None = None
    deaths_num_at_risk: int | None = None
    serious_num_affected: int | None = None
    serious_num_at_risk: int | None = None
    other_num_affected: int | None = None
    other_num_at_risk: int | None = None


class EventCount(Part, frozen=True, kw_only=True):
    """One event in one group."""

    group_id: str | None = None
    num_events: int | None = None
    num_affected: int | None = None
    num_at_risk: int | None = None


class Event(Part, frozen=True, kw_only=True):
    """One adverse event."""

    term: str | None = None
    organ_system: str | None = None
    stats: tuple[EventCount, ...] = ()


class AdverseEvents(Part, frozen=True, kw_only=True):
    """Adverse events."""

    frequency_threshold: str | None = None
    time_frame: str | None = None
    description: str | None = None
    all_cause_mortality_comment: str | None = None
    event_groups: tuple[EventGroup, ...] = ()
    serious_events: tuple[Event, ...] = ()
    other_events: tuple[Event, ...] = ()


class Limitations(Part, frozen=True, kw_only=True):
    """What the registrant warns of."""

    description: str | None = None


class MoreInfo(Part, frozen=True, kw_only=True):
    """Remarks on the results."""

    limitations_and_caveats: Limitations = Limitations()


class Results(Part, frozen=True, kw_only=True):
    """What was reported."""

    participant_flow_module: Flow = Flow()
    baseline_characteristics_module: Baseline = Baseline()
    outcome_measures_module: ReportedOutcomes = ReportedOutcomes()
    adverse_events_module: AdverseEvents = AdverseEvents()
    more_info_module: MoreInfo = MoreInfo()
