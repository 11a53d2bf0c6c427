"""Agents: every named agent with what the text says of it: brand, code, type, target, mechanism, company."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg_build.facts import Agent
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames import owners
from kg_build.reading.frames.agent_kinds import Kind, kind_by_description, kind_by_pronoun, kind_of
from kg_build.reading.frames.treatments import is_treatment
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

_MECHANISMS = lazy(
    r"\b(?:mechanisms?(?:\sof\saction)?[^.;]{0,40}?,?\s(?:including|such\sas)|(?:through|via|by\sinducing"
    r"|induces)(?![^.;]{0,100}\b(?:including|such\sas)\b))\s(?P<list>[^.;]{5,160})"
)
_TEXT = lazy(r"\b(?:designed\sto|that\sbinds|which\sbinds|that\stargets|works\sby)\s[^.;]{8,140}")
_BINDS = lazy(r"\b(?:binds?\s(?:specifically\s|selectively\s)?to|targets?|targeting|directed\s(?:at|against)|inhibits|blocks)\s(?:the\s)?")
_MECHANISM_WORD = lazy(
    r"(?:apoptosis|phagocytosis|cytotoxicity|immunomodulat\w+(?:\sactivity)?|activity|inhibition|lysis|degradation"
    r"|blockade|death|activation|depletion|arrest|CDC|ADCC|ADCP)\b",
    re.IGNORECASE,
)
_ACTING = lazy(r"(?:^|[\s,])(?P<mechanism>[a-z]+-(?:degrading|depleting|modulating|stimulating|suppressing|activating|blocking))\s")
_SUFFIXED = lazy(r"(?:[a-z]{3}|\))-[a-z]{4}$")


@dataclass
class _Known:
    name: str
    first: Mention
    full: tuple[str, Span] | None = None
    brands: dict[str, Span] = field(default_factory=dict)
    synonyms: dict[str, Span] = field(default_factory=dict)
    type: tuple[str, Span] | None = None
    targets: dict[str, Span] = field(default_factory=dict)
    mechanisms: dict[str, Span] = field(default_factory=dict)
    mechanism_text: str | None = None
    company: tuple[str, Span] | None = None


def read_agents(reading: Reading, used: set[str]) -> Iterator[Agent]:
    """The agents of the text that some fact uses or that its prose treats patients with, with what is said of each."""
    found: dict[str, _Known] = {}
    for mention in reading.mentions.all("agent"):
        if is_treatment(reading, mention, mention.name in used):
            found.setdefault(mention.name, _Known(mention.name, mention))
    _tell_names(reading, found)
    _tell_sentences(reading, found)
    _tell_companies(reading, found)
    return (_agent(reading, known) for known in found.values())


def _tell_names(reading: Reading, found: dict[str, _Known]) -> None:
    for generic, brand in reading.names.brands:
        known = found.get(generic)
        if known and brand.name.casefold() not in (b.casefold() for b in known.brands):
            known.brands[brand.name] = brand.span
    codes = {mention.name for _, mention in reading.names.other_names("code")}
    for mention in reading.mentions.all("agent"):
        printed = reading.text[mention.start : mention.end]
        known = found.get(mention.name)
        if known and known.full is None and _SUFFIXED.search(printed) and printed.casefold() != mention.name.casefold():
            known.full = (printed[0].lower() + printed[1:], mention.span)
        if known and printed in codes:
            known.synonyms.setdefault(printed, mention.span)


def _tell_sentences(reading: Reading, found: dict[str, _Known]) -> None:
    """What the words beside a name, and the sentence behind them, tell."""
    current: _Known | None = None
    paragraph = -1
    lead = next(iter(found.values()), None)
    for start, end in reading.document.units:
        if reading.document.paragraph_at(start) != paragraph:
            current, paragraph = None, reading.document.paragraph_at(start)
        if lead and (kind := kind_by_pronoun(reading, start, end)):
            current = lead
            _tell_kind(reading, lead, kind, end)
        for mention in reading.mentions.between(start, end, "agent"):
            known = found.get(mention.name)
            kind = kind_of(reading, mention, end) if known else None
            if known and kind:
                current = known
                _tell_kind(reading, known, kind, end)
        if current:
            _tell_mechanisms(reading, current, start, end)
    if lead and lead.type is None and _is_news(reading, lead) and (kind := kind_by_description(reading)):
        _tell_kind(reading, lead, kind, kind.span[1])


def _tell_kind(reading: Reading, known: _Known, kind: Kind, end: int) -> None:
    if known.type is None:
        known.type = (kind.name, kind.span)
    if not known.targets:
        known.targets.update(kind.targets)
    if acting := _ACTING.search(reading.text, max(0, kind.span[0] - 60), kind.span[1]):
        known.mechanisms.setdefault(acting["mechanism"], acting.span("mechanism"))
    if binds := _BINDS.search(reading.text, kind.span[1], min(end, kind.span[1] + 90)):
        for mention in reading.mentions.between(binds.end(), min(end, binds.end() + 60), "target"):
            printed = reading.text[mention.start : mention.end]
            if not any(printed in target or target in printed for target in known.targets):
                known.targets[printed] = mention.span
    if text := _TEXT.search(reading.text, kind.span[1], end):
        known.mechanism_text = known.mechanism_text or text[0]


def _tell_mechanisms(reading: Reading, known: _Known, start: int, end: int) -> None:
    match = _MECHANISMS.search(reading.text, start, end)
    if not match:
        return
    at = match.start("list")
    for part in re.split(r",\s(?:and\s)?|\sand\s", match["list"]):
        place = reading.text.find(part, at, match.end("list"))
        at = max(at, place)
        words = part.strip()
        if _MECHANISM_WORD.search(words) and len(words) < 70 and words != "antitumor activity":
            known.mechanisms.setdefault(words, (place, place + len(part)))


def _tell_companies(reading: Reading, found: dict[str, _Known]) -> None:
    """What a bracket, a possessive or "developed by" says of each; whom the text speaks for, of the agent it is about."""
    brands = {(mention.start, mention.end): generic for generic, mention in reading.names.brands}
    places = [*reading.mentions.all("agent"), *(mention for _, mention in reading.names.brands)]
    for mention in sorted(places, key=lambda m: (m.start, -m.end)):
        known = found.get(brands.get(mention.span, mention.name))
        if known and known.company is None:
            end = reading.document.units[reading.document.unit_at(mention.start)][1]
            known.company = (
                owners.in_bracket(reading, mention) or owners.possessor(reading, mention) or owners.made_by(reading, mention, end)
            )
    leads = [k for k in found.values() if k.full or k.brands or k.type] or list(found.values())[:1]
    if leads and leads[0].company is None and _is_news(reading, leads[0]):
        leads[0].company = next(owners.announcers(reading), None)
    if not any(known.company for known in found.values()):
        _tell_sole_company(reading, found, leads)


def _tell_sole_company(reading: Reading, found: dict[str, _Known], leads: list[_Known]) -> None:
    """The only company named is that of the first agent of its sentence, else of the one agent that the text is about."""
    owner = owners.sole(reading)
    if owner is None:
        return
    unit = reading.document.units[reading.document.unit_at(owner[1][0])]
    beside = next((found[m.name] for m in reading.mentions.between(*unit, "agent") if m.name in found), None)
    known = beside or (leads[0] if len(leads) == 1 else None)
    if known and _is_news(reading, known):
        known.company = owner


def _is_news(reading: Reading, lead: _Known) -> bool:
    """Whether the text is about the agent: an abstract or a guideline speaks for no company."""
    early = reading.text[: max(600, len(reading.text) // 4)]
    return bool(lead.brands) or re.search(r"\b(?:announce[sd]?|approv\w+|authori[sz]\w+|submi\w+|designation)\b", early) is not None


def _agent(reading: Reading, known: _Known) -> Agent:
    spans = [("name", known.first.span)]
    spans += [("full_name", known.full[1])] if known.full else []
    spans += [("brands", span) for span in known.brands.values()] + [("synonyms", span) for span in known.synonyms.values()]
    spans += [("agent_type", known.type[1])] if known.type else []
    spans += [("targets", span) for span in known.targets.values()] + [("mechanisms", span) for span in known.mechanisms.values()]
    spans += [("company", known.company[1])] if known.company else []
    return Agent(
        name=known.name,
        full_name=known.full[0] if known.full else None,
        brands=tuple(known.brands),
        synonyms=tuple(known.synonyms),
        agent_type=known.type[0] if known.type else None,
        targets=tuple(known.targets),
        mechanisms=tuple(known.mechanisms),
        mechanism_text=known.mechanism_text,
        company=known.company[0] if known.company else None,
        evidence=tuple(reading.evidence(*s) for s in spans),
        confidence=0.95 if known.first.key or known.brands else 0.8,
    )
