"""Stage 2b: agents that no table knows, told by the form of the word or by the place it stands in.

Form: the stems of international nonproprietary names, the names of conjugates and cell therapies, company code names.
Place: "word (Brand)", "BRAND (word)", the partner after "plus" or "in combination with", the object of "approved ... for".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import ahocorasick

from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

_STEMS = (
    "tifan imib ralib gralib ximod "
    "mab tinib nib ciclib parib lisib zomib degib rasib sertib platin taxel rubicin leucel tamig tansine dotin limus lutamide "
    "domide strant trozole toclax trexed trexate citabine relbine rabine poside bulin tecan relix relin rsen siran kinra glutide "
    "reotide gliptin gliflozin bercept facept fercept sulfan mustine fosfamide denoson metinib inostat dronate floxacin ciclovir "
    "mycin grastim setron pitant vastatin sartan prazole oxifene olone methasone nisone vaptan bart tug fusp cabtagene autotemcel "
    "tolisib nersen oxaban vir virin coplan inexor ectedin glitazone kiren fibrate tegrast gepant golix ciguat racetam gabalin "
    "peridone dipine conazole cillin penem triptan azepam parin parinux gatran imod spargase poetin leukin faragene semnogene "
    "beglogene limogene raterone degrast fulven dustat metostat listat gacestat xostat mig tide cept clax exor olol sidenib lasib "
    "grel degrant mestat adol alol afil amivir ampanel anserin astine atadine azenil azoline azosin bactam bamate begron bendazole "
    "bermin betasol bradine calcet capone cavir cetrapib cilpin clidine coxib curium cycline dermin dilol ditan dopa dralazine "
    "dutant entan etanide ezolid fenacin fiban flapon flurane formin fungin fylline gabine gestrel giline glinide glipron glitazar "
    "glurant golide gramostim grelor guanide oxicam mifene imibe inurad isant kacin kalant lukast mantadine mantine meran mestane "
    "metacin milast monam morelin mostim motine mulin nabant naritide navir nercept netant nicline nidazole onide orexant oxetine "
    "pafant pamil parvovec peridol pidem zapine tiapine pladib planin plase porfin prazan pristin prost renone restat tretin "
    "ribine rozole arotene semide sermin serod spirone steride stigmine sudil tacept tapide tegravir terol thiazide tiazem tibant "
    "tizide tocin trigine triptyline trodast troban uracil viroc virsen vudine xaban zolamide zolid caftor tirom glumetad tiotepa "
    "thiotepa profen mivir predil repvec racogene lutide poride sulpride mosapride cisapride insulin "
).split()
_PAYLOADS = (
    r"(?:[A-Za-z][a-z]{1,13}(?:dotin|tecan|tansine|sirine|gamicin|xetan|leucel|temcel|tox|dox|totug|tuzo|vec)|sodium|pegol|tiuxetan"
    r"|alfa(?:-[a-z0-9]{1,4})?|beta(?:-[a-z0-9]{1,4})?|protein-bound)"
)
_NOT_AGENTS = frozenset(
    "intercept concept precept except accept percept start part chart smart heart apart tug rug tamig mab nib combine decline determine "
    "standalone alone methane someone anyone everyone clone hormone peptide polypeptide neuropeptide lipopeptide dipeptide nucleotide "
    "oligonucleotide dinucleotide riptide bedtide interleukin misconcept preconcept elixir souvenir protamig "
    "carbapenem penem adamantine carbamate cholesterol anticholesterol ergosterol lumisterol stigmasterol viosterol phytosterol "
    "sitosterol campesterol "
    "oxysterol lanosterol complaisant obeisant leporide ozonide oxytocin hydrastine mercaptide "
    "administrant registrant ministrant remonstrant crepitant palpitant precipitant coarsen hoarsen "
    "worsen globulin immunoglobulin flexor plexor multiplexor hobart larsen andersen petersen jespersen sarsen recept incept intussuscept "
    "eventide noontide yuletide mongrel aztecan toltecan violone provolone triumvir decemvir reservoir "
    "proinsulin hyperinsulin antiinsulin".split()
)
_INN = lazy(
    rf"\b(?P<stem>(?:[a-z]{{2,5}}-)?[A-Za-z][a-z]{{1,24}}(?:{'|'.join(sorted(_STEMS, key=len, reverse=True))}))\b"
    rf"(?:\s{_PAYLOADS}\b)?(?P<suffix>-[a-z]{{4}}\b)?"
)
_PREFIX = lazy(r"\b[a-z]{2,5}-$")
_LONGEST = 32
_CODE = lazy(
    r"(?<![\w-])(?:[A-Z]{2,5}(?:-[A-Z])?(?:-\d{2,6}|\s\d{5,8}|\d{4,7})|(?:ABT|ABBV|AMG|AZD|BAY|BI|BMS|CC|GSK|INC|JNJ|LY|MEDI|MK|ONO|PF"
    r"|RG|RO|SAR|TAK)\s\d{3,4}|mRNA-\d{3,4})"
    r"[A-Z]?(?![\w-])"
)
_CODE_NAME = lazy(r"(?:m?[A-Z])[A-Za-z]{0,6}(?:-[A-Z])?[- ]?\d{2,7}[A-Za-z]{0,3}(?:-[A-Z0-9]{1,4})?")
_STUDY_BEHIND = lazy(r"(?:\s\w+)?\s(?:trial|study)\b|\s\(?NCT|,\san?\s[^.;]{0,90}\b(?:trial|study)\b")
_NOT_CODES = lazy(
    r"(?:NCT|LBA|COVID|SARS|ISO|CTCAE|ICD|HPV|CD|IL|PD|HER|CTR|ISRCTN|UMIN|JRCT|JAPIC|CTRI|CT|MIN|MA|NJ|CA|NY|PA|TX|WHO|DSM|RFC|BMI|SNP|CYP"
    r"|ACTRN|TPS|OAB|ANZ[A-Z]{2,4}"
    r"|HLA|BRCA|SUPPL|NDA|BLA|IND|PMA|RECIST|RAS|DOI|PMID|PMC|ASCO|ESMO|ASH|AACR|EHA|SABCS|WCLC|SUVMAX|FIGO|AJCC|TNM|TP|ICH|GCP|EU|UK"
    r"|US)[-\s]?\d"
    r"|(?:[A-Z]{0,4}OG|EORTC|NSABP|CALGB|NRG|GEICAM|GERCOR|PETHEMA|GIMEMA|HOVON|NEJ|LOGIK|AGO|ENGOT|IFCT|UKALL|SAKK|ACRIN|IBCSG|BIG"
    r"|GBG)[-\s]?[A-Z]?\d"
    r"|[A-Z]+\s(?:19|20)\d\d\b"
)
"""Registries, scales, genes, places and congresses, groups that run trials, years: no company's code for an agent."""

