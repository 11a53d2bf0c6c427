"""Well-known studies by their names: what a text may name without ever calling it a trial."""

from __future__ import annotations

NUMBERED = frozenset(
    """
    acclaim achieve adore advocate aegean aeterna alex alta andromeda apollo archer argo arise ascend ascent atlas
    attain attraction attribute aurora axis beacon begonia beyond bolero boreas breakwater brightness bruin camel canopy
    capitello cartitude casper caspian checkmate clarity clear codebreak columba commodore compass confirm contact
    coralreef cosmic create crown crystal debut delphi dellphi destiny discover dreamm dynamic dynamo echelon echo
    ecztra edge elara elegant elevate eloquent ember emerald emergent emperor empower endeavor enestnd engage ensemble
    enhertu-ph envision epcore epik epos essence evoke excalibur excel explorer extend figaro finale flaura flourish
    focus fourier fresco gadolin gallium gemini gemstone geometry glow graduate harmoni harmonia harmony herizon
    herthena hudson hyperion icon imagine imbrave imforte immotion impassion impower imreal imscin imspire imvigor inavo
    infinity inmind innova innovatv inseption inspire intrigue invictus ipatential jade jewel juliet jupiter karmma
    keylynk keymaker keynote kontrast krascendo krystal larvol laser latify lead libretto litespark lotis lume lunar
    lux-lung luminosity lynk magnetismm majestec mariposa mariner matterhorn maestro-nash measure metis mirasol
    monaleesa monarch monumental motion mountaineer navigator nefecon neotrip notus odyssey olympia olympus onward optic
    optima optimum optitrop orchard orion oceans palette paloma panorama paragon pathfinder pemmela perseus pharos
    phoenix pioneer pivot poetyk polarix poseidon postmonarch powher precision profile profound prologue propel protect
    psmafore purpose quasar rainbow rationale reach redefine reimagine relativity resolve respond retain rethink reverse
    ripple ruby sapphire saraband scale select sequoia serena sierra skyline skyscraper soar solo sophia soraya sota
    spirit splash spotlight stampede star stellar step summit sunlight sunray surmount surpass sustain synchronize
    symphony talapro talent target tatton tropics tropion trilogy triumph tivo tourmaline trailblazer transcend triton
    true ultimmune vanguard velia veritac verona vertis vialea victoria victorion vikia viktoria vision visionary vista
    vivid voyage waveline waypoint zuma
    """.split()
)
"""Stems of studies that differ by a number, without case."""

NAMED = frozenset(
    """
    ADAURA ADRIATIC AEGEAN ALCYONE ALINA APHINITY AQUILA ARAMIS ARANOTE ARASENS ARCHES ASCEMBL AURELIA CASSIOPEIA
    CEPHEUS CLEOPATRA DUBHE EMBARK EMILIA ENZAMET ENZARAD ESOPEC FLAURA GALLIUM HIMALAYA ICARIA IKEMA IMROZ IMerge
    INSEMA KATHERINE LATITUDE LUCITANIA MAIA MARIANNE MATTERHORN MIRASOL MURANO NADINA NALIRICC NATALEE NEOSPHERE
    NIAGARA OlympiA OlympiAD PALLAS PARAGLIDE PATINA PENELOPE PERSEUS PERUSE POLARIX POLLUX POSEIDON POTOMAC PROSPER
    PSMAddition PSMAfore RADICALS RESONATE SANDPIPER SORAYA SPARTAN STAMPEDE SYLVER TAILORx TAPUR TheraP TRYbeCA
    UNICANCER VIALE VIKTORIA aMAZE acelERA capItello coopERA emiliaERA evERA heredERA inMIND innovaTV lidERA monarchE neoMONARCH
    persevERA pionERA postMONARCH waveLINE
    """.split()
)
"""Studies known by one word in capitals of its own."""

OPENING = r"Beamion|EPCORE|CORALreef|VICTORION|LIBERTY|ECOG-ACRIN|KRYSTAL|NRG|DREAM"
"""Words with which the names of studies begin that go on behind a blank: "EPCORE NHL-2"."""
