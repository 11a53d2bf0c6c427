"""Whether two statements tell of one act of a regulator, could do so, or contradict each other. Rules: docs/identity.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

import msgspec

from kg_build.rdf.keys import EventKey

DECISION_DAYS, ANNOUNCED_DAYS, RECENT_DAYS = 3, 14, 60

Firmness = Literal["firm", "maybe", "twin"]
"""Both tell the day; one does; none does."""


class Verdict(NamedTuple):
    """That two statements meet: how surely, with the one contradiction they tolerate, and how much they agree in."""

    firmness: Firmness
    problem: str
    rank: int


def verdict(a: EventKey, b: EventKey) -> Verdict | None:
    """How two statements meet; None where they are two acts."""
    if a.record == b.record:  # a record that says one thing twice means one act; what differs in anything is another
        return Verdict("firm", "", 64) if day_of(a) and _said(a) == _said(b) else None
    if _apart(a, b) or (kinship := _regimens(a, b)) is None:
        return None
    problems = [text for text in (_conditions(a, b), _dates(a, b), *_coded(a, b)) if text]
    firmness: Firmness = "firm" if day_of(a) and day_of(b) else "maybe" if day_of(a) or day_of(b) else "twin"
    if firmness != "firm" and not _told_alike(a, b, kinship):
        return None
    if problems and not (firmness == "firm" and len(problems) == 1 and _outweighed(a, b, problems[0], kinship)):
        return None
    return Verdict(firmness, "".join(problems), _agreement(a, b, kinship))


def _said(key: EventKey) -> EventKey:
    return msgspec.structs.replace(key, statement="", label="")


# ---- what keeps apart --------------------------------------------------------------------------------------------------------------


def _apart(a: EventKey, b: EventKey) -> bool:
    """Whether two statements are of two acts, whatever else agrees."""
    if a.application and b.application and a.application != b.application:
        return True
    if a.submission and b.submission:  # two submissions of one dossier are two acts, two accounts of one are one
        return (a.regulator, a.application, a.submission) != (b.regulator, b.application, b.submission)
    if a.kind and b.kind and a.kind != b.kind:
        return True
    if {a.status, b.status} in _TWO_ACTS or "tentative-approval" in {a.status, b.status} != {"tentative-approval"}:
        return True
    same_number = a.application is not None and a.application == b.application
    return not (a.told or b.told or same_number or _same_product(a, b))


def _same_product(a: EventKey, b: EventKey) -> bool:
    """What registries list under different brands are different products, whatever is in them; within one, different holders too."""
    if a.brands and b.brands and not _same_brand(a, b):
        return False
    return _source(a) != _source(b) or (a.holder == b.holder and bool(a.holder or (a.brands and b.brands)))


_TWO_ACTS = ({"positive-opinion", "negative-opinion"}, {"submitted", "priority-review"})


def _source(key: EventKey) -> str:
    return key.record.partition("/")[0]


def _same_brand(a: EventKey, b: EventKey) -> bool:
    """One brand, or one the beginning of the other: "Humalog" and "Humalog KwikPen"."""
    words = [(x.split(), y.split()) for x in a.brands for y in b.brands]
    return any(x[: len(y)] == y or y[: len(x)] == x for x, y in words)


# ---- regimens and conditions -------------------------------------------------------------------------------------------------------

Kinship = Literal["equal", "product", "less"]
"""The same agents; a product-level act on some of them; fewer agents told of the same use."""


def _regimens(a: EventKey, b: EventKey) -> Kinship | None:
    if not a.agents or not b.agents:  # of unknown agents only the dossier tells
        return "equal" if a.application is not None and a.application == b.application else None
    if a.agents == b.agents:
        return "equal"
    for x, y in ((a, b), (b, a)):
        if x.condition is None and set(x.agents) < set(y.agents) and (not y.lead or y.lead in x.agents):
            return "product"
    named = [{agent for agent in key.agents if not agent.startswith(("class:", "("))} for key in (a, b)]
    told_less = named[0] <= named[1] or named[1] <= named[0]
    same_use = a.condition is not None and a.condition == b.condition and a.lead is not None and a.lead == b.lead
    return "less" if told_less and all(named) and same_use else None


def _conditions(a: EventKey, b: EventKey) -> str:
    return "" if related(a, b) else f"condition: {a.condition} / {b.condition}"


def related(a: EventKey, b: EventKey) -> bool:
    """Whether two conditions are equal, one is above the other, or one is not told."""
    return a.condition is None or b.condition is None or a.condition == b.condition or _above(a, b) or _above(b, a)


def _above(a: EventKey, b: EventKey) -> bool:
    return a.condition in b.ancestors


# ---- coded slots -------------------------------------------------------------------------------------------------------------------

_UNTREATED = frozenset({"first-line", "newly-diagnosed", "previously-untreated"})
_TREATED = frozenset(
    (
        "second-line", "third-line", "fourth-line", "second-line-or-later", "third-line-or-later", "second-or-third-line", "later-line",
        "relapsed", "refractory", "previously-treated", "progressed-after-prior-therapy", "progressed-after-platinum",
    )
)  # fmt: skip
_OPERATED = frozenset({"adjuvant", "neoadjuvant", "perioperative", "extended-adjuvant"})
_SPREAD = frozenset({"metastatic", "advanced", "unresectable", "maintenance", "stage-iv"})
_OPPOSED = (
    (_UNTREATED, _TREATED),
    (_OPERATED, _SPREAD),
    (frozenset({"adjuvant"}), frozenset({"neoadjuvant"})),
    (frozenset({"castration-resistant"}), frozenset({"castration-sensitive"})),
    (frozenset({"platinum-resistant"}), frozenset({"platinum-sensitive"})),
    (frozenset({"transplant-eligible"}), frozenset({"transplant-ineligible"})),
    (frozenset({"extensive-stage"}), frozenset({"limited-stage"})),
)
_PEOPLE = ((frozenset({"adult"}), frozenset({"pediatric"})), (frozenset({"men"}), frozenset({"women"})))


def _coded(a: EventKey, b: EventKey) -> Iterator[str]:
    """Coded slots that contradict; a slot filled on one side only contradicts nothing, nor do words that can both be true."""
    if a.prior_lines is not None and b.prior_lines is not None and a.prior_lines != b.prior_lines:
        yield f"prior lines: {a.prior_lines} / {b.prior_lines}"
    elif _opposed(_settings(a), _settings(b), _OPPOSED):
        yield f"setting: {', '.join(a.settings) or 'treated before'} / {', '.join(b.settings) or 'treated before'}"
    if _opposed(set(a.populations), set(b.populations), _PEOPLE):
        yield f"population: {', '.join(a.populations)} / {', '.join(b.populations)}"
    if a.biomarkers and b.biomarkers and _other_markers(a.biomarkers, b.biomarkers):
        yield f"biomarkers: {', '.join(a.biomarkers)} / {', '.join(b.biomarkers)}"


def _settings(key: EventKey) -> set[str]:
    """Setting codes, those joined by "or" as each of them; after so many lines of therapy nobody is untreated."""
    codes = {part for code in key.settings for part in code.split("-or-")} | set(key.settings)
    return codes | ({"previously-treated"} if key.prior_lines else set())


def _opposed(a: set[str], b: set[str], sides: tuple[tuple[frozenset[str], frozenset[str]], ...]) -> bool:
    """Whether one statement is wholly on one side of a distinction, and the other on the other."""
    return any((a & x and b & y and not a & y and not b & x) or (a & y and b & x and not a & x and not b & y) for x, y in sides)


_SIGN = re.compile(r"^no\b|\bnegative\b|\bwild[ -]type\b", re.IGNORECASE)
_PLAIN = frozenset(
    "no positive negative mutation mutations mutated fusion fusions expressing overexpressing overexpression type wild gene tumor "
    "exon aberration aberrations genomic alteration alterations rearrangement high low sensitizing activating and or of the".split()
)


def _markers(printed: tuple[str, ...]) -> dict[str, bool]:
    """Names of markers -> whether they must be absent."""
    return {
        word: bool(_SIGN.search(marker))
        for marker in printed
        for word in re.findall(r"[\w.]+", marker.casefold().replace("-", " "))
        if word not in _PLAIN
    }


def _other_markers(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    first, second = _markers(a), _markers(b)
    if not first or not second:  # "mutation" alone names no marker
        return False
    shared = first.keys() & second.keys()
    return not shared or all(first[word] != second[word] for word in shared)


# ---- dates -------------------------------------------------------------------------------------------------------------------------


def day_of(key: EventKey) -> date | None:
    """The day of the act, or of its announcement, where it is told to the day."""
    return day(key.date) or (day(key.announced) if key.date is None else None)


def day(text: str | None) -> date | None:
    """A whole date; None for a month, a year or nothing."""
    try:
        return date.fromisoformat(text) if text and len(text) == 10 else None
    except ValueError:
        return None


def _dates(a: EventKey, b: EventKey) -> str:
    first, second = a.date or a.announced, b.date or b.announced
    if not first or not second:
        late = next((key for key in (a, b) if not (key.date or key.announced)), a)
        other = b if late is a else a
        return f"date: after {late.known}" if _later(other, late.known) else ""
    days = DECISION_DAYS if a.date and b.date else ANNOUNCED_DAYS
    return "" if near(first, second, days) else f"date: {first} / {second}"


def _later(key: EventKey, known: str | None) -> bool:
    """Whether an act is later than the record that is to tell of it."""
    told = key.date or key.announced
    if not told or not known:
        return False
    length = min(len(told), len(known))
    return told[:length] > known[:length]


def near(a: str, b: str, days: int) -> bool:
    """Within so many days at the coarser of the two precisions.

    >>> near("2021-03", "2021-03-31", 3), near("2021-03-28", "2021-04-01", 3)
    (True, False)
    """
    length = min(len(a), len(b))
    if length < 10:
        return a[:length] == b[:length]
    first, second = day(a), day(b)
    return first is not None and second is not None and abs((first - second).days) <= days


def recent(undated: EventKey, dated: EventKey) -> bool:
    """Whether a record was published within 60 days after an act."""
    published, acted = day(undated.known), day_of(dated)
    return published is not None and acted is not None and 0 <= (published - acted).days <= RECENT_DAYS


# ---- how far they agree ------------------------------------------------------------------------------------------------------------


def _told_alike(a: EventKey, b: EventKey, kinship: Kinship) -> bool:
    """What statements need to share where a day does not bind them: the same use, or the same month or year, or recent news."""
    if a.date and b.date:  # a month or a year on one side
        return True
    undated, dated = (b, a) if day_of(a) else (a, b)
    if day_of(dated) and recent(undated, dated):
        return kinship != "less"
    return kinship == "equal" and a.condition is not None and a.condition == b.condition and _as_specific(a, b)


def _as_specific(a: EventKey, b: EventKey) -> bool:
    """Whether two uses share a setting, a marker or the lines before, or one of them tells none of these."""
    slots = [(_settings(key), set(_markers(key.biomarkers)), {key.prior_lines} - {None}) for key in (a, b)]
    return any(x & y for x, y in zip(*slots, strict=True)) or not any(slots[0]) or not any(slots[1])


def _outweighed(a: EventKey, b: EventKey, problem: str, kinship: Kinship) -> bool:
    """Whether one contradiction is a disagreement on one act: of one dossier, or of one day, regimen and condition."""
    if a.application is not None and a.application == b.application:
        return not problem.startswith("date") or (a.change == b.change == "original")
    return kinship == "equal" and a.condition is not None and a.condition == b.condition and a.date is not None and a.date == b.date


def _agreement(a: EventKey, b: EventKey, kinship: Kinship) -> int:
    """How much two statements have in common: the more, the sooner they are put together."""
    return (
        8 * (a.application is not None and a.application == b.application)
        + 4 * (kinship == "equal")
        + 4 * (a.condition is not None and a.condition == b.condition)
        + 2 * (a.date is not None and a.date == b.date)
        + 2 * bool(set(a.biomarkers) & set(b.biomarkers))
        + 2 * (a.settings == b.settings)
        + (a.status == b.status)
        + (a.prior_lines == b.prior_lines)
        + bool(a.brands and b.brands and _same_brand(a, b))
    )
