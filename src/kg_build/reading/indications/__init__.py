"""Stage 4c: the words after "for": who has what disease, at which stage, after which therapies, with which markers."""

from __future__ import annotations

import re

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.indications.clauses import Clause, clauses
from kg_build.reading.indications.disease import Disease, find_disease, named_disease
from kg_build.reading.indications.markers import in_clause, written_out
from kg_build.reading.indications.model import Indication
from kg_build.reading.indications.parts import alternatives, parted
from kg_build.reading.indications.people import PEOPLE, fitness, population
from kg_build.reading.indications.priors import lines, therapies
from kg_build.reading.indications.stages import LINE, PLACE, STAGE, line_words
from kg_build.reading.indications.view import View
from kg_build.reading.patterns import lazy

__all__ = ["Indication", "read_heading", "read_indication", "read_indications", "read_rest"]

_LEAD = lazy(
    r"^(?:[\s,;]|\b(?:and|or|but|who|whose|whom|that|which|have|has|had|are|is|were|was|with|been|also|either|the|a|an"
    r"|disease(?!\s(?:progress|recur))|tumou?rs?|cancers?|considered|demonstrated|developed|at)\b)+",
    re.IGNORECASE,
)
_BEFORE_PEOPLE = lazy(
    r"\b(?:after|following(?!\s(?:indications?|uses?|patients)\b|:)|previously\streated|who\s(?:have|had|has)\s(?:received|progress))\b"
)
_TO_PEOPLE = lazy(r"\s(?:in|for|of)\s(?:[\w-]+\s){0,4}?(?:patients|adults|people|children|women|men)?\s?(?:with\s)?(?:an?\s)?$")
_MARKED_PEOPLE = lazy(r"[A-Z][\w*:./-]{1,20}[- ](?:positive|negative|mutated|mutant)\s$")
_STAGED_PEOPLE = lazy(rf"(?:{STAGE.pattern})\s?$", re.IGNORECASE, often=True)
_STAGED_DISEASE = lazy(
    rf"(?<=\bfor\s)(?:{STAGE.pattern})(?:[\s,]{{0,3}}(?:and/or|and|or)?\s?(?:{STAGE.pattern})){{0,5}}(?=[\s,]{{0,3}}(?:disease|tumou?rs?|cancer)\b)",
    re.IGNORECASE,
)
_PLAIN_OTHER = lazy(
    r"^(?:with|associated\swith|due\sto|caused\sby|secondary\sto|along\swith)\s(?:(?!(?:a|an|the|its|data|results?|approval|label"
    r"|support|sales"
    r"|plans?)\b)"
    r"|an?\s(?=(?:[\w-]+\s){0,4}(?:phenotype|history|fraction|count|score|level|status|subtype|component|duration|burden)\b))"
    r"[\w,/≥%.\s-]{4,80}$"
)


def read_indication(reading: Reading, start: int, end: int) -> Indication | None:
    """The indication told within [start, end), None where no disease is named."""
    if end - start < 3:
        return None
    view = View(reading, start, end)
    disease = find_disease(view)
    return _told(view, disease, list(clauses(view, disease.end, len(view.text)))) if disease else None


def read_indications(reading: Reading, start: int, end: int, by_place: bool = False) -> list[tuple[Span, Indication]]:
    """Every indication told within [start, end), with the stretch that tells it.

    `by_place`: what stands behind "treatment of" is the disease, whatever a table knows behind it ("pain in patients with cancer").
    """
    view = View(reading, start, end)
    disease = find_disease(view, by_place) if end - start >= 3 else None
    if disease is None:
        return []
    spans = parted(view, disease)
    if len(spans) > 1:
        return [told for part in spans for told in read_indications(reading, *view.span(*part), by_place)]
    tail = list(clauses(view, disease.end, len(view.text)))
    return [((start, end), _told(view, disease, group)) for group in alternatives(view, tail)]


def read_heading(reading: Reading, start: int, end: int) -> Indication | None:
    """The indication of a bare disease phrase, as headings print it: "Previously treated multiple myeloma:"."""
    if end - start < 3:
        return None
    view = View(reading, start, end)
    disease = named_disease(view)
    return _told(view, disease, list(clauses(view, disease.end, len(view.text)))) if disease else None


def read_rest(reading: Reading, start: int, end: int) -> Indication:
    """What a stretch says of patients and earlier treatment whose disease was named before it: "those patients who have received ..."."""
    view = View(reading, start, end)
    people = PEOPLE.search(view.text)
    at = people.end() if people else 0
    found = Indication()
    teller = _Teller(view, Disease("", (at, at), at, [m.span() for m in _STAGED_DISEASE.finditer(view.text)]), [], found)
    teller.tail = [clause for clause in clauses(view, at, len(view.text)) if people or clause.kind != "other"]
    teller.tell()
    told = next((c.start for c in teller.tail if c.kind in {"prior", "need"}), len(view.text))
    line = LINE.search(view.text, 0, told)
    if line and line_words(line[0]) not in (found.setting or "").split("; "):
        found.setting = "; ".join(dict.fromkeys([line_words(line[0]), *([found.setting] if found.setting else [])]))
        found.spans.append(("setting", view.span(*line.span())))
    return found


def _told(view: View, disease: Disease, tail: list[Clause]) -> Indication:
    where = view.span(*disease.span)
    found = Indication(condition=disease.name, condition_span=where, spans=[("condition", where)])
    _Teller(view, disease, tail, found).tell()
    return found


def _plain(words: str) -> str:
    """A clause without the words that tie it to the sentence."""
    return re.sub(r"[\s,;]+(?:and|or|either|but|who|with)$", "", _LEAD.sub("", words)).strip(" ,;")


