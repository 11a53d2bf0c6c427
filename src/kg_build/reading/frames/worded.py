"""Results told in words: reduced risks, counts of responders, how mature the data are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg_build.facts import Estimate
from kg_build.reading.arms import ArmView
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse
from kg_build.reading.document import Span
from kg_build.reading.endpoints import canonical
from kg_build.reading.frames.comparisons import Comparing
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import number
from kg_build.reading.study import Study

_ABOUT = (
    r"(?:(?:an?|approximately|about|estimated|around|nearly|almost|some|roughly|statistically\ssignificant|significant|relative)\s)"
    r"{0,3}"
)
_SHARE = r"(?P<value>\d{1,2}(?:[.·]\d{1,2})?)\s?(?:%|percent\b|per\ cent\b)"
_CUT = r"(?:reduc\w+|decreas\w+|lower\w*|cut(?:s|ting)?|slash\w+|diminish\w+)"
_WHAT = r"(?P<what>[^.;%\d]{4,110}?)"
_HEDGED = r"(?:(?:the|relative|overall|in|their|his|her|a|of|significantly)\s){0,4}"
_END = (
    r"(?=\s?(?:[,.;(]|$|\b(?:was|were|is|has|had|did|seen|observed|favou?ring|compared|versus|vs|with|over|relative\sto"
    r"|than|against|in|and|for|among|when|at|while|who|that|after)\b))"
)
_RISKS = tuple(
    lazy(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_CUT}\s{_HEDGED}(?:risk|hazard|odds|rate|likelihood|chance)s?\s(?:of|for)\s{_WHAT}\sby\s{_ABOUT}{_SHARE}",
        rf"(?<![\d.]){_SHARE}\s{_HEDGED}(?:reduction|decrease|lower(?:ing)?|drop|cut|decline|reduced|decreased)\s{_HEDGED}"
        rf"(?:risk|hazard|odds|likelihood|chance)\s(?:of|for)\s(?P<what>[^.;%\d(]{{4,90}}?){_END}",
        rf"\b(?:risk|hazard|odds)\s(?:of|for)\s{_WHAT}\s(?:was|were|by|fell|dropped)\s{_HEDGED}(?:{_CUT}\s)?(?:by\s)?{_ABOUT}{_SHARE}"
        r"(?=\s?(?:lower|less|reduc|[,.();]|with|in\b|$))",
        rf"\b(?:risk|hazard)\s(?:reduction|decrease)\s(?:of|for)\s{_ABOUT}{_SHARE}\s(?:in|for)\s(?P<what>[^.;%\d(]{{2,80}}?){_END}",
        rf"\b{_CUT}\s(?P<what>(?=[^.;%\d]{{0,60}}\b(?:composite|combined|events|death|mortality|recurrence|relapse|hospitali[sz]ation))"
        rf"[^.;%\d]{{4,110}}?)\sby\s{_ABOUT}{_SHARE}",
        rf"(?<![\d.]){_SHARE}\s(?:relative\s)?(?:risk\sreduction|reduction|decrease|drop)\s(?:in|of)\s(?:the\s)?"
        rf"(?P<what>(?:all-cause\s|overall\s)?(?:mortality|deaths?|disease\sprogression|relapses?|recurrences?)[^.;%\d(]{{0,50}}?){_END}",
        rf"(?<![\d.]){_SHARE}\sless\slikely\sto\s(?P<what>die|progress|relapse|have\sa\s\w+)\b",
    )
)
_RISK_WORTH = lazy(r"\b(?:risk|hazard|odds|likel|composite|events|death|mortality)", re.IGNORECASE)
_AND_BY = lazy(rf"[^.;()%\d]{{0,80}}(?:\([^()]{{3,120}}\))?,?\sand\s(?:[^.;()%\d]{{3,80}}?\s)?by\s{_ABOUT}{_SHARE}", re.IGNORECASE)
"""A further reduction of the same risk: "... by 35% (...) and the triplet by 58%"."""
_KNOWN_RISK: tuple[tuple[str, str], ...] = (
    (r"radiographic progression", "rPFS"),
    (r"(?:recurrence|relapse),? (?:disease )?progression,? or|progression,? (?:disease )?(?:recurrence|relapse),? or", "EFS"),
    (r"invasive (?:breast cancer|disease)", "IDFS"),
    (r"distant (?:metastas|recurrence)|metastasis", "MFS"),
    (r"(?:disease )?progression(?: of (?:the |their )?\w+)?,? or (?:of )?(?:death|dying)", "PFS"),
    (r"(?:worsening|progressing|growing|growth|spreading|spread)(?: of (?:the |their )?\w+)?,? or (?:of )?(?:death|dying)", "PFS"),
    (r"death or (?:disease )?(?:progression|worsening)|(?:disease|cancer|tumou?r) worsening", "PFS"),
    (r"(?:disease )?progression", "PFS"),
    (r"(?:disease )?recurrence,? or (?:of )?(?:death|dying)", "DFS"),
    (r"relapse,? or (?:of )?death", "RFS"),
    (r"(?:disease )?recurrence|relapse", "RFS"),
)
_MORTAL = lazy(r"(?:all-cause |overall )?(?:death|dying|mortality|die)s?(?: from any cause)?(?: (?:in|for|among|from|at) .*)?")
_MATURITY = lazy(
    r"(?:(?P<value>\d{1,3}(?:\.\d+)?)\s?%\s(?:data\s)?(?:maturity|mature\b|information\sfraction|of\s(?:the\s)?(?:(?:planned|required|total|expected"
    r"|target|\w+)\s){0,3}events)"
    r"|(?:maturity|information\sfraction)\s?(?:of|was|at|[=:,])\s?(?P<value2>\d{1,3}(?:\.\d+)?)\s?%)"
)
_HAD_EVENT = lazy(
    r"(?P<value>\d{1,3}(?:\.\d+)?)\s?%\s(?:of\s(?:all\s|the\s)?patients\s)?had\s(?P<what>died|(?:had\s)?(?:disease\sprogression|progressed"
    r"|progressive\sdisease))(?!\sas\b)"
)
_NUMBER = r"(?P<count>(?<![\d.,/%-])\d{1,3})"
_PATIENTS = r"(?:\s(?:of\s(?:the\s)?)?(?:patients|participants|subjects|responders|women|men))"
_KIND = (
    r"(?P<what>(?:confirmed\s|durable\s|ongoing\s){0,2}(?:stringent\scomplete|complete|partial|objective|overall|very\sgood\spartial"
    r"|pathologic(?:al)?\scomplete)\s(?:responses?|remissions?)|(?:confirmed\s)?responses?)"
)
_COUNTS = tuple(
    lazy(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NUMBER}\s{_KIND}(?=[,.;)]|\s(?:and|in|were|was|among|with)\b)",
        rf"{_NUMBER}{_PATIENTS}?\s(?:had|achieved|experienced|attained|showed|obtained|reached)\s(?:an?\s)?{_KIND}(?=[,.;)(]|\s(?:and|in|with)\b)",
        rf"{_NUMBER}{_PATIENTS}\s(?P<what>responded)\b",
        rf"{_NUMBER}\sof\s(?:the\s)?\d{{1,4}}\s(?:confirmed\s)?(?P<what>responses|responders)\b",
        r"\bof\s(?:the\s)?(?P<count>\d{1,4})\s(?P<what>confirmed\sresponses)\b",
    )
)
_COUNT_WORTH = lazy(r"\brespon[ds]|\bremission", re.IGNORECASE)
_DEATHS = lazy(r"\b\d{1,4}\sdeaths\s(?:were\s|had\s|have\s|\w+ed\s|been\s){0,3}[\[(]", re.IGNORECASE)
_DIED = lazy(
    r"\bthere\s(?:were|had\sbeen)\s\d{1,4}\s(?=deaths\s(?:in|with|on|among)\b)"
    r"|\b(?:had|have)\s(?=died\b(?!\s(?:of|from|due|because|after)\b))",
    re.IGNORECASE,
)
_DEATHS_OF = lazy(
    r"(?<![\d.,])(?P<count>\d{1,4})\s(?:of\s(?:the\s)?\d{1,5}\s)?(?:patients\s|deaths\s)?(?:in|with|on|for|among|given|receiving)\s(?:the\s)?$"
)


@dataclass(frozen=True)
class Around:
    """A sentence, the study it speaks of and the endpoint spoken of before."""

    reading: Reading
    discourse: Discourse
    unit: int
    study: Study
    endpoint: Mention | None

    @property
    def span(self) -> Span:
        """Where the sentence stands."""
        return self.reading.document.units[self.unit]

    def ensure_pair(self) -> None:
        """A second arm where a risk is reduced against what no sentence names."""
        views = self.study.arms.views
        while not self.study.single and len(views) < 2:
            views.append(ArmView(f"A{len(views) + 1}", control=bool(views)))

    def pair(self, figure: Span) -> tuple[str, str] | None:
        """The arms whose risks a figure compares."""
        refs = self.discourse.arm_refs(self.unit, self.study)
        return Comparing(self.reading, self.study.arms, refs, self.span, *self.span).pair(figure)

    @property
    def all_arms(self) -> str | None:
        """All arms together."""
        return "+".join(v.id for v in self.study.arms.views) or None

    def arm_near(self, at: int, stop: int) -> str | None:
        """The arm told last before a place or right behind it, else the first."""
        refs = self.discourse.arm_refs(self.unit, self.study)
        before = [r for r in refs if r.span[1] <= at]
        views = self.study.arms.views
        if before and not self.study.single:
            return before[-1].arm
        return views[0].id if views else None


def worded_results(around: Around) -> Iterator[Estimate]:
    """Every result of a sentence that is told in words."""
    text, (start, end) = around.reading.text, around.span
    if "%" in text[start:end] or "percent" in text[start:end]:
        yield from _reductions(around)
        yield from _maturity(around)
    if _COUNT_WORTH.search(text, start, end):
        yield from _counts(around)
    if "deaths" in text[start:end]:
        yield from _deaths(around)


def _estimate(around: Around, endpoint: str, what: Span, value: Span, statistic: str, unit: str, sure: float, **slots: object) -> Estimate:
    printed = around.reading.text[slice(*value)]
    return Estimate(
        trial=around.study.name,
        endpoint=endpoint,
        statistic=statistic,  # type: ignore[arg-type]
        value=number(printed),
        unit=unit,
        evidence=(around.reading.evidence("value", value), around.reading.evidence("endpoint", what)),
        printed={"value": printed},
        confidence=sure,
        **slots,  # type: ignore[arg-type]
    )


# ---- reduced risks ---------------------------------------------------------------------------------------------------------------


def _reductions(around: Around) -> Iterator[Estimate]:
    """Figures like "cut the risk of death by 22%" and "a 38% lower risk of progression or death"."""
    text, (start, end) = around.reading.text, around.span
    if not _RISK_WORTH.search(text, start, end):
        return
    found = {m.span("value"): m for pattern in reversed(_RISKS) for m in pattern.finditer(text, start, end)}
    if found:
        around.ensure_pair()
    for match in found.values() if len(around.study.arms.views) > 1 else ():
        name, sure = _risk_of(around, match)
        if name:
            pair = around.pair(match.span("value"))
            yield _estimate(around, name, match.span("what"), match.span("value"), "risk-reduction", "%", sure, comparison=pair)
            if too := _AND_BY.match(text, match.end(), end):
                pair = around.pair(too.span("value"))
                yield _estimate(around, name, match.span("what"), too.span("value"), "risk-reduction", "%", sure - 0.1, comparison=pair)


def _risk_of(around: Around, match: re.Match[str]) -> tuple[str | None, float]:
    """The endpoint of a risk: the one it is the event of, as the text calls it, else the risk in its own words."""
    words = " ".join(match["what"].lower().split())
    named = around.reading.endpoints.between(*match.span("what"), "endpoint")
    known = next((name for event, name in _KNOWN_RISK if re.search(event, words)), None)
    if known:
        return _as_called(around, known, match.start()), 0.85
    if _MORTAL.fullmatch(words):
        return "OS", 0.85
    if re.search(r"\badverse|toxicit|grade\s\d|neutropeni|infection", words):
        return None, 0.0
    if named:
        return named[-1].name, 0.8
    return canonical(re.sub(r"^(?:the|a|an)\s", "", words)), 0.5


def _as_called(around: Around, known: str, at: int) -> str:
    """A composite of progression, recurrence and death under the name that the sentence or the one before gives it."""
    start, end = around.span
    near = [m for m in around.reading.endpoints.between(start, end, "endpoint") if m.name.endswith("FS")]
    candidates = [m.name for m in sorted(near, key=lambda m: abs(m.start - at))] or ([around.endpoint.name] if around.endpoint else [])
    same = {"PFS": ("rPFS", "EFS", "iPFS"), "DFS": ("IDFS", "iDFS", "RFS", "EFS", "DFS"), "RFS": ("DFS", "IDFS", "iDFS", "EFS", "RFS")}
    return next((name for name in candidates if name in same.get(known, ())), known) if "PFS" not in candidates or known != "PFS" else known


# ---- maturity --------------------------------------------------------------------------------------------------------------------


def _maturity(around: Around) -> Iterator[Estimate]:
    """How much of the events had been seen."""
    text, (start, end) = around.reading.text, around.span
    named = around.reading.endpoints.between(start, end, "endpoint")
    if named and (match := _MATURITY.search(text, start, end)):
        group = "value" if match["value"] else "value2"
        near = min(named, key=lambda m: abs(m.start - match.start()))
        yield _estimate(around, near.name, near.span, match.span(group), "maturity", "%", 0.6, arm=around.all_arms)
    found = list(_HAD_EVENT.finditer(text, start, end))
    for event in found:
        name = "OS" if event["what"] == "died" else "PFS"
        yield _estimate(around, name, event.span("what"), event.span("value"), "maturity", "%", 0.6, arm=around.all_arms)


# ---- counts ----------------------------------------------------------------------------------------------------------------------


def _counts(around: Around) -> Iterator[Estimate]:
    """How many responded, where no share of them is printed: "including 3 complete responses"."""
    text, (start, end) = around.reading.text, around.span
    told: set[int] = set()
    for pattern in _COUNTS:
        for match in pattern.finditer(text, start, end):
            if match.start("count") in told or re.match(r"\s?[\[(]\s?\d{1,3}(?:[.·]\d)?\s?%", text[match.end() : match.end() + 12]):
                continue
            if re.search(r"(?:[%/]|\bgrade|\bof\s\d+)\s?$", text[max(start, match.start() - 12) : match.start()]):
                continue
            told.add(match.start("count"))
            name = "ORR" if match["what"].lower().startswith(("respon", "confirmed respon")) else canonical(match["what"])
            arm = around.arm_near(match.start(), match.end())
            if arm:
                yield _estimate(around, name, match.span("what"), match.span("count"), "count", "patients", 0.55, arm=arm)


def _deaths(around: Around) -> Iterator[Estimate]:
    """Deaths by arm: "508 deaths were recorded (248 in the X group and 260 in the Y group)", "80 of 160 on X had died"."""
    text, (start, end) = around.reading.text, around.span
    whole = _DEATHS.search(text, start, end)
    opening = whole or _DIED.search(text, start, end)
    if opening is None:
        return
    at = text.index("deaths", opening.start()) if whole else opening.end()
    word = (at, at + len("deaths" if text[at : at + 6].lower() == "deaths" else "died"))
    for ref in around.discourse.arm_refs(around.unit, around.study):
        count = _DEATHS_OF.search(text, max(opening.end() if whole else start, ref.span[0] - 50), ref.span[0])
        if count:
            yield _estimate(around, "deaths", word, count.span("count"), "count", "patients", 0.7, arm=ref.arm)