_SHORT_CODE = lazy(
    r"\b(?:plus|with|receiv(?:ed?|ing)|giv(?:en|ing)|of|administered|or|and|versus|adding|either)\s(?:oral\s|intravenous\s"
    r"|subcutaneous\s)?"
    r"(?P<code>(?!CHOP|COP|FEC|FLAG|DHAP|ICE|BEAC|CMF|DA-|HD|AUC|PEG|FOLF|ABL|AKT|MUC|KIF|FGF|VEGF|PIK|TLR|STAT|BCL|MCL|FLT|CAR|MMP|CCR"
    r"|CXCR)"
    r"[A-Z]{2,5}-?\d{2}[A-Z]?)(?=[,.;)]|\s(?:and|or|plus|with|in|at|as|was|were|is|for|to|versus|vs|every|until|alone|monotherapy|\d"
    r"|\()|$)"
)
_DOSED = lazy(r"\d\s?(?:mg|µg|mcg|g)\b|\b(?:treat|therap|dose|arm|combin|random|tumou?r|cancer|surviv|respon)", re.IGNORECASE)

_BRAND = r"[A-Z][A-Za-z]{2,17}"
_MARK = r"\s?[®™]{1,2}|"
_WORD = r"[a-z][a-z-]{4,28}[a-z]"
GOODS = (
    r"(?:\s(?:hydrochloride|tablets?|capsules?|film-coated|injection|for\sinjection|infusion|oral|ophthalmic|intravitreal|topical|nasal"
    r"|inhalation|extended-release|cream|gel|ointment|spray|granules|vials?|solution|subcutaneous|intravenous"
    r"|[ivsc]{2}|\d+\s?mg"
    r"|concentrate|powder|suspension|kit)){0,4}"
)
SAID = (
    r"(?:(?:(?:which\sis\s|to\sbe\s|will\sbe\s|is\s)?(?:also\s|formerly\s|previously\s|commercially\s|now\s|better\s"
    r"|generically\s)?(?:known|marketed|sold"
    r"|branded|called|developed"
    r"|available|referred\sto)\s(?:as|under)|formerly|previously|aka|a\.k\.a\.|(?:under|with)?\s?(?:the|its)?\s?(?:brand|trade|code|R&D|research"
    r"|development|generic|proprietary"
    r"|scientific|product)(?:\s|-)?(?:names?|code)(?:\sof)?|active\s(?:substance|ingredient)s?|INN"
    r"|international\snon-?proprietary\sname|brand|code)[:\s]\s?"
    r"(?:the\s(?:brand|trade)\snames?\s)?)"
)
"""Words that come between a name and a bracket, and words that tell a name from another."""

