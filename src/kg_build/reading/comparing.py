"""Stage 4e: arms set side by side in full: under letters, by randomisation, with their sizes, by comparison, with or without a partner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg_build.reading.alternatives import BESIDE, KINDS, USUAL, alternatives, chosen
from kg_build.reading.arm_phrases import list_comma
from kg_build.reading.arms import Told
from kg_build.reading.context import Reading
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import COMPARED, between, regimens
from kg_build.reading.shorthand import SHAPE

_ASSIGN = lazy(r"\b(?:randomi[sz]ed|randomly|assigned|allocated|randomi[sz]ation)\b", re.IGNORECASE)
_TO = lazy(
    r"\b(?:to\sreceive|to\seither|to\streatment\swith|receive[ds]?|to|between|of|comparing|compared|with(?!\sor\swithout)|investigating|evaluating|testing)\b"
)
_EITHER = lazy(
    r"\b(?:received?|receiving|treated\swith|given(?!\swith|\sin\scombination|\salong)|treatment\swith|took|taking|were\son|got|on(?=\seither)|dosing\swith)\s(?P<either>either\s)?",
    re.IGNORECASE,
)
_RATIO = lazy(r"(?<![\d:.])(\d{1,2})\s?(?::|-to-|\sto\s|∶)\s?(\d{1,2})(?:\s?(?::|∶)\s?(\d{1,2}))?(?:\s?(?::|∶)\s?(\d{1,2}))?(?![\d:])")
_VERSUS = lazy(
    r"\b(?:versus|vs\.?|v\.?|compared\s(?:with|to)|as\scompared\s(?:with|to)|against|over|than|rather\sthan|in\scomparison\s(?:with|to))\s"
)
_MARKER = lazy(
    r"(?<![\w.])(?:(?:(?P<word>[Aa]rms?|[Gg]roups?|ARM|[Cc]ohorts?)\s)?[(\[]?(?P<key>[A-F]|[1-6]|i{1,3}v?|I{1,3})[)\]:](?!\d)|(?:[Aa]rm|[Gg]roup|ARM)\s(?P<key2>[A-F1-6])"
    r"(?=,?\s(?:received|was|were|is|consist|\(|compris|includ|patients|participants|got)|\s?[-–—,]\s|\s?[(\[](?!\s?[nN]\s?=|\d|HR\b|OR\b)))\s?"
)
_SAME_AS = lazy(
    r"\b(?:same|identical)\b[^.;]{0,60}?\b(?:as|to)\s(?:in\s)?(?:the\s)?[(\[]?(?:(?:arm|group)\s)?(?P<key>[A-F1-6]|control|standard)\b"
)
_COMPARE = lazy(
    r"\b[Cc]ompar(?:ed|es?|ing|isons?\s(?:of|between))\s|\bdifferences?\sbetween\s|\bnon-?inferior(?:ity)?\s(?:of|to)\s|\bbetween\s"
)
_GIVEN_SO = lazy(
    r"\s?,?\s?(?:given|administered|used|before|after|as|prior\sto|both|either|for)\s(?:(?!was|were|is|are|had|has)[\w-]{1,20}\s){1,9}?,?\s?"
)
"""How a regimen is given, told before what it is compared with: "X given before and after surgery versus Y"."""
_TWO = lazy(r"\b(?:two|both|either)\s(?:[\w-]{1,20}\s)?(?:regimens|combinations|schedules|strategies|arms|groups)\b")
_OR_WITHOUT = lazy(
    rf"(?:\s[^.;()]{{0,40}}?)?(?:\s?\((?P<more>{SHAPE})[^()]{{0,30}}\))?,?\sor\swithout(?:\s(?:it|[a-z-]{{4,24}}))?(?:\s?\((?P<less>{SHAPE})[^()]{{0,30}}\))?(?=[\s,.;)])"
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
        names = [frozenset(t.names) for t in self.arms]
        forms = [(n, frozenset(t.marks) if names.count(n) > 1 else None, t.label) for n, t in zip(names, self.arms, strict=True)]
        return len(self.arms) > 1 and len(set(forms)) == len(forms)


def _beside(reading: Reading, start: int, told: list[Told], arms: list[Told]) -> list[Told]:
    """The arms with what a sentence says, set off by a comma in front of them, to be given beside each."""
    known = {name for arm in arms for name in arm.names}
    for one in told:
        set_off = one.regimen and one.span[1] < arms[0].span[0] and reading.text.startswith(",", one.regimen.span[1])
        lead = BESIDE.search(reading.text, max(start, one.span[0] - 60), one.span[0]) if set_off else None
        if lead and not known & set(one.names):
            arms = [arm.given_with(tuple(n for n in one.names if n not in USUAL)) for arm in arms]
    return arms


# ---- the ways of telling ----------------------------------------------------------------------------------------------------------


def lettered(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """Arms under letters or numbers: "(A) X; (B) X plus Y", "Arm 1: ...", "1) ...; 2) ..."."""
    start, end = reading.document.units[unit]
    marks = [
        m
        for m in _MARKER.finditer(reading.text, start, end)
        if reading.text[m.end() : m.end() + 1] == "("
        or not re.search(r"\b(?:as|in|to|of)\s[(\[]?$", reading.text[max(start, m.start() - 5) : m.start()])
    ]
    keys = [m["key"] or m["key2"] for m in marks]
    if len(set(keys)) < 2 or not {"A", "1", "i", "I"} & set(keys):
        return
    arms: list[Told] = []
    for mark, low, stop in _stretches(reading, marks, end):
        groups = regimens(reading, low, stop, either=False, kinds=KINDS)
        groups = groups[-1:] if stop <= mark.start() else groups
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


def _stretches(reading: Reading, marks: list[re.Match[str]], end: int) -> Iterator[tuple[re.Match[str], int, int]]:
    """Each letter with the stretch that tells its arm: behind it, or in front where the letters stand in brackets of their own."""
    start, _ = reading.document.units[reading.document.unit_at(marks[0].start())]
    if all(m["word"] and reading.text[m.start() - 1] in "([" for m in marks):
        yield from zip(marks, [start, *(m.end() for m in marks[:-1])], [m.start() - 1 for m in marks], strict=True)
    else:
        yield from zip(marks, [m.end() for m in marks], [*(m.start() for m in marks[1:]), end], strict=True)


def randomised(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """The arms of "randomised 2:1 to X or Y"."""
    start, end = reading.document.units[unit]
    match = _ASSIGN.search(reading.text, start, end)
    if not match:
        return
    ratio = _RATIO.search(reading.text, max(start, match.start() - 20), min(end, match.end() + 90))
    expected = len([g for g in ratio.groups() if g]) if ratio else 0
    for to in _TO.finditer(reading.text, match.end(), min(end, match.end() + 260)):
        arms = chosen(reading, alternatives(reading, told, to.end(), end), expected)
        if len(arms) > 1 and arms[0].span[0] - to.end() < 150:
            more = not expected or any(t.control or t.n for t in arms[max(2, expected) :])
            arms = _beside(reading, start, told, arms)
            yield Telling(tuple(arms if more else arms[: max(2, expected)]), 50 + 4 * (len(arms) == expected))
            return
        if arms and not any(reading.given.between(match.end(), to.start(), kind) for kind in KINDS):
            optional = with_or_without(reading, arms[0], told)
            if optional:
                yield Telling(optional, 50)
                return


def either(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """The arms of "patients received X or Y"."""
    start, end = reading.document.units[unit]
    for match in _EITHER.finditer(reading.text, start, end):
        arms = alternatives(reading, told, match.end(), end)
        if len(arms) > 1 and arms[0].span[0] - match.end() < 60:
            sure = (
                40 if len(arms) > 2 and list_comma(reading, start, end) else 32 if match["either"] or any(t.control for t in arms) else 16
            )
            yield Telling(tuple(_beside(reading, start, told, arms)), sure)


def numbered(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """Arms that a sentence gives with their sizes."""
    chosen = [t for t in told if t.n and (t.regimen or t.label)]
    if len(chosen) > 1:
        yield Telling(tuple(chosen), 42 if all(t.regimen for t in chosen) else 20)


def with_or_without(reading: Reading, phrase: Told, told: list[Told]) -> tuple[Told, ...]:
    """The two arms of "A with or without B"."""
    regimen = phrase.regimen
    if regimen is None or not regimen.optional:
        return _or_without(reading, phrase)
    gap = reading.text[regimen.span[0] : regimen.span[1]]
    if not re.search(r"\bwith\s?(?:\([^()]{0,40}\)\s)?(?:or|and)\s?(?:\([^()]{0,40}\)\s?)?without|±|\+/[-−–]|with/without", gap):
        return ()
    aliases = re.findall(r"with(?:out)?\s\((?:arm|group)?\s?([A-Z][\w+-]{0,10})\)", gap)
    more = replace(phrase, regimen=replace(regimen, names=(*regimen.names, *regimen.optional), optional=()))
    less = replace(phrase, regimen=replace(regimen, optional=()), n=None, alias=None)
    if len(aliases) == 2:
        return replace(more, alias=aliases[0]), replace(less, alias=aliases[1])
    return more, less


def _or_without(reading: Reading, phrase: Told) -> tuple[Told, ...]:
    """The two arms of "A plus B, with C (ABC) or without (AB)"."""
    regimen = phrase.regimen
    behind = _OR_WITHOUT.match(reading.text, regimen.span[1]) if regimen and len(regimen.names) > 1 else None
    if regimen is None or behind is None:
        return ()
    names = tuple(n for n, span in zip(regimen.names, regimen.spans, strict=True) if span != regimen.spans[-1])
    less = replace(phrase, regimen=replace(regimen, names=names, spans=regimen.spans[: len(names)]), n=None, alias=behind["less"])
    return replace(phrase, alias=behind["more"] or phrase.alias), less


def _expected(reading: Reading, start: int, end: int) -> int:
    """How many arms the ratio of a sentence's randomisation has, 0 where it tells none."""
    ratio = _RATIO.search(reading.text, start, end) if _ASSIGN.search(reading.text, start, end) else None
    return len([g for g in ratio.groups() if g]) if ratio else 0


