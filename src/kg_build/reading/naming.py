"""Stage 2: all mentions of a text in one place: names of the tables, names told by form, and what the text itself defines.

A name means what the text says it means: "isatuximab (Sarclisa)" makes Sarclisa a name of isatuximab in this text only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from kg_build.lexicon import Lexicon
from kg_build.reading import forms, studies
from kg_build.reading.appositions import Alias, Appositions, generic_names
from kg_build.reading.gates import near
from kg_build.reading.mentions import Mention, Mentions, longest
from kg_build.reading.patterns import lazy
from kg_build.reading.tables import find_names, occurrences
from kg_build.terms import fold

_PRODUCTS = ("s-1", "uracil-tegafur")
"""Combinations that everybody takes for one agent."""
_SHORT = lazy(r"[\[(](?P<short>(?=[A-Za-z0-9/&-]{0,11}[A-Z0-9][A-Za-z0-9/&-]{0,10}[A-Z0-9])[a-z]?[A-Z][A-Za-z0-9/&-]{1,11})s?[)\];,]")
_SUFFIX = lazy(r"-[a-z]{4}\b")
_COFORMULATED = lazy(
    r"(?:,\s[a-z]+)?(?:,?\sand\s|/|\splus\s|\s\+\s|\s)[a-z-]{0,6}hyaluronidase(?:\salfa\b)?(?:[-–][a-z]{4}\b)?(?:-[a-z]{4}\b)?"
)
_ONE_PRODUCT = lazy(
    r"(?P<first>trifluridine|decitabine|sacubitril|nirmatrelvir|tezacaftor|lumacaftor)(?:\s?[/–‐‑-]\s?|\sand\s|\splus\s)"
    r"(?P<second>tipiracil|cedazuridine|valsartan|ritonavir|ivacaftor)\b",
    re.IGNORECASE,
)
"""Two agents that are only sold as one product."""
_LINE_EXTENSION = lazy(
    r"\s(?!(?:Plus|And|With|PLUS|WITH|AND|For|In|Tablets?|Capsules?|Injection|Infusion|Solution|Therapy|Treatment)\b)[A-Z][A-Za-z]{3,12}(?=\s?[®™]|\s\([a-z])"
)
_CLASSES = lazy(
    r"\b(?:single-agent\s)?chemotherapy\sof\s(?:the\s)?(?:investigator|physician)['’]?s?['’]?\schoice\b"
    r"|\b(?:(?:platinum|taxane|fluoropyrimidine|anthracycline|pemetrexed|gemcitabine|cisplatin|carboplatin|oxaliplatin"
    r"|doublet|triplet)(?:-based|-containing"
    r"|\s(?:doublet|triplet))?(?:\s(?:and|or)\s(?:platinum|fluoropyrimidine|taxane)(?:-based"
    r"|-containing)?)?\s)?(?:chemotherap(?:y|ies)|chemo|chemoradiotherapy"
    r"|chemoradiation(?:\stherapy)?|chemoimmunotherapy)\b(?:\s(?:alone|doublet)\b)?"
    r"|\b[Pp]lacebos?\b|\bbest\ssupportive\scare\b|\bstandard(?:\s|-)of(?:\s|-)care\b|\b(?:investigator"
    r"|physician|doctor)['’]?s?['’]?\schoice(?:\sof\s(?:chemotherapy|therapy|treatment|regimen|care|monotherapy)\b)?"
    r"|\b(?:endocrine|hormonal?|androgen[- ]deprivation|radiation|targeted)\stherapy\b|\bradiotherapy\b"
    r"|\bimmunotherapy\b|\bfluoropyrimidines?\b|\btaxanes?\b"
    r"|\banti-?[A-Z][A-Za-z0-9-]{1,12}-(?:based|directed|containing|targeted)\s(?:regimens?|therap(?:y|ies)"
    r"|treatments?)\b|\b[a-z]{5,20}-(?:based|containing)\s(?:regimens?|therap(?:y|ies)|treatments?)\b"
    r"|\banthracyclines?\b|\bbisphosphonates?\b|\b(?:cortico)?steroids?\b"
    r"|\b(?:an?\s)?(?P<inhibitor>(?:[A-Za-z0-9/-]{2,20}\s){0,2}?[A-Za-z0-9/-]{2,25}\sinhibitors?"
    r"|anti-?[A-Z][A-Za-z0-9-]{1,12}\s(?:therapy|(?:monoclonal\s)?antibod(?:y|ies)))\b"
)
_DISEASE = lazy(
    r"\b(?:(?!(?:of|with|for|in|the|an?|and|or|to|treat\w*|patients?|adults?|who|have|has|had|advanced|metastatic"
    r"|relapsed|refractory|unresectable|recurrent|previously|pretreated|untreated|newly"
    r"|diagnosed|locally|early|line|against|from|on|at|by|chronic-phase|certain|this|these|other|their|whose|active"
    r"|severe|resectable|is|was|are|stage|first-line|as|any|all|people|living|positive"
    r"|negative|no|prior|history|risk|setting|type|common|most|global|against|about"
    r"|approved|clear(?:ed|s)|authori[sz]ed|rejected|granted|backed|(?!(?:non-)?Hodgkin|Burkitt|Ewing|Kaposi|Paget|Richter|Merkel|Wilm)[A-Za-z-]+[’']s"
    r")\b)[A-Za-z0-9][A-Za-z0-9’'-]{1,23}\s){0,4}?"
    r"(?:cancers?|[a-z]*carcinomas?|[a-z]*lymphomas?|[a-z]*leuka?emias?|[a-z]*myelomas?|[a-z]*sarcomas?"
    r"|[a-z]*melanomas?|(?:solid|stromal|germ\scell|neuroendocrine|desmoid|brain|trophoblastic|rhabdoid)\stumou?rs?"
    r"|neoplasms?|[a-z]*blastomas?|[a-z]*gliomas?|[a-z]*thelioma"
    r"|[a-z]*cytosis|[a-z]*fibrosis|[a-z]*amyloidosis|[a-z]{4,}syndromes?|[A-Za-z]{4,}\ssyndromes?|macroglobulinemia"
    r"|thrombocytopenia|graft-versus-host\sdisease)\b"
)
_AUTHORITY = lazy(
    r"\b(?P<name>(?:[A-Z][\w’'-]{1,24},?\s(?:(?:of|and|for|the|on)\s){0,2}){0,7}(?:Administration|Agency|Ministry"
    r"|Authority|Commission|Directorate|Department|Institute|Center|Bureau)(?:(?:\s(?:of|and|for|the"
    r"|on)){1,2}(?:\s[A-Z][\w’'-]{1,24},?)+){0,3})"
    r"\s\((?P<short>[A-Z][A-Za-z]{1,7})\)"
)
_OF_COUNTRY = lazy(r"(?:^|[\s(])(?P<place>(?!The\s)[A-Z][\w.]*(?:\s[A-Z][\w.]*)?(?:[’']s)?)\s$")
_DEMONYM = lazy(r"[A-Z][a-z]{2,}(?:ian|ean|ese|ish|ine|ani|eli|aqi)|Thai|Dutch|Greek|Czech")
_NOT_IN_CLASS = lazy(
    r"(?:^|\s)(?:an?|the|are|were|and|or|with|of|to|on|in|prior|previous|received|including|oral|selective|as|potent|plus|both|without"
    r"|either|than|for|first|second|is|was"
    r"|novel|approved|by|from|other|any|after|following)\s",
    re.IGNORECASE,
)


def _initials(words: list[str]) -> str:
    return "".join(part[0] for word in words for part in re.split(r"[-/]", word) if part and part[0].isalnum()).casefold()


def _long_form(text: str, at: int, short: str) -> tuple[int, int] | None:
    """The words before a bracket whose initials spell the short form."""
    letters = re.sub(r"[^a-z]", "", short.casefold())
    window = text[max(0, at - 120) : at].rstrip()
    offset = max(0, at - 120)
    words = list(re.finditer(r"[^\s()\[\],;]+", window))
    for count in range(1, min(len(words), len(letters) + 4) + 1):
        chosen = words[-count:]
        initials = _initials([w[0] for w in chosen])
        spelled = initials == letters or (
            len(letters) > 1
            and initials[:1] == letters[0]
            and count > 1
            and _subsequence(letters, "".join(w[0].casefold() for w in chosen))
            and _subsequence(initials[:2], letters)
        )
        if spelled and initials[:1] == letters[:1] and chosen[0][0][0].isalnum():
            return offset + chosen[0].start(), offset + chosen[-1].end()
    return None


@lru_cache(maxsize=4)
def _product_names(lexicon: Lexicon) -> dict[str, str]:
    """Folded name -> label of combinations that are taken for one agent."""
    rows = [row for key in _PRODUCTS if (row := lexicon.combinations.row(key))]
    return {fold(name): row.label for row in rows for name in row.spoken()}


def _subsequence(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


@dataclass(frozen=True)
class Names:
    """The names of one text."""

    text: str
    lexicon: Lexicon

    @cached_property
    def abbreviations(self) -> dict[str, str]:
        """Short form -> long form, as the text defines them."""
        found: dict[str, str] = {}
        for match in _SHORT.finditer(self.text):
            span = _long_form(self.text, match.start(), match["short"])
            if span:
                found.setdefault(match["short"], self.text[span[0] : span[1]])
        return found

    @cached_property
    def _known(self) -> list[Mention]:
        found = find_names(self.text, self.lexicon)
        return [replace(m, kind="agent") if m.kind == "combination" and m.key in _PRODUCTS else m for m in found]

    @cached_property
    def _trials(self) -> list[Mention]:
        kinds = ("regulator", "body", "organization", "target", "condition", "endpoint", "jurisdiction", "agent", "class", "combination")
        taken = {self.text[m.start : m.end] for m in self._known if m.kind in kinds} | set(self.abbreviations)
        agents = {self.text[m.start : m.end].casefold() for m in self._known if m.kind == "agent" and m.end - m.start > 5}
        found = studies.trial_names(self.text, taken)
        return longest(m for m in found if agents.isdisjoint(re.split(r"[-–/+\s]", m.name.casefold())))

    @cached_property
    def _agents(self) -> list[Mention]:
        """Agents of tables and forms, widened to the whole printed name, without what is a study's name or another's part."""
        trials = {m.name for m in self._trials}
        known = [m for m in self._known if m.kind == "agent" and not self._is_aid(m) and not self._is_study(m)]
        formed = [m for m in forms.agents_by_form(self.text) if not self._named_otherwise(m)]
        found = [self._widened(m) for m in (*known, *formed) if self.text[m.start : m.end] not in trials]
        return longest(found)

    def _is_study(self, mention: Mention) -> bool:
        return forms.is_code(mention.name) and forms.names_a_study(self.text, mention.end)

    def _is_aid(self, mention: Mention) -> bool:
        entry = self.lexicon.agents.row(mention.key or "")
        return bool(entry and entry.is_aid)

    @cached_property
    def _others(self) -> dict[int, int]:
        """Start -> end of names that are no agents."""
        kinds = ("regulator", "body", "organization", "target", "condition", "endpoint", "jurisdiction", "event", "class", "combination")
        found: dict[int, int] = {}
        for m in self._known:
            if m.kind in kinds:
                found[m.start] = max(m.end, found.get(m.start, 0))
        return found

    def _named_otherwise(self, mention: Mention) -> bool:
        return self._others.get(mention.start, 0) >= mention.end or self.text[mention.start : mention.end] in self.abbreviations

    def _extends(self, mention: Mention, match: re.Match[str]) -> bool:
        """Whether a capital word behind a brand is part of it: "Darzalex Faspro (", never a partner or a form."""
        if forms.has_stem(mention.name) or not self.text[mention.start].isupper():
            return False
        return match.start() + 1 not in self._others and not self.lexicon.agents.find(match[0].strip())

    def _widened(self, mention: Mention) -> Mention:
        if product := _ONE_PRODUCT.match(self.text, mention.start):
            name = f"{product['first']} and {product['second']}"
            return Mention(mention.start, product.end(), "agent", name, mention.key)
        end = mention.end
        for pattern in (_SUFFIX, _COFORMULATED, _LINE_EXTENSION):
            match = pattern.match(self.text, end)
            if match and (pattern is not _LINE_EXTENSION or self._extends(mention, match)):
                end = match.end()
        return Mention(mention.start, end, "agent", self.text[mention.start : end], mention.key)

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        """Other names of the agents, as the text or a row of the table pairs them."""
        short = frozenset(self.abbreviations)
        return tuple(Appositions(self.text, self.lexicon, self._agents, self._others, short).found())

    @cached_property
    def generic_of(self) -> dict[str, str]:
        """Folded brand, code name or abbreviation -> generic name, where they are of one agent."""
        return generic_names(self.aliases)

    def other_names(self, *kinds: str) -> Iterator[tuple[str, Mention]]:
        """(generic, mention) of every other name of a kind: brand, code, short."""
        return ((self.agent_name(alias.agent.name), alias.other) for alias in self.aliases if alias.kind in kinds)

    @cached_property
    def brands(self) -> tuple[tuple[str, Mention], ...]:
        """(generic, brand mention) of every pair."""
        return tuple(self.other_names("brand"))

    def agent_name(self, printed: str) -> str:
        """The name under which regimens hold what is printed."""
        folded = fold(printed)
        return _product_names(self.lexicon).get(folded) or self.generic_of.get(folded) or forms.plain(printed)

    def _brand_mentions(self) -> Iterator[Mention]:
        """Every further place of a brand that the text pairs or marks."""
        bodies = Mentions(m for m in self._known if m.kind == "body")  # "... Cancer Network®" is no brand
        marked = {
            m.name
            for m in forms.marked_brands(self.text)
            if m.start not in self._others and m.name not in self.abbreviations and not bodies.covering(m.start, "body")
        }
        paired = {alias.other.name for alias in self.aliases if alias.kind != "short"}
        for start, end in occurrences(self.text, paired | marked, ignore_case=True):
            if self.text[start].isupper():
                yield Mention(start, end, "agent", self.text[start:end])

    def _short_mentions(self) -> Iterator[Mention]:
        """Every place of an abbreviation that the text gives to an agent."""
        for start, end in occurrences(self.text, {alias.other.name for alias in self.aliases if alias.kind == "short"}):
            yield Mention(start, end, "agent", self.text[start:end])

    def _agent_mentions(self) -> list[Mention]:
        generics = (replace(alias.agent, kind="agent") for alias in self.aliases)
        found = longest([*self._agents, *generics, *self._brand_mentions(), *self._short_mentions()])
        printed = {m.name for m in found if m.key is None and m.name.islower()}
        again = (
            self._widened(Mention(start, end, "agent", self.text[start:end]))
            for start, end in occurrences(self.text, printed, ignore_case=True)
        )
        found = longest([*found, *again])
        trials = Mentions(self._trials)
        return [replace(m, name=self.agent_name(m.name)) for m in found if not trials.covering(m.start, "trial")]

    def _class_mentions(self) -> Iterator[Mention]:
        for match in near(_CLASSES, self.text, 170):
            start, end = match.span()
            if match["inhibitor"]:
                start = match.start("inhibitor")
                while cut := _NOT_IN_CLASS.search(self.text, start, end - 5):
                    start = cut.end()
            if self.text[start:end] not in ("inhibitor", "inhibitors"):
                yield Mention(start, end, "class", singular_class(self.text[start:end]))

    def _short_classes(self, classes: list[Mention]) -> Iterator[Mention]:
        """Every place of an abbreviation that the text gives to a class: "endocrine therapy (ET)"."""
        names = {fold(self.text[m.start : m.end]): m.name for m in classes}
        short = {short: names[fold(long)] for short, long in self.abbreviations.items() if fold(long) in names and short.isupper()}
        for start, end in occurrences(self.text, short):
            if self.text[start - 1 : start] != "(":
                yield Mention(start, end, "class", short[self.text[start:end]])

    @cached_property
    def mentions(self) -> Mentions:
        """Everything that is named, by kind."""
        agents = self._agent_mentions()
        inside = Mentions(agents)
        classes = [
            *self._class_mentions(),
            *(replace(m, name=singular_class(self.text[m.start : m.end])) for m in self._known if m.kind == "class"),
        ]
        rest = [self._labelled(m) for m in self._known if m.kind not in ("agent", "class")]
        rest = [m for m in rest if m.kind != "combination" or not inside.covering(m.start, "agent")]
        classes += self._short_classes(classes)
        classes = [c for c in classes if not inside.covering(c.start, "agent")]
        diseases = [
            Mention(m.start(), m.end(), "condition", m[0])
            for m in near(_DISEASE, self.text, 170)
            if m[0].lower() not in ("tumor", "tumors", "tumour", "tumours")
        ]
        taken = {at for k in self._known if k.kind == "regulator" for at in range(k.start, k.end)}
        rest += [m for m in self._regulators_by_form() if taken.isdisjoint(range(m.start, m.end))]
        return Mentions([*agents, *diseases, *classes, *rest, *self._trials, *studies.registry_ids(self.text)])

    def _regulators_by_form(self) -> Iterator[Mention]:
        """Authorities that no table knows: "... Administration (ABCD)", and the short form from there on."""
        shorts = {}
        for match in _AUTHORITY.finditer(self.text):
            shorts[match["short"]] = match.start("short")
            yield Mention(match.start("name"), match.end("name"), "regulator", match["short"])
        for start, end in occurrences(self.text, shorts):
            yield Mention(start, end, "regulator", self.text[start:end])

    def _foreign(self, mention: Mention, own: str | None) -> str | None:
        """The other country whose authority bears a name that a table gives to one: "the Thai FDA" is not the US one."""
        match = _OF_COUNTRY.search(self.text, max(0, mention.start - 40), mention.start)
        if not match:
            return None
        place = re.sub(r"[’']s$", "", match["place"])
        entry = self.lexicon.jurisdictions.find(place)
        if entry is not None:
            related = {entry.key, *entry.broader}
            home = self.lexicon.jurisdictions.by_key.get(own or "")
            return None if own in related or (home and entry.key in home.broader) else place
        return place if _DEMONYM.fullmatch(match["place"]) else None

    def _labelled(self, mention: Mention) -> Mention:
        """The mention under the name its table shows; conditions and events keep the text's words."""
        if mention.kind in ("condition", "event", "mechanism", "setting", "combination"):
            return replace(mention, name=self.text[mention.start : mention.end])
        table = {"regulator": "regulators", "jurisdiction": "jurisdictions", "body": "bodies", "endpoint": "endpoints"}.get(
            mention.kind, mention.kind + "s"
        )
        entry = getattr(self.lexicon, table).by_key[mention.key]
        if mention.kind == "regulator" and (place := self._foreign(mention, entry.jurisdiction)):
            return replace(mention, key=None, name=f"{place} {self.text[mention.start : mention.end]}")
        short = getattr(entry, "abbreviation", None)
        usual = short and (
            mention.kind != "regulator"
            or entry.label.count(" ") > 1
            or self.text[mention.start : mention.end] == short
            or short in self.abbreviations
        )
        return replace(mention, name=(short if usual else None) or entry.label)


def singular_class(printed: str) -> str:
    """A class of agents as regimens hold it.

    >>> singular_class("proteasome inhibitors"), singular_class("Placebo")
    ('proteasome inhibitor', 'placebo')
    """
    name = re.sub(r"^(?:prior|previous)\s|\s(?:alone|doublet)$", "", " ".join(printed.split()))
    name = re.sub(r"(inhibitor|agent|drug|taxane|placebo|anthracycline|fluoropyrimidine|steroid|bisphosphonate)s$", r"\1", name)
    name = "chemotherapy" if name.lower() == "chemo" else name
    name = re.sub(r"antibodies$", "antibody", re.sub(r"therapies$", "therapy", name))
    return name[0].lower() + name[1:] if name[1:2].islower() else name
