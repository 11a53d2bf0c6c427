"""Stage 4e: how texts tell arms side by side: lists, randomisation, comparison, addition, doses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg_build.reading.alternatives import BESIDE, DOSE, KINDS, USUAL, alternatives, chosen
from kg_build.reading.arms import ARM_WORD, MARK, Told, list_comma
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
_TO_DOSES = lazy(
    rf"\b(?:randomi[sz]ed|randomly|assigned|allocated)\b[^.;]{{0,40}}?\bto\s(?:receive\s)?(?P<first>{DOSE.pattern})(?:,?\s(?:or\s|and\s|versus\s)?{DOSE.pattern}){{1,5}}"
)
_TWO_SHORT = lazy(
    rf"\b(?:randomi[sz]ed|randomly|random|assigned|allocated)\b[^.;()]{{0,40}}\bto\s[^;()]{{3,90}}\((?P<a>{SHAPE})(?:,?\sn\s?=\s?\d+)?\),?\s(?:or|versus|vs)\s"
    rf"[^;()]{{3,90}}\((?P<b>{SHAPE})(?:,?\sn\s?=\s?\d+)?\)"
)
_LONE = lazy(
    r"\b(?:(?:against|versus|vs?\.?|compared\s(?:with|to)|over|than|from)\s(?:just\s|only\s|about\s|an?\s)?(?:[a-z]+\sof\s)?"
    r"\d[\d.]*(?:\s?%|\s(?:months?|years?|weeks?|days?|percent|points)|(?:\s\w+)?\sper\s1,?0?00[-\s](?:patient|person)[-\s]years)\s(?:(?:of|for)\s(?:the\s|those\s)?(?:patients|participants|people|women|men)?\s?)?"
    r"(?:with|for|on|in|given|receiving|taking|who\s\w+)\s|(?:against|versus|vs\.?|compared\s(?:with|to)|over|than)\s)(?:the\s)?$"
)
_SORTS = ("comparator", "controls", "doublet", "triplet", "quadruplet")
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
ADDING = lazy(r"\b(?:[Aa]dd(?:ing|ed|s)?|[Aa]ddition(?:\sof)?)\s(?:the\s)?(?:[\w-]{1,24}\s){0,4}$")
_ADDED_TO = lazy(r"\s(?:\([^()]{1,60}\)\s)?(?:therapy\s|treatment\s)?(?:to|with)\s(?:the\s)?(?:[\w-]{1,24}\s){0,4}")
RECEIVED = lazy(
    r"\b(?:received?|receiving|treated\swith|assigned\sto|given|randomi[sz]ed\sto|got|was|were|consisted\sof)\s(?:only\s|either\s|treatment\swith\s|with\s)?"
    r"(?:[\w-]{1,20}\s){0,5}$"
)
_COMPARE = lazy(
    r"\b[Cc]ompar(?:ed|es?|ing|isons?\s(?:of|between))\s|\bdifferences?\sbetween\s|\bnon-?inferior(?:ity)?\s(?:of|to)\s|\bbetween\s"
)
_GIVEN_SO = lazy(
    r"\s?,?\s?(?:given|administered|used|before|after|as|prior\sto|both|either|for)\s(?:(?!was|were|is|are|had|has)[\w-]{1,20}\s){1,9}?,?\s?"
)
"""How a regimen is given, told before what it is compared with: "X given before and after surgery versus Y"."""
_TWO = lazy(r"\b(?:two|both|either)\s(?:[\w-]{1,20}\s)?(?:regimens|combinations|schedules|strategies|arms|groups)\b")
_WITH = lazy(
    r"\b(?:with|on|for|received|receiving|than|given|taking|in|of|and|the|among|to|got|getting|took|after|under|using|by|from)\s(?:the\s|an?\s|those\s\w+\s)?$"
)
_MARKED = lazy(
    rf"(?P<a>{MARK})(?:\s(?!versus|vs|or)\w+)?\s(?:versus|vs\.?|or|and|compared\s(?:with|to))\s(?P<b>{MARK})\s(?:[\w-]{{1,20}}\s){{0,2}}?$",
    re.IGNORECASE,
)
_OR_WITHOUT = lazy(
    rf"(?:\s[^.;()]{{0,40}}?)?(?:\s?\((?P<more>{SHAPE})[^()]{{0,30}}\))?,?\sor\swithout(?:\s(?:it|[a-z-]{{4,24}}))?(?:\s?\((?P<less>{SHAPE})[^()]{{0,30}}\))?(?=[\s,.;)])"
)
_ANAPHORA = lazy(
    r"\b(?:the\s(?:antibody|drug|agent|inhibitor|molecule|therapy|medicine|vaccine|compound|combination)|it)\sor\s(?:matching\s)?$"
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


def _lettered(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
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


def _randomised(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
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
            optional = _with_or_without(reading, arms[0], told)
            if optional:
                yield Telling(optional, 50)
                return


def _either(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """The arms of "patients received X or Y"."""
    start, end = reading.document.units[unit]
    for match in _EITHER.finditer(reading.text, start, end):
        arms = alternatives(reading, told, match.end(), end)
        if len(arms) > 1 and arms[0].span[0] - match.end() < 60:
            sure = (
                40 if len(arms) > 2 and list_comma(reading, start, end) else 32 if match["either"] or any(t.control for t in arms) else 16
            )
            yield Telling(tuple(_beside(reading, start, told, arms)), sure)


def _numbered(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """Arms that a sentence gives with their sizes."""
    chosen = [t for t in told if t.n and (t.regimen or t.label)]
    if len(chosen) > 1:
        yield Telling(tuple(chosen), 42 if all(t.regimen for t in chosen) else 20)


def _with_or_without(reading: Reading, phrase: Told, told: list[Told]) -> tuple[Told, ...]:
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


def _compared(reading: Reading, unit: int, told: list[Told], title: bool) -> Iterator[Telling]:
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
        if _TWO.search(reading.text, start, left.span[0]) and (both := _with_or_without(reading, left, told)):
            arms = [*reversed(both), right]
        if len(arms) < 2 and left.regimen and right.regimen:
            arms = [left, right]
        if near and not re.match(r"over|than|rather", match[0]):
            yield Telling(tuple(arms), weight)
        elif not near and _GIVEN_SO.fullmatch(before):
            yield Telling((left, right), 26)
        elif len(before) < 220 and not re.search(r"[.;]\s", before) and _figures(reading, unit):
            yield Telling(tuple(arms), 14)
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
        if lone and main and not set(main.names) & set(phrase.names) and _figures(reading, unit):
            yield Telling((replace(main, n=None, alias=None, marks=()), phrase), 12)


def _named_alone(reading: Reading, unit: int) -> Iterator[Telling]:
    """Arms told by what is done and a short name: "36 Gy in five fractions (SBRT) or 60 Gy in twenty (MHRT)"."""
    start, end = reading.document.units[unit]
    match = _TWO_SHORT.search(reading.text, start, end)
    if match and match["a"] != match["b"]:
        yield Telling(tuple(Told(match.span(g), label=match[g], alias=match[g]) for g in "ab"), 40)


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


def _figures(reading: Reading, unit: int) -> bool:
    return any(q.kind not in ("n", "bare", "fraction") for q in reading.quantities[unit])


def reports(reading: Reading, unit: int) -> bool:
    """Whether a unit reports a figure of an endpoint."""
    start, end = reading.document.units[unit]
    return bool(reading.endpoints.between(start, end, "endpoint")) and _figures(reading, unit)


def _contrasted(reading: Reading, unit: int, told: list[Told]) -> Iterator[Telling]:
    """The two regimens that a sentence with figures sets side by side: "11 months with X and 6 months with Y"."""
    given = [
        t
        for t in told
        if t.regimen
        and (_WITH.search(reading.text, max(0, t.span[0] - 24), t.span[0]) or ARM_WORD.search(reading.text, t.span[1] - 24, t.span[1] + 1))
    ]
    given = list({t.names: t for t in reversed(given)}.values())[::-1]
    if len(given) == 2 and _figures(reading, unit):
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
    yield from _named_alone(reading, unit)
    if not any(t.regimen for t in told):
        yield from _contrasted(reading, unit, told)
        return
    yield from _lettered(reading, unit, told)
    yield from _randomised(reading, unit, told)
    yield from _either(reading, unit, told)
    yield from _numbered(reading, unit, told)
    yield from _compared(reading, unit, told, unit == 0)
    yield from _by_marks(reading, unit, told)
    yield from _it_or_placebo(reading, unit, told, lead)
    yield from _against(reading, unit, told, lead)
    yield from _optional(reading, unit, told)
    yield from _added(reading, unit, told)
    yield from _it_added(reading, unit, told, lead)
    yield from _contrasted(reading, unit, told)
