"""Stage 4a: named agents and classes -> regimens: who is given with whom, who is optional, who is one of several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_build.reading.document import Span
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

if TYPE_CHECKING:
    from kg_build.reading.context import Reading

GIVEN = ("agent", "class", "combo")
"""What regimens are made of; arms may be a `strategy`, too."""
SHAM = (
    "placebo",
    "observation",
    "best supportive care",
    "usual care",
    "no treatment",
    "sham",
    "sham procedure",
    "sham injection",
    "sham control",
)

_FILLER = (
    r"(?:(?:the|a|an|either|both|oral|intravenous|iv|\(iv\)|subcutaneous|low-dose|high-dose|weekly|biweekly|daily"
    r"|standard|standard-of-care|single-agent|adjuvant"
    r"|neoadjuvant|concurrent|long-acting|standard-dose|reduced-dose|full-dose|modified-dose|dose-dense|open-label|blinded|intrathecal|investigational|backbone|combination|of|cycles|\d|agent|targeted|therapy|treatment"
    r"|kinase|drug|maintenance|background|concomitant"
    r"|induction|first-line|systemic|intravesical|modified|matching|matched)\s)*"
)
_JOIN = lazy(
    rf"\s?(?:,?\s?(?:plus|and|\+|&|with|in\s(?:combination|addition)\s(?:with|to)|(?:when\s)?(?:given|used"
    rf"|administered)\s(?:in\scombination|together|concurrently)?\s?with"
    rf"|combined\swith|together\swith|along(?:side|\swith)|added\sto|on\sa\sbackground\sof|as\swell\sas)\s|\s?,\s?"
    rf"|\s?/\s?|\s?\+\s?|-){_FILLER}",
    re.IGNORECASE,
)
_OPTIONAL = lazy(
    rf"\s?,?\s?(?:with(?:\sor\s|/)without|(?:\s?[±]|\+/[-−–])|alone\sor\s(?:in\scombination\s)?with"
    rf"|(?:either\s)?as\s(?:monotherapy|a\ssingle\sagent)\sor\s(?:in\scombination\s)?with)\s?{_FILLER}",
    re.IGNORECASE,
)
_EITHER = lazy(rf"\s?,?\s?(?:and/or|or)\s{_FILLER}", re.IGNORECASE)
_OF_CHOICE = lazy(
    rf"\s(?:of|between|among)\s(?:either\s)?{_FILLER}|:\s|,\s(?:either\s|which\s(?:was|were|could\sbe)\s(?:either\s)?)?", re.IGNORECASE
)
BRACKETS = lazy(r"\s?[\[(][^()\[\]]{0,160}[\])]")
"""An aside in brackets, with the blank before it."""
_STANDARD = lazy(r"[Ss]tandard[- ]of[- ]care|(?:investigator|physician)['’]?s?['’]?\schoice")
_STATISTIC = lazy(r"\b(?:HR|OR|RR|CI|[Hh]azard|[Mm]edian|vs|versus)\b")
_APPOSED = lazy(
    r"^,\s(?:an?|the)\s[^,;.]{2,70}?\b(?:inhibitor|antagonist|agonist|antibody|conjugate|blocker|modulator|agent|degrader|vaccine|drug)s?,"
)
"""What an agent is, between commas: "X, a Y inhibitor, plus Z"."""
_HEAD = lazy(r"(?:chemo|immuno|chemoimmuno)therapy")
_PLUS = lazy(r"\s(?:plus|and|with|\+)\s")
_SIZED = lazy(r"\b[Nn]\s?=\s?\d")
_AIDS = lazy(r"(?:®|™|\s?(?:tablets?|capsules?|injection|monotherapy|alone|therapy))+")
_DOSING = lazy(
    r"(?:(?:,?\s(?:at\s(?:a\s)?(?:dose\sof\s)?)?|(?<=mg)\s(?:or|to)\s)\d[\d.,]{0,7}\s?(?:mg|mcg|µg|g|AUC|units|IU)(?:/(?:kg|m2|m²|day|d"
    r"|dose))?(?:/(?:day|week))?|,?\sAUC\s?\d+|\s(?:once|twice|three\stimes)"
    r"(?:\s(?:per|a|every))?\s?(?:daily|weekly|day|week|\d\sweeks)|\severy\s(?:\d{1,2}\s|other\s|three\s|four\s|six\s|eight\s|twelve\s"
    r"|two\s)?(?:weeks?|days?|months?)|\sfor\s(?:up\sto\s)?\d{1,2}\s(?:cycles|weeks|months|years?)"
    r"|\son\s(?:days?|day)\s[\d,\sand-]{1,24}\d|\s(?:of|in)\s(?:each|every|a)\s(?:\d{1,2}-day\s|\d{1,2}-week\s)?cycles?|,?\s(?:under\sthe\sskin|by\smouth|by\sinfusion|via\sinfusion)|\s(?:intravenously|orally"
    r"|subcutaneously)(?=[\s,]|$)|\sdaily|\sweekly|\s(?:PO|IV|SC|IM|i\.v\.|p\.o\.|s\.c\.|i\.m\.|QD|BID|TID|OD|QW|Q\d{1,2}[WDM]|/d|x\s?\d{1,2})(?![\w-]))",
    re.IGNORECASE,
)
COMPARED = lazy(rf",?\s(?:with|to|and|versus|vs\.?)\s{_FILLER}", re.IGNORECASE)
"""What sets two regimens apart behind "compared"."""
_COMPARING = lazy(r"\b[Cc]ompar(?:ed|es?|ing)\s(?:[a-z-]{1,20}\s){0,4}?$|\bcomparisons?\s(?:of|between)\s(?:the\s)?$")
_TO_SHAM = lazy(rf"\s?,?\s(?:with|to|and)\s{_FILLER}", re.IGNORECASE)
COMBINED = " + "
"""What stands between the partners in the name of a combination."""
REACH = 200


@dataclass(frozen=True)
class Regimen:
    """Agents given together. `either` are alternatives to each other, `optional` may be left out."""

    span: Span
    names: tuple[str, ...]
    spans: tuple[Span, ...]
    optional: tuple[str, ...] = ()
    either: tuple[str, ...] = ()


class _Builder:
    def __init__(self, first: Mention) -> None:
        self.first, self.end = first, first.end
        self.names: list[str] = []
        self.spans: list[Span] = []
        self.optional: list[str] = []
        self.either: list[str] = []
        self.choice = False
        self.apart: re.Pattern[str] | None = None
        self._put(first)

    def add(self, mention: Mention, joint: str) -> None:
        self.end = mention.end
        if joint == "choice":
            self.choice, self.names, self.spans = True, [], []
        if joint == "optional" or (self.optional and joint == "list"):
            self.optional += mention.name.split(COMBINED)
            return
        if joint == "either":
            self.either += [name for name in (self.names[-1], mention.name) if name not in self.either]
        self._put(mention)

    def shares(self, mention: Mention) -> bool:
        """Whether, as in "A plus B or C plus B", the alternatives share what is told again; then they are A and C."""
        at = self.names.index(mention.name) if mention.name in self.names else 0
        if not at or self.either[:1] != [mention.name]:
            return False
        self.either[0], self.end = self.names[at - 1], mention.end
        return True

    def rename(self, mention: Mention) -> None:
        """What the last item only qualifies: "standard-of-care chemotherapy"."""
        self.end, self.names[-1], self.spans[-1] = mention.end, mention.name, (self.spans[-1][0], mention.end)

    def _put(self, mention: Mention) -> None:
        for name in mention.name.split(COMBINED):
            if name not in self.names:
                self.names.append(name)
                self.spans.append(mention.span)

    def regimen(self) -> Regimen:
        return Regimen((self.first.start, self.end), tuple(self.names), tuple(self.spans), tuple(self.optional), tuple(self.either))


def between(reading: Reading, start: int, end: int) -> str:
    """What stands between two items, without brackets, doses and schedules."""
    plain = _APPOSED.sub("", BRACKETS.sub("", reading.text[start:end]))
    gap = _DOSING.sub("", _AIDS.sub("", BRACKETS.sub("", plain) if "(" in plain else plain))
    return f" {gap.strip()} " if gap.strip() and gap.strip()[0].isalpha() else gap


def _joint(reading: Reading, start: int, end: int, either: bool, apart: re.Pattern[str] | None) -> str | None:
    """How two items are joined by the text between them: None is not at all."""
    if end - start > REACH or _SIZED.search(reading.text, start, end):
        return None
    gap = between(reading, start, end)
    if apart and apart.fullmatch(gap):
        return None
    if _OPTIONAL.fullmatch(gap):
        return "optional"
    if _JOIN.fullmatch(gap):
        return "list"
    return "either" if either and _EITHER.fullmatch(gap) else None


def regimens(
    reading: Reading, start: int, end: int, either: bool = True, kinds: Sequence[str] = GIVEN, apart: re.Pattern[str] | None = None
) -> list[Regimen]:
    """The regimens named within [start, end), in order; `either=False` lets "or" separate them, `apart` what else does."""
    return joined(reading, reading.given.between(start, end, *kinds), either, apart)


def joined(reading: Reading, items: Sequence[Mention], either: bool = True, apart: re.Pattern[str] | None = None) -> list[Regimen]:
    """Items in text order as regimens."""
    found: list[_Builder] = []
    for item in items:
        if found and (item.start < found[-1].end or _enclosed(reading, found[-1].end, item)):
            continue
        if found and item.kind == "class" and _HEAD.fullmatch(item.name) and reading.text[found[-1].end : item.start] == " ":
            found[-1].end = item.end
            continue
        if found and found[-1].either and _PLUS.fullmatch(between(reading, found[-1].end, item.start)) and found[-1].shares(item):
            continue
        if found and either and item.name == found[-1].names[-1] and _EITHER.fullmatch(between(reading, found[-1].end, item.start)):
            found[-1].end = item.end  # "X or X and hyaluronidase": one agent in two forms
            continue
        if found and item.kind == "class" and _STANDARD.fullmatch(found[-1].names[-1]) and reading.text[found[-1].end : item.start] == " ":
            found[-1].rename(item)
            continue
        joint = _join(reading, found[-1], item, either, found[-1].apart) if found else None
        if joint is None:
            found.append(_Builder(item))
            found[-1].apart = apart or (COMPARED if _COMPARING.search(reading.text, max(0, item.start - 60), item.start) else None)
        else:
            found[-1].add(item, joint)
    return [builder.regimen() for builder in found]


def _join(reading: Reading, builder: _Builder, item: Mention, either: bool, apart: re.Pattern[str] | None) -> str | None:
    """How an item belongs to what is built: a sham is the other side of a comparison, an agent told anew opens the next."""
    if _apposed(reading, builder, item):
        return None
    if builder.first.name.endswith("choice") and (joint := _chosen(reading, builder, item)):
        return joint
    if item.name in builder.names and (len(builder.names) > 1 or "(" in reading.text[builder.end : item.start]):
        return None
    if item.name in SHAM and _TO_SHAM.fullmatch(between(reading, builder.end, item.start)):
        return None
    return _joint(reading, builder.end, item.start, either, apart)


def _chosen(reading: Reading, builder: _Builder, item: Mention) -> str | None:
    """How an item belongs to a choice: the first of "investigator's choice of X or Y" stands for it, the next ones are listed."""
    gap = between(reading, builder.end, item.start) if item.start - builder.end <= REACH else ""
    if not builder.choice:
        return "choice" if len(builder.names) == 1 and _OF_CHOICE.fullmatch(gap) else None
    listed = _EITHER.fullmatch(gap) or _PLUS.fullmatch(gap)
    return "list" if listed and not _SIZED.search(reading.text, builder.end, item.start) else None


def _apposed(reading: Reading, builder: _Builder, item: Mention) -> bool:
    """Whether, as in "norasib, a RAS inhibitor, for ...", the item is what the agent is and no partner of it."""
    gap = _AIDS.sub("", BRACKETS.sub("", reading.text[builder.end : item.start])) if item.start - builder.end <= REACH else ""
    if item.kind != "class" or not re.fullmatch(r",\s(?:an?|the(?:\sfirst)?)\s(?:[\w-]{1,24}\s){0,3}", gap):
        return False
    return len(builder.names) == 1 and not re.match(r",?\s(?:and|or)\b", reading.text[item.end : item.end + 6])


_SET_AGAINST = lazy(r"\s(?:vs?\.?|versus|(?:as\s)?compared\s(?:with|to)|against)\s")


def _enclosed(reading: Reading, start: int, item: Mention) -> bool:
    """Whether a bracket opened since `start` is still open and names the item anew: "isatuximab (Sarclisa", not "X (HR vs Y"."""
    if item.start - start > REACH or reading.depth(item.start - 1) <= reading.depth(start - 1):
        return False
    return not (_STATISTIC.search(reading.text, start, item.start) or _SET_AGAINST.match(reading.text, item.end))
