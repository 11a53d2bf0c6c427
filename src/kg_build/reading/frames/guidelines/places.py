"""For whom a regimen is recommended: told beside it, in the lead of its sentence, in the headings above it or once for the whole text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.indications import Indication, read_heading, read_indication

_LINE = re.compile(
    r"\b(?:(?:first|second|third|fourth|later|subsequent|initial|further)(?:(?:[-\s,]|\sand\s|\sor\s|\sto\s)(?:first|second|third|fourth|later|subsequent)){0,2}"
    r"[-\s](?:line|relapse)(?:\sor\s(?:later|subsequent))?|front-?\s?line|[123]L|(?:neo)?adjuvant|perioperative|maintenance|consolidation|induction|conditioning"
    r"|salvage|bridging|primary\s(?:treatment|therapy)|subsequent\s(?:treatment|therapy)|second-line\sand\ssubsequent|at\s(?:first\s)?relapse|early\srelapse"
    r"|newly\sdiagnosed|previously\s(?:un)?treated|treatment-na[iï]ve|relapsed(?:\s?(?:/|or|and)\s?refractory)?|refractory|metastatic|(?:locally\s)?advanced"
    r"|unresectable|resect(?:able|ed)|recurrent|early(?:-stage)?|localized|localised|high-risk|low-risk|favou?rable[-\s]risk|intermediate[-\s]risk"
    r"|poor[-\s]risk|(?:limited|extensive)[-\s]stage|stage\s[IVX]{1,4}[A-C]?(?:\s?(?:-|–|to|or|and)\s?[IVX]{1,4}[A-C]?)?|non-?squamous|transplant-(?:in)?eligible"
    r"|(?:not\s|un)?fit\sfor\s(?:[\w-]+\s?){1,3}|(?:in)?eligible\sfor\s(?:[\w-]+\s?){1,4}|not\scandidates?\sfor\s(?:[\w-]+\s?){1,3}"
    r"|cannot\s(?:have|receive|tolerate)\s(?:[\w-]+\s?){1,3}|followed\sby\s(?:[\w-]+\s?){1,4}|useful\sin\scertain\scircumstances)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b[Aa]fter\s(?:at\sleast\s)?(?:(?:\d|one|two|three|four)[^.;:()\[\]]{0,60}?(?:therap\w+|lines?(?:\sof\s\w+)?|relapses?)\b"
    r"|(?:progression|failure|relapse|prior|previous|an?|platinum|resection|surgery|transplant\w*)[^.;:()\[\],]{0,80})"
    r"(?:,\sincluding\s[^.;:()]{5,70}?(?=\s?(?:,\sthe|,\s[A-Z]|[.;(]|$)))?"
)
_MARKER = re.compile(
    r"\b(?:(?:sensiti[sz]ing|activating|common|uncommon|classical|non-resistant)\s)?(?:[A-Z][A-Za-z0-9/-]{1,12}\s){1,3}?(?:V600\S*\s|exon\s\d+\s|T790M\s)?(?:gene\s)?"
    r"(?:(?:activating\s|skipping\s|insertion\s)?mutations?|fusions?|rearrangements?|amplifications?|overexpression|expression|deletions?|alterations?|translocations?)\b"
    r"|\b(?:[A-Z][A-Z0-9]{1,8}\d?[A-Z0-9/]{0,6})[-\s](?:mutated|mutant|rearranged|positive|negative|altered|amplified|low|high|deficient)\b(?:\s\(IHC\s?3\+\))?"
    r"|\b(?:hormone\sreceptor|HR|ER)-(?:positive|negative)\b|\b[A-Z]{2,5}\d?\s(?:T790M|G12C|V600E?|V600[A-Z/]+)\b|\bwith\s(?:an?\s)?(?P<with>[A-Z][A-Z0-9]{2,6}\s\w{4,12}ions?)"
    r"|\b(?:MSI-H(?:/dMMR)?|dMMR|TMB-H|PD-L1\s(?:CPS|TPS|≥|>=)\s?(?:≥|>=|of\sat\sleast)?\s?\d{1,2}\s?%?|CPS\s?(?:≥|>=)\s?\d{1,2})(?=[\s,.;)]|$)"
)

_VERB = re.compile(
    r"[’']?s?\s(?:(?:revis|updat|issu|publish|releas|add|list|recommend|chang)\w*\s|guidelines?\s(?:for|on)\s)?(?:its|the|for|on)?\s?"
)
_LEAD = re.compile(r"(?:For|In|Among|Of)\s")
_UNSPECIFIC = re.compile(
    r"(?:\S+[-+]\S*\s|[A-Z0-9-]{3,}\s)?(?:[Ss]olid\s|these\s|such\s)?"
    r"(?:[Tt]umou?rs?|[Dd]isease|[Cc]ancers?|neoplasms?|carcinomas?|adenocarcinoma|(?:\w+\s)?metastas[ei]s)"
)


@dataclass
class Place:
    """Disease, setting and markers as told so far."""

    condition: str | None = None
    settings: list[str] = field(default_factory=list)
    biomarkers: list[str] = field(default_factory=list)
    spans: list[tuple[str, Span]] = field(default_factory=list)

    def take(self, other: Indication) -> None:
        """Fills what is missing and adds stage, line and markers."""
        if self.condition is None and other.condition:
            self.condition = other.condition
            self.spans += [(slot, span) for slot, span in other.spans if slot == "condition"]
        self._add("settings", "setting", [part for part in (other.setting or "").split("; ") if part])
        self._add("biomarkers", "biomarkers", list(other.biomarkers))
        self.spans += [(slot, span) for slot, span in other.spans if slot in ("setting", "biomarkers")]

    def add(self, slot: str, words: str, span: Span) -> None:
        """One phrase of a setting or marker, if it is new."""
        name = "settings" if slot == "setting" else "biomarkers"
        if self._add(name, slot, [words]):
            self.spans.append((slot, span))

    def _add(self, name: str, slot: str, phrases: list[str]) -> bool:
        held: list[str] = getattr(self, name)
        fresh = [p for p in phrases if not any(p.casefold() in h.casefold() or h.casefold() in p.casefold() for h in held)]
        held += fresh
        return bool(fresh)

    @property
    def setting(self) -> str | None:
        """Stage, line and intent in one phrase."""
        return "; ".join(self.settings) or None


_LINED = re.compile(r"line|relapse|adjuvant|maintenance|after|newly|previously|induction|consolidation|salvage|1L|2L|3L", re.IGNORECASE)


def read_place(reading: Reading, own: Iterable[Span], above: Iterable[Span], topic: Span | None) -> Place:
    """What the words beside a regimen say, completed by those above it and by what the whole text is about."""
    place = Place()
    for span in own:
        _tell(reading, place, span)
    lined = any(_LINED.search(words) for words in place.settings)
    for span in above:
        _tell(reading, place, span, lined)
    if topic and place.condition is None:
        _tell(reading, place, topic)
    return place


def _tell(reading: Reading, place: Place, span: Span, lined: bool = False) -> None:
    """Adds what a span says; the line of treatment only where none is told nearer (`lined`)."""
    for told in _indications(reading, span):
        if lined:
            told.setting = "; ".join(part for part in (told.setting or "").split("; ") if not _LINED.search(part)) or None
        place.take(told)
    for pattern, slot in ((_AFTER, "setting"), (_LINE, "setting"), (_MARKER, "biomarkers")):
        if slot == "biomarkers" and place.biomarkers:
            continue
        for match in pattern.finditer(reading.text, *span):
            if lined and slot == "setting" and _LINED.search(match[0]):
                continue
            words = match["with"] if slot == "biomarkers" and match["with"] else match[0].strip()
            at = match.start() + match[0].index(words)
            place.add(slot, words[0].lower() + words[1:] if words[1:2].islower() else words, (at, at + len(words)))


def _indications(reading: Reading, span: Span) -> Iterator[Indication]:
    if not reading.mentions.between(*span, "condition"):
        return
    found = read_indication(reading, *span) or read_heading(reading, *span)
    if found and found.condition and len(found.condition) < 90:
        _without_body(reading, found)
        if found.condition and _UNSPECIFIC.fullmatch(found.condition):
            found.condition, found.spans = None, [s for s in found.spans if s[0] != "condition"]
        if found.condition is None:
            yield from _bare(reading, span)
        yield found


def _bare(reading: Reading, span: Span) -> Iterator[Indication]:
    """The first disease a span names that is no part of a society's name."""
    for mention in reading.mentions.between(*span, "condition"):
        outside = not any(reading.mentions.covering(at, "body") for at in (mention.start, mention.end - 1))
        if outside and not _UNSPECIFIC.fullmatch(mention.name):
            yield Indication(condition=mention.name, condition_span=mention.span, spans=[("condition", mention.span)])
            return


