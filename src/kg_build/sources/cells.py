"""Free-text cells of registries, read like texts: one decision per regimen and indication, with the place of each in its cell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from kg_build.facts import Decision, Evidence
from kg_build.lexicon import Lexicon
from kg_build.reading.labels import Use, read_uses


def decisions(base: Decision, text: str, place: str, lexicon: Lexicon) -> tuple[Decision, ...]:
    """What a decision on a medicine says of each of its uses, as its label's text tells them; the decision itself where it tells none.

    `base.regimen` is the medicine's own; `place` is the path of the cell, and spans are code points in it.
    """
    return tuple(_of_use(base, text, place, use) for use in _uses(text, lexicon)) or (base,)


@lru_cache(maxsize=8)
def _uses(text: str, lexicon: Lexicon) -> list[Use]:
    """Read once for all the acts that a row tells of."""
    return read_uses(text, lexicon)


def _of_use(base: Decision, text: str, place: str, use: Use) -> Decision:
    told, partners = use.indication, use.partners
    names = [name for name in (partners.names if partners else ()) if name not in base.regimen]
    either = tuple(name for name in (partners.either if partners else ()) if name in names)
    return msgspec.structs.replace(
        base,
        regimen=(*base.regimen, *names),
        one_of=either,
        optional_agents=partners.optional if partners else (),
        condition=told.condition,
        setting=told.setting,
        population=told.population,
        prior_lines_min=told.prior_lines_min,
        prior_therapies=told.prior_therapies,
        biomarkers=told.biomarkers,
        printed={**base.printed, **({"prior_lines_min": told.prior_lines_printed} if told.prior_lines_printed else {})},
        evidence=(*base.evidence, *_evidence(text, place, use)),
    )


def _evidence(text: str, place: str, use: Use) -> Iterator[Evidence]:
    spans = [
        *(("indication", span) for span in use.told),
        *use.indication.spans,
        *(("regimen", span) for span in (use.partners.spans if use.partners else ())),
    ]
    for slot, (start, end) in spans:
        yield Evidence(slot=slot, quote=text[start:end], start=start, end=end, path=place)
