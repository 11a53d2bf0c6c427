"""Adverse events: serious and other events and the totals, per group -> facts.AdverseEventRate."""

from __future__ import annotations

from collections.abc import Iterator

from kg_build.facts import AdverseEventRate, Evidence
from kg_build.sources.ctgov import layout
from kg_build.sources.ctgov.groups import EVENTS, Groups

SERIOUS = "serious"
OTHER = "other"  # the registry's "other (not including serious)": more than non-serious grades of the text, less than any
TOTALS = (
    ("deaths", "All-cause mortality", None),
    ("serious", "Any serious adverse event", SERIOUS),
    ("other", "Any other adverse event (not including serious)", OTHER),
)
"""Totals of a group: key, what is counted, grade. Deaths of any cause are no grade of an adverse event."""


def adverse_events(trial: str, module: layout.AdverseEvents, groups: Groups) -> Iterator[AdverseEventRate]:
    """Totals first, then each serious and each other event of each group, rows with 0 included."""
    for place, group in enumerate(module.event_groups):
        yield from _totals(trial, group, groups.find("events", group.id), f"{EVENTS}/eventGroups/{place}")
    for key, grade, events in (("seriousEvents", SERIOUS, module.serious_events), ("otherEvents", OTHER, module.other_events)):
        for e, event in enumerate(events):
            for s, row in enumerate(event.stats):
                path = f"{EVENTS}/{key}/{e}/stats/{s}"
                arm = groups.find("events", row.group_id)
                figures = row.num_affected, row.num_at_risk, row.num_events
                yield _rate(trial, event.term or "x", grade, arm, figures, path, event.organ_system)


def _totals(trial: str, group: layout.EventGroup, arm: str | None, path: str) -> Iterator[AdverseEventRate]:
    for key, event, grade in TOTALS:
        figures = getattr(group, f"{key}_num_affected"), getattr(group, f"{key}_num_at_risk"), None
        if figures != (None, None, None):
            present = "NumAffected" if figures[0] is not None else "NumAtRisk"
            yield _rate(trial, event, grade, arm, figures, f"{path}/{key}{present}", None)


def _rate(
    trial: str, event: str, grade: str | None, arm: str | None, figures: tuple[int | None, ...], path: str, organ: str | None
) -> AdverseEventRate:
    affected, at_risk, happened = figures
    printed = {slot: str(figure) for slot, figure in zip(("count", "n", "events"), figures, strict=True) if figure is not None}
    return AdverseEventRate(
        trial=trial,
        event=event,
        grade=grade,
        arm=arm,
        count=affected,
        n=at_risk,
        events=happened,
        organ_system=organ,
        evidence=(Evidence(slot="count", path=path),),
        printed=printed,
    )
