"""Drugs@FDA: every row accounted for, products kept apart, decisions only where the table states one."""

from __future__ import annotations

import shutil
import time
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg_build import sources
from kg_build.facts import Record, Rejected
from kg_build.sources import drugsfda

SAMPLE = Path(__file__).parents[1] / "samples" / "drugsfda"


def split(items):
    items = list(items)
    records = {item.id: item for item in items if isinstance(item, Record)}
    rejected = [item for item in items if isinstance(item, Rejected)]
    assert len(records) + len(rejected) == len(items)
    return records, rejected


@pytest.fixture
def tables(tmp_path):
    """A copy of the sample that a test may damage."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "tables"))


def append(folder, name, *cells):
    with (folder / name).open("ab") as file:
        file.write(("\t".join(cells) + "\r\n").encode("cp1252"))


# ---- one application -------------------------------------------------------------------------------------------------------------


def test_one_record_an_application():
    records, rejected = split(drugsfda.read(SAMPLE))
    assert list(records) == ["090001", "090002", "990003", "990004"]
    assert rejected == []
    record = records["090001"]
    assert record.source == "drugsfda"
    assert record.document.title == "NDA 090001: DUOBRAND (EXAMPLE PHARMA)"
    assert (record.document.publisher, record.document.license) == ("FDA", "public domain")
    assert record.known_at == "2009-08-07"
    (application,) = record.applications
    assert (application.id, application.authority, application.application_type) == ("090001", "FDA", "NDA")
    assert application.applicant == "EXAMPLE PHARMA"


def test_the_type_of_biologics_is_kept():
    records, _ = split(drugsfda.read(SAMPLE))
    assert records["990003"].applications[0].application_type == "BLA"
    assert records["990003"].decisions[0].regimen == ("examplumab-abcd",)


def test_products_keep_their_own_ingredients():
    records, _ = split(drugsfda.read(SAMPLE))
    first, second = records["090002"].products
    assert first.id == "090002-001"
    assert first.ingredients == ("gammadrug",)
    assert second.ingredients == ("deltadrug (acid;salt)", "gammadrug")
    assert first.brand == 'KIT "N"'


def test_form_route_strength_and_marketing_status():
    records, _ = split(drugsfda.read(SAMPLE))
    first, second = records["090001"].products
    assert (first.form, first.route) == ("TABLET, FILM COATED", "ORAL")
    assert first.strength == "5MG;10MG"
    assert first.marketing_status == "Discontinued"
    assert second.marketing_status == "Prescription; Over-the-counter"
    unclear, vial = records["090002"].products
    assert (unclear.form, unclear.route) == ("SOLUTION; ORAL AND TABLET; DELAYED RELEASE", None)
    assert (vial.form, vial.route) == ("VIAL", None)
    assert {product.jurisdiction for product in (first, vial)} == {"United States"}


def test_submissions():
    records, _ = split(drugsfda.read(SAMPLE))
    by_id = {one.id: one for one in records["090001"].submissions}
    assert list(by_id) == ["ORIG-1", "SUPPL-5", "SUPPL-6", "ORIG-2"]
    efficacy = by_id["SUPPL-5"]
    assert (efficacy.submission_type, efficacy.submission_number, efficacy.submission_class) == ("SUPPL", "5", "EFFICACY")
    assert (efficacy.submission_status, efficacy.date, efficacy.review_priority) == ("approved", "2004-05-06", "STANDARD")
    assert efficacy.evidence[0].path == "Submissions.txt#L3"
    assert records["090002"].submissions[0].submission_status == "tentative-approval"


def test_an_unknown_date_stays_unknown():
    records, _ = split(drugsfda.read(SAMPLE))
    assert records["990003"].submissions[1].date is None
    assert records["990004"].submissions[0].date is None
    assert records["990004"].known_at is None
    assert records["990004"].ignored["Submissions.txt/placeholder date"] == 1


def test_decisions_only_of_originals_and_efficacy_supplements():
    records, _ = split(drugsfda.read(SAMPLE))
    decisions = {one.submission: one for one in records["090001"].decisions}
    assert list(decisions) == ["ORIG-1", "SUPPL-5", "ORIG-2"]
    assert [one.change_type for one in decisions.values()] == ["original", "efficacy supplement", "new indication"]
    original = decisions["ORIG-1"]
    assert (original.regulator, original.jurisdiction, original.status) == ("FDA", "United States", "approved")
    assert (original.date, original.applicant, original.application) == ("2001-02-03", "EXAMPLE PHARMA", "090001")
    assert set(original.regimen) == {"alphadrug sodium", "betadrug"}
    assert original.product == ("090001-001", "090001-002")
    assert {one.slot: one.path for one in original.evidence} == {"status": "Submissions.txt#L2", "regimen": "Products.txt#L2"}


def test_the_table_names_no_indication_so_no_decision_does():
    records, _ = split(drugsfda.read(SAMPLE))
    for record in records.values():
        for decision in record.decisions:
            assert decision.condition is None
            assert decision.setting is None


def test_products_that_differ_give_a_decision_without_a_regimen():
    records, _ = split(drugsfda.read(SAMPLE))
    (decision,) = records["090002"].decisions
    assert decision.status == "tentative-approval"
    assert decision.regimen == ()
    assert decision.product == ("090002-001", "090002-002")


def test_what_is_not_read_is_counted():
    records, _ = split(drugsfda.read(SAMPLE))
    ignored = records["090001"].ignored
    assert ignored["TE.txt"] == 1
    assert ignored["Products.txt/ReferenceDrug"] == 2
    assert ignored["Products.txt/Strength note"] == 1
    assert ignored["Submissions.txt/SubmissionsPublicNotes"] == 1


# ---- rows that do not fit --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "cells", "reason"),
    [
        ("Products.txt", ("777777", "001", "TABLET;ORAL", "1MG", "0", "X", "X", "0"), "no application 777777 in Applications.txt"),
        ("Submissions.txt", ("777777", "7", "ORIG", "1", "AP", "2001-01-01 00:00:00", "", ""), "no application 777777 in Applications.txt"),
        ("MarketingStatus.txt", ("1", "090001", "009"), "no product 090001-009 in Products.txt"),
        ("MarketingStatus.txt", ("1", "777777", "001"), "no application 777777 in Applications.txt"),
        ("Products.txt", ("090001", "003"), "2 cells where the header has 8"),
        ("Products.txt", ("090001", "003", "", "", "", "", "", "", "extra"), "9 cells where the header has 8"),
        ("Submissions.txt", ("090001", "7", "SUPPL", "9", "AP", "2001-13-01 00:00:00", "", ""), "'2001-13-01 00:00:00' is no date"),
        ("Submissions.txt", ("090001", "7", "", "", "AP", "", "", ""), "no submission type or number"),
        ("Submissions.txt", ("", "7", "SUPPL", "9", "AP", "", "", ""), "no application number"),
        ("Submissions.txt", ("090001", "3", "SUPPL ", "5", "AP", "", "", ""), "SUPPL-5 stands already in Submissions.txt#L3"),
        ("Products.txt", ("090001", "001", "", "", "", "", "", ""), "090001-001 stands already in Products.txt#L2"),
        ("Applications.txt", ("090001", "NDA", "", "OTHER"), "application 090001 stands already in Applications.txt#L2"),
    ],
)
def test_a_row_that_does_not_fit_is_rejected_and_costs_no_other(tables, file, cells, reason):
    before, _ = split(drugsfda.read(SAMPLE))
    append(tables, file, *cells)
    after, rejected = split(drugsfda.read(tables))
    (one,) = rejected
    lines = (tables / file).read_bytes().count(b"\n")
    assert (one.where, one.reason, one.source) == (f"{file}#L{lines}", reason, "drugsfda")
    assert after == before


def test_an_unknown_status_is_kept_as_printed_and_is_no_decision(tables):
    append(tables, "Submissions.txt", "990004", "7", "ORIG", "7", "ZZ", "2011-01-01 00:00:00", "", "")
    records, _ = split(drugsfda.read(tables))
    assert records["990004"].submissions[-1].submission_status == "ZZ"
    assert [one.submission for one in records["990004"].decisions] == ["ORIG-1"]


def test_a_changed_row_changes_the_digest_of_its_record_alone(tables):
    before, _ = split(drugsfda.read(SAMPLE))
    append(tables, "Submissions.txt", "990003", "3", "SUPPL", "3", "AP", "2019-02-02 00:00:00", "", "")
    after, _ = split(drugsfda.read(tables))
    changed = {key for key in before if before[key].document.sha256 != after[key].document.sha256}
    assert changed == {"990003"}
    assert after["990003"].known_at == "2019-02-02"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(drugsfda.REQUIRED), st.binary(max_size=120))
def test_any_line_is_a_row_or_a_rejection(tables, file, data):
    before, _ = split(drugsfda.read(SAMPLE))
    shutil.copytree(SAMPLE, tables, dirs_exist_ok=True)
    with (tables / file).open("ab") as stream:
        stream.write(data)
    after, rejected = split(sources.read(tables, "drugsfda"))
    assert set(before) <= set(after)
    assert all(one.where.startswith(file) for one in rejected)


@pytest.mark.parametrize("missing", sorted(drugsfda.COLUMNS))
def test_a_missing_file_is_named(tables, missing):
    (tables / missing).unlink()
    (rejected,) = sources.read(tables, "drugsfda")
    assert missing in rejected.reason


def test_a_missing_column_is_named(tables):
    path = tables / "Submissions.txt"
    path.write_bytes(path.read_bytes().replace(b"SubmissionStatus\t", b"Status\t"))
    (rejected,) = sources.read(tables, "drugsfda")
    assert "Submissions.txt has no column 'SubmissionStatus'" in rejected.reason


def test_a_zip_and_a_folder_give_the_same_records(tmp_path):
    packed = tmp_path / "anything.bin"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in SAMPLE.iterdir():
            archive.write(file, f"drugsatfda/{file.name}")
    assert sources.recognise(packed) == "drugsfda"
    assert list(sources.read(packed, "drugsfda")) == list(sources.read(SAMPLE, "drugsfda"))


def test_a_zip_cut_short_is_one_clear_line(tmp_path, shared):
    packed = (shared / "data/fda/drugsatfda_2019-07-02.zip").read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(packed[: len(packed) // 2])
    (rejected,) = sources.read(cut, "drugsfda")
    assert "archive" in rejected.reason
    assert "\n" not in rejected.reason


# ---- the whole table -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(shared):
    started = time.process_time()
    result = split(sources.read(shared / "data/fda/drugsatfda_2019-07-02.zip", "drugsfda"))
    assert time.process_time() - started < 25  # 6 s on an idle core
    return result


def test_every_row_of_the_real_table_is_accounted_for(whole):
    records, rejected = whole
    files = Counter(one.where.partition("#")[0] for one in rejected)
    assert len(records) == 23_267
    assert sum(len(record.products) for record in records.values()) + files["Products.txt"] == 39_473
    assert sum(len(record.submissions) for record in records.values()) + files["Submissions.txt"] == 156_942
    # counted in the files by hand: rows whose application (or product) is in no other file
    assert files == {"Products.txt": 5, "Submissions.txt": 4_432, "MarketingStatus.txt": 317}


def test_all_biologics_are_there(whole):
    records, _ = whole
    assert Counter(record.applications[0].application_type for record in records.values()) == {"ANDA": 17_799, "NDA": 5_286, "BLA": 182}


def test_daratumumab(whole):
    records, _ = whole
    record = records["761036"]
    assert record.document.title == "BLA 761036: DARZALEX (JANSSEN BIOTECH)"
    assert record.known_at == "2019-06-27"
    assert [(one.submission, one.date) for one in record.decisions] == [
        ("ORIG-1", "2015-11-16"),
        ("SUPPL-3", "2016-11-21"),
        ("SUPPL-4", "2016-11-21"),
        ("SUPPL-5", "2017-06-16"),
        ("SUPPL-13", "2018-05-07"),
        ("SUPPL-16", "2019-02-08"),
        ("SUPPL-20", "2019-06-27"),
    ]
    assert {one.regimen for one in record.decisions} == {("daratumumab",)}
    assert [(one.brand, one.strength) for one in record.products] == [("DARZALEX", "100MG/5ML"), ("DARZALEX", "400MG/20ML")]


def test_what_came_after_the_cut_is_absent(whole):
    records, _ = whole
    assert "761113" not in records


def test_no_decision_names_a_regimen_its_products_do_not_share(whole):
    records, _ = whole
    for record in records.values():
        sets = {frozenset(product.ingredients) for product in record.products}
        for decision in record.decisions:
            assert {frozenset(decision.regimen)} == (sets if len(sets) == 1 else {frozenset()})
