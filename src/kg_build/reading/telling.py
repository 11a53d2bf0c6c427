"""Stage 4c: how texts tell arms: lists, randomisation, comparison, addition; the fullest telling makes the arms, the others fill them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg_build.reading.arms import ARM_WORD, Arms, ArmView, Told, marks_near, phrases
from kg_build.reading.context import Reading
from kg_build.reading.quantities import Count
from kg_build.reading.regimens import COMPARED, GIVEN, SHAM, Regimen, between, regimens
from kg_build.reading.shorthand import SHAPE

_KINDS = (*GIVEN, "strategy")
_ALIAS = re.compile(
    rf"(?:\s(?:arm|group))?\s?[\[(](?:(?:[Aa]rm|[Gg]roup|[Cc]ohort|hereafter|the)\s)?(?P<alias>{SHAPE}|[1-6])(?:\s(?:arm|group|regimen))?"
    r"(?=[;,:)\]]|\s?[;,]?\s?[nN]\s?=)"
)
_NOT_ALIAS = frozenset("HR OR CI CR PR PFS OS ORR n N IV SC PO NR NE arm Arm group".split())
_SIZED = re.compile(
    r"[\[(;,]\s?(?:[nN]\s?=\s?)?(?P<n>\d{1,3}(?:,\d{3})+|\d{1,5})\s?(?:patients|participants|women|men|subjects|adults|people|children|cases)\b"
)
_EACH_SIZE = re.compile(
    r"\b(?P<n>\d{2,5})\s(?:patients|participants|women|men|subjects|adults)?\s?(?:were\s)?(?:randomi[sz]ed\s|assigned\s|allocated\s|enrolled\s)?"
    r"(?:in|per|to)\s(?:each|either|both)\s(?:treatment\s)?(?:arms?|groups?)\b|\b[nN]\s?=\s?(?P<n2>\d{2,5})\s?(?:each|per\s(?:arm|group)|in\seach)"
)
_SIZE_TO = re.compile(
    r"\b(?P<n>\d{1,3}(?:,\d{3})+|\d{2,5})\s(?:\w+\s)?(?:(?:patients|participants|women|men|subjects|adults|people|individuals)\s)?(?:who\s)?(?:(?:were|was)\s)?"
    r"(?:randomly\s)?(?:(?:assigned|allocated|randomi[sz]ed|treated|given|received|receiving|enrolled|on|with|to|in)\s){1,3}(?:either\s)?(?:receive\s)?"
    r"(?:treatment\swith\s)?(?:the\s)?$"
)
_SIZE_TREATED = re.compile(r"\b(?P<n>\d{1,3}(?:,\d{3})+|\d{2,5})\s$")
_ASSIGN = re.compile(r"\b(?:randomi[sz]ed|randomly|assigned|allocated|randomi[sz]ation)\b", re.IGNORECASE)
_TO = re.compile(
    r"\b(?:to\sreceive|to\seither|to\streatment\swith|receive[ds]?|to|between|of|comparing|compared|with|investigating|evaluating|testing)\b"
)
_RATIO = re.compile(
    r"(?<![\d:.])(\d{1,2})\s?(?::|-to-|\sto\s|∶)\s?(\d{1,2})(?:\s?(?::|∶)\s?(\d{1,2}))?(?:\s?(?::|∶)\s?(\d{1,2}))?(?![\d:])"
)
_VERSUS = re.compile(
    r"\b(?:versus|vs\.?|v\.?|compared\s(?:with|to)|as\scompared\s(?:with|to)|against|over|than|rather\sthan|in\scomparison\s(?:with|to))\s"
)
_SEPARATES = re.compile(
    r"\b(?:or|versus|vs\.?|v|against|compared\s(?:with|to))\b|^[\s,;]*(?:and\s?)?[\s]*$|\band\s(?:\d[\d,]*\s|the\s|another\s)|\band\s[\w\s]{0,24}\bto\b"
    r"|^[\s,;]+(?:and\s)?(?:\(?[A-D1-4ivIV]{1,3}[).]\s?)?[\w\s-]{0,24}$"
)
_COMMON = re.compile(
    r"\b(?:each|both|either|all)\b[\w\s,]{0,30}\b(?:with|plus|combined|added|to)\b|\b(?:given|administered|used|concurrently|concomitantly|together)\s(?:[\w-]+\s)?"
    r"with\b|\b(?:added|addition)\s(?:on\s)?to\b|\bon\s(?:a\s)?(?:background|top)\sof\b|,\s(?:plus|with|in\scombination\swith|combined\swith|in\saddition\sto)\s"
    r"|\balong(?:side|\swith)\b"
)
_APART = re.compile(
    r"\s?,?\s?(?:in\saddition\sto|added\sto|on\s(?:a\s)?(?:background|top)\sof|(?:when\s)?(?:given|administered|used)\s(?:\w+\s)?with)\s(?:[\w-]{1,20}\s){0,3}",
    re.IGNORECASE,
)
_BREAKS = re.compile(
    r"[.;:]\s[A-Z]|\b(?:followed\sby|then|stratified|until|who|whose|because|after|previously|if|with\sa\s|primary|prior|at\sthe)\b"
)
_MARKER = re.compile(
    r"(?<![\w.])(?:(?:(?P<word>[Aa]rms?|[Gg]roups?|ARM|[Cc]ohorts?)\s)?[(\[]?(?P<key>[A-F]|[1-6]|i{1,3}v?|I{1,3})[)\]:]|(?:[Aa]rm|[Gg]roup|ARM)\s(?P<key2>[A-F1-6])"
    r"(?=,?\s(?:received|was|were|is|consist|\(|compris|includ)|\s?[-–—,]\s))\s?"
)
_SAME_AS = re.compile(
    r"\b(?:same|identical)\b[^.;]{0,60}?\b(?:as|to)\s(?:in\s)?(?:the\s)?[(\[]?(?:(?:arm|group)\s)?(?P<key>[A-F1-6]|control|standard)\b"
)
_ADDING = re.compile(r"\b(?:[Aa]dd(?:ing|ed|s)?|[Aa]ddition(?:\sof)?)\s(?:the\s)?(?:[\w-]{1,24}\s){0,4}$")
_INSTEAD = re.compile(r"\s(?:instead\sof|rather\sthan|in\splace\sof)\s(?:the\s)?")
_ADDED_TO = re.compile(r"\s(?:\([^()]{1,60}\)\s)?(?:therapy\s|treatment\s)?(?:to|with)\s(?:the\s)?(?:[\w-]{1,24}\s){0,4}")
_RECEIVED = re.compile(
    r"\b(?:received?|receiving|treated\swith|assigned\sto|given|randomi[sz]ed\sto|got|was|were|consisted\sof)\s(?:only\s|either\s|treatment\swith\s|with\s)?"
    r"(?:[\w-]{1,20}\s){0,5}$"
)
_COMPARE = re.compile(
    r"\b[Cc]ompar(?:ed|es?|ing|isons?\s(?:of|between))\s|\bdifferences?\sbetween\s|\bnon-?inferior(?:ity)?\s(?:of|to)\s|\bbetween\s"
)
_WITH = re.compile(r"\b(?:with|on|for|received|receiving|than|given|taking|in|of|and|the)\s(?:the\s|those\s\w+\s)?$")
_CHOICE = re.compile(r"\bchoice\b|\bsingle[- ]agent\b|\b(?:standard|investigator|physician|treatment)['’]?s?\b[^.;]{0,40}\bchoice")
_CONTROL_GROUP = re.compile(
    r"\b(?:the|in|than|with)\s(?:the\s)?(?P<label>control|comparator|placebo|standard[- ]of[- ]care|chemotherapy)\s(?:arm|group|cohort)\b",
    re.IGNORECASE,
)
_COHORT = re.compile(
    r"\b(?P<label>(?:(?!(?:the|in|this|each|and|of|both|second|treatment|study|patient|safety|overall|whole|entire|larger?)\b)[A-Za-z0-9/+-]{2,20}\s){1,3}cohort"
    r"|[Cc]ohort\s[A-F1-6]\b)"
)


@dataclass(frozen=True)
class Telling:
    """The arms that one place sets side by side, experimental first where its words say so, and how much it is worth."""

    arms: tuple[Told, ...]
    weight: float

    @property
    def worth(self) -> float:
        """Its kind first, then how many sizes and partners it gives."""
        return self.weight + 2 * sum(t.n is not None for t in self.arms) + 0.5 * min(8, sum(len(t.names) for t in self.arms))

    @property
    def sound(self) -> bool:
        """Whether its arms differ."""
        forms = [(frozenset(t.names), frozenset(t.marks) if len({u.names for u in self.arms}) == 1 else None, t.label) for t in self.arms]
        return len(self.arms) > 1 and len(set(forms)) == len(forms)


# ---- one place ------------------------------------------------------------------------------------------------------------------


def sized(reading: Reading, unit: int, told: list[Told]) -> list[Told]:
    """The phrases with the n and the short name printed with them: "X plus Y 10 mg every 3 weeks (XY; n = 154)"."""
    start, end = reading.document.units[unit]
    sizes = [q.n for q in reading.quantities[unit] if q.kind == "n" and q.n]
    sizes += [Count(int(m["n"].replace(",", "")), m["n"], m.span("n")) for m in _SIZED.finditer(reading.text, start, end)]
    found = []
    for i, phrase in enumerate(told):
        limit = min(phrase.span[1] + 130, told[i + 1].span[0] if i + 1 < len(told) else end)
        behind = [size for size in sizes if phrase.span[1] <= size.span[0] < limit and _holds(reading, phrase.span[1], size.span[0])]
        alias = _ALIAS.match(reading.text, phrase.span[1], min(end, phrase.span[1] + 60))
        short = alias["alias"] if alias and phrase.regimen and alias["alias"] not in _NOT_ALIAS else None
        found.append(replace(phrase, n=behind[0] if behind else _before(reading, start, phrase), alias=short))
    return found


def _holds(reading: Reading, start: int, end: int) -> bool:
    """Whether a size stands in the bracket behind a phrase, or right behind it."""
    gap = re.sub(r"\([^()]{0,60}\)", "", reading.text[start:end])
    return not re.search(r"\b(?:or|versus|vs|compared|and)\b|[.;]\s(?![nN]\s?=)|\)", gap) and (
        "(" in gap or "[" in gap or "," in gap or len(gap) < 5
    )


def _before(reading: Reading, start: int, phrase: Told) -> Count | None:
    """The size in front of a phrase: "183 to X", "52 X-treated patients"."""
    at = phrase.span[0]
    match = _SIZE_TO.search(reading.text, max(start, at - 80), at)
    if match is None and re.match(
        r"[-\s]treated\s(?:patients|participants)",
        reading.text[phrase.regimen.span[1] : phrase.regimen.span[1] + 22] if phrase.regimen else "",
    ):
        match = _SIZE_TREATED.search(reading.text, max(start, at - 12), at)
    if match is None or re.search(r"[%/.\]=]\s?$|\bof\s$|\bage\w*\s$", reading.text[max(start, match.start() - 6) : match.start()]):
        return None
    return Count(int(match["n"].replace(",", "")), match["n"], match.span("n"))


def alternatives(reading: Reading, told: list[Told], start: int, end: int, apart: re.Pattern[str] = _APART) -> list[Told]:
    """The arms listed from a place on: "A plus B or C, each with D" are A + B + D and C + D."""
    groups = regimens(reading, start, end, either=False, kinds=_KINDS, apart=apart)
    if not groups:
        return []
    depth = reading.depth(groups[0].span[0])
    arms: list[Told] = []
    last = groups[0].span[0]
    for i, group in enumerate(groups):
        low = groups[i - 1].span[1] if i else max(start, group.span[0] - 40)
        high = groups[i + 1].span[0] if i + 1 < len(groups) else end
        if reading.depth(group.span[0]) > depth:
            arms = _detailed(reading, arms, group, last)
        elif not arms:
            arms = [_armed(reading, told, group, low, high)]
        else:
            kind = _relation(between(reading, last, group.span[0]))
            if kind == "common":
                arms = [arm.given_with(group.names) for arm in arms]
            elif kind == "next":
                arms.append(_armed(reading, told, group, low, high))
            else:
                break
        last = max(last, group.span[1])
    return _shared(arms)


def _relation(gap: str) -> str | None:
    """How a regimen follows the last: as the next arm, as what all are given, or not at all."""
    if len(gap) > 170 or _BREAKS.search(gap):
        return None
    if _COMMON.search(gap) and not re.search(r"\bor\b", gap):
        return "common"
    return "next" if _SEPARATES.search(gap) else None


def _armed(reading: Reading, told: list[Told], group: Regimen, low: int, high: int) -> Told:
    """A regimen with the size, short name and marks told with it."""
    known = next((t for t in told if t.regimen and t.regimen.span[0] <= group.span[0] < t.regimen.span[1]), None)
    marks = marks_near(reading, group.span, low, high)
    return Told(group.span, None, group, known.n if known else None, known.alias if known else None, marks)


def _detailed(reading: Reading, arms: list[Told], group: Regimen, last: int) -> list[Told]:
    """A class or choice followed by its agents in brackets: "chemotherapy (docetaxel or vinflunine)" is those agents."""
    if not arms or arms[-1].regimen is None or group.span[0] - last > 90:
        return arms
    agents = reading.mentions.between(*arms[-1].regimen.span, "agent")
    if agents and not _CHOICE.search(reading.text, max(0, arms[-1].span[0] - 30), group.span[0]):
        return arms
    names = group.names if not any(n in arms[-1].names for n in group.names) else ()
    kept = tuple(n for n in arms[-1].names if n in _agent_names(reading, arms[-1].regimen))
    return [*arms[:-1], replace(arms[-1], regimen=replace(arms[-1].regimen, names=tuple(dict.fromkeys((*kept, *names))) or arms[-1].names))]


def _agent_names(reading: Reading, regimen: Regimen) -> set[str]:
    return {m.name for m in reading.mentions.between(*regimen.span, "agent")}


def _shared(arms: list[Told]) -> list[Told]:
    """What stands beside a placebo is given to all: "X or placebo plus Y"."""
    for i, arm in enumerate(arms):
        partners = tuple(n for n in arm.names if n not in SHAM)
        if "placebo" in arm.names and partners:
            arms = [a if j >= i or set(a.names) & set(partners) else a.given_with(partners) for j, a in enumerate(arms)]
    return arms


def _chosen(arms: list[Told], expected: int, reading: Reading) -> list[Told]:
    """Agents among which the physician chooses are one arm."""
    if len(arms) <= 2:
        return arms
    whole = reading.text[arms[0].span[1] : arms[-1].span[1]]
    small = all(len(a.names) == 1 and a.n is None for a in arms[1:])
    if not small or not (expected == 2 or _CHOICE.search(whole) or re.match(r"[^,;]{0,30}\b(?:versus|vs|against|compared)\b", whole)):
        return arms
    names = tuple(
        dict.fromkeys(n for a in arms[1:] for n in a.names if a.regimen and (n in _agent_names(reading, a.regimen) or "choice" not in n))
    )
    first = arms[1]
    if first.regimen is None:
        return arms
    regimen = replace(first.regimen, names=names, span=(first.regimen.span[0], arms[-1].span[1]))
    return [arms[0], replace(first, regimen=regimen, n=arms[-1].n or first.n)]


# ---- the ways of telling ----------------------------------------------------------------------------------------------------------


def _lettered(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """Arms under letters or numbers: "(A) X; (B) X plus Y", "Arm 1: ...", "1) ...; 2) ..."."""
    start, end = reading.document.units[unit]
    marks = [
        m
        for m in _MARKER.finditer(reading.text, start, end)
        if not re.search(r"\b(?:as|in|to|of|and)\s[(\[]?$", reading.text[max(start, m.start() - 5) : m.start()])
    ]
    keys = [m["key"] or m["key2"] for m in marks]
    if len(set(keys)) < 2 or not {"A", "1", "i", "I"} & set(keys):
        return
    arms: list[Told] = []
    stops = [*(m.start() for m in marks[1:]), end]
    for mark, stop in zip(marks, stops, strict=True):
        groups = regimens(reading, mark.end(), stop, either=False, kinds=_KINDS)
        if not groups:
            continue
        key = mark["key"] or mark["key2"]
        arm = next((t for t in told if t.regimen and t.regimen.span[0] == groups[0].span[0]), Told(groups[0].span, None, groups[0]))
        same = _SAME_AS.search(reading.text, mark.end(), stop)
        base = next((a for a in arms if same and a.label == f"arm {same['key']}"), None)
        if base and base.regimen:
            arm = replace(arm, regimen=replace(groups[0], names=tuple(dict.fromkeys((*base.names, *groups[0].names)))))
        named = (key.isupper() and not key.startswith("I")) or bool(mark["word"] or mark["key2"])
        arms.append(replace(arm, label=f"arm {key}" if named or base else arm.label))
    yield Telling(tuple(arms), 60)


def _randomised(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """The arms of "randomised 2:1 to X or Y"."""
    start, end = reading.document.units[unit]
    match = _ASSIGN.search(reading.text, start, end)
    if not match:
        return
    ratio = _RATIO.search(reading.text, max(start, match.start() - 20), min(end, match.end() + 90))
    expected = len([g for g in ratio.groups() if g]) if ratio else 0
    for to in _TO.finditer(reading.text, match.end(), min(end, match.end() + 260)):
        arms = _chosen(alternatives(reading, told, to.end(), end), expected, reading)
        if len(arms) > 1 and arms[0].span[0] - to.end() < 150:
            yield Telling(tuple(arms[: max(2, expected)] if expected else arms), 50 + 4 * (len(arms) == expected))
            return
        if arms and not any(reading.given.between(match.end(), to.start(), kind) for kind in _KINDS):
            optional = _with_or_without(reading, arms[0], told)
            if optional:
                yield Telling(optional, 50)
                return


def _numbered(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """Arms that a sentence gives with their sizes."""
    chosen = [t for t in told if t.n and (t.regimen or t.label)]
    if len(chosen) > 1:
        yield Telling(tuple(chosen), 42)


def _with_or_without(reading: Reading, phrase: Told, told: list[Told]) -> tuple[Told, ...]:
    """The two arms of "A with or without B"."""
    regimen = phrase.regimen
    if regimen is None or not regimen.optional:
        return ()
    gap = reading.text[regimen.span[0] : regimen.span[1]]
    if not re.search(r"\bwith\s?(?:\([^()]{0,40}\)\s)?(?:or|and)\s?(?:\([^()]{0,40}\)\s?)?without|±|\+/[-−–]|with/without", gap):
        return ()
    aliases = re.findall(r"with(?:out)?\s\((?:arm|group)?\s?([A-Z][\w+-]{0,10})\)", gap)
    more = replace(phrase, regimen=replace(regimen, names=(*regimen.names, *regimen.optional), optional=()))
    less = replace(phrase, regimen=replace(regimen, optional=()), n=None, alias=None)
    if len(aliases) == 2:
        return replace(more, alias=aliases[0]), replace(less, alias=aliases[1])
    return more, less


def _compared(reading: Reading, unit: int, told: list[Told], title: bool) -> Iterator[Telling]:
    """The arms of "X versus Y", "X was compared with Y", "compared X with Y"; further ones may follow."""
    start, end = reading.document.units[unit]
    weight = 38 if title else 34
    for match in _VERSUS.finditer(reading.text, start, end):
        left = next((t for t in reversed(told) if t.regimen and t.span[1] <= match.start() + 1), None)
        right = next((t for t in told if t.regimen and t.span[0] >= match.end() - 1), None)
        if left is None or right is None:
            continue
        before = between(reading, left.span[1], match.start())
        after = between(reading, match.end(), right.span[0])
        if len(after) > 45 or re.search(r"\d|[.;]|\b(?:in|the\s(?:control|placebo))\b", after):
            continue
        near = re.fullmatch(r"\s?,?\s?(?:[\w-]{1,20}\s?){0,3},?\s?", before) is not None
        arms = _chosen(alternatives(reading, told, left.span[0], end), 0, reading) if near else [left, right]
        if len(arms) < 2 and left.regimen and right.regimen:
            arms = [left, right]
        if len(before) < 220 and not re.search(r"[.;]\s", before):
            yield Telling(tuple(arms), weight if near else 14)
    for match in _COMPARE.finditer(reading.text, start, end):
        arms = alternatives(reading, told, match.end(), end, COMPARED)
        if len(arms) > 1 and arms[0].span[0] - match.end() < 100:
            yield Telling(tuple(arms), weight - 2)


def _optional(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    for phrase in told:
        arms = _with_or_without(reading, phrase, told)
        if arms:
            yield Telling(arms, 30)


def _added(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """The arms of "adding X (or placebo) to Y", "X added to Y", "adding X instead of Z to Y"."""
    start, _ = reading.document.units[unit]
    given = [t for t in told if t.regimen]
    for i, phrase in enumerate(given):
        if not _ADDING.search(reading.text, max(start, phrase.span[0] - 60), phrase.span[0]):
            continue
        new, rest = [phrase], given[i + 1 :]
        while rest and re.fullmatch(
            r"\s(?:or|instead\sof|rather\sthan|in\splace\sof)\s(?:the\s)?", between(reading, new[-1].span[1], rest[0].span[0])
        ):
            new.append(rest.pop(0))
        if rest and rest[0].regimen and _ADDED_TO.fullmatch(between(reading, new[-1].span[1], rest[0].span[0])):
            base = rest[0]
            arms = [t.given_with(base.names) for t in new]
            yield Telling(tuple(arms) if len(arms) > 1 else (*arms, replace(base, n=None)), 28)


def _received(reading: Reading, unit: int, told: list[Told]) -> list[Told]:
    """An arm told by what its patients received: "In the control arm, patients received ..."."""
    start, _ = reading.document.units[unit]
    found: list[Told] = []
    labels = [t for t in told if t.label]
    for phrase in told:
        if phrase.regimen and _RECEIVED.search(reading.text, max(start, phrase.span[0] - 70), phrase.span[0]):
            label = next((t for t in reversed(labels) if t.span[1] <= phrase.span[0]), None)
            if label and not any(f.label == label.label for f in found):
                found.append(replace(phrase, label=label.label))
    return found


def reports(reading: Reading, unit: int) -> bool:
    """Whether a unit reports a figure of an endpoint."""
    start, end = reading.document.units[unit]
    return bool(reading.endpoints.between(start, end, "endpoint")) and any(
        q.kind in ("time", "percent", "ratio", "missing") for q in reading.quantities[unit]
    )


def _contrasted(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """The two regimens that a sentence with figures sets side by side: "11 months with X and 6 months with Y"."""
    given = [
        t
        for t in told
        if t.regimen
        and (_WITH.search(reading.text, max(0, t.span[0] - 24), t.span[0]) or ARM_WORD.search(reading.text, t.span[1] - 12, t.span[1] + 1))
    ]
    given = list({t.names: t for t in reversed(given)}.values())[::-1]
    if len(given) == 2 and any(q.kind in ("time", "percent", "ratio", "missing") for q in reading.quantities[unit]):
        yield Telling(tuple(given), 18)
    labels = list(
        {t.label or t.names: t for t in reversed(told) if t.label or ARM_WORD.search(reading.text, t.span[1] - 14, t.span[1] + 1)}.values()
    )[::-1]
    if len(labels) == 2:
        yield Telling(tuple(labels), 8)


def _tellings(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """Everything that a sentence says of arms side by side."""
    if not any(t.regimen for t in told):
        yield from _contrasted(reading, unit, told)
        return
    yield from _lettered(reading, unit, told)
    yield from _randomised(reading, unit, told)
    yield from _numbered(reading, unit, told)
    yield from _compared(reading, unit, told, unit == 0)
    yield from _optional(reading, unit, told)
    yield from _added(reading, unit, told)
    yield from _contrasted(reading, unit, told)


# ---- drawn together ----------------------------------------------------------------------------------------------------------------


def tell_arms(reading: Reading, units: list[int], single: bool) -> Arms:
    """The arms of one study, from the units that speak of it."""
    spans = reading.document.units
    told = {u: sized(reading, u, phrases(reading, *spans[u])) for u in units}
    if single:
        return _single(reading, told)
    tellings = [t for u in units for t in _tellings(reading, u, told[u]) if t.sound]
    received = [t for u in units for t in _received(reading, u, told[u])]
    if len({t.label for t in received}) > 1 and len({t.names for t in received}) > 1:
        tellings.append(Telling(tuple({t.label: t for t in reversed(received)}.values())[::-1], 26))
    arms = Arms()
    if tellings:
        best = max(tellings, key=lambda t: t.worth)
        for number, one in enumerate(best.arms):
            arms.fill(reading, arms.add(one, control=number > 0), _apart_from(one, best.arms))
        _rank(arms, tellings)
    elif any(reports(reading, unit) for unit in units):
        arms = _single(reading, told)
    _fill(reading, arms, told, tellings, received)
    _control(reading, arms, units)
    arms.ordered()
    return arms


def _apart_from(one: Told, arms: tuple[Told, ...]) -> Told:
    """Marks only where arms of one regimen need them; those that all arms share tell nothing."""
    twins = [t for t in arms if t is not one and set(t.names) == set(one.names)]
    shared = {m for t in twins for m in t.marks}
    marks = tuple(m for m in one.marks if m not in shared) if twins else ()
    label = one.label or (" ".join(dict.fromkeys((*marks[:1],))) if marks else None)
    return replace(one, marks=marks, label=label)


def _rank(arms: Arms, tellings: list[Telling]) -> None:
    """Which arm is compared with which: "X versus Y" says it better than "Y or X"."""
    for telling in sorted(tellings, key=lambda t: -t.weight):
        if telling.weight in (38, 36, 34, 32, 30, 28):
            views = [arms.meant(t) for t in telling.arms]
            if len(views) == 2 and views[0] and views[1] and views[0] is not views[1]:
                views[0].control, views[1].control = False, True
                return


def _single(reading: Reading, told: dict[int, list[Told]]) -> Arms:
    """The one arm of a single-arm study: what its patients received, else the regimen the text speaks of first."""
    arms = Arms()
    phrases_ = [(u, t) for u, group in told.items() for t in group if t.regimen]
    received = [t for u, t in phrases_ if _RECEIVED.search(reading.text, max(reading.document.units[u][0], t.span[0] - 50), t.span[0])]
    drugs = [t for _, t in phrases_ if t.regimen and reading.given.between(*t.regimen.span, "agent", "combo")]
    chosen = next((t for t in received if t in drugs), None) or next(iter(drugs), None)
    if chosen:
        arms.fill(reading, arms.add(chosen), replace(chosen, n=None, marks=(), alias=None))
    return arms


def _fill(reading: Reading, arms: Arms, told: dict[int, list[Told]], tellings: list[Telling], received: list[Told]) -> None:
    """Sizes, short names and labels from every other place that means one of the arms."""
    for one in [t for telling in tellings for t in telling.arms] + received + [t for group in told.values() for t in group]:
        if not (one.n or one.alias or one.label):
            continue
        view = arms.meant(replace(one, label=None) if one.regimen else one)
        whole = view and (
            not one.regimen or view.names == frozenset(one.names) or ARM_WORD.search(reading.text, one.span[1] - 14, one.span[1] + 1)
        )
        if view and whole:
            arms.fill(
                reading,
                view,
                replace(one, regimen=None if view.regimen else one.regimen, marks=(), label=one.label if one in received else None),
            )
    if arms.views and not any(v.n for v in arms.views) and len(arms.views) > 1:
        _each(reading, arms, told)
    for view in arms.views:
        _aliased_size(reading, view, told)


def _each(reading: Reading, arms: Arms, told: dict[int, list[Told]]) -> None:
    """One size of all arms: "50 patients in each group"."""
    for unit in told:
        match = _EACH_SIZE.search(reading.text, *reading.document.units[unit])
        if match:
            group = "n" if match["n"] else "n2"
            for view in arms.views:
                view.n = Count(int(match[group]), match[group], match.span(group))
                view.evidence.append(reading.evidence("n", view.n.span))
            return


def _aliased_size(reading: Reading, view: ArmView, told: dict[int, list[Told]]) -> None:
    """Sizes printed before or behind a short name: "183 to XY and 91 to Y", "(DZ, 48; D, 46)"."""
    if view.n or not view.alias or view.alias.isdigit():
        return
    pattern = re.compile(rf"(?<![\w-]){re.escape(view.alias)}(?![\w-])")
    for unit in told:
        start, end = reading.document.units[unit]
        for match in pattern.finditer(reading.text, start, end):
            n = _before(reading, start, Told(match.span()))
            if n:
                view.n = n
                view.evidence.append(reading.evidence("n", n.span))
                return


def _control(reading: Reading, arms: Arms, units: list[int]) -> None:
    """A control that is only named as such: "than in the control group"."""
    if len(arms.views) != 1:
        return
    for unit in units:
        match = _CONTROL_GROUP.search(reading.text, *reading.document.units[unit])
        if match:
            view = ArmView("A2", label=match["label"].lower(), control=True)
            view.evidence.append(reading.evidence("label", match.span("label")))
            arms.views.append(view)
            return
