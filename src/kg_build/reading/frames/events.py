"""Which adverse events a unit names: by table, by form, as a whole, as what they led to, or by their place in a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

_SIZE = r"(?:[1-5]|I{1,3}V?|IV|V)"
GRADED = (
    rf"(?:[Gg]rades?|Gr\.?|CTCAE\sgrade)\s?(?:of\s)?(?:≥|>=|>)?\s?{_SIZE}(?:\s?(?:-|–|—|/|\sto\s|\sor\s|\sand\s|,\s)\s?{_SIZE})?\+?"
    r"(?:\s(?:or|and)\s(?:higher|greater|worse|above|more|over))?|(?:≥|>=)\s?[Gg]rade\s?[1-5]"
)
_QUALIFIER = (
    rf"(?:{GRADED}|(?:any|all|high|low)[- ]grades?|fatal|serious|severe|non-?serious|life-threatening|moderate|mild"
    r"|(?:very\s)?common|frequent|most"
    r"|treatment[- ](?:emergent|related)|therapy-related|drug[- ]related|study[- ](?:drug|treatment)[- ]related"
    r"|immune[- ](?:related|mediated)|infusion[- ]related|related|possibly|potentially|all-cause|all-causality"
    r"|clinical|new|additional|on-treatment|unexpected"
    r"|non-?ha?ematolog(?:ic|ical)|ha?ematolog(?:ic|ical)|gastrointestinal|ocular|cutaneous|dermatolog(?:ic|ical)|neurolog(?:ic|ical)|cardiac"
    r"|[a-z]{3,20}(?:al|ic|ary|ous|-related)|skin|eye|late|acute|chronic|dose-limiting|or|and|to)"
)
_HEAD = (
    r"(?:(?<!major\s)adverse\s(?:drug\s)?(?:effects?|events?|reactions?|experiences?)|side[\s-]effects?|toxicit(?:y|ies)|toxic\seffects?"
    r"|T[ER]AEs?|SAEs?|irAEs?|AESIs?|ADRs?|AEs?)\b"
)
_EVENTS = (
    rf"(?:{GRADED}|(?:treatment|drug|therapy|study-drug|immune|infusion)[- ](?:related|mediated|emergent)|(?:any|all|high)[- ]grade)"
    r"\s(?:(?:treatment|drug|immune)[- ](?:related|mediated|emergent)\s)?events?\b"
)
_ENDED = (
    r"(?:(?:treatment|study|drug|dose|therapy|permanent|temporary|any|the|of|study-drug|study-treatment|all)\s){0,4}"
    r"(?:discontinuations?|withdrawals?|interruptions?|reductions?|modifications?|delays?|deaths?)"
)
_WHOLE = lazy(
    rf"(?:(?<![\w-]){_QUALIFIER}[\s,]{{1,2}}){{0,5}}(?<![\w-])(?:{_HEAD}|{_EVENTS})(?:\s\((?:[A-Za-z]{{2,6}})s?\))?"
    rf"(?:\s(?:of\s(?:any|all)\sgrades?|(?:that\s|which\s)?(?:leading|led|resulting|resulted)\s(?:to|in)\s{_ENDED}))?",
    re.IGNORECASE,
)
_CAUSE = (
    rf"(?:due\sto|because\sof|owing\sto|as\sa\sresult\sof|caused\sby|from|for)\s(?:an?\s)?(?:{_QUALIFIER}\s){{0,4}}(?:{_HEAD}|{_EVENTS})"
)
_OUTCOME = lazy(
    r"(?:(?:permanent|treatment|study|drug|early)\s){0,2}(?:discontinu(?:ations?|ed)|withdrawals?|withdrew|stopped|interrupt(?:ed|ions?)|(?:dose|dosage|treatment)"
    rf"\s(?:reductions?|interruptions?|delays?|modifications?))[\w\s-]{{0,40}}?\s{_CAUSE}",
    re.IGNORECASE,
)
_ENDING = lazy(
    r"(?:permanent\s)?(?:treatment\s|study\sdrug\s|dose\s|dosage\s|therapy\s)?(?:discontinuations?|(?<=dose\s)(?:reductions?|interruptions?|delays?|modifications?)"
    r"|(?<=dosage\s)(?:reductions?|interruptions?|delays?|modifications?))\b",
    re.IGNORECASE,
)
_DEATH = lazy(
    r"(?:treatment|drug|therapy|toxicity|study-drug)[- ](?:related|associated|emergent)\s(?:deaths?|mortality)|toxic\sdeaths?"
    rf"|(?:deaths?|died|dying)\s(?:that\swere\s|were\s)?(?:from|of|due\sto|because\sof|related\sto|attributed\sto|caused\sby|considered\srelated\sto)"
    rf"\s(?:the\s|study\s)?(?:{_QUALIFIER}\s){{0,2}}(?:{_HEAD}|treatment(?:-related\s(?:causes|complications|toxicity))?"
    r"|(?:treatment-related|drug-related)\s(?:causes|complications))",
    re.IGNORECASE,
)
_NO_FORM = (
    r"(?!(?:leuka?emias?|diagnosis|prognosis|fibrosis|metastasis|ischemia|psychosis|cirrhosis|apoptosis|necrosis|analysis"
    r"|basis|hypothesis|homeopathy|radiotoxicity|toxicity)\b)"
)
_MODIFIER = (
    r"(?:acute|chronic|febrile|peripheral|sensory|motor|oral|hepatic|renal|cardiac|respiratory|upper|lower|urinary|gastrointestinal|abdominal"
    r"|back|chest|bone|muscle|joint|radiation|infusion[- ]related|injection[- ]site|immune[- ](?:mediated|related)|capillary|allergic"
    r"|congestive|atrial|venous|arterial|pulmonary|cerebral|intracranial|dermatologic|cutaneous|maculo-?papular|acneiform|interstitial"
    r"|opportunistic|bacterial|viral|fungal|severe|anastomotic|post-?operative|exertional|neutropenic|ocular|vitreous|retinal)"
)
_FORM = lazy(
    rf"(?<![\w-])(?:{_MODIFIER}\s){{0,3}}(?:{_NO_FORM}[A-Za-z][a-z]{{2,20}}(?:itis|penias?|a?emia|algia|algias|opathy|opathies|uria|rrho?eas?|rrhages?"
    r"|toxicity|toxicities|osis|plegia|paresis|cardia|opia|gia|pnea|pnoea|phagia|edema|oedema)"
    r"|(?:(?:arterial|venous)\s)?(?i:(?:thrombo)?embolic|cardiovascular|cardiac|bleeding|ha?emorrhagic|thrombotic|vascular|ocular|corneal|cerebrovascular"
    r"|hepatic|neurolog\w+|psychiatric|respiratory|infectious|gastrointestinal|dermatolog\w+|endocrine)\sevents?"
    r"|(?:[a-z-]{4,20}\s){0,2}(?:infections?|bleeding|ha?emorrhages?|ulcers?|ulceration|perforations?|fistulas?|dysfunction|injury|effusions?|thrombosis"
    r"|embolism|disorders?|reactions?|leaks?|leakage|complications|oedema|edema|neuropathy|syndrome|pain|failure|impairment|neoplasms?|malignanc(?:y|ies)))\b"
)
_LAB_NAME = (
    r"(?:ALT|AST|ALT/AST|AST/ALT|GGT|ALP|LDH|CPK|CK|TSH|INR|alanine\saminotransferase|aspartate\saminotransferase|alanine\stransaminase"
    r"|gamma[- ]glutamyl\s?transferase|alkaline\sphosphatase|lactate\sdehydrogenase|creatine\s(?:phospho)?kinase|creatinine|bilirubin"
    r"|aminotransferases?|transaminases?|liver\senzymes?|hepatic\senzymes?|liver\sfunction\stests?|lipase|amylase|glucose|sodium|potassium|calcium"
    r"|magnesium|phosphate|phosphorus|albumin|ha?emoglobin|platelets?|neutrophils?|leu[kc]ocytes?|lymphocytes?|white\s(?:blood\s)?cells?"
    r"|appetite|weight|cholesterol|triglycerides|uric\sacid|urate|fibrinogen|ejection\sfraction|bicarbonate|immunoglobulins?|lipids?|troponin)"
)
_CHANGE = r"(?:increased?|decreased?|elevated|raised|reduced|low|lowered|high|abnormal|lower|higher|diminished)"
_CHANGED = r"(?:increased?s?|decreased?s?|elevated|elevations?|reduced|reductions?|raised|loss|gain|abnormalities)"
_LAB = lazy(
    rf"\b{_CHANGE}\s(?:blood\s|serum\s|plasma\s){{0,1}}{_LAB_NAME}(?:\s(?:counts?|levels?|concentrations?))?\b"
    rf"|\b(?:blood\s|serum\s)?{_LAB_NAME}(?:\s(?:counts?|levels?))?\s{_CHANGED}\b",
    re.IGNORECASE,
)
_NOT_EVENT = lazy(
    r"\b(?:patients?|participants?|subjects|arms?|groups?|months|median|CI|treatment|range|response|responses|responders|survival|enrolled|received"
    r"|receiving|ages?|aged|women|men|male|female|trial|study|studies|analysis|reported|observed|occurred|seen|which|that|discontinu\w+|similar|rates?"
    r"|incidence|frequency|events|events\sin|mutations?|disease|tumou?rs?|cancer|doses?|line|lines|prior|baseline|race|white|asian|status|expression"
    r"|randomi[sz]\w+|respectively|compared|than|overall|both|the\smost|most\scommon|grades?|occurr\w+|recorded|noted|found|developed|experienced|had"
    r"|observations?|available|assessed|treated|given|taking|associated|attributed|considered|related\sto|higher|greater|worse|lower|less|more|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fatal|serious|severe|required|needed|resolved|used|managed|led|present|detected|confirmed|them|they|it|too|few|many|latter|former|(?:the|each|an)\s?other|uncommon|infrequent|unusual|occasional|manageable|unchanged|equal|balanced|limited|did|not|also|none|rare|alike|share|number|all|those|any"
    r"|follow-up|follows?|least|approximately|about|data)\b",
    re.IGNORECASE,
)
_LEAD = lazy(
    r"\b(?:were|was|are|is|included?|including|with|of|as|like|such\sas|in|had|experienced|for|by|more|less|mainly|mostly|primarily|predominantly"
    r"|mild|moderate|severe|especially|notably|namely|typically|in\sparticular|particularly|new)\s"
)
_LISTED = lazy(
    r"(?:^|[,;:]\s|[.]\s|\(|•\s?|\b(?:and|or|were|included?|including|was|of|as|with|are|like)\s)(?:(?:and|or)\s)?"
    r"(?P<event>[A-Za-z][A-Za-z0-9’' /‐–-]{2,60}?)(?:\s?\(\s?$|:\s?$"
    r"|\s(?:(?:was|were)\s(?:reported|observed|seen|recorded|noted|found|experienced)\s|(?:events\s)?occurr(?:ed|ing)\s)?"
    r"(?:in|among|(?<=ed\s)by)\s(?:approximately\s|about\s)?$)"
)
_GRADE_FIRST = lazy(
    rf"^(?:(?:{GRADED}|(?:any|all|high|low)[- ]grades?|fatal|severe|(?:very\s)?common|frequent|most|new"
    r"|additional|particular|to|moderate|mild)[\s,]{1,2}"
    r"(?:(?:or|and|to)\s)?)+",
    re.IGNORECASE,
)
_UNTOLD = frozenset({"adverse-event", "death", "disease-progression", "serious-adverse-event", "treatment-emergent-adverse-event",
                     "treatment-related-adverse-event", "treatment-related-death", "immune-related-adverse-event", "sudden-death",
                     "discontinuation-due-to-adverse-events", "dose-interruption-due-to-adverse-events",
                     "dose-reduction-due-to-adverse-events"})  # fmt: skip
_RISK = lazy(
    r"\b(?:risks?\sof|prevent\w*|history\sof|prior|previous|treatment\sof|treat|composite\sof|hospitali[sz]ations?\sfor|due\sto)\s(?:\w+\s)?$"
)
_IS = lazy(
    r",?\s(?:was|were|is|are|as|being|remained)\s(?:by\sfar\s)?(?:(?:the|an?|among|one|of|only|main|principal|most|more)\s){0,5}(?:\w+\s)?"
)
_GRADE_ALONE = lazy(rf"(?:{GRADED})", re.IGNORECASE)
_QUALITY = lazy(
    r"[A-Za-z]+ed|(?:(?:very|fairly|relatively|so|quite)\s)?(?:(?:un)?(?:common|usual)|(?:in)?frequent|mild|moderate|low|high|transient|reversible)"
)
"""What events were, and no event."""
_CAUSED = r"(?:deaths?|died)\s(?:[a-z-]+\s){0,3}?(?:of|from|due\sto|because\sof|caused\sby|as\sa\sresult\sof)\s"
_DIED_OF = lazy(rf"\b{_CAUSED}(?:an?\s)?(?:(?:grade\s5|fatal|severe|treatment-related|drug-related|suspected|acute)\s)?$")
_OF_CAUSE = lazy(rf"^{_CAUSED}(?:an?\s)?(?!(?:{_QUALIFIER}[\s-]){{0,3}}(?:{_HEAD}|{_EVENTS}|treatment|study|drug|toxicit|therapy|causes))")
_BARE = lazy(rf"(?:{GRADED})\sevents?")
WHOLE = ("whole", "outcome", "ending", "death")
"""Kinds of events that are no single finding."""


def find_events(reading: Reading, start: int, end: int, figures: list[int], told: bool) -> list[Mention]:
    """The events of a unit without overlaps; `told` says that the unit speaks of safety, `figures` are where its shares start."""
    found = [m for m in reading.mentions.between(start, end, "event") if m.key not in _UNTOLD]
    if told:
        found += _matched(reading, start, end)
        found += [m for at in figures if (m := _listed(reading, start, at))]
    found = [_cause(reading, m, start) for m in found]
    return _apart(reading, [m for m in found if m.kind in WHOLE or not _aside(reading, m, start)])


def _cause(reading: Reading, mention: Mention, start: int) -> Mention:
    """An event that somebody died of, with the words that say so: "died of septic shock"."""
    before = _DIED_OF.search(reading.text, max(start, mention.start - 60), mention.start) if mention.kind not in WHOLE else None
    return Mention(before.start(), mention.end, "death", reading.text[before.start() : mention.end]) if before else mention


def event_name(reading: Reading, event: Mention) -> str:
    """The event in the text's words: grade words off, short forms written out as the text defines them."""
    name = re.sub(r"\s\([A-Za-z]{2,6}\)", "", " ".join(event.name.split()))
    name = re.sub(r"^(?:and|or)\s", "", _OF_CAUSE.sub("", _GRADE_FIRST.sub("", name)))
    name = re.sub(r"\s(?:of\s(?:any|all)\sgrades?)$", "", name)
    name = re.sub(r"^(?:and|commonly|mainly|mostly|notably|especially|particularly|frequently|predominantly|primarily)\s(?=\w)", "", name)
    name = re.sub(r"\s(?:(?:that|which)\s)?(?:led|resulted)\s(to|in)\s", r" leading to ", name)
    name = re.sub(r"^(?:discontinued|stopped|withdrew)\b.*?(?=due|because|owing|as\sa|from|for)", "discontinuation ", name)
    name = re.sub(r"^died\b", "death", name)
    return " ".join(reading.names.abbreviations.get(word, word) for word in name.split())


