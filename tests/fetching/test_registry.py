"""The replay server is the API as it is documented: a client written from that alone is served, and what was recorded has its shape."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from documented import get, studies
from essie import at, values
from invented import STUDIES
from registry import Registry, number
from replay import Replay


@pytest.fixture
def base(replay: Replay) -> str:
    return f"{replay.url}/api/v2"


@pytest.mark.parametrize("size", [1, 4, 23, 1000])
def test_all_studies_page_by_page(base: str, size: int) -> None:
    assert list(studies(base, size)) == STUDIES


def test_searches_and_filters_narrow(base: str) -> None:
    myeloma = [study for study in STUDIES if "Myeloma" in study["protocolSection"]["conditionsModule"]["conditions"][0]]
    assert list(studies(base, 3, query_cond='"multiple myeloma"')) == myeloma
    assert list(studies(base, 3, query_term="qorilimab AND NOT myeloma")) == [study for study in STUDIES if study not in myeloma]
    wanted = "NCT90000003|NCT90000004,nct90000006"
    assert [number(study) for study in studies(base, 2, filter_ids=wanted)] == ["NCT90000003", "NCT90000004", "NCT90000006"]
    assert [number(study) for study in studies(base, 2, filter_ids=wanted, query_cond="ovarian")] == ["NCT90000004"]
    late = studies(base, 2, query_term="AREA[LastUpdatePostDate]RANGE[2026-01-20,MAX]")
    assert [number(study) for study in late] == [f"NCT9{n:07}" for n in (19, 20, 21, 22)]
    assert len(list(studies(base, 9, query_term="NCT90000001, NCT90000002", query_cond="nothing"))) == 2  # numbers alone: filters ignored


def test_fields_and_order(base: str) -> None:
    first = next(studies(base, 2, fields="NCTId|LastUpdatePostDate"))
    assert first == {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT90000000"},
            "statusModule": {"lastUpdatePostDateStruct": {"date": "2026-01-01"}},
        }
    }
    assert number(next(studies(base, 2, sort="LastUpdatePostDate"))) == "NCT90000022"
    assert number(next(studies(base, 2, sort="EnrollmentCount:asc"))) == "NCT90000000"
    assert set(next(studies(base, 2, fields="ConditionsModule"))["protocolSection"]) == {"conditionsModule"}


def test_a_page_without_a_size_has_ten_and_the_size_may_change(base: str) -> None:
    _, _, page = get(base, "/studies", pageSize="0")
    assert (len(page["studies"]), "totalCount" in page) == (10, False)
    _, _, rest = get(base, "/studies", pageSize="4000", pageToken=page["nextPageToken"])
    assert (len(rest["studies"]), "nextPageToken" in rest) == (13, False)


def test_single_studies(base: str) -> None:
    assert get(base, "/studies/NCT90000004") == (200, "application/json", STUDIES[4])
    assert get(base, "/studies/nct90000004", fields="NCTId")[2] == {"protocolSection": {"identificationModule": {"nctId": "NCT90000004"}}}


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("/studies/NCT00000000", {}, 404),
        ("/studies/4", {}, 400),
        ("/studies", {"pageToken": "abracadabra"}, 400),
        ("/studies", {"pageSize": "-1"}, 400),
        ("/studies", {"fields": "Nonsense"}, 400),
        ("/studies", {"filter.ids": "4"}, 400),
        ("/studies", {"query.term": "(open"}, 400),
        ("/studies", {"limit": "5"}, 400),
        ("/studies", {"format": "xml"}, 400),
        ("/nothing", {}, 404),
    ],
)
def test_errors_are_texts(base: str, path: str, given: dict[str, str], status: int) -> None:
    found, content_type, text = get(base, path, **given)
    assert (found, content_type) == (status, "text/plain")
    assert text


def test_a_token_is_good_for_its_own_search_only(base: str) -> None:
    token = get(base, "/studies", pageSize="5", **{"query.term": "qorilimab"})[2]["nextPageToken"]
    assert get(base, "/studies", pageSize="7", pageToken=token, **{"query.term": "qorilimab"})[0] == 200
    assert get(base, "/studies", pageSize="5", pageToken=token)[0] == 400


def test_tables(base: str) -> None:
    with urllib.request.urlopen(f"{base}/studies?format=csv&countTotal=true&pageSize=2") as answer:
        lines = answer.read().decode().splitlines()
    assert (answer.headers["x-total-count"], lines[0].split(",")[0], len(lines)) == ("23", "NCT Number", 3)
    with urllib.request.urlopen(f"{base}/studies?format=csv&pageSize=2&pageToken={answer.headers['x-next-page-token']}") as answer:
        assert len(answer.read().decode().splitlines()) == 2


# ---- against the real API's own files ----------------------------------------------------------------------------------------------


def test_every_documented_parameter_is_known(shared: Path) -> None:
    text = (shared / "data/ctgov/api/ctg-oas-v2.yaml").read_text("utf-8").partition("  /studies/{nctId}:")[0]
    documented = set(re.findall(r'- name: "([\w.]+)"\n {8}in: "query"', text))
    assert len(documented) > 20
    registry = Registry(STUDIES)
    not_replayed = {"filter.geo", "postFilter.geo", "geoDecay", "aggFilters", "filter.synonyms", "postFilter.synonyms"}
    for name in documented:
        refused = b"unknown parameter" in registry.answer("/studies", {name: "1"}).body
        assert refused == (name in not_replayed), name


def shape(node: Any, path: str = "") -> set[str]:
    if isinstance(node, dict):
        return {one for key, child in node.items() for one in shape(child, f"{path}/{key}")}
    if isinstance(node, list):
        return {one for child in node for one in shape(child, f"{path}/*")}
    return {path}


def test_recorded_answers_have_the_shape_of_ours(shared: Path) -> None:
    """Put the recorded studies behind the server, ask what was asked when they were recorded, and compare."""
    folder = shared / "data/ctgov/recorded_api"
    metadata = json.loads((shared / "data/ctgov/api/metadata.json").read_text("utf-8"))
    recorded = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    pages = [page for page in recorded.values() if "studies" in page]
    found = {number(study): study for page in pages for study in page["studies"]} | {
        number(study): study for study in recorded.values() if "studies" not in study
    }
    registry = Registry(list(found.values()), metadata)
    assert len(pages) == 7
    for page in pages:
        ids = "|".join(number(study) for study in page["studies"])
        given = {"filter.ids": ids, "pageSize": str(len(page["studies"])), "countTotal": "true"}
        ours = json.loads(registry.answer("/studies", given).body)
        assert set(page) | {"totalCount"} == set(ours) | ({"nextPageToken"} & set(page))
        assert ours["totalCount"] == len(page["studies"])
    for nct, study in found.items():
        assert json.loads(registry.answer(f"/studies/{nct}", {}).body) == study
        names = "|".join(sorted(piece for piece, path in registry.pieces.items() if list(values(list(at(study, path))))))
        assert shape(json.loads(registry.answer(f"/studies/{nct}", {"fields": names}).body)) == shape(study)
