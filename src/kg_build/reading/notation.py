"""Stage 3a: the notation: how printed statistics look, as one table of patterns, and the atoms that they cut out of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy

Bound = float | str | None
Kind = Literal["ratio", "difference", "time", "percent", "points", "missing", "bare", "fraction", "p", "n"]


@dataclass(frozen=True)
class Interval:
    """Two bounds as numbers and as printed; `level` is that of a confidence interval."""

    low: Bound
    high: Bound
    printed: tuple[str, str]
    span: Span
    level: float | None = None
    level_printed: str | None = None

    def holds(self, value: float) -> bool:
        """Whether a value lies between the bounds, where they are numbers."""
        low = self.low if isinstance(self.low, (int, float)) else value
        high = self.high if isinstance(self.high, (int, float)) else value
        return low <= value <= high


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
    """One figure of a text with all that is attached to it.

    `start` is where its wording begins ("hazard ratio for death"), `span` the figure alone, `stop` the end of its chain.
    """

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
    start: int = -1

    @property
    def opens(self) -> int:
        """Where the wording of the figure begins."""
        return self.start if self.start >= 0 else self.span[0]


# ---- the notation ---------------------------------------------------------------------------------------------------------------

_NUM = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,6}(?:[.·∙]\d{1,6})?|[.·∙]\d{1,6})"
_MINUS = r"(?:[-−–](?=[\d.·]))"
_NOT = (
    r"(?:not(?:\ yet)?(?:\ been)?\ (?:reached|estimable|evaluable|estimated|calculable|calculated|available|attained|applicable"
    r"|determined|assessable|reported)|could\ not\ be\ (?:estimated|calculated|determined|reached)|(?:non-|in)estimable|incalculable)"
)
_MISSING = rf"{_NOT}|NR\b|NE\b|NA\b|NC\b|N/A\b"
_TIME = r"months?\b|mos?\b\.?|years?\b|yrs?\b|weeks?\b|wks?\b|days?\b"
_OPEN_END = rf"(?:(?:the\ )?upper\ (?:limit|bound|end)\ )?(?:{_MISSING})(?:\s?\((?:NR|NE|NA|NC)\))?|∞|infinity|unbounded|[—–-](?=\s?[)\]])"
_BOUND = rf"(?:[≥>]\s?)?{_MINUS}?{_NUM}\+?|{_OPEN_END}"
_TAIL = rf"(?:\s?(?:%|percentage\ points?|points?|{_TIME}))?"
_DASH = r"(?:\s?[-–—−‐‑~]\s?|\s?to\s?|\s?,\s?|\s?;\s?|\sand\s)"
_PAIR = rf"(?P<@low>{_BOUND}){_TAIL}{_DASH}(?P<@high>{_BOUND}){_TAIL}"
_CI_WORD = (
    r"(?:(?:(?:exact|repeated|adjusted|two-sided|one-sided|stratified|bootstrap|credible|Bayesian|Clopper[-–]Pearson|Wald"
    r"|Wilson)\s){0,2}"
    r"(?:confidence\ (?:intervals?|limits?)|credible\ intervals?|CIs?\b|CrIs?\b|C\.I\.)(?:\s?[\[(](?:CIs?|CrI)(?:[\])]|(?=[;,:]\s?\d)))?)"
)
_LEVEL = r"\d\d(?:[.·]\d{1,3})?\s?%"
_RATIO_WORD = (
    r"(?:\b[Rr]atio\sof\s(?:the\s)?(?:adjusted\s)?geometric\s(?:least[-\s]squares\s)?(?:mean\s)?(?:means|tit(?:er|re)s|concentrations)|\b[Gg]eometric\s(?:least[-\s]squares\s)?[Mm]ean\s[Rr]atios?|\bGMRs?\b|\b(?:[Hh]azards?|[Oo]dds|[Rr]isk|[Rr]ate|[Ii]ncidence(?:\s[Rr]ate)?)[-\s][Rr]atios?|\b[Rr]elative\s[Rr]isks?"
    r"|\b(?:a|s|c|cs)?HRs?\b(?:adj)?|\bSHRs?\b|\b(?:a)?ORs?\b|\b(?:a)?RRs?\b|\bIRRs?\b)"
    r"(?:\s?[\[(](?:a|s|c)?(?:S?HR|OR|RR|IRR)s?[\])])?"
)
_IS = (
    r"(?:[\s,:;=≈~]|\b(?:of|was|is|were|being|at|equal\sto|estimated|reported|about|approximately|only|adjusted|stratified|unstratified"
    r"|respectively|also|just)\b){0,8}"
)
_WHAT = (
    r"(?:\s?[\[(][^()\[\]\d%]{2,60}[\])])?"
    r"(?:,?\s(?:for|in|vs\.?|versus|of|with|between|comparing|favou?ring|on|as|over|against|from)\s"
    r"(?:[^;:()\[\]=.\d%]|(?<=[A-Za-z-])\d|\d(?=\d{0,3}[\s-]?(?:mg|mcg|µg|Gy)\b)|(?<=vs)\.|[\[(][^()\[\]\d%]{2,40}[\])]){2,100}?)?"
)
_DECIMAL = r"\d{0,3}[.·∙]\d{1,4}(?!\d|[.·]\d|%)"
_WORD_NUMBER = (
    r"[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Ee]leven|[Tt]welve|[Tt]hirteen|[Ff]ourteen"
    r"|[Ff]ifteen|[Ss]ixteen|[Ss]eventeen|[Ee]ighteen|[Nn]ineteen|[Tt]wenty"
)
_SIDED = r"(?:1|2|[Oo]ne|[Tt]wo)[-‐‑–\s](?:sided|tailed)"
_TEST = r"(?:stratified\s|unstratified\s)?log[-‐‑–\s]?rank|nominal|[Dd]escriptive|[Nn]oninferiority|[Ii]nteraction|trend"

_ATOMS = {
    "ratio": rf"""(?P<ratio>(?P<rlabel>{_RATIO_WORD})(?:\s?[\[(,;]?\s?(?P<rlevel>{_LEVEL})\s?{_CI_WORD}\s?[\])]?)?{_WHAT}{_IS}[\[(]?{_IS}
        (?P<rvalue>{_DECIMAL}|\d{{1,2}}(?=\s?[\[(;,]\s?(?:{_LEVEL})\s?{_CI_WORD}))(?!\s?(?:%|{_TIME}|\d|per\b)))""",
    "spread": rf"""(?P<spread>(?<![\w.·])(?P<svalue>{_NUM})\s?(?P<sunit>%|{_TIME})?\s?(?:±|\+/[-−–])\s?{_NUM}
        (?:\s?(?P<sunit2>%|{_TIME}))?)""",
    "ci": rf"""(?P<ci>(?:{_SIDED}\s)?(?:(?P<level>{_LEVEL})[-\s]?)?{_CI_WORD}(?:\s?(?P<level2>{_LEVEL}))?
        (?:[\s,:;=\[({{]|of\b|from\b|was\b|is\b|between\b|ranged\b|range\b){{0,6}}{_PAIR.replace("@", "c")}
        (?:,?\s(?:and|vs\.?|v|versus)\s{_PAIR.replace("@", "d")})?)""",
    "announced": rf"""(?P<announced>(?P<alevel>{_LEVEL})\s?{_CI_WORD})""",
    "p": rf"""(?P<p>(?:(?P<sided>{_SIDED})[\s,]{{1,2}})?(?:(?P<test>{_TEST})\s(?:test\s?[,:;]?\s)?)?
        (?:(?P<sided2>{_SIDED})\s)?\b(?:[Pp](?:[-‐‑\s]?[Vv]alues?)?|[Pp]robability)(?:[-\s_]?(?:for\s)?(?P<ptest>{_TEST}|superiority))?
        (?:\s?[\[(](?P<sided4>{_SIDED})[\])]|\s(?:for|by|from|in)\s[a-zA-Z][a-zA-Z -]{{2,50}}?)?
        (?:[\s,:]|of\b|was\b|is\b){{0,5}}(?P<op>[<>=≤≥]=?|(?:less|lower|greater|more)\ than|&lt;|&gt;)?\s?
        (?P<pvalue>[01]?[.·∙]\d{{1,10}}|\d(?:[.·]\d{{1,3}})?\s?[x×]\s?10\s?[-−–^]{{0,2}}\d{{1,3}}|00\d{{1,3}}(?![\d.])
        |NS\b|N\.S\.|ns\b|not\ significant|1(?:\.0+)?(?![\d.]))
        (?:,?\s?[\[(]?(?P<sided3>{_SIDED}))?)""",
    "range": rf"""(?P<range>\b(?P<rangeword>(?:[Rr]anging|[Rr]ange[ds]?|IQR|[Ii]nterquartile\ range)(?:\s?[\[(]IQR[\])])?)
        (?:[\s,:;=(\[]|of\b|was\b|from\b|between\b){{0,4}}{_PAIR.replace("@", "g")})""",
    "pair": rf"""(?P<pair>(?:(?<=[\[(])|(?<=\d,\s)(?=\d+[.·]\d+\s?[-–—]\s?\d+[.·]\d))(?P<xlow>{_MINUS}?{_NUM}){_TAIL}
        (?:(?P<listed>[,;]\s)|\s?[-–—−‐‑~]\s?|\sto\s)(?P<xhigh>{_BOUND}){_TAIL}(?=\s?[\])]|(?(listed)\]|\s?[;,])))""",
    "n": r"""(?P<n>\b[Nn]\s?=\s?(?P<nvalue>\d{1,3}(?:,\d{3})+|\d{1,6})(?:\s?(?:/|of)\s?(?P<ntotal>\d{1,6}))?)""",
    "difference": rf"""(?P<difference>(?:\b[Dd]ifferences?|Δ)(?:\s?[\[(][A-Z]{{1,5}}[\])])?{_WHAT}{_IS}[\[(]?(?P<dvalue>{_MINUS}?{_NUM})
        (?P<dunit>\s?%|[-\s](?:percentage[-\s])?points?|\s(?:{_TIME}))?(?![\d%]|\.\d|\s(?:patients|groups|arms|trials|studies|of\b|(?:{_TIME})\s(?:after|before|of|later|from|post)\b)|\s?(?:%|{_TIME})?\s?(?:v|vs|versus)\b))""",
    "points": rf"""(?P<points>(?P<ovalue>(?<![\w.·])(?:(?<![\d\w])[-−–])?{_NUM})[-\s](?:(?:percentage|mmHg)[-\s])?points?\b)""",
    "percent": rf"""(?P<percent>(?P<cvalue>(?<![\w.·])(?:(?<![\w)%])[-−](?=\d))?{_NUM})\s?(?:%|per\ ?cent\b|pct\b)(?![-\s]?{_CI_WORD}))""",
    "time": rf"""(?P<time>(?P<tvalue>(?<![\w.$€£·])(?:{_NUM})\+?)(?:[-‐‑\s]{{1,2}})(?P<tunit>{_TIME}))""",
    "missing": rf"""(?P<missing>(?<![\w-])(?:{_MISSING})(?:\s?[\[(](?:NR|NE|NA|NC)(?:[\])]|(?=[;,])))?(?![\w-]))""",
    "fraction": rf"""(?P<fraction>(?<![\w./·-])(?P<part>\d{{1,5}}|{_WORD_NUMBER})(?:\s?/\s?|\s(?:out\s)?of\ (?:the\ |all\ )?(?:first\ )?)
        (?P<whole>\d{{1,5}})(?![\w/%]|[.·]\d))""",
    "bare": rf"""(?P<bare>(?<![\w.,·$€£/#-])(?:(?<=[\s(\[])−(?=\d))?(?:{_NUM})(?![\w%/]|[.,·]\d|[-‐‑][A-Za-z]))""",
}
"""How each kind of atom is printed; where two fit, the first is meant."""


def _any_of(kinds: str) -> re.Pattern[str]:
    return lazy("|".join(_ATOMS[kind] for kind in kinds.split()), re.VERBOSE, often=True)


_OF_WORDS = _any_of("ratio ci p range n difference missing fraction")
_OF_FIGURES = _any_of("spread ci announced p pair points percent time fraction bare")
_OPENING = lazy(r"(?P<figure>\d|[-−–](?=[\d.·∙])|[.·∙](?=\d))|Δ|[A-Za-z](?<![A-Za-z].)")
"""Where an atom may begin: at a figure or its sign, and at a word."""
_WORTH_LEXING = lazy(rf"\d|\b(?:{_MISSING})|[Pp]\s?=\s?(?:NS|ns)")

_LABELS = {"h": "hazard-ratio", "a": "hazard-ratio", "s": "hazard-ratio", "c": "hazard-ratio", "o": "odds-ratio"}
_SIDES = {"1": 1, "o": 1, "2": 2, "t": 2}
_UNITS = {"mo": "months", "ye": "years", "yr": "years", "we": "weeks", "wk": "weeks", "da": "days"}
_OPERATORS = {"=": "", "==": "", "&lt;": "<", "&gt;": ">", "≤": "<=", "≥": ">="}
NUMBER_WORDS = {
    w: n
    for n, w in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
        " twenty".split(),
        start=1,
    )
}


def number(printed: str) -> float:
    """The number a printed figure stands for.

    >>> number("0·57"), number("1,234"), number(".0319"), number("−3.2"), number("ten")
    (0.57, 1234.0, 0.0319, -3.2, 10.0)
    """
    word = NUMBER_WORDS.get(printed.casefold())
    if word is not None:
        return float(word)
    plain = re.sub(r"[−–]", "-", printed).replace("·", ".").replace("∙", ".").strip("+≥> ")
    return float(plain.replace(",", ""))


def missing(printed: str) -> Literal["NR", "NE"]:
    """NR (not reached) or NE (not estimable)."""
    return "NR" if re.search(r"NR\b|reached|attained", printed) else "NE"


def _bound(printed: str) -> Bound:
    return number(printed) if re.search(r"\d", printed) else missing(printed)


def _interval(match: re.Match[str], prefix: str, level: str | None = None) -> Interval:
    low, high = match[f"{prefix}low"], match[f"{prefix}high"]
    span = (match.start(f"{prefix}low"), match.end(f"{prefix}high"))
    printed = level.rstrip(" %") if level else None
    return Interval(_bound(low), _bound(high), (low, high), span, number(printed) if printed else None, printed)


def _label(word: str) -> str:
    """Which ratio: hazard, odds or risk."""
    folded = word.casefold()
    if folded.startswith(("relative", "risk", "rate", "rr", "arr", "inc", "irr", "geom", "gm", "ratio")):
        return "risk-ratio"
    return "odds-ratio" if folded.startswith("aor") else _LABELS.get(folded[0], "hazard-ratio")


def _p_value(match: re.Match[str]) -> PValue:
    printed = match["op"]
    worded = ("<" if printed[0] in "lL" else ">") if printed and printed.endswith("than") else None
    sign = worded or _OPERATORS.get(printed or "=", printed)
    sides = next((s for s in (match["sided"], match["sided2"], match["sided3"], match["sided4"]) if s), None)
    value = "NS" if re.match(r"[Nn]\.?[Ss]|not", match["pvalue"]) else match["pvalue"]
    return PValue(
        f"{sign} {value}".strip(), match.span("pvalue"), _SIDES[sides[0].casefold()] if sides else None, match["test"] or match["ptest"]
    )


def _quantity(match: re.Match[str], kind: Kind, group: str, unit: str | None = None, label: str | None = None) -> Quantity:
    """The figure of one group of a match, with its sign."""
    printed = match[group].rstrip("+")
    return Quantity(kind, match.span(group), match.end(), number(printed), printed, unit, label, start=match.start())


def _ratio(match: re.Match[str]) -> Quantity:
    return _quantity(match, "ratio", "rvalue", "ratio", _label(match["rlabel"]))


def _difference(match: re.Match[str]) -> Quantity:
    unit = (match["dunit"] or "").strip(" -")
    name = "%" if unit == "%" else "points" if unit.startswith(("percentage", "point")) else _UNITS.get(unit[:2])
    return _quantity(match, "difference", "dvalue", name, "median-difference" if name in _UNITS.values() else "difference")


def _time(match: re.Match[str]) -> Quantity:
    return _quantity(match, "time", "tvalue", _UNITS[match["tunit"][:2]])


def _spread(match: re.Match[str]) -> Quantity:
    """A figure with its deviation: "18.8 ± 6.9%"."""
    unit = match["sunit"] or match["sunit2"] or ""
    if unit == "%":
        return _quantity(match, "percent", "svalue", "%")
    return _quantity(match, "time" if unit else "bare", "svalue", _UNITS.get(unit[:2]))


def _not_reached(match: re.Match[str]) -> Quantity:
    return Quantity("missing", match.span(), match.end(), missing(match[0]), match[0])


def _fraction(match: re.Match[str]) -> Quantity:
    total = Count(int(match["whole"]), match["whole"], match.span("whole"))
    return Quantity("fraction", match.span("part"), match.end(), number(match["part"]), match["part"], "patients", total=total)


def _n(match: re.Match[str]) -> Quantity:
    count = Count(int(match["nvalue"].replace(",", "")), match["nvalue"], match.span("nvalue"))
    total = Count(int(match["ntotal"]), match["ntotal"], match.span("ntotal")) if match["ntotal"] else None
    return Quantity("n", match.span("nvalue"), match.end(), float(count.value), match["nvalue"], n=count, total=total)


def _p(match: re.Match[str]) -> Quantity | None:
    if not match["op"] and "value" not in match[0].casefold() and not re.search(r"^[Pp][\s,:]{1,2}0?[.·]\d{2,}$", match[0]):
        return None
    return Quantity("p", match.span("pvalue"), match.end(), p=_p_value(match), start=match.start())


def _range(match: re.Match[str]) -> Interval | None:
    return _interval(match, "g") if match["rangeword"].casefold().startswith("rang") else None


def _announced(match: re.Match[str]) -> Interval:
    printed = match["alevel"].rstrip(" %")
    return Interval(None, None, ("", ""), match.span(), number(printed), printed)


Atom = Quantity | Interval
_BUILDERS: dict[str, Callable[[re.Match[str]], Atom | None]] = {
    "ratio": _ratio,
    "spread": _spread,
    "ci": lambda m: _interval(m, "c", m["level"] or m["level2"]),
    "announced": _announced,
    "p": _p,
    "range": _range,
    "pair": lambda m: _interval(m, "x"),
    "n": _n,
    "difference": _difference,
    "points": lambda m: _quantity(m, "points", "ovalue", "points"),
    "percent": lambda m: _quantity(m, "percent", "cvalue", "%"),
    "time": _time,
    "missing": _not_reached,
    "fraction": _fraction,
    "bare": lambda m: Quantity("bare", m.span(), m.end(), number(m[0]), m[0]),
}


def _matches(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The atoms as matches of their patterns, tried only where one of their kind may begin."""
    while opening := _OPENING.search(text, start, end):
        start = opening.start()
        match = (_OF_FIGURES if opening["figure"] else _OF_WORDS).match(text, start, end)
        start = match.end() if match else start + 1
        if match:
            yield match


def atoms(text: str, start: int, end: int) -> Iterator[tuple[Atom, str, Span]]:
    """The atoms of a stretch of text with the name of their pattern, left to right; a ratio tells the level of its header, too."""
    if not _WORTH_LEXING.search(text, start, end):
        return
    for match in _matches(text, start, end):
        kind = match.lastgroup or ""
        atom = _BUILDERS[kind](match)
        if kind == "ratio" and match["rlevel"]:
            printed = match["rlevel"].rstrip(" %")
            yield Interval(None, None, ("", ""), match.span("rlevel"), number(printed), printed), "announced", match.span("rlevel")
        if atom is not None:
            yield atom, kind, match.span()
        if kind == "ci" and match["dlow"]:
            yield _interval(match, "d", match["level"] or match["level2"]), "second", match.span()
