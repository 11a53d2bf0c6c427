"""A real browser for the pages, and a hand-made neighbourhood of about forty cards in the shape `network.neighbourhood` gives."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

RECORD = "Isatuximab in China (retold by hand)"
URL = "https://example.org/isatuximab"

CARDS = [  # key, class, label, details
    ("CD38", "Target", "CD38", {}),
    ("anti-CD38", "Mechanism", "CD38-directed monoclonal antibody", {}),
    ("apoptosis", "Mechanism", "Induction of apoptosis", {}),
    ("imid", "Mechanism", "Immunomodulatory imide", {}),
    ("proteasome", "Mechanism", "Proteasome inhibitor", {}),
    ("isatuximab", "Agent", "isatuximab", {"full name": "isatuximab-irfc", "brand": "Sarclisa", "code name": "SAR650984"}),
    ("pomalidomide", "Agent", "pomalidomide", {}),
    ("dexamethasone", "Agent", "dexamethasone", {}),
    ("bortezomib", "Agent", "bortezomib", {}),
    ("lenalidomide", "Agent", "lenalidomide", {}),
    ("isa-pd", "Regimen", "isatuximab + pomalidomide + dexamethasone", {}),
    ("pd", "Regimen", "pomalidomide + dexamethasone", {}),
    ("isa-vrd", "Regimen", "isatuximab + bortezomib + lenalidomide + dexamethasone", {}),
    (
        "icaria",
        "ClinicalTrial",
        "ICARIA-MM",
        {"registry id": "NCT02990338", "phase": "3", "enrolment": "307", "design": "multicentre, open label, randomized"},
    ),
    ("isafirst", "RealWorldStudy", "IsaFiRsT", {"country": "China", "enrolment": "24"}),
    (
        "pfs",
        "Estimate",
        "PFS: HR 0.57 (0.44–0.73)",
        {"isatuximab + Pd": "11.1 months (7.8–13.8)", "Pd": "5.9 months (4.5–7.9)", "P": "< .0001, one-sided"},
    ),
    (
        "os",
        "Estimate",
        "OS: HR 0.78 (0.59–1.02)",
        {"isatuximab + Pd": "24.6 months (20.3–31.3)", "Pd": "17.7 months (14.4–26.2)", "P": ".0319, one-sided"},
    ),
    ("pfs2", "Estimate", "PFS2: HR 0.735 (0.569–0.950)", {"isatuximab + Pd": "17.5 months", "Pd": "12.9 months"}),
    ("ttnt", "Estimate", "Time to next treatment: HR 0.548 (0.417–0.718)", {}),
    ("orr", "Estimate", "ORR: 63% vs 33%", {}),
    ("orr-cn", "Estimate", "ORR: 82.6%", {}),
    ("irr", "AdverseEventRate", "Infusion-related reaction 37.5% vs 1%", {}),
    ("neutropenia", "AdverseEventRate", "Neutropenia 52% vs 36%", {"grade": "any"}),
    ("uri", "AdverseEventRate", "Upper respiratory infection 36% vs 21%", {}),
    ("serious", "AdverseEventRate", "Serious adverse events 74% vs 61%", {}),
    ("fatal", "AdverseEventRate", "Fatal adverse events 15% vs 13%", {}),
    ("approval", "Decision", "NMPA: approved, 2025-01", {"pathway": "priority review", "date as stated": "January 2025"}),
    ("submission", "Decision", "NMPA: under review", {"setting": "newly diagnosed, transplant-ineligible"}),
    ("fda", "Decision", "FDA: approved, 2020-03-02", {}),
    ("csco", "Recommendation", "CSCO: category 1, preferred", {}),
    ("caca", "Recommendation", "CACA: category 1", {}),
    ("NMPA", "Regulator", "National Medical Products Administration", {"jurisdiction": "China"}),
    ("FDA", "Regulator", "US Food and Drug Administration", {"jurisdiction": "United States"}),
    ("CSCO", "GuidelineBody", "Chinese Society of Clinical Oncology", {}),
    ("CACA", "GuidelineBody", "China Anti-Cancer Association", {}),
    ("sanofi", "Organization", "Sanofi", {}),
    ("mm", "Condition", "multiple myeloma", {"DOID": "9538"}),
    ("rrmm", "Indication", "relapsed or refractory multiple myeloma, at least one prior line", {}),
    ("ndmm", "Indication", "newly diagnosed multiple myeloma, transplant-ineligible", {}),
]

MECHANISM = "Isatuximab binds CD38 on myeloma cells and drives them into apoptosis."
TRIAL = "ICARIA-MM compared isatuximab with pomalidomide and dexamethasone against pomalidomide and dexamethasone alone."
RELATIONS = [  # from, relation, to, sentence
    ("isatuximab", "has target", "CD38", MECHANISM),
    ("isatuximab", "has mechanism", "anti-CD38", MECHANISM),
    ("isatuximab", "has mechanism", "apoptosis", MECHANISM),
    ("pomalidomide", "has mechanism", "imid", "Pomalidomide is an immunomodulatory imide."),
    ("lenalidomide", "has mechanism", "imid", "Lenalidomide is an immunomodulatory imide."),
    ("bortezomib", "has mechanism", "proteasome", "Bortezomib inhibits the proteasome."),
    ("isatuximab", "developed by", "sanofi", "Sanofi develops isatuximab."),
    *[("isa-pd", "has agent", agent, "") for agent in ("isatuximab", "pomalidomide", "dexamethasone")],
    *[("pd", "has agent", agent, "") for agent in ("pomalidomide", "dexamethasone")],
    *[("isa-vrd", "has agent", agent, "") for agent in ("isatuximab", "bortezomib", "lenalidomide", "dexamethasone")],
    ("icaria", "experimental arm", "isa-pd", TRIAL),
    ("icaria", "comparator arm", "pd", TRIAL),
    ("icaria", "studies condition", "mm", TRIAL),
    ("isafirst", "single arm", "isa-pd", "IsaFiRsT followed Chinese patients given the triplet in daily practice."),
    (
        "icaria",
        "result",
        "pfs",
        "Median PFS was 11.1 months with the triplet and 5.9 months with the doublet (HR, 0.57; 95% CI, 0.44-0.73).",
    ),
    ("icaria", "result", "os", "Median OS was 24.6 against 17.7 months (HR, 0.78; 95% CI, 0.59-1.02)."),
    *[("icaria", "result", key, "Later endpoints also favoured the triplet.") for key in ("pfs2", "ttnt", "orr")],
    *[
        ("icaria", "adverse event", key, "Rates are those of the triplet against the doublet.")
        for key in ("irr", "neutropenia", "uri", "serious", "fatal")
    ],
    ("isafirst", "result", "orr-cn", "The overall response rate among evaluable patients was 82.6%."),
    ("approval", "for regimen", "isa-pd", "In January 2025 the NMPA approved isatuximab with pomalidomide and dexamethasone."),
    ("approval", "regulator", "NMPA", "In January 2025 the NMPA approved isatuximab with pomalidomide and dexamethasone."),
    ("approval", "indication", "rrmm", "In January 2025 the NMPA approved isatuximab with pomalidomide and dexamethasone."),
    ("approval", "pivotal study", "icaria", "The approval rests on ICARIA-MM and on IsaFiRsT."),
    ("approval", "bridged by", "isafirst", "The approval rests on ICARIA-MM and on IsaFiRsT."),
    ("approval", "applicant", "sanofi", "Sanofi announced the approval."),
    ("submission", "for regimen", "isa-vrd", "A second application is under review."),
    ("submission", "regulator", "NMPA", "A second application is under review."),
    ("submission", "indication", "ndmm", "A second application is under review."),
    ("submission", "follows", "approval", "A second application is under review."),
    ("fda", "for regimen", "isa-pd", "The FDA had approved the triplet in March 2020."),
    ("fda", "regulator", "FDA", "The FDA had approved the triplet in March 2020."),
    ("fda", "pivotal study", "icaria", "The FDA had approved the triplet in March 2020."),
    ("csco", "for regimen", "isa-pd", "CSCO lists the triplet as a category 1 preferred option at first relapse."),
    ("csco", "recommended by", "CSCO", "CSCO lists the triplet as a category 1 preferred option at first relapse."),
    ("csco", "indication", "rrmm", "CSCO lists the triplet as a category 1 preferred option at first relapse."),
    ("caca", "for regimen", "isa-pd", "CACA lists it as category 1."),
    ("caca", "recommended by", "CACA", "CACA lists it as category 1."),
    ("rrmm", "condition", "mm", ""),
    ("ndmm", "condition", "mm", ""),
]


def iri(key: str) -> str:
    return f"https://example.org/id/{key}"


@pytest.fixture
def story() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(total=len(CARDS))
    for key, kind, label, details in CARDS:
        graph.add_node(iri(key), id=iri(key), kind=kind, label=label, details=details, focus=key == "isatuximab")
    for source, relation, target, sentence in RELATIONS:
        graph.add_edge(iri(source), iri(target), relation=relation, label=relation, sentence=sentence, record=RECORD, url=URL)
    return graph


# ---- the browser -----------------------------------------------------------------------------------------------------------------

CHROMIUM = os.environ.get("KG_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; a machine without it skips these tests, unless KG_BROWSER_REQUIRED says that it must not."""
    if not CHROMIUM:
        say = pytest.fail if os.environ.get("KG_BROWSER_REQUIRED") else pytest.skip
        say("no Chromium found; install it or name it in KG_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


class Opened:
    """A page from disk and everything that went wrong on it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.errors.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def select(self, key: str) -> None:
        self.page.evaluate("id => kgExplorer.select(id)", iri(key))

    def click(self, key: str, times: int = 1) -> None:
        """A real mouse on the card."""
        spot = self.page.evaluate("id => kgExplorer.at(id)", key if key.startswith("+") else iri(key))
        self.page.mouse.click(spot["x"], spot["y"], click_count=times)

    def scene(self) -> dict[str, Any]:
        return self.page.evaluate("() => kgExplorer.scene()")

    def shown(self) -> set[str]:
        return {box["id"].rpartition("/")[2] for box in self.scene()["boxes"]}

    def details(self) -> str:
        return self.page.inner_text("#details") if self.page.is_visible("#details") else ""


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Callable[..., Any]:
    """`with opened(html, width, height) as view`: the page opened from file://."""

    @contextmanager
    def opening(html: str, width: int = 1440, height: int = 900, scheme: str = "light") -> Iterator[Opened]:
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
        try:
            view = Opened(context.new_page())
            view.page.goto(file.as_uri())
            yield view
        finally:
            context.close()

    return opening