_GENERIC_THEN_BRAND = lazy(rf"(?<![\w-])(?P<generic>{_WORD})\s?\((?P<brand>{_BRAND}(?:\s{_BRAND})?)(?P<mark>{_MARK})(?P<rest>[,;)\]/])")
_BRAND_THEN_GENERIC = lazy(
    rf"(?<![\w-])(?P<brand>{_BRAND}(?:\s{_BRAND})?)(?P<mark>{_MARK}){GOODS}\s?[(\[](?:{SAID})?(?P<generic>{_WORD}(?:\s{_WORD})??){GOODS}(?:[)\]]|[,;]\s)"
)
_MARKED_BRAND = lazy(rf"(?<![\w-])(?P<brand>{_BRAND})\s?®|(?<=\b(?:of|to)\s)(?P<brand2>{_BRAND})™")
_PARTNER = lazy(
    rf"\b(?:plus|in combination with|combined with|combination of|together with"
    rf"|alone or with)\s(?P<word>{_WORD})"
    r"(?=[,.;)(]|$|\s(?:and|or|plus|with|for|in|as|at|to|was|is|versus|vs|every|until|monotherapy|alone|compared|followed|tablets"
    r"|capsules)\b)"
)
_LISTED = lazy(r"(?:^|(?<=[|\n•:;,-]))[ \t]*(?P<word>[A-Za-z][a-z]{5,28})(?=\s\+\s[A-Za-z]{5})", re.MULTILINE)
_DOSED_WORD = lazy(
    r"\b(?:receiv(?:ed?|ing)|given|giving|assigned\sto|randomi[sz]ed\sto|allocated\sto|either|or|versus|vs|plus|of|with|took|taking)\s"
    r"(?:(?:oral|intravenous|subcutaneous|intramuscular|inhaled|topical|once-daily|once-weekly|twice-daily)\s){0,2}(?P<word>[a-z]{6,24})"
    r"(?=(?:\s|,\s|\s\(|\sat\s(?:a\s)?(?:dose\sof\s)?|\s\(at\sa\sdose\sof\s)\d[\d.,·]{0,6}[-\s]?(?:mg|µg|μg|mcg)\b)"
)
"""A word with its dose behind it."""
_OBJECT = lazy(
    rf"\b(?:approved|approves|cleared|authori[sz]ed|approval (?:of|to|for)|designation (?:to|for)|review (?:to|for))\s(?P<word>{_WORD})"
    r"(?=\s\(|,?\s(?:for|as|in|plus|with|monotherapy|tablets|capsules|injection|to)\b)"
)
_BEFORE_GENERIC = lazy(
    r"(?:\b(?:plus|and|with|or|approved|approves|to|for|of|received|receiving|either|using|versus|vs|than|agent"
    r"|inhibitor|antibody|drug|including|as"
    r"|included|single-agent|subcutaneous|oral|intravenous|by)|[,(/])\s$"
)
_KIND = (
    r"(?:inhibitor|antibody|antibody-drug\sconjugate|ADC|agonist|antagonist|degrader|engager|TKI|SERD|CELMoD|modulator|radioligand|vaccine"
    r"|oligonucleotide)\b"
)
_IS_KIND = lazy(
    rf"\b(?P<word>[A-Za-z][a-z]{{5,24}})(?:\s\([^()]{{2,40}}\))?(?:,\san?\s|\s(?:is|was)\san?\s)(?:(?!of\b|with\b|for\b|in\b"
    rf"|to\b)[\w/()+-]+,?\s){{0,7}}{_KIND}"
)
"""A word told to be what only agents are: "torvenamide, an oral CELMoD," and "Velotine is a kinase inhibitor"."""

_ACT_ON = lazy(
    r"\b(?:extensions?\sof\s(?:the\s)?(?:therapeutic\s)?indications?\s(?:for|of)|extend\sthe\s(?:use|indications?)\sof"
    r"|marketing\sauthori[sz]ations?\s(?:for|of)|medicinal\sproducts?)\s"
    r"(?P<brands>[A-Z][A-Za-z]{3,17}\b(?!\s[A-Z])(?:(?:,\s|\sand\s|,\sand\s)[A-Z][A-Za-z]{3,17}\b(?!\s[A-Z])){0,9})"
)
_ACTED_ON = lazy(r"[A-Z][A-Za-z]{3,17}")