class _Teller:
    """Fills the slots of one indication from what stands before and behind its disease."""

    def __init__(self, view: View, disease: Disease, tail: list[Clause], found: Indication) -> None:
        self.view, self.disease, self.tail, self.found = view, disease, tail, found
        self.setting: list[tuple[str, Span]] = []

    def tell(self) -> None:
        """Every slot."""
        self._population()
        self._lines_before()
        self._stages()
        for span in self.disease.markers:
            self._add("biomarkers", written_out(self.view, *span), span)
        self._history_before()
        for clause in self.tail:
            self._clause(clause)
        parts = list(dict.fromkeys(words for words, _ in self.setting if words))
        self.found.setting = "; ".join(parts) or None
        self.found.spans += [("setting", self.view.span(*span)) for _, span in self.setting]

    # ---- before the disease ----------------------------------------------------------------------------------------------------

    def _population(self) -> None:
        ranges = [(0, self.disease.anchor), *((c.start, c.end) for c in self.tail if c.kind == "people")]
        if people := next((p for low, high in ranges if (p := population(self.view, low, high))), None):
            self.found.population = people[0]
            self.found.spans.append(("population", self.view.span(*people[1:])))
        for match in PEOPLE.finditer(self.view.text, 0, self.disease.anchor):
            self._before_people(match.start())

    def _before_people(self, at: int) -> None:
        """What stands before the word for the people: "previously untreated", "HER2-positive", "transplant-ineligible"."""
        low = max(0, at - 60)
        if marked := _MARKED_PEOPLE.search(self.view.text, low, at):
            self._add("biomarkers", [marked[0].strip()], (marked.start(), marked.end() - 1))
        for match in _STAGED_PEOPLE.finditer(self.view.text, low, at):
            self._need(match[0].strip(), match.span())

    def _lines_before(self) -> None:
        for pattern in (LINE, PLACE):
            for match in pattern.finditer(self.view.text, 0, self.disease.span[0]):
                self.setting.append((line_words(match[0]), match.span()))

    def _stages(self) -> None:
        """Words of stage as printed, joined where they stand together."""
        joined: list[Span] = []
        for low, high in self.disease.stages:
            if joined and len(self.view.text[joined[-1][1] : low].strip()) <= 6:
                joined[-1] = (joined[-1][0], high)
            else:
                joined.append((low, high))
        self.setting += [(self.view.told(*span), span) for span in joined if not any(a <= span[0] < b for _, (a, b) in self.setting)]

    def _history_before(self) -> None:
        if match := _BEFORE_PEOPLE.search(self.view.text, 0, self.disease.anchor):
            end = next((m.start() for m in _TO_PEOPLE.finditer(self.view.text, match.end(), self.disease.anchor)), self.disease.anchor)
            self._prior(Clause("prior", "", match.start(), end))

    # ---- behind the disease ----------------------------------------------------------------------------------------------------

    def _clause(self, clause: Clause) -> None:
        words = self.view.told(clause.start, clause.end)
        if clause.kind == "marker":
            if marked := in_clause(self.view, clause.start, clause.end):
                self._add("biomarkers", marked[0], marked[1:])
        elif clause.kind == "prior":
            self._prior(clause)
        elif clause.kind == "need":
            self._need(words, (clause.start, clause.end))
            if re.search(r"\bresponse\sto\b", words):
                self._given(clause)
        elif clause.kind == "line":
            for match in [
                *LINE.finditer(self.view.text, clause.start, clause.end),
                *PLACE.finditer(self.view.text, clause.start, clause.end),
            ][:1]:
                self.setting.append((line_words(match[0]), match.span()))
        elif clause.kind == "other" and _PLAIN_OTHER.match(words) and not self.view.mentions(clause.start, clause.end, "agent", "class"):
            self._need(words, (clause.start, clause.end))

    def _need(self, words: str, span: Span) -> None:
        """What patients need, risk or are fit for: a transplant tells who they are, all else their stage."""
        plain = _plain(words)
        if not plain:
            return
        if fitness(words):
            self.found.population = f"{self.found.population}, {plain}" if self.found.population else plain
            self.found.spans.append(("population", self.view.span(*span)))
        else:
            self.setting.append((plain, span))

    def _prior(self, clause: Clause) -> None:
        """Earlier treatment; where no slot of its own holds what is told, it tells the stage."""
        words, counted = self.view.told(clause.start, clause.end), lines(self.view, clause.start, clause.end)
        if counted and self.found.prior_lines_min is None:
            self.found.prior_lines_min, self.found.prior_lines_printed, where = counted
            self.found.spans.append(("prior_lines_min", self.view.span(*where)))
        if self._given(clause) or counted:
            self.found.history = (*self.found.history, _plain(words))
        if not (self.found.history and self.found.history[-1] == _plain(words)) or re.search(
            r"\bnot\s(?:yet\s)?(?:progress|relaps)", words
        ):
            self._need(words, (clause.start, clause.end))

    def _given(self, clause: Clause) -> bool:
        """The therapies of a clause; whether it names any."""
        given = therapies(self.view, clause.start, clause.end)
        for name, span in given:
            if name not in self.found.prior_therapies:
                self.found.prior_therapies = (*self.found.prior_therapies, name)
                self.found.spans.append(("prior_therapies", span))
        return bool(given)

    def _add(self, slot: str, names: list[str], span: Span) -> None:
        if names:
            self.found.biomarkers = tuple(dict.fromkeys([*self.found.biomarkers, *names]))
            self.found.spans.append((slot, self.view.span(*span)))
