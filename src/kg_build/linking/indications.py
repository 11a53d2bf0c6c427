"""Condition + who may get it -> one Indication, with a key that does not depend on the order or wording of its slots."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kg_build.facts import Decision, Recommendation
from kg_build.lexicon import Lexicon
from kg_build.linking.agents import prior_therapy
from kg_build.linking.conditions import biomarker, diagnosis
from kg_build.linking.links import Indication
from kg_build.linking.phrases import code
from kg_build.terms import digest


def indication(fact: Decision | Recommendation, place: str, lexicon: Lexicon) -> Indication | None:
    """Indication of a decision or recommendation; None without a condition.

    `place` is source.record: it salts the key where some text could not be coded, so that half-understood indications never meet.
    """
    if not fact.condition:
        return None
    found = diagnosis(fact.condition, lexicon)
    coded = [found.coded, *(code(text, lexicon) for text in (fact.setting, getattr(fact, "population", None)) if text)]
    therapies = [prior_therapy(name, lexicon) for name in getattr(fact, "prior_therapies", ())]
    markers = {*found.biomarkers, *(biomarker(name, lexicon) for name in fact.biomarkers)}
    stated = getattr(fact, "prior_lines_min", None)
    return _keyed(
        Indication(
            key="",
            condition=found.condition,
            min_prior_lines=stated if stated is not None else max((c.min_prior_lines for c in coded if c.min_prior_lines), default=None),
            settings=_union(c.settings for c in coded),
            populations=_union(c.populations for c in coded),
            biomarkers=tuple(sorted(markers)),
            prior_therapies=_union(keys for keys in therapies if keys),
            coded=None not in therapies and not any(c.rest for c in coded),
        ),
        place,
    )


def _union(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({code for group in groups for code in group}))


def _keyed(found: Indication, place: str) -> Indication:
    slots = (found.settings, found.populations, found.biomarkers, found.prior_therapies)
    parts = [found.min_prior_lines, *("|".join(slot) for slot in slots), *([] if found.coded else [place])]
    return msgspec.structs.replace(found, key=f"{found.condition}/{digest(parts)}")