def compared(reading: Reading, unit: int, told: list[Told], title: bool) -> Iterator[Telling]:
    """The arms of "X versus Y", "X was compared with Y", "compared X with Y"; further ones may follow."""
    start, end = reading.document.units[unit]
    weight, expected = 38 if title else 34, _expected(reading, start, end)
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
        arms = chosen(reading, alternatives(reading, told, left.span[0], end), expected) if near else [left, right]
        if _TWO.search(reading.text, start, left.span[0]) and (both := with_or_without(reading, left, told)):
            arms = [*reversed(both), right]
        if len(arms) < 2 and left.regimen and right.regimen:
            arms = [left, right]
        if near and not re.match(r"over|than|rather", match[0]):
            yield Telling(tuple(arms), weight)
        elif not near and _GIVEN_SO.fullmatch(before):
            yield Telling((left, right), 26)
        elif len(before) < 220 and not re.search(r"[.;]\s", before) and has_figures(reading, unit):
            yield Telling(tuple(arms), 14)
    for match in _COMPARE.finditer(reading.text, start, end):
        arms = alternatives(reading, told, match.end(), end, COMPARED)
        if len(arms) > 1 and arms[0].span[0] - match.end() < 100:
            yield Telling(tuple(arms), weight - 2)


def has_figures(reading: Reading, unit: int) -> bool:
    """Whether a unit tells a figure, sizes aside."""
    return any(q.kind not in ("n", "bare", "fraction") for q in reading.quantities[unit])
