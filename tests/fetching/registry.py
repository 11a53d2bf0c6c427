"""ClinicalTrials.gov's API v2 as its documentation describes it, over studies at hand: a function from question to answer."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from essie import Study, WrongExpressionError, at, only_ids, parse, values

_P = "protocolSection"
AREAS = {  # where the words of a query are sought
    "query.term": [[]],
    "query.cond": [[_P, "conditionsModule"]],
    "query.intr": [[_P, "armsInterventionsModule"]],
    "query.titles": [[_P, "identificationModule"]],
    "query.id": [[_P, "identificationModule"]],
    "query.outc": [[_P, "outcomesModule"]],
    "query.locn": [[_P, "contactsLocationsModule"]],
    "query.spons": [[_P, "sponsorCollaboratorsModule"]],
    "query.lead": [[_P, "sponsorCollaboratorsModule", "leadSponsor"]],
    "query.patient": [[_P, "descriptionModule"], [_P, "conditionsModule"], [_P, "eligibilityModule"]],
}
FILTERS = ("overallStatus", "ids", "advanced")
KNOWN = {*AREAS, *(f"{kind}.{name}" for kind in ("filter", "postFilter") for name in FILTERS)}
KNOWN |= {"format", "fields", "sort", "countTotal", "pageSize", "pageToken"}
PASSING = {"countTotal", "pageSize", "pageToken"}  # what may differ from page to page
NAMED = {  # pieces whose name is not that of their last key
    "NCTId": [_P, "identificationModule", "nctId"],
    "NCTIdAlias": [_P, "identificationModule", "nctIdAliases"],
    "Condition": [_P, "conditionsModule", "conditions"],
    "InterventionName": [_P, "armsInterventionsModule", "interventions", "name"],
    "InterventionType": [_P, "armsInterventionsModule", "interventions", "type"],
    "Phase": [_P, "designModule", "phases"],
    "EnrollmentCount": [_P, "designModule", "enrollmentInfo", "count"],
    "StartDate": [_P, "statusModule", "startDateStruct", "date"],
    "LastUpdatePostDate": [_P, "statusModule", "lastUpdatePostDateStruct", "date"],
    "StudyFirstPostDate": [_P, "statusModule", "studyFirstPostDateStruct", "date"],
    "LeadSponsorName": [_P, "sponsorCollaboratorsModule", "leadSponsor", "name"],
}
COLUMNS = {"NCT Number": "NCTId", "Study Title": "BriefTitle", "Acronym": "Acronym", "Study Status": "OverallStatus", "Phases": "Phase"}
MOST, DEFAULT = 1000, 10


@dataclass
class Reply:
    """An answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


class WrongError(ValueError):
    """A question that is answered with 400."""


def wrong(message: str, status: int = 400) -> Reply:
    """An error as the API gives it: a text that describes it."""
    return Reply(status, message.encode(), {"content-type": "text/plain"})


def number(study: Study) -> str:
    """The NCT number."""
    return str(study[_P]["identificationModule"]["nctId"])


