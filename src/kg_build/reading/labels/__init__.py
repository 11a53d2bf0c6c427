"""What a label says a medicine is for: one use per regimen and indication.

Labels and registries' cells name no act and no authority; what they print is a list of uses, often with its bullets lost. The same
readers of diseases and regimens serve them as serve news. "As monotherapy or in combination with X" is two uses, each a regimen of
its own; "with or without X" is one use with an optional agent; "X or Y" is one use with either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from kg_build.lexicon import Lexicon
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.indications import Indication, read_heading, read_indications, read_rest
from kg_build.reading.labels.items import Item, items
from kg_build.reading.labels.partners import partners
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import Regimen

__all__ = ["Use", "read_uses"]

_LOST_SIGN = lazy(r"\?(?=\s?\d)|(?<=[\w)])\?(?=\w)")
_UNREAD = "\ue000"  # a lost "≥" or "≤" ends no sentence; nobody can say which it was
_BROKEN = lazy(r"(?<=\w-)\s(?=[a-z])(?!(?:and|or|to)\b)")  # a hyphen at which a line ended
_NOVELTY = lazy(
    r"\s*(?:an?\s)?(?:new\s)?(?:combination\s)?(?:drugs?|follow-on\sbiologics?)\s[^.;:]{0,160}?\b(?:indicated|indications?|dosages?|ingredients?)\s(?=for\b|in\b)",
    re.IGNORECASE,
)
"""How Japan's lists say what is new about a drug, before what it is for."""
_OWN_SENTENCE = lazy(r"\bindicated\b")
_SUBTITLE = lazy(
    r"\b(?:adults?|pa?ediatric|children|monotherapy|combination|population|therapy|treatment|solution|tablets?|capsules?)\b", re.IGNORECASE
)
_STEP_WORDS = lazy(
    r"line\b|adjuvant|maintenance|treated|naive|naïve|diagnosed|relapsed|refractory|induction|consolidation|\b(?:who|not|after|following)\b"
)
_PEOPLE_IN_NAME = lazy(r"(?P<who>adult|pa?ediatric)\s(?=\w+\s|\w+$)", re.IGNORECASE)
_NO_DISEASE = lazy(
    r"^(?:(?:adult|pa?ediatric|elderly|adolescent|healthy|those|female|male|all|other|the|these|which|who|whom|children|prior|following|whose)\b|are\b|is\b|to\b|in\b|of\b"
    r"|(?:metastatic|advanced|recurrent)?\s?(?:disease|settings?|indications?|conditions?|tumou?rs?|lesions?)$)"
    r"|\b(?:mutations?|deletions?|expression|rearrangements?|status|options?|alternatives?)$",
    re.IGNORECASE,
)


class Use(NamedTuple):
    """Whom a medicine is for, and with what it is given; `partners` is None where it is given alone or nothing is said."""

    indication: Indication
    partners: Regimen | None
    span: Span


class _Said(NamedTuple):
    """What one item says; `given` is empty where it says nothing of partners."""

    indication: Indication
    given: tuple[Regimen | None, ...]
    span: Span


