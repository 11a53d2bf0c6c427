"""Stage 2c: what a text says to be one agent: "generic (Brand; Company)", "Brand (generic)", "generic, formerly CODE-123".

Two names of one row of the table are one agent as well, wherever the text prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from kg_build.lexicon import Lexicon
from kg_build.reading import forms
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.terms import fold

REACH = 170
"""A bracket longer than this is a clause, not an apposition."""

_OPEN = lazy(rf"[®™*]{{0,2}}{forms.GOODS}\s?[®™]{{0,2}}\s?(?P<bracket>[(\[])")
_INLINE = lazy(rf"[®™]{{0,2}}(?:,\s|\s)(?P<said>{forms.SAID})")
_PART = lazy(r"[;,/]|\s(?:and|or|from|by)\s")
_LEAD = lazy(rf"(?:{forms.SAID})?[“\"‘']?")
_ENDS = r"(?=[®™*]{0,2}\s?[;,/)\]’'”\"]|[®™*]|\s(?:and|or|from|by|in|for|is)\s)"
_BRAND = r"(?:[A-Z][A-Za-z]{2,17}|[A-Z][a-z]{2,12}-[A-Z][a-z]{2,12})"
_SHAPES = {
    "brand": lazy(rf"{_BRAND}(?:\s[A-Z][A-Za-z]{{2,17}})?{_ENDS}"),
    "code": lazy(rf"[A-Z][A-Za-z]{{0,6}}[- ]?\d{{2,7}}[A-Za-z]{{0,3}}(?:-[A-Z0-9]{{1,4}})?{_ENDS}"),
    "short": lazy(r"[A-Za-z][A-Za-z0-9-]{1,8}(?=\s?[;,)\]])"),
}
_REFERENCE = lazy(
    r"\b(?:reference\s(?:product|medicine|biologic|drug)|originator|biosimilars?\s(?:to|of|for|version\sof)|interchangeable\swith"
    r"|similar\sto),?\s(?:the\s)?"
    rf"(?P<brand>{_BRAND})|(?P<brand2>{_BRAND})\sbiosimilar"
)
_CODE_BEHIND = lazy(r"\s?[,;/]\s?(?=[A-Z][A-Za-z]{0,6}[- ]?\d{2,7}[A-Za-z]{0,3}(?:-[A-Z0-9]{1,4})?\s?[)\]])")
_ROMAN = lazy(r"[IVX]+")
_ROUTES = frozenset("IV SC PO IM IT IP BID QD US USA EU UK NCT USP NF II III VI".split())
_GRADES = frozenset(
    "Strong Weak Conditional Moderate High Low Preferred Alternative Recommended Optional Category Grade Level Class Evidence Strength New "
    "Added Removed Standard Expert Clinical Consensus".split()
)
"""Words in the bracket behind an agent that grade it and do not name it."""


@dataclass(frozen=True)
class Alias:
    """Another name of an agent, where the text prints it: `kind` is brand, code, short or name."""

    agent: Mention
    other: Mention
    kind: str


def _subsequence(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _clips(short: str, name: str) -> bool:
    """Whether a short name is the beginning of a name: "pembro", "Dara"."""
    return 2 < len(short) < len(name) - 2 and name.casefold().startswith(short.casefold())


@dataclass(frozen=True)
class Appositions:
    """The aliases of one text. `others` holds the starts of names that are surely no agent's, with their ends."""

    text: str
    lexicon: Lexicon
    agents: list[Mention]
    others: dict[int, int]
    abbreviations: frozenset[str]

    @cached_property
    def _by_start(self) -> dict[int, Mention]:
        return {m.start: m for m in self.agents}

    def found(self) -> Iterator[Alias]:
        """Every alias; the same may come twice. The brand that a biosimilar refers to is no brand of its own: `reference`."""
        for alias in self._all():
            if alias.kind == "brand" and alias.other.name in self._references:
                alias = replace(alias, kind="reference")
            if not self._is_acronym(alias):
                yield alias

    @cached_property
    def _references(self) -> frozenset[str]:
        return frozenset(match["brand"] or match["brand2"] for match in _REFERENCE.finditer(self.text))

    def _is_acronym(self, alias: Alias) -> bool:
        """Whether it abbreviates a regimen: "gemcitabine and oxaliplatin (GemOx)"."""
        mixed = re.search(r"[a-z][A-Z]", alias.other.name) and not alias.other.key
        return bool(
            mixed and re.search(r"(?:\band|\bplus|\bwith|\+|/|-|,)\s?$", self.text[max(0, alias.agent.start - 6) : alias.agent.start])
        )

    def _all(self) -> Iterator[Alias]:
        for agent in self.agents:
            yield from self._bracketed(agent)
            if match := _INLINE.match(self.text, agent.end, agent.end + 90):
                yield from self._named_at(agent, match.end())
            if self.text[agent.start - 1 : agent.start] == "(" and (match := _CODE_BEHIND.match(self.text, agent.end, agent.end + 40)):
                yield from self._named_at(agent, match.end(), brands=False)
        ends = {m.end: m for m in self.agents}
        for generic, brand in forms.brand_pairs(self.text, ends, set(self.others)):
            if not self._other(brand.start, brand.end) and generic.name.casefold() != brand.name.casefold():
                yield Alias(generic, brand, "brand")
        yield from self._of_one_row()

    def _bracketed(self, agent: Mention) -> Iterator[Alias]:
        opened = _OPEN.match(self.text, agent.end, agent.end + 60)
        if not opened:
            return
        end = self.text.find(")" if opened["bracket"] == "(" else "]", opened.end(), opened.end() + REACH)
        at, brands = opened.end(), True
        while 0 < at < end:
            found = list(self._named_at(agent, at, brands))
            yield from found
            part = _PART.search(self.text, at, end)
            at = part.end() + (self.text[part.end()] == " ") if part else -1
            # behind "(Brand," stands its company
            brands = brands and bool(part and (part[0].strip() in ("/", "and", "or") or (found and found[0].kind != "brand")))

    def _named_at(self, agent: Mention, at: int, brands: bool = True) -> Iterator[Alias]:
        lead = _LEAD.match(self.text, at)
        at = lead.end() if lead else at
        if known := self._by_start.get(at):
            if self._may_be_one(agent, known):
                yield self._ordered(agent, known)
            return
        for kind, shape in _SHAPES.items():
            match = shape.match(self.text, at, at + 60) if brands or kind != "brand" else None
            if match and (kind == "short" or not self._other(*match.span())) and self._fits(agent, match[0], kind):
                yield Alias(agent, Mention(match.start(), match.end(), kind, match[0]), kind)
                return

    def _other(self, start: int, end: int) -> bool:
        """Whether a company, a place, a target... stands here."""
        return self.others.get(start, 0) >= min(end, start + 4)

    def _fits(self, agent: Mention, name: str, kind: str) -> bool:
        if kind == "short":
            capitals = sum(map(str.isupper, name))
            if capitals < 2:
                return _clips(name, agent.name)
            return name not in _ROUTES and _subsequence(re.sub(r"[\W\d]", "", name).casefold(), agent.name.casefold())
        if kind == "brand":
            return (
                not _clips(name, agent.name)
                and name.split()[0] not in _GRADES
                and not _ROMAN.fullmatch(name)
                and name not in self.abbreviations
                and not forms.is_code(agent.name)
                and fold(name) != fold(agent.name)
            )
        return forms.is_code(name)

    def _may_be_one(self, left: Mention, right: Mention) -> bool:
        """Two generic names of different rows are partners, never one agent."""
        if left.key and right.key:
            return left.key == right.key
        kinds = {self.kind(left), self.kind(right)}
        return kinds != {"name"} and len(kinds) > 1

    def kind(self, mention: Mention) -> str:
        """Whether a mention prints a brand, a code, an abbreviation or the name itself."""
        printed = mention.name
        entry = self.lexicon.agents.row(mention.key or "")
        brands = {fold(brand) for brand in entry.brands} if entry else set()
        if fold(printed) in brands or (" " in printed and fold(printed.split()[0]) in brands):
            return "brand"
        if forms.is_code(printed) or (entry and fold(printed) in {fold(code) for code in entry.codes}):
            return "code"
        if entry is None:
            return "brand" if printed[0].isupper() and not forms.has_stem(printed) else "name"
        return "name" if re.search(r"[a-zα-ω]{4}", printed) or (printed.isupper() and len(printed) > 7) else "short"

    def _ordered(self, left: Mention, right: Mention) -> Alias:
        """The generic name first."""
        rank = ("name", "short", "code", "brand")
        kinds = (self.kind(left), self.kind(right))
        if rank.index(kinds[1]) < rank.index(kinds[0]):
            return Alias(right, replace(left, kind=kinds[0]), kinds[0])
        return Alias(left, replace(right, kind=kinds[1]), kinds[1])

    def _of_one_row(self) -> Iterator[Alias]:
        rows: dict[str, dict[str, Mention]] = {}
        for mention in self.agents:
            if mention.key:
                rows.setdefault(mention.key, {}).setdefault(fold(forms.plain(mention.name)), mention)
        for printed in rows.values():
            if len(printed) > 1:
                yield from self._led(list(printed.values()))

    def _led(self, mentions: list[Mention]) -> Iterator[Alias]:
        named = [m for m in mentions if self.kind(m) == "name"]
        lead = next((m for m in named if " and " not in m.name), next(iter(named), None))
        for mention in mentions:
            if lead and mention is not lead and " and " not in mention.name:
                kind = self.kind(mention)
                yield Alias(lead if " " in mention.name else _first_part(lead), replace(mention, kind=kind), kind)


def _first_part(agent: Mention) -> Mention:
    """The agent of a product with an aid to its injection, which has a plain brand of its own."""
    name = agent.name.split(" and ")[0]
    return replace(agent, name=name, end=agent.start + len(name))


def generic_names(aliases: Iterable[Alias]) -> dict[str, str]:
    """Folded other name -> the name under which regimens hold the agent."""
    found: dict[str, str] = {}
    for alias in aliases:
        found.setdefault(fold(alias.other.name), forms.plain(alias.agent.name))
    for other, name in found.items():  # "CODE (generic)" and "Brand (CODE)": all lead to the generic name
        onward = found.get(fold(name))
        if onward and fold(onward) != other:
            found[other] = onward
    return found
