"""For whom an act is: where its indication stands, and where it tells several."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.acts import Act
from kg_build.reading.indications import Indication, read_heading, read_indication, read_indications
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import Regimen

_SPLIT = lazy(
    r"(?:[,;]|\))?\s(?:(?:and|as\swell\sas|and\salso|and\sone|and\sthe\sother|or)\s|(?<=[,;]\s)one\s"
    r"|(?<=,\s)(?=(?:and\s)?for\s))(?=(?:as\s(?:a\s)?(?:monotherapy|single[- ]agent"
    r"|(?:[\w-]{1,24}\s){0,2}treatment|maintenance)[\w\s-]{0,30}?\s)?(?:for"
    r"|in)\s(?!(?:the\s)?(?:first|second|third|approval|review|use\sin\scombination|combination|(?:January|February|March|April|May|June"
    r"|July|August|September|October|November|December)(?!\s\d{4}\sfor\s))\b)[A-Za-z])"
)
_LIST_AHEAD = lazy(r"(?:following|indications?|for|patients|uses?)[^.:]{0,40}:$")
_LIST_IN = lazy(r"\b(?:following|indications?|uses|two|three|four|several)\b[^.:;]{0,40}:\s[^;]{10,400};")
_ITEMS = lazy(r";\s(?:and\s)?")
_BULLET = lazy(r"(?:[•▪◦*–-]|\(?\d{1,2}[.)])\s|(?:in|as|for|with)\s")
_SAME_USE = lazy(
    r"\b(?:for|to)\sthe\s(?:combination|regimen|triplet)\b|\bsame\s(?:regimen|combination|indication|use|patients|population|setting"
    r"|disease|tumou?r|\w+\sregimen)\b|\b(?:with|in|for)\s(?:[\w/.-]+\s){0,4}[\w/-]+\sdisease\b|\b(?:with|in|for)\s(?:the|that|this)\s(?:disease|cancer|condition|indication|setting|population)\b"
)
_TOLD_BEHIND = lazy(
    r"(?:[^.;]|(?<=[A-Z])\.){0,160}?\b(?:for|in\s(?:\w+\s){0,3}(?:patients|adults)|as|to\streat|against|in\s(?=[a-z](?!he\s[A-Z])|[A-Z0-9]{2,}))\b"
)


_BEFORE_DISEASE = lazy(r"\b(?:for|in|against|treats?|treating)\s(?:(?!regardless|irrespective)[\w/-]+,?\s){0,5}$", re.IGNORECASE)
_UNLISTED = lazy(
    r"\b(?:for|in|against)\s(?:(?:the|adults?|patients|people|children|with|severe|moderate|mild|to|active|chronic-phase)\s){0,6}"
    r"(?P<name>(?:(?!(?:the|a|an|with|in|of|its|to|by|for|on|or|and|treatment|use)\b)[A-Za-z][\w’'-]+\s){0,4}?(?:[a-z]*(?:itis|osis"
    r"|[a-z]{2}oma|a?emia|opathy|ography|trophy"
    r"|plegia|philia|uria|thritis|iasis|pnea|pnoea|rrhea|sclerosis)|disease|disorder|syndrome|deficiency|insufficiency|failure"
    r"|infections?|asthma|migraines?|obesity"
    r"|diabetes|depression|epilepsy|seizures|hypertension|stroke|pain|dystrophy|palsy|insomnia|eczema|acne|alopecia(?:\sareata)?|lupus"
    r"|gout|measles|malaria|influenza"
    r"|COVID-19|HIV|menopause|amyloidosis|angioedema|degeneration))(?![\w-])"
)
_SERIES = 3
_SAME_SITE = lazy(r"\b(?:peritoneal|fallopian)\b", re.IGNORECASE)
_COMMA = lazy(r"(?:\s\([^()]{1,12}\))?,\s")
_AND = lazy(r"(?:\s\([^()]{1,12}\))?,?\sand\s")
_NO_DISEASE = lazy(
    r"^(?:(?:the|that|this|such|these|their|its|advanced|early|late|relapsed|refractory|recurrent|metastatic|progressive|active|severe|resistant"
    r"|measurable|residual|(?:previously\s|un)?-?(?:pre)?treated"
    r"|[A-Za-z0-9/-]+[- ](?:mutated|mutant|positive|negative|low|high|expressing|amplified"
    r"|rearranged|altered|driven|na[iï]ve|refractory|resistant|stage)|[A-Z][A-Z0-9]+\s[A-Z]\d+[A-Z]|or|and|/)\s){1,5}(?:disease|tumou?rs?)$"
    r"|^(?:infants|children|adults|women|men|patients|people|adolescents|participants)\b"
    r"|^(?:multiple|several|many|various|other|certain|more|different|all)\s(?:solid\s)?(?:cancer|tumou?r)s?$"
    r"|^(?:following|after|prior\sto|as|with|plus|before|(?:a\s)?history\sof)\b"
    r"|^(?:the\s)?(?:disease|condition|cancers?|tumou?rs?|indications?|patients|use|mutations?|no\sother\s\w+)$"
    r"|^(?:the\s)?same\s(?:\w+\s?){1,3}$|\b(?:options?|alternatives?"
    r"|designations?|approvals?|reviews?"
    r"|applications?|authori[sz]ation)\b",
    re.IGNORECASE,
)
"""What points back to a disease, or names none at all."""


Use = tuple[Span, Indication | None]
"""A stretch, and the indication it tells."""


_KIND = (
    r"(?:drug|pill|treatment|therapy|medicine|medication|injection|shot|jab|vaccine|antibody|candidate|combo|combination|cream|infusion|tablet|regimen"
    r"|biosimilar|blockbuster|ADC|CAR-T|inhibitor)"
)
_OF_KIND = lazy(rf"\s(?:(?:[\w-]+\s){{0,2}}?{_KIND},?\s(?:called\s|known\sas\s|[A-Z][a-z]+\s\()?)")
_KNOWN_SHORT = lazy(
    rf"(?P<name>\b(?:(?:Alzheimer|Parkinson|Crohn|Huntington)[’']s|obesity|psoriasis|migraine|asthma|eczema|schizophrenia|depression|hemophilia"
    rf"|haemophilia|diabetes|gout|lupus|insomnia|epilepsy|osteoporosis|endometriosis))(?={_OF_KIND.pattern}$)"
)
ANY_CANCER = lazy(r"cancers?|tumou?rs?|malignanc(?:y|ies)|solid\stumou?rs?", re.IGNORECASE)
"""Diseases that headlines put before a medicine: "Lilly's Alzheimer's drug donanemab"."""


class Uses:
    """Finds the indications of each act."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._known: dict[Span, Indication | None] = {}

    def region(self, act: Act, regimen: Regimen | None, passive: bool, start: int, end: int) -> Span:
        """Where the indication stands: behind the regimen or the act, or between the two."""
        if act.form == "state" and self._told(*act.span):
            return act.span
        if regimen is None:
            return (act.span[1], end) if self._told(act.span[1], end) else (start, act.span[0])
        if not passive:
            after = max(act.span[1], regimen.span[1])
            return (after, end) if self._told(after, end) or regimen.span[1] > act.span[0] else (regimen.span[1], act.span[0])
        if self._told(act.span[1], end) and _TOLD_BEHIND.match(self.reading.text, act.span[1], end):
            return act.span[1], end
        return regimen.span[1], act.span[0]

    def read(self, start: int, end: int) -> Indication | None:
        """The indication told within a stretch, read once."""
        if (start, end) not in self._known:
            found = (read_indication(self.reading, start, end) or self._bare(start, end)) if start < end else None
            self._known[start, end] = None if found is None or _NO_DISEASE.search(found.condition or "") else found
        return self._known[start, end]

    def _bare(self, start: int, end: int) -> Indication | None:
        """A disease named with no more than a preposition: "for FL", "nod in breast cancer"."""
        named = self.reading.mentions.between(start, end, "condition")
        if not named and (match := _UNLISTED.search(self.reading.text, start, end)):
            span = match.span("name")
            return Indication(condition=" ".join(match["name"].split()), condition_span=span, spans=[("condition", span)])
        if not named or not _BEFORE_DISEASE.search(self.reading.text, max(start, named[0].start - 60), named[0].start):
            return None
        comma = self.reading.text.rfind(", ", start, named[0].start)
        return read_heading(self.reading, max(start, comma + 1), end)

    def before(self, at: int) -> Indication | None:
        """The disease that stands before an agent as a word for its kind: "its blood cancer drug norasib"."""
        low = max(0, at - 70)
        named = self.reading.mentions.between(low, at, "condition")
        if named and _OF_KIND.fullmatch(self.reading.text, named[-1].end, at) and not ANY_CANCER.fullmatch(named[-1].name):
            return read_heading(self.reading, named[-1].start, named[-1].end)
        match = _KNOWN_SHORT.search(self.reading.text[low:at])
        span = (low + match.start("name"), low + match.end("name")) if match else None
        return Indication(condition=match["name"], condition_span=span, spans=[("condition", span)]) if match and span else None

    def _told(self, start: int, end: int) -> bool:
        return self.read(start, end) is not None

    def spans(self, unit: int, region: Span) -> list[Span]:
        """One span an indication, where several are joined or listed."""
        listed = self.listed(unit)
        if listed:
            return listed
        cuts = [m.end() for m in (_ITEMS if _LIST_IN.search(self.reading.text, *region) else _SPLIT).finditer(self.reading.text, *region)]
        edges = [region[0], *(cut for cut in cuts if self._told(cut, region[1])), region[1]]
        return self._telling([(a, b) for a, b in pairwise(edges) if b > a]) or [region]

    def _telling(self, parts: list[Span]) -> list[Span]:
        """Parts that each tell an indication: what tells none ("as neoadjuvant treatment, followed by ...") opens the next."""
        found: list[Span] = []
        low: int | None = None
        for start, end in parts:
            low = start if low is None else low
            if self._told(low, end):
                found.append((low, end))
                low = None
        return found

    def listed(self, unit: int) -> list[Span]:
        """The items under "for the following indications:"."""
        units = self.reading.document.units
        if not _LIST_AHEAD.search(self.reading.text, *units[unit]):
            return []
        items = list(takewhile(lambda span: _BULLET.match(self.reading.text, *span), units[unit + 1 : unit + 12]))
        return [item for item in items if self._told(*item)]

    def told(self, unit: int, region: Span) -> list[Use]:
        """The indications with where they are told; one None where none is."""
        told = [one for span in self.spans(unit, region) for one in self._every(*span)] or [(region, None)]
        if not self.listed(unit):
            told[0] = ((region[0], told[0][0][1]), told[0][1])
        return told

    def _every(self, start: int, end: int) -> list[Use]:
        """Every indication of a stretch: its sentence may join several."""
        one = self.read(start, end)
        if one is None:
            return []
        several: list[Use] = [*read_indications(self.reading, start, end)]
        return several if len(several) > 1 else self._series(one) or [((start, end), one)]

    def _series(self, one: Indication) -> list[Use]:
        """The diseases of a series, each of which has its own name: "for CLL, mantle cell lymphoma and Waldenström macroglobulinemia"."""
        if one.condition_span is None or " and " not in self.reading.text[slice(*one.condition_span)]:
            return []
        low, high = one.condition_span
        named = [m for m in self.reading.mentions.between(low, high, "condition") if self.reading.text[m.start - 1] != "("]
        gaps = [self.reading.text[a.end : b.start] for a, b in pairwise(named)]
        if not gaps or not _AND.match(gaps[-1]) or not all(_COMMA.match(gap) for gap in gaps[:-1]):
            return []
        if len(named) < _SERIES and self._akin(named[0], named[-1]):
            return []
        joints = [_COMMA.match(gap) or _AND.match(gap) for gap in gaps]
        edges = [low, *(m.end + joint.end() for m, joint in zip(named, joints, strict=False) if joint), high]
        told: list[Use] = [((a, b), read_heading(self.reading, a, b)) for a, b in pairwise(edges)]
        return told if all(indication for _, indication in told) else []

    def _akin(self, a: Mention, b: Mention) -> bool:
        """Whether two diseases are of one kind, as what is approved for both names them: two lymphomas, a leukemia and a lymphoma."""
        heads = {"lymphoma" if word == "leukemia" else word for word in (self._head(a), self._head(b))}
        return len(heads) == 1 and (heads != {"cancer"} or _SAME_SITE.search(b.name) is not None)

    def _head(self, named: Mention) -> str:
        entry = self.reading.lexicon.conditions.find(named.name)
        word = (entry.label if entry else named.name).split()[-1].lower()
        return re.sub(r"^(?:adeno)?carcinoma$", "cancer", word.rstrip("s")).replace("aemia", "emia")

    def same(self, start: int, end: int) -> bool:
        """Whether a stretch refers to the use told before: "in the same setting"."""
        return _SAME_USE.search(self.reading.text, start, end) is not None


def disease_of(indication: Indication | None) -> Indication | None:
    """An indication's disease alone, as what is told later of the same regimen takes it over."""
    if indication is None:
        return None
    spans = [s for s in indication.spans if s[0] == "condition"]
    return Indication(condition=indication.condition, condition_span=indication.condition_span, spans=spans)
