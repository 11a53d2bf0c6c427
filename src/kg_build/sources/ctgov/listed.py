"""What a study lists: interventions of all kinds with their other names, and publications -> parts of facts.Trial."""

from __future__ import annotations

from kg_build.parts import Evidence, Intervention, Publication
from kg_build.sources.ctgov import layout
from kg_build.sources.ctgov.protocol import ARMS
from kg_build.sources.ctgov.values import Ids, plain, words

REFERENCES = "/protocolSection/referencesModule/references"


def interventions(module: layout.ArmsInterventions) -> tuple[Intervention, ...]:
    """Everything given or done, in order; devices, procedures and tests too."""
    ids = Ids()
    return tuple(
        Intervention(
            id=ids.new(one.name),
            name=one.name,
            kind=words(one.type),
            other_names=tuple(dict.fromkeys(filter(None, one.other_names))),
            description=plain(one.description),
            evidence=(Evidence(slot="name", path=f"{ARMS}/interventions/{place}/name"),),
        )
        for place, one in enumerate(module.interventions)
        if one.name
    )


def publications(module: layout.References) -> tuple[Publication, ...]:
    """Articles on the study or behind it, in order; an article without a citation is told by its PubMed id."""
    ids = Ids()
    return tuple(
        Publication(
            id=ids.new(one.pmid or one.citation),
            citation=one.citation or f"PMID {one.pmid}",
            kind=words(one.type),
            pmid=one.pmid,
            retracted_by=tuple(notice.pmid for notice in one.retractions if notice.pmid),
            evidence=(Evidence(slot="citation", path=f"{REFERENCES}/{place}"),),
        )
        for place, one in enumerate(module.references)
        if one.citation or one.pmid
    )
