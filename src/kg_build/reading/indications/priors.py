"""What was given before: lines and therapies, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg_build.reading.document import Span
from kg_build.reading.indications.view import View
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import regimens

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_N = r"(?:\d{1,2}|one|two|three|four|five|six)"
_WHAT = (
    r"(?:lines?|(?:[\w/-]{1,24}\s){0,4}?(?:lines?|therap(?:y|ies)|regimens?|treatments?|chemotherap(?:y|ies)|inhibitors?|TKIs?"
    r"|agents|drugs|courses|cycles\sof\stherapy)\b)"
)
LINES = lazy(
    rf"(?:\b(?:at\sleast\s|a\sminimum\sof\s|more\sthan\s)?|≥\s?|>=\s?)(?<![\d.])(?P<n>{_N})(?:\s?(?:to|or|-|–|and)\s?(?:more|greater"
    rf"|{_N}))?\s"
    rf"(?:or\smore\s)?(?:(?:prior|previous|earlier|additional)\s{_WHAT}|{_WHAT}\sof\s(?:prior\s|previous\s"
    rf"|systemic\s)?(?:\w+\s)?(?:therapy|treatment)|(?:systemic|anti)[\w-]*\s{_WHAT}|lines?\b|prior\b)",
    re.IGNORECASE,
)
_AT_MOST = lazy(r"\b(?:no\smore\sthan|not\smore\sthan|at\smost|up\sto|fewer\sthan|less\sthan|a\smaximum\sof)\s$", re.IGNORECASE)
_GIVEN = lazy(
    rf"(?:treated\swith|treatment\swith|therapy\swith|received|after|following)\s(?:at\sleast\s|≥\s?)?(?P<n>{_N})(?:\s?(?:to|or|-"
    rf"|–)\s?(?:more|greater|{_N}))?\s{_WHAT}",
    re.IGNORECASE,
)
GIVEN = lazy(
    r"\b(?:prior|previous(?:ly)?|received|progress\w*|relapsed|relapses|recurred|after|following|refractory|fail(?:ed|ing|ure|s)"
    r"|intoleran\w+|resistan(?:t|ce)|exposed|pre-?treated"
    r"|inadequate|despite|unresponsive|already|(?:have|has)\s(?:had|been)|treated\swith|previously\sgot|second-line)\b",
    re.IGNORECASE,
)
NEVER = lazy(
    r"\b(?:not\s(?:been\s)?(?:previously\s|yet\s)?(?:been\s)?(?:received?|treated|had|undergone|exposed)|no\s(?:prior|previous)"
    r"|without\s(?:prior|previous)|never\s|na[iï]ve|never\sbeen)",
    re.IGNORECASE,
)
_SURGERY = lazy(
    r"\b(?:surgery|resection|transplant\w*|observation|nephrectomy|standard\sof\scare|best\ssupportive|placebo|treatment|surveillance)\b"
)
_NOT_GIVEN = lazy(
    r"(?:in combination with|not (?:received|previously)|no prior|without prior|ineligible for|not (?:candidates|eligible|suitable) for"
    r"|candidates for|unsuitable for|eligible for)\s(?:an?\s|any\s)?$"
)
_BASED = lazy(r"[- ](?:based|containing|directed)\s(?:regimens?|therap(?:y|ies)|treatments?|chemotherap(?:y|ies)|combinations?)")
_PARTED = lazy(
    r"(?P<first>[a-z]{4,20}(?=-)|platinum|taxane|fluoropyrimidine|anthracycline"
    r"|gemcitabine)-?(?:,\s(?P<second>[a-z]{4,20})-?)?,?\s(?:and/or|and|or)\s(?:an?\s)?(?P<last>[a-z]{4,20})(?P<tail>-(?:based"
    r"|containing)\s(?:chemotherapy|regimen|therapy|treatment))"
)
_BY_FORM = lazy(
    r"\b(?P<what>anti-?[A-Z][\w-]{1,12}[- ](?:based\s|directed\s|targeted\s|containing\s)?(?:regimens?|therap(?:y|ies)|treatments?|agents?)"
    r"|(?:novel|new|next-generation|second-generation|biologic|conventional|targeted|hormonal|oral|topical)\s(?:[\w-]{3,16}\s)?"
    r"(?:agents?|therap(?:y|ies)|biologics?|drugs?)"
    r"|(?:[A-Za-z][\w-]{1,20}\s(?:receptor\s)?(?:pathway|signal(?:ing|ling)|checkpoint)\s(?:inhibition|blockade|inhibitors?)))\b"
)
_SHORT_FORM = lazy(r"[A-Z][A-Za-z0-9/-]{1,8}(?:\s(?:or|and)\s[A-Z][A-Za-z0-9/-]{1,8}){0,2}")
_SHORT_JOINT = lazy(r"(?P<joint>\s(?:or|and)\s)(?:[\w’'-]+\s){0,4}[\w’'-]+$")
_SHORT_KIND = lazy(r"\s(?:pathway\s)?(?:inhibitors?|antagonists?|agonists?|(?:monoclonal\s)?antibody|degraders?|blockers?)\b")
_COUNTED = lazy(r"^(?:at\s)?(?:least\s)?(?:one|two|three|an?|the|or more|more|prior|previous)\s", re.IGNORECASE)


def lines(view: View, start: int, end: int) -> tuple[int, str, Span] | None:
    """The number of earlier lines printed in a clause: (number, as printed, place)."""
    match = LINES.search(view.text, start, end) or _GIVEN.search(view.text, start, end)
    if match is None or _AT_MOST.search(view.text, max(start, match.start() - 24), match.start("n")):
        return None
    printed = match["n"]
    return _NUMBERS.get(printed.lower()) or int(printed), printed, match.span("n")


def therapies(view: View, start: int, end: int) -> list[tuple[str, Span]]:
    """Therapies named in a clause on earlier treatment, with where each stands in the document."""
    found: dict[str, Span] = {}
    for name, span in (*_of_short_form(view, start, end), *_named(view, start, end), *_of_form(view, start, end)):
        if name not in found and not any(low < span[1] and span[0] < high and (low, high) != span for low, high in found.values()):
            found[name] = span
    return sorted(found.items(), key=lambda item: item[1])


def _named(view: View, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """What the tables know, alone and joined."""
    for regimen in regimens(view.reading, *view.span(start, end)) if end > start else ():
        place = view.place(regimen.span[0])
        if not _NOT_GIVEN.search(view.text, max(0, place - 40), place):
            for name, span in zip(regimen.names, regimen.spans, strict=True):
                yield from _whole(view, name, span)


def _of_form(view: View, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """Classes that no table knows: "anti-XYZ-based regimen", "xyz pathway inhibition"."""
    for match in _BY_FORM.finditer(view.text, start, end):
        yield re.sub(r"(regimen|inhibitor)s$", r"\1", match["what"]), view.span(*match.span("what"))


def _of_short_form(view: View, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """Classes with a short form in brackets: "programmed death receptor-1 (PD-1) or programmed death-ligand 1 (PD-L1) inhibitor"."""
    last, chain = start, ""
    for at in sorted(a for a in view.asides if start < a < end):
        joint = _SHORT_JOINT.match(view.text, last, at) if chain else None
        chain = f"{chain}{joint['joint']}{view.asides[at]}" if joint else view.asides[at]
        last = at
        if kind := _SHORT_KIND.match(view.text, at, end):
            words = re.search(r"(?:[\w’'-]+\s){0,3}[\w’'-]+$", view.text[max(start, at - 60) : at])
            low = at - len(words[0]) if words else at - 1
            if _SHORT_FORM.fullmatch(chain):
                yield f"{chain} {re.sub('s$', '', kind[0].strip())}", view.span(low, kind.end())
            chain = ""


def _whole(view: View, name: str, span: Span) -> list[tuple[str, Span]]:
    """The therapy in full: "trastuzumab-based regimen"; "fluoropyrimidine- and platinum-based chemotherapy" are two."""
    start, end = view.place(span[0]), view.place(span[1] - 1) + 1
    if match := _BASED.match(view.text, end, end + 40):
        name, span = view.text[start : match.end()], view.span(start, match.end())
    around = _PARTED.search(view.text, max(0, start - 60), min(len(view.text), end + 90))
    if around and around.start() < end and start < around.end():
        return [(part + around["tail"], span) for part in around.group("first", "second", "last") if part]
    name = re.sub(r"(regimen|treatment|combination)s$", r"\1", name)
    while cut := _COUNTED.match(name):
        name = name[cut.end() :]
    return [] if _SURGERY.search(name) and "chemo" not in name and "based" not in name else [(name, span)]
