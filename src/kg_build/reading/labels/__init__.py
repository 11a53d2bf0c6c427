"""What a label says a medicine is for: one use per regimen and indication.

Labels and registries' cells name no act and no authority; what they print is a list of uses, often with its bullets lost. The same
readers of diseases and regimens serve them as serve news. "As monotherapy or in combination with X" is two uses, each a regimen of
its own; "with or without X" is one use with an optional agent; "X or Y" is one use with either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from kg_build.lexicon import Lexicon
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.indications import Indication, read_heading, read_indications, read_rest
from kg_build.reading.indications.stages import STAGE
from kg_build.reading.labels.items import Item, items
from kg_build.reading.labels.partners import listed, partners
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import Regimen

__all__ = ["Use", "read_uses"]

_LOST_SIGN = lazy(r"\?(?=\s?\d)|(?<=[\w)])\?(?=\w)")
_UNREAD = "\ue000"  # a lost "≥" or "≤" ends no sentence; nobody can say which it was
_BROKEN = lazy(r"(?<=\w-)\s(?=[a-z])(?!(?:and|or|to)\b)")  # a hyphen at which a line ended
_NOVELTY = lazy(
    r"\s*(?:an?\s)?(?:new\s)?(?:combination\s)?(?:drugs?|follow-on\sbiologics?)\s[^.;:]{0,160}?\b(?:indicated|indications?|dosages?"
    r"|ingredients?)\s(?=for\b|in\b)",
    re.IGNORECASE,
)
"""How Japan's lists say what is new about a drug, before what it is for."""
_AND = lazy(
    rf"(?:\s?\([^()]*\))?(?:,\s|,?\s(?:and/or|and|or|as\swell\sas)\s|\s?/\s?)(?:(?:{STAGE.pattern})[\s,]*(?:and/or|and|or)?\s?)*",
    re.IGNORECASE,
)
_WITH_LIST = lazy(r"\b(?:(?:combination|together|conjunction|association)\swith|addition\sto)\s*:?\s*$")
_PURPOSE = lazy(r"\bindicated\b|\b(?:treatment|prevention)\sof\b", re.IGNORECASE)
_NEAR = 60
_LISTED = lazy(r"[\s•▪●◦·–*-]*[a-z]")
_OWN_SENTENCE = lazy(r"\bindicated\b")
_SUBTITLE = lazy(
    r"\b(?:adults?|pa?ediatric|children|monotherapy|combination|population|therapy|treatment|solution|tablets?|capsules?)\b", re.IGNORECASE
)
_STEP_WORDS = lazy(
    r"line\b|adjuvant|maintenance|treated|naive|naïve|diagnosed|relapsed|refractory|induction|consolidation|\b(?:who|not|after|following)\b"
)
_PEOPLE_IN_NAME = lazy(r"(?P<who>adult(?!\sT-cell)|pa?ediatric)\s(?=\S)", re.IGNORECASE)
_INCLUDING = lazy(r",?\s(?:including|excluding|such\sas)\s")
_INFECTED = lazy(
    r"(?P<what>[\w\s-]{2,40}?)[-\s]infected\s(?P<who>(?:[\w-]+\s){0,3}(?:patients|adults|adolescents|children|people|individuals))"
)
_NO_DISEASE = lazy(
    r"^(?:(?:after|for|shown|has|have|been|not|when|where|whether|experienced|na[iï]ve|or|and|adult(?!\sT-cell)|pa?ediatric|elderly"
    r"|adolescent"
    r"|healthy|those|female|male|(?-i:all)|other|the|these|which|who|whom|children|prior|following|whose)\b|are\b|is\b|to\b|in\b|of\b"
    r"|(?:metastatic|advanced|recurrent)?\s?(?:disease|settings?|indications?|conditions?|tumou?rs?|lesions?|recurrences?|relapses?"
    r"|infections?"
    r"|symptoms?|risks?)$)"
    r"|\bagents?\b"
    r"|\b(?:mutations?|deletions?|expression|rearrangements?|status|options?|alternatives?)$",
    re.IGNORECASE,
)


class Use(NamedTuple):
    """Whom a medicine is for, and with what it is given; `partners` is None where it is given alone or nothing is said.

    `told` are the stretches that say so: the item, and before it the lead or heading that holds for it.
    """

    indication: Indication
    partners: Regimen | None
    told: tuple[Span, ...]


class _Said(NamedTuple):
    """What one item says; `given` is empty where it says nothing of partners."""

    indication: Indication
    given: tuple[Regimen | None, ...]
    told: tuple[Span, ...]


def read_uses(text: str, lexicon: Lexicon) -> list[Use]:
    """The uses that a label's text lists; spans are in code points of the text."""
    reading = Reading(_LOST_SIGN.sub(lambda sign: "-" if text[sign.start() - 1 : sign.start()].strip() else _UNREAD, text), lexicon)
    found: dict[tuple[object, ...], Use] = {}
    for said in _Label(reading).uses():
        if said.indication.condition:
            said = said._replace(indication=_as_printed(said.indication))
            for one in said.given or (None,):
                use = Use(said.indication, one, said.told)
                found.setdefault(_key(use), use)
    return list(found.values())


