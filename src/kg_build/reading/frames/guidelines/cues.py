"""Words by which a guideline recommends, refuses, or merely mentions a regimen."""

from __future__ import annotations

import re

from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy

_OFFER = (
    r"(?:consider(?:ed)?|offer(?:ed)?|use[d]?|giv(?:e|en)|receive|recommend(?:ed)?|propos(?:e|ed)|prefer(?:red)?"
    r"|start(?:ed)?|treated|add(?:ed)?)"
)
DECIDES = lazy(
    r"\b(?:recommend(?:s|ed|ation|ations|ing)?|endors(?:e|es|ed|ing)|suggest(?:s|ed|ing)?|advis(?:e|es|ed|ing)|propos(?:es?|ed)"
    r"|lists?|listed|listing|includ(?:es?|ed|ing)|inclusion|categor(?:y|i[sz]ed)|designat(?:es|ed)|upgrad(?:es?|ed)|downgrad(?:es?|ed)"
    r"|promot(?:es?|ed)|elevat(?:es?|ed)|mov(?:es?|ed)|enter(?:s|ed)|join(?:s|ed)|tak(?:es?|en)\s(?:up|its\splace)|appear(?:s|ed)?"
    r"|nam(?:es?|ed)|favou?r(?:s|ed)?|back(?:s|ed)?|support(?:s|ed)|position(?:s|ed)|rank(?:s|ed)|introduc(?:es?|ed)"
    r"|incorporat(?:es?|ed)|brought|brings|adopt(?:s|ed)|accept(?:s|ed)|add(?:s|ed|ing)|addition(?:s)?(?!\sof\b)|new(?:ly)?\s(?:option|standard)"
    r"|gives?|gave|given|offers?|consider|use|prefers?|graded|rated|rates|endorsement|replaced\sby|gets?|got|goes|falls?|steps?|put(?:s|ting)?|places?|placed|shares?)\b",
    re.IGNORECASE,
)
STATUS = lazy(
    rf"\b(?:(?:should|may|can|could|must|ought\sto|might)\s(?:now\s|also\s|be\s|then\s|preferably\s|routinely\s|generally\s){{0,3}}{_OFFER}"
    r"|to\sbe\sconsidered|(?:are|is)\sindicated|appropriate|acceptable|reasonable|suitable|options?|choices?|alternatives?|standards?(?:\sof\scare)?"
    r"|preferred|(?:remain|stay|keep|become|retain|stand)s?|first-line\s(?:treatment|therapy)|treatments?\sof\schoice|backbone|used\b|use\sof|unchanged|agreed|(?:is|are)\s(?:also\s|now\s){0,2}new)\b",
    re.IGNORECASE,
)
_REFUSED = r"(?:recommend|endors|suggest|support|offer|includ|list|advis|propos|us(?:e|ing)\b|name|favou?r|giv|receiv)"
_AGAINST = lazy(
    rf"\b(?:not|no\slonger|never|cannot|n[’']t)\s(?:\w+\s){{0,3}}?{_REFUSED}\w*(?!\s(?:\w+\s){{0,3}}preferred)"
    r"|\bagainst\b|\bdelet(?:es?|ed|ing|ion\sof)\b|\b(?:remov|dropp|withdr[ae]w|discontinu|discourag|eliminat|omit)(?:s|es|ed|ing|ted|n|al|ion)?\b|\bavoid(?:s|ed|ing)?\b"
    r"|\b(?:insufficient|inadequate|limited|no)\s(?:\w+\s){0,2}(?:evidence|data|recommendation|grade|consensus)\b"
    r"|\bneither\s(?:\w+\s){0,3}?(?:support|recommend|endors|list|includ|accept)\w*|\bcould\snot\b|\b(?:none|neither)\sof\b(?![^.;]{0,80}\bpreferred)|\bdrops\b|\btakes?\sout\b|\blost\b|\bunless\b|\bexcept\b|\bstrikes?\b",
    re.IGNORECASE,
)
_REFUSED_AFTER = lazy(
    r"(?<!if\s)(?<!when\s)\b(?:not|no\slonger|never|cannot|n[’']t|nor)\s(?:\w+\s){0,3}?(?:recommended|endorsed|suggested|supported|offered|included|listed|used|given|advised"
    r"|considered|an?\soption|part\sof|among|routine|appropriate|be\s(?:offered|used|given|considered|recommended))\b(?!\s(?:\w+\s){0,3}preferred)"
    r"|\b(?:remov|delet|dropp|withdrawn|discontinu|discourag|eliminat|omit)(?:ed|ted)?\b|\b(?:taken|struck)\s(?:off|out|from)|\bloses?\s(?:its|their)\splace"
    r"|\bdrops?\s(?:out|off|from)|\bdisappear|\brecommend\w*\sagainst\b|\bavoided\b|\binvestigational\b|\b(?:gets?|got|received)\sno\b|\bcontraindicated\b"
    r"|\bno\slonger\s(?:appear|feature|figure|stand)|\breplaced\sby\b|\b(?:did|could|does|do)\snot\b|\bhas\sno\splace\b|\b(?:by|in)\sneither\b|\binsufficient\b|\babsent\b",
    re.IGNORECASE,
)
_ADVICE_AGAINST = lazy(
    r"(?:not|never|n[’']t|cannot)\s(?:\w+\s){0,3}?(?:recommend|suggest|support|offer|advis|us|giv|consider|receiv|be\s(?:offer|us|giv|consider|recommend)|(?:an?\s)?(?:option|routine|appropriate))"
    r"|(?:\w+\s)?against\b|avoid|contraindicated",
    re.IGNORECASE,
)
_BREAK = lazy(
    r";|\.\s|\s[-–—]\s|,?\s(?:but|whereas|while|although|though|however|when|where|if)\s|,\s(?:and|with)\s|\sand\s(?!/)", re.IGNORECASE
)
_CLAUSE = lazy(r";|\s[-–—]\s|:\s|,?\s(?:but|whereas|while|although|though|however)\s|,\sand\s", re.IGNORECASE)
_MENTIONED = lazy(
    r"(?:\b(?:versus|vs\.?|compared\s(?:with|to)|over|than|instead\sof|rather\sthan|in\splace\sof|ahead\sof|replac(?:es?|ing|ed)|supplant(?:s|ing)?"
    r"|supersed\w+|prior|previous(?:ly)?(?:\streated\swith|\sreceived)?|after(?:\s(?:failure|progression|relapse|use|induction|treatment|therapy|prior"
    r"|disease\sprogression)(?:\s(?:of|on|with|to))?)?|following|refractory\sto|resistant\sto|resistance\sto|received|(?<!should\s)(?<!may\s)(?<!can\s)(?<!to\s)receive|receiving|exposed\sto|respon(?:d|ds|ded|se|ding)\sto|benefit\w*\sfrom|relaps\w+\swithin\s[\w\s]{1,14}\sof"
    r"|exposure\sto|progress\w+\s(?:on|after|following|despite|during|with)|intoleran\w+\s(?:of|to)|(?:in)?eligible\sfor|unfit\sfor|unsuitable\sfor"
    r"|candidates?\sfor|fit(?:\senough)?\sfor|contraindicat\w+\s(?:to|for)|sensitive\sto|relapse\w*\s(?:on|after|following)|without|prior\sto|before|including"
    r"|alternative\sto|addition\sto|comparator|footnote\son|dose\sof|doses\sof|treated\swith|biosimilars?\s(?:of|to|for)|monitoring\sof|toxicity\sof"
    r"|side\seffects\sof|combined\sin|studied|depend(?:s|ent|ing)?\son|follows?|precedes?|testing\sfor|comparing)"
    r"[\s,]{1,2}(?:(?:with|to|on|of|the|an?|at\sleast|one|two|first|second|third|more|prior|first-line|second-line|both|either|any|another|initial|induction"
    r"|(?:neo)?adjuvant|pre-?operative|post-?operative|perioperative|concurrent|definitive|second-generation|third-generation|first-generation|line|lines|systemic|standard|intensive|intensified|high-dose|combined)\s){0,4})$",
    re.IGNORECASE,
)
_MODIFIES = lazy(
    r"[-–\s]?(?:resistant|refractory|na[iï]ve|pretreated|pre-treated|exposed|eligible|ineligible|sensitive|intolerant|unfit|failure|experienced|based|containing|directed|unresponsive|relapsing)\b"
    r"|\s(?:dose|doses|dosing|levels|toxicity|resistance|biosimilars|exposure|failure|discontinuation|rechallenge)\b",
    re.IGNORECASE,
)
_SUBORDINATE = lazy(
    r"(?:where|when|if|although|since|because|unlike|once|unless|whether|before|until|while|as\sfor)\s[^,;]{0,160}$", re.IGNORECASE
)
_CONDITIONAL = lazy(r"\b(?:where|when|if|unless|whenever)\s(?:\w+\s){0,2}$")
_UNFIT = lazy(
    r"\s(?:(?:therapy|treatment|alone)\s)?(?:cannot\b|(?:is|are|was|were|can|has|have)\s)(?:\w+\s){0,2}?"
    r"(?:(?<=cannot)|contraindicated|un\w+|not|needed|planned|possible|inappropriate|fail\w*)"
)
_INSTEAD = lazy(
    r"(?:;|,?\sbut)\s(?:it\s|they\s|now\s){0,2}(?:moves?|moved|becomes?|became|remains?|stays?|goes|drops|falls?|shifts?)\b", re.IGNORECASE
)
_TOLD = lazy(r"\b(?:is|are|was|were|be|been|has|have|should|may|can|recommends?|suggests?|remains?|stays?|lists?|becomes?|joins?)\b")


