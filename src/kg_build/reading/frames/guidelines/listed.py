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
        onto = _alternatives(reading, _opening(run, added), False)
        return [[*new, *old] for old in onto for new in _alternatives(reading, run[:added], True)]
    members = next((i for i, item in enumerate(run) if i and item.joint == "members"), None)
    if members is not None:  # "A with a B inhibitor such as C or D"
        return _with_members(reading, run, members)
    last = _last_of_list(run)
    if last is not None:  # "A, B plus C, or D"
        return _shared_by_all(reading, _before_or(reading, run[:last]), _alternatives(reading, _opening(run, last), False))
    opened = next((i for i, item in enumerate(run) if i and item.either and item.joint in ("strong", "weak")), None)
    if opened is not None:  # "A with either B or C"
        head = [item.mention for item in run[:opened]]
        return [[*head, *group] for group in _alternatives(reading, _opening(run, opened), True)]
    run = [_slashed(reading, before, item) for before, item in zip([run[0], *run], run, strict=False)]
    parts = _split(run, "or")
    if len(parts) == 1:
        return _coordinated(reading, run, several)
    sides = [_one_side(reading, part, last=i + 1 == len(parts)) for i, part in enumerate(parts)]
    return _shared(reading, sides, [part[-1].within for part in parts])


def _opening(run: Run, at: int) -> Run:
    """A run from an item on, which opens it."""
    return [Item(run[at].mention, "first"), *run[at + 1 :]]


def _last_of_list(run: Run) -> int | None:
    """Where the last of several regimens begins, behind ", or": not that of what an "either" before it opened."""
    found = None
    opened = False
    for i, item in enumerate(run[1:], start=1):
        if item.joint == "or" and item.comma and not opened:
            found = i
        opened = (opened or item.either) and item.joint != "or"
    return found


def _before_or(reading: Reading, run: Run) -> list[Group]:
    """What stands before ", or": a comma parts regimens there, where no "and" closes one regimen of several names."""
    pieces: list[Run] = []
    for i, item in enumerate(run):
        comma = item.comma and item.joint in ("weak", "or")
        if not i or (comma and not _continues(reading, run, i) and not (pieces and _open_either(pieces[-1]))):
            pieces.append([Item(item.mention, "first")])
        else:
            pieces[-1].append(item)
    return [group for piece in pieces for group in _alternatives(reading, piece, False)]


def _open_either(piece: Run) -> bool:
    """Whether a piece opens alternatives and has named but one: "A with either B, ..."."""
    at = next((i for i, item in enumerate(piece) if item.either), None)
    return at is not None and all(item.joint != "or" for item in piece[at:])


def _continues(reading: Reading, run: Run, at: int) -> bool:
    """Whether the comma before an item stands inside of one regimen: an "and" follows before any "plus" or "or"."""
    follows = [run[at], *(item for item in run[at + 1 :])]
    first = follows[0]
    if _is_and(reading, run[at - 1], first):
        return True
    for before, item in pairwise(follows):
        if item.joint != "weak":
            return False
        if _is_and(reading, before, item):
            return not _all_rivals(reading, [run[at - 1].mention, first.mention, item.mention])
    return False


def _is_and(reading: Reading, before: Item, item: Item) -> bool:
    gap = reading.text[before.mention.end : item.mention.start]
    return item.joint == "weak" and re.search(r"\band\b|&", gap) is not None


def _all_rivals(reading: Reading, mentions: list[Mention]) -> bool:
    return all(_same_class(reading, a, b) for a, b in combinations(mentions, 2))


def _shared_by_all(reading: Reading, earlier: list[Group], last: list[Group]) -> list[Group]:
    """The partner of the last, where it is a class and all that come before are alone and of its class: "A, B, or C plus chemotherapy"."""
    partners = last[0][1:] if len(last) == 1 else []
    heads = [*(group[0] for group in earlier), last[0][0]]
    alone = all(len(group) == 1 for group in earlier)
    if partners and alone and all(m.kind != "agent" for m in partners) and _all_rivals(reading, heads):
        return [*([*group, *partners] for group in earlier), *last]
    return [*earlier, *last]


def _slashed(reading: Reading, before: Item, item: Item) -> Item:
    """A slash is "or" between agents of one class or two acronyms, else "plus"."""
    if item.joint != "slash":
        return item
    return Item(item.mention, "or" if _same_class(reading, before.mention, item.mention) else "strong", item.either)


def _with_members(reading: Reading, run: Run, at: int) -> list[Group]:
    last = run[at - 1]
    earlier = [item.mention for item in run[: at - 1]] if last.joint == "strong" else []
    others = _coordinated(reading, run[: at - 1], False) if at > 1 and last.joint != "strong" else []
    rest = _alternatives(reading, _opening(run, at), True)
    return [*others, *([*earlier, *group] for group in rest)]


def _one_side(reading: Reading, part: Run, last: bool) -> list[Group]:
    """What one side of an "or" lists: before it a comma without "and" is an "or" too."""
    return _coordinated(reading, part, not last and not any(_is_and(reading, a, b) for a, b in pairwise(part)))


def _shared(reading: Reading, sides: list[list[Group]], within: list[bool]) -> list[Group]:
    """Alternatives, with the partner that "A or B plus C" and "C plus A or B" mean for both."""
    groups = [group for side in sides for group in side]
    bound = [side is groups_of[-1] for groups_of in sides for side in groups_of]
    combined = iter(within)
    for i, (left, right) in enumerate(pairwise(groups)):
        open_to = next(combined, False) if bound[i] else False
        if len(left) == 1 and len(right) > 1 and _same_class(reading, left[0], right[0]):
            left += right[1:]
        elif len(right) == 1 and len(left) > 1 and _replaces(reading, left, right[0], open_to):
            right[:0] = left[:-1]
    return groups


def _replaces(reading: Reading, group: Group, other: Mention, combined: bool) -> bool:
    """Whether an agent stands in the place of the last of a group: it does the same, or "A in combination with B or C" says so."""
    return _same_class(reading, other, group[-1]) or (combined and not _same_class(reading, other, group[0]))


def _coordinated(reading: Reading, run: Run, several: bool) -> list[Group]:
    """A list joined by commas, "and" and "plus": one regimen or several."""
    pieces = _split(run, "weak")
    groups: list[Group] = [[item.mention for item in piece] for piece in pieces]
    if len(groups) < 2:
        return groups
    joined = [len(group) > 1 for group in groups]
    if sum(joined) > 1 and (whole := _whole(reading, run)):
        return whole
    if _each_whole(reading, groups, several) or sum(joined) > 1:  # "A plus B and C plus D"
        return groups
    if joined[-1] and not any(joined[:-1]) and any(_same_class(reading, group[0], m) for group in groups[:-1] for m in groups[-1]):
        return groups
    return [[mention for group in groups for mention in group]]


def _whole(reading: Reading, run: Run) -> list[Group]:
    """The regimens of "A plus B and C, D plus E and F, and G", where a comma parts them and an "and" without comma does not."""
    parted = [i for i, item in enumerate(run) if item.joint == "weak" and item.comma]
    inner = [i for i, item in enumerate(run) if item.joint == "weak" and not item.comma]
    if not parted or not inner or not _is_and(reading, run[parted[-1] - 1], run[parted[-1]]):
        return []
    edges = [0, *parted, len(run)]
    return [[item.mention for item in run[a:b]] for a, b in pairwise(edges)]


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
