"""How the names of a sentence are joined: "plus", "or", "followed by", "each with"; and which runs of names that leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg_build.reading.context import Reading
from kg_build.reading.frames.guidelines.cues import mentioned
from kg_build.reading.frames.guidelines.marks import find_marks
from kg_build.reading.mentions import Mention, longest
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import BRACKETS

_FILLER = (
    r"(?:(?:the|a|an|oral|intravenous|iv|subcutaneous|sc|low-dose|high-dose|intermediate-dose|weekly|biweekly|dose-dense|dose-adjusted"
    r"|single-agent|monotherapy|adjuvant|neoadjuvant|maintenance|induction|consolidation|concurrent|biosimilar|combination|of|drug|agent"
    r"|standard|modified|liposomal|backbone|platinum|doublet|also|other|regimen|regimens|therapy|second-generation|third-generation"
    r"|first-generation|agents|by|combinations?|more\srecent(?:ly)?|new|newer|adding|targeted|treatment)\s)*"
)
_STRONG = lazy(
    rf"\s?(?:(?:,\s?)?(?:plus|\+|&|with|in\s(?:combination|addition|association)\s(?:with|to)|(?:when\s)?(?:given|used|administered)\s"
    rf"(?:in\scombination\s|together\s|concurrently\s)?with|combined\swith|together\swith|along(?:side|\swith)|(?:(?:is|are|was|(?:may|can|should|could)\sbe)\s)?added\sto"
    rf"|on\stop\sof|on\sa\sbackground\sof|alternating\swith|and\sconcurrent)\s|\s?[+]\s?|[-–‐])(?P<either>(?:either|one\sof|any\sof)\s)?{_FILLER}",
    re.IGNORECASE,
)
_OPTIONAL = lazy(
    rf"\s?,?\s?(?:with(?:\sor\s|/|\sand\s)without|[±]|\+/[-−–]|\(\+/[-−–]\)|alone\sor\s(?:combined|in\scombination|together)?\s?with"
    rf"|(?:either\s)?as\s(?:monotherapy|a\ssingle\sagent)\sor\s(?:combined|in\scombination)?\s?with|optionally\swith)\s?{_FILLER}",
    re.IGNORECASE,
)
_OR = lazy(rf"\s?,?\s?(?:and/or|or\selse|or)\s(?:with\s)?(?P<either>either\s)?{_FILLER}", re.IGNORECASE)
_APART = lazy(rf"\s?;\s?(?:and\s|or\s|and/or\s)?{_FILLER}|\s(?:as\swell\sas|and\salso)\s{_FILLER}", re.IGNORECASE)
_WEAK = lazy(rf"\s?(?:,?\sand\s|,\s|,?\s&\s)(?P<either>(?:either|one\sof)\s)?{_FILLER}", re.IGNORECASE)
_SLASH = lazy(r"\s?/\s?")
_EACH_WITH = lazy(
    rf",?\s(?:each|both|all)(?:\sof\s(?:them|which))?\s(?:given\s|combined\s|in\scombination\s|together\s)?(?:with|plus)\s{_FILLER}",
    re.IGNORECASE,
)
_ADDED_TO = lazy(rf"\s(?:is\s)?to\s{_FILLER}", re.IGNORECASE)
_ADDING = lazy(r"\b(?:adding|addition\sof|adds?|added)\s[^.;]{0,60}$", re.IGNORECASE)
_MEMBERS = lazy(
    r"\s?,?\s?\(?(?:such\sas|including|e\.g\.,?|i\.e\.,?|for\sexample|for\sinstance|namely|preferably|either|especially|mainly)\s(?:the\s)?|\s\("
)
_FOLLOWED = lazy(r",?\s(?:and\s)?(?:followed\sby|with\ssubsequent|until)\s|,?\sthen\s(?:single-agent|maintenance)\s", re.IGNORECASE)
_NOISE = lazy(
    r"[®™“”\"]|\s(?:monotherapy|alone|tablets?|capsules?|injection|as\sa\ssingle\sagent)(?=[\s,;/]|$)|(?:,?\s(?:at\s)?)?\d[\d.,]{0,6}\s?(?:mg|g|mcg|AUC)"
    r"(?:/(?:kg|m2|m²|day))?(?:\s(?:once|twice|daily|weekly|every\s\d\sweeks)){0,2}"
)
_OPENS = lazy(r"\([^()]*$")
_VERB = lazy(r"[^.;,]{0,60}?\s(?:is|are|was|were|remains?|should|may|can|could|must|becomes?|has|have|stays?|joins?|enters?)\b")
_APPOSED = lazy(r"(?:\s\([^()]{1,30}\))?,\s(?:an?|the\s(?:first\s)?|another)\s?(?:[\w-]{1,20}\s){0,3}")
_REACH = 220
_WITHIN = lazy(r"\b(?:combin\w+|association|together|along(?:side)?)\b", re.IGNORECASE)
_NO_PARTNERS = frozenset(
    (
        "placebo", "standard of care", "best supportive care", "supportive care", "observation", "surveillance", "active surveillance",
        "watchful waiting", "physician's choice", "investigator's choice", "standard therapy", "standard treatment", "usual care",
        "no treatment", "surgery", "resection", "surgical resection", "systemic therapy", "systemic treatment",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """A name and how it is joined to the one before it; `either` says that alternatives open here."""

    mention: Mention
    joint: str
    either: bool = False
    comma: bool = False  # a comma stands before it
    within: bool = False  # "in combination with", "with": what is joined here may be one of several


Run = list[Item]


def runs(reading: Reading, start: int, end: int) -> list[Run]:
    """The names within [start, end) that nothing but joints holds together, run by run."""
    found: list[Run] = []
    skipped = -1
    for item in _items(reading, start, end):
        if item.start < skipped:
            continue
        if skipped >= 0:
            found.append([Item(item, "first")])
            skipped = -1
            continue
        before = found[-1][-1].mention if found else None
        joint, either = _joint(reading, before, item) if before else (None, False)
        if joint == "followed":
            skipped = _end_of_list(reading, item, end)
        elif joint is None:
            found.append([Item(item, "first")])
        elif joint != "bracketed":
            found[-1].append(_item(reading.text, before, item, joint, either))
    return [part for run in found for part in _main_clause(reading, run, start)]


def _item(text: str, before: Mention | None, mention: Mention, joint: str, either: bool) -> Item:
    gap = text[before.end : mention.start] if before else ""
    outside = BRACKETS.sub("", gap).lstrip(")®™ ")
    return Item(mention, joint, either, outside.startswith(","), joint == "strong" and _WITHIN.search(outside) is not None)


def _main_clause(reading: Reading, run: Run, low: int) -> list[Run]:
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
    rest = [Item(run[cut].mention, "first"), *run[cut + 1 :]]
    return [run[:cut], rest]


def _items(reading: Reading, start: int, end: int) -> list[Mention]:
    """The names that can be part of a regimen, which "standard of care" is not."""
    given = [*reading.given.between(start, end, "agent", "combo"), *reading.mentions.between(start, end, "class")]
    found = [m for m in longest(given) if m.name.casefold() not in _NO_PARTNERS]
    around = zip([None, *found], found, [*found[1:], None], strict=False)
    return [m for before, m, behind in around if not (m.kind == "class" and _only_describes(reading.text, before, m, behind))]


def _only_describes(text: str, before: Mention | None, mention: Mention, behind: Mention | None) -> bool:
    """Whether a class only says what an agent is: "the PARP inhibitor olaparib", "olaparib, a PARP inhibitor,"."""
    if behind and behind.kind != "class" and text[mention.end : behind.start] in (" ", " ("):
        return True
    named = before is not None and before.kind != "class" and mention.start - before.end < 50
    return bool(before and named and _APPOSED.fullmatch(text, before.end, mention.start) and text[mention.end : mention.end + 1] in ",;.)")


def _end_of_list(reading: Reading, item: Mention, end: int) -> int:
    """Where the drugs named after "followed by" end: they belong to the setting."""
    last = item.end
    for follower in _items(reading, item.end, end):
        joint, _ = _joint(reading, replace(item, end=last), follower)
        if joint not in ("strong", "weak"):
            break
        last = follower.end
    return last


def _joint(reading: Reading, before: Mention, item: Mention) -> tuple[str | None, bool]:
    """How two names are joined by the text between them, and whether an "either" opens alternatives."""
    text, start, end = reading.text, before.end, item.start
    if end - start > _REACH or end < start:
        return None, False
    gap = text[start:end]
    if before.kind == "class" and _MEMBERS.fullmatch(gap):
        return "members", False
    if opened := _OPENS.search(gap):
        if _FOLLOWED.search(gap):
            return "followed", False
        return ("bracketed" if opened.start() < 4 else None), False
    gap = " ".join(_NOISE.sub("", BRACKETS.sub("", gap.replace(")", "") if gap.startswith(")") else gap)).split())
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
        return "strong", False
    if _EACH_WITH.fullmatch(gap):
        return "added", False
    if _ADDED_TO.fullmatch(gap):
        return ("added", False) if _ADDING.search(text[max(0, before.start - 80) : before.start]) else (None, False)
    for kind, pattern in (("strong", _STRONG), ("or", _OR), ("apart", _APART), ("weak", _WEAK), ("slash", _SLASH)):
        if match := pattern.fullmatch(gap):
            return kind, bool(match.groupdict().get("either"))
    return None, False