_ENGLISH = frozenset(
    (
        "arthritis asthma diabetes disorder illness obesity psoriasis syndrome "
        "adult adults agents alone another approval approved available background benefit best biologic biosimilar brand breast "
        "cancer carcinoma chemoimmunotherapy chemoradiation chemoradiotherapy chemotherapy clinical combination concurrent "
        "conventional corticosteroid corticosteroids curative current data disease doublet either endocrine established "
        "existing fluoropyrimidine following further giving hormonal hormone immunotherapy indicated investigational "
        "investigator investigators-choice leukemia local lymphoma marketing maintenance medicine medicines melanoma "
        "monotherapy myeloma novel observation optimal other patients people physician physicians placebo platinum platinum- "
        "based progression radiation radiotherapy regimen regimens response routine salvage second single single-agent standard "
        "standard-of-care study subcutaneous supportive surgery survival systemic targeted taxane taxane-based their therapies "
        "therapy those topical treatment treatments tumor tumors triplet until usual various vehicle women anthracycline "
        "regulators authorities "
        "multiple certain several these radioligand bridging induction consolidation children pediatric paediatric people trial "
        "trials label labels labeling tablet tablets sales expanded accelerated traditional regular priority full conditional "
        "market coverage reimbursement application applications indication indications drug drugs product products generic "
        "generics matched matching matching-placebo metastatic advanced intensive high-dose low-dose stem-cell autologous "
        "allogeneic healthcare treating based device devices system systems software test tests assay assays database "
    ).split()
)


def is_code(name: str) -> bool:
    """Whether a name is shaped as a company's code for an agent: "ABC-1234", "AB123", "MK-3475A"."""
    return _CODE_NAME.fullmatch(name) is not None


def has_stem(word: str) -> bool:
    """Whether a word ends as international nonproprietary names do."""
    return _INN.fullmatch(word) is not None


_MIXED = lazy(r"[A-Z]{2}[a-z]|[a-z]-[A-Z]{2}|(?<=[A-Za-z]-)[A-Z][A-Z]")
"""Capitals inside a name that are no title's: T-DXd, Dato-DXd, sac-TMT."""


def _first_form(word: str) -> str:
    """Generic names in lower case; code names as they are."""
    if re.match(r"[A-Z][a-z]{3,}\s", word):
        return word[0].lower() + word[1:] if re.search(r"\d", word) else word.lower()
    as_it_is = re.search(r"\d", word) or (word.isupper() and len(word) < 8) or _MIXED.search(word)
    return word if as_it_is else word.lower()


_INSULIN = lazy(r"\b(?:[Ii]nsulin\s)?(?P<kind>glargine|degludec|detemir|aspart|lispro|glulisine|icodec|efsitora(?:\salfa)?)\b")
"""Insulins, which texts call by their second word alone."""


def _insulins(text: str) -> Iterator[Mention]:
    for match in _INSULIN.finditer(text):
        yield Mention(match.start(), match.end(), "agent", match[0])


@cache
def _stems() -> ahocorasick.Automaton:
    machine = ahocorasick.Automaton()
    for stem in _STEMS:
        machine.add_word(stem, stem)
    machine.make_automaton()
    return machine


def _by_stem(text: str) -> Iterator[Mention]:
    for match in _with_stem(text):
        if match["stem"].lower() not in _NOT_AGENTS and len(match["stem"]) > 5:
            yield Mention(match.start(), match.end(), "agent", match[0])


def _with_stem(text: str) -> Iterator[re.Match[str]]:
    """The words that end with a stem, each looked at from its beginning."""
    last = 0
    for end in sorted({end + 1 for end, _ in _stems().iter(text)}):
        start = end
        while start > last and end - start < _LONGEST and text[start - 1].isalpha():
            start -= 1
        prefix = _PREFIX.search(text, max(last, start - 7), start)
        match = _INN.match(text, prefix.start() if prefix else start)
        if match:
            last = match.end()
            yield match


def names_a_study(text: str, end: int) -> bool:
    """Whether what follows a code tells that it is a study's."""
    return _STUDY_BEHIND.match(text, end, end + 120) is not None


def _by_code(text: str) -> Iterator[Mention]:
    for match in _CODE.finditer(text):
        if not _NOT_CODES.match(match[0]) and not names_a_study(text, match.end()):
            yield Mention(match.start(), match.end(), "agent", match[0])