class Registry:
    """Answers from studies, and from the data model where its file is at hand (every piece's name is known then)."""

    def __init__(self, studies: list[Study], metadata: list[dict[str, Any]] | None = None) -> None:
        self.studies, self.metadata = studies, metadata
        self.pieces = dict(NAMED)
        if metadata is not None:
            self._learn(metadata, [])
        else:
            for study in studies:
                self._guess(study, [])

    def _learn(self, nodes: list[dict[str, Any]], path: list[str]) -> None:
        for node in nodes:
            here = [*path, node["name"]]
            self.pieces[node["piece"]] = here
            self._learn(node.get("children", []), here)

    def _guess(self, node: Any, path: list[str]) -> None:
        for child in node if isinstance(node, list) else ():
            self._guess(child, path)
        for key, child in node.items() if isinstance(node, dict) else ():
            self.pieces.setdefault(key[0].upper() + key[1:], [*path, key])
            self._guess(child, [*path, key])

    def path(self, name: str) -> list[str]:
        """Path of a piece or of a field given by its path.

        Errors: WrongError for an unknown one.
        """
        name = name.strip()
        found = self.pieces.get(name) or (name.split(".") if name.split(".") in self.pieces.values() else None)
        if found is None:
            raise WrongError(f"Unknown field name: {name}")
        return found

    # ---- questions ---------------------------------------------------------------------------------------------------------------

    def answer(self, path: str, given: dict[str, str]) -> Reply:
        """The answer to a GET below `/api/v2`."""
        try:
            if path == "/version":
                return _json({"apiVersion": "2.0.0", "dataTimestamp": "2026-08-11T09:00:00"})
            if path == "/studies/metadata" and self.metadata is not None:
                return _json(self.metadata)
            if path == "/studies":
                return self._search(given)
            if found := re.fullmatch(r"/studies/([^/]+)", path):
                return self._single(found[1], given)
        except (WrongError, WrongExpressionError) as error:
            return wrong(str(error))
        return wrong("Not found", 404)

    def _single(self, name: str, given: dict[str, str]) -> Reply:
        _refuse_unknown(given, {"format", "fields"})
        if not re.fullmatch(r"(NCT|nct)\d{8}", name):
            raise WrongError(f"Incorrect format of NCT number: {name}")
        found = next((study for study in self.studies if _is(study, name.upper())), None)
        if found is None:
            return wrong(f"NCT number {name} not found", 404)
        if given.get("format", "json") != "json":
            raise WrongError("replayed in format json only")
        return _json(self._fields(given)(found))

    def _search(self, given: dict[str, str]) -> Reply:
        _refuse_unknown(given, KNOWN)
        found = self._sorted([study for study in self.studies if self._test(given)(study)], given.get("sort"))
        size = _size(given.get("pageSize", "0"))
        start = _start(given)
        if start > len(found):
            raise WrongError("pageToken is not valid")
        total = len(found) if given.get("countTotal") == "true" and not start else None
        token = _token(start + size, given) if start + size < len(found) else None
        page = found[start : start + size]
        if given.get("format", "json") == "csv":
            return self._csv(page, total, token, start)
        cut = self._fields(given)
        told = {"totalCount": total, "studies": [cut(study) for study in page], "nextPageToken": token}
        return _json({key: value for key, value in told.items() if value is not None})

    def _test(self, given: dict[str, str]) -> Callable[[Study], bool]:
        queries = {key: given[key] for key in AREAS if given.get(key)}
        ids = [one for text in queries.values() for one in only_ids(text)]
        if ids:
            return lambda study: any(_is(study, one) for one in ids)
        tests = [parse(text, self.path, AREAS[key]) for key, text in queries.items()]
        for kind in ("filter", "postFilter"):
            if wanted := _list(given.get(f"{kind}.ids")):
                malformed = next((one for one in wanted if not re.fullmatch(r"(NCT|nct)\d{8}", one)), None)
                if malformed:
                    raise WrongError(f"Incorrect format of NCT number: {malformed}")
                tests.append(lambda study, wanted=wanted: any(_is(study, one.upper()) for one in wanted))
            if states := _list(given.get(f"{kind}.overallStatus")):
                tests.append(lambda study, states=states: study[_P].get("statusModule", {}).get("overallStatus") in states)
            if text := given.get(f"{kind}.advanced"):
                tests.append(parse(text, self.path, [[]]))
        return lambda study: all(test(study) for test in tests)

    def _sorted(self, found: list[Study], order: str | None) -> list[Study]:
        for one in reversed(_list(order)):
            name, _, direction = one.partition(":")
            if name == "@relevance":
                continue
            path = self.path(name)
            first = {id(study): next(values(list(at(study, path))), None) for study in found}
            numeric = all(value is None or value.isdecimal() for value in first.values())
            there = [study for study in found if first[id(study)] is not None]
            there.sort(
                key=lambda study: str(first[id(study)]).zfill(12 if numeric else 0),
                reverse=(direction or ("asc" if numeric else "desc")) == "desc",
            )
            found = there + [study for study in found if first[id(study)] is None]
        return found

    def _fields(self, given: dict[str, str]) -> Callable[[Study], Study]:
        if "fields" not in given:
            return lambda study: study
        names = _list(given["fields"])
        if not names:
            raise WrongError("fields must not be empty")
        paths = [self.path(name) for name in names if name != "@query"]
        return lambda study: _cut(study, paths)

    def _csv(self, page: list[Study], total: int | None, token: str | None, start: int) -> Reply:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        if not start:
            writer.writerow(COLUMNS)
        for study in page:
            writer.writerow("|".join(values(list(at(study, self.pieces.get(piece, ["?"]))))) for piece in COLUMNS.values())
        told = {"x-total-count": total, "x-next-page-token": token}
        extra = {key: str(value) for key, value in told.items() if value is not None}
        return Reply(200, out.getvalue().encode(), {"content-type": "text/csv", **extra})


# ---- pieces ----------------------------------------------------------------------------------------------------------------------


def _json(tree: Any) -> Reply:
    return Reply(200, json.dumps(tree, ensure_ascii=False).encode())


def _is(study: Study, nct: str) -> bool:
    return nct in {number(study), *study[_P]["identificationModule"].get("nctIdAliases", [])}


def _list(text: str | None) -> list[str]:
    return [one.strip() for one in re.split(r"[|,]", text or "") if one.strip()]


def _refuse_unknown(given: dict[str, str], known: set[str]) -> None:
    unknown = next((key for key in given if key not in known), None)
    if unknown is not None:
        raise WrongError(f"`{unknown}` is unknown parameter")
    if given.get("format", "json") not in {"json", "csv", "json.zip", "fhir.json"}:
        raise WrongError("`format` must be one of csv, json")


def _size(text: str) -> int:
    if not text.isdecimal():
        raise WrongError("pageSize must be a non-negative integer")
    return min(int(text) or DEFAULT, MOST)


def _seal(given: dict[str, str]) -> str:
    """What a token is good for: the parameters that must stay the same."""
    same = sorted((key, value) for key, value in given.items() if key not in PASSING)
    return hashlib.sha256(repr(same).encode()).hexdigest()[:12]


def _token(start: int, given: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(f"{start}:{_seal(given)}".encode()).decode()


def _start(given: dict[str, str]) -> int:
    token = given.get("pageToken")
    if token is None:
        return 0
    try:
        start, _, seal = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if seal == _seal(given):
            return int(start)
    except ValueError:
        pass
    raise WrongError("pageToken is not valid for this request")


def _cut(node: Any, paths: list[list[str]]) -> Any:
    if isinstance(node, list):
        return [_cut(child, paths) for child in node]
    if not isinstance(node, dict) or any(not path for path in paths):
        return node
    kept = {}
    for key, child in node.items():
        below = [path[1:] for path in paths if path[0] == key]
        if below:
            kept[key] = _cut(child, below)
    return kept
