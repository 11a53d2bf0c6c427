"""Which endpoint each figure of a unit belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kg_build.reading.context import Reading
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Quantity

TIMED = lazy(r"OS$|FS\d?$|DOR|DoCR|TT[A-Z]|surviv|duration|time|TNNT", re.IGNORECASE)
RESPONSE = lazy(
    r"ORR|^deaths$|cardiovasc|infarction|stroke|thromboembol|hospitali|CRR?\b|CRc|CRi|CRh|^PR|VGPR|pCR|M?MPR|MMR|DCR|CBR|MRD|^SD|^PD|respon|remission|rate|control|benefit|negativ|BOR|improvement"
    r"|resolution|cure|clearance|independence|resection|free(?:dom)?\b(?!.*surviv)|EASI|PASI|IGA|ACR|SVR|stable|progressive|alive|salvage"
    r"|reduction|incidence|recurrence|relapse\b(?!-)",
    re.IGNORECASE,
)
_COORDINATED = lazy(
    r"(?:\srates?)?(?:\s?[\[(][A-Za-z0-9-]{2,8}[\])])?,?\s?(?:and|or|&|,|/|as\swell\sas)\s?(?:the\s)?(?:median\s|estimated\s)?"
)
_LIST_GAP = lazy(r"[\s)\]]*(?:,\s?(?:and\s)?|and\s|&\s|/\s?)(?:a\s)?$")
_VERSUS = lazy(r"\b(?:vs\.?|v\.?|versus|compared|against|than)(?:\s|$)")
_ACHIEVED = lazy(
    r"[)\]]?(?:\s?[\[(][^()\[\]]{0,60}[\])])?"
    r"(?:\sof\s(?:the\s|all\s|these\s|evaluable\s|treated\s|response-evaluable\s|\d+\s){0,3}(?:patients|participants|subjects|responders|women"
    r"|men|adults|children|those|whom|them))?"
    r"(?:,?\srespectively,?)?(?:\s(?:who|also|had|were|have|and(?=\s(?:were|was|had)))){0,2}"
    r"(?:\s(?:achiev\w+|had|having|attain\w+|experienc\w+|reach\w+|show\w+|obtain\w+|were|was|are|remain\w*|demonstrat\w+|met|with|in|for))?"
    r"(?:\s(?:a|an|the|confirmed|best|still|median|estimated|in|terms|of|as|their|either)){0,4}\s$"
)
_BINDS = lazy(
    r"\bof\s[\w\s-]{2,40}(?:patients|participants|subjects|responders|women|men|adults|children|those|whom|them)\b"
    r"|\b(?:achiev|had|having|attain|experienc|reach|show|obtain|were|are|remain|demonstrat|met)|^\sfor\s(?:the\s)?$"
)
_TOGETHER = lazy(r"[\s)\]]*(?:and|vs\.?|v\.?|versus|against|compared\swith)\s")
_ADJECTIVE = lazy(r"[)\]]?(?:\s?[\[(][^()\[\]]{0,60}[\])])?\s(?:median\s|confirmed\s|overall\s|best\s|estimated\s)?$")
_COMPOSITE = lazy(r"progress|recurr|relaps|event|invasive|metastas|failure|worsening", re.IGNORECASE)
_DEATH = lazy(r"\b(?:death|dying|mortality)\b", re.IGNORECASE)
_RESPONSE_WORD = lazy(r"\b(?:for|of|in)\s(?:an?\s)?(?P<word>(?:objective\s|overall\s)?respon(?:se|ding))\b")
_OF_THEM = lazy(r"[^.;]{0,40}?\bof\s(?:the\s)?(?:patients|participants|those)\b")
_NEAR_AFTER = 90


@dataclass
class Segment:
    """One endpoint of a unit and the quantities it governs; `carried` where another sentence named the endpoint."""

    endpoint: Mention
    start: int
    figures: list[Quantity] = field(default_factory=list)
    carried: bool = False


_EVENT = lazy(
    r"\b(?:(?:(?:disease|tumou?r|local|distant)\s)?(?:recurrence|progression|relapse|metastas[ie]s|invasive\sdisease|treatment\sfailure)(?:,\s[a-z\s]{3,30})?,?\sor\sdeath|first\s)?(?:major\sadverse\scardiovascular\sevents?|(?:cardiovascular|cardiac|all-cause)\s(?:death|mortality)|myocardial\sinfarctions?"
    r"|heart\sattacks?|(?:ischa?emic\s)?strokes?|venous\sthromboembolism|(?:heart\sfailure\s)?hospitali[sz]ations?(?:\sfor\sheart\sfailure)?"
    r"|hospitali[sz]ation\sor\sdeath|kidney\sfailure|fractures?|exacerbations?|relapses?|deaths?|mortality|died\sor\s[a-z][a-z\s-]{3,40}?(?=\s(?:by|at|in|within|on|with|before)\b|[,.;(])|died(?!\s(?:of|from|due)\b(?!\sany)))\b",
    re.IGNORECASE,
)
_NO_EVENT = lazy(
    r"(?:related|adverse|toxic|from|safety|hazard\sratio\sfor|risk\sof|of)\s(?:the\s)?$"
    r"|\b(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)\s(?:(?:patients?|pts|people|participants?|women|men|of\s(?:whom|them))\s)?(?:had\s|have\s)?$",
    re.IGNORECASE,
)


def events(reading: Reading, unit: int, compared: bool) -> list[Mention]:
    """Events as endpoints, in a sentence that names no other: all where a ratio compares them, deaths alone elsewhere."""
    start, end = reading.document.units[unit]
    found = []
    for match in _EVENT.finditer(reading.text, start, end):
        deaths = re.match(r"(?:deaths?|died|mortality)\b", match[0], re.IGNORECASE) is not None
        if (compared or deaths) and not _NO_EVENT.search(reading.text, max(start, match.start() - 30), match.start()):
            name = "deaths" if deaths and " " not in match[0] else re.sub(r"^first\s", "", match[0].lower())
            found.append(Mention(match.start(), match.end(), "endpoint", name))
    return found


def segments(reading: Reading, unit: int, quantities: list[Quantity], carried: Mention | None) -> list[Segment]:
    """The endpoints of a unit with what each governs."""
    start, end = reading.document.units[unit]
    named = reading.endpoints.between(start, end, "endpoint")
    if not named:
        told = events(reading, unit, any(q.kind == "ratio" for q in quantities))
        heads = [q for q in quantities if q.kind in ("ratio", "difference")]
        named = [m for m in told if not carried or not any(q.opens <= m.start < q.stop for q in heads)]
    chooser = _Chooser(reading, named, quantities, carried)
    found: list[Segment] = []
    for quantity, chosen in chooser.chosen():
        if not found or found[-1].endpoint is not chosen:
            at = chosen.start if start <= chosen.start < quantity.span[0] else start
            found.append(Segment(chosen, at, carried=chosen is carried))
        found[-1].figures.append(quantity)
    return found


def _worded(match: re.Match[str], offset: int, name: str) -> Mention:
    """An endpoint told by a word of a stretch that begins at an offset."""
    return Mention(offset + match.start(), offset + match.end(), "endpoint", name)


class _Chooser:
    """Chooses the endpoint of each figure of one unit."""

    def __init__(self, reading: Reading, named: list[Mention], quantities: list[Quantity], carried: Mention | None) -> None:
        self.reading, self.quantities, self.carried = reading, quantities, carried
        heads = [q for q in quantities if q.kind in ("ratio", "difference")]
        self.named = [m for m in named if not any(q.opens <= m.start < q.span[0] for q in heads)]
        self.own = {id(q): [m for m in named if q.opens <= m.start < q.span[0]] for q in heads}

    def chosen(self) -> Iterator[tuple[Quantity, Mention]]:
        """Each figure with its endpoint; figures of none are left out."""
        current: Mention | None = None
        listed = self._listed()
        for i, quantity in enumerate(self.quantities):
            mention = listed.get(i) or self._one(i, quantity, current)
            if mention is not None:
                current = mention
                yield quantity, mention

    def _one(self, i: int, quantity: Quantity, current: Mention | None) -> Mention | None:
        if quantity.kind in ("ratio", "difference") and (own := self._told_with(quantity, current)):
            return own
        before = [m for m in self.named if m.start < quantity.span[0]]
        if quantity.kind == "ratio" and (bound := self._bound_for(quantity)):
            return bound
        if quantity.kind not in ("ratio", "difference", "p") and (bound := self._bound(quantity) or self._bound_together(i)):
            return bound
        if quantity.kind == "p" and current is not None and not [m for m in before if m.start > self._last_figure(i)]:
            return current
        last = self._of_kind(quantity, before)
        return last or self._following(quantity) or self._fitting(quantity, self.carried)

    def _last_figure(self, i: int) -> int:
        return self.quantities[i - 1].span[0] if i else 0

    def _of_kind(self, quantity: Quantity, before: list[Mention]) -> Mention | None:
        """The last endpoint named before a figure; a time is not that of a response, where a duration was named, too."""
        timed = quantity.kind == "time" or quantity.label == "hazard-ratio"
        if timed and before and not fits_time(before[-1]):
            return next((m for m in reversed(before) if fits_time(m)), None)
        return before[-1] if before else None

    def _fitting(self, quantity: Quantity, carried: Mention | None) -> Mention | None:
        """The endpoint of the sentence before, unless a hazard ratio or a time cannot be its."""
        timed = quantity.kind == "time" or quantity.label == "hazard-ratio"
        return None if timed and carried and not fits_time(carried) else carried

    def _told_with(self, quantity: Quantity, current: Mention | None) -> Mention | None:
        """The endpoint in the words of a ratio itself: "HR for OS", "hazard ratio for disease progression or death"."""
        own = self.own.get(id(quantity)) or []
        words = self.reading.text[quantity.opens : quantity.span[0]]
        if own and not _DEATH.fullmatch(self.reading.text[own[-1].start : own[-1].end]):
            last = own[-1]
            return replace(last, name=current.name) if current and _same_event(last.name, current.name) else last
        death = _DEATH.search(words)
        if death is None:
            responded = _RESPONSE_WORD.search(words)
            return _worded(responded, quantity.opens, "ORR") if responded and not own else None
        if composite := _COMPOSITE.search(words):
            at = quantity.opens + composite.start()
            known = current or self.carried or self.named
            return None if known else Mention(at, quantity.opens + death.end(), "endpoint", "PFS")
        if current and current.name in ("OS", "deaths"):
            return current
        return _worded(death, quantity.opens, "OS")

    def _bound_for(self, quantity: Quantity) -> Mention | None:
        """The endpoint right behind a ratio: "1.14 for the AUC"."""
        after = next((m for m in self.named if m.start >= quantity.span[1]), None)
        return after if after and re.fullmatch(r"\sfor\s(?:the\s)?", self.reading.text[quantity.span[1] : after.start]) else None

    def _bound_together(self, i: int) -> Mention | None:
        """The endpoint that the figure this one is compared with is bound to: "38% and 28% of patients were alive"."""
        if i + 1 >= len(self.quantities) or self.quantities[i].kind != self.quantities[i + 1].kind:
            return None
        gap = self.reading.text[self.quantities[i].stop : self.quantities[i + 1].opens]
        return self._bound(self.quantities[i + 1]) if _TOGETHER.fullmatch(gap) else None

    def _bound(self, quantity: Quantity) -> Mention | None:
        """The endpoint that a figure is bound to though it follows: "a 20% complete response rate", "63% achieved a response"."""
        after = next((m for m in self.named if m.start >= quantity.stop), None)
        if after is None or after.start - quantity.stop > 110:
            return None
        gap = self.reading.text[quantity.stop : after.start]
        if quantity.kind == "time":
            return after if re.fullmatch(r"\s(?:median\s|of\s(?:median\s)?|for\s(?:the\s)?)", gap) and TIMED.search(after.name) else None
        if gap.strip() and not _ADJECTIVE.fullmatch(gap) and not _BINDS.search(gap):
            return None
        return after if _ADJECTIVE.fullmatch(gap) or _ACHIEVED.fullmatch(gap) else None

    def _following(self, quantity: Quantity) -> Mention | None:
        """The endpoint told after its figure, where none was named before."""
        after = [m for m in self.named if 0 <= m.start - quantity.stop <= self._reach(quantity)]
        if after and after[0].name == "deaths" and re.search(r",\sand\s\d|;", self.reading.text[quantity.stop : after[0].start]):
            return None
        return after[0] if after and quantity.kind != "p" else None

    def _reach(self, quantity: Quantity) -> int:
        """How far behind its figures an endpoint may be told: farther behind "of patients given X, Y and Z, respectively, were"."""
        return 2 * _NEAR_AFTER if _OF_THEM.match(self.reading.text, quantity.stop) else _NEAR_AFTER

    # ---- lists of endpoints --------------------------------------------------------------------------------------------------

    def _runs(self) -> Iterator[list[Mention]]:
        """Endpoints that are told in one breath: "median PFS and OS"."""
        run: list[Mention] = []
        for mention in self.named:
            if run and not _COORDINATED.fullmatch(self.reading.text, run[-1].end, mention.start):
                yield run
                run = []
            run.append(mention)
        yield run

    def _listed(self) -> dict[int, Mention]:
        """Figure number -> endpoint, where a list of endpoints meets a list of figures: "PFS and OS were 4 and 12 months"."""
        found: dict[int, Mention] = {}
        for run in self._runs():
            if len(run) > 1:
                limit = next((m.start for m in self.named if m.start >= run[-1].end), len(self.reading.text))
                rows = [
                    i
                    for i, q in enumerate(self.quantities)
                    if run[-1].end <= q.span[0] < limit and q.kind in ("time", "percent", "missing")
                ]
                found |= self._matched(run, rows)
                ratios = [
                    i for i, q in enumerate(self.quantities) if run[0].start > q.opens and run[-1].end <= q.span[0] and q.kind == "ratio"
                ]
                found |= self._matched(run, ratios)
        return found | self._headed()

    def _headed(self) -> dict[int, Mention]:
        """Ratios listed under one header with as many endpoints in it: "HRs for PFS and OS were 0.6 and 0.7"."""
        for i, quantity in enumerate(self.quantities):
            own = self.own.get(id(quantity)) or []
            follow = [k for k in range(i, min(i + len(own), len(self.quantities))) if self.quantities[k].kind == "ratio"]
            if len(own) > 1 and len(follow) == len(own) and "and" in self.reading.text[own[0].end : own[-1].start]:
                return dict(zip(follow, own, strict=True))
        return {}

    def _tested_after(self, rows: list[int], size: int) -> bool:
        """Whether a comparison stands behind the figures of each endpoint and not within them: "67% and 75% (P = .3), and 72% and 82%"."""
        within = any(b - a > 1 for a, b in pairwise(rows[:size]))
        return not within and self.quantities[rows[size - 1] + 1].kind in ("p", "ratio", "difference")

    def _matched(self, run: list[Mention], rows: list[int]) -> dict[int, Mention]:
        if len(rows) < 2 or len(rows) % len(run):
            return {}
        gap = self.reading.text[self.quantities[rows[0]].stop : self.quantities[rows[1]].opens]
        size = len(rows) // len(run)
        if _VERSUS.search(gap) or (size > 1 and self._tested_after(rows, size)):
            return {i: run[k // size] for k, i in enumerate(rows)} if size > 1 else {}
        return {i: run[k % len(run)] for k, i in enumerate(rows)} if _LIST_GAP.search(gap) else {}


def fits_time(mention: Mention) -> bool:
    """Whether an endpoint is one that times and hazard ratios are of."""
    timed = TIMED.search(mention.name) or _EVENT.search(mention.name) or "free" in mention.name
    return bool(timed) or RESPONSE.search(mention.name) is None


def _same_event(told: str, current: str) -> bool:
    """Whether "progression or death" is the event of the endpoint that is spoken of: rPFS, EFS and DFS are kinds of it."""
    return told == "PFS" and current.endswith("FS") and current != told
