"""One act on several products: "approved A for X, B for Y and C for Z", "extensions of indication for A, B and C"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.uses import Uses
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import Regimen

_JOINT = lazy(
    r"(?:[,;:]\s(?:and\s)?|\s(?:and|as\swell\sas|plus|alongside)\s|\sincluding\s)(?:(?:also|for|the|an?|its|to|on|of)\s|[A-Z][\w.&-]+(?:\s[A-Z][\w.&-]+)?[’']s?\s"
    r"|(?:[a-z]+\s){0,2}(?:drug|pill|antibody|therapy|inhibitor|vaccine|treatment|medicine|biosimilar|ADC|conjugate)\s){0,3}$"
)
_OWN_USE = lazy(r"(?:\s?\([^()]{0,80}\)|[®™])*,?\s(?:for|in|to|as|against|intended|indicated|monotherapy)\b")
_COUNTED = lazy(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|following|these|both|\d{1,2})\s(?:[\w-]+\s){0,3}"
    r"(?:medicines|drugs|products|biosimilars|therapies|treatments|brands|vaccines|generics|applications|agents)\b"
)
_PLURAL = lazy(
    r"\b(?:extensions|opinions|approvals|authori[sz]ations|applications|licen[cs]es|registrations|designations)\b[^.;]{0,60}$"
    r"|\b(?:medicines|drugs|products|biosimilars|therapies|treatments|brands|agents|antibodies|inhibitors)(?:,?\s(?:including|such\sas|namely)\s|:\s)$"
)
_TOGETHER = lazy(r"\b(?:plus|with|combination|combined|co-?formulat\w+|fixed-dose)\b|\+|/")
_LOOK_BACK = 120
_ENOUGH = 3

Item = tuple[Regimen, Span]
"""A product, and the stretch that tells what it is for."""


def with_own_uses(reading: Reading, uses: Uses, groups: Sequence[Regimen], end: int) -> list[Item]:
    """The products that are each followed by their own use, from the first on; one alone where the words tell of no other."""
    found: list[Item] = []
    for regimen, following in pairwise([*groups, None]):
        if regimen is None:
            break
        stop = following.span[0] if following else end
        if found and not _joined_on(reading.text, found[-1][0].span[1], regimen.span, end):
            found[-1] = (found[-1][0], (found[-1][1][0], stop))
            continue
        if found and uses.read(*found[-1][1]) is None:
            return found[:1]
        found.append((regimen, (regimen.span[1], stop)))
    return [item for i, item in enumerate(found) if not i or uses.read(*item[1]) is not None]


def _joined_on(text: str, start: int, span: Span, end: int) -> bool:
    """Whether a product is told as the next one: joined to what is for the one before it, with its own use behind it."""
    return _JOINT.search(text, start, span[0]) is not None and _OWN_USE.match(text, span[1], end) is not None


def listed(reading: Reading, regimen: Regimen, start: int) -> list[Regimen]:
    """The products of a bare list, one by one: what several acts are on is no combination."""
    names = dict(zip(regimen.names, regimen.spans, strict=True))
    if len(names) < 2 or regimen.either or regimen.optional or _TOGETHER.search(reading.text, *regimen.span):
        return [regimen]
    low = max(start, regimen.span[0] - _LOOK_BACK)
    told = _COUNTED.search(reading.text, low, regimen.span[0]) or (
        len(names) >= _ENOUGH and _PLURAL.search(reading.text[low : regimen.span[0]])
    )
    return [Regimen(span, (name,), (span,)) for name, span in names.items()] if told else [regimen]
