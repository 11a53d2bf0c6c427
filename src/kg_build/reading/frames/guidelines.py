"""Recommendations of guideline bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from kg_build.facts import Evidence, Recommendation
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.indications import Indication, read_heading, read_indication
from kg_build.reading.regimens import Regimen, regimens

_HEAD = r"(?:Society|Association|Network|College|Academy|Federation|Alliance|Institute|Foundation|Group)"
_BODY = re.compile(
    rf"\b(?P<name>(?:[A-Z][\w’'-]{{1,24}}\s){{1,6}}?{_HEAD}(?:\s(?:of|for"
    rf"|on)(?:\sthe)?(?:\s[A-Z][\w-]{{1,24}}){{1,4}}(?:\sand(?!\s(?:the\s)?(?:[A-Z][\w’'-]{{1,24}}\s){{1,5}}{_HEAD}\b)"
    rf"(?:\s[A-Z][\w-]{{1,24}}){{1,3}})?)?)"
    r"(?:\s\((?P<short>[A-Z]{3,6})\))?"
)
_SHORT_BODY = re.compile(r"\b(?P<short>[A-Z]{3,6})(?:®)?\s(?:[\w-]{1,24}\s){0,4}?(?:[Gg]uidelines?|Clinical\sPractice)\b")
_GUIDELINE = re.compile(
    r"\b[Gg]uidelines?\b|\bcompendium\b|\bconsensus\s(?:statement|recommendation)|\bClinical\sPractice\b"
    r"|\bliving\sguideline"
)
_ACT = re.compile(
    r"\b(?:recommend(?:s|ed|ation|ations|ing)?|includ(?:es?|ed|ing)|list(?:s|ed)?|added|adds?|categor(?:y|i[sz]ed)"
    r"|preferred|endorse[sd]?|designat\w+|upgraded|suggest(?:s|ed)?|should\sreceive)\b",
    re.IGNORECASE,
)
_CATEGORY = re.compile(
    r"\b[Cc]ategory\s(?P<category>\d[AB]?)\b|\b(?P<class>(?:[Cc]lass|[Gg]rade|[Ll]evel)\s(?:I{1,3}|IV|[A-D]"
    r"|\d)(?:[,;]?\s?[A-C])?)\b|\[(?P<esmo>I{1,3}V?,\s?[A-E])\]|\b(?P<strong>strong|conditional"
    r"|weak)\srecommendation\b"
)
_PREFERRED = re.compile(
    r"(?P<no>\b(?:not\s(?:a\s)?preferred|other\srecommended|alternative|useful\sin\scertain)\b)|\bpreferred\b", re.IGNORECASE
)
_IT = re.compile(r"\s(?:it|the\s(?:combination|regimen|triplet|doublet|quadruplet|drug|agent))\b")
_SIZES = {"quadruplet": 4, "triplet": 3, "doublet": 2, "combination": 2}
_AFTER_LINES = re.compile(
    r"\b[Aa]fter\s(?:at\sleast\s)?(?:\d|one|two|three|four)[^.;:()]{0,60}?(?:therap\w+|lines?(?:\sof\s\w+)?"
    r"|relapses?)\b"
)
_VERSION = re.compile(r"\b[Vv](?:ersion|\.)\s?(?P<version>\d{1,2}\.(?:20\d\d)|20\d\d(?:\.\d{1,2})?|\d{1,2}(?:\.\d{1,2})?)")
_NOT = re.compile(r"\b(?:not\srecommended|do(?:es)?\snot\srecommend|removed|recommend(?:s|ed)?\sagainst)\b", re.IGNORECASE)


def read_recommendations(reading: Reading) -> Iterator[Recommendation]:
    """Every regimen that a guideline body recommends, one fact a body."""
    last: list[tuple[str, str | None, Span]] = []
    whole = _GUIDELINE.search(reading.text) is not None
    for start, end in reading.document.units:
        bodies = _bodies(reading, start, end)
        last = bodies or last
        if not (whole and last and _ACT.search(reading.text, start, end)) or _NOT.search(reading.text, start, end):
            continue
        if not bodies and not _GUIDELINE.search(reading.text, start, end) and not _CATEGORY.search(reading.text, start, end):
            continue
        yield from _unit(reading, start, end, bodies or last)


_LONGER_NAME = re.compile(r"(?<!\w)(?!(?:The|Updated|And)\s)[A-Z][\w-]+\s$")


def _bodies(reading: Reading, start: int, end: int) -> list[tuple[str, str | None, Span]]:
    """(short name, full name, span) of the bodies whose guidelines a unit speaks of."""
    found: dict[str, tuple[str, str | None, Span]] = {}
    for mention in reading.mentions.between(start, end, "body"):
        if _LONGER_NAME.search(reading.text[max(start, mention.start - 24) : mention.start]):
            continue  # "Latin American Cancer Society" is another body than the one its last words name
        entry = reading.lexicon.bodies.by_key.get(mention.key or "")
        found.setdefault(mention.name, (mention.name, entry.label if entry else None, mention.span))
    known = [span for _, _, span in found.values()]
    if _GUIDELINE.search(reading.text, start, end):
        for match in [*_BODY.finditer(reading.text, start, end), *_SHORT_BODY.finditer(reading.text, start, end)]:
            group = "name" if "name" in match.re.groupindex else "short"
            if any(a < match.end(group) and match.start(group) < b for a, b in known) or _taken(reading, match.start(group)):
                continue
            name = match["short"] or re.sub(r"^(?:The|Both|And)\s", "", match[group])
            full = re.sub(r"^(?:The|Both|And)\s", "", match["name"]) if group == "name" else None
            found.setdefault(name, (name, full, match.span(group)))
            known.append(match.span(group))
    return list(found.values())


def _taken(reading: Reading, position: int) -> bool:
    return any(
        reading.mentions.covering(position, kind)
        for kind in ("regulator", "trial", "condition", "agent", "target", "organization", "class")
    )


def _unit(reading: Reading, start: int, end: int, bodies: list[tuple[str, str | None, Span]]) -> Iterator[Recommendation]:
    clauses = _clauses(reading, start, end)
    for regimen, low, high in clauses:
        indication = (
            read_indication(reading, regimen.span[1], high)
            or read_indication(reading, low, regimen.span[0])
            or read_heading(reading, low, regimen.span[0])
            or _named_disease(reading, low, regimen.span[0])
        )
        for short, full, span in bodies:
            yield _recommendation(reading, regimen, (low, high), indication, short, full, span)


def _spoken_of(reading: Reading, word: re.Match[str] | None) -> list[Regimen]:
    """The regimen that "the triplet" or "it" means: the first of that size that the text names."""
    least = next((size for name, size in _SIZES.items() if word and name in word[0]), 1)
    units = reading.document.units[:20]
    named = (g for a, b in units for g in regimens(reading, a, b) if len(g.names) >= least and reading.mentions.between(*g.span, "agent"))
    return list(islice(named, 1))


def _named_disease(reading: Reading, start: int, position: int) -> Indication | None:
    """The disease named last before a regimen, in its paragraph or in the text: what the recommendation speaks of."""
    mention = reading.mentions.before(position, "condition")
    return Indication(condition=mention.name, condition_span=mention.span, spans=[("condition", mention.span)]) if mention else None


def _clauses(reading: Reading, start: int, end: int) -> list[tuple[Regimen, int, int]]:
    """The recommended regimens of a unit, each with the stretch that speaks of it."""
    act = _ACT.search(reading.text, start, end)
    groups = [g for g in regimens(reading, start, end) if reading.mentions.between(*g.span, "agent")]
    groups = [
        g
        for g in groups
        if not re.search(
            r"\b(?:prior|previous(?:ly)?|received|after|including|following|refractory\sto|versus|vs|than"
            r"|over)\s(?:\w+\s){0,3}$",
            reading.text[max(start, g.span[0] - 40) : g.span[0]],
        )
    ]
    if act and not groups and _CATEGORY.search(reading.text, start, end) and _IT.search(reading.text, act.end(), end):
        groups = _spoken_of(reading, _IT.search(reading.text, act.end(), end))
        return [(Regimen((act.end(), act.end()), g.names, g.spans), start, end) for g in groups]
    if not act or not groups:
        return []
    chosen = [groups[0]]
    for group in groups[1:]:
        gap = reading.text[chosen[-1].span[1] : group.span[0]]
        if (
            len(gap) < 90
            and re.search(r"\b(?:and|or|as\swell\sas)\b|[,;]", gap)
            and not re.search(r"\b(?:patients|with|who|treated|combination|based)\b", gap)
        ):
            chosen.append(group)
    edges = [start, *(g.span[0] for g in chosen[1:]), end]
    return [(g, edges[i], end if i + 1 == len(chosen) or len(chosen) < 2 else edges[i + 1]) for i, g in enumerate(chosen)]


def _recommendation(
    reading: Reading, regimen: Regimen, clause: Span, indication: Indication | None, short: str, full: str | None, span: Span
) -> Recommendation:
    low, high = clause
    text = reading.text
    setting = "; ".join(part for part in (indication.setting if indication else None, _line(text, low, high)) if part) or None
    category = _CATEGORY.search(text, regimen.span[1], high) or _CATEGORY.search(text, low, high)
    preferred = _PREFERRED.search(text, low, high)
    version = _VERSION.search(text)
    evidence: list[Evidence] = [reading.evidence("body", span), *(reading.evidence("regimen", s) for s in regimen.spans)]
    for slot, match in (("category", category), ("preferred", preferred), ("version", version)):
        if match:
            evidence.append(reading.evidence(slot, match.span()))
    evidence += [reading.evidence(slot, where) for slot, where in indication.spans] if indication else []
    return Recommendation(
        body=short,
        body_name=full,
        regimen=regimen.names,
        condition=indication.condition if indication else None,
        setting=setting,
        biomarkers=indication.biomarkers if indication else (),
        category=_category(category),
        preferred=None if not preferred else not preferred["no"],
        version=version["version"] if version else None,
        evidence=tuple(evidence),
        confidence=0.8 if category else 0.65,
    )


def _line(text: str, low: int, high: int) -> str | None:
    """Words like "after one to three prior therapies", which recommendations have no slot of their own for."""
    match = _AFTER_LINES.search(text, low, high)
    return match[0][0].lower() + match[0][1:] if match else None


def _category(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return next((match[g] for g in ("category", "class", "esmo", "strong") if match[g]), None)
