"""The second pass: where statements of different records meet, in regulatory events and in findings.

What a record says is never merged; statements point to what they report (`kg:reports`). The pass is one sort and group over key
lines, the same for any number of records; the order of arrival does not matter. Rules and tolerances: docs/identity.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from kg_build.meetings.events import Events
from kg_build.meetings.findings import equal_as_printed, findings_of
from kg_build.meetings.quads import Quad
from kg_build.meetings.studies import account_conflicts, arm_quads, same_arms
from kg_build.rdf.keys import ArmKey, EventKey, FindingKey, Keys, StudyKey

__all__ = ["equal_as_printed", "meet"]


def meet(blocks: Iterable[tuple[str, Keys]]) -> Iterator[Quad]:
    """Quads of all events, findings and conflicts, from key lines sorted by block."""
    events = Events()
    arms: dict[str, str] = {}  # arms of all studies come before their figures: blocks are sorted
    for _, group in groupby(blocks, key=lambda pair: pair[0]):
        keys = sorted((key for _, key in group), key=lambda key: key.statement)
        same = same_arms([key for key in keys if isinstance(key, ArmKey)])
        yield from arm_quads(same)
        arms |= same
        yield from findings_of([key for key in keys if isinstance(key, FindingKey)], arms)
        yield from account_conflicts([key for key in keys if isinstance(key, StudyKey)])
        events.add([key for key in keys if isinstance(key, EventKey)])
    yield from events.quads()
