"""Stage 4d: the arms that a stretch of text lists one after the other: "A plus B, C or placebo, each with D"."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from kg_build.reading.arm_phrases import list_comma, marks_near, spelled_out
from kg_build.reading.arms import Told
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import COMPARED, GIVEN, SHAM, Regimen, between, regimens

KINDS = (*GIVEN, "strategy")
"""What arms may be given."""
BESIDE = lazy(
    r"\b(?:along(?:side|\swith)|in\saddition\sto|on\stop\sof|together\swith|(?:against|on)\sa\sbackground\sof|(?:in\scombination|combined)\swith)\s"
    r"(?:(?:all|both|the|an?|standard|background|concurrent|their|usual|backbone|open-label|ongoing|stable|maximally|tolerated|optimi[sz]ed|[\w-]{2,6}-dose)\s){0,4}$",
    re.IGNORECASE,
)
"""What stands before that which is given beside the alternatives that follow: "alongside X, Y or placebo"."""
USUAL = ("usual care", "standard care", "standard treatment", "standard therapy")
"""Care that goes without saying beside what tells arms apart."""
_SEPARATES = lazy(
    r"\b(?:or|versus|vs\.?|v|against|compared\s(?:with|to))\b|^[\s,;]*(?:and\s?)?[\s]*$|\band\s(?:\d[\d,]*\s|the\s|another\s)|\band\s[\w\s]{0,24}\bto\b"
    r"|^\s?[,;]\s?(?:and\s)?(?:\(?[A-D1-4ivIV]{1,3}[).]\s?)?(?:(?:an?|the|standard|single-agent|oral|intravenous|high-dose|low-dose|weekly|daily"
    r"|physician['’]s\schoice\sof|a\scombination\sof)\s)*$"
)
_COMMON = lazy(
    r"\b(?:each|both|either|all)\b[\w\s,]{0,30}\b(?:with|plus|combined|added|to)\b|\b(?:given|administered|used|concurrently|concomitantly|together)\s(?:[\w-]+\s)?"
    r"with\b|\b(?:added|addition)\s(?:on\s)?to\b|\bon\s(?:a\s)?(?:background|top)\sof\b|,\s(?:plus|with|in\scombination\swith|combined\swith|in\saddition\sto)\s"
    r"|\balong(?:side|\swith)\b"
)
_APART = lazy(
    r"\s?,?\s?(?:in\saddition\sto|added\sto|on\s(?:a\s)?(?:background|top)\sof|(?:when\s)?(?:given|administered|used)\s(?:\w+\s)?with)\s(?:[\w-]{1,20}\s){0,3}",
    re.IGNORECASE,
)
_BREAKS = lazy(
    r"[.;:]\s[A-Z]|\b(?:followed\sby|then|stratified|until|who|whose|because|after|previously|if|with\sa\s|primary|prior|at\sthe)\b"
)
_SEQUEL = lazy(r"(?:\bfollowed\sby|,?\s(?:and\s)?then)\s(?:(?!or\b|versus\b|vs\b)[\w-]{1,24}\s){0,6}$")
"""What stands before a regimen that the same patients are given later."""
_CHOICE = lazy(r"\bchoice\b|\bsingle[- ]agent\b|\b(?:standard|investigator|physician|treatment)['’]?s?\b[^.;]{0,40}\bchoice")
_COMMA = lazy(r"\s?,\s(?:a\s|the\s|single-agent\s)?")
DOSE = lazy(r"\d[\d.,·]{0,6}[-\s]?(?:mg|µg|μg|mcg|g|IU)(?:/(?:kg|m2|m²))?(?![\w/])")
_SEVERAL_DOSES = lazy(
    rf"\s?[\[(]?\s?(?:(?:at|of|in)\s)?(?:(?:a\s|two\s|three\s|four\s)?(?:daily\s|weekly\s|oral\s)?doses?(?:\slevels)?\s(?:of\s)?)?"
    rf"(?P<doses>(?:\d[\d.,·]{{0,6}}|{DOSE.pattern})(?:,\s(?:\d[\d.·]{{0,6}}|{DOSE.pattern})){{0,4}},?\s(?:or|and|versus|vs\.?)\s{DOSE.pattern})"
    rf"|\s(?P<listed>{DOSE.pattern}(?:,\s{DOSE.pattern}){{1,4}})(?=,\s(?:or|and)\s)"
)
_ONE_DOSE = lazy(r"(?P<n>\d[\d.·]{0,6})(?:[-\s]?(?P<unit>(?!(?:or|and|versus|vs)\b)[a-zA-Zµμ][\w/²]*))?")
_WITH_ALL = lazy(
    r"\s(?:[\w-]{1,12}\s){0,5}(?:(?:in\s)?combin\w+\swith|plus|with|added\sto|together\swith|alongside|on\stop\sof)\s"
    r"(?:[\w-]{1,12}\s){0,2}"
)
"""Between doses and what is given with each of them."""
_OR_ONLY = lazy(r"\s?,?\sor\s")
_FAMILIES = tuple(
    frozenset(family.split())
    for family in (
        "cisplatin carboplatin oxaliplatin nedaplatin",
        "letrozole anastrozole exemestane",
        "paclitaxel docetaxel nab-paclitaxel",
        "azacitidine decitabine",
        "goserelin leuprolide leuprorelin triptorelin",
        "prednisone prednisolone dexamethasone",
        "capecitabine fluorouracil S-1",
        "epirubicin doxorubicin",
    )
)
"""Agents that trials let physicians exchange for each other."""
_OR_NEXT = lazy(r"\b(?:or|versus|vs)\b")


def alternatives(reading: Reading, told: list[Told], start: int, end: int, apart: re.Pattern[str] = _APART) -> list[Told]:
    """The arms listed from a place on: "A plus B or C, each with D" are A + B + D and C + D."""
    unit = reading.document.units[reading.document.unit_at(start)]
    groups = regimens(reading, start, end, either=False, kinds=KINDS, apart=list_comma(reading, *unit) or _with_comma(apart))
    beside = groups[0].names if len(groups) > 2 and _set_off(reading, groups[0], start) else ()
    arms = _shared(_List(reading, told, groups[bool(beside) :], (start, end), apart).arms()) if groups else []
    return [arm.given_with(_drugs(beside)) for arm in arms] if beside else arms


def _set_off(reading: Reading, group: Regimen, start: int) -> bool:
    """Whether what a list opens with is given beside all that follows: "to receive, on top of X, Y or placebo"."""
    lead = BESIDE.search(reading.text, start, group.span[0])
    return lead is not None and lead.start() - start < 3 and reading.text.startswith(",", group.span[1])


@cache
def _with_comma(apart: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(f"{apart.pattern}|{_COMMA.pattern}", re.IGNORECASE)


class _List:
    """Regimens in text order on their way to arms."""

    def __init__(self, reading: Reading, told: list[Told], groups: list[Regimen], bounds: Span, apart: re.Pattern[str]) -> None:
        self.reading, self.told, self.groups = reading, told, groups
        self.bounds, self.apart = bounds, apart
        self.depth = reading.depth(groups[0].span[0])
        self.found: list[Told] = []

    def arms(self) -> list[Told]:
        """The arms, until something follows that is none."""
        last = self.groups[0].span[0]
        for i, group in enumerate(self.groups):
            if self.reading.depth(group.span[0]) > self.depth:
                self._detail(group, last)
            elif not self.found:
                self.found = [self._armed(i)]
            elif not self._follow(i, between(self.reading, last, group.span[0])):
                break
            last = max(last, group.span[1])
        return [one for arm in self.found for one in self._doses(arm)]

    def _doses(self, arm: Told) -> list[Told]:
        """An arm for each dose of "X 10 mg, 20 mg or 40 mg"."""
        match = _SEVERAL_DOSES.match(self.reading.text, arm.span[1])
        if match is None or arm.n:
            return [arm]
        doses = _doses_of(match["doses"] or match["listed"])
        return [replace(arm, marks=(dose,), label=dose) for dose in dict.fromkeys(doses)]

    def _follow(self, i: int, gap: str) -> bool:
        """Takes a regimen as the next arm, as a partner of the last or of all; False where it belongs to none."""
        compared = self.apart is COMPARED and len(self.found) == 1 and COMPARED.fullmatch(gap)
        before = self.groups[i - 1].span[1]
        doses = _SEVERAL_DOSES.match(self.reading.text, before, self.groups[i].span[0])
        if doses and _WITH_ALL.fullmatch(self.reading.text, doses.end(), self.groups[i].span[0]):
            gap = " given with "
        group, kind = self.groups[i], "next" if compared else _relation(gap)
        if kind == "sequel":
            self.found[-1] = self.found[-1].given_with(_drugs(group.names))
        elif kind == "common":
            self.found = [arm.given_with(_drugs(group.names)) for arm in self.found]
        elif kind == "next" and (self._sibling(group, gap) or (_COMMA.fullmatch(gap) and self._partner(i))):
            self.found[-1] = self.found[-1].given_with(group.names)
        elif kind == "next":
            self.found.append(self._armed(i))
        return kind is not None

    def _sibling(self, group: Regimen, gap: str) -> bool:
        """Whether a regimen is the other choice for the last partner of an arm: "gemcitabine plus cisplatin or carboplatin"."""
        last = self.found[-1]
        if len(last.names) < 2 or last.n or len(group.names) > 1 or not _OR_ONLY.fullmatch(gap):
            return False
        return any(last.names[-1] in family and group.names[0] in family for family in _FAMILIES)

    def _partner(self, i: int) -> bool:
        """Whether a regimen behind a comma is a partner of the last: the list goes on with "and", not with "or"."""
        if self.found[-1].n:
            return False
        text, group = self.reading.text, self.groups[i]
        inner = text[group.span[0] : group.span[1]]
        if len(group.names) > 1:
            return bool(re.search(r"\band\b", inner)) and not re.search(r"\bplus\b|\bwith\b", inner)
        follower = self.groups[i + 1] if i + 1 < len(self.groups) else None
        gap = between(self.reading, group.span[1], follower.span[0]) if follower else ""
        if follower and _COMMA.fullmatch(gap):
            return self._partner(i + 1)
        return not _OR_NEXT.search(gap) or len(gap) > 60

    def _armed(self, i: int) -> Told:
        """A regimen with the size, short name and marks told with it."""
        group = self.groups[i]
        low = self.groups[i - 1].span[1] if i else max(self.bounds[0], group.span[0] - 40)
        high = self.groups[i + 1].span[0] if i + 1 < len(self.groups) else self.bounds[1]
        known = [t for t in self.told if t.regimen and t.regimen.span[0] <= group.span[0] < t.regimen.span[1]]
        size, alias = next((t.n for t in known if t.n), None), next((t.alias for t in known if t.alias), None)
        regimen = spelled_out(self.reading, group)
        last = not known or known[0].span[1] <= group.span[1] + 30
        return Told(
            group.span, None, regimen, size if last else None, alias if last else None, marks_near(self.reading, group.span, low, high)
        )

    def _detail(self, group: Regimen, last: int) -> None:
        """A class or choice followed by its agents in brackets: "chemotherapy (docetaxel or vinflunine)" is those agents."""
        arm = self.found[-1] if self.found else None
        if arm is None or arm.regimen is None or group.span[0] - last > 90:
            return
        if self.reading.given.covering(arm.regimen.span[1] - 1, "strategy"):
            return
        agents = {m.name for m in self.reading.mentions.between(*arm.regimen.span, "agent")}
        if agents and not _CHOICE.search(self.reading.text, max(0, arm.span[0] - 30), group.span[0]):
            return
        names = tuple(dict.fromkeys((*(n for n in arm.names if n in agents or n not in _classes(self.reading)), *group.names)))
        if not set(group.names) <= set(arm.names):
            self.found[-1] = replace(arm, regimen=replace(arm.regimen, names=names))


def _doses_of(printed: str) -> list[str]:
    """The doses of a list, those without a unit in that of the last: "25, 50 or 100 mg"."""
    found = [(m["n"], m["unit"]) for m in _ONE_DOSE.finditer(printed)]
    return [f"{n} {unit or found[-1][1]}".lower() for n, unit in found]


def _classes(reading: Reading) -> set[str]:
    return {m.name for m in reading.given.all("class")}


def _drugs(names: tuple[str, ...]) -> tuple[str, ...]:
    """What all are given, without care that goes without saying."""
    return tuple(n for n in names if n not in USUAL)


def _relation(gap: str) -> str | None:
    """How a regimen follows the last: as the next arm, as what its patients or all are given then, or not at all."""
    if len(gap) < 170 and _SEQUEL.search(gap):
        return "sequel"
    if len(gap) > 170 or _BREAKS.search(gap):
        return None
    common = _COMMON.search(gap)
    if common and not _OR_NEXT.search(gap, common.start()):
        return "common"
    return "next" if _SEPARATES.search(gap) else None


def _shared(arms: list[Told]) -> list[Told]:
    """What stands beside a placebo is given to all: "X or placebo plus Y"."""
    arms = [_with_alias(arm, arms[0]) for arm in arms]
    for i, arm in enumerate(arms):
        partners = tuple(n for n in arm.names if n not in SHAM)
        if arm.names[:1] == ("placebo",) and partners:
            arms = [a if j >= i or set(a.names) & set(partners) else a.given_with(partners) for j, a in enumerate(arms)]
    return arms


def _with_alias(arm: Told, first: Told) -> Told:
    """A placebo with the partners that its short name spells: "A plus B (A+B) or placebo (P+B)"."""
    letters = re.sub(r"[^A-Z]", "", arm.alias or "").replace("P", "", 1).casefold()
    if arm.names != ("placebo",) or not letters:
        return arm
    partners = tuple(name for name in first.names if name[0].casefold() in letters)
    return arm.given_with(partners) if len(partners) == len(letters) else arm


def chosen(reading: Reading, arms: list[Told], expected: int) -> list[Told]:
    """Agents among which the physician chooses are one arm, and so are those under one size."""
    if len(arms) > 2 and arms[0].n and arms[-1].n and arms[1].regimen and not any(a.n or a.control for a in arms[1:-1]):
        names = tuple(dict.fromkeys(n for a in arms[1:] for n in a.names))
        return [arms[0], replace(arms[-1], regimen=replace(arms[1].regimen, names=names, span=(arms[1].span[0], arms[-1].span[1])))]
    first = arms[1].regimen if len(arms) > 2 else None
    if (
        first is None
        or any(a.control for a in arms)
        or not all(len(a.names) == 1 and a.n is None for a in arms[1:-1])
        or len(arms[-1].names) > 1
    ):
        return arms
    whole = reading.text[arms[0].span[1] : arms[-1].span[1]]
    if expected == len(arms) > 2 or not (
        expected == 2 or _CHOICE.search(whole) or re.match(r"[^,;]{0,30}\b(?:versus|vs|against|compared)\b", whole)
    ):
        return arms
    names = tuple(dict.fromkeys(n for a in arms[1:] for n in a.names if "choice" not in n))
    regimen = replace(first, names=names, span=(first.span[0], arms[-1].span[1]))
    return [arms[0], replace(arms[1], regimen=regimen, n=arms[-1].n)]
