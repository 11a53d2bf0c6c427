"""Regimens as guidelines list them: "A, B or C" are three, "A, B and C" one or three, "A with either B or C" two.

What tells partners from alternatives is the joint, else whether the agents are of one class: two ALK inhibitors are never given together,
a proteasome inhibitor and dexamethasone are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.guidelines.joints import Item, Run, runs
from kg_build.reading.mentions import Mention
from kg_build.reading.naming import singular_class
from kg_build.reading.regimens import COMBINED

_NEVER_ALONE = frozenset(("corticosteroid", "folate", "gnrh-agonist"))
_PAIRED = frozenset((frozenset(("trastuzumab", "pertuzumab")),))
_BROAD = frozenset(
    "alkylating-agent antimetabolite chemotherapy immunotherapy immunosuppressant kinase-inhibitor targeted-therapy "
    "tyrosine-kinase-inhibitor immune-checkpoint-inhibitor antibody-drug-conjugate "
    "monoclonal-antibody antitumor-antibiotic microtubule-inhibitor".split()
)
_RIVALS = tuple(
    frozenset(group.split())
    for group in (
        "pd-1-inhibitor pd-l1-inhibitor",
        "cyp17-inhibitor androgen-receptor-inhibitor",
        "vegfr-tki vegfr2-antibody",
        "bcma-car-t cd19-car-t car-t-cell-therapy",
        "bispecific-antibody bcma-bispecific gprc5d-bispecific cd20-bispecific",
        "aromatase-inhibitor selective-estrogen-receptor-modulator selective-estrogen-receptor-degrader",
    )
)
"""Classes whose members replace each other, though their names differ."""


@dataclass(frozen=True)
class Listed:
    """One regimen of a list."""

    span: Span
    names: tuple[str, ...]
    spans: tuple[Span, ...]
    only_classes: bool = False


@dataclass(frozen=True)
class Stretch:
    """A run of names: the regimens it lists, and where it stands."""

    start: int
    end: int
    regimens: tuple[Listed, ...]


Group = list[Mention]


def stretches(reading: Reading, start: int, end: int, several: bool = False) -> list[Stretch]:
    """The stretches within [start, end); `several` says that what stands here is a list of more than one regimen."""
    found = runs(reading, start, end)
    return [_stretch(reading, run, several and len(found) == 1) for run in found]


def _stretch(reading: Reading, run: Run, several: bool) -> Stretch:
    found: list[Listed] = []
    for group in _apart(reading, run, several):
        names = dict.fromkeys(name for m in group for name in _written_out(reading, m).split(COMBINED))
        spans = tuple(m.span for m in group)
        span = (min(a for a, _ in spans), max(b for _, b in spans))
        found.append(Listed(span, tuple(names), spans, all(m.kind == "class" for m in group)))
    return Stretch(run[0].mention.start, run[-1].mention.end, tuple(found))


def _written_out(reading: Reading, mention: Mention) -> str:
    """A class by the long form that the text gives to its short one: "androgen deprivation therapy (ADT)"."""
    long = reading.names.abbreviations.get(mention.name) if mention.kind == "class" else None
    return singular_class(long) if long else mention.name


def _apart(reading: Reading, run: Run, several: bool) -> Iterator[Group]:
    """A run split where a semicolon or the like tells the regimens apart."""
    pieces = _split(run, "apart")
    for piece in pieces:
        yield from _alternatives(reading, piece, several and len(pieces) == 1)


def _split(run: Sequence[Item], *joints: str) -> list[Run]:
    pieces: list[Run] = []
    for item in run:
        if not pieces or item.joint in joints:
            pieces.append([])
        pieces[-1].append(item)
    return pieces


def _alternatives(reading: Reading, run: Run, several: bool) -> list[Group]:
    """The regimens of a run without semicolons."""
    added = next((i for i, item in enumerate(run) if item.joint == "added"), None)
    if added is not None:  # "adding A or B to C", "A or B, each with C"
        onto = _alternatives(reading, [Item(run[added].mention, "first"), *run[added + 1 :]], False)
        return [[*new, *old] for old in onto for new in _alternatives(reading, run[:added], True)]
    opened = next((i for i, item in enumerate(run) if i and item.either and item.joint in ("strong", "weak")), None)
    if opened is not None:  # "A with either B or C"
        head = [item.mention for item in run[:opened]]
        rest = [Item(run[opened].mention, "first"), *run[opened + 1 :]]
        return [[*head, *group] for group in _alternatives(reading, rest, True)]
    members = next((i for i, item in enumerate(run) if i and item.joint == "members"), None)
    if members is not None:  # "A with a B inhibitor such as C or D"
        return _with_members(reading, run, members)
    run = [_slashed(reading, before, item) for before, item in zip([run[0], *run], run, strict=False)]
    parts = _split(run, "or")
    if len(parts) == 1:
        return _coordinated(reading, run, several)
    return _shared(reading, [_before_or(reading, part, last=i + 1 == len(parts)) for i, part in enumerate(parts)])


def _slashed(reading: Reading, before: Item, item: Item) -> Item:
    """A slash is "or" between agents of one class or two acronyms, else "plus"."""
    if item.joint != "slash":
        return item
    return Item(item.mention, "or" if _same_class(reading, before.mention, item.mention) else "strong", item.either)


def _with_members(reading: Reading, run: Run, at: int) -> list[Group]:
    last = run[at - 1]
    earlier = [item.mention for item in run[: at - 1]] if last.joint == "strong" else []
    others = _coordinated(reading, run[: at - 1], False) if at > 1 and last.joint != "strong" else []
    rest = _alternatives(reading, [Item(run[at].mention, "first"), *run[at + 1 :]], True)
    return [*others, *([*earlier, *group] for group in rest)]


def _before_or(reading: Reading, part: Run, last: bool) -> list[Group]:
    """What one side of an "or" lists: before it a comma without "and" is an "or" too."""
    return _coordinated(reading, part, not last and not _has_and(reading, part))


def _has_and(reading: Reading, part: Run) -> bool:
    return any(
        item.joint == "weak" and re.search(r"\band\b|&", reading.text[before.mention.end : item.mention.start])
        for before, item in pairwise(part)
    )


def _shared(reading: Reading, sides: list[list[Group]]) -> list[Group]:
    """Alternatives, with the partner that "A or B plus C" and "C plus A or B" mean for both."""
    groups = [group for side in sides for group in side]
    for left, right in pairwise(groups):
        if len(left) == 1 and len(right) > 1 and _same_class(reading, left[0], right[0]):
            left += right[1:]
        elif len(right) == 1 and len(left) > 1 and _same_class(reading, right[0], left[-1]):
            right[:0] = left[:-1]
    return groups


def _coordinated(reading: Reading, run: Run, several: bool) -> list[Group]:
    """A list joined by commas, "and" and "plus": one regimen or several."""
    pieces = _split(run, "weak")
    groups: list[Group] = [[item.mention for item in piece] for piece in pieces]
    if len(groups) < 2:
        return groups
    if _each_whole(reading, groups, several):
        return groups
    joined = [len(group) > 1 for group in groups]
    if sum(joined) > 1:  # "A plus B and C plus D"
        return groups
    if joined[-1] and not any(joined[:-1]) and any(_same_class(reading, group[0], m) for group in groups[:-1] for m in groups[-1]):
        return groups
    return [[mention for group in groups for mention in group]]


def _each_whole(reading: Reading, groups: list[Group], several: bool) -> bool:
    """Whether each piece of a list is a regimen of its own."""
    heads = [group[0] for group in groups if len(group) == 1]
    if any(_dependent(reading, m) for m in heads):
        return False
    if all(m.kind == "combo" for group in groups for m in group):
        return True
    if len(heads) == len(groups) and all(_same_class(reading, a, b) for a, b in combinations(heads, 2)):
        return True
    return several


def _dependent(reading: Reading, mention: Mention) -> bool:
    entry = reading.lexicon.agents.by_key.get(mention.key or "")
    return bool(entry and _NEVER_ALONE & set(entry.classes))


def _same_class(reading: Reading, a: Mention, b: Mention) -> bool:
    """Whether two agents do the same, so that they are given instead of each other."""
    if a.kind == b.kind == "combo":
        return True
    one, other = (reading.lexicon.agents.by_key.get(m.key or "") for m in (a, b))
    if one is None or other is None or one.key == other.key or frozenset((one.key, other.key)) in _PAIRED:
        return False
    left, right = set(one.classes) - _BROAD, set(other.classes) - _BROAD
    return bool(left & right) or any(rivals & left and rivals & right for rivals in _RIVALS)
