"""The notation of doses: how much, by which route, how often."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy

_NUM = r"\d[\d,]{0,8}(?:[.·]\d{1,3})?"
_AREA = r"(?:m2|m²|m\s2|m\^2|sqm|square\smet(?:er|re))(?![\w.])"
_PER = (
    rf"(?:\s?/\s?(?:kg|{_AREA}|day|dose|week|min(?:ute)?|h(?:our)?|d(?![\w/])|\d{{1,3}}(?:\.\d+)?\s?mL|mL|{_NUM}\s?units)|\sper\s(?:kg|kilogram|{_AREA}|day|dose|week)"
    r"|\s?(?:kg|m)\s?[-−–⁻]\s?[12¹²](?!\d)|\s?m⁻²|\s?kg⁻¹)"
)
_UNIT = r"(?:mg|mcg|µg|μg|ug|g|kg|IU|MIU|MU|million\s(?:IU|units)|units|U|MBq|GBq|kBq|mCi|cGy|Gy|mmol)"
_AUC = (
    r"(?:(?:target\s)?(?:area\sunder\sthe\s(?:(?:plasma\s)?concentration[-–\s](?:versus[-\s])?time\s)?curve)(?:\s?[\[(,]\s?AUC\s?[\]),]?)?|AUC)"
    r"\s?(?:of\s|=\s?)?\d(?:[.·]\d)?(?:\s?[-–]\s?\d)?(?:\s?mg/m[lL]\s?(?:/|[·.×*]|per)?\s?min(?:utes?)?)?[\])]?"
)
_SERIES = rf"(?:,\s{_NUM}){{0,6}},?\s(?:and|or)\s{_NUM}"  # "0.01 and 0.06", "50, 100, 200 or 300"
DOSE = lazy(
    rf"(?<![\w.,/·:])(?P<dose>(?P<auc>{_AUC})|(?P<low>{_NUM})(?:{_SERIES}|(?:\s?{_UNIT})?\s?(?:-|–|to|or)\s?{_NUM})?(?:\s?|-)(?P<unit>{_UNIT})(?![A-Za-z²])(?!\s?/\s?(?:d[lL]|L\b|mmol|24))"
    rf"{_PER}{{0,3}})(?P<extra>\s?[\[(]\s?{_NUM}\s?(?:mg/mL|mCi|MBq|GBq)\s?[\])])?"
)
EXTRA = lazy(rf"(?:\s(?:orally|intravenously|IV|PO|subcutaneously))?(?P<extra>\s\({_NUM}\s?mg\s(?:if|for|in)\s[^()]{{3,70}}\))")
ROUTE = lazy(
    r"\b(?P<route>(?:(?:oral(?:ly)?|intravenous(?:ly)?|IV|i\.v\.|subcutaneous(?:ly)?|SC|SQ|s\.c\.|PO|p\.o\.|by\smouth|under\sthe\sskin|(?:into|by|through)\s(?:a\s)?vein|intramuscular(?:ly)?|IM|intrathecal(?:ly)?"
    r"|intravesical(?:ly)?|intraperitoneal(?:ly)?|topical(?:ly)?|intravitreal(?:ly)?|inhaled|intradermal(?:ly)?|intratumoral(?:ly)?)(?:\s\((?:IV|SC|PO|IM)\))?"
    r"(?:\sor\s(?:IV|intravenous|oral|subcutaneous)(?:ly)?)?(?:\s(?:infusions?|injections?))?|(?<![\w-])infusion|(?:infused|injected)))(?![\w-])"
)
_FEW = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_TIME = r"(?:weeks?|days?|months?|years?|hours?|cycles?|wks?|hrs?)"
_DAY = r"\d{1,2}(?![\d·]|[.,]\d|\s?(?:mg|g|mcg|µg|IU|units|Gy)\b)"
_DAYS = rf"{_DAY}(?:(?:,\s?(?:and\s)?|\s?(?:and|to|through|&)\s|\s?[-–—]\s?){_DAY}){{0,8}}"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
_ATOM = (
    rf"(?:(?:\b(?:given|administered)\s)?(?:\bon\s)?\bdays?\s{_DAYS}(?:\s(?:of|in|every)\s(?:(?:each|every|an?|the)\s)?"
    rf"(?:(?:first|second|subsequent|all)\s)?(?:{_FEW}[- ](?:day|week)\s)?"
    rf"(?:(?:treatment\s)?cycles?(?:\s(?:of\schemotherapy|{_DAYS}))?|{_FEW}\s{_TIME}))?"
    rf"|\bevery[- ](?:other[- ])?(?:{_FEW}(?:[- ](?:to|or)[- ]{_FEW})?[- ])?{_TIME}\b|\beach\s(?:week|day|month|cycle)\b"
    r"|\b[qQ]\s?\d{0,2}\s?(?:wk?s?|weeks?|d|days?|h|hrs?|mo?|months?|W|D)\b|\b(?:QD|BID|TID|QW|qd|bid|tid|b\.i\.d\.|q\.d\.|t\.i\.d\.)(?![\w])"
    rf"|\b(?:once|twice|thrice|{_FEW}\stimes)[- ](?:(?:per|a|every)\s)?(?:{_FEW}\s)?"
    rf"(?:daily|weekly|monthly|{_TIME}|other\sweek)\b"
    r"|\b(?:daily|weekly|biweekly|bi-weekly|fortnightly|monthly|nightly)\b"
    rf"|\b(?:four|six|eight|\d{{1,2}})(?:\sto\s{_FEW})?\scycles\severy\s{_FEW}\s{_TIME}"
    rf"|\bon\s{_WEEKDAY}(?:(?:,\s|\sand\s|,\sand\s){_WEEKDAY}){{0,3}}(?:\s(?:mornings?|afternoons?|evenings?))?"
    rf"|\bin\s(?:\d{{1,2}}|{_FEW})\s(?:(?:once|twice)[- ]daily\s|daily\s)?fractions(?:\sof\s{_NUM}\s?Gy)?|/\s?\d{{1,2}}\sfractions"
    rf"|\bfor\s{_FEW}\sdays\sin\sweeks\s{_DAYS}|\btaper\sover\s{_FEW}\s{_TIME}|\bin\s(?:treatment\s)?cycle\s\d\b)"
)
_MORE = (
    rf"(?:for\s(?:the\sfirst\s|up\sto\s|at\sleast\s|a\s(?:maximum|total)\sof\s|approximately\s)?(?:{_FEW}|1\d|2\d|3\d)(?:\s?(?:-|–|to)\s?{_FEW})?\s(?:further\s|additional\s)?"
    rf"(?:cycles?|weeks?|doses?|months?|years?|days?|administrations?|infusions?|injections?|courses?)(?:\sor\s(?:up\sto\s|about\s)?\d{{1,2}}\smonths)?|[×x]\s?\d{{1,2}}\s(?:days|cycles|weeks|doses)"
    rf"|(?:in|of|from|starting\s(?:in|at|from|on)|for|during)\s(?:the\s)?(?:(?:first|second|subsequent|each|every|all|later)\s)?(?:subsequent\s)?(?:{_FEW}-(?:day|week)\s)?cycles?(?:\s{_DAYS})?"
    rf"(?:\s(?:and\s)?(?:onwards?|beyond|thereafter))?|of\s(?:each|every|an?)\s{_FEW}[- ](?:day|week)\scycles?"
    rf"|in\s(?:a|each)\s{_FEW}[- ](?:day|week)\scycles?|of\scycles?\s{_DAYS}"
    rf"|over\s{_FEW}(?:\s?(?:-|–|to)\s?{_FEW})?\s(?:days|weeks)|thereafter|in\sweeks?\s{_DAYS}|as\s(?:an?\s)?(?:\w+\s)?maintenance(?:\s(?:therapy|treatment))?|max\.?\s\d{{1,2}}\scycles)"
)
SCHEDULE = lazy(
    rf"(?P<schedule>{_ATOM}(?:\s?[,;(]?\s?(?:(?:and|then|followed\sby|and\sthen)\s)?(?:on\s)?(?:{_ATOM}|{_MORE})){{0,5}})",
    re.IGNORECASE,
)
_ROUTES = {
    "intravenous": "IV", "intravenously": "IV", "i.v.": "IV", "orally": "oral", "po": "oral", "p.o.": "oral", "by mouth": "oral",
    "under the skin": "subcutaneous", "into a vein": "IV", "by vein": "IV",
    "through a vein": "IV",
    "subcutaneously": "subcutaneous", "sc": "subcutaneous", "sq": "subcutaneous", "s.c.": "subcutaneous", "im": "intramuscular",
    "intramuscularly": "intramuscular", "intrathecally": "intrathecal", "infused": "infusion", "injected": "injection",
}  # fmt: skip


_DAYS_BEFORE = lazy(r"\b(?:days?|cycles?|weeks?)\s(?:\d{1,2},?\s(?:and\s)?){0,6}$")
_LAST = lazy(r".*\s(?:and|or)\s")


@dataclass(frozen=True)
class Dose:
    """An amount as printed, and the span of it."""

    text: str
    span: Span
    gray: bool = False

    @property
    def start(self) -> int:
        """Where it starts."""
        return self.span[0]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.span[1]


def dose_of(text: str, match: re.Match[str], end: int) -> Dose:
    """A dose with what is printed of it in the bracket behind: "7.4 GBq [200 mCi]", "40 mg (20 mg if age ≥ 75 years)"."""
    if _DAYS_BEFORE.search(text, max(0, match.start() - 24), match.start()) and (last := _LAST.search(match["dose"])):
        start = match.start() + last.end()
        return Dose(text[start : match.end("dose")], (start, match.end("dose")))
    extra = EXTRA.match(text, match.end(), end)
    if extra and not match["extra"]:
        return Dose(match["dose"] + extra["extra"], (match.start(), match.end()))
    return Dose(match["dose"] + (match["extra"] or ""), match.span(), bool(match["unit"] and match["unit"].endswith("Gy")))


def route_name(match: re.Match[str] | None) -> str | None:
    """The route in the word that all its forms share."""
    if match is None:
        return None
    words = re.sub(r"\s\((?:IV|SC|PO|IM)\)", "", match["route"])
    return _ROUTES.get(words.lower(), words)


def schedule_text(match: re.Match[str] | None) -> str | None:
    """The schedule without the prepositions that lead to it."""
    if match is None:
        return None
    words = re.sub(r"^(?:given\s|administered\s)?(?:on|in|for)\s(?=day|\d|[A-Z])|^/\s?", "", match["schedule"])
    return re.sub(r"\s(?:and\s)?on(?=\sdays)", "", words)
