"""Stage 4c: the words after "for": who has what disease, at which stage, after which therapies, with which markers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.regimens import regimens

_N = r"(?:\d{1,2}|one|two|three|four|five|six)"
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_PEOPLE = r"(?:patients|adults|people|individuals|women|men|children|adolescents|participants|persons|infants|those)"
_AGE = (
    r"(?:\s?,?\s?\(?(?:aged\s|ages\s)?(?:≥\s?|at\sleast\s)?(?:\d{1,2}|one|two|six|twelve)\s?(?:years?"
    r"|months?)?(?:\sto\s(?:<\s?)?\d{1,2})?\s?(?:years?|months?)?(?:\sof\sage|\sold)?"
    r"(?:\s(?:and|or)\s(?:older|above|over|up))?\)?(?=[\s,)]))"
)
_WHO = re.compile(
    rf"\b(?P<who>(?:(?:adult|pediatric|paediatric|adolescent|elderly|postmenopausal|premenopausal|female|male|older"
    rf"|younger|and|or|certain|some|eligible|select(?:ed)?)\s){{0,5}}{_PEOPLE}"
    rf"(?:\sand\s(?:pediatric|paediatric|adolescent|children|adolescents)(?:\spatients)?)?{_AGE}?)"
    r"(?P<mid>[\s,](?:[\w-]{1,20}[\s,]{1,2}){0,5}?)(?:with|living\swith|diagnosed\swith|who\shave|suffering\sfrom)\s(?:an?\s)?",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\b(?:(?:treatment|treating|treat|therapy|management|maintenance(?:\streatment)?|prevention|indication"
    r"|use)\s(?:of|for|in)|for|in|against)\s(?:the\s(?:[\w-]{1,20}\s){0,2}?(?:treatment|management|prevention)\sof\s"
    r"|all\s)?"
)
_STOP = re.compile(
    r"\b(?:who|whose|that|which|after|following|in\scombination|in\s(?:patients|adults|the|china|japan|europe|whom)"
    r"|based|regardless|harbou?ring|expressing|carrying|as|not|for|at|receiving|considered"
    r"|eligible|ineligible|progress\w+|with|without|when|including|treated|is|are|has|was|were|on|by|under|until|have"
    r"|had|may|will|plus|and\s(?:who|no|with|has|have|is|are|in)|previously\streated\swith)\b|[.;:(\[,]"
)
_ADJECTIVE = re.compile(
    r"(?:locally[- ]advanced|advanced|metastatic|nonmetastatic|non-metastatic|unresectable|inoperable|resectable"
    r"|resected|completely\sresected|recurrent|relapsed|refractory|relapsing|persistent"
    r"|relapsed/refractory|R/R|newly[- ]diagnosed|previously[- ]treated|previously[- ]untreated|untreated"
    r"|treatment-na[iï]ve|(?:heavily\s)?(?:pre-?treated)|early(?:[- ]stage)?|high-risk|low-risk"
    r"|intermediate-risk|very\shigh-risk|favorable-risk|(?:intermediate|poor)-?(?:/|\sor\s)poor-risk"
    r"|extensive[- ]stage|limited[- ]stage|stage\s(?:[IVX]{1,4}|\d)[A-C]?(?:\s?(?:,|to|or|and|-|–|/)\s?(?:[IVX]{1,4}"
    r"|\d)[A-C]?){0,3}"
    r"|active|progressive|progressing|severe|moderate\sto\ssevere|transplant-(?:in)?eligible|platinum-(?:resistant"
    r"|sensitive|refractory)|endocrine-resistant|symptomatic|first-line|second-line|localized|localised"
    r"|measurable|certain|some\stypes\sof|chronic[- ]phase|accelerated[- ]phase|transfusion-dependent"
    r"|difficult-to-treat|incurable|node-positive|smoldering|smouldering|primary\sadvanced|deep)(?=[\s,/])",
    re.IGNORECASE,
)
_MARKED = (
    r"(?:positive|negative|mutated|mutant|amplified|expressing|overexpressing|high|low|ultralow|deficient|rearranged"
    r"|altered|driven|null|sensitive|wild-type|proficient|stable)"
)
_MARKER = re.compile(
    rf"(?:[\w+./-]{{1,24}}\s){{0,6}}?(?:\([\w/ -]{{1,24}}\)[\s-]?)?[A-Za-z0-9αβ/-]{{0,24}}?(?:(?<=[A-Za-z0-9)])[-\s]"
    rf"|(?<=\)-)){_MARKED}(?:[-/]{_MARKED})?(?:\s\([^()]{{1,30}}\))?(?=[\s,/])"
    r"|(?:MSI-H|dMMR|TMB-H|pMMR|Ph\+|FLT3-ITD|[A-Z][A-Z0-9]{1,6}\+)(?:/\w+)?(?=[\s,])"
)
_PART_OF_DISEASE = re.compile(r"(?:castration|hormone|germ)[-\s](?:resistant|sensitive)|triple[-\s]negative", re.IGNORECASE)
_GLUE = re.compile(r"[\s,/]*(?:(?:and/or|and|or|a|an|the)\s)?[\s,]*")
_LINE = re.compile(
    r"\b(?:first-?line|second-?line|third-?line|frontline|front-line|later-line|1L|2L|3L|neoadjuvant|adjuvant"
    r"|perioperative|maintenance|consolidation|induction|conditioning)\b"
    r"(?:\s(?:treatment|therapy|setting|maintenance))?",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\bat\s(?:first|second|initial)\srelapse\b|\b(?:in|at)\sthe\s(?:first|second)[- ]line\ssetting\b|\bin\s(?:first"
    r"|second)\srelapse\b",
    re.IGNORECASE,
)
_ELIGIBLE = re.compile(
    r"\b(?:(?:are\s|is\s)?(?:not\s(?:eligible|suitable|candidates?)|ineligible|unsuitable|eligible|candidates?"
    r"|unable)\s(?:for|to)\s(?:(?!(?:is|are|was|has|and\swho|who|in\scombination)\b)[^\s.;,]{1,30}\s?){1,10})"
)
_LINES = re.compile(
    rf"\b(?:at\sleast\s|≥\s?|>=\s?|a\sminimum\sof\s)?(?P<n>{_N})(?:\s?(?:to|or|-|–)\s?(?:more|greater"
    rf"|{_N}))?\s(?:(?:prior|previous|earlier)\s(?:lines?|therap\w+|systemic|regimens?|treatments?|chemo\w+|anti-?\w+"
    rf"|HER2\S*"
    r"|endocrine|platinum\S*)|(?:lines?|regimens?)\sof\s(?:prior\s|previous\s|systemic\s|anti\S+\s)?(?:therap\w+"
    r"|treatment)|or\smore\s(?:prior|previous|lines?))",
    re.IGNORECASE,
)
_GE_LINES = re.compile(rf"≥\s?(?P<n>{_N})\s(?:prior|previous|lines?)", re.IGNORECASE)
_PRIOR = re.compile(
    r"\b(?:prior|previous(?:ly)?|received|progress\w+|relapsed\s(?:after|on)|after|following|refractory\sto|failed"
    r"|failure\sof|intoleran\w+|resistant\sto|exposed\sto|treated\swith|pretreated\swith|inadequate\sresponse\sto"
    r"|despite)\b",
    re.IGNORECASE,
)
_MARKER_WORD = (
    r"(?:mutations?|expression|amplifications?|fusions?|rearrangements?|deletions?|alterations?|insertions?|wild-type"
    r"|overexpression|aberrations?|substitutions?|variants?|skipping(?:\s\w+)?|translocations?"
    r"|instability(?:-high)?|deficien(?:t|cy)(?:\s\([^()]{1,12}\))?)"
)
_TAIL_MARKER = re.compile(
    rf"\b(?:whose\s(?:tumou?rs?|disease|cancers?)\s(?:have|has|express(?:es)?|are|is|harbou?rs?|carr(?:y|ies))"
    rf"|harbou?r(?:s|ing)?|with|carrying|who\shave|have|has|and|are)\s(?:an?\s)?"
    rf"(?P<marker>(?P<no>no\s(?:known\s)?)?(?:(?!who\b|patients\b|after\b"
    rf"|prior\b)[\w()/+.≥%‐-]{{1,30}}[\s,]{{1,2}}){{1,14}}?{_MARKER_WORD}(?:\s(?:≥\s?|of\sat\sleast\s"
    rf"|\(≥?)\d{{1,2}}\s?%\)?)?(?:\sor\s(?:exon\s\d+\s)?[\w-]{{1,16}}\s{_MARKER_WORD})?)"
    rf"|(?:express(?:es|ing)?)\s(?P<expressed>[A-Z][\w-]{{1,12}})(?=\s|,|\.)|(?P<adjective>\b(?:[A-Z][\w/]{{1,10}}"
    rf"|hormone\sreceptor)-(?:positive|negative|mutated|low|high))\b"
)


@dataclass
class Indication:
    """What an indication says, with the spans it says it in."""

    condition: str | None = None
    condition_span: Span | None = None
    setting: str | None = None
    population: str | None = None
    prior_lines_min: int | None = None
    prior_lines_printed: str | None = None
    prior_therapies: tuple[str, ...] = ()
    biomarkers: tuple[str, ...] = ()
    spans: list[tuple[str, Span]] = field(default_factory=list)


def read_indication(reading: Reading, start: int, end: int) -> Indication | None:
    """The indication told within [start, end), None where no disease is named."""
    anchor = _anchor(reading, start, end)
    if anchor is None:
        return None
    at, who = anchor
    np_end = _phrase_end(reading, at, end)
    adjectives, markers, head = _peel(reading, at, np_end)
    name_start, name_end = _trim(reading.text, head, np_end)
    if name_end - name_start < 3:
        return None
    found = Indication(condition=" ".join(reading.text[name_start:name_end].split()), condition_span=(name_start, name_end))
    found.spans.append(("condition", (name_start, name_end)))
    _tell_population(reading, found, who)
    _tell_priors(reading, found, min(at, name_start), name_end, end)
    _tell_markers(reading, found, markers, name_end, end)
    _tell_setting(reading, found, adjectives, start, name_end, end)
    return found


def read_heading(reading: Reading, start: int, end: int) -> Indication | None:
    """The indication of a bare disease phrase, as headings print it: "Previously treated multiple myeloma:"."""
    named = reading.mentions.between(start, end, "condition")
    if not named:
        return None
    low = max(start, named[0].start - 120)
    adjectives, markers, head = _peel(reading, low, named[0].end)
    found = Indication(
        condition=reading.text[named[0].start : named[0].end], condition_span=named[0].span, spans=[("condition", named[0].span)]
    )
    if head == named[0].start:
        _tell_markers(reading, found, markers, named[0].end, end)
        _tell_setting(reading, found, adjectives, low, named[0].end, end)
    return found


def _anchor(reading: Reading, start: int, end: int) -> tuple[int, Span | None] | None:
    """Where the disease phrase begins, and the words that tell who has it."""
    match = _WHO.search(reading.text, start, end)
    if match and not re.search(r"\b(?:trial|study|evaluated|enrolled)\b", reading.text[start : match.start()]):
        return match.end(), match.span("who")
    conditions = reading.mentions.between(start, end, "condition")
    for match in _OF.finditer(reading.text, start, end):
        near = [c for c in conditions if match.end() <= c.start <= match.end() + 130]
        if near and not _hard_stop(reading.text[match.end() : near[0].start]):
            people = _WHO.search(reading.text, match.end(), near[0].start + 1)  # "in 302 patients with ..."
            return (people.end(), people.span("who")) if people else (match.end(), None)
    match = re.compile(r"\b(?:treatment|treat|management)\s(?:of\s)?").search(reading.text, start, end)
    return (match.end(), None) if match else None


def _hard_stop(gap: str) -> bool:
    return bool(re.search(r"\b(?:who|whose|based|after|received|combination|plus|supported|by|trial|study|was|were|is)\b|[.;:]\s", gap))


def _phrase_end(reading: Reading, at: int, end: int) -> int:
    """End of the disease phrase: of the diseases a table knows that are joined here, else the first stop word."""
    conditions = [c for c in reading.mentions.between(at, min(end, at + 160), "condition") if not _hard_stop(reading.text[at : c.start])]
    if not conditions:
        match = _STOP.search(reading.text, at + 1, end)
        return match.start() if match else end
    last = conditions[0].end
    for condition in conditions[1:]:
        gap = re.sub(r"\s?\([^()]{1,40}\)", "", reading.text[last : condition.start])
        if (
            re.fullmatch(
                r"\s?,?\s?(?:and/or|or|and|/)\s(?:[\w-]{1,24}\s){0,3}|,\s(?:(?!with\b|in\b|who\b)[\w-]{1,20}\s){0,2}|\s|\s?\(", gap
            )
            and len(gap) < 60
        ):
            last = condition.end if reading.depth(condition.start) == reading.depth(at) else last
    more = re.compile(r"(?:\s(?:cancer|carcinoma|lymphoma|leukemia|tumou?rs?|adenocarcinoma|syndromes?|disease)\b)+").match(
        reading.text, last, end
    )
    return more.end() if more else last


def _peel(reading: Reading, start: int, end: int) -> tuple[list[Span], list[Span], int]:
    """Stage and marker words before the disease itself: (stage spans, marker spans, start of the disease)."""
    adjectives: list[Span] = []
    markers: list[Span] = []
    at = start
    while at < end:
        glue = _GLUE.match(reading.text, at, end)
        at = glue.end() if glue else at
        if match := _ADJECTIVE.match(reading.text, at, end):
            adjectives.append(match.span())
        elif (
            (match := _MARKER.match(reading.text, at, end))
            and not _PART_OF_DISEASE.search(match[0])
            and not _ADJECTIVE.search(match[0] + " ")
        ):
            markers.append(match.span())
        else:
            return adjectives, markers, at
        at = match.end()
    return adjectives, markers, start


def _trim(text: str, start: int, end: int) -> Span:
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",.;:"):
        end -= 1
    return start, end


# ---- slots -----------------------------------------------------------------------------------------------------------------------


def _tell_population(reading: Reading, found: Indication, who: Span | None) -> None:
    if who is None:
        return
    words = " ".join(reading.text[who[0] : who[1]].split()).rstrip(" ,(")
    words = re.sub(r"^(?:certain|some|eligible|select(?:ed)?)\s", "", words, flags=re.IGNORECASE)
    if words.lower() in ("adult patients", "adults", "adult people", "adult individuals"):
        words = "adults"
    if words.lower() not in ("patients", "people", "individuals", "participants", "those", "persons"):
        found.population = words
        found.spans.append(("population", who))


def _tell_priors(reading: Reading, found: Indication, start: int, name_end: int, end: int) -> None:
    match = _LINES.search(reading.text, name_end, end) or _GE_LINES.search(reading.text, name_end, end)
    if match:
        found.prior_lines_printed = match["n"]
        found.prior_lines_min = _NUMBERS.get(match["n"].lower()) or int(match["n"])
        found.spans.append(("prior_lines_min", match.span("n")))
    cue = _PRIOR.search(reading.text, name_end, end) or _PRIOR.search(reading.text, start, name_end)
    if not cue:
        return
    eligible = _ELIGIBLE.search(reading.text, cue.end(), end)
    names: list[str] = []
    for regimen in regimens(reading, max(cue.end(), name_end), eligible.start() if eligible else end):
        before = reading.text[max(0, regimen.span[0] - 34) : regimen.span[0]]
        if re.search(r"(?:in combination with|not (?:received|previously)|no prior|or to|without prior)\s(?:an?\s)?$", before):
            continue
        names += [name for name in regimen.names if name not in names]
        found.spans += [("prior_therapies", span) for span in regimen.spans]
    found.prior_therapies = tuple(names)


def _tell_markers(reading: Reading, found: Indication, markers: list[Span], name_end: int, end: int) -> None:
    spans = list(markers)
    for match in _TAIL_MARKER.finditer(reading.text, name_end, min(end, name_end + 400)):
        group = next(g for g in ("marker", "expressed", "adjective") if match[g])
        before = reading.text[max(0, match.start(group) - 40) : match.start(group)]
        if not re.search(r"\b(?:targeting|for|against|approved|test|directed)\b[^,]{0,20}$", before):
            spans.append(match.span(group))
    names: list[str] = []
    for span in spans:
        words = re.sub(r"^no known ", "no ", " ".join(reading.text[span[0] : span[1]].split()))
        words = re.sub(r"^(?:either|an?|have|has)\s", "", words)
        halves = re.split(r"\s(?:or|and)\s", words)
        names += halves if len(halves) > 1 and all(re.search(_MARKER_WORD + "$", half) for half in halves) else [words]
        found.spans.append(("biomarkers", span))
    found.biomarkers = tuple(dict.fromkeys(names))


def _tell_setting(reading: Reading, found: Indication, adjectives: list[Span], start: int, name_end: int, end: int) -> None:
    """Stage words as printed (joined where they stand together), then line and intent, then eligibility."""
    spans = [(adjectives[0][0], adjectives[0][1])] if adjectives else []
    for span in adjectives[1:]:
        if len(reading.text[spans[-1][1] : span[0]].strip()) <= 6:
            spans[-1] = (spans[-1][0], span[1])
        else:
            spans.append(span)
    for pattern, low, high in ((_LINE, start, name_end), (_AT, name_end, end)):
        spans += [m.span() for m in pattern.finditer(reading.text, low, high) if not any(a <= m.start() < b for a, b in spans)]
    if eligible := _ELIGIBLE.search(reading.text, name_end, end):
        words = re.sub(r"^(?:are|is)\s", "", eligible[0])
        span = (eligible.end() - len(words), eligible.start() + len(eligible[0].rstrip()))
        if found.population:
            spans.append(span)
        else:
            found.population = words.strip()
            found.spans.append(("population", span))
    if spans:
        found.setting = "; ".join(
            dict.fromkeys(re.sub(r"^at (?:first|second) ", lambda m: m[0][3:], " ".join(reading.text[a:b].split())) for a, b in spans)
        )
        found.spans += [("setting", span) for span in spans]
