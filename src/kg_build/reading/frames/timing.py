"""When a decision was told and, where no date is printed, in which words its time is."""

from __future__ import annotations

import msgspec

from kg_build.facts import Decision
from kg_build.reading.context import Reading
from kg_build.reading.dates import relative_date


def timed(reading: Reading, decision: Decision) -> Decision:
    """The decision with the day of its text, where it is what the text announces, and with words like "three years ago"."""
    if decision.salience == "headline" and reading.said:
        evidence = (*decision.evidence, reading.evidence("announced", reading.said.span))
        decision = msgspec.structs.replace(decision, announced=reading.said.iso, evidence=evidence)
    status = next((e for e in decision.evidence if e.slot == "status"), None)
    if decision.date or decision.date_text or decision.action_date or status is None:
        return decision
    unit = reading.document.units[reading.document.unit_at(status.start or 0)]
    if span := relative_date(reading.text, *unit):
        evidence = (*decision.evidence, reading.evidence("date_text", span))
        decision = msgspec.structs.replace(decision, date_text=reading.text[span[0] : span[1]], evidence=evidence)
    return decision
