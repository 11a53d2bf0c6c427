"""Words of stage, line and intent."""

from __future__ import annotations

import re

from kg_build.reading.patterns import lazy

_RISK = r"(?:(?:very\s)?(?:ultra-?)?(?:low|lower|intermediate|high|higher|standard|poor|favou?rable|unfavou?rable|adverse)(?:-[12])?)"
_STAGE_NUMBER = r"(?:[IV]{1,4}|[0-4])(?:[ABC][1-3]?)?"
STAGE = lazy(
    r"(?:(?:loco-?regionally|locally)[- ](?:advanced|recurrent)|(?:very\s|far\s|more\s)?advanced(?:[- ]stage)?|(?:oligo-?"
    r"|non[- ]?)?metastati[cs]ed|(?:oligo-?|non[- ]?)?metastatic|(?:surgically\s)?unresectable"
    r"|inoperable|(?:borderline\s|potentially\s)?resectable|operable|(?:completely\s)?resected|unresected|recurrent|relapsed\s?(?:/|-|or"
    r"|and)\s?refractory|relapsed"
    r"|refractory|relapsing|persistent|R/R|(?:newly|recently|previously)[- ]diagnosed|de\snovo|(?:previously|heavily)[- ]?(?:un"
    r"|pre)?-?treated|untreated|never[- ]treated"
    r"|(?:treatment|therapy|chemotherapy|systemic\stherapy|drug)[- ]na[iï]ve|(?:heavily\s)?pre-?treated|insufficiently\streated"
    r"|early(?:[- ]stage)?|late[- ]stage|end[- ]stage"
    rf"|{_RISK}(?:\s?[,/]?\s?(?:to|or|and)?\s?-?\s?{_RISK}){{0,2}}[- ]risk|{_RISK}-(?=\s(?:to|or|and)\s)"
    rf"|(?:extensive|limited)[- ](?:stage|disease)|(?:clinical\s|pathologic(?:al)?\s)?stages?\s{_STAGE_NUMBER}(?:\s?(?:,\sor|,|to|or|and"
    rf"|through|-|–|/)\s?{_STAGE_NUMBER}){{0,3}}"
    r"|(?:(?:mildly|moderately|severely)\s(?:to\s(?:moderately|severely)\s)?)?active|progressive|progressing|severe|critical"
    r"|(?:very\s)?(?:mild|moderate)(?:[- ]to[- ](?:moderate|severe|advanced))?|serious"
    r"|uncontrolled|uncomplicated|established|unexplained"
    r"|(?:[a-z]{4,20}|BCG|Bacillus\sCalmette-Gu[eé]rin|radio(?:active\s)?iodine|RAI|PD-\(?L?\)?1|triple-class|penta-refractory"
    r"|double-class)[- ]"
    r"(?:resistant|refractory|sensitive|unresponsive|intolerant|na[iï]ve|exposed|experienced|ineligible|eligible|unfit|dependent"
    r"|relapsed|pretreated)"
    r"|(?:a)?symptomatic|(?:first|second|third|later)-line|locali[sz]ed|measurable|certain|select(?:ed)?|some\stypes\sof|(?:chronic"
    r"|accelerated|blast)[- ]phase"
    r"|difficult-to-treat|incurable|non-?curable|node-(?:positive|negative)|lymph\snode-positive|primary\sadvanced|deep|disseminated"
    r"|muscle-invasive(?=\surothelial\scarcinoma))"
    r"(?=[\s,/]|$)",
    re.IGNORECASE,
)
IN_NAME = lazy(
    r"(?:(?:non-?)?metastatic|(?:locally\s)?advanced|unresectable|recurrent|early|high[- ]risk|extensive[- ](?:stage|disease)"
    r"|limited[- ](?:stage|disease)"
    r"|(?:castration?e?|hormone)[- ](?:resistant|sensitive|refractory|na[iï]ve))\s",
    re.IGNORECASE,
)
"""Stage words that names in the table of diseases begin with."""
LINE = lazy(
    r"\b(?:(?:first|second|third|fourth|front|later|subsequent)-?\s?line(?:\sor\s(?:later|subsequent)(?:-line)?|\sand\sbeyond)?|1L|2L|3L"
    r"|initial(?=\s(?:treatment|therapy))|(?:neo)?-?adjuvant(?:\s(?:and|or|and/or)\sadjuvant)?"
    r"|peri-?operative|(?:first-line\s)?maintenance|consolidation|induction|conditioning|pre-?operative|post-?operative|salvage"
    r"|palliative|continued(?=\streatment)"
    r"|(?:continuation\s)?prophyla(?:xis|ctic))\b(?:\s(?:treatment|therapy|setting|maintenance)\b){0,2}",
    re.IGNORECASE,
)
PLACE = lazy(
    r"\b(?:in|at|of)\s(?:the\s|a\s)?(?:(?:first|second|third|initial|any)\s(?:or\s\w+\s)?(?:relapse|recurrence|line)"
    r"|(?:[\w-]{1,20}\s){0,2}(?:neo)?adjuvant\ssetting|(?:first|second|third)[- ]line\s(?:metastatic\s)?setting"
    r"|(?:chronic|accelerated|blast|advanced)\sphase|(?:first\s|second\s)?(?:complete|partial|first|second)\s(?:or\s\w+\s)?(?:remission"
    r"|response))\b"
    r"(?:\s(?:to|following|after)\s[^,;.]{3,80})?",
    re.IGNORECASE,
)


def line_words(words: str) -> str:
    """Words of line or place as a setting holds them: without preposition, treatment or setting.

    >>> line_words("first-line treatment"), line_words("at first relapse"), line_words("in the neoadjuvant setting")
    ('first-line', 'first relapse', 'neoadjuvant')
    """
    words = re.sub(r"^(?:in|at|of)\s(?:the\s|a\s)?", "", " ".join(words.split()), flags=re.IGNORECASE)
    words = re.sub(r"\s(?:setting|treatment|therapy)$", "", re.sub(r"\s(?:setting|treatment|therapy)$", "", words))
    return words[0].lower() + words[1:] if words[1:2].islower() else words
