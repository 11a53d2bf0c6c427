"""Trials: what the text says of each study: ids, phase, design, size, people, endpoints, arms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg_build.facts import Arm, Evidence, Trial
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse, Study, window
from kg_build.reading.document import Span
from kg_build.reading.frames.circumstances import ASSESSED, assessor
from kg_build.reading.indications import Indication, read_indication

_PHASE = re.compile(r"\b[Pp]hase\s?(?P<phase>(?:\d|I{1,3}V?|IV)[abAB]?(?:\s?[/-]\s?(?:\d|I{1,3})[abAB]?)?)\b")
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_DESIGN = re.compile(
    r"\b(?:open[- ]label|(?:double|single|triple)[- ]blind(?:ed)?|observer-blind|single[- ]arm|multi-?cent(?:er|re)"
    r"|single-cent(?:er|re)|placebo-controlled|active-controlled|(?:randomi[sz]ed[- ])?controlled"
    r"|multicohort|multi-cohort|(?<!non-)randomi[sz]ed|non-?randomi[sz]ed|global|international|multinational"
    r"|multiregional|real-world\sstudy|real-world|observational|retrospective|prospective|crossover|dose-escalation"
    r"|two-part|parallel[- ]group"
    r"|basket|platform|umbrella|two-arm|three-arm)\b",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(r"\b(?:trial|study|stud(?:y|ies)|randomi[sz]ed|randomly|enrolled|assigned)\b", re.IGNORECASE)
_RATIO = re.compile(
    r"\b(?:random(?:ly|i[sz]ed|i[sz]ation)|assigned)\b[^.;]{0,40}?\b(?P<ratio>\d(?:\s?:\s?\d){1,3}|\d-to-\d)\b"
    r"|\b(?P<ratio2>\d:\d(?::\d)?)\s(?:random|ratio)",
    re.IGNORECASE,
)
_NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})+|\d{2,5})"
_ENROLLED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:enrolled|randomi[sz]ed|included|involved|recruited|treated|evaluated|enrolling|evaluated\sin|assigned"
        rf"|randomly\sassigned)\s(?:a\stotal\sof\s|approximately\s)?{_NUMBER}\s(?:[\w-]{{1,24}}\s){{0,6}}?(?:patients"
        rf"|participants|adults|subjects|people|women|men|individuals)\b",
        rf"\b(?:trial|study)\b[^.;]{{0,100}}?\b(?:in|of|among"
        rf"|with)\s(?:a\stotal\sof\s)?{_NUMBER}\s(?:[\w-]{{1,24}}\s){{0,6}}?(?:patients|participants|adults|subjects|people"
        rf"|women|men|individuals)\b",
        rf"\b(?:a\stotal\sof\s)?{_NUMBER}\s(?:[\w-]{{1,24}}\s){{0,6}}?(?:patients|participants|adults|subjects|people|women"
        rf"|men)\s(?:[\w-]{{1,24}}\s){{0,6}}?(?:were|was|underwent)\s(?:[\w]+\s)?(?:randomi[sz]ed|randomly|enrolled"
        rf"|assigned|treated|included)\b",
        rf"\((?-i:N|total\sN|ITT,?\sN)\s?=\s?{_NUMBER}\)",
        rf"\bamong\s(?:the\s|all\s)?{_NUMBER}\s(?:[\w-]{{1,24}}\s){{0,4}}?(?:patients|participants|adults)\b",
    )
)
_FOLLOW_UP = re.compile(
    r"\bmedian\s(?:duration\sof\s)?follow[- ]?up(?:\s(?:time|duration|period))?(?:\sfor\s\w+"
    r"|\sin\s[\w\s]{2,30}?)?(?:\s\([^()]{1,30}\))?(?:\sof|\swas|\sat|,|:|\stime"
    r"|\sof\sapproximately)+\s?(?P<months>\d{1,3}(?:[.·]\d+)?)\s?(?:months|mo\b)"
    r"|(?P<months2>\d{1,3}(?:[.·]\d+)?)[- ]months?(?:’|')?\s(?:of\s)?median\sfollow-?up",
    re.IGNORECASE,
)
_COUNTRY = re.compile(r"\b(?P<place>[A-Z][a-z]+)-based\b")
_ROLE_CUES = {
    "primary": re.compile(
        r"\b(?:co-?)?(?:primary|major|main)\s(?:and\s\w+\ssecondary\s)?(?:efficacy\s)?(?:end\s?-?points?"
        r"|outcomes?(?:\smeasures?)?|efficacy\soutcomes?(?:\smeasures?)?)\b|\bdual\sprimary\b",
        re.IGNORECASE,
    ),
    "secondary": re.compile(
        r"\b(?:key\s)?(?:secondary|additional|other|further)\s(?:key\s)?(?:efficacy\s)?(?:end\s?-?points?"
        r"|outcomes?(?:\smeasures?)?)\b",
        re.IGNORECASE,
    ),
    "exploratory": re.compile(r"\bexploratory\s(?:end\s?-?points?|outcomes?(?:\smeasures?)?)\b", re.IGNORECASE),
}
_AS = re.compile(r"\b(?:served\sas|were|was|are|is|included\sas|as)\s(?:the\s|an?\s)?(?:key\s)?$")
_QUALIFIER = re.compile(
    r"\s(?P<words>(?:on|during)\s(?:the\s)?(?:[\w-]{1,24}\s){0,5}?(?:therapy|treatment|line))(?=\s?[,.;]|\sand\b"
    r"|\sserved|\swere|$)"
)
_INCLUDED = re.compile(
    r"\b(?:enrolled|included|enrolling|recruited|eligible|in)\s(?=[^.;]{0,80}?(?:patients|adults|participants|people"
    r"|women|men)\b)",
    re.IGNORECASE,
)
_EXCLUDED = re.compile(r"\b(?:were|was)\s(?:excluded|ineligible|not\seligible)\b")
_CRITERIA = re.compile(r"\bwho\s(?:had|were|have|are)\s(?P<what>[^.;]{5,200})")


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
        self.printed: dict[str, str] = {}

    def trial(self) -> Trial:
        study, reading = self.study, self.reading
        self.evidence += [reading.evidence("registry_ids", m.span) for m in study.registry]
        if study.role_span:
            self.evidence.append(reading.evidence("role", study.role_span))
        people = self._people()
        endpoints, assessment = self._endpoints()
        enrollment = self._enrollment()
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
            inclusion=self._inclusion(),
            exclusion=self._exclusion(),
            evidence=tuple(self.evidence),
            printed=self.printed,
            confidence=0.9 if study.registry or len(study.places) > 1 else 0.7,
        )

    # ---- what stands around the name ------------------------------------------------------------------------------------------

    def _phase(self) -> str | None:
        for low, high in [*self.windows, *self.units]:
            if match := _PHASE.search(self.reading.text, low, high):
                self.evidence.append(self.reading.evidence("phase", match.span()))
                parts = re.split(r"\s?[/-]\s?", match["phase"])
                return "/".join(re.sub(r"^(IV|I{1,3})", lambda m: _ROMAN[m[0]], part) for part in parts)
        return None

    def _design(self) -> tuple[str, ...]:
        """Words of design near the name or in units that describe the study; "randomized 1:1" in one."""
        found: dict[str, Span] = {}
        for low, high in [*self.windows, *(u for u in self.units if self._alone(u) and _DESCRIBES.search(self.reading.text, *u))]:
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
        for low, high in self.units:
            match = _INCLUDED.search(self.reading.text, low, high)
            if match and _DESCRIBES.search(self.reading.text, low, high) and self._alone((low, high)):
                found = read_indication(self.reading, match.end(), high)
                if found and found.condition:
                    self.evidence += [
                        self.reading.evidence(slot, span) for slot, span in found.spans if slot in ("condition", "prior_lines_min")
                    ]
                    if found.prior_lines_printed:
                        self.printed["prior_lines_min"] = found.prior_lines_printed
                    return found
        return None

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
        for low, high in self.units:
            for pattern in _ENROLLED:
                match = pattern.search(self.reading.text, low, high)
                if match and self._alone((low, high)) and not re.match(r"\s?[:/]", self.reading.text[match.end("n") : match.end("n") + 2]):
                    self.evidence.append(self.reading.evidence("enrollment", match.span("n")))
                    self.printed["enrollment"] = match["n"]
                    return int(match["n"].replace(",", ""))
        return None

    def _inclusion(self) -> tuple[str, ...]:
        for low, high in self.units:
            match = re.search(r"\benrolled\b", self.reading.text[low:high])
            what = _CRITERIA.search(self.reading.text, low + match.end(), high) if match else None
            if what:
                return tuple(p for p in re.split(r",?\sand\s(?=(?:had|were|failed|have)\b)", re.sub(r"^received\s", "", what["what"])) if p)
        return ()

    def _exclusion(self) -> tuple[str, ...]:
        for low, high in self.units:
            match = _EXCLUDED.search(self.reading.text, low, high)
            what = re.search(r"\bwho\s(?:were|had|have|are)?\s?", self.reading.text[low : match.start()]) if match else None
            if match and what:
                parts = re.split(r",\s(?:or\s)?(?:had\s|an?\s)?|\sor\shad\s", self.reading.text[low + what.end() : match.start()].strip())
                return tuple(p for p in (re.sub(r"^(?:had|an?)\s", "", part).strip() for part in parts) if p)
        return ()

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
            arms.append(Arm(id=view.id, label=view.label, regimen=view.regimen, n=n, evidence=tuple(evidence), printed=printed))
        return tuple(arms)

    def _follow_up(self) -> float | None:
        for low, high in self.units:
            if match := _FOLLOW_UP.search(self.reading.text, low, high):
                group = "months" if match["months"] else "months2"
                self.evidence.append(self.reading.evidence("median_follow_up_months", match.span(group)))
                self.printed["median_follow_up_months"] = match[group]
                return float(match[group].replace("·", "."))
        return None

    def _endpoints(self) -> tuple[dict[str, tuple[str, ...]], str | None]:
        """Endpoints by role, and who assesses the primary one."""
        found: dict[str, list[str]] = {role: [] for role in _ROLE_CUES}
        assessment = None
        for low, high in self.units:
            cues = sorted((m.span(), role) for role, pattern in _ROLE_CUES.items() for m in pattern.finditer(self.reading.text, low, high))
            for i, ((start, stop), role) in enumerate(cues):
                behind = not _AS.search(self.reading.text, max(low, start - 30), start)
                span = (stop, cues[i + 1][0][0] if i + 1 < len(cues) else high) if behind else (cues[i - 1][0][1] if i else low, start)
                names = [name for name, _ in endpoint_list(self.reading, *span)]
                found[role] += [name for name in names if name not in found[role]]
                self.evidence += [self.reading.evidence(f"{role}_endpoints", place) for _, place in endpoint_list(self.reading, *span)]
                who = ASSESSED.search(self.reading.text, *span) if role == "primary" and names else None
                assessment = assessment or (assessor(who) if who else None)
        return {role: tuple(names) for role, names in found.items()}, assessment


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