def _by_short_code(text: str) -> Iterator[Mention]:
    """Codes of two figures, which look like genes and antigens: only where a treatment stands."""
    for match in _SHORT_CODE.finditer(text):
        around = text[max(0, match.start() - 80) : match.end() + 60]
        if not _NOT_CODES.match(match["code"]) and _DOSED.search(around):
            yield Mention(match.start("code"), match.end("code"), "agent", match["code"])


def _by_act(text: str) -> Iterator[Mention]:
    """Brands that an authority's act is about, alone or in a list: "extensions of indication for Zelvara, Norvexa and Tolbrio"."""
    for match in _ACT_ON.finditer(text):
        for brand in _ACTED_ON.finditer(text, *match.span("brands")):
            yield Mention(brand.start(), brand.end(), "agent", brand[0])


def _plausible(word: str) -> bool:
    return word not in _ENGLISH and not re.search(
        r"(?:ly|ing|ed|(?<!mu)s|tion|ment|ness|ity|ship|based|therapy|inhibitors?|antibody|free|cell|line|care|ure|omas?|itis|a?emia|pathy|algia)$",
        word,
    )


def _by_place(text: str) -> Iterator[Mention]:
    for pattern in (_PARTNER, _OBJECT, _IS_KIND, _LISTED, _DOSED_WORD):
        for match in pattern.finditer(text):
            if _plausible(match["word"].lower()):
                yield Mention(match.start("word"), match.end("word"), "agent", match["word"])


def agents_by_form(text: str) -> Iterator[Mention]:
    """Agents told by their form or place alone; overlaps are left in."""
    yield from _by_stem(text)
    if "nsulin" in text:
        yield from _insulins(text)
    yield from _by_code(text)
    yield from _by_short_code(text)
    yield from _by_place(text)
    yield from _by_act(text)


def brand_pairs(text: str, is_agent: dict[int, Mention], is_other: set[int]) -> Iterator[tuple[Mention, Mention]]:
    """(generic, brand) pairs printed as "generic (Brand" or "BRAND (generic)".

    `is_agent` holds known agents by their end, `is_other` the starts of what is surely no brand (companies, places, regulators).
    """
    for match in _GENERIC_THEN_BRAND.finditer(text):
        known = is_agent.get(match.end("generic"))
        telling = bool(match["mark"]) or match["brand"][1:].islower() or match["rest"] == ","
        if match.start("brand") in is_other or not (known or (telling and _generic_here(text, match))):
            continue
        if known and not telling and len(match["brand"]) < 5:
            continue
        generic = known or Mention(match.start("generic"), match.end("generic"), "agent", match["generic"])
        yield generic, Mention(match.start("brand"), match.end("brand"), "brand", match["brand"])
    for match in _BRAND_THEN_GENERIC.finditer(text):
        known = is_agent.get(match.end("generic"))
        told = match["mark"] or _BEFORE_GENERIC.search(text[max(0, match.start() - 20) : match.start()])
        if match.start("brand") in is_other:
            continue
        if known or (told and " " not in match["generic"] and _plausible(match["generic"])):
            generic = known or Mention(match.start("generic"), match.end("generic"), "agent", match["generic"])
            yield generic, Mention(match.start("brand"), match.end("brand"), "brand", match["brand"])


def _generic_here(text: str, match: re.Match[str]) -> bool:
    return _plausible(match["generic"]) and _BEFORE_GENERIC.search(text[max(0, match.start() - 20) : match.start()]) is not None


def marked_brands(text: str) -> Iterator[Mention]:
    """Names printed with a trade mark."""
    for match in _MARKED_BRAND.finditer(text):
        group = "brand" if match["brand"] else "brand2"
        yield Mention(match.start(group), match.end(group), "brand", match[group])


def plain(name: str) -> str:
    """An agent's name as regimens hold it: lower case, without the FDA's four-letter suffix.

    >>> plain("Isatuximab-irfc"), plain("ABC-1234"), plain("nab-Paclitaxel")
    ('isatuximab', 'ABC-1234', 'nab-paclitaxel')
    """
    if insulin := _INSULIN.fullmatch(name):
        return f"insulin {insulin['kind']}"
    name = re.sub(r"(?<=[a-z]{3})[-–][a-z]{4}\b(?=$| and )|(?<=[a-z]\))-[a-z]{4}$", "", _first_form(" ".join(name.split())))
    return re.sub(r"^(?:fam|ado)-(?=[a-z])", "", name)
