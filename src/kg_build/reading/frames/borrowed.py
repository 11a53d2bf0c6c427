"""The diseases of decisions whose own sentence names none: from the entry they stand in, from a later telling, from the whole text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.alike import Diseases
from kg_build.reading.frames.drafts import Draft
from kg_build.reading.frames.uses import ANY_CANCER, disease_of
from kg_build.reading.indications import Indication, read_heading, read_indication
from kg_build.reading.patterns import lazy

_VERB = lazy(
    r"(?<!who\s)(?<!that\s)(?<!which\s)(?<!whose\s)\b(?:is|are|was|were|has|have|had|will|may|said|says|showed|shows|reported"
    r"|based|trial|study|patients\swho\sreceived|compared|versus|data)\b"
)
_ANOTHER_ACT = lazy(r"\b(?:approv\w+|clear(?:s|ed)|grant\w*|reject\w*|recommend\w*|authori[sz]e[sd])\b")
_OF_RISKS = ("label-update", "label-restriction", "safety-communication")
"""What speaks of the harm a product does: the disease named need not be the one it is for."""
_APPOSED = lazy(r"\)?[,;:–—-]\s?")
_ENTRY = 160
"""An entry of a list is told in fragments no longer than this: "NOC issued 2026-01-22. Relapsed acute myeloid leukemia in adults." """


def with_diseases(reading: Reading, drafts: list[Draft]) -> list[Draft]:
    """The drafts, each with a disease where the text gives one."""
    found = [draft if draft.indication else replace(draft, indication=_of_entry(reading, draft)) for draft in drafts]
    return _of_whole_text(reading, _of_later(found))


def _of_entry(reading: Reading, draft: Draft) -> Indication | None:
    start, end = reading.document.units[draft.unit]
    if end - start > _ENTRY or _VERB.search(reading.text, start, end):
        return None
    behind = max(draft.regimen.span[1], draft.act.span[1]) if start <= draft.regimen.span[0] < end else end
    own = read_heading(reading, behind, end) if _APPOSED.match(reading.text, behind, end) else None
    return own or next((told for a, b in _fragments(reading, draft.unit) if (told := _fragment(reading, a, b))), None)


def _fragments(reading: Reading, unit: int) -> Iterator[Span]:
    """The other short pieces of the same paragraph, those behind first."""
    units = reading.document.units
    paragraph = reading.document.paragraph_at(units[unit][0])
    near = [*range(unit + 1, min(len(units), unit + 3)), *range(unit - 1, max(-1, unit - 3), -1)]
    yield from (units[i] for i in near if reading.document.paragraph_at(units[i][0]) == paragraph)


def _fragment(reading: Reading, start: int, end: int) -> Indication | None:
    if end - start > 2 * _ENTRY or _VERB.search(reading.text, start, end) or _ANOTHER_ACT.search(reading.text, start, end):
        return None
    return read_indication(reading, start, end) or read_heading(reading, start, end)


def _of_later(drafts: list[Draft]) -> list[Draft]:
    """That of the next draft on the same agent: headlines tell less than what follows."""
    found = list(drafts)
    later: dict[str, Indication] = {}
    for i in range(len(found) - 1, -1, -1):
        draft = found[i]
        if draft.indication is None and (indication := later.get(draft.regimen.names[0])):
            found[i] = replace(draft, indication=disease_of(indication))
        elif draft.indication is not None:
            later[draft.regimen.names[0]] = draft.indication
    return found


def _of_whole_text(reading: Reading, drafts: list[Draft]) -> list[Draft]:
    """The only disease that a text on one product speaks of."""
    if all(draft.indication for draft in drafts) or len({draft.regimen.names[0] for draft in drafts}) > 1:
        return drafts
    named = [m for m in reading.mentions.all("condition") if not ANY_CANCER.fullmatch(m.name)]
    longest = max(named, key=lambda m: len(m.name), default=None)
    diseases = Diseases(reading)
    if longest is None or not all(diseases.alike(m.name, longest.name) for m in named):
        return drafts
    only = disease_of(read_heading(reading, longest.start, longest.end))
    return [draft if draft.indication or draft.act.status in _OF_RISKS else replace(draft, indication=only) for draft in drafts]
