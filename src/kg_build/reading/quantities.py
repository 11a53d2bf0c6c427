"""Stage 3: the notation lexer: printed statistics -> quantities, each with what belongs to it (interval, range, p, n).

First the atoms are cut out left to right by one table of patterns, then intervals, ranges, p values and n are attached
to the figure whose chain of brackets and small words they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kg_build.reading.document import Span

Bound = float | str | None
Kind = Literal["ratio", "difference", "time", "percent", "missing", "bare", "fraction", "p", "n"]


@dataclass(frozen=True)
class Interval:
    """Two bounds as numbers and as printed; `level` is that of a confidence interval."""

    low: Bound
    high: Bound
    printed: tuple[str, str]
    span: Span
    level: float | None = None
    level_printed: str | None = None


@dataclass(frozen=True)
class PValue:
    """A p value as printed, with its operator (none for "=")."""

    text: str
    span: Span
    sided: int | None = None
    test: str | None = None


@dataclass(frozen=True)
class Count:
    """A printed whole number and where it stands."""

    value: int
    printed: str
    span: Span


@dataclass(frozen=True)
class Quantity:
    """One figure of a text with all that is attached to it. `span` is the figure alone, `stop` the end of its chain."""

    kind: Kind
    span: Span
    stop: int
    value: float | Literal["NR", "NE"] | None = None
    printed: str | None = None
    unit: str | None = None
    label: str | None = None
    ci: Interval | None = None
    range: Interval | None = None
    p: PValue | None = None
    n: Count | None = None
    total: Count | None = None


# ---- the notation ---------------------------------------------------------------------------------------------------------------

_NUM = r"(?:\d{1,3}(?:,\d{3})+|\d{1,6})(?:[.·]\d{1,6})?|[.·]\d{1,6}"
_MISSING = r"not\ (?:yet\ )?(?:been\ )?reached|not\ (?:yet\ )?(?:estimable|evaluable|calculable|available)|NR\b|NE\b|NA\b|NC\b"
_TIME = r"months?\b|mos?\b|years?\b|yrs?\b|weeks?\b|wks?\b|days?\b"
_BOUND = rf"(?:[-−–](?=[\d.]))?(?:{_NUM})\+?|{_MISSING}"
_TAIL = rf"(?:\s?(?:%|{_TIME}))?"
_DASH = r"(?:\s?[-–—−‐‑]\s?|\s?to\s|\s?,\s?|\s?;\s?|\sand\s)"
_PAIR = rf"(?P<@low>{_BOUND}){_TAIL}(?:\s?\([A-Z]{{2}}\))?{_DASH}(?P<@high>{_BOUND}){_TAIL}"
_CI_WORD = r"(?:confidence\ intervals?|credible\ intervals?|CIs?\b|CrI\b)(?:\s?[\[(](?:CIs?|CrI)[\])])?"
_RATIO_WORD = (
    r"(?:[Hh]azard\ ratios?|[Oo]dds\ ratios?|[Rr]elative\ risks?|[Rr]isk\ ratios?|[Rr]ate\ ratios?|\bHRs?\b|\bORs?\b"
    r"|\bRRs?\b|\baHR\b|\bsHR\b)"
    r"(?:\s?[\[(](?:HR|OR|RR)[\])])?"
)
_IS = r"(?:[\s,:;=≈~]|of\b|was\b|is\b|were\b|being\b){0,6}"

_ATOMS = re.compile(
    rf"""
    (?P<header>(?P<hlabel>{_RATIO_WORD})\s?[\[(,;]\s?(?P<hlevel>\d\d(?:\.\d{{1,2}})?)\s?%\s?{_CI_WORD}\s?[\])]?{_IS}
        (?P<hvalue>{_NUM})\s?[\[(]\s?{_PAIR.replace("@", "h")})
  | (?P<ratio>(?P<rlabel>{_RATIO_WORD})(?:\s(?:for|in|vs|versus)\s[^,;:()\[\]=\d.]{{2,70}}?)?{_IS}[\[(]?
        (?P<rvalue>{_NUM})(?!\s?(?:%|{_TIME}|\d)))
  | (?P<ci>(?:(?P<level>\d\d(?:[.·]\d{{1,3}})?)\s?%[-\s]?(?:\w{{3,9}}\s)?)?{_CI_WORD}(?:\s?(?P<level2>\d\d(?:\.\d{{1,2}})?)\s?%)?
        (?:[\s,:;=\[({{]|of\b|from\b|was\b){{0,6}}{_PAIR.replace("@", "c")})
  | (?P<p>(?:(?P<sided>1|2|[Oo]ne|[Tt]wo)[-‐‑\s]sided[\s,]{{1,2}})?
        (?P<test>(?:stratified\s|unstratified\s)?log[-‐‑\s]?rank|nominal|descriptive)?\s?
        (?:(?P<sided2>1|2|one|two)[-‐‑\s]sided\s)?\b[Pp](?:[-‐‑\s]?values?(?:\ for\ [a-z]{{3,15}})?)?
        (?:[\s,:]|of\b|was\b|is\b){{0,5}}(?P<op>[<>=≤≥]=?|less\ than|&lt;)?\s?
        (?P<pvalue>[01]?[.·]\d{{1,10}}|\d(?:\.\d{{1,3}})?\s?[x×]\s?10[-−–]?\d{{1,3}})(?:\s?[\[(]?(?P<sided3>1|2|one|two)[-‐‑\s]sided)?)
  | (?P<range>(?P<rangeword>\b(?:[Rr]ange|IQR|interquartile\ range))(?:[\s,:;=(\[]|of\b|from\b){{0,4}}{_PAIR.replace("@", "g")})
  | (?P<pair>(?<=\s[\[(])(?P<xlow>{_NUM})\s?[-–—‐]\s?(?P<xhigh>{_BOUND})(?=[\])]))
  | (?P<n>\b[Nn]\s?=\s?(?P<nvalue>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}))
  | (?P<difference>\bdifference(?:\s(?:in|of|between)\s[^,;:()\[\]=\d.]{{2,60}}?)?{_IS}(?P<dvalue>[-−–]?(?:{_NUM}))
        (?P<dunit>\s?%|\spercentage\spoints?|\s(?:{_TIME}))?)
  | (?P<percent>(?P<cvalue>(?<![\w.])(?:{_NUM}))\s?(?:%|percent\b)(?![-\s]?{_CI_WORD}))
  | (?P<time>(?P<tvalue>(?<![\w.$])(?:{_NUM})\+?)(?:[-\s]{{1,2}})(?P<tunit>{_TIME}))
  | (?P<missing>(?<![\w-])(?:{_MISSING})(?:\s?[\[(](?:NR|NE|NA|NC)[\])])?(?![\w-]))
  | (?P<fraction>(?<![\w./])(?P<part>\d{{1,5}})(?:\s?/\s?|\ of\ (?:the\ )?)(?P<whole>\d{{1,5}})(?![\w/%]|\.\d))
  | (?P<bare>(?<![\w.,·$€£/#-])(?:{_NUM})(?![\w%/]|[.,·]\d|-[A-Za-z]))
    """,
    re.VERBOSE,
)

_LABELS = {"h": "hazard-ratio", "a": "hazard-ratio", "s": "hazard-ratio", "o": "odds-ratio", "r": "risk-ratio"}
_SIDES = {"1": 1, "one": 1, "2": 2, "two": 2}
_UNITS = {"mo": "months", "ye": "years", "yr": "years", "we": "weeks", "wk": "weeks", "da": "days"}
_CHAIN = re.compile(
    r"(?:[\s,;:()\[\]/+–-]|\b(?:with|and|a|an|the|at|by|from|its|corresponding|exact|stratified|unstratified|nominal"
    r"|test|log-rank|months?|mos?|years?"
    r"|weeks?|days?|percentage|points?|respectively|adjusted|for|two|one|sided|interquartile|full|significance|level|boundary)\b)*"
)
_ARM_BETWEEN = re.compile(r"\s(?:with|in|for|among|on)\s(?:the\s)?[A-Za-z][A-Za-z -]{2,44}\s?[\[(]\s?")
_GAP = 60


def number(printed: str) -> float:
    """The number a printed figure stands for.

    >>> number("0·57"), number("1,234"), number(".0319")
    (0.57, 1234.0, 0.0319)
    """
    return float(re.sub(r"[−–]", "-", printed).replace(",", "").replace("·", ".").rstrip("+"))


def missing(printed: str) -> Literal["NR", "NE"]:
    """NR (not reached) or NE (not estimable)."""
    return "NR" if re.match(r"NR|not (?:yet )?(?:been )?reached", printed) else "NE"


def _bound(printed: str) -> Bound:
    return number(printed) if re.search(r"\d", printed) else missing(printed)


def _interval(match: re.Match[str], prefix: str, level: str | None = None) -> Interval:
    low, high = match[f"{prefix}low"], match[f"{prefix}high"]
    span = (match.start(f"{prefix}low"), match.end(f"{prefix}high"))
    return Interval(_bound(low), _bound(high), (low, high), span, number(level) if level else None, level)


def _label(word: str) -> str:
    """Which ratio: hazard, odds or risk."""
    folded = word.casefold()
    return "risk-ratio" if folded.startswith(("relative", "risk", "rate", "rr")) else _LABELS.get(folded[0], "hazard-ratio")


def _p_value(match: re.Match[str]) -> PValue:
    sign = {"=": "", "==": "", None: "", "less than": "<", "&lt;": "<", "≤": "<=", "≥": ">="}.get(match["op"], match["op"])
    sided = _SIDES.get((match["sided"] or match["sided2"] or match["sided3"] or "").casefold())
    return PValue(f"{sign} {match['pvalue']}".strip(), match.span("pvalue"), sided, match["test"])


def _ratio(match: re.Match[str]) -> Quantity:
    return Quantity("ratio", match.span("rvalue"), match.end(), number(match["rvalue"]), match["rvalue"], "ratio", _label(match["rlabel"]))


def _header(match: re.Match[str]) -> Quantity:
    ci = _interval(match, "h", match["hlevel"])
    return Quantity(
        "ratio", match.span("hvalue"), match.end(), number(match["hvalue"]), match["hvalue"], "ratio", _label(match["hlabel"]), ci
    )


def _difference(match: re.Match[str]) -> Quantity:
    unit = (match["dunit"] or "").strip()
    name = "%" if unit == "%" else "points" if unit.startswith("percentage") else _UNITS.get(unit[:2])
    return Quantity("difference", match.span("dvalue"), match.end(), number(match["dvalue"]), match["dvalue"], name, "difference")


def _percent(match: re.Match[str]) -> Quantity:
    return Quantity("percent", match.span("cvalue"), match.end(), number(match["cvalue"]), match["cvalue"], "%")


def _time(match: re.Match[str]) -> Quantity:
    return Quantity(
        "time", match.span("tvalue"), match.end(), number(match["tvalue"]), match["tvalue"].rstrip("+"), _UNITS[match["tunit"][:2]]
    )


def _not_reached(match: re.Match[str]) -> Quantity:
    return Quantity("missing", match.span(), match.end(), missing(match[0]), match[0])


def _fraction(match: re.Match[str]) -> Quantity:
    total = Count(int(match["whole"]), match["whole"], match.span("whole"))
    return Quantity("fraction", match.span("part"), match.end(), float(match["part"]), match["part"], "patients", total=total)


def _bare(match: re.Match[str]) -> Quantity:
    return Quantity("bare", match.span(), match.end(), number(match[0]), match[0])


def _n(match: re.Match[str]) -> Quantity:
    count = Count(int(match["nvalue"].replace(",", "")), match["nvalue"], match.span("nvalue"))
    return Quantity("n", match.span("nvalue"), match.end(), float(count.value), match["nvalue"], n=count)


def _p(match: re.Match[str]) -> Quantity | None:
    if not match["op"] and "value" not in match[0].casefold():
        return None
    return Quantity("p", match.span("pvalue"), match.end(), p=_p_value(match))


def _ci(match: re.Match[str]) -> Interval:
    return _interval(match, "c", match["level"] or match["level2"])


def _range(match: re.Match[str]) -> Interval | None:
    return _interval(match, "g") if match["rangeword"].casefold() == "range" else None


def _pair(match: re.Match[str]) -> Interval:
    return _interval(match, "x")


_BUILDERS: dict[str, Callable[[re.Match[str]], Quantity | Interval | None]] = {
    "pair": _pair, "header": _header, "ratio": _ratio, "ci": _ci, "p": _p, "range": _range, "n": _n, "difference": _difference,
    "percent": _percent, "time": _time, "missing": _not_reached, "fraction": _fraction, "bare": _bare,
}  # fmt: skip


# ---- attaching ------------------------------------------------------------------------------------------------------------------


def _chained(text: str, start: int, end: int) -> bool:
    """Whether only brackets and small words stand between two atoms."""
    return 0 <= end - start <= _GAP and _CHAIN.fullmatch(text, start, end) is not None


def _across_arm(text: str, start: int, end: int) -> bool:
    """Whether only the name of an arm stands between: "not reached with isatuximab (95% CI"."""
    return 0 <= end - start <= _GAP and _ARM_BETWEEN.fullmatch(text, start, end) is not None


def _attach(head: Quantity, atom: Quantity | Interval, kind: str, stop: int) -> Quantity | None:
    """The head with the atom attached, or None where it does not belong to it."""
    if isinstance(atom, Interval):
        interval = kind in ("ci", "pair")
        known = head.ci if interval else head.range
        if known is not None or head.kind in ("n", "p", "fraction"):
            return None
        return replace(head, stop=stop, ci=atom) if interval else replace(head, stop=stop, range=atom)
    if atom.kind == "p" and head.kind in ("ratio", "difference") and head.p is None:
        return replace(head, stop=stop, p=atom.p)
    if atom.kind == "n" and head.n is None and head.kind in ("percent", "time", "missing"):
        return replace(head, stop=stop, n=atom.n)
    return None


def _leveled(found: list[Quantity], pair: Quantity | Interval) -> Interval | None:
    """A bare pair as an interval like the last one: "25.5 months (95% CI 18.3-30.1) ... 12.9 months (7.9-18.5)"."""
    known = next((q.ci for q in reversed(found) if q.ci), None)
    if not isinstance(pair, Interval) or known is None or found[-1].kind not in ("time", "percent", "ratio", "missing"):
        return None
    return replace(pair, level=known.level, level_printed=known.level_printed)


def _units_backwards(text: str, found: list[Quantity]) -> list[Quantity]:
    """A bare figure takes the unit of the figure it is compared with: "11.1 vs 5.9 months"."""
    result = list(found)
    for i in range(len(found) - 2, -1, -1):
        after = result[i + 1]
        if result[i].kind == "bare" and after.kind in ("time", "percent") and 0 < after.span[0] - result[i].stop <= 30:
            gap = text[result[i].stop : after.span[0]]
            if re.fullmatch(r"[\s)\]]*(?:,?\s?(?:vs\.?|versus|and|compared (?:with|to)|or|to|,|/|-|–))\s*", gap):
                result[i] = replace(result[i], kind=after.kind, unit=after.unit)
    return result


def _atoms(text: str, start: int, end: int) -> Iterator[tuple[Quantity | Interval, str, Span]]:
    for match in _ATOMS.finditer(text, start, end):
        atom = _BUILDERS[match.lastgroup or ""](match)
        if atom is not None:
            yield atom, match.lastgroup or "", match.span()


def lex_quantities(text: str, start: int = 0, end: int | None = None) -> tuple[Quantity, ...]:
    """The quantities of a stretch of text, in order.

    >>> [q] = lex_quantities("HR, 0.57; 95% CI, 0.44-0.73; 1-sided P < .0001")
    >>> q.label, q.value, q.ci.low, q.ci.high, q.p.text, q.p.sided
    ('hazard-ratio', 0.57, 0.44, 0.73, '< .0001', 1)
    """
    found: list[Quantity] = []
    for told, kind, span in _atoms(text, start, len(text) if end is None else end):
        atom = _leveled(found, told) if kind == "pair" else told
        attached = _attach(found[-1], atom, kind, span[1]) if atom and found and _belongs(text, found[-1].stop, span[0], atom) else None
        if attached is not None:
            found[-1] = attached
        elif isinstance(atom, Quantity):
            found.append(atom)
    return tuple(_units_backwards(text, found))


def _belongs(text: str, start: int, end: int, atom: Quantity | Interval) -> bool:
    """Whether an atom stands in the chain of the figure before it."""
    return _chained(text, start, end) or ((isinstance(atom, Interval) or atom.kind == "n") and _across_arm(text, start, end))