def _aside(reading: Reading, mention: Mention, start: int) -> bool:
    """Whether what is named is a disease of the patients or a risk, not something that happened to them."""
    condition = reading.mentions.covering(mention.start, "condition")
    return _RISK.search(reading.text, max(start, mention.start - 30), mention.start) is not None or (
        condition is not None and condition.end > mention.end
    )


def _matched(reading: Reading, start: int, end: int) -> Iterator[Mention]:
    for kind, pattern in (
        ("whole", _WHOLE),
        ("outcome", _OUTCOME),
        ("ending", _ENDING),
        ("death", _DEATH),
        ("form", _FORM),
        ("form", _LAB),
    ):
        for match in pattern.finditer(reading.text, start, end):
            begin = match.end() - len(_after_stops(match[0])) if kind == "form" else match.start()
            if begin < match.end() and not (kind == "form" and _other(reading, (begin, match.end()))):
                yield Mention(begin, match.end(), kind, reading.text[begin : match.end()])


_STOPS = lazy(
    r"^.*\b(?:were|was|are|had|have|with|and|that|this|these|than|from|which|other|such|like|also|most|more|less|including|included|some|both"
    r"|reported|observed|occurred|patients|common|developed|experienced|grade|following|several|known|adverse|fatal|serious|drug|treatment"
    r"|included|while|when|where|because|after|during|before|without|increased|reduced|higher|lower|risk|rate|rates|incidence)\s"
)


