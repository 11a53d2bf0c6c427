"""Agents: every named agent with what the text says of it: brand, code, type, target, mechanism, company."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg_build.facts import Agent
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.treatments import is_treatment
from kg_build.reading.mentions import Mention

_TYPE = re.compile(
    r"\b(?P<type>(?:(?:humanized|chimeric|fully\shuman|human|bispecific|recombinant|small[- ]molecule|oral|selective"
    r"|first-in-class|IgG\d|CD\d+-directed|\w+-directed)\s){0,3}?(?P<core>antibody[-‐‑–]drug\sconjugate"
    r"|bispecific\s(?:[\w-]{1,24}\s){0,4}?(?:antibody|T[- ]cell\sengager)|monoclonal\santibody"
    r"|(?:tyrosine\s)?kinase\sinhibitor|CAR[- ]T[- ]cell\s(?:therapy|immunotherapy)"
    r"|chimeric\santigen\sreceptor\s(?:\([\w -]+\)\s)?T[- ]cell\s(?:therapy|immunotherapy)|radioligand(?:\stherapy)?"
    r"|fusion\sprotein|small\smolecule|vaccine|(?:[\w/-]+\s){1,2}?inhibitor|antibody|radiopharmaceutical"
    r"|androgen\sreceptor\sinhibitor|oligonucleotide|T[- ]cell\sengager))\b"
)
_IS = re.compile(
    r"(?:\s?\([^()]{1,40}\))?,?\s(?:is|was)\s(?:an?|the\sfirst(?:\sand\sonly)?)\s|(?:\s?\([^()]{1,40}\))?,\s(?:an?"
    r"|the)\s(?=[\w\s-]{0,60}(?:antibody|inhibitor|conjugate|therapy|agent|engager))"
)
_PRONOUN_IS = re.compile(r"(?:The|This)\s(?:drug|agent|therapy|medicine|treatment)(?:,\s|\sis\s)an?\s|It\sis\san?\s")
_DIRECTED = re.compile(
    r"\b(?P<a>[A-Z][A-Za-z0-9-]{1,14}?)(?:/(?P<b>[A-Z][A-Za-z0-9-]{1,12}))?[-‐‑](?:directed|targeted|targeting"
    r"|binding)\b|\b(?:anti-?|directed\s(?:at|against)\s(?:the\s)?|targets?\s(?:the\s)?|targeting\s(?:the\s)?"
    r"|binds?\s(?:to\s)?(?:the\s)?)(?P<c>[A-Z][A-Za-z0-9-]{1,14})\b"
)
_INHIBITS = re.compile(r"\b(?P<target>[A-Z][A-Za-z0-9/-]{1,14})\s(?:tyrosine\s)?(?:kinase\s)?inhibitor\b")
_MECHANISMS = re.compile(
    r"\b(?:mechanisms?(?:\sof\saction)?[^.;]{0,40}?,?\s(?:including|such\sas)|(?:through|via|by\sinducing"
    r"|induces)(?![^.;]{0,100}\b(?:including|such\sas)\b))\s(?P<list>[^.;]{5,160})"
)
_TEXT = re.compile(r"\b(?:designed\sto|that\sbinds|which\sbinds|that\stargets|works\sby)\s[^.;]{8,140}")
_MECHANISM_WORD = re.compile(
    r"(?:apoptosis|phagocytosis|cytotoxicity|immunomodulat\w+(?:\sactivity)?|activity|inhibition|lysis|degradation"
    r"|blockade|death|activation|depletion|arrest|CDC|ADCC|ADCP)\b",
    re.IGNORECASE,
)
_COMPANY_IN = re.compile(r"\(\s?[A-Z][\w®™ -]{2,24}[;,]\s(?P<company>[A-Z][\w&.,’' -]{2,60}?)\)")
_ANNOUNCED = re.compile(
    r"(?P<company>[A-Z][\w&-]{1,20}(?:\s(?:&\s)?[A-Z][\w.&-]{1,20}){0,3}(?:,?\s(?:Inc|Ltd"
    r"|Co)\.)?)(?:\s\([^()]{2,40}\))?\s(?:today\s)?announced\b"
)
_POSSESSIVE = re.compile(r"[’']s?\s(?:[a-z]+\s){0,3}?(?=[a-z]{6,}|[A-Z])")


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
        if mention.name in used or is_treatment(reading, mention):
            found.setdefault(mention.name, _Known(mention.name, mention))
    _tell_names(reading, found)
    _tell_sentences(reading, found)
    _tell_company(reading, found)
    return (_agent(reading, known) for known in found.values())


def _tell_names(reading: Reading, found: dict[str, _Known]) -> None:
    for generic, brand in reading.names.brands:
        known = found.get(generic)
        if known and brand.name.casefold() not in (b.casefold() for b in known.brands):
            known.brands[brand.name] = brand.span
            if match := _COMPANY_IN.match(reading.text, brand.start - 1, brand.end + 80):
                known.company = known.company or (match["company"].strip(), match.span("company"))
    codes = {mention.name for _, mention in reading.names.other_names("code")}
    for mention in reading.mentions.all("agent"):
        printed = reading.text[mention.start : mention.end]
        known = found.get(mention.name)
        if known and known.full is None and re.search(r"[a-z]{3}-[a-z]{4}\b$", printed) and printed.casefold() != mention.name.casefold():
            known.full = (printed[0].lower() + printed[1:], mention.span)
        if known and printed in codes:
            known.synonyms.setdefault(printed, mention.span)


def _tell_sentences(reading: Reading, found: dict[str, _Known]) -> None:
    """What "X is a CD38-directed monoclonal antibody that ..." and the sentence behind it tell."""
    current: _Known | None = None
    paragraph = -1
    for start, end in reading.document.units:
        if reading.document.paragraph_at(start) != paragraph:
            current, paragraph = None, reading.document.paragraph_at(start)
        lead = next(iter(found.values()), None)
        if lead and (told := _PRONOUN_IS.match(reading.text, start, end)):
            current = lead
            _tell_type(reading, lead, told.end(), end)
        for mention in reading.mentions.between(start, end, "agent"):
            known = found.get(mention.name)
            told = _IS.match(reading.text, mention.end, end)
            if known and told:
                current = known
                _tell_type(reading, known, told.end(), end)
        if current:
            _tell_mechanisms(reading, current, start, end)


def _tell_type(reading: Reading, known: _Known, start: int, end: int) -> None:
    stop = reading.text.find(";", start, end)
    end = stop if stop > 0 else end
    match = _TYPE.search(reading.text, start, min(end, start + 140))
    if match and known.type is None:
        core = match["core"]
        known.type = (re.sub(r"[‐‑–]", "-", core), match.span("core"))
        if inhibited := _INHIBITS.search(reading.text, start, match.end("core")):
            known.targets.setdefault(inhibited["target"], inhibited.span("target"))
    for target in _DIRECTED.finditer(reading.text, start, end):
        for group in ("a", "b", "c"):
            if target[group] and not re.fullmatch(r"T|B|[A-Z][a-z]{3,}", target[group]):
                known.targets.setdefault(target[group], target.span(group))
    for mention in reading.mentions.between(start, min(end, start + 160), "target"):
        if any(
            known_target.casefold() in mention.name.casefold() or known_target in reading.text[mention.start : mention.end]
            for known_target in known.targets
        ):
            continue
        if not re.match(r"[-\s](?:positive|negative|mutat|amplif|express)", reading.text[mention.end : mention.end + 10]) and (
            known.targets or re.search(r"\b(?:bind|target|direct|inhibit|block)", reading.text[start : mention.end + 14])
        ):
            known.targets.setdefault(reading.text[mention.start : mention.end], mention.span)
    if text := _TEXT.search(reading.text, start, end):
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


def _tell_company(reading: Reading, found: dict[str, _Known]) -> None:
    """The one company of a text that speaks of one new agent; otherwise only what a bracket says."""
    for owner in reading.mentions.all("organization"):
        match = _POSSESSIVE.match(reading.text, owner.end)
        owned = reading.mentions.between(match.end(), match.end() + 40, "agent")[:1] if match else []
        if match and owned and owned[0].start == match.end() and owned[0].name in found:
            known = found[owned[0].name]
            known.company = known.company or (owner.name, owner.span)
    lead = next(iter(found.values()), None)
    announced = _ANNOUNCED.search(reading.text)
    if lead and lead.company is None and announced and not reading.mentions.covering(announced.start("company"), "regulator"):
        lead.company = (announced["company"], announced.span("company"))
    named = {m.name: m for m in reversed(reading.mentions.all("organization"))}
    leads = [k for k in found.values() if k.full or k.type or k.company] or list(found.values())[:1]
    if len(named) == 1 and leads and leads[0].company is None:
        [(name, mention)] = named.items()
        leads[0].company = (name, mention.span)


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
