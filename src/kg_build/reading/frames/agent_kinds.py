"""What a text says an agent is: the noun phrase beside its name, and the targets that phrase names.

"X (Brand), a CD19-directed antibody-drug conjugate", "X is a kinase inhibitor", "the KRAS G12C inhibitor X", "an EGFR inhibitor (X)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.mentions import Mention, longest
from kg_build.reading.patterns import lazy

_WORD = (
    r"(?!(?:that|which|who|was|were|is|are|has|have|had|in|with|to|for|by|as|on|at|from|than|or|but|when|plus|versus|after|before"
    r"|during|drug"
    r"|patients?|[Tt]he|[Aa]n?|[Ii]ts|their|of|against|be|been|being|may|will|would|approved|compared|received|receiving|given|added"
    r"|used|used)\b)"
    r"[\w(“\"][\w./+×’'()-]{0,30},?\s(?:[x×/+]\s)?"
)
_HEAD = (
    r"(?:antibody[\s-]drug[\s-]conjugate|(?:[a-z]+-)?conjugate|(?:nano|monoclonal\s|neutrali[sz]ing\s)?(?:anti)?bod(?:y|ies)|inhibitor"
    r"|antagonist|agonist"
    r"|degrader|modulator|engager|BiTE|blocker|TKI|ADC|SERD|PROTAC|(?:[a-z]*immuno|[a-z]*chemo|radio|(?:[\w-]+-)?cell\s|gene\s"
    r"|radioligand\s|targeted\s|hormone\s"
    r"|hormonal\s|endocrine\s|antibody\s|anti-[\w/-]{2,14}\s|TIL\s|CAR[- ]T\s)therapy|radioligand|radiopharmaceutical|vaccine"
    r"|analog(?:ue)?"
    r"|(?:adeno|retro|herpes\s|lenti)?virus|oligonucleotide|protein|peptide|immunotoxin|cytokine|superagonist|taxane|anthracycline"
    r"|alkylator"
    r"|antimetabolite|anti-?androgen|estrogen|molecule|derivative|(?:imaging|antineoplastic|alkylating|hypomethylating|immunomodulatory"
    r"|cytotoxic|chemotherapeutic|diagnostic|anticancer|antiviral)\sagent|(?:imaging|fluorescent)\sdrug|stimulator|sensiti[sz]er"
    r"|chelator|hormone|enzyme"
    r"|glue|ligand|(?:small\s)?(?:interfering\s|messenger\s)?RNA|siRNA|glucocorticoid|corticosteroid|mimetic|nucleoside|CELMoD"
    r"|T[- ]cells?)s?"
)
_PHRASE = rf"(?P<phrase>(?:{_WORD}){{0,12}}(?:{_HEAD}))\b"
_OF = (
    r"(?P<of>\s(?:of|including|against|directed\s(?:at|against|to)|targeting|that\s(?:targets|binds(?:\sto)?|inhibits|blocks)"
    r"|specific\sfor)\s(?:the\s)?"
    r"(?!(?:action|choice|treatment|patients)\b)(?:[\w./()-]{1,30},?\s?){1,8})?"
)
_DETERMINER = (
    r"(?:[Aa]n?|[Tt]he(?:\s(?:first|only|company[’']s))?|[Ii]ts|[A-Z][\w&.-]*(?:\s[A-Z][\w&.-]*){0,3}[’']s?"
    r"|(?:the\s)?world[’']s\sfirst)\s"
)
_BETWEEN = (
    r"[®™]{0,2}(?:\s(?:tablets?|capsules?|injection|infusion|for|film-coated|oral|solution|subcutaneous|hydrochloride)){0,3}\)?"
    r"(?:\s?[(\[][^()\[\]]{1,90}[)\]])?"
)
_IS = rf"(?:,?\s(?:is|was)\s(?:also\s)?|\s?,?\s(?:[–—-]\s)?(?:billed\sas\s|described\sas\s|which\sis\s|itself\s)?)(?:{_DETERMINER})"
_AFTER = lazy(rf"{_BETWEEN}{_IS}(?:first\s(?:and\sonly\s)?)?{_PHRASE}{_OF}")
_AFTER_BARE = lazy(rf"{_BETWEEN},\s{_PHRASE}{_OF}(?=,|\.|;|$)")
_BEFORE = lazy(
    rf"(?:{_DETERMINER}|^|\b(?:with|of|to|and|plus|for|by|versus)\s|[(,–—:]\s){_PHRASE}(?:\s\([A-Z][\w-]{{1,8}}\))?(?:\s|\s\("
    rf"|,\s(?<=y,\s))$"
)
_LAST_WORD = lazy(rf"(?:{_HEAD})(?:\s\([A-Z][\w-]{{1,8}}\))?,?\s\(?$")
_PARTNER = lazy(r"\s(?:and|or)\s")
"""What follows an item of a list, as in "X, an aromatase inhibitor and Y"."""
_FORM = lazy(
    rf"\b[Tt]he\s(?:[\w-]{{1,20}}\s){{0,3}}(?:tablet|pill|drug|therapy|medicine|treatment|capsule|injection"
    rf"|product),\san?\s{_PHRASE}{_OF}"
)
_THE = lazy(
    rf"\b[Tt]he\s(?:same\s)?(?P<phrase>(?:{_WORD}){{0,4}}(?:[\w-]*antibody|antibody-drug\sconjugate"
    rf"|[A-Z][\w/-]+\s(?:kinase\s)?inhibitor|engager|RNA|vaccine))\b"
    r"(?!\s(?:and|arm|group|class|therapy|plus|treatment|[\w-]+(?:mab|nib|lisib))\b)"
    rf"{_OF}"
)
_PRONOUN_IS = lazy(
    rf"(?:(?:The|This)\s(?:drug|agent|therapy|medicine|treatment|product|tablet|compound|molecule)(?:,\s|\sis\s)"
    rf"|It\sis\s)an?\s{_PHRASE}{_OF}"
)
_HYPE = lazy(
    r"(?:(?:first|best)[- ]in[- ]class|novel|new|investigational|experimental|potent|highly|potentially|(?:once|twice)[- ](?:daily"
    r"|weekly)|proprietary"
    r"|self-developed"
    r"|potential|next-generation|(?:first|second|third|fourth|new)-generation|brain-penetrant|and|selective|orally|available"
    r"|administered|bioavailable|systemic"
    r"|innovative|unique|first|only|leading|off-the-shelf|well-tolerated|approved|FDA-approved|injectable|intravenous|subcutaneous|oral"
    r"|dual"
    r"|[a-z]+ly),?\s"
)
_DIRECTED = lazy(r"[\w./+-]{2,16}(?:\s\d[\d.]{0,4})?-(?:directed|targeted|targeting)\s(?=[\w-]+\s[\w-])")
_EMPTY = lazy(r"(?:small\s)?(?:molecule|protein|agent|derivative|peptide)s?$")
_CLASS_OF_PARTNERS = lazy(r"(?:therapy|agent)s?$")
_STRUCTURE = lazy(r"\b(?:payload|linker|microtubule|topoisomerase|tubulin|DNA|alkylating)\b")
_RECEPTOR = lazy(
    r"(?P<target>(?:[a-z]+\s){1,3}receptor(?:s|\s(?:alpha|beta|gamma|[αβγ]|\d))?)"
    r"(?=[\s-](?:antagonist|agonist|inhibitor|modulator|blocker|targeted|directed))"
)
_SYMBOL = lazy(
    r"(?P<anti>\banti-?)?(?P<target>(?<![\w-])[A-Z][A-Za-z]{0,12}-?\d[\w./α-ω]*(?:/\d)*(?:\s[A-Z]\d{2,3}[A-Z]\b)?"
    r"|(?<![\w/-])[A-Z][A-Z0-9]{1,6}[A-Z](?:-[A-Z0-9]{1,3})?"
    r"|(?<=nti-)[A-Z][\w-]{1,12}?(?=\s|$|-))"
)  # fmt: skip
_NO_SYMBOL = frozenset("ADC ADCS CAR TKI TKIS BITE SERD FDA EMA EC NMPA TIL PROTAC IGG IGG1 IGG2 IGG4 RNA DXD US EU AND SC IV MMAE".split())


@dataclass(frozen=True)
class Kind:
    """What an agent is, where that stands, and the targets named in it."""

    name: str
    span: Span
    targets: tuple[tuple[str, Span], ...]


def kind_of(reading: Reading, mention: Mention, end: int) -> Kind | None:
    """What the words beside a mention say the agent is; `end` is where its unit ends."""
    text = reading.text
    stop = min(end, mention.end + 330)
    match = _AFTER.match(text, mention.end, stop)
    if match and not _PARTNER.match(text, match.end("phrase")):
        return _kind(reading, match, 0)
    bare = _AFTER_BARE.match(text, mention.end, stop)
    if bare and not _CLASS_OF_PARTNERS.search(bare["phrase"]) and "," not in bare["phrase"]:
        return _kind(reading, bare, 0)
    start = max(0, mention.start - 130, text.rfind("\n", 0, mention.start) + 1)
    before = text[start : mention.start]
    if not _LAST_WORD.search(before[-60:]):
        return None
    match = _BEFORE.search(before)
    return _kind(reading, match, start) if match and not _CLASS_OF_PARTNERS.search(_trimmed(match["phrase"])) else None


def kind_by_pronoun(reading: Reading, start: int, end: int) -> Kind | None:
    """What "It is a ...", "The drug, a ...," at the start of a unit says of the agent spoken of."""
    match = _PRONOUN_IS.match(reading.text, start, end)
    return _kind(reading, match, 0) if match else None


def kind_by_description(reading: Reading) -> Kind | None:
    """What the first "the bispecific antibody itself", "the antibody or placebo" calls the agent that a text is about."""
    match = _FORM.search(reading.text) or _THE.search(reading.text)
    return _kind(reading, match, 0) if match and "," not in match["phrase"] else None


def _trimmed(phrase: str) -> str:
    """The phrase without words of praise and without "X-directed": targets have their own slot."""
    while hype := _HYPE.match(phrase) or _DIRECTED.match(phrase):
        phrase = phrase[hype.end() :]
    return phrase


def _kind(reading: Reading, match: re.Match[str], offset: int) -> Kind | None:
    phrase = _trimmed(match["phrase"])
    if _EMPTY.fullmatch(phrase) or len(phrase) < 6:
        return None
    end = offset + match.end("phrase")
    start = end - len(phrase)
    targets = tuple(_targets(reading, offset + match.start("phrase"), end))
    stop = offset + match.end("of") if "of" in match.groupdict() and match["of"] else end
    if stop > end:
        targets += tuple(_objects(reading, end, stop))
        if match["of"].startswith((" of ", " including ")):
            phrase += re.split(r"[.;]|,\s(?!\d|[A-Z]\w*\s?(?:,|and))|\s(?:in|for|with|that|to|approved|was|is)\s", reading.text[end:stop])[
                0
            ].rstrip(" ,")
            end = start + len(phrase)
    return Kind(
        re.sub(r"[‐‑–]", "-", phrase.replace("bodies", "body").removesuffix("s") if phrase.endswith("inhibitors") else phrase),
        (start, end),
        targets,
    )


def _targets(reading: Reading, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """Targets named in the noun phrase itself."""
    text = reading.text
    found = [m for m in reading.mentions.between(start, end, "target") if not _STRUCTURE.search(text[m.start : m.end])]
    for pattern in (_RECEPTOR, _SYMBOL):
        for match in pattern.finditer(text, start, end):
            a, b = match.span("target")
            b = a + len(re.sub(r"-(?:directed|targeted|targeting|binding|based)?$", "", text[a:b]))
            if text[a:b].upper() not in _NO_SYMBOL and not _HYPE.match(text[a : b + 1]):
                found.append(Mention(a + len(_adjectives(text[a:b])), b, "target", text[a:b]))
    for mention in longest(found):
        family = re.compile(r"(?:/\d{1,2}){1,3}\b").match(text, mention.end)  # "kinase 4/6" is both
        mention = replace(mention, end=family.end()) if family else mention
        printed = text[mention.start : mention.end]
        if not re.match(r"[\s-](?:positive|negative|mutated|based|payload)\b", text[mention.end : mention.end + 12]) and not _doubled(
            reading, mention, printed
        ):
            yield printed, mention.span


def _adjectives(phrase: str) -> str:
    match = re.match(r"(?:(?:non-?steroidal|steroidal|oral|selective|potent|partial|full|dual|inverse|radiolabell?ed|an?|the)\s)+", phrase)
    return match[0] if match else ""


def _doubled(reading: Reading, mention: Mention, printed: str) -> bool:
    """Whether it is the abbreviation, in brackets, of the name before it."""
    return reading.text[mention.start - 1] == "(" and printed in reading.names.abbreviations


def _objects(reading: Reading, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """Targets behind "inhibitor of", "antibody against"."""
    text = reading.text
    stop = re.compile(r"[.;]|\s(?:in|for|with|that|to|approved|was|is|by)\s").search(text, start + 4, end)
    end = stop.start() if stop and not text[stop.start() : stop.start() + 4] == " to " else end
    inside = list(_targets(reading, start, end))
    if inside:
        yield from inside
        return
    lead = re.match(r"\s(?:of|including|against|directed\s\w+|targeting|that\s\w+(?:\sto)?|specific\sfor)\s(?:the\s)?", text[start:end])
    for part in re.finditer(r"[\w][^,;()]{2,60}?(?=,|;|\(|\s+and\s[A-Z]|\s*$)", text[start + lead.end() : end] if lead else ""):
        at = start + (lead.end() if lead else 0) + part.start()
        words = re.sub(r"^and\s", "", part[0])
        at += len(part[0]) - len(words)
        if re.search(r"receptor|factor|kinase|ligand|protein|enzyme|[A-Z]\w*\d|[A-Z]{3}", words):
            yield words.strip(), (at, at + len(words.strip()))
        return