def _mended(words: str | None) -> str | None:
    """Words without the marks of a damaged cell.

    >>> _mended("HER2- positive")
    'HER2-positive'
    """
    return _BROKEN.sub("", words.replace(_UNREAD, "?")) if words else None


def _as_printed(found: Indication) -> Indication:
    """The words with the sign that stands for a lost one in the cell."""
    return replace(
        found,
        condition=_mended(found.condition),
        setting=_mended(found.setting),
        population=_mended(found.population),
        biomarkers=tuple(_mended(marker) or marker for marker in found.biomarkers),
    )


def _key(use: Use) -> tuple[object, ...]:
    told, given = use.indication, use.partners
    slots = (told.condition, told.setting, told.population, told.prior_lines_min, told.prior_therapies, told.biomarkers)
    return (*slots, *((given.names, given.optional, given.either) if given else ()))


class _Label:
    """One label on its way through: the heading and the lead that hold for what comes next, and the use told last."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.heading: _Said | None = None
        self.lead: _Said | None = None
        self.last: _Said | None = None
        self.unused = False  # a lead whose items told nothing is a use itself

    def uses(self) -> Iterator[_Said]:
        """What the items say, each with what its heading and its lead say before it."""
        for item in items(self.reading):
            if item.kind == "heading":
                self.heading, self.lead = self._titled(item) or self.heading, None
            elif item.kind == "lead":
                yield from self._opened(item)
            elif item.kind == "use":
                yield from self._told(item)
            elif item.kind == "also" and self.last:
                yield from self._continued(item, self.last)
        if self.unused and self.lead:
            yield self.lead
        elif self.heading and not self.last:  # designations and refusals often print a disease and nothing else
            yield self.heading

    def _titled(self, item: Item) -> _Said | None:
        found = read_heading(self.reading, item.start, item.end)
        if not found and not _SUBTITLE.search(self.reading.text, item.start, item.end):
            self.heading = None
        return _Said(found, (), ((item.start, item.end),)) if found else None

    def _opened(self, item: Item) -> Iterator[_Said]:
        own = _OWN_SENTENCE.search(self.reading.text, item.start, item.end)
        context = None if own else self.lead
        told = [_within(said, context, self.heading) for said in _said(self.reading, item, bare=True)]
        if not told and own:  # "X is indicated in combination with:"
            self.lead, self.unused = _Said(Indication(), (), ((item.start, item.end),)), False
        if told:
            self.lead, self.unused = told[-1], _PURPOSE.search(self.reading.text, item.start, item.end) is not None
        yield from told[:-1]

    def _told(self, item: Item) -> Iterator[_Said]:
        own = _OWN_SENTENCE.search(self.reading.text, item.start, item.end)
        listed = _LISTED.match(self.reading.text, item.start, item.end) is not None
        spare = _lent(self.last) if listed and self.last and not own else None  # a list whose lead ended with a full stop
        lead = None if own else self.lead
        heading = self.heading if own or listed or lead else None
        given = self._given_first(item) if lead else ()
        told = [
            _within(said._replace(given=given or said.given), lead or (None if said.indication.condition else spare), heading)
            for said in _said(self.reading, item, bare=any((lead, spare, heading)))
        ]
        if own:
            self.lead = None
        if told:
            self.last, self.unused = told[-1], False
        yield from told

    def _given_first(self, item: Item) -> tuple[Regimen | None, ...]:
        """The partners that an item begins with, where its lead ends in "in combination with:"."""
        lead = self.reading.text[slice(*self.lead.told[-1])] if self.lead else ""
        return tuple(listed(self.reading, item.start, item.end)) if _WITH_LIST.search(lead) else ()

    def _continued(self, item: Item, last: _Said) -> Iterator[_Said]:
        """What goes on from a use: its disease and its people, at another stage, with the same partners."""
        for said in _said(self.reading, item, bare=True):
            self.last = _within(said, _lent(last)._replace(given=last.given), None)
            yield self.last


def _lent(last: _Said) -> _Said:
    """What a use lends to the next one of its sentence or list: disease, people, markers, and how far the disease is advanced."""
    kept = replace(
        last.indication, setting=_stage(last.indication.setting), prior_lines_min=None, prior_lines_printed=None, prior_therapies=(),
        spans=[span for span in last.indication.spans if span[0] in {"condition", "population", "biomarkers"}],
    )  # fmt: skip
    return _Said(kept, (), last.told)


def _stage(setting: str | None) -> str | None:
    """The parts of a setting that hold for other patients of the same disease too: how far it is advanced."""
    return "; ".join(part for part in (setting or "").split("; ") if part and not _STEP_WORDS.search(part)) or None


def _said(reading: Reading, item: Item, bare: bool) -> Iterator[_Said]:
    """The indications of one item; `bare`: also what it says of patients and partners without a disease."""
    novelty = _NOVELTY.match(reading.text, item.start, item.end)
    span = (novelty.end() if novelty else item.start, item.end)
    given = partners(reading, *span)
    told = [
        (where, one)
        for where, joined in read_indications(reading, *span, by_place=True)
        if _is_disease(_plain(joined))
        for one in _each(reading, _plain(joined))
    ]
    titled = read_heading(reading, *span)
    if titled and _is_disease(_plain(titled)) and (not told or (bare and _stands_before(titled, told[0][1], item))):
        told = [(span, one) for one in _each(reading, _plain(titled))]
    for where, one in told:
        stretch = where if where != span else (item.start, item.end)
        yield _Said(one, (where != span and partners(reading, *where)) or given, (stretch,))
    if not told and bare:
        rest = read_rest(reading, *span)
        if given or rest.spans:
            yield _Said(rest, given, (span,))


def _stands_before(titled: Indication, told: Indication, item: Item) -> bool:
    """Whether a bullet begins with its disease: "advanced cancer, who have progressed on treatment with ..."."""
    first, later = titled.condition_span, told.condition_span
    return first is not None and later is not None and first[0] < later[0] and first[0] - item.start < _NEAR


def _each(reading: Reading, joined: Indication) -> list[Indication]:
    """An indication for each disease that one joins: "acute myeloid leukaemia and cholangiocarcinoma"."""
    if joined.condition_span is None:
        return [joined]
    start, end = joined.condition_span
    named = [m for m in reading.mentions.between(start, end, "condition") if reading.depth(m.start) == reading.depth(start)]
    named[-1:] = [replace(m, end=end, name=reading.text[m.start : end]) for m in named[-1:]]
    gaps = [reading.text[a.end : b.start] for a, b in pairwise(named)]
    if len(named) < 2 or named[0].start != start or not all(_AND.fullmatch(gap) for gap in gaps):
        return [joined]
    return [_alone(joined, mention) for mention in {m.name.casefold(): m for m in reversed(named)}.values()][::-1]


def _alone(joined: Indication, mention: Mention) -> Indication:
    spans = [(slot, mention.span if slot == "condition" else span) for slot, span in joined.spans]
    return replace(joined, condition=mention.name, condition_span=mention.span, spans=spans)


def _is_disease(found: Indication) -> bool:
    return bool(found.condition) and not _NO_DISEASE.search(found.condition or "")


def _plain(found: Indication) -> Indication:
    """A disease without the people before or behind its name: "adult follicular lymphoma", "HIV-1 infected adults"."""
    if infected := _INFECTED.fullmatch(found.condition or ""):
        return replace(found, condition=f"{infected['what']} infection", population=found.population or infected["who"])
    found = replace(found, condition=_INCLUDING.split(found.condition or "")[0] or None)
    match = _PEOPLE_IN_NAME.match(found.condition or "")
    if not match:
        return found
    people = {"adult": "adults"}.get(match["who"].lower(), f"{match['who'].lower()} patients")
    return replace(found, condition=(found.condition or "")[match.end() :], population=found.population or people)


def _within(said: _Said, lead: _Said | None, heading: _Said | None) -> _Said:
    """An item with what its lead says; the heading lends its disease where neither names one."""
    if lead:
        told = tuple(dict.fromkeys((*lead.told, *said.told)))
        said = _Said(_merged(said.indication, lead.indication), said.given or lead.given, told)
    if not said.indication.condition and heading:
        said = said._replace(indication=_merged(said.indication, heading.indication), told=(*heading.told, *said.told))
    return said


def _merged(own: Indication, lead: Indication) -> Indication:
    """What is said of one use in two places; of another disease the lead tells only the people."""
    lent: set[str] = set() if own.population else {"population"}
    same = (
        own.condition is None
        or (lead.condition or "").casefold() in own.condition.casefold()
        or own.condition.casefold() in (lead.condition or "").casefold()
    )
    if same:
        lent |= {"biomarkers", "prior_lines_min", "prior_therapies"} | ({"setting"} if own.condition is None or not own.setting else set())
    lent |= {"condition"} if own.condition is None else set()
    longer = same and len(lead.condition or "") > len(own.condition or "")
    return replace(
        own,
        condition=lead.condition if longer else own.condition,
        condition_span=lead.condition_span if longer else own.condition_span,
        population=own.population or lead.population,
        setting="; ".join(dict.fromkeys(part for part in (lead.setting if "setting" in lent else None, own.setting) if part)) or None,
        prior_lines_min=own.prior_lines_min if own.prior_lines_min is not None or not same else lead.prior_lines_min,
        prior_lines_printed=own.prior_lines_printed if own.prior_lines_min is not None or not same else lead.prior_lines_printed,
        prior_therapies=tuple(dict.fromkeys((*(lead.prior_therapies if same else ()), *own.prior_therapies))),
        biomarkers=tuple(dict.fromkeys((*(lead.biomarkers if same else ()), *own.biomarkers))),
        spans=[*(span for span in lead.spans if span[0] in lent), *own.spans],
    )
