"""Invented registries: studies, applications, a page, a workbook."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import openpyxl
from faults import SILENCE

from kg_build.fetching import ctgov
from kg_build.fetching import openfda as fda
from kg_build.fetching.client import Policy

QUICK = Policy(per_minute=float("inf"), backoff=0.0, silence=SILENCE, seconds=5.0)
NOON = datetime(2026, 8, 11, 12, tzinfo=UTC)
PAGE_SIZE = 5


def study(number: int, updated: str = "2026-01-15") -> dict[str, Any]:
    """An invented study; every third is of a myeloma."""
    disease = "Multiple Myeloma" if number % 3 == 0 else "Ovarian Cancer"
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT9{number:07}", "briefTitle": f"Study {number} of qorilimab – phase II"},
            "statusModule": {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"}},
            "conditionsModule": {"conditions": [disease]},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE2"], "enrollmentInfo": {"count": 10 * number}},
            "armsInterventionsModule": {"interventions": [{"type": "BIOLOGICAL", "name": "Qorilimab"}]},
        },
        "hasResults": False,
    }


def application(number: int) -> dict[str, Any]:
    """An invented application as openFDA gives it."""
    return {
        "application_number": f"BLA99{number:04}",
        "sponsor_name": "INVENTED",
        "openfda": {"generic_name": ["QORILIMAB"]},
        "products": [{"product_number": "001", "brand_name": f"QORIL {number}", "dosage_form": "INJECTABLE"}],
    }


STUDIES = [study(number, f"2026-01-{number + 1:02}") for number in range(23)]
APPLICATIONS = [application(number) for number in range(17)]
PAGE = (
    b"<html><head><title>FDA approves qorilimab for multiple myeloma</title></head><body><article><h1>FDA approves qorilimab for "
    b"multiple myeloma</h1><p>The FDA approved qorilimab (Qoril) for adults with relapsed multiple myeloma on May 2, 2024. The "
    b"decision rests on the RIVER-2 trial, in which the median progression-free survival was 21.4 months.</p></article></body></html>"
)


def workbook() -> bytes:
    """A workbook with one row."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Category", "Name of medicine", "EMA product number", "Medicine URL"])
    book.save(out)
    return out.getvalue()


def zipped(**files: str) -> bytes:
    """A zip of texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


REQUESTS: dict[str, Callable[[str], Any]] = {
    "ctgov": lambda url: ctgov.request(query="qorilimab", api=f"{url}/api/v2"),
    "ctgov ids": lambda url: ctgov.request(ids=[f"NCT9{number:07}" for number in range(12)], api=f"{url}/api/v2"),
    "openfda": lambda url: fda.request("drugsfda", 'openfda.generic_name:"qorilimab"', api=url),
}
"""One request of each kind of paging."""
