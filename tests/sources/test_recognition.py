"""What a file is, told by its content; what is not read is named with its reason."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from kg_build import sources
from kg_build.errors import SourceError, UsageError
from kg_build.facts import Record, Rejected
from kg_build.sources import Found, archives, discover, recognise

SAMPLES = Path(__file__).parents[1] / "samples"
PROSE = "The agency approved the medicine for adults.\nIt had been under review since May.\n"
STUDY = json.dumps({"protocolSection": {"identificationModule": {"nctId": "NCT01234567", "briefTitle": "A study"}}})


def reasons(paths, source=None):
    return {found.path.name: found.reason for found in discover(paths, source)}


def found(paths, source=None):
    return {found.path.name: found.source for found in discover(paths, source)}


# ---- recognised ------------------------------------------------------------------------------------------------------------------


def test_every_source_is_listed_under_its_own_name():
    assert sorted(sources.SOURCES) == list(sources.SOURCES)
    assert {"article", "ctgov", "drugsfda", "ema"} <= set(sources.SOURCES)
    assert all(module.NAME == name for name, module in sources.SOURCES.items())


@pytest.mark.parametrize("name", ["x", "x.dat", "x.json", "x.txt", "x.zip", "x.html", "x.csv"])
@pytest.mark.parametrize(("content", "source"), [(PROSE, "article"), (STUDY, "ctgov"), ("<!doctype html><p>Words in a page", "article")])
def test_content_decides_not_the_name(tmp_path, name, content, source):
    path = tmp_path / name
    path.write_text(content, "utf-8")
    assert recognise(path) == source
    path.write_bytes(gzip.compress(content.encode()))
    assert recognise(path) == source
    assert found([path]) == {name: source}


def test_the_samples_of_every_source_are_recognised():
    assert recognise(SAMPLES / "drugsfda") == "drugsfda"
    for file in sorted((SAMPLES / "article").glob("*.*")):
        assert recognise(file) == "article"


def test_a_folder_of_tables_is_one_find_and_what_lies_beside_them_is_met_too(tmp_path):
    folder = Path(shutil.copytree(SAMPLES / "drugsfda", tmp_path / "fda"))
    (folder / "news.txt").write_text(PROSE)
    assert list(discover([tmp_path])) == [Found(folder, "drugsfda"), Found(folder / "news.txt", "article")]


def test_folders_are_walked_in_order_and_each_file_once(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PROSE)
    (tmp_path / ".hidden.txt").write_text(PROSE)
    (tmp_path / "link.txt").symlink_to("b.txt")
    names = [one.path.relative_to(tmp_path).as_posix() for one in discover([tmp_path, tmp_path / "b.txt"])]
    assert names == ["a/c.txt", "a/z.txt", "b.txt"]


def test_what_is_no_document_by_its_name_is_left_in_a_folder_and_read_when_given(tmp_path):
    for name in ("README.md", "LICENSE", "code.py", "table.csv", "news.md"):
        (tmp_path / name).write_text(PROSE)
    assert found([tmp_path]) == {"README.md": None, "LICENSE": None, "code.py": None, "table.csv": None, "news.md": "article"}
    assert found([tmp_path / "README.md"]) == {"README.md": "article"}


def test_members_of_a_zip_are_found_and_read_like_files(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("2025/study.json", STUDY)
        archive.writestr("2025/broken.txt", b"\x89PNG\0\0\0")
        archive.writestr("__MACOSX/._study.json", b"\0\0")
    listed = list(discover([tmp_path]))
    assert [(one.path.relative_to(tmp_path).as_posix(), one.source) for one in listed] == [
        ("all.zip/2025/broken.txt", None),
        ("all.zip/2025/study.json", "ctgov"),
    ]
    (record,) = sources.read(listed[1].path, "ctgov")
    assert isinstance(record, Record)
    assert record.id == "NCT01234567"
    (rejected,) = sources.read(listed[0].path, "ctgov")
    assert isinstance(rejected, Rejected)
    assert rejected.where == "broken.txt"


def test_the_callers_word_overrides_for_a_file_and_chooses_in_a_folder(tmp_path):
    (tmp_path / "study.json").write_text(STUDY)
    (tmp_path / "news.txt").write_text(PROSE)
    (tmp_path / "other.json").write_text('{"a": 1}')
    assert found([tmp_path / "other.json", tmp_path / "study.json"], "article") == {"other.json": "article", "study.json": "article"}
    assert found([tmp_path], "article") == {"news.txt": "article", "other.json": None, "study.json": None}
    assert reasons([tmp_path], "article")["study.json"] == "recognised as ctgov, asked for is article"


# ---- not read, and why -----------------------------------------------------------------------------------------------------------

UNREADABLE = {
    "empty.txt": (b"", "empty file"),
    "blank.txt": (b"  \n\n", "empty file"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary file (holds NUL bytes: binary, or UTF-16 without a byte order mark)"),
    "noise.txt": (bytes(range(1, 32)) * 50, "binary file (holds control characters: binary)"),
    "other.json": (b'{"studies_of": ["something", "else"]}', "JSON of no known source"),
    "cut.json": (b'{"title": "something", "list": [1, 2', "JSON of no known source, or cut off"),
    "data.xml": (b"<?xml version='1.0'?><data><a/></data>", "XML of no known source"),
    "table.txt": (b"a\tb\n1\t2\n3\t4\n5\t6\n", "a table of no known source"),
    "quoted.txt": (b'"1","a, b"\n"2","c"\n"3","d, e, f"\n', "a table of no known source"),
    "numbers.txt": (b"1 2 3 4\n", "no words in it"),
    "letter.rtf": (b"{\\rtf1 words", "reading RTF is not supported; save as text"),
    "russian.txt": (
        "Препарат одобрен для лечения".encode("cp1251"),
        "binary file (neither UTF-8 (byte 0) nor a Western encoding; convert it to UTF-8)",
    ),
}


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_what_cannot_be_read_is_named_with_its_reason(tmp_path, name):
    content, reason = UNREADABLE[name]
    path = tmp_path / name
    path.write_bytes(content)
    assert recognise(path) is None
    with pytest.raises(SourceError) as error:
        list(discover([path]))
    assert str(error.value) == f"{path}: {reason}"
    (tmp_path / "news.txt").write_text(PROSE)
    assert reasons([tmp_path]) == {name: reason, "news.txt": None}


def test_a_folder_with_nothing_readable(tmp_path):
    with pytest.raises(SourceError, match="nothing to read in this folder"):
        list(discover([tmp_path]))
    (tmp_path / "a.rtf").write_bytes(b"{\\rtf1 words")
    (tmp_path / "b.txt").write_bytes(b"")
    with pytest.raises(SourceError, match=r"a\.rtf: reading RTF .* \(and 1 more files, none of them readable\)"):
        list(discover([tmp_path]))


def test_a_missing_path_is_a_wrong_call(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.txt: no such file or folder"):
        list(discover([tmp_path / "nowhere.txt"]))


def test_an_unknown_source_names_the_known_ones(tmp_path):
    (tmp_path / "a.txt").write_text(PROSE)
    with pytest.raises(UsageError) as error:
        list(discover([tmp_path], "fda"))
    assert str(error.value) == f"no source named 'fda'; known: {', '.join(sources.SOURCES)}"
    with pytest.raises(UsageError, match="no source named 'fda'"):
        list(sources.read(tmp_path / "a.txt", "fda"))


def test_a_broken_link_and_a_closed_file_are_reported(tmp_path):
    (tmp_path / "gone.txt").symlink_to("nothing")
    (tmp_path / "news.txt").write_text(PROSE)
    assert reasons([tmp_path])["gone.txt"].startswith("cannot be read")
    if os.geteuid():  # root may read everything
        (tmp_path / "news.txt").chmod(0)
        assert reasons([tmp_path, SAMPLES])["news.txt"].startswith("cannot be read")


# ---- archives that would do harm -------------------------------------------------------------------------------------------------


def zip_with(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("entry", ["../out.txt", "a/../../out.txt", "/etc/out.txt", "..\\out.txt", "C:\\out.txt"])
def test_an_entry_that_points_outside_is_refused(tmp_path, entry):
    path = zip_with(tmp_path / "bad.zip", {entry: PROSE, "good.txt": PROSE})
    with pytest.raises(SourceError, match="points outside the archive; refused"):
        list(discover([path]))
    assert list(tmp_path.iterdir()) == [path]


def test_bombs_are_refused(tmp_path):
    packed = zip_with(tmp_path / "bomb.zip", {"zeros.txt": b"a b " * (30 * 1024 * 1024)})
    assert "decompression bomb" in reasons([packed, SAMPLES])["bomb.zip"]
    squeezed = tmp_path / "bomb.gz"
    with gzip.open(squeezed, "wb") as file:
        for _ in range(120):
            file.write(b"some words \n" * 100_000)
    (rejected,) = sources.read(squeezed, "article")
    assert rejected.reason == "larger than 10 MB; split it"
    with pytest.raises(SourceError, match="decompression bomb"), archives.open_bytes(squeezed) as stream:
        while stream.read(1_000_000):
            pass


def test_a_damaged_gzip_or_zip_is_a_rejection(tmp_path):
    data = gzip.compress((PROSE * 500).encode())
    cut = tmp_path / "cut.txt.gz"
    cut.write_bytes(data[: len(data) // 2])
    assert "damaged" in (reasons([cut, SAMPLES])["cut.txt.gz"] or "")
    nested = zip_with(tmp_path / "outer.zip", {"inner.zip": zip_with(tmp_path / "inner.zip", {"a.txt": PROSE}).read_bytes()})
    assert reasons([nested, SAMPLES])["inner.zip"] == "an archive inside an archive; unpack it first"


def test_a_reader_that_trips_costs_only_its_file(tmp_path, monkeypatch):
    def trip(path):
        raise ValueError("stumbled")
        yield

    monkeypatch.setattr(sources.SOURCES["ctgov"], "read", trip)
    path = tmp_path / "study.json"
    path.write_text(STUDY)
    (rejected,) = sources.read(path, "ctgov")
    assert rejected.reason == "the reader failed: ValueError: stumbled"
    assert (rejected.where, rejected.source) == ("study.json", "ctgov")