def _after_stops(printed: str) -> str:
    """What is left of an event by form when small words before its modifiers are cut off."""
    return _STOPS.sub("", printed)


def _other(reading: Reading, span: Span) -> bool:
    """Whether a phrase by form is something else by name."""
    return any(
        m.end > span[0] for m in reading.mentions.between(span[0], span[1] + 1, "condition", "agent", "class", "organization", "trial")
    ) or bool(reading.endpoints.between(*span, "endpoint"))


def _listed(reading: Reading, start: int, figure: int) -> Mention | None:
    """The words in front of "(52%" or "in 52%", where nothing says that they are something else."""
    low = max(start, figure - 90)
    item = _LISTED.search(reading.text[low:figure])  # a slice, so that ^ is its beginning
    if item is None or (low > start and item.start() == 0):
        return None
    words = _LEAD.split(item["event"])[-1]
    words = words[len(match[0]) :] if (match := _GRADE_FIRST.match(words)) else words
    end = low + item.end("event")
    span = end - len(words), end
    if (
        len(words) < 3
        or words.count(" ") > 5
        or _QUALITY.fullmatch(words)
        or _GRADE_ALONE.fullmatch(words)
        or _NOT_EVENT.search(words)
        or words[0].isdigit()
        or _other(reading, span)
    ):
        return None
    return Mention(*span, "listed", words)


