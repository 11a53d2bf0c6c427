"""The walk through a text: who speaks, which headings stand above, which regimens each sentence recommends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kg_build.facts import Recommendation
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.guidelines.bodies import GUIDELINE, Body, bodies_in
from kg_build.reading.frames.guidelines.cues import DECIDES, STATUS, advises_against, mentioned, refusal, tells
from kg_build.reading.frames.guidelines.drafts import OPENING, Beside, Draft, recommendations
from kg_build.reading.frames.guidelines.grading import Marks, graded
from kg_build.reading.frames.guidelines.grids import ROW, Grid, grid_lines
from kg_build.reading.frames.guidelines.listed import Listed, Stretch, stretches
from kg_build.reading.frames.guidelines.marks import Mark, find_marks
from kg_build.reading.frames.guidelines.places import topic
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Quantity

_BULLET = lazy(r"\s*(?:[•●▪◦‣*·–—-]|\(?[a-z\d]{1,2}[.)])\s")
_SEVERAL = lazy(
    r"\b(?:options|regimens|agents|choices|drugs|treatments|therapies|recommendations|alternatives|combinations|any\sof|one\sof|inhibitors|antibodies"
    r"|following)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_ARE = lazy(
    r"(?:\s\([^()]{0,60}\))?,?\s(?:are|were|remain|have|stay|join|become|all|both|each|can\seach)\b(?!\s(?:an?|the)\s(?:combination|regimen|option)\b)"
)
_COMBINATION = lazy(r"\b(?:combination|triplet|doublet|quadruplet|regimen)\sof\s(?:the\s)?$", re.IGNORECASE)
_EVIDENCE = lazy(
    r"\b(?:hazard\sratio|HR|median|confidence\sinterval|95%\s?CI|randomi[sz]ed|trial|study|phase\s(?:\d|I{1,3}))\b|\d%\s(?:vs|versus|CI)",
    re.IGNORECASE,
)
_APPROVAL = lazy(r"\b(?:approv(?:ed|es|al)|licen[cs]ed|authori[sz]ed|cleared|reimburse\w+|marketing|appraisal|price)\b", re.IGNORECASE)
_BACK = lazy(
    r"(?:^|[;:,]\s|\band\s)(?:it|they|both|all\s(?:three|four|of\sthem)|(?:the|this|these|that)\s(?:new\s)?(?:combination|regimen|triplet|doublet|quadruplet|drug|agent"
    r"|pair|duo|antibody|conjugate|treatment|recommendation|listing|option|none|drugs|agents|regimens)s?|none\sof)\b",
    re.IGNORECASE,
)
_DEFAULT = lazy(
    r"\b(?:all\s(?:other\s)?(?:recommendations|entries|regimens|options|listings)|everything)\b[^.;]{0,40}\b(?:are|is|carr\w+)\s[Cc]ategory\s(?P<category>[1-3][AB]?)"
    r"[^.;]{0,20}\b(?:unless|except)",
    re.IGNORECASE,
)
_FINITE = lazy(r"\b(?:is|are|was|were|has|have|did|does|do|should|may|can|must|will|issued?|met|remains?|stays?)\b")
_OUTRIGHT = lazy(r"\brecommend|\bshould\b|\bprefer|\bmay\s(?:be\s)?(?:offer|consider)|\boffer", re.IGNORECASE)
_BARE = lazy(
    r"\W{0,3}(?:(?:ESMO-)?MCBS|[Gg]rade|LoE|GoR|(?:[Ss]trength|[Ll]evel|[Qq]uality|[Cc]ategory|[Ee]vidence|[Rr]ecommendation)\b)?[^.;]{0,60}(?:[;,][^.;]{0,60})?\W{0,3}"
)
_OF_ALL = lazy(
    r"\b(?:all|each|both)\s(?:of\s)?(?:the\s|these\s|its\s)?(?:\w+\s)?recommendations\b|\brecommendations\sare\sall\b", re.IGNORECASE
)
_PANEL = lazy(
    r"\b(?:panel|guidelines?|committee|society|network|experts|authors|clinicians|update|version|recommendations?)\b", re.IGNORECASE
)
_DEFINITE = lazy(r"\b[Tt]he\s")
_ENDS = lazy(r"[,;.)]|\s(?:is|was|has|had|into|as|for|in|to|at|on|may|should|can)\b")
_FOR_WHOM = lazy(r"[^;.]{0,40}?\b(?:in|for|after|at)\s")
_GRADED_BEFORE = lazy(r"(?P<bracket>[\[(][^\[\]()\n]{1,120}[\])])\.?\s+(?=\w)")
_THERE = lazy(
    r"\b(?:th(?:is|ese|at)|the\ssame|such)\s(?:setting|line|population|patients|indication|situation|group|place)\b", re.IGNORECASE
)
_REFUSES = lazy(r"\b(?:none|neither|no\s(?!longer)|not\srecommended)\b", re.IGNORECASE)


@dataclass
class _Heading:
    """What the headings above a line say."""

    marks: Marks = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    listing: bool = False  # a list follows that is recommended as it stands


def read_recommendations(reading: Reading) -> Iterator[Recommendation]:
    """Every regimen that a guideline body recommends, one fact a body."""
    if not (GUIDELINE.search(reading.text) or reading.mentions.all("body")):
        return iter(())
    return recommendations(reading, _Walk(reading).drafts(), topic(reading))


class _Walk:
    """The state that goes from sentence to sentence."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text
        self.bodies: list[Body] = []
        self.named_at = -1  # the paragraph that named the bodies
        self.heading = _Heading()
        self.found: list[Draft] = []
        self.asked: list[Draft] = []  # what the question before asks about
        self.recent: list[Draft] = []
        self.refused: list[Draft] = []  # advised against by the last sentence, not graded yet
        self.lenient = _is_lenient(reading)
        self.bulletin = self.lenient or _is_bulletin(reading)
        self.grid = Grid()
        self.default: Mark | None = None
        self.said: list[Span] = []  # sentences of this paragraph that told for whom
        self.sentence: Span = (0, 0)  # the last sentence that recommended
        self.paragraph = -1

    def drafts(self) -> list[Draft]:
        """The drafts of the whole text."""
        units = [part for unit in self.reading.document.units for part in self._bracket_apart(unit)]
        for unit in sorted([*units, *grid_lines(self.text)]):
            self.found += self._row(unit) if ROW.fullmatch(self.text, *unit) else self._unit(unit)
        return self.found

    def _bracket_apart(self, unit: Span) -> list[Span]:
        """A unit that opens with the graded bracket of the sentence before it, in two: "[2, A] b. Alectinib is suggested"."""
        opened = _GRADED_BEFORE.match(self.text, *unit)
        return [(unit[0], opened.end("bracket")), (opened.end(), unit[1])] if opened else [unit]

    def _row(self, line: Span) -> list[Draft]:
        """What the row of a table recommends."""
        beside = Beside(line, line, line, line)
        rows = self.grid.read(self.reading, line) if self.bulletin else ()
        return [
            Draft(bodies or self.bodies, r, marks, beside, list(self.heading.spans)) for r, bodies, marks in rows if bodies or self.bodies
        ]

    def _unit(self, unit: Span) -> list[Draft]:
        paragraph = self.reading.document.paragraph_at(unit[0])
        bodies = bodies_in(self.reading, *unit, self.lenient)
        if bodies:
            self.bodies, self.named_at = bodies, paragraph
        marks = find_marks(self.text, *unit)
        if match := _DEFAULT.search(self.text, *unit):
            self.default = Mark(match.start("category"), match.end("category"), "category", match["category"].upper())
            return []
        if marks and _OF_ALL.search(self.text, *unit):
            for draft in self.found:
                if draft.bodies == self.bodies:
                    draft.marks.setdefault(marks[0].slot, marks[0])
            return []
        if not self.bodies or not (self.bulletin or paragraph == self.named_at):
            return []
        named = [s for s in stretches(self.reading, *unit, self._several(unit)) if not self._aside(s, unit)]
        if self.text[unit[1] - 1] == "?":
            self.asked = self._asked(unit, named)
            return []
        asked, self.asked = self.asked, []
        if asked and not named:
            return self._answered(asked, unit, marks)
        if self._is_heading(unit, paragraph, named, marks):
            self._head(unit, marks, bool(bodies))
            return []
        return [
            draft for part, speakers in self._voices(unit, bodies, named) for draft in self._spoken(part, paragraph, marks, named, speakers)
        ]

    def _asked(self, unit: Span, named: list[Stretch]) -> list[Draft]:
        """What a question asks about, which the answer behind it may recommend: "Is A recommended for B? Weakly recommended"."""
        if not named:
            return []
        first, nowhere = named[0], (unit[1], unit[1])
        beside = Beside((unit[0], first.start), (first.end, unit[1]), nowhere, (unit[0], first.start))
        return [self._draft(self.bodies, regimen, {}, beside) for regimen in first.regimens]

    def _answered(self, asked: list[Draft], unit: Span, marks: list[Mark]) -> list[Draft]:
        if not DECIDES.search(self.text, *unit):
            return []
        against = refusal(self.text, (unit[0], unit[0]), unit) or ((m := _REFUSES.search(self.text, *unit)) and m.span()) or None
        if against and not (advises_against(self.text, against) and any(mark.slot == "category" for mark in marks)):
            return []
        for draft in asked:
            draft.against = against
            draft.marks |= {mark.slot: mark for mark in reversed(marks)}
            draft.beside = replace(draft.beside, rest=unit)
        self.recent = asked
        return asked

    def _several(self, unit: Span) -> bool:
        """Whether the one list of a unit names more than one regimen: "options are A, B and C", "A, B and C are options"."""
        items = self.reading.given.between(*unit, "agent", "combo")
        if not items:
            return False
        before, after = self.text[unit[0] : items[0].start], self.text[items[-1].end : unit[1]]
        if _COMBINATION.search(before) or ";" in self.text[items[0].start : items[-1].end]:
            return False
        return bool(_SEVERAL.search(before) or _ARE.match(after))

    def _aside(self, stretch: Stretch, unit: Span) -> bool:
        return mentioned(self.text, stretch.start, stretch.end, unit[0])

    # ---- headings ------------------------------------------------------------------------------------------------------------------

    def _is_heading(self, unit: Span, paragraph: int, named: list[Stretch], marks: list[Mark]) -> bool:
        """A line, or an opening without a verb, that names no regimen and speaks for what stands below it."""
        start, end = unit
        if self.text[end - 1] == ":" and not named:
            return True
        if any(not r.only_classes for s in named for r in s.regimens) or end - start > 160 or (named and _BULLET.match(self.text, start)):
            return False
        if self.reading.document.paragraphs[paragraph] == unit and self.text[end - 1] not in ".!?":
            return not (named and marks)
        return (
            not (marks and self.paragraph == paragraph)
            and end - start < 90
            and not _FINITE.search(self.text, *unit)
            and not DECIDES.search(self.text, *unit)
        )

    def _head(self, unit: Span, marks: list[Mark], names_body: bool) -> None:
        own = {mark.slot: mark for mark in reversed(marks)}
        telling = bool(self.reading.mentions.between(*unit, "condition", "target")) or re.search(
            r"(?i)\b(?:line|therapy|disease|relapse|patients|eligible|risk)\b", self.text[unit[0] : unit[1]]
        )
        if names_body or (telling and not marks):
            self.heading = _Heading(spans=[unit])
        elif marks and telling:
            self.heading = _Heading(own, [unit])
        self.heading.marks = own
        self.heading.listing = self.text[unit[1] - 1] == ":" or bool(marks) or self.heading.listing

    # ---- who speaks ------------------------------------------------------------------------------------------------------------------

    def _voices(self, unit: Span, bodies: list[Body], named: list[Stretch]) -> list[tuple[Span, list[Body]]]:
        """A sentence in parts, each with its own bodies: "NCCN lists A, while ESMO prefers B" has two."""
        parts: list[tuple[Span, list[Body]]] = [(unit, bodies[:1])]
        for body in bodies[1:]:
            (low, high), speakers = parts[-1]
            if any(speakers[-1].span[1] <= s.start < body.span[0] for s in named) and any(s.start >= body.span[1] for s in named):
                cut = max(self.text.rfind(sign, low, body.span[0]) for sign in ";,. ")
                parts[-1] = ((low, cut), speakers)
                parts.append(((cut + 1, high), [body]))
            else:
                speakers.append(body)
        return parts if bodies else [(unit, self.bodies)]

    def _by_body(self, part: Span, bodies: list[Body], marks: list[Mark]) -> list[tuple[list[Body], list[Mark]]]:
        """The marks of each body, where a sentence tells them apart: "NCCN as category 1, ESMO as [I, A]"."""
        owners = {mark: self.reading.mentions.before(mark.start, "body", mark.start - part[0]) for mark in marks}
        names = {owner.name for owner in owners.values() if owner}
        if len(bodies) < 2 or len(names) < 2:
            return [(bodies, marks)]
        return [([body], [mark for mark in marks if (owner := owners[mark]) and owner.name == body.name]) for body in bodies]

    # ---- sentences -----------------------------------------------------------------------------------------------------------------

    def _spoken(self, part: Span, paragraph: int, marks: list[Mark], named: list[Stretch], bodies: list[Body]) -> list[Draft]:
        """What one part of a sentence recommends."""
        own = [mark for mark in marks if part[0] <= mark.start < part[1]]
        here = [self._meant(s) for s in named if part[0] <= s.start < self._told_until(part, own)]
        if not here:
            return self._look_back(part, own, bodies)
        item = self._is_item(part, paragraph)
        self.refused = []
        if paragraph != self.paragraph:
            self.said, self.paragraph = [], paragraph
            if not item:
                self.heading.marks, self.heading.listing = {}, False
        told = any(part[0] <= body.span[0] < part[1] for body in bodies)
        if self._elsewhere(part, own, told, here):
            return []
        if _THERE.search(self.text, *part):
            self.said = [self.sentence]
        drafts = [d for speakers, theirs in self._by_body(part, bodies, own) for d in self._drafts(part, theirs, here, item, speakers)]
        if drafts:
            self.recent, self.said, self.sentence = drafts, [(part[0], here[0].start)], part
        return drafts

    def _told_until(self, part: Span, marks: list[Mark]) -> int:
        """Where a sentence turns from what is recommended to the figures that are its reason."""
        results = self._figures(part[0])
        graded = any(mark.slot == "category" for mark in marks)
        return part[1] if graded or len(results) < 2 else min(part[1], results[0].span[0])

    def _figures(self, position: int) -> list[Quantity]:
        """The results that a sentence prints, which "1 to 3 prior lines" is not."""
        return [q for q in self.reading.quantities[self.reading.document.unit_at(position)] if q.kind != "bare" or q.ci or q.p]

    def _meant(self, stretch: Stretch) -> Stretch:
        """The agent that "the PD-L1 antibody" speaks of."""
        definite = len(stretch.regimens) == 1 and stretch.regimens[0].only_classes and len(stretch.regimens[0].names) == 1
        before = self.reading.mentions.before(stretch.start, "agent", 400) if definite else None
        said = self.text[max(0, stretch.start - 5) : stretch.start + 4]
        if before is None or not (_DEFINITE.search(said) and _ENDS.match(self.text, stretch.end)):
            return stretch
        return Stretch(stretch.start, stretch.end, (Listed(stretch.regimens[0].span, (before.name,), (before.span,)),))

    def _is_item(self, unit: Span, paragraph: int) -> bool:
        """A bullet, or a short line below a heading."""
        start, end = self.reading.document.paragraphs[paragraph]
        return bool(_BULLET.match(self.text, start, end)) or (end - start < 200 and self.heading.listing and start == unit[0])

    def _elsewhere(self, unit: Span, marks: list[Mark], told: bool, named: list[Stretch]) -> bool:
        """Whether a sentence tells what a regulator decided or a trial found, and not what the guideline says."""
        if any(mark.slot == "category" for mark in marks):
            return False
        if (told or _PANEL.search(self.text, *unit)) and (marks or DECIDES.search(self.text, *unit)):
            return False
        regulators = self.reading.mentions.between(*unit, "regulator")
        if not told and regulators and (regulators[0].start < named[0].start or _APPROVAL.search(self.text, *unit)):
            return True
        if marks:
            return False
        results = self._figures(unit[0])
        found = results or self.reading.mentions.between(*unit, "trial")
        return len(results) > 1 or bool(found and _EVIDENCE.search(self.text, *unit) and not STATUS.search(self.text, *unit))

    def _drafts(self, unit: Span, marks: list[Mark], named: list[Stretch], item: bool, bodies: list[Body]) -> list[Draft]:
        regimens = [r for s in named for r in s.regimens]
        own = graded(self.text, unit, regimens, marks)
        found: list[Draft] = []
        at = 0
        accepted = False
        for i, stretch in enumerate(named):
            before = (named[i - 1].end if i else unit[0], stretch.start)
            after = (stretch.end, named[i + 1].start if i + 1 < len(named) else unit[1])
            chosen = own[at : at + len(stretch.regimens)]
            at += len(stretch.regimens)
            if against := refusal(self.text, before, self._predicate(named, i, unit)):
                accepted, self.recent = False, []
                found += self._against(bodies, stretch, chosen, (before, after, unit), against)
                continue
            accepted = self._recommended(before, after, unit, item, accepted) or any(chosen)
            if accepted:
                lead = (unit[0], named[0].start)
                found += [
                    self._draft(bodies, r, m, self._beside(r, stretch, before, after, unit, lead))
                    for r, m in zip(stretch.regimens, chosen, strict=True)
                    if self._named(r, m, before, after)
                ]
        return [*found, *self._once_more(found, [m for m in marks if m.slot == "category"], unit)]

    def _predicate(self, named: list[Stretch], at: int, unit: Span) -> Span:
        """The words behind a stretch that tell of it: up to the next, or where none of them is a verb, those behind that too."""
        start = named[at].end
        for following in named[at + 1 :]:
            if tells(self.text, start, following.start) or "," in self.text[start : following.start]:
                return start, following.start
        return start, unit[1]

    def _against(
        self, bodies: list[Body], stretch: Stretch, marks: list[Marks], around: tuple[Span, Span, Span], words: Span
    ) -> list[Draft]:
        """What a sentence advises against: a fact only where that advice is graded."""
        if not advises_against(self.text, words):
            return []
        before, after, unit = around
        drafts = [
            replace(self._draft(bodies, r, m, self._beside(r, stretch, before, after, unit, before)), against=words)
            for r, m in zip(stretch.regimens, marks, strict=True)
        ]
        graded_ones = [d for d in drafts if "category" in d.marks]
        self.refused = [] if graded_ones else drafts
        return graded_ones

    def _once_more(self, drafts: list[Draft], grades: list[Mark], unit: Span) -> list[Draft]:
        """One regimen graded twice: "as category 1 in the first line and as category 2A in the second"."""
        if len(drafts) != 1 or len(grades) < 2 or drafts[0].marks.get("category") is not grades[0]:
            return []
        edges = [*(mark.start for mark in grades[1:]), unit[1]]
        if not all(_FOR_WHOM.match(self.text, mark.end, edge) for mark, edge in zip(grades, edges, strict=True)):
            return []
        [first] = drafts
        copies = []
        for mark, edge in zip(grades, edges, strict=True):
            beside = Beside((mark.start, mark.start), (mark.end, edge), (edge, edge), first.beside.lead)
            copies.append(replace(first, marks={**first.marks, "category": mark}, beside=beside))
        first.beside = copies[0].beside
        return copies[1:]

    def _recommended(self, before: Span, after: Span, unit: Span, item: bool, accepted: bool) -> bool:
        """Whether the words around a stretch recommend it, or the list it stands in does."""
        if DECIDES.search(self.text, before[0], after[1]) or STATUS.search(self.text, before[0], after[1]):
            return True
        if item and (self.heading.listing or self.heading.marks):
            return True
        if self.text[before[0] : before[1]].rstrip().endswith(":"):
            return True
        return accepted or (before[0] != unit[0] and bool(DECIDES.search(self.text, unit[0], before[0])))

    def _beside(self, regimen: Listed, stretch: Stretch, before: Span, after: Span, unit: Span, lead: Span) -> Beside:
        """The words around one regimen of a stretch: within "A for X; B for Y" those up to the semicolon."""
        cut = self.text.find(";", regimen.span[1], unit[1])
        cut = cut if cut >= 0 else unit[1]
        if cut < stretch.end:
            return Beside(before, (regimen.span[1], cut), (cut, cut), lead)
        return Beside(self._own_clause(before, unit), after, (after[1], max(after[1], cut)), lead)

    def _own_clause(self, before: Span, unit: Span) -> Span:
        """The words before a stretch that are its own, and not those behind the stretch before it."""
        if before[0] == unit[0]:
            return before
        cut = self.text.rfind(";", *before)
        cut = cut if cut >= 0 else max(self.text.rfind(",", *before), self.text.rfind(" and ", *before))
        return (cut + 1 if cut >= 0 else before[1], before[1])

    def _named(self, regimen: Listed, marks: Marks, before: Span, after: Span) -> bool:
        """Classes alone are a regimen only where the words beside them say outright that they are."""
        near = self.text[max(before[0], before[1] - 60) : before[1]], self.text[after[0] : min(after[1], after[0] + 60)]
        return not regimen.only_classes or bool(marks) or any(_OUTRIGHT.search(words) for words in near)

    def _draft(self, bodies: list[Body], regimen: Listed, marks: Marks, beside: Beside) -> Draft:
        held = dict(marks)
        for slot, mark in self.heading.marks.items():
            held.setdefault(slot, mark)
        if self.default:
            held.setdefault("category", self.default)
        return Draft(bodies, regimen, held, beside, list(self.heading.spans), list(self.said))

    def _look_back(self, unit: Span, marks: list[Mark], bodies: list[Body]) -> list[Draft]:
        """What "It is listed as category 2A" or "The triplet is not preferred" says of the regimens of the sentence before."""
        said = self.text[unit[0] : unit[1]]
        back = _BACK.search(said)
        if self.refused and marks and _BARE.fullmatch(said):
            drafts, self.refused = [replace(d, marks={m.slot: m for m in reversed(marks)}) for d in self.refused], []
            return drafts
        if not self.recent or not (back or (marks and _BARE.fullmatch(said))):
            return []
        fresh = [d for d in self.recent if self._told_anew(d, marks, bodies)]
        if fresh and back and not _REFUSES.search(said):
            cut = unit[0] + back.end()
            beside = Beside((unit[0], cut), (cut, unit[1]), (unit[1], unit[1]), (unit[0], cut))
            return [Draft(bodies, d.regimen, {m.slot: m for m in reversed(marks)}, beside) for d in fresh]
        for draft in self.recent:
            for mark in marks:
                if mark.slot == "preferred" or not _REFUSES.search(said):
                    draft.marks.setdefault(mark.slot, mark)
        return []

    def _told_anew(self, draft: Draft, marks: list[Mark], bodies: list[Body]) -> bool:
        """Whether marks are those of a further recommendation: of another body, or where the draft is graded already."""
        if [b.name for b in draft.bodies] != [b.name for b in bodies]:
            return bool(marks)
        return any(mark.slot == "category" and mark.slot in draft.marks for mark in marks)


def _is_lenient(reading: Reading) -> bool:
    """Whether a text names no body but as one names a congress ("CSCO 2024"), and yet grades."""
    return not any(bodies_in(reading, *unit) for unit in reading.document.units) and len(find_marks(reading.text, 0, len(reading.text))) > 1


def _is_bulletin(reading: Reading) -> bool:
    """Whether the text is about a guideline from its opening on."""
    return any(
        GUIDELINE.search(reading.text, *unit) is not None or bool(bodies_in(reading, *unit)) for unit in reading.document.units[:OPENING]
    )