def _without_body(reading: Reading, found: Indication) -> None:
    """Takes the name of a society, and the verb behind it, off a disease: "NCCN myeloma", "Society for Immunotherapy of Cancer"."""
    start, end = found.condition_span or (0, 0)
    opened = start
    if lead := _LEAD.match(reading.text, start, end):
        start = lead.end()
    for body in (m for m in reading.mentions.all("body") if m.start < end and start < m.end):
        verb = _VERB.match(reading.text, body.end, end)
        start = verb.end() if verb else body.end
    if start == opened:
        return
    found.spans = [s for s in found.spans if s[0] != "condition"]
    found.condition = reading.text[start:end].strip() or None if start < end else None
    if found.condition:
        found.spans.append(("condition", (end - len(found.condition), end)))


def topic(reading: Reading) -> Span | None:
    """The sentence that names first what disease the text is about."""
    named = [m for m in reading.mentions.all("condition") if not reading.mentions.covering(m.end - 1, "body")]
    if not named:
        return None
    counts: dict[str, int] = {}
    for mention in named:
        counts[mention.name.casefold()] = counts.get(mention.name.casefold(), 0) + 1
    main = next((m for m in named if counts[m.name.casefold()] > 1), named[0]) if named[0].start > 400 else named[0]
    return reading.document.units[reading.document.unit_at(main.start)]
