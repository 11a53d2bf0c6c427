"""Which mentions of an agent speak of treating the disease, and which of premedication, an interaction, an analyte or a company's shelf."""

from __future__ import annotations

import re

from kg_build.reading.context import Reading
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

_CUE = lazy(
    r"premedicat|prophyla|antiemetic|anti-emetic|inducer|CYP\d|P-gp|OATP|cytochrome|interact|co-?administ|concomitant|rescue|antidote"
    r"|supportive"
    r"|hypersensitiv|allerg|contraindicat|substrate|nausea|toxicit|analog|preclinical|pre-clinical|xenograft|cell\slines?|in\svitro"
    r"|mouse|mice",
    re.IGNORECASE,
)
_ASIDE_BEFORE = lazy(
    r"(?:\b(?:pre-?medicat\w+|prophyla\w+|anti-?emetics?|antihistamines?|antipyretics?|corticosteroids?|inducers?|substrates?|interact\w*"
    r"|rescue|antidote|supportive\s(?:care|medications?|therapy)|hypersensitivity\sto|allerg\w+\sto|contraindicated\sin\spatients\stak\w+"
    r"|CYP\w+\s(?:inhibitors?|inducers?)|prevent\w*\s(?:nausea|vomiting|infusion\sreactions)|models?\sof|cell\slines?|in\svitro"
    r"|xenografts?)"
    r"\b(?:(?!\b(?:before|prior|during|while|after|followed|then|received?|treated|adding|added)\b)(?:[^.;]|\.(?=[\w,]))){0,70})$",
    re.IGNORECASE,
)
_ASIDE_AFTER = lazy(
    r"\s(?:analog(?:ue)?s?\b|receptors?\b|levels?\b|concentrations?\b|synthase\b|deficien|clearance\b|(?:amino)?transferase"
    r"|transaminase|phosphatase|secret|\(?rescue\b|prophylaxis\b"
    r"|premedication\b)"
    r"|-(?:based|containing|producing|secreting|induced|like|receptor|analog|labell?ed|related|associated|bound)\b"
    r"|-(?:resistant|sensitive)\s(?!(?:patients?|adults?|people|disease\b|metastatic|advanced))"
)
_FOR_COMFORT = lazy(
    r"[^.;]{0,40}\b(?:(?:was|were|is|are|be)\s(?:used|given|administered|allowed|permitted)|use)\s(?:\w+\s){0,2}(?:for|to\s(?:manage"
    r"|treat|prevent))\s(?:the\s)?"
    r"(?:\w+\s){0,3}?(?:cytokine|CRS|nausea|vomiting|neutropeni|infusion|hypersensitiv|toxicit|neurotox|diarrh|rash|mucositis|infection"
    r"|pain|symptom|prophyla)"
)
_SHELF = lazy(
    r"About\s(?!the\s|[A-Z]{2,}[\w-]*\d)[A-Z]|.{0,160}\b(?:is\san?\s(?:\w+[\s-]){0,5}?(?:company|biotech|leader|corporation|firm)\b"
    r"|pipeline|portfolio)"
)


SUPPORTIVE = {
    "nausea and vomiting": "ondansetron granisetron palonosetron aprepitant fosaprepitant netupitant rolapitant metoclopramide",
    "infusion reactions, fever and pain": "diphenhydramine acetaminophen famotidine ranitidine cetirizine montelukast ibuprofen morphine",
    "blood counts": "filgrastim pegfilgrastim lenograstim epoetin-alfa darbepoetin-alfa darbepoetin eltrombopag romiplostim",
    "infection": "acyclovir aciclovir valacyclovir trimethoprim sulfamethoxazole levofloxacin ciprofloxacin fluconazole posaconazole",
    "toxicity": "loperamide mesna allopurinol rasburicase tocilizumab infliximab glucarpidase uridine-triacetate dexrazoxane folic-acid",
    "nothing: laboratories measure it": "alanine leucine isoleucine histidine proline phenylalanine threonine tryptophan ornithine cystine",
    "clots": "heparin enoxaparin dalteparin warfarin apixaban rivaroxaban aspirin",
}
"""What it is given for -> keys of agents that accompany a treatment: they are listed only where a regimen or a decision names them."""

_SUPPORTIVE = frozenset(key for keys in SUPPORTIVE.values() for key in keys.split())


def is_treatment(reading: Reading, mention: Mention, used: bool = False) -> bool:
    """Whether the mention is of a treatment: some fact uses it, or its own sentence gives it for more than comfort."""
    if used:
        return True
    text = reading.text
    if (mention.key or "") in _SUPPORTIVE:
        return False
    if _ASIDE_AFTER.match(text, mention.end, mention.end + 40) or _FOR_COMFORT.match(text, mention.end, mention.end + 120):
        return False
    unit = reading.document.units[reading.document.unit_at(mention.start)]
    if _CUE.search(text, *unit) and _ASIDE_BEFORE.search(text[max(unit[0], mention.start - 110) : mention.start]):
        return False
    return not _on_shelf(reading, mention)


def _on_shelf(reading: Reading, mention: Mention) -> bool:
    """Whether it stands in what a company says of itself."""
    paragraphs = reading.document.paragraphs
    number = reading.document.paragraph_at(mention.start)
    if not paragraphs or number < len(paragraphs) // 2:
        return False
    return any(_shelf_head(reading, number - back) for back in (0, 1) if number >= back)


def _shelf_head(reading: Reading, number: int) -> bool:
    start, end = reading.document.paragraphs[number]
    company = reading.mentions.between(start, min(end, start + 90), "organization")
    return bool(company) and company[0].start - start < 12 and _SHELF.match(reading.text, start, min(end, start + 260)) is not None
