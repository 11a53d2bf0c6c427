"""A record as quads: JSON -> RDF -> JSON without loss, keys that outlive corrections, and bytes any strict parser takes."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg_build import facts, lexicon, terms
from kg_build.facts import Evidence, Record
from kg_build.linking import StudyIndex, link_record, study_headers
from kg_build.rdf import to_quads
from kg_build.rdf.back import read_facts
from kg_build.rdf.slots import SLOTS

# slots that are written as nodes or by hand, not as literals of the table
STRUCTURAL = {"evidence", "confidence", "assertion", "printed", "id"} | {
    *("arms", "groups", "outcome_measures", "analyses", "registered_interventions", "publications", "baseline", "flow"),
}
TEXT = "Testland's TMA approved examplumab (Exa) for myeloma. In EXAMPLE-1 the median PFS was 11.1 months (95% CI, 7.8-13.80)."


def span(slot: str, quote: str) -> Evidence:
    start = TEXT.index(quote)
    return Evidence(slot=slot, quote=quote, start=start, end=start + len(quote))


def article(**changes: object) -> Record:
    base = Record(
        source="article",
        id="0123",
        document=facts.Document(sha256="ab", title="T"),
        known_at="2025-01-13",
        text=TEXT,
        sentences=((0, 53), (54, len(TEXT))),
        decisions=(
            facts.Decision(
                regulator="TMA",
                jurisdiction="Testland",
                status="approved",
                salience="headline",
                date="2025-01",
                regimen=("Exa", "lenalidomide"),
                one_of=(),
                condition="multiple myeloma",
                setting="pretreated",
                population="adults",
                prior_lines_min=1,
                prior_therapies=("lenalidomide", "proteasome inhibitor"),
                biomarkers=("no del(17p)",),
                supported_by=("EXAMPLE-1",),
                evidence=(span("status", "approved"), span("regimen", "examplumab")),
                confidence=0.9,
                printed={"prior_lines_min": "one"},
            ),
        ),
        agents=(
            facts.Agent(
                name="examplumab",
                brands=("Exa",),
                targets=("CD38",),
                company="Testco",
                evidence=(span("name", "examplumab"), span("brands", "Exa")),
            ),
        ),
        trials=(
            facts.Trial(
                name="EXAMPLE-1",
                registry_ids=("NCT00000001",),
                phase="3",
                role="pivotal",
                enrollment=307,
                arms=(
                    facts.Arm(
                        id="A1", label="investigational", regimen=("examplumab",), n=154, evidence=(span("n", "11"),), printed={"n": "154"}
                    ),
                ),
                primary_endpoints=("PFS",),
                median_follow_up_months=52.4,
                printed={"enrollment": "307", "median_follow_up_months": "52.4"},
                evidence=(span("name", "EXAMPLE-1"), span("enrollment", "13.80")),
            ),
        ),
        results=(
            facts.Estimate(
                trial="EXAMPLE-1",
                endpoint="PFS",
                statistic="median",
                arm="A1",
                value=11.1,
                unit="months",
                ci_level=95.0,
                ci=(7.8, 13.8),
                evidence=(span("value", "11.1 months"), span("ci", "7.8-13.80")),
                printed={"value": "11.1", "ci.low": "7.8", "ci.high": "13.80", "ci_level": "95"},
            ),
            facts.Estimate(
                trial="EXAMPLE-1",
                endpoint="OS",
                statistic="median",
                arm="A1",
                value="NR",
                ci=(20.5, "NE"),
                evidence=(span("value", "PFS"),),
            ),
        ),
        adverse_events=(
            facts.AdverseEventRate(
                trial="EXAMPLE-1",
                event="neutropenia",
                grade=">=3",
                arm="A1",
                percent=37.5,
                count=57,
                n=152,
                evidence=(span("event", "PFS"),),
                printed={"percent": "37.5", "count": "57", "n": "152"},
            ),
        ),
        recommendations=(
            facts.Recommendation(
                body="CSCO",
                regimen=("examplumab",),
                condition="multiple myeloma",
                category="1",
                preferred=True,
                evidence=(span("body", "TMA"),),
            ),
        ),
        dosing=(
            facts.DoseSchedule(
                trial="EXAMPLE-1",
                arm="A1",
                agent="examplumab",
                dose="10 mg/kg",
                route="IV",
                schedule="weekly",
                evidence=(span("agent", "Exa"),),
            ),
        ),
    )
    return msgspec.structs.replace(base, **changes)


def quads(record: Record, superseded: bool = False, tables: lexicon.Lexicon | None = None) -> list[str]:
    tables = tables or lexicon.load()
    studies = StudyIndex(study_headers(record, tables))
    return to_quads(record, link_record(record, tables, studies), tables, superseded)[0]


def comparable(fact: facts.Fact) -> object:
    """A fact with the order of its sets taken out (the order of a regimen stays) and its spans as a set."""
    raw = msgspec.structs.asdict(fact)
    for name, value in raw.items():
        if isinstance(value, tuple) and name not in {"regimen", "comparison", "ci", "range"}:
            raw[name] = sorted(map(repr, value))
    return raw


def test_facts_go_to_rdf_and_back_without_loss() -> None:
    record = article()
    found = read_facts(quads(record))
    for kind in facts.KINDS:
        assert sorted(map(repr, map(comparable, found.get(kind, [])))) == sorted(map(repr, map(comparable, getattr(record, kind)))), kind


def test_every_slot_of_the_model_is_written() -> None:
    for kind, slots in SLOTS.items():
        missing = set(facts.KINDS[kind].__struct_fields__) - set(slots) - STRUCTURAL
        assert not missing, f"{kind}: {missing}"


def test_output_passes_a_strict_parser_and_says_the_record_on_every_quad_of_its_own() -> None:
    lines = quads(article())
    parsed = list(ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS, lenient=False))
    graphs = {quad.graph_name.value for quad in parsed if isinstance(quad.graph_name, ox.NamedNode)}
    assert terms.record("article", "0123") in graphs
    assert graphs - {terms.record("article", "0123"), terms.META} == {g for g in graphs if g.startswith(terms.BASE + "record/lexicon/")}
    assert not any(isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode) for quad in parsed)


def statements(lines: list[str]) -> set[str]:
    return {line.split(" ")[0] for line in lines if line.split(" ")[1].endswith("#statedIn>")}


def test_corrected_figures_shifted_text_and_dates_keep_the_address() -> None:
    record = article()
    decision = msgspec.structs.replace(record.decisions[0], date="2025-01-14", confidence=0.8)
    estimate = msgspec.structs.replace(
        record.results[0], value=11.2, ci=(7.7, 13.9), evidence=(Evidence(slot="value", quote="T", start=0, end=1),)
    )
    changed = article(decisions=(decision,), results=(estimate, record.results[1]))
    assert statements(quads(changed)) == statements(quads(record))


def test_a_new_lexicon_row_changes_no_statements_address(tmp_path: Path) -> None:
    for table in lexicon.FOLDER.glob("*.tsv"):
        text = table.read_text("utf-8")
        if table.name == "agents.tsv":
            header = text.splitlines()[0].split("\t")
            row = {"key": "examplumab", "label": "examplumab", "brands": "Exa", "source": "test"}
            text += "\t".join(row.get(column, "") for column in header) + "\n"
        (tmp_path / table.name).write_text(text, "utf-8")
    before, after = quads(article()), quads(article(), tables=lexicon.load(tmp_path))
    assert statements(before) == statements(after)
    assert not any(line.startswith("<https://w3id.org/kg-build/id/agent/examplumab>") for line in before)
    assert any(line.startswith("<https://w3id.org/kg-build/id/agent/examplumab>") for line in after)


def test_repeats_never_share_an_address() -> None:
    labels = ("Cohort", "Cohort", "Cohort 2")
    arms = tuple(facts.Arm(id=f"A{i}", label=label, evidence=(span("label", "T"),)) for i, label in enumerate(labels))
    lines = quads(
        article(trials=(facts.Trial(name="EXAMPLE-1", registry_ids=("NCT00000001",), arms=arms),), results=(), adverse_events=(), dosing=())
    )
    assert len({line.split(" ")[0] for line in lines if line.split(" ")[1].endswith("#armOf>")}) == 3


def test_doubtful_and_negated_facts_are_candidates_only() -> None:
    record = article()
    negated = msgspec.structs.replace(record.decisions[0], assertion="negated", confidence=0.95)
    lines = quads(article(decisions=(negated,)))
    about = [line for line in lines if line.split(" ")[0].startswith(f"<{terms.BASE}id/decision/")]
    assert about
    assert all(line.endswith(f"{terms.DOUBTFUL}> .") for line in about)


def test_an_older_version_goes_to_history_under_a_dated_address() -> None:
    lines = quads(article(), superseded=True)
    assert all("~2025-01-13.ab" in name for name in statements(lines))
    own = [line for line in lines if "record/lexicon/" not in line.rsplit(" ", 2)[1] and f"<{terms.META}>" not in line]
    assert all(re.search(rf"~2025-01-13\.ab\w*(?:{terms.DOUBTFUL})?> \.$", line) for line in own)


@pytest.mark.parametrize("slot", ["setting", "population", "date_text"])
@settings(max_examples=60, deadline=None)
@given(value=st.text(min_size=1, max_size=40).filter(lambda t: t.strip()))
def test_any_text_survives(slot: str, value: str) -> None:
    record = article()
    changed = article(decisions=(msgspec.structs.replace(record.decisions[0], **{slot: value}),))
    lines = quads(changed)
    assert "\n" not in "".join(lines)
    assert getattr(read_facts(lines)["decisions"][0], slot) == value


def cells() -> Record:
    """A registry's row with two free-text cells: places in different cells may have the same numbers."""
    use = (
        Evidence(slot="indication", quote="for myeloma in adults", start=0, end=21, path="t#row=1/Use"),
        Evidence(slot="condition", quote="myeloma", start=4, end=11, path="t#row=1/Use"),
    )
    other = (Evidence(slot="condition", quote="asthma.", start=4, end=11, path="t#row=1/Other use"),)
    made = (facts.Decision(status="approved", condition=name, evidence=places) for name, places in (("myeloma", use), ("asthma", other)))
    return Record(source="ema", id="1", document=facts.Document(sha256="ab"), decisions=tuple(made))


def test_evidence_in_cells_keeps_path_and_place_and_goes_back_without_loss() -> None:
    found = {fact.condition: fact for fact in read_facts(quads(cells()))["decisions"] if isinstance(fact, facts.Decision)}
    for fact in cells().decisions:
        assert sorted(found[fact.condition].evidence, key=repr) == sorted(fact.evidence, key=repr)


def test_the_sentence_of_a_use_is_the_widest_quote_of_its_cell() -> None:
    said = [line.split('"')[1] for line in quads(cells()) if "ontology#sentence>" in line]
    assert said == ["for myeloma in adults", "asthma."]
