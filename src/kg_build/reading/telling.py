"""Stage 4e: how texts tell arms side by side, also by what is added, by dose or form, and by words for what the text speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg_build.reading.alternatives import DOSE, KINDS
from kg_build.reading.arm_phrases import ARM_WORD, MARK
from kg_build.reading.arms import Told
from kg_build.reading.comparing import Telling, compared, either, has_figures, lettered, numbered, randomised, with_or_without
from kg_build.reading.context import Reading
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Count
from kg_build.reading.regimens import between
from kg_build.reading.shorthand import SHAPE

_TO_DOSES = lazy(
    rf"\b(?:randomi[sz]ed|randomly|assigned|allocated)\b[^.;]{{0,40}}?\bto\s(?:receive\s)?(?P<first>{DOSE.pattern})(?:,?\s(?:or\s|and\s|versus\s)?{DOSE.pattern}){{1,5}}"
)
_TWO_SHORT = lazy(
    rf"\b(?:randomi[sz]ed|randomly|random|assigned|allocated)\b[^.;()]{{0,40}}\bto\s[^;()]{{3,90}}\((?P<a>{SHAPE})(?:,?\sn\s?=\s?\d+)?\),?\s(?:or|versus|vs)\s"
    rf"[^;()]{{3,90}}\((?P<b>{SHAPE})(?:,?\sn\s?=\s?\d+)?\)"
)
_GROUP_NAMED = (
    r"[^;()]{{3,90}}\((?:[^()]{{0,80}}[;,]\s)?(?:the\s)?(?P<{0}>[A-Za-z][a-z-]{{2,24}}(?:\s[a-z-]{{2,20}})?)\s(?:group|arm)"
    r"(?:[;,]?\s[nN]\s?=\s?(?P<n{0}>\d{{1,5}}))?\)"
)
_TWO_GROUPS = lazy(
    r"\b(?:randomi[sz]ed|randomly|random|assigned|allocated)\b[^.;()]{0,40}\bto\s"
    rf"{_GROUP_NAMED.format('a')},?\s(?:or|versus|vs\.?)\s{_GROUP_NAMED.format('b')}"
)
_LONE = lazy(
    r"\b(?:(?:against|versus|vs?\.?|compared\s(?:with|to)|over|than|from)\s(?:just\s|only\s|about\s|an?\s)?(?:[a-z]+\sof\s)?"
    r"\d[\d.]*(?:\s?%|\s(?:months?|years?|weeks?|days?|percent|points)|(?:\s\w+)?\sper\s1,?0?00[-\s](?:patient|person)[-\s]years)\s(?:(?:of|for)\s(?:the\s|those\s)?(?:patients|participants|people|women|men)?\s?)?"
    r"(?:with|for|on|in|given|receiving|taking|who\s\w+)\s|(?:against|versus|vs\.?|compared\s(?:with|to)|over|than)\s)(?:the\s)?$"
)
_SORTS = ("comparator", "controls", "doublet", "triplet", "quadruplet")
ADDING = lazy(r"\b(?:[Aa]dd(?:ing|ed|s)?|[Aa]ddition(?:\sof)?)\s(?:the\s)?(?:[\w-]{1,24}\s){0,4}$")
_ADDED_TO = lazy(r"\s(?:\([^()]{1,60}\)\s)?(?:therapy\s|treatment\s)?(?:to|with)\s(?:the\s)?(?:[\w-]{1,24}\s){0,4}")
RECEIVED = lazy(
    r"\b(?:received?|receiving|treated\swith|assigned\sto|given|randomi[sz]ed\sto|got|was|were|consisted\sof)\s(?:only\s|either\s|treatment\swith\s|with\s)?"
    r"(?:[\w-]{1,20}\s){0,5}$"
)
_WITH = lazy(
    r"\b(?:with|on|for|received|receiving|than|given|taking|in|of|and|the|among|to|got|getting|took|after|under|using|by|from)\s(?:the\s|an?\s|those\s\w+\s)?$"
)
_MARKED = lazy(
    rf"(?P<a>{MARK})(?:\s(?!versus|vs|or)\w+)?\s(?:versus|vs\.?|or|and|compared\s(?:with|to))\s(?P<b>{MARK})\s(?:[\w-]{{1,20}}\s){{0,2}}?$",
    re.IGNORECASE,
)
_ANAPHORA = lazy(
    r"\b(?:the\s(?:antibody|drug|agent|inhibitor|molecule|therapy|medicine|vaccine|compound|combination)|it)\sor\s(?:matching\s)?$"
)


def _optional(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    for phrase in told:
        arms = with_or_without(reading, phrase, told)
        if arms:
            yield Telling(arms, 30)


def _added(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """The arms of "adding X (or placebo) to Y", "X added to Y", "adding X instead of Z to Y"."""
    start, _ = reading.document.units[unit]
    given = [t for t in told if t.regimen]
    for i, phrase in enumerate(given):
        if not ADDING.search(reading.text, max(start, phrase.span[0] - 60), phrase.span[0]):
            continue
        new, rest = [phrase], given[i + 1 :]
        while rest and re.fullmatch(
            r"\s(?:or|instead\sof|rather\sthan|in\splace\sof)\s(?:the\s)?", between(reading, new[-1].span[1], rest[0].span[0])
        ):
            new.append(rest.pop(0))
        if rest and rest[0].regimen and _ADDED_TO.fullmatch(between(reading, new[-1].span[1], rest[0].span[0])):
            base = rest[0]
            arms = [t.given_with(base.names) for t in new]
            sham = next((t for t in rest[1:] if "placebo" in t.names), None)
            control = sham.given_with(base.names) if sham else replace(base, n=None)
            yield Telling(tuple(arms) if len(arms) > 1 else (*arms, control), 28)


_ADD_IT = lazy(
    r"\b[Aa]dd(?:ing|ition\sof)\s(?:the\s(?:\w+\s)?(?:antibody|drug|agent|medicine|molecule|compound|inhibitor|radioligand|vaccine|ADC|bispecific|pill|therapy|treatment)|it)\s"
    r"(?:to|on\stop\sof)\s(?:[\w-]{1,24}\s){0,3}"
)


def _it_added(reading: Reading, unit: int, told: list[Told], lead: list[Told]) -> Iterator[Telling]:
    """The arms of "adding the drug to Y": what the text speaks of with Y, and Y."""
    match = _ADD_IT.search(reading.text, *reading.document.units[unit])
    main = next((t for t in lead if t.regimen), None)
    base = next((t for t in told if match and t.regimen and match.start() < t.span[0] <= match.end()), None)
    if main and base and not set(main.names) & set(base.names):
        new = replace(main, n=None, alias=None, marks=())
        yield Telling((new.given_with(base.names), replace(base, n=None)), 28)


def _doses(reading: Reading, unit: int, lead: list[Told]) -> Iterator[Telling]:
    """The arms of "randomised to 60 mg, 120 mg or 180 mg" of what the text speaks of."""
    start, end = reading.document.units[unit]
    match = _TO_DOSES.search(reading.text, start, end)
    main = next((t for t in lead if t.regimen), None)
    if match and main and not any(reading.given.between(match.start("first"), match.end(), kind) for kind in KINDS):
        doses = dict.fromkeys(m[0].lower() for m in DOSE.finditer(reading.text, match.start("first"), match.end()))
        arms = [replace(main, marks=(dose,), label=dose, n=None, alias=None) for dose in doses]
        placebo = re.match(r"[^.;]{0,60}?\bor\s(?:matching\s)?placebo\b", reading.text[match.end() : end])
        sham = next((m for m in reading.given.between(match.end(), end, "class") if placebo and m.name == "placebo"), None)
        if sham and main.regimen:
            arms.append(Told(sham.span, None, replace(main.regimen, span=sham.span, names=("placebo",), spans=(sham.span,))))
        yield Telling(tuple(arms), 46)


def _against(reading: Reading, unit: int, told: list[Told], lead: list[Told]) -> Iterator[Telling]:
    """The arms of "the hazard ratio against Y was 0.71": what the text speaks of and Y."""
    start, _ = reading.document.units[unit]
    main = next((t for t in lead if t.regimen), None)
    for phrase in told:
        lone = phrase.regimen and _LONE.search(reading.text, max(start, phrase.span[0] - 70), phrase.span[0])
        if lone and main and not set(main.names) & set(phrase.names) and has_figures(reading, unit):
            yield Telling((replace(main, n=None, alias=None, marks=()), phrase), 12)


def _named_alone(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """Arms told by what is done and a short name, or that of a group: "36 Gy in five fractions (SBRT) or 60 Gy in twenty (MHRT)"."""
    start, end = reading.document.units[unit]
    match = _TWO_SHORT.search(reading.text, start, end)
    if match and match["a"] != match["b"]:
        yield Telling(tuple(Told(match.span(g), label=match[g], alias=match[g]) for g in "ab"), 40)
    groups = _TWO_GROUPS.search(reading.text, start, end)
    regimens = {t.names for t in told if groups and t.regimen and groups.start() < t.span[0] < groups.start("b")}
    if groups and groups["a"] != groups["b"] and len(regimens) < 2:
        yield Telling(tuple(_group(groups, key) for key in "ab"), 37)


def _group(match: re.Match[str], key: str) -> Told:
    """An arm that is only called by the name of its group: "or none (sparing group, n = 265)"."""
    size = match[f"n{key}"]
    count = Count(int(size), size, match.span(f"n{key}")) if size else None
    return Told(match.span(key), label=match[key].lower(), n=count, alias=f"{match[key]} group")


_FORM = lazy(r"\b(?P<a>subcutaneous|SC|intravenous|IV|oral)\s$", re.IGNORECASE)
_OTHER_FORM = lazy(
    r"[^.;]{0,90}?\b(?:to|versus|vs\.?|than|with|over)\s(?:the\s|its\s)?(?P<b>subcutaneous|SC|intravenous|IV|oral)"
    r"\s(?:formulation|version|form|route|administration|infusions?|injections?|dosing|arm|group)",
    re.IGNORECASE,
)
_FORMS = {
    "su": ("subcutaneous", "SC"),
    "sc": ("subcutaneous", "SC"),
    "in": ("intravenous", "IV"),
    "iv": ("intravenous", "IV"),
    "or": ("oral",),
}
"""How the two forms of one drug are marked."""


def _by_marks(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """The arms of "once-daily versus twice-daily X"."""
    start, _ = reading.document.units[unit]
    for phrase in told:
        at = phrase.regimen.span[0] if phrase.regimen else start
        match = _MARKED.search(reading.text, max(start, at - 90), at)
        if match and phrase.regimen:
            marks = [match[group].lower().replace("-", " ") for group in "ab"]
            yield Telling(tuple(replace(phrase, marks=(mark,), label=mark, n=None, alias=None) for mark in marks), 38 if unit == 0 else 34)
        elif phrase.regimen and (form := _OTHER_FORM.match(reading.text, phrase.regimen.span[1])):
            lead = _FORM.search(reading.text, max(start, at - 20), at)
            forms = [_FORMS[m.lower()[:2]] for m in (lead["a"], form["b"])] if lead else []
            if len(set(forms)) == 2:
                yield Telling(tuple(replace(phrase, marks=names, label=names[0], n=None, alias=None) for names in forms), 34)


def _it_or_placebo(reading: Reading, unit: int, told: list[Told], lead: list[Told]) -> Iterator[Telling]:
    """The arms of "added the antibody or placebo to Y"."""
    start, _ = reading.document.units[unit]
    main = next((t for t in lead if t.regimen and reading.mentions.between(*t.regimen.span, "agent")), None)
    for i, phrase in enumerate(told):
        if main and "placebo" in phrase.names and _ANAPHORA.search(reading.text, max(start, phrase.span[0] - 40), phrase.span[0]):
            partners = tuple(n for t in told[i : i + 2] for n in t.names if n != "placebo")
            it = replace(main, regimen=main.regimen and replace(main.regimen, names=main.names[:1]), n=None, alias=None)
            placebo = replace(phrase, regimen=phrase.regimen and replace(phrase.regimen, names=("placebo",)))
            yield Telling((it.given_with(partners), placebo.given_with(partners)), 36)


def received(reading: Reading, unit: int, told: list[Told]) -> list[Told]:
    """An arm told by what its patients received: "In the control arm, patients received ..."."""
    start, _ = reading.document.units[unit]
    found: list[Told] = []
    labels = [t for t in told if t.label and not t.regimen and t.label not in _SORTS]
    for phrase in told:
        if phrase.regimen and RECEIVED.search(reading.text, max(start, phrase.span[0] - 70), phrase.span[0]):
            label = phrase if phrase.label else next((t for t in reversed(labels) if t.span[1] <= phrase.span[0]), None)
            if label and not any(f.label == label.label for f in found):
                found.append(replace(phrase, label=label.label, n=phrase.n or label.n))
    return found


def reports(reading: Reading, unit: int) -> bool:
    """Whether a unit reports a figure of an endpoint."""
    start, end = reading.document.units[unit]
    return bool(reading.endpoints.between(start, end, "endpoint")) and has_figures(reading, unit)


def _contrasted(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """The two regimens that a sentence with figures sets side by side: "11 months with X and 6 months with Y"."""
    given = [
        t
        for t in told
        if t.regimen
        and (_WITH.search(reading.text, max(0, t.span[0] - 24), t.span[0]) or ARM_WORD.search(reading.text, t.span[1] - 24, t.span[1] + 1))
    ]
    given = list({t.names: t for t in reversed(given)}.values())[::-1]
    if len(given) == 2 and has_figures(reading, unit):
        yield Telling(tuple(given), 18)
    labels = list(
        {t.label or t.names: t for t in reversed(told) if t.label or ARM_WORD.search(reading.text, t.span[1] - 24, t.span[1] + 1)}.values()
    )[::-1]
    if len(labels) == 2:
        yield Telling(tuple(labels), 8)


_IT_WITH = lazy(
    r"(?:\b[Tt]he\s(?:[\w/-]{2,20}\s){0,2}?(?:SERD|drug|agent|antibody|inhibitor|pill|tablet|medicine|molecule|compound|ADC|bispecific|degrader|vaccine|TKI)|\b[Ii]t),?\s"
    r"(?:(?:when\s)?(?:given|used|combined|taken|administered)\s(?:in\scombination\s|together\s)?(?:with|alongside)|in\scombination\swith|plus|together\swith|added\sto)\s"
    r"(?:the\s)?$"
)


_THE_KIND = lazy(r"\b[Tt]he\s(?:(?!standard|control|comparator)[\w-]{2,14}\s){0,2}$")


def _with_it(reading: Reading, phrase: Told, lead: list[Told]) -> Told:
    """What is given with "the drug": both the partners told and what the text speaks of."""
    main = next((t.regimen for t in lead if t.regimen), None)
    if main is None or phrase.regimen is None or set(main.names) & set(phrase.names):
        return phrase
    first = reading.given.covering(phrase.regimen.span[0], "class")
    if first and len(phrase.names) > 1 and _THE_KIND.search(reading.text, max(0, first.start - 40), first.start):
        return replace(phrase, regimen=replace(phrase.regimen, names=(*main.names[:1], *phrase.names[1:])))
    if not _IT_WITH.search(reading.text, max(0, phrase.span[0] - 80), phrase.span[0]):
        return phrase
    return replace(phrase, regimen=replace(phrase.regimen, names=(*main.names[:1], *phrase.names)))


def tellings(reading: Reading, unit: int, told: list[Told], lead: list[Told]) -> Iterator[Telling]:
    """Everything that a sentence says of arms side by side."""
    told = [_with_it(reading, phrase, lead) for phrase in told]
    yield from _doses(reading, unit, lead)
    yield from _named_alone(reading, unit, told)
    if not any(t.regimen for t in told):
        yield from _contrasted(reading, unit, told)
        return
    yield from lettered(reading, unit, told)
    yield from randomised(reading, unit, told)
    yield from either(reading, unit, told)
    yield from numbered(reading, unit, told)
    yield from compared(reading, unit, told, unit == 0)
    yield from _by_marks(reading, unit, told)
    yield from _it_or_placebo(reading, unit, told, lead)
    yield from _against(reading, unit, told, lead)
    yield from _optional(reading, unit, told)
    yield from _added(reading, unit, told)
    yield from _it_added(reading, unit, told, lead)
    yield from _contrasted(reading, unit, told)