def read_uses(text: str, lexicon: Lexicon) -> list[Use]:
    """The uses that a label's text lists; spans are in code points of the text."""
    reading = Reading(_LOST_SIGN.sub(lambda sign: "-" if text[sign.start() - 1 : sign.start()].strip() else _UNREAD, text), lexicon)
    found: dict[tuple[object, ...], Use] = {}
    for said in _Label(reading).uses():
        if said.indication.condition:
            said = said._replace(indication=_as_printed(said.indication))
            for one in said.given or (None,):
                use = Use(said.indication, one, said.span)
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

    def _titled(self, item: Item) -> _Said | None:
        found = read_heading(self.reading, item.start, item.end)
        if not found and not _SUBTITLE.search(self.reading.text, item.start, item.end):
            self.heading = None
        return _Said(found, (), (item.start, item.end)) if found else None

    def _opened(self, item: Item) -> Iterator[_Said]:
        own = _OWN_SENTENCE.search(self.reading.text, item.start, item.end)
        context = None if own else self.lead
        told = [_within(said, context, self.heading) for said in _said(self.reading, item, bare=True)]
        if told:
            self.lead, self.unused = told[-1], own is not None
        yield from told[:-1]

    def _told(self, item: Item) -> Iterator[_Said]:
        own = _OWN_SENTENCE.search(self.reading.text, item.start, item.end)
        context = None if own else self.lead
        told = [
            _within(said, context, self.heading) for said in _said(self.reading, item, bare=context is not None or self.heading is not None)
        ]
        if own:
            self.lead = None
        if told:
            self.last, self.unused = told[-1], False
        yield from told

    def _continued(self, item: Item, last: _Said) -> Iterator[_Said]:
        """What goes on from a use: its disease and its people, at another stage."""
        kept = replace(
            last.indication, setting=_stage(last.indication.setting), prior_lines_min=None, prior_lines_printed=None, prior_therapies=(),
            spans=[span for span in last.indication.spans if span[0] in {"condition", "population", "biomarkers"}],
        )  # fmt: skip
        for said in _said(self.reading, item, bare=True):
            self.last = _within(said, _Said(kept, last.given, last.span), None)
            yield self.last


def _stage(setting: str | None) -> str | None:
    """The parts of a setting that hold for other patients of the same disease too: how far it is advanced."""
    return "; ".join(part for part in (setting or "").split("; ") if part and not _STEP_WORDS.search(part)) or None


def _said(reading: Reading, item: Item, bare: bool) -> Iterator[_Said]:
    """The indications of one item; `bare`: also what it says of patients and partners without a disease."""
    novelty = _NOVELTY.match(reading.text, item.start, item.end)
    span = (novelty.end() if novelty else item.start, item.end)
    given = partners(reading, *span)
    told = [(where, _plain(one)) for where, one in read_indications(reading, *span, by_place=True) if _is_disease(one)]
    if not told and (titled := read_heading(reading, *span)):
        told = [(span, _plain(titled))]
    for where, one in told:
        yield _Said(one, (len(told) > 1 and partners(reading, *where)) or given, where)
    if not told and bare:
        rest = read_rest(reading, *span)
        if given or rest.spans:
            yield _Said(rest, given, span)


def _is_disease(found: Indication) -> bool:
    return bool(found.condition) and not _NO_DISEASE.search(found.condition or "")


def _plain(found: Indication) -> Indication:
    """A disease without the people before its name: "adult follicular lymphoma"."""
    match = _PEOPLE_IN_NAME.match(found.condition or "")
    if not match:
        return found
    people = {"adult": "adults"}.get(match["who"].lower(), f"{match['who'].lower()} patients")
    return replace(found, condition=(found.condition or "")[match.end() :], population=found.population or people)


def _within(said: _Said, lead: _Said | None, heading: _Said | None) -> _Said:
    """An item with what its lead says; the heading lends its disease where neither names one."""
    indication = _merged(said.indication, lead.indication) if lead else said.indication
    if not indication.condition and heading:
        indication = _merged(indication, heading.indication)
    return _Said(indication, said.given or (lead.given if lead else ()), said.span)


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
    lent |= set() if own.condition else {"condition"}
    return replace(
        own,
        condition=own.condition or lead.condition,
        condition_span=own.condition_span or lead.condition_span,
        population=own.population or lead.population,
        setting="; ".join(dict.fromkeys(part for part in (lead.setting if "setting" in lent else None, own.setting) if part)) or None,
        prior_lines_min=own.prior_lines_min if own.prior_lines_min is not None or not same else lead.prior_lines_min,
        prior_lines_printed=own.prior_lines_printed if own.prior_lines_min is not None or not same else lead.prior_lines_printed,
        prior_therapies=tuple(dict.fromkeys((*(lead.prior_therapies if same else ()), *own.prior_therapies))),
        biomarkers=tuple(dict.fromkeys((*(lead.biomarkers if same else ()), *own.biomarkers))),
        spans=[*(span for span in lead.spans if span[0] in lent), *own.spans],
    )