def refusal(text: str, before: Span, after: Span) -> Span | None:
    """The words around a stretch that refuse what it names."""
    low = before[0]
    for match in _CLAUSE.finditer(text, *before):
        low = match.end() if match[0] != ": " else low
    if _INSTEAD.search(text, *after):
        return None
    stop = _BREAK.search(text, *after)
    high = stop.start() if stop else after[1]
    found = _AGAINST.search(text, low, before[1]) or _REFUSED_AFTER.search(text, after[0], high)
    return found.span() if found else None


def advises_against(text: str, refusing: Span) -> bool:
    """Whether words that refuse are advice of their own: "do not offer", "recommends against", and not "was removed"."""
    return _ADVICE_AGAINST.match(text, *refusing) is not None


def mentioned(text: str, start: int, end: int, low: int) -> bool:
    """Whether a stretch is only mentioned: what came before, what it was compared with, what a disease is resistant to."""
    before = text[max(low, start - 160) : start]
    if _MENTIONED.search(before[-90:]) or _MODIFIES.match(text, end):
        return True
    opening = before if start - low < 160 else ""
    unfit = _CONDITIONAL.search(before[-40:]) is not None and _UNFIT.match(text, end) is not None
    return unfit or _SUBORDINATE.match(opening) is not None or re.search(r"[,;]\s(?:when|if|unless)\s[^,;]{0,80}$", before) is not None


def tells(text: str, start: int, end: int) -> bool:
    """Whether words hold a verb of their own, so that they are a clause and no mere item of a list."""
    return _TOLD.search(text, start, end) is not None


def clause_break(text: str, start: int, end: int) -> int | None:
    """Where the last clause within [start, end) begins."""
    last = None
    for match in _CLAUSE.finditer(text, start, end):
        last = match.end()
    return last
