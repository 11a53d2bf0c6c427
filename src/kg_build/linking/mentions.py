"""Which things a record mentions, by kind: the one place that knows in which slot of which fact a name stands."""

from __future__ import annotations

from collections.abc import Iterator

from kg_build.facts import AdverseEventRate, DoseSchedule, Estimate, Record, Trial


def mentions(record: Record) -> Iterator[tuple[str, str]]:
    """Pairs of table and name as printed, every mention of a record (with repeats)."""
    for table, name in _all(record):
        if name and name.strip():
            yield table, name


def _all(record: Record) -> Iterator[tuple[str, str | None]]:
    yield from _authorities(record)
    for agent in record.agents:
        yield "agents", agent.name
        yield from (("targets", name) for name in agent.targets)
        yield from (("mechanisms", name) for name in agent.mechanisms)
        yield "organizations", agent.company
    for condition in record.conditions:
        yield from (("conditions", name) for name in (condition.name, *(one.name for one in condition.broader)))
    for trial in record.trials:
        yield from _of_trial(trial)
    for estimate in record.results:
        yield "endpoints", estimate.endpoint
    for rate in record.adverse_events:
        yield "events", rate.event
    for advice in record.recommendations:
        yield "bodies", advice.body
        yield "conditions", advice.condition
        yield from (("agents", name) for name in advice.regimen)
    for dose in record.dosing:
        yield "agents", dose.agent


def _authorities(record: Record) -> Iterator[tuple[str, str | None]]:
    for decision in record.decisions:
        yield "regulators", decision.regulator
        yield "jurisdictions", decision.jurisdiction
        yield "organizations", decision.applicant
        yield "conditions", decision.condition
        yield from (("agents", name) for names in (decision.regimen, decision.optional_agents, decision.one_of) for name in names)
    for application in record.applications:
        yield "regulators", application.authority
        yield "organizations", application.applicant
    for product in record.products:
        yield "jurisdictions", product.jurisdiction
        yield from (("agents", name) for name in product.ingredients)


def _of_trial(trial: Trial) -> Iterator[tuple[str, str | None]]:
    yield from (("conditions", name) for name in (trial.condition, *trial.conditions))
    yield from (("organizations", name) for name in (trial.sponsor, *trial.collaborators))
    yield from (("agents", name) for name in trial.interventions)
    yield from (("agents", name) for arm in trial.arms for name in arm.regimen)
    yield from (("endpoints", measure.endpoint or measure.title) for measure in trial.outcome_measures)
    yield from (
        ("endpoints", name) for names in (trial.primary_endpoints, trial.secondary_endpoints, trial.exploratory_endpoints) for name in names
    )


def study_names(record: Record) -> Iterator[str]:
    """Names and numbers by which the facts of a record speak of studies."""
    for trial in record.trials:
        yield from (trial.name, *trial.registry_ids, *([trial.acronym] if trial.acronym else []))
    for decision in record.decisions:
        yield from decision.supported_by
    facts: tuple[Estimate | AdverseEventRate | DoseSchedule, ...] = (*record.results, *record.adverse_events, *record.dosing)
    yield from (fact.trial for fact in facts if fact.trial)
