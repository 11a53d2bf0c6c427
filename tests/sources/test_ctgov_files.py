"""All shapes that study records come in, and what happens to those that cannot be read."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg_build.errors import SourceError
from kg_build.facts import Record, Rejected
from kg_build.sources import ctgov

SAMPLES = Path(__file__).parents[1] / "samples" / "ctgov"


def study(number: int, **more: object) -> dict[str, object]:
    return {"protocolSection": {"identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": f"Study {number}"}}, **more}


def line(number: int) -> bytes:
    return json.dumps(study(number)).encode()


THREE = [study(1), study(2), study(3)]
IDS = ["NCT00000001", "NCT00000002", "NCT00000003"]
LINES = b"\n".join(map(line, (1, 2, 3)))
PAGE = {"totalCount": 3, "studies": THREE, "nextPageToken": "abc"}
SHAPES = {
    "lines": LINES,
    "lines, blank ones between, windows ends": b"\r\n\r\n".join(map(line, (1, 2, 3))) + b"\r\n",
    "lines after a byte order mark": b"\xef\xbb\xbf" + LINES,
    "array": json.dumps(THREE).encode(),
    "array, indented": json.dumps(THREE, indent=2).encode(),
    "array, items at the margin": b"[\n" + b",\n".join(map(line, (1, 2, 3))) + b"\n]\n",
    "page, items at the margin": b'{"studies": [\n' + b",\n".join(map(line, (1, 2, 3))) + b'\n], "totalCount": 3}\n',
    "page": json.dumps(PAGE).encode(),
    "page, indented": json.dumps(PAGE, indent=1).encode(),
    "pages, one a line": json.dumps({"studies": THREE[:2]}).encode() + b"\n" + json.dumps({"studies": THREE[2:]}).encode(),
}


def ids(found: list[Record | Rejected]) -> list[str]:
    return [one.id for one in found if isinstance(one, Record)]


def bad(found: list[Record | Rejected]) -> list[Rejected]:
    return [one for one in found if isinstance(one, Rejected)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("zipped", [False, True])
def test_every_shape_gives_the_same_records(shape: str, zipped: bool, tmp_path: Path) -> None:
    data = gzip.compress(SHAPES[shape]) if zipped else SHAPES[shape]
    path = tmp_path / "export"
    path.write_bytes(data)
    from_file, from_bytes = list(ctgov.read(path)), list(ctgov.read_bytes(data, "export"))
    assert from_file == from_bytes
    assert ids(from_file) == IDS
    assert bad(from_file) == []
    assert ctgov.looks_like(SHAPES[shape][:65536], "")


def test_one_study_whole_or_indented() -> None:
    compact, indented = line(7), json.dumps(study(7), indent=2).encode()
    (a,), (b,) = ctgov.read_bytes(compact, "x"), ctgov.read_bytes(indented, "x")
    assert a == b, "the digest is of the study, not of its layout"
    assert ids([a]) == ["NCT00000007"]


def test_a_page_without_studies_gives_nothing() -> None:
    for page in (b'{"studies": [], "totalCount": 0}', b'{"totalCount":0,"studies":[]}', b"[]", b"", b"\n \n"):
        assert list(ctgov.read_bytes(page, "x")) == []


BAD = {
    "truncated": (b'{"protocolSection": {"identificationModule": {"nctId": "NCT000', "truncated"),
    "wrong type": (b'{"protocolSection": {"identificationModule": {"nctId": 5}}}', "Expected `str | null`, got `int`"),
    "list for object": (b'{"protocolSection": []}', "Expected `object`, got `array`"),
    "not a number": (b'{"protocolSection": {"identificationModule": {"nctId": "NCT00000009"}}, "x": NaN}', "malformed"),
    "no id": (b'{"protocolSection": {"identificationModule": {"briefTitle": "x"}}}', "no NCT id"),
    "no study": (b'{"a": 1}', "no NCT id"),
    "odd id": (b'{"protocolSection": {"identificationModule": {"nctId": "NCT1"}}}', "no NCT id: 'NCT1'"),
    "too deep": (b'{"x": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", "nested too deeply"),
    "key twice": (
        b'{"protocolSection": {"identificationModule": {"nctId": "NCT00000009", "nctId": "NCT00000008"}}}',
        "key stands twice: nctId",
    ),
    "no utf-8": (b'{"protocolSection": {"identificationModule": {"nctId": "NCT00000009", "briefTitle": "\xff"}}}', "utf-8"),
    "half a surrogate": (b'{"x": "\\ud800", "protocolSection": {"identificationModule": {"nctId": "NCT00000009"}}}', ""),
    "no json": (b"hello", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_costs_no_other(case: str) -> None:
    data, reason = BAD[case]
    found = list(ctgov.read_bytes(b"\n".join([line(1), line(2), data, line(3)]), "export.jsonl"))
    (rejected,) = bad(found)
    assert ids(found) == IDS
    assert (rejected.source, rejected.where, rejected.sha256) == ("ctgov", "export.jsonl:3", hashlib.sha256(data).hexdigest())
    assert reason in rejected.reason
    assert "\n" not in rejected.reason


@pytest.mark.parametrize("case", sorted(BAD.keys() - {"truncated"}))
@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_bad_study_in_a_page_or_array_costs_no_other(case: str, place: int) -> None:
    items = list(map(line, (1, 2, 3)))
    items.insert(place, BAD[case][0])
    for opening, prefix in ((b"[", "x.json#"), (b'{"studies": [', "x.json#/studies")):
        found = list(ctgov.read_bytes(opening + b", ".join(items) + (b"]" if opening == b"[" else b"]}"), "x.json"))
        assert ids(found) == IDS
        assert [one.where for one in bad(found)] == [f"{prefix}/{place}"]


def test_an_open_bracket_inside_an_array_keeps_what_came_before_and_invents_nothing() -> None:
    data = b"[" + b", ".join([line(1), line(2), BAD["truncated"][0], line(3)]) + b"]"
    found = list(ctgov.read_bytes(data, "x.json"))
    assert ids(found) == IDS[:2], "what follows is swallowed by the open bracket"
    assert bad(found)[0].where == "x.json#/2"


@pytest.mark.parametrize("place", [0, 3])
def test_the_first_and_the_last_line_may_be_the_bad_one(place: int) -> None:
    for data, _ in BAD.values():
        lines = [line(1), line(2), line(3)]
        lines.insert(place, data)
        found = list(ctgov.read_bytes(b"\n".join(lines), "x"))
        assert ids(found) == IDS
        assert [one.where for one in bad(found)] == [f"x:{place + 1}"]


def test_a_truncated_study_is_one_rejected() -> None:
    whole = (SAMPLES / "NCT99990001.json").read_bytes()
    (found,) = ctgov.read_bytes(whole[: len(whole) // 2], "x.json")
    assert isinstance(found, Rejected)
    assert (found.where, found.sha256) == ("x.json", hashlib.sha256(whole[: len(whole) // 2].strip()).hexdigest())


def test_a_truncated_array_keeps_what_is_whole() -> None:
    data = json.dumps(THREE).encode()
    found = list(ctgov.read_bytes(data[:-40], "x.json"))
    assert ids(found) == IDS[:2]
    assert [one.where for one in bad(found)] == ["x.json#/2"]


def test_a_damaged_gzip_keeps_what_came_before() -> None:
    noise = b"\n".join(json.dumps(study(n, filler=hashlib.sha256(bytes([n % 256, n // 256])).hexdigest())).encode() for n in range(1, 2000))
    data = gzip.compress(noise)
    found = list(ctgov.read_bytes(data[: len(data) // 2], "x.jsonl.gz"))
    assert len(ids(found)) > 500
    assert "gzip" in bad(found)[-1].reason


def test_a_missing_file_is_an_error_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        list(ctgov.read(tmp_path / "none.json"))


NOT_STUDIES = {
    "an article": b"NCT00000001 was approved",
    "yaml": b"openapi: 3.0.3\ninfo:\n  title: ClinicalTrials.gov\n",
    "the data model": b'[{"name": "protocolSection", "title": "Protocol Section", "children": []}]',
    "other json": b'{"results": [{"application_number": "NDA000001"}]}',
    "html": b"<html>{}</html>",
    "an article that quotes a study": b'The record says {"protocolSection": {}}',
    "nothing": b"",
}


@pytest.mark.parametrize("case", NOT_STUDIES)
def test_what_is_no_study_does_not_look_like_one(case: str) -> None:
    assert not ctgov.looks_like(NOT_STUDIES[case], "ctgov/studies.json")


def test_files_beside_the_studies_are_told_apart(shared: Path) -> None:
    folder = shared / "data" / "ctgov"
    for path in sorted((folder / "api").iterdir()):
        assert not ctgov.looks_like(path.read_bytes()[:65536], path.name), path.name
    for path in [*sorted((folder / "samples").iterdir()), *sorted((folder / "recorded_api").iterdir())]:
        assert ctgov.looks_like(path.read_bytes()[:65536], ""), path.name


# ---- anything at all ----------------------------------------------------------------------------------------------------------------

KEYS = st.sampled_from(
    [
        "protocolSection",
        "identificationModule",
        "nctId",
        "resultsSection",
        "armsInterventionsModule",
        "armGroups",
        "label",
        "studies",
        "groups",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just("NCT00000001"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_no_json_raises(value: object) -> None:
    for one in ctgov.read_bytes(json.dumps(value).encode(), "x"):
        assert isinstance(one, Record | Rejected)


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise(data: bytes) -> None:
    ctgov.looks_like(data, "x")
    for one in ctgov.read_bytes(data, "x"):
        assert isinstance(one, Rejected)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_study_with_any_field_replaced_is_read_or_rejected(data: st.DataObject) -> None:
    tree = json.loads((SAMPLES / "NCT99990001.json").read_text("utf-8"))
    here = tree
    while True:
        key = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        below = here[key]
        if not below or not isinstance(below, dict | list) or data.draw(st.integers(0, 3)) == 0:
            break
        here = below
    here[key] = data.draw(VALUES)
    (found,) = ctgov.read_bytes(json.dumps(tree).encode(), "x") if "studies" not in tree else (None,)
    assert isinstance(found, Record | Rejected)
