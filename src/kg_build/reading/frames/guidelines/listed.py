"""Regimens as guidelines list them: "A, B or C" are three, "A, B and C" one or three, "A with either B or C" two.

A stretch is a run of named agents and classes with nothing but joints between them. What tells partners from alternatives is the joint,
else whether the agents are of one class: two ALK inhibitors are never given together, a proteasome inhibitor and dexamethasone are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.guidelines.cues import mentioned
from kg_build.reading.frames.guidelines.marks import find_marks
from kg_build.reading.mentions import Mention, longest
from kg_build.reading.regimens import COMBINED, GIVEN

_FILLER = (
    r"(?:(?:the|a|an|oral|intravenous|iv|subcutaneous|sc|low-dose|high-dose|intermediate-dose|weekly|biweekly|dose-dense|dose-adjusted"
    r"|single-agent|monotherapy|adjuvant|neoadjuvant|maintenance|induction|consolidation|concurrent|biosimilar|combination|of|drug|agent"
    r"|standard|modified|liposomal|backbone|platinum|doublet|also|other|regimen|regimens|therapy|second-generation|third-generation"
    r"|first-generation|agents|by|combinations?|more\srecent(?:ly)?|new|newer|adding|targeted|treatment)\s)*"
)
_STRONG = re.compile(
    rf"\s?(?:(?:,\s?)?(?:plus|\+|&|with|in\s(?:combination|addition|association)\s(?:with|to)|(?:when\s)?(?:given|used|administered)\s"
    rf"(?:in\scombination\s|together\s|concurrently\s)?with|combined\swith|together\swith|along(?:side|\swith)|(?:(?:is|are|was|(?:may|can|should|could)\sbe)\s)?added\sto"
    rf"|on\stop\sof|on\sa\sbackground\sof|alternating\swith|and\sconcurrent)\s|\s?[+]\s?|[-–‐])(?P<either>(?:either|one\sof|any\sof)\s)?{_FILLER}",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    rf"\s?,?\s?(?:with(?:\sor\s|/|\sand\s)without|[±]|\+/[-−–]|\(\+/[-−–]\)|alone\sor\s(?:combined|in\scombination|together)?\s?with"
    rf"|(?:either\s)?as\s(?:monotherapy|a\ssingle\sagent)\sor\s(?:combined|in\scombination)?\s?with|optionally\swith)\s?{_FILLER}",
    re.IGNORECASE,
)
_OR = re.compile(rf"\s?,?\s?(?:and/or|or\selse|or)\s(?:with\s)?(?P<either>either\s)?{_FILLER}", re.IGNORECASE)
_APART = re.compile(rf"\s?;\s?(?:and\s|or\s|and/or\s)?{_FILLER}|\s(?:as\swell\sas|and\salso)\s{_FILLER}", re.IGNORECASE)
_WEAK = re.compile(rf"\s?(?:,?\sand\s|,\s|,?\s&\s)(?P<either>(?:either|one\sof)\s)?{_FILLER}", re.IGNORECASE)
_SLASH = re.compile(r"\s?/\s?")
_EACH_WITH = re.compile(
    rf",?\s(?:each|both|all)(?:\sof\s(?:them|which))?\s(?:given\s|combined\s|in\scombination\s|together\s)?(?:with|plus)\s{_FILLER}",
    re.IGNORECASE,
)
_ADDED_TO = re.compile(rf"\s(?:is\s)?to\s{_FILLER}", re.IGNORECASE)
_ADDING = re.compile(r"\b(?:adding|addition\sof|adds?|added)\s[^.;]{0,60}$", re.IGNORECASE)
_MEMBERS = re.compile(r"\s?,?\s?\(?(?:such\sas|including|e\.g\.,?|i\.e\.,?|for\sexample|for\sinstance|namely|preferably)\s(?:the\s)?|\s\(")
_FOLLOWED = re.compile(r",?\s(?:and\s)?(?:followed\sby|with\ssubsequent|until)\s|,?\sthen\s(?:single-agent|maintenance)\s", re.IGNORECASE)
_BRACKETS = re.compile(r"\s?[\[(][^()\[\]]{0,160}[\])]")
_NOISE = re.compile(
    r"[®™“”\"]|\s(?:monotherapy|alone|tablets?|capsules?|injection|as\sa\ssingle\sagent)(?=[\s,;/]|$)|(?:,?\s(?:at\s)?)?\d[\d.,]{0,6}\s?(?:mg|g|mcg|AUC)"
    r"(?:/(?:kg|m2|m²|day))?(?:\s(?:once|twice|daily|weekly|every\s\d\sweeks)){0,2}"
)
_VERB = re.compile(r"[^.;,]{0,60}?\s(?:is|are|was|were|remains?|should|may|can|could|must|becomes?|has|have|stays?|joins?|enters?)\b")
_REACH = 220
_NO_PARTNERS = frozenset(
    (
        "placebo", "standard of care", "best supportive care", "supportive care", "observation", "surveillance", "active surveillance",
        "watchful waiting", "physician's choice", "investigator's choice", "standard therapy", "standard treatment", "usual care",
        "no treatment", "surgery", "resection", "surgical resection", "systemic therapy", "systemic treatment",
    )
)  # fmt: skip
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
    """One regimen of a list; `optional` partners may be left out."""

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


@dataclass(frozen=True)
class _Item:
    mention: Mention
    joint: str  # how it is joined to the item before it
    either: bool = False


Group = list[Mention]


def stretches(reading: Reading, start: int, end: int, several: bool = False) -> list[Stretch]:
    """The stretches within [start, end); `several` says that what stands here is a list of more than one regimen."""
    items = _items(reading, start, end)
    runs: list[list[_Item]] = []
    skipped = -1
    for item in items:
        if item.start < skipped:
            continue
        if skipped >= 0:
            runs.append([_Item(item, "first")])
            skipped = -1
            continue
        before = runs[-1][-1].mention if runs else None
        joint, either = _joint(reading, before, item) if before else (None, False)
        if joint == "bracketed":
            continue
        if joint == "followed":
            skipped = _end_of_list(reading, item, end)
            continue
        if joint is None:
            runs.append([_Item(item, "first")])
        else:
            runs[-1].append(_Item(item, joint, either))
    several = several and len(runs) == 1
    return [_stretch(reading, part, several) for run in runs for part in _main_clause(reading, run, start)]


def _main_clause(reading: Reading, run: list[_Item], low: int) -> list[list[_Item]]:
    """A run that opens with what is only mentioned ends at the comma before the main clause: "After A, B is recommended"."""
    first = run[0].mention
    if len(run) < 2 or not mentioned(reading.text, first.start, first.end, low):
        return [run]
    cuts = [i for i, item in enumerate(run) if item.joint == "apart"]
    if first.start - low < 60 or _VERB.match(reading.text, run[-1].mention.end):
        commas = [i for i, item in enumerate(run) if i and reading.text[run[i - 1].mention.end : item.mention.start].strip() == ","]
        whole = [i for i in commas[:1] if run[1].joint != "strong" and i + 1 < len(run) and run[i + 1].joint == "strong"]
        cuts += whole or commas[-1:]
    if not cuts:
        return [run]
    cut = min(cuts)
    rest = [_Item(run[cut].mention, "first"), *run[cut + 1 :]]
    return [run[:cut], rest]


def _items(reading: Reading, start: int, end: int) -> list[Mention]:
    """The names that can be part of a regimen, which "standard of care" is not."""
    found = [m for m in longest(reading.given.between(start, end, *GIVEN)) if m.name.casefold() not in _NO_PARTNERS]
    return [m for m, beside in zip(found, [*found[1:], None], strict=False) if not (beside and _describes(reading.text, m, beside))]


def _describes(text: str, mention: Mention, beside: Mention) -> bool:
    """Whether a class only says what the agent behind it is: "the PARP inhibitor olaparib"."""
    return mention.kind == "class" and beside.kind != "class" and text[mention.end : beside.start] in (" ", " (")


def _end_of_list(reading: Reading, item: Mention, end: int) -> int:
    """Where the drugs named after "followed by" end: they belong to the setting."""
    last = item.end
    for follower in _items(reading, item.end, end):
        joint, _ = _joint(reading, replace_end(item, last), follower)
        if joint not in ("strong", "weak"):
            break
        last = follower.end
    return last


def replace_end(item: Mention, end: int) -> Mention:
    """The mention as if it reached to `end`."""
    return Mention(item.start, end, item.kind, item.name, item.key)


def _joint(reading: Reading, before: Mention, item: Mention) -> tuple[str | None, bool]:
    """How two names are joined by the text between them, and whether an "either" opens alternatives."""
    text, start, end = reading.text, before.end, item.start
    if end - start > _REACH or end < start:
        return None, False
    gap = text[start:end]
    if before.kind != "agent" and _MEMBERS.fullmatch(gap):
        return "members", False
    if reading.depth(end - 1) > reading.depth(start - 1) and "(" in gap and ")" not in gap.rsplit("(", 1)[-1]:
        return "bracketed" if not _FOLLOWED.search(gap) else "followed", False
    gap = " ".join(_NOISE.sub("", _BRACKETS.sub("", gap.replace(")", "") if gap.startswith(")") else gap)).split())
    gap = _spaced(gap, text[start:end])
    if _FOLLOWED.search(gap):
        return "followed", False
    kind, either = _kind(text, before, gap)
    graded = kind in ("weak", "or") and re.search(r"[(\[]", text[start:end]) and find_marks(text, start, end)
    return "apart" if graded else kind, either


def _spaced(gap: str, printed: str) -> str:
    """The joint with the blanks that tell words from hyphens."""
    if not gap:
        return " " if printed[:1].isspace() else gap
    left = " " if gap[0].isalnum() or gap[0] in "+&±" else ""
    right = " " if gap[-1].isalnum() or gap[-1] in ",;+&±" else ""
    return f"{left}{gap}{right}"


def _kind(text: str, before: Mention, gap: str) -> tuple[str | None, bool]:
    if _OPTIONAL.fullmatch(gap):
        return "optional", False
    if _EACH_WITH.fullmatch(gap):
        return "added", False
    if _ADDED_TO.fullmatch(gap):
        return ("added", False) if _ADDING.search(text[max(0, before.start - 80) : before.start]) else (None, False)
    for kind, pattern in (("strong", _STRONG), ("or", _OR), ("apart", _APART), ("weak", _WEAK), ("slash", _SLASH)):
        if match := pattern.fullmatch(gap):
            return kind, bool(match.groupdict().get("either"))
    return None, False


def _stretch(reading: Reading, run: list[_Item], several: bool) -> Stretch:
    found: list[Listed] = []
    for group in _apart(reading, run, several):
        names = dict.fromkeys(name for m in group for name in m.name.split(COMBINED))
        spans = tuple(m.span for m in group)
        span = (min(a for a, _ in spans), max(b for _, b in spans))
        found.append(Listed(span, tuple(names), spans, all(m.kind == "class" for m in group)))
    return Stretch(run[0].mention.start, run[-1].mention.end, tuple(found))


def _apart(reading: Reading, run: list[_Item], several: bool) -> Iterator[Group]:
    """A run split where a semicolon or the like tells the regimens apart."""
    pieces = _split(run, "apart")
    for piece in pieces:
        yield from _alternatives(reading, piece, several and len(pieces) == 1)


def _split(run: Sequence[_Item], *joints: str) -> list[list[_Item]]:
    pieces: list[list[_Item]] = []
    for item in run:
        if not pieces or item.joint in joints:
            pieces.append([])
        pieces[-1].append(item)
    return pieces


def _alternatives(reading: Reading, run: list[_Item], several: bool) -> list[Group]:
    """The regimens of a run without semicolons."""
    added = next((i for i, item in enumerate(run) if item.joint == "added"), None)
    if added is not None:  # "adding A or B to C", "A or B, each with C"
        onto = _alternatives(reading, [_Item(run[added].mention, "first"), *run[added + 1 :]], False)
        return [[*new, *old] for old in onto for new in _alternatives(reading, run[:added], True)]
    opened = next((i for i, item in enumerate(run) if i and item.either and item.joint in ("strong", "weak")), None)
    if opened is not None:  # "A with either B or C"
        head = [item.mention for item in run[:opened] if item.joint != "optional"]
        rest = [_Item(run[opened].mention, "first"), *run[opened + 1 :]]
        return [[*head, *group] for group in _alternatives(reading, rest, True)]
    members = next((i for i, item in enumerate(run) if i and item.joint == "members"), None)
    if members is not None:  # "A with a B inhibitor such as C or D"
        return _with_members(reading, run, members)
    run = [_slashed(reading, before, item) for before, item in zip([run[0], *run], run, strict=False)]
    parts = _split(run, "or")
    if len(parts) == 1:
        return _coordinated(reading, run, several)
    return _shared(reading, [_before_or(reading, part, last=i + 1 == len(parts)) for i, part in enumerate(parts)])


def _slashed(reading: Reading, before: _Item, item: _Item) -> _Item:
    """A slash is "or" between agents of one class or two acronyms, else "plus"."""
    if item.joint != "slash":
        return item
    return _Item(item.mention, "or" if _same_class(reading, before.mention, item.mention) else "strong", item.either)


def _with_members(reading: Reading, run: list[_Item], at: int) -> list[Group]:
    last = run[at - 1]
    earlier = [item.mention for item in run[: at - 1]] if last.joint == "strong" else []
    others = _coordinated(reading, run[: at - 1], False) if at > 1 and last.joint != "strong" else []
    rest = _alternatives(reading, [_Item(run[at].mention, "first"), *run[at + 1 :]], True)
    return [*others, *([*earlier, *group] for group in rest)]


def _before_or(reading: Reading, part: list[_Item], last: bool) -> list[Group]:
    """What one side of an "or" lists: before it a comma without "and" is an "or" too."""
    return _coordinated(reading, part, not last and not _has_and(reading, part))


def _has_and(reading: Reading, part: list[_Item]) -> bool:
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


def _coordinated(reading: Reading, run: list[_Item], several: bool) -> list[Group]:
    """A list joined by commas, "and" and "plus": one regimen or several."""
    run = [item for item in run if item.joint != "optional"]
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
