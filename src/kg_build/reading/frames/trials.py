"""Trials: what the text says of each study: ids, phase, design, size, people, endpoints, arms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg_build.facts import Arm, Evidence, Trial
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse
from kg_build.reading.document import Span
from kg_build.reading.frames.circumstances import ASSESSED, assessor
from kg_build.reading.frames.eligibility import criteria, who_entered
from kg_build.reading.indications import Indication
from kg_build.reading.patterns import lazy
from kg_build.reading.study import Study, window

_PHASE = lazy(r"\b[Pp]hase\s?(?P<phase>(?:\d|I{1,3}V?|IV)[abAB]?(?:\s?[/–-]\s?(?:\d|I{1,3})[abAB]?)?)\b")
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_DESIGN = lazy(
    r"\b(?:open[- ]label|(?:double|single|triple)[- ]blind(?:ed)?|observer-blind|single[- ]arm|multi-?cent(?:er|re)"
    r"|single-cent(?:er|re)|placebo-controlled|active-controlled|(?:randomi[sz]ed[- ])?controlled"
    r"|multicohort|multi-cohort|(?<!non-)randomi[sz]ed|non-?randomi[sz]ed|global|international|multinational"
    r"|multiregional|real-world\sstudy|real-world|observational|retrospective|prospective|crossover|dose-escalation"
    r"|two-part|parallel[- ]group"
    r"|basket|platform|umbrella|two-arm|three-arm|(?:non-?inferiority|superiority)(?=\s(?:trial|study|design|phase)|,)|two-stage|(?:2\s?[x×]\s?2\s)?factorial"
    r"|sponsor-blinded|(?:assessor|investigator)-blinded|sham-controlled|dose-ranging|dose-finding|domestic)\b",
    re.IGNORECASE,
)
_DESCRIBES = lazy(r"\b(?:trials?|stud(?:y|ies)|randomi[sz]ed|randomly|enrolled|assigned)\b", re.IGNORECASE)
_RATIO = lazy(
    r"\b(?:random(?:ly|i[sz]ed|i[sz]ation)|assigned)\b[^.;]{0,40}?\b(?P<ratio>\d(?:\s?:\s?\d){1,3}|\d-to-\d)\b"
    r"|\b(?P<ratio2>\d:\d(?::\d)?)\s(?:random|ratio)",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?<![\d/.,–-])(?P<n>\d{1,3}(?:,\d{3})+|\d{2,5})"
    r"(?!\s?(?:mg|mL|%|months?|weeks?|years?|days?|cent(?:er|re)s|sites|countries|hospitals|of)\b)"
)
_WHO = r"(?:patients|participants|adults|subjects|people|women|men|individuals|children|infants|adolescents|volunteers)\b"
_SOME = rf"{_NUMBER}\s(?:(?!patients|participants|\d)[\w/-]{{1,24}},?\s){{0,6}}?{_WHO}"
_TOTAL = r"(?:a\stotal\sof\s|approximately\s|around\s|about\s|nearly\s|some\s|more\sthan\s|over\s)?"
_TAKEN_IN = r"(?:randomi[sz]ed|randomly|enrolled|assigned|allocated|treated|included|recruited|given|entered)\b"
_ENROLLED = tuple(
    lazy(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:enrolled|randomi[sz]ed|included|involved|recruited|treated|evaluated|enrolling|evaluated\sin|assigned|put"
        rf"|randomly\sassigned|enrol?l?ment\sof)\s{_TOTAL}{_SOME}",
        rf"\b(?:trial|study)\b[^.;]{{0,100}}?\b(?:in|of|among|with|involving)\s{_TOTAL}{_SOME}",
        rf"\b{_SOME}[^.;]{{0,160}}?\b(?:were|was|underwent)\s(?:then\s|all\s|subsequently\s)?{_TAKEN_IN}",
        rf"\b{_SOME}[^;]{{0,420}}?\bwere,?\s(?:after\s[^.;]{{3,80}},\s)?randomi[sz]ed\b",
        rf"\b(?:in\swhich|where)\s{_TOTAL}{_SOME}",
        rf"\b{_SOME}\s(?:with\s[^.;,]{{3,60}}\s)?(?:received|got|took)\s(?:either|\w+\sor)\b",
        rf"\b{_NUMBER}-(?:patient|participant|person|subject|woman|man)\b",
        rf"\((?:[^()]{{0,60}}[,;]\s)?{_TOTAL}{_SOME}[^()]{{0,80}}\)",
        rf"\((?-i:N|total\sN|ITT,?\sN)\s?=\s?{_NUMBER}\)",
        rf"\b(?:entire|whole|overall|total|full)\s(?:\w+\s)?population\s\(n\s?=\s?{_NUMBER}",
        rf"\bamong\s(?:the\s|all\s)?{_SOME}",
        rf"\b{_SOME},\s(?:open|double|single|1:1|2:1|randomi[sz]ed)",
    )
)
_NAMED_SIZE = lazy(rf"\s?\((?:NCT\d+[;,]\s)?[nN]\s?=\s?{_NUMBER}")
_TWO_SIZES = lazy(
    rf"\b(?P<a>\d{{1,3}}(?:,\d{{3}})+|\d{{2,5}})\sand\s(?P<b>\d{{1,3}}(?:,\d{{3}})+|\d{{2,5}})\s(?:[\w-]{{1,24}}\s){{0,4}}?{_WHO}",
    re.IGNORECASE,
)
_SEVERAL = lazy(r"\b(?:two|three|four|both|these)\b[^.;]{0,80}\b(?:trials|studies)\b", re.IGNORECASE)
_FOLLOW_UP = lazy(
    r"\bmedian\s(?:duration\sof\s)?follow[- ]?up(?:\s(?:time|duration|period))?(?:\sfor\s\w+"
    r"|\sin\s[\w\s]{2,30}?)?(?:\s\([^()]{1,30}\))?(?:\sof|\swas|\sat|,|:|\stime"
    r"|\sof\sapproximately)+\s?(?P<months>\d{1,3}(?:[.·]\d+)?)\s?(?:months|mo\b)"
    r"|(?P<months2>\d{1,3}(?:[.·]\d+)?)[- ]months?(?:’|')?\s(?:of\s)?median\sfollow[- ]?up"
    r"|\b(?:median\sFU(?:\sof)?|(?:over|followed\s(?:up\s)?for)\sa\smedian\sof)\s(?P<months3>\d{1,3}(?:[.·]\d+)?)\s(?:months|mo\b)",
    re.IGNORECASE,
)
_COUNTRY = lazy(r"\b(?P<place>[A-Z][a-z]+)-based\b")
_ROLE_CUES = {
    "primary": lazy(
        r"\b(?:co-?)?(?:primary|major|main)\s(?:and\s\w+\ssecondary\s)?(?:efficacy\s|clinical\s)?(?:end\s?-?points?"
        r"|outcomes?(?:\smeasures?)?|efficacy\soutcomes?(?:\smeasures?)?)\b|\bdual\sprimary\b|(?<=\b[Tt]he\s)efficacy\send\s?-?points?\b",
        re.IGNORECASE,
    ),
    "secondary": lazy(
        r"\b(?:key\s)?(?:secondary|additional|other|further)\s(?:key\s)?(?:efficacy\s)?(?:end\s?-?points?"
        r"|outcomes?(?:\smeasures?)?)\b|(?<=\bwas\s)secondary\b|(?<=\bwere\s)secondary\b",
        re.IGNORECASE,
    ),
    "exploratory": lazy(r"\bexploratory\s(?:end\s?-?points?|outcomes?(?:\smeasures?)?)\b", re.IGNORECASE),
}
_AS = lazy(r"(?:\b(?:served\sas|were|was|are|is|included\sas|as)\s(?:the\s|an?\s)?|\w,\san?\s)(?:key\s)?$")
_DEFINED = lazy(r"\b(?:defined\sas|measured\s(?:by|as)|meaning|that\sis)\b")
_WORDED = lazy(
    r"\s(?:was|is|were)\s(?:the\s)?(?P<what>(?!met\b|reached\b|not\b|also\b|assessed\b|achieved\b)[a-z0-9][^.;:,()]{3,70}?)(?=\s(?:at|by|in|defined|assessed|among|from|after|for)\s|[.;:,(]|$)"
)
_QUALIFIER = lazy(
    r"\s(?P<words>(?:on|during)\s(?:the\s)?(?:[\w-]{1,24}\s){0,5}?(?:therapy|treatment|line))(?=\s?[,.;]|\sand\b"
    r"|\sserved|\swere|$)"
)


def read_trials(reading: Reading, discourse: Discourse) -> Iterator[Trial]:
    """Every study named in the text."""
    for study in discourse.studies:
        yield _Teller(reading, discourse, study).trial()


class _Teller:
    """Draws one study together from the windows around its name and the units that speak of it."""

    def __init__(self, reading: Reading, discourse: Discourse, study: Study) -> None:
        self.reading, self.discourse, self.study = reading, discourse, study
        self.evidence = [reading.evidence("name", study.places[0].span)] if study.places else []
        self.windows = [window(reading, place) for place in study.places]
        spans = reading.document.units
        self.units = [spans[u] for u in study.units]
        self.shared = _several_before(reading, study)
        self.printed: dict[str, str] = {}

    def trial(self) -> Trial:
        study, reading = self.study, self.reading
        self.evidence += [reading.evidence("registry_ids", m.span) for m in study.registry]
        if study.role_span:
            self.evidence.append(reading.evidence("role", study.role_span))
        people = self._people()
        endpoints, assessment = self._endpoints()
        enrollment = self._enrollment()
        inclusion, exclusion = criteria(self.reading, self.units)
        return Trial(
            name=study.name,
            registry_ids=tuple(m.name for m in study.registry),
            phase=self._phase(),
            design=self._design(),
            role=study.role,
            condition=self._condition(people),
            population=people.population if people else None,
            prior_lines_min=people.prior_lines_min if people else None,
            enrollment=enrollment,
            country=self._country(),
            arms=self._arms(enrollment),
            primary_endpoints=endpoints["primary"],
            primary_endpoint_assessment=assessment,
            secondary_endpoints=endpoints["secondary"],
            exploratory_endpoints=endpoints["exploratory"],
            median_follow_up_months=self._follow_up(),
            inclusion=inclusion,
            exclusion=exclusion,
            evidence=tuple(self.evidence),
            printed=self.printed,
            confidence=0.9 if study.registry or len(study.places) > 1 else 0.7,
        )

    # ---- what stands around the name ------------------------------------------------------------------------------------------

    def _phase(self) -> str | None:
        for low, high in [*self.windows, *self.units, *self.shared]:
            if match := _PHASE.search(self.reading.text, low, high):
                self.evidence.append(self.reading.evidence("phase", match.span()))
                parts = re.split(r"\s?[/–-]\s?", match["phase"])
                return "/".join(re.sub(r"^(IV|I{1,3})", lambda m: _ROMAN[m[0]], part) for part in parts)
        return None

    def _design(self) -> tuple[str, ...]:
        """Words of design near the name or in units that describe the study; "randomized 1:1" in one."""
        found: dict[str, Span] = {}
        for low, high in [
            *self.windows,
            *(u for u in self.units if self._alone(u) and _DESCRIBES.search(self.reading.text, *u)),
            *self.shared,
        ]:
            for match in _DESIGN.finditer(self.reading.text, low, high):
                found.setdefault(match[0].lower(), match.span())
        ratio = next((m for u in self.units if (m := _RATIO.search(self.reading.text, *u))), None)
        if ratio:
            found.pop("randomized", None)
            found.pop("randomised", None)
            group = "ratio" if ratio["ratio"] else "ratio2"
            found["randomized " + re.sub(r"\s|-to-", lambda m: ":" if "to" in m[0] else "", ratio[group])] = ratio.span(group)
        if "real-world study" in found:
            found.pop("real-world", None)
        self.evidence += [self.reading.evidence("design", span) for span in found.values()]
        return tuple(found)

    def _alone(self, span: Span) -> bool:
        return all(study is self.study for _, study in self.discourse.named_in(*span))

    def _country(self) -> str | None:
        for low, high in self.windows:
            if match := _COUNTRY.search(self.reading.text, low, high):
                return match["place"]
        return None

    # ---- whom ----------------------------------------------------------------------------------------------------------------

    def _people(self) -> Indication | None:
        found = who_entered(self.reading, self.units, self._alone)
        if found:
            told = [(slot, span) for slot, span in found.spans if slot in ("condition", "prior_lines_min")]
            self.evidence += [self.reading.evidence(slot, span) for slot, span in told]
            if found.prior_lines_printed:
                self.printed["prior_lines_min"] = found.prior_lines_printed
        return found

    def _condition(self, people: Indication | None) -> str | None:
        if people is None or people.condition is None:
            return None
        setting = (people.setting or "").split(";")[0]
        return (
            f"{setting} {people.condition}".strip()
            if setting and f"{setting} {people.condition}" in self.reading.text
            else people.condition
        )

    def _enrollment(self) -> int | None:
        for span in self._enrolled():
            self.evidence.append(self.reading.evidence("enrollment", span))
            printed = self.printed["enrollment"] = self.reading.text[span[0] : span[1]]
            return int(printed.replace(",", ""))
        return None

    def _enrolled(self) -> Iterator[Span]:
        """Where the size of the study may stand: beside its name, then in the sentences that speak of it alone."""
        text, arms = self.reading.text, {v.n.span for v in self.study.arms.views if v.n} if len(self.study.arms.views) > 1 else set()
        for place in self.study.places:
            if match := _NAMED_SIZE.match(text, place.end):
                yield match.span("n")
        for low, high in self.units:
            if (shared := self._shared_size(low, high)) is not None:
                yield shared
            for pattern in _ENROLLED if self._alone((low, high)) else ():
                match = pattern.search(text, low, high)
                if match and match.span("n") not in arms and not re.match(r"\s?[:/%]", text[match.end("n") : match.end("n") + 2]):
                    yield match.span("n")

    def _shared_size(self, low: int, high: int) -> Span | None:
        """The size of one of two studies: "A and B, in which 732 and 1,317 adults"."""
        named = list(dict.fromkeys(study.name for _, study in self.discourse.named_in(low, high)))
        match = _TWO_SIZES.search(self.reading.text, low, high) if len(named) == 2 and self.study.name in named else None
        return match.span("ab"[named.index(self.study.name)]) if match else None

    # ---- arms, time, endpoints -----------------------------------------------------------------------------------------------

    def _arms(self, enrollment: int | None) -> tuple[Arm, ...]:
        """The arms; the n of a single arm is the enrolment."""
        views = self.study.arms.views
        arms = []
        for view in views:
            n, evidence, printed = (view.n.value if view.n else None), list(view.evidence), {"n": view.n.printed} if view.n else {}
            if n is None and len(views) == 1 and self.study.single and enrollment is not None:
                n, printed = enrollment, {"n": self.printed["enrollment"]}
                evidence += [Evidence(slot="n", quote=e.quote, start=e.start, end=e.end) for e in self.evidence if e.slot == "enrollment"]
            called = next((" ".join(e.quote.split()) for e in evidence if e.slot == "regimen" and e.quote), None)
            arms.append(Arm(id=view.id, label=view.label or called, regimen=view.regimen, n=n, evidence=tuple(evidence), printed=printed))
        return tuple(arms)

    def _follow_up(self) -> float | None:
        for low, high in self.units:
            if match := _FOLLOW_UP.search(self.reading.text, low, high):
                group = next(name for name in ("months", "months2", "months3") if match[name])
                self.evidence.append(self.reading.evidence("median_follow_up_months", match.span(group)))
                self.printed["median_follow_up_months"] = match[group]
                return float(match[group].replace("·", "."))
        return None

    def _governed(self, cues: list[tuple[Span, str]], i: int, low: int, high: int) -> Span:
        """Where the endpoints of a role stand: behind its cue up to the next, or in front of "was the primary endpoint"."""
        (start, stop), _ = cues[i]
        if self._closes(low, start):
            return self._clause(cues[i - 1][0][1] if i else low, start), start
        if i + 1 == len(cues):
            return stop, high
        follower = cues[i + 1][0][0]
        return stop, self._clause(stop, follower) if self._closes(low, follower) else follower

    def _closes(self, low: int, start: int) -> bool:
        """Whether a role is told behind its endpoints."""
        return _AS.search(self.reading.text, max(low, start - 30), start) is not None

    def _clause(self, low: int, high: int) -> int:
        """Where the last clause before a place starts."""
        return max(low, self.reading.text.rfind("; ", low, high), self.reading.text.rfind(", and ", low, high))

    def _worded(self, role: str, start: int, end: int) -> list[tuple[str, Span]]:
        """A primary endpoint that no table knows, in the words that follow "was"."""
        match = _WORDED.match(self.reading.text, start, end) if role == "primary" else None
        return [(match["what"], match.span("what"))] if match else []

    def _endpoints(self) -> tuple[dict[str, tuple[str, ...]], str | None]:
        """Endpoints by role, and who assesses the primary one."""
        found: dict[str, list[str]] = {role: [] for role in _ROLE_CUES}
        assessment = None
        for low, high in self.units:
            cues = sorted((m.span(), role) for role, pattern in _ROLE_CUES.items() for m in pattern.finditer(self.reading.text, low, high))
            for i, (_, role) in enumerate(cues):
                span = self._governed(cues, i, low, high)
                defined = _DEFINED.search(self.reading.text, *span)
                listed = endpoint_list(self.reading, span[0], defined.start() if defined else span[1]) or self._worded(role, span[0], high)
                names = [name for name, _ in listed]
                found[role] += [name for name in names if name not in found[role]]
                self.evidence += [self.reading.evidence(f"{role}_endpoints", place) for _, place in listed]
                who = ASSESSED.search(self.reading.text, *span) if role == "primary" and names else None
                assessment = assessment or (assessor(who) if who else None)
        return {role: tuple(names) for role, names in found.items()}, assessment


def _several_before(reading: Reading, study: Study) -> list[Span]:
    """The sentence that introduces several studies at once, shortly before this one is named."""
    first = reading.document.unit_at(study.places[0].start) if study.places else 0
    return [span for span in reading.document.units[max(0, first - 3) : first] if _SEVERAL.search(reading.text, *span)]


def endpoint_list(reading: Reading, start: int, end: int) -> list[tuple[str, Span]]:
    """The endpoints listed within [start, end): one an item, with what qualifies it ("ORR on further therapy")."""
    named = reading.endpoints.between(start, end, "endpoint")
    found: list[tuple[str, Span]] = []
    for i, mention in enumerate(named):
        follower = named[i + 1] if i + 1 < len(named) else None
        if (
            follower
            and reading.depth(follower.start) > reading.depth(mention.start)
            and "," not in reading.text[mention.end : follower.start]
        ):
            continue
        qualifier = _QUALIFIER.match(reading.text, mention.end, end) if reading.depth(mention.start) == 0 else None
        name = f"{mention.name} {qualifier['words']}" if qualifier else mention.name
        if name not in [known for known, _ in found]:
            found.append((name, (mention.start, qualifier.end() if qualifier else mention.end)))
    return found
