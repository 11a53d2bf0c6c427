"""What an act is about: the regimen named beside it, or the one that "it", "the drug" or mere context means."""

from __future__ import annotations

import re
from dataclasses import replace

from kg_build.reading.context import Reading
from kg_build.reading.frames.acts import Act, about_device
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import Regimen, regimens

_PASSIVE_ACT = lazy(r"(?:(?:is|are|was|were|also|now|remains?|currently|under|in|undergoing)\s|accepted\sfor)", re.IGNORECASE)
_FILE_FIRST = lazy(r"(?:s?(?:NDA|BLA)|MAA|applications?|submissions?|dossier|filing|supplement)s?\b", re.IGNORECASE)
_BE = lazy(
    r"\b(?:was|were|is|are|been|be|being|becomes?|became|remains?|gets?|got)\s(?:\w+\s){0,3}$|\bha(?:s|d|ve)\s(?:also\s|now\s)?$"
    r"|[,(]\s?(?:first\s|already\s|also\s|previously\s)?$"
)
_GAP_STOPS = lazy(
    r"\bfor\s(?:the\s)?(?:[\w-]{1,24}\s){0,2}treatment\b|\b(?:patients|adults|people|children|women"
    r"|men)\s(?:[\w-]{1,24}\s){0,4}with\b|\b(?:based\son|supported\sby|after|following|because|while|whose|who|against|over|versus"
    r"|rival|maker)\b"
    r"|(?<!\b[A-Z])(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\bCorp)[.;]\s|\b(?:rests?|rested|relied|relies|comes?|came)\s(?:on|from)\b"
    r"|\bwhich\s(?:randomi|enrol|compar|test)"
)
_COMBINED = lazy(
    r"\b(?:in\scombination\swith|combined\swith|together\swith|(?<=given\s)with|(?<=used\s)with|given\swith|used\swith|taken\swith"
    r"|added\sto|on\stop\sof"
    r"|alongside|along\swith|plus|(?<=,\s)with(?!\sor\swithout)|(?<=approved\s)with|(?<=cleared\s)with|(?<=authorized\s)with|(?<=authorised\s)with|(?<=approval\s)with"
    r"|(?<=\bit\s)with|(?<=\bthem\s)with|(?<=for\suse\s)with|(?<=paired\s)with)\s(?:the\s)?(?=\S)"
)
_OPENING = lazy(r"(?:[^.;:]{0,60}:\s?|\s?(?:[•▪◦*–-]\s)?)with\s(?=\S)")
_PARTNER_NEXT = lazy(r"\b(?:in\scombination\swith|combined\swith|together\swith|alongside)\s(?:the\s)?$|,\swith\s$")
_PRIOR_CUE = lazy(
    r"\b(?:ineligible|eligible|unsuitable|intolerant|contraindicat\w+|unable|candidates?|prior|previous(?:ly)?|received"
    r"|treated|progress\w+|after|following|refractory|failed|versus|vs|compared|than)\b"
)
_THING = (
    r"(?:agents?|drugs?|combinations?|regimens?|therap(?:y|ies)|treatments?|medicines?|medications?|products?|antibody|antibodies"
    r"|pills?|tablets?|capsules?|injections?|shots?|infusions?"
    r"|indications?|applications?|triplet|doublet|quadruplet|duo|pair|conjugate|ADC|bispecific|inhibitors?|blockers?|CAR-?T|sBLAs?"
    r"|sNDAs?|BLAs?|NDAs?|MAAs?|filings?"
    r"|submissions?|dossiers?|compound|molecule|asset|candidate|brand|uses?|label|company|companies|drugmaker|firm|sponsor|maker"
    r"|manufacturer|group|biotech|pharma|first|latter|former"
    r"|degraders?|antagonists?|agonists?|modulators?|SERD|TKI|PROTAC|siRNA|oligonucleotide|peptide|hormone|steroid|enzyme|statin|insulin|chemo"
    r"|approach|cocktail|immunotherapy|chemotherapy|radiotherapeutic|radioligand|vaccine|gel|cream|other\stwo|approval|authori[sz]ation"
    r"|licen[cs]e|population)"
)
PRONOUN = lazy(
    rf"\b(?:it|its|them|they|their|both|this|the\s(?:[\w/+-]+\s){{0,3}}?{_THING}|(?:that|same|this|these)\s(?:[\w-]+\s)?{_THING})\b",
    re.IGNORECASE,
)
_OF_TOPIC = lazy(
    r"\s?(?:$|[,.;:)(—–-]|(?:it|them|its|this|that|these|those|in|on|last|earlier|by|under|and|but|today|yesterday|through|based|after"
    r"|following|because|once|at|when|against|from|only|first"
    r"|already|almost|nearly|just|over|without|despite|with|as|alone|too|also|again|until|while|since|or|monotherapy|[A-Z]\w+day"
    r"|\w+\s(?:years?|months?|weeks?|days?)\s(?:ago|earlier|later|before))\b"
    rf"|(?:to|for|of)\s(?:it\b|them\b|this\b|(?:the|its|use|adults|patients|people|women|men|children|those)\b|[\w-]+\s(?:cancer"
    rf"|disease))|(?:the|its|both|an?|their|[A-Z][\w.&-]+(?:\s[A-Z][\w.&-]+)?[’']s?)\s(?:[\w/+-]+\s){{0,4}}?{_THING}\b)"
)
_TO_THIS = lazy(
    r"\s(?:to|for|of|in)\s(?:this|the|that|these)\s(?:same\s)?(?:indications?|uses?|combination|drug|medicine|regimen|population)\b"
)
_ANOTHER = lazy(
    r"\s?(?:to|for|of|on)?\s?(?:an?|another|other|rival|several|two|three|four|more|many|some|any|\d+|most)\s(?!second\b"
    r"|new\sindication|treatment\sfor|monotherapy|single|first-line|later|type\b)",
    re.IGNORECASE,
)
_BEFORE_LAST = (
    "under-review", "submitted", "priority-review", "designation", "withdrawn", "complete-response", "rejected", "label-expansion",
    "positive-opinion",
    "negative-opinion", "accelerated-approval", "conditional-approval", "label-update", "label-restriction", "emergency-authorization",
    "advisory-vote",
    "recommended", "not-recommended", "safety-communication",
)  # fmt: skip
_PART_OF = lazy(r"(?:[- ](?:based|containing))?\s(?:combination|regimen|triplet|doublet|quadruplet|one|version|pairing|arm|cocktail)\b")
_AS_PARTNER = lazy(
    rf"\b(?:it|(?:the|that|this|second|other|same)\s(?:[\w-]+\s){{0,2}}{_THING})\b[^.;]{{0,50}}?,?\s(?:with|plus|alongside"
    rf"|in\scombination\swith)\s(?:the\s)?$",
    re.IGNORECASE,
)
_OTHERS_SUBJECT = lazy(
    r"\b(?:two|three|four|five|six|several|many|other|\d+)\s(?:other\s|more\s)?(?:products|drugs|medicines|applications|therapies"
    r"|companies|treatments|agents)\b",
    re.IGNORECASE,
)
_NAMED_SUBJECT = lazy(
    r"(?<![\w’-])(?P<name>(?!(?:It|They|This|That|These|Both|The|First|Also|Already|Now|When|And|But|Following|After|Since|Upon|Despite"
    r"|With|Before|Until|Regulatory|Marketing|Conditional|Accelerated|Full)\b)[A-Z][a-z]{3,})\s(?:(?:was|were"
    r"|is|has|had|have|been|also|first|since|then)\s){0,4}$"
)
_QUALIFIES = lazy(
    r"(?:\s?\([^()]{1,12}\))?[-\s](?:unresponsive|refractory|resistant|na[iï]ve|exposed|ineligible|intolerant|pretreated|experienced"
    r"|sensitive)\b"
)
"""What makes an agent a word for patients: "BCG-unresponsive"."""
_REACH = 150