_RANK = {"death": 0, "outcome": 1, "whole": 2, "ending": 3, "event": 4, "form": 5, "listed": 6}


def _apart(reading: Reading, found: list[Mention]) -> list[Mention]:
    """Without overlaps: what tells more than a table's name goes before it, a table's name before a form; the longer of a kind first."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (_RANK[m.kind], m.start - m.end)):
        clash = [k for k in kept if k.start < mention.end and mention.start < k.end]
        if not clash:
            kept.append(mention)
        elif _widens(mention, clash):
            kept[kept.index(clash[0])] = mention
    return _unabbreviated(reading, sorted(kept))


def _unabbreviated(reading: Reading, events: list[Mention]) -> list[Mention]:
    """Without short forms behind their long ones and what only says of an event told before that it is one."""
    return [event for i, event in enumerate(events) if not (i and _again(reading, events[i - 1], event))]


def _again(reading: Reading, before: Mention, event: Mention) -> bool:
    gap = reading.text[before.end : event.start]
    bracketed = gap in (" (", " [") and reading.text[event.end : event.end + 1] in (")", "]")
    return bracketed or _BARE.fullmatch(event.name) is not None or _predicate(reading, before, event)


def _predicate(reading: Reading, event: Mention, whole: Mention) -> bool:
    """Whether, as in "diarrhea was the most frequent side effect, seen in 48%", the whole is what the event is."""
    return whole.kind == "whole" and _IS.fullmatch(reading.text, event.end, whole.start) is not None


def _widens(mention: Mention, clash: list[Mention]) -> bool:
    """Whether a form or a list item is a fuller name of the same event: "radiation pneumonitis" for "pneumonitis"."""
    return (
        len(clash) == 1
        and clash[0].kind in ("event", "form")
        and clash[0].end <= mention.end
        and mention.start <= clash[0].start
        and mention.name.count(" ") <= 4
        and not re.search(r"\b(?:and|or)\b|,", mention.name)
    )
