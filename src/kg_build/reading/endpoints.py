"""Stage 2d: endpoints: of the table, told by form ("time to ...", "...-free survival", "alive"), and the text's abbreviations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kg_build.reading.measures import changed_measures, primary_composites
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.tables import occurrences

_TO_WHAT = (
    r"(?:progression|response|treatment|therapy|deterioration|death|failure|discontinuation|improvement|metastas[ie]s|event|relapse"
    r"|onset|recurrence|engraftment|castration\sresistance|chemotherapy|remission|worsening)"
)
_RESPONSE_KIND = (
    r"(?:overall|objective|complete|partial|stringent\scomplete|very\sgood\spartial|pathologic(?:al)?\scomplete|major\spathologic(?:al)?"
    r"|intracranial(?:\sobjective|\scomplete)?|CNS(?:\sobjective)?|hematologic(?:al)?|haematologic(?:al)?|molecular|major\smolecular"
    r"|deep\smolecular|(?:major\s|complete\s)?cytogenetic|(?:complete\s)?metabolic|clinical\scomplete|clinical|composite\scomplete|best\soverall"
    r"|durable|sustained\svirologic(?:al)?|radiographic|biochemical|PSA)"
)
_SHORT_FORMS = (
    r"m?PFS2?|rPFS|iPFS|nPFS|m?OS|m?ORR|cORR|m?DO[Rr]|EFS|DFS|iDFS|IDFS|RFS|MFS|DMFS|DRFS|DDFS|LRFS|LRRFS|FFS|GRFS|LFS|BCFS|IBCFS|DRFI|RFI|TFS|TTP|TTNT|TNNT"
    r"|TTR|TTD|TTF|DCR|CBR|pCR|mPR|MPR|VGPR|sCR|CRR|MMR|BOR|BCR|CRc|DRR|ICR\srate"
)
_TURN_OF_DISEASE = (
    r"(?:(?:radiographic|disease|tumou?r|cancer|invasive|distant|local|locoregional|biochemical|metastatic|breast|clinical)\s){0,2}"
    r"(?:progression|recurrence|relapse|events?|metastas[ie]s|return|worsening)"
)
_OWN_DISEASE = r"(?:their\s|the\s|any\s)?(?:disease|cancers?|tumou?rs?|lymphomas?|myelomas?|leuka?emias?)"
_FORMS = lazy(
    r"\b(?:(?:(?:invasive|distant)\s)?[A-Za-z]+[-‐‑–\s]free\s(?:survival(?:\s2)?|interval)"
    rf"|risk\sof\s(?:(?:an?\s)?(?:{_TURN_OF_DISEASE},?\s(?:or\s)?(?:of\s)?){{1,3}})?(?:death|dying)(?!\sfrom\s[b-z])|overall\ssurvival"
    r"|(?<!free\s)(?<!-)survival(?=\srate|\swas|\swere|\sof\s\d|\stime)|(?<=median\s)survival\b|(?<=\byear\s)survival\b|(?<=-year\s)survival\b"
    r"|(?<=month\s)survival\b|(?<=-month\s)survival\b"
    r"|time\s(?:from\s[a-z]+\s)?(?:to|until)\s(?:(?:next|first|second|symptom|definitive|treatment|disease|tumou?r|clinical"
    rf"|therapy|subsequent|objective|confirmed|the|or|PSA|pain|CNS|intracranial|distant|initiation\sof|start\sof)[\s-]){{0,3}}{_TO_WHAT}"
    r"|durations?\sof\s(?:overall\s|objective\s|complete\s|clinical\s)?(?:responses?|remission|treatment|exposure|benefit"
    r"|therapy|disease\scontrol|CR\b|PR\b)"
    r"|(?:treatment|response)\sduration|duration\sof\sresponses?"
    rf"|(?:confirmed\s|best\s)?{_RESPONSE_KIND}\s(?:tumou?r\s)?(?:response|remission)s?(?:\sor\sbetter)?(?:\srates?)?"
    r"|(?:disease[\s-]control|clinical[\s-]benefit|(?:minimal|measurable)\sresidual\sdisease(?:[\s-]negativ\w+)?"
    r"|MRD[\s-]negativ\w+)(?:\srates?)?|(?<![\w-]\s)(?<=\s)responses?\srates?|\bresponse\srates?|stable\sdisease"
    rf"|(?<!\w)(?:(?:intracranial|CNS|systemic)\s)?(?:{_SHORT_FORMS})(?=s?(?!\w))"
    r"|(?:[A-Za-z]+\s)?(?:composite|combined)\s(?:end\s?points?\s|outcomes?\s|of\s){1,2}[^.,;:()%\d]{6,110}?(?=\s(?:by|against|compared|than|was|were"
    r"|occurred|with\sa)\b|\s?[(,;.:])"
    r"|(?:(?:local|locoregional|loco-regional|distant|regional|tumou?r|disease|intrahepatic|biochemical)\s(?:recurrence|relapse|failure|control|metastasis)"
    r"|(?:sphincter|limb|bladder|larynx|organ|breast|renal|fertility)[-\s](?:preservation|conservation)|(?:tumou?r\s)?(?:downstaging|down-staging|necrosis)"
    r"|(?:successful\s)?conversion|seroconversion|seroprotection|(?:clinical\s|ongoing\s)?pregnancy|live[-\s]birth|(?:complete\s)?(?:wound\s)?healing"
    r"|(?:clinical|microbiological|bacterial|viral)\s(?:cure|success|eradication|clearance)|engraftment|restenosis|(?:primary\s)?patency)\srates?(?=\s(?:was|were|at|in|of|for|with)\b|\s?[(,])"
    r"|alive\sand\s(?:free\s(?:of|from)|without)\s(?:invasive|distant|local|locoregional)\s(?:disease|recurrence|relapse|metastas[ie]s)"
    r"|alive(?!\s(?:patients|participants|at\s(?:last|the\slast|data)))(?:\sand|\swithout|,)?(?:\s(?:still\s)?(?:(?:disease\s|neurological\s|tumou?r\s)?progression[-\s]?(?:free)?|event-free"
    r"|relapse-free|disease-free|recurrence-free|in\sremission))?"
    r"|(?:remained|remain|were|are|still|being|and|stayed)\s(?:progression|event|disease|relapse|recurrence)[-\s]free(?!\ssurvival)"
    r"|(?:free\s(?:of|from)|without)\s(?:disease\s|tumou?r\s|cancer\s)?(?:progression|relapse|recurrence)(?=[,.;)]|\s(?:at|for|after|or)\b)"
    r"|(?:(?:remain\w*|still|maintain\w*|keep\w*|kept|continu\w*|stay\w*)\s(?:in\s|the\s|their\s|a\s|to\s)?|ongoing\s)"
    r"(?:response|respond|remission)s?"
    r"|(?:an?|any|confirmed|the)\sresponse(?!\s(?:lasted|lasting|rates?|to|letter|of|duration|plan|from|was\ssubmitted|criteria|assess))"
    r"|responses?(?=\s(?:was|were|occurred)\s(?:seen|observed|achieved|reported|noted|recorded|obtained|lasting))"
    r"|(?:failure|progression|event|disease|relapse|recurrence|metastasis|seizure|attack|symptom|biochemical\sfailure)[-‐‑–\s]free"
    r"(?=\s(?:rates?|probabilit|proportion|at\s\d))"
    r"|freedom\sfrom\s(?:(?:biochemical|clinical|local|distant|treatment|disease|or|any)\s){0,4}(?:failure|progression|recurrence|relapse)"
    r"|time\sto\s(?:[a-z-]{3,20}\s){0,3}(?:recovery|resolution|healing|normali[sz]ation|alleviation|discharge|clearance|exacerbation)"
    r"|(?:(?:durable|sustained|confirmed)\s)?(?:platelet|ha?emoglobin|erythroid|renal|spleen|biochemical|virologic(?:al)?|ACR\d\d"
    r"|antibody|neutrophil|skin|symptomatic)\sresponses?(?:\srates?)?"
    r"|(?:clinical|microbiologic(?:al)?)\s(?:cure|eradication)s?(?:\srates?)?|organ\spreservation|undetectable\sMRD|\buMRD\b"
    r"|(?:cancers?|tumou?rs?|disease|lymphomas?)\s(?:\w+\s)?(?:shrank|shrunk)(?:\sor\s(?:even\s)?disappeared)?"
    r"|(?:responses?|effects?|remissions?|benefits?)\s(?:lasted|lasting)"
    r"|(?:lived|survived|went)(?=\s(?:for\s)?(?:an?\s(?:median|average)|\d|longer))"
    rf"|(?:held|kept|keep|holding|keeping)\s{_OWN_DISEASE}\s(?:at\sbay|in\scheck|from\s(?:progressing|worsening|growing|spreading|returning))"
    rf"|(?:without|before|until)\s{_OWN_DISEASE}\s(?:(?:began|started|had)\s(?:to\s)?)?(?:progress|worsen|getting\sworse|got\sworse|grew|grow|spread"
    r"|return|coming\sback|came\sback|recur)(?:ing|ed|ring|red)?\b"
    r"|annuali[sz]ed\s(?:rates?\sof\s(?!change\b)[a-z][\w\s-]{4,60}?|(?:[\w-]{3,20}\s){0,4}?(?:relapse|exacerbation|attack|bleeding|bleed|event|seizure)\srates?)"
    r"(?=\s(?:was|were|of|in|with|by|for|at|over|through|from|during|reduction)\b|\s?[(,;.])"
    r"|cumulative\sincidences?\sof\s(?!(?:any|all|treatment|adverse)\b)[A-Za-z][\w-]*(?:\s[\w-]+){0,4}?(?=\s(?:at|was|were|in|with|for|did|by|rates?)\b"
    r"|\s?[,.;:(])"
    r"|(?:no|without)\s(?:(?:any|remaining|residual|detectable|visible)\s){0,2}(?:(?:signs?|traces?|evidence)\sof\s)?(?:(?:invasive|residual|viable"
    r"|remaining|living|any)\s){0,2}(?:cancer|tumou?r|disease)(?:\scells)?(?=[^.;%\d]{0,50}\b(?:at|after|upon|by)\s(?:the\stime\sof\s|their\s)?surgery)"
    r"|reductions?\sin\s(?:their\s)?spleen\svolumes?(?:\sof\s(?:at\sleast\s|≥\s?)35\s?%(?:\sor\smore)?)?"
    r"|responded(?=[\s,.;])(?!\sto\s(?:the\s)?(?:letter|request|question)))"
    r"|(?<![\w-])(?<!ean\s[\[(])(?<!dian\s[\[(])(?<!±)(?<!ean\s±\s)(?:CR|PR|SD|PD|MRD)(?=\srates?\b|\s(?:was|of|in|as)\b|,?\s\d|[,.;)])",
    re.IGNORECASE,
    often=True,
)
_TURNED = lazy(
    r"\b(?P<what>(?!(?:The|It|This|That|They|Which|Has|Have)\b)[A-Z][A-Za-z]{2,12}|(?!(?:has|have|had|was|were|are|significantly|also|that|which"
    r"|it|they|patients|treatment|outcomes?|survival|results?|response|drug)\b)[a-z]{5,15})\s(?P<verb>resolved|improved|regressed|normali[sz]ed)"
    r"\s(?P<rest>(?:by\sat\sleast\sone\sstage\s?|by\s≥\s?1\sstage\s?)?(?:(?:without|with\sno)\s(?:worsening|progression)\sof\s[A-Za-z]{3,14})?)"
    r"(?=\s(?:in|among|for)\b|[,;(.])"
)
_NOUNS = {"resolved": "resolution", "improved": "improvement", "regressed": "regression", "normalized": "normalization"}
_CAPITALS = lazy(r"(?:[A-Za-z]?[A-Z]{1,5}o?[A-Z]\d?|[a-z]?[A-Z]{2,4}|CRc|DoR)")
_TELLING = lazy(r"surviv|respon|time to|duration|remission|progressi|relapse|rate|control|benefit", re.IGNORECASE)
_SHORT = {
    "progression-free survival": "PFS",
    "overall survival": "OS",
    "overall response": "ORR",
    "objective response": "ORR",
    "objective remission": "ORR",
    "overall remission": "ORR",
    "duration of response": "DOR",
    "duration of overall response": "DOR",
    "duration of objective response": "DOR",
    "response duration": "DOR",
    "event-free survival": "EFS",
    "disease-free survival": "DFS",
    "relapse-free survival": "RFS",
    "recurrence-free survival": "recurrence-free survival",
    "invasive disease-free survival": "IDFS",
    "metastasis-free survival": "MFS",
    "distant metastasis-free survival": "DMFS",
    "complete response": "CR",
    "partial response": "PR",
    "progressive disease": "PD",
    "stable disease": "SD",
    "very good partial response": "VGPR",
    "pathologic complete response": "pCR",
    "pathological complete response": "pCR",
    "response": "ORR",
    "responded": "ORR",
    "disease control": "DCR",
    "clinical benefit": "CBR",
    "survival": "OS",
    "survival time": "OS",
    "time to response": "TTR",
    "time to first response": "TTR",
    "radiographic progression-free survival": "rPFS",
    "risk of disease progression or death": "PFS",
    "risk of progression or death": "PFS",
    "risk of death": "OS",
    "time to progression": "TTP",
    "time to disease progression": "TTP",
    "time to next treatment": "time to next treatment",
    "complete remission": "CR",
    "partial remission": "PR",
    "minimal residual disease negativity": "MRD negativity",
    "measurable residual disease negativity": "MRD negativity",
}
"""Printed endpoint -> its usual abbreviation."""
_SAME_SHORT = {
    "DoR": "DOR", "mDOR": "DOR", "mDoR": "DOR", "mPFS": "PFS", "mOS": "OS", "mORR": "ORR", "cORR": "ORR", "CRR": "CR", "iDFS": "IDFS",
}  # fmt: skip
_OUTCOMES: tuple[tuple[str, str], ...] = (
    (r"(?:alive.*)?(?:free (?:of|from)|without) invasive", "IDFS"),
    (r"alive.*(?:progression)|(?:progression[- ]free|(?:of|from|without) (?:disease |tumou?r |cancer )?progression)$", "PFS"),
    (r"(?:alive.*)?event-free$", "EFS"),
    (r"(?:alive.*)?disease-free$", "DFS"),
    (r"(?:alive.*)?(?:relapse|recurrence)-free$|(?:of|from|without) (?:disease |tumou?r |cancer )?(?:relapse|recurrence)$", "RFS"),
    (rf"(?:(?:without|before|until) {_OWN_DISEASE}|held|kept|keep).*(?:return|back|recur)", "DFS"),
    (rf"(?:without|before|until) {_OWN_DISEASE}|held|kept|keeping|keep |holding", "PFS"),
    (r"alive|lived$|survived$", "OS"),
    (r"went$", "PFS"),
    (r"risk of radiographic progression", "rPFS"),
    (r"risk of invasive", "IDFS"),
    (r"risk of .*(?:recurrence|relapse).*progression|risk of .*progression.*(?:recurrence|relapse)|risk of an? event", "EFS"),
    (r"risk of .*(?:progression|worsening)", "PFS"),
    (r"risk of distant", "DMFS"),
    (r"risk of .*(?:recurrence|return)", "DFS"),
    (r"risk of .*relapse", "RFS"),
    (r"risk of (?:death|dying)", "OS"),
    (r"(?:\w+ )*(?:shrank|shrunk)\b", "ORR"),
    (r"(?:no|without) .*(?:cancer|tumou?r|disease)(?: cells)?$", "pCR"),
    (r"reductions? in (?:their )?spleen volumes? of", "SVR35"),
    (r"(?:response|effect|remission|benefit)s? last", "DOR"),
    (r"(?:remain|still|maintain|keep|kept|continu|stay|ongoing).*(?:respon|remission)", "DOR"),
    (r"(?:an?|any|confirmed|the) response$", "ORR"),
)
_COMPOSITE = lazy(r"^.*?(?:composite|combined)\s(?:(?:end\s?points?|outcomes?)\s)?of\s(?:the\s)?", re.IGNORECASE)


def canonical(printed: str) -> str:
    """The name a printed endpoint goes by: its usual abbreviation, else its words.

    >>> canonical("Overall response rate"), canonical("time to next treatment"), canonical("progression‐free survival")
    ('ORR', 'time to next treatment', 'PFS')
    >>> canonical("mPFS"), canonical("remained progression-free"), canonical("alive")
    ('PFS', 'PFS', 'OS')
    """
    words = re.sub(r"^[Mm]edian\s|\srates?$", "", re.sub(r"[‐‑–]", "-", " ".join(printed.split())))
    if _CAPITALS.fullmatch(words) or words in _SAME_SHORT:
        return _SAME_SHORT.get(words, words)
    folded = re.sub(r"\sfree\s", "-free ", re.sub(r"^(?:confirmed|best)\s", "", words.lower()))
    if incidence := re.match(r"cumulative incidences? of ", folded):
        return words[incidence.end() :]
    folded = re.sub(r"s$", "", folded) if folded.endswith(("responses", "remissions")) else folded
    known = _SHORT.get(folded) or next((name for form, name in _OUTCOMES if re.match(form, folded) or re.search(form + "$", folded)), None)
    return known or (words if words[1:] != words[1:].lower() else folded)


_LIVED = lazy(r"lived|survived|went|alive(?:\swithout)?", re.IGNORECASE)
_UNHARMED = lazy(
    rf"[^.;%]{{0,60}}?\b(?P<how>without\s{_OWN_DISEASE}\s(?:progress|worsen|getting\sworse|grow|spread|return|coming\sback|recur)\w*)"
)


def _by_form(text: str) -> Iterator[Mention]:
    for match in _FORMS.finditer(text):
        printed = match[0]
        if len(printed) > 4 or _CAPITALS.fullmatch(printed):
            composite = _COMPOSITE.match(printed)
            if _LIVED.fullmatch(printed) and (free := _UNHARMED.search(text, match.end() - 8, match.end() + 70)):
                printed = free["how"]
            elif printed.lower() == "went":
                continue
            yield Mention(match.start(), match.end(), "endpoint", printed[composite.end() :] if composite else canonical(printed))
    for match in _TURNED.finditer(text):
        if match["rest"] or match["what"].isupper():
            noun = _NOUNS.get(match["verb"].replace("normalised", "normalized"), match["verb"])
            yield Mention(match.start(), match.end(), "endpoint", f"{match['what']} {noun} {match['rest']}".strip())


_BEHIND = lazy(r"(?:\srates?\b)?(?:\s?[\[(](?P<short>[A-Za-z]{2,6}\d?)s?[\])])?")


def _widened(text: str, mention: Mention) -> Mention:
    """The mention with the word rate and the abbreviation that follow it."""
    match = _BEHIND.match(text, mention.end)
    end = match.end() if match else mention.end
    short = match["short"] if match else None
    return Mention(mention.start, end, "endpoint", canonical(short) if short and _CAPITALS.fullmatch(short) else mention.name, mention.key)


def _as_printed(text: str) -> Callable[[Mention], Mention]:
    """Endpoints of the table under the name that the text gives them, abbreviated only where everybody does."""

    def named(mention: Mention) -> Mention:
        printed = text[mention.start : mention.end]
        name = canonical(printed)
        return replace(mention, name=mention.name if name.lower() == printed.lower() and mention.name in _SHORT.values() else name)

    return named


_NO_MEASURE = ("death", "deaths", "safety", "adverse events", "mortality", "side effects", "toxicity", "tolerability")


_OF_TARGET = lazy(r"[-‐‑–]\(?L?[12]\b")
"""What makes of an endpoint's short form a target: PD-L1."""


def find_endpoints(text: str, known: Iterable[Mention], abbreviations: dict[str, str]) -> Iterator[Mention]:
    """Every endpoint mention of a text; overlaps are left in. `known` are those of the table."""
    own = [short for short, long in abbreviations.items() if _TELLING.search(long) and len(short) > 1]
    named = _as_printed(text)
    table = [named(m) for m in known if text[m.start : m.end].lower() not in _NO_MEASURE and not _OF_TARGET.match(text, m.end)]
    defined = (Mention(a, b, "endpoint", canonical(text[a:b])) for a, b in occurrences(text, own))
    yield from (_widened(text, m) for m in (*changed_measures(text), *primary_composites(text), *table, *_by_form(text), *defined))