class Subjects:
    """Finds the regimen of each act."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def groups(self, start: int, end: int) -> list[Regimen]:
        """Regimens within [start, end) that name an agent, not only classes."""
        found = [_without_placebo(g) for g in regimens(self.reading, start, end) if self.reading.mentions.between(*g.span, "agent")]
        return [self._named(g) for g in found if not _QUALIFIES.match(self.reading.text, g.span[1], end)]

    def _named(self, group: Regimen) -> Regimen:
        """A regimen without the class that only says what its agent is: "a CAR T-cell therapy, X"."""
        first, last = group.spans[0], group.spans[-1]
        if len(group.names) != 2 or self.reading.mentions.covering(first[0], "agent") or self.reading.text[first[1] : last[0]] != ", ":
            return group
        return Regimen(last, group.names[1:], group.spans[1:], group.optional, group.either)

    def of_act(self, act: Act, start: int, end: int, by: bool) -> tuple[Regimen | None, bool]:
        """The regimen that an act is about, and whether it stands before it ("X was approved")."""
        text, groups = self.reading.text, self.groups(start, end)
        behind = text[act.span[1] : act.span[1] + 40]
        after = next((g for g in groups if g.span[0] >= act.span[1] and self._reaches(act.span[1], g.span[0])), None)
        inside = next((g for g in groups if act.span[0] <= g.span[0] < act.span[1]), None)
        before = [g for g in groups if g.span[1] <= act.span[0]]
        if inside is not None and (act.form == "state" or not re.match(r"[^.;]{0,60}\b(?:of|for|to)\s", behind)):
            return inside, False
        if re.match(r"\s(?:it|them)\b", behind):
            return None, False
        if re.match(r"\s(?:in\scombination\s|for\suse\s|to\sbe\s\w+\s)?with\s", behind):
            after = None
        by = by and not (act.form == "noun" and self._takes(act))
        if after is not None and _PARTNER_NEXT.search(text, act.span[1], after.span[0]):
            after = None
        if before and (by or self._passive(act, start) or (act.form == "noun" and after is None)):
            return self._nearest(before), True
        if by:
            return (after if re.match(r"\sby\b", behind) and act.form == "noun" else None), True
        if after is None and before and (act.status in _BEFORE_LAST or _OF_TOPIC.match(behind)):
            return self._nearest(before), True
        return after, False

    def _passive(self, act: Act, start: int) -> bool:
        """Whether the subject of the words is the regimen: "X was approved", "X is under review", "X's approval"."""
        text = self.reading.text
        before, words = text[max(start, act.span[0] - 40) : act.span[0]], text[act.span[0] : act.span[1]]
        if act.form == "noun":
            return re.search(r"[’']s?\s(?:\w+\s){0,3}$", before) is not None and not self._takes(act)
        return act.form == "state" or bool(_PASSIVE_ACT.match(words) or _FILE_FIRST.match(words) or _BE.search(before))

    def _takes(self, act: Act) -> bool:
        return re.match(r"\s(?:\([\w/ -]+\)\s)?(?:of|for|to|on)\s", self.reading.text[act.span[1] : act.span[1] + 20]) is not None

    def _reaches(self, start: int, end: int) -> bool:
        gap = self.reading.text[start:end]
        return len(gap) <= _REACH and not _GAP_STOPS.search(gap) and not about_device(gap, 0, len(gap))

    def _nearest(self, before: list[Regimen]) -> Regimen:
        """Of the regimens before a passive act the nearest one that no indication swallowed."""
        for group in reversed(before):
            lead = self.reading.text[max(0, group.span[0] - 110) : group.span[0]].rpartition(". ")[2]
            if not lead.endswith("followed by ") and not _PRIOR_CUE.search(lead) and not re.search(r"\bbased\son\b|\bversus\b", lead):
                return group
        return before[0]

    def speaks_of_topic(self, act: Act, start: int, end: int) -> bool:
        """Whether an act without a regimen of its own is told of what was spoken of before."""
        text = self.reading.text
        behind = text[act.span[1] : min(end, act.span[1] + 60)]
        if about_device(text, act.span[0], min(end, act.span[1] + 60)) and not (
            PRONOUN.search(text, start, act.span[0]) or _TO_THIS.match(behind)
        ):
            return False
        if self._unknown_subject(act, start):
            return False
        if PRONOUN.search(text, *act.span):
            return True
        if act.form in ("noun", "state") or self._passive(act, start):
            return not re.match(r"\s(?:of|for|to)\s", behind) or _OF_TOPIC.match(behind) is not None or not _ANOTHER.match(behind)
        return _OF_TOPIC.match(behind) is not None

    def _unknown_subject(self, act: Act, start: int) -> bool:
        """Whether a name that nothing knows stands where the subject of "approved by" does: another product's."""
        if act.status == "submitted" or act.form != "deed":
            return act.form == "state" and _OTHERS_SUBJECT.search(self.reading.text, start, act.span[0]) is not None
        if _OTHERS_SUBJECT.search(self.reading.text, max(start, act.span[0] - 60), act.span[1]):
            return True
        subject = _NAMED_SUBJECT.search(self.reading.text, max(start, act.span[0] - 60), act.span[0])
        if subject is None or not re.match(r"\s(?:by|for|in)\b", self.reading.text[act.span[1] : act.span[1] + 6]):
            return False
        mentions = self.reading.mentions
        return not any(
            mentions.covering(subject.start("name"), kind) for kind in ("organization", "regulator", "jurisdiction", "trial", "body")
        )

    def partners(self, origin: int, end: int) -> tuple[Regimen, ...]:
        """Partners told behind the indication: "approved X for Y in combination with Z"."""
        opening = _OPENING.match(self.reading.text, origin, end)
        for match in (*([opening] if opening else []), *_COMBINED.finditer(self.reading.text, origin, end)):
            before = self.reading.text[max(origin, match.start() - 60) : match.start()]
            if _PRIOR_CUE.search(before) and not before.endswith(", "):
                continue
            found = regimens(self.reading, match.end(), min(end, match.end() + 200))
            if found and found[0].span[0] - match.end() < 30:
                return (found[0],)
        return ()

    def widened(self, regimen: Regimen, known: list[Regimen], start: int, end: int) -> Regimen:
        """The whole regimen that a part of it means: "the bortezomib combination", "the second regimen, with pomalidomide"."""
        text, names = self.reading.text, set(regimen.names)
        wider = [k for k in known if names < set(k.names)]
        if wider and _PART_OF.match(text, regimen.span[1], end):
            return Regimen(regimen.span, wider[-1].names, wider[-1].spans, wider[-1].optional, wider[-1].either)
        before = text[max(start, regimen.span[0] - 90) : regimen.span[0]]
        if known and names.isdisjoint(known[-1].names[:1]) and (_AS_PARTNER.search(before) or _PART_OF.match(text, regimen.span[1], end)):
            return replace(together(lead(known[-1]), (regimen,)), span=regimen.span)
        return regimen


def _without_placebo(regimen: Regimen) -> Regimen:
    """A regimen without the placebo of its trial: no decision is on that."""
    kept = [(n, s) for n, s in zip(regimen.names, regimen.spans, strict=True) if n != "placebo"]
    if not kept or len(kept) == len(regimen.names):
        return regimen
    names, spans = zip(*kept, strict=True)
    either = tuple(n for n in regimen.either if n != "placebo")
    return Regimen(regimen.span, names, spans, regimen.optional, either if len(either) > 1 else ())


def lead(regimen: Regimen) -> Regimen:
    """What "it" is in "approved it in combination with ...": the first agent of what was spoken of."""
    return Regimen(regimen.spans[0], regimen.names[:1], regimen.spans[:1])


def together(regimen: Regimen, more: tuple[Regimen, ...]) -> Regimen:
    """A regimen with its partners told elsewhere."""
    names = dict(zip(regimen.names, regimen.spans, strict=True))
    for partner in more:
        names |= {n: s for n, s in zip(partner.names, partner.spans, strict=True) if n not in names}
    return Regimen(regimen.span, tuple(names), tuple(names.values()), regimen.optional, regimen.either)
