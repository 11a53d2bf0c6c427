"""The explorer page in a real browser: silent, safe, readable, and every relation with the sentence behind it."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import networkx as nx
import pytest

from kg_build.views.explorer import draw_explorer

SIZES = [(1440, 900), (390, 844)]
PIVOTAL = "The approval rests on ICARIA-MM and on IsaFiRsT."


def iri(key: str) -> str:
    return f"https://example.org/id/{key}"


# ---- silent ----------------------------------------------------------------------------------------------------------------------


def test_the_page_asks_nobody_anything(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        view.page.wait_for_timeout(200)
        assert [url for url in view.requests if not url.endswith("/page.html")] == []
        assert len(view.requests) == 1
        assert view.errors == []
        assert view.page.title() == "Isatuximab"


def test_the_policy_allows_the_pages_own_scripts_only(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        policy = view.page.get_attribute("meta[http-equiv=Content-Security-Policy]", "content")
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert "http" not in policy
        ran = """() => {
            const script = document.createElement('script');
            script.textContent = 'window.pwned = 1';
            document.body.append(script);
            return window.pwned;
        }"""
        assert view.page.evaluate(ran) is None
        assert view.page.evaluate("() => fetch('https://example.org/').then(() => 'left', () => 'stayed')") == "stayed"


def test_the_same_graph_gives_the_same_bytes(story: nx.MultiDiGraph) -> None:
    assert draw_explorer(story, "x") == draw_explorer(story, "x")


def test_the_licence_of_the_drawing_library_travels_with_it(story: nx.MultiDiGraph) -> None:
    assert "@license" in draw_explorer(story, "x")
    assert "sourceMappingURL" not in draw_explorer(story, "x")


# ---- hostile ---------------------------------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<!--<script>window.pwned=1//-->",
    '<img src=x onerror="window.pwned=1">',
    "\"'><svg onload=alert(1)>",
    "{{ 7*7 }}{% for x in y %}{{ self.__init__.__globals__ }}",
    "${alert(1)}`;alert(1)//",
    "\u202eexe.gpj\u202c and \x00\x1b[31m and \ud800",
    "javascript:alert(1)",
    "__proto__",
    "A" * 4000,
    "",
]


def hostile() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(total=len(HOSTILE))
    for i, text in enumerate(HOSTILE):
        sources = [
            {"sentence": text, "record": text, "url": "javascript:alert(1)"},
            {"sentence": text, "url": "data:text/html,<script>alert(1)</script>"},
        ]
        graph.add_node(iri(f"n{i}"), kind=text if i % 2 else "Agent", label=text, details={text: text}, sources=sources)
    for i, text in enumerate(HOSTILE):
        target = iri(f"n{(i + 1) % len(HOSTILE)}")
        graph.add_edge(iri(f"n{i}"), target, relation=text, label=text, sentence=text, record=text, url="JavaScript:alert(1)")
    return graph


def test_whatever_stands_in_a_label_stays_text(opened: Any) -> None:
    with opened(draw_explorer(hostile(), HOSTILE[1])) as view:
        for i in range(len(HOSTILE)):
            view.select(f"n{i}")
            hrefs = view.page.eval_on_selector_all("a", "links => links.map(link => link.getAttribute('href'))")
            assert hrefs == []
        view.select("n1")
        assert HOSTILE[1] in view.details()
        assert view.page.title() == HOSTILE[1]
        view.page.fill("#search", "<img")
        assert view.page.evaluate("() => window.pwned") is None
        assert view.page.locator("img, svg, #details script, #legend script").count() == 0
        assert (view.dialogs, view.errors, len(view.requests)) == ([], [], 1)


def test_templates_are_not_run_and_directions_cannot_be_forged(opened: Any) -> None:
    with opened(draw_explorer(hostile(), "x")) as view:
        view.select("n5")
        assert "{{ 7*7 }}" in view.details()
        view.select("n7")
        assert "\N{REPLACEMENT CHARACTER}exe.gpj" in view.details()
        assert not re.search("[\u202a-\u202e]", view.page.content())


def test_links_lead_to_web_addresses_only() -> None:
    graph = nx.MultiDiGraph(total=1)
    urls = [
        "https://example.org/a?b=1&c=<2>",
        "http://example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//example.org",
        "https://",
        "java\nscript:x",
    ]
    graph.add_node("n", kind="Agent", label="n", sources=[{"sentence": "s", "url": url} for url in urls])
    page = draw_explorer(graph, "x")
    found = re.findall(r'"url":"([^"]*)"', page[page.index('id="data"') :])
    assert found == ["https://example.org/a?b=1\\u0026c=\\u003c2\\u003e", "http://example.org", "", "", "", "", ""]


# ---- sentences -------------------------------------------------------------------------------------------------------------------


def test_a_mouse_click_on_a_card_shows_its_sentences_and_their_source(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        assert view.details() == ""
        view.click("approval")
        assert "NMPA: approved, 2025-01" in view.details()
        assert PIVOTAL in view.details()
        assert view.page.get_attribute("#details a", "href") == "https://example.org/isatuximab"
        assert view.scene()["selected"] == iri("approval")


def test_every_card_shows_every_sentence_of_its_relations(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        for node in story:
            view.page.evaluate("id => kgExplorer.select(id)", node)
            text = view.details()
            said = [data["sentence"] for *_, data in [*story.in_edges(node, data=True), *story.out_edges(node, data=True)]]
            assert all(sentence in text for sentence in said), node


def test_a_click_on_a_line_shows_the_relation(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        path = next(path for path in view.scene()["paths"] if {path["first"], path["last"]} == {iri("isatuximab"), iri("CD38")})
        x, y = point(path["cubics"][0], 0.5)
        spot = view.page.evaluate("([x, y]) => kgExplorer.toPage(x, y)", [x, y])
        view.page.mouse.move(spot["x"], spot["y"])
        assert view.page.inner_text("#tip") == "isatuximab → has target → CD38"
        view.page.mouse.click(spot["x"], spot["y"])
        assert "Isatuximab binds CD38" in view.details()


def test_a_neighbour_in_the_details_leads_on(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        view.select("icaria")
        view.page.click("#details button.to:has-text('OS: HR 0.78')")
        assert view.scene()["selected"] == iri("os")
        assert "24.6" in view.details()


# ---- finding and filtering -------------------------------------------------------------------------------------------------------


def test_search_finds_names_figures_and_sentences(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        view.page.keyboard.press("/")
        for words, expected in [
            ("sarclisa", {"isatuximab"}),
            ("0.548", {"ttnt"}),
            ("82.6%", {"isafirst", "orr-cn"}),
            ("no such thing", set()),
        ]:
            view.page.fill("#search", words)
            assert {found.rpartition("/")[2] for found in view.scene()["found"]} == expected
            assert f"{len(expected)} found" in view.details()
        view.page.fill("#search", "sarclisa")
        view.page.keyboard.press("Enter")
        assert view.scene()["selected"] == iri("isatuximab")


def test_filters_hide_classes_and_relations(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        lines = len(view.scene()["paths"])
        view.page.uncheck("#legend input[data-key=AdverseEventRate]")
        assert view.shown() == {node.rpartition("/")[2] for node, data in story.nodes(data=True) if data["kind"] != "AdverseEventRate"}
        assert len(view.scene()["paths"]) == lines - 5
        assert "34 of 39 cards" in view.page.inner_text("#counts")
        view.page.uncheck("#legend input[data-key='has agent']")
        assert len(view.scene()["paths"]) == lines - 5 - 9
        view.page.click("#legend button:has-text('show all') >> nth=0")
        assert len(view.shown()) == 39


def test_the_legend_counts_what_there_is(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        rows = view.page.eval_on_selector_all("#legend label", "rows => rows.map(row => row.innerText.trim().split(/\\s*\\n\\s*/))")
        counts = dict(rows)
        assert (counts["Adverse event"], counts["Agent"], counts["has agent"], counts["pivotal study"]) == ("5", "5", "9", "2")


def test_a_double_click_keeps_a_neighbourhood_and_escape_gives_all_back(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        view.click("NMPA", times=2)
        view.page.wait_for_timeout(400)
        assert view.shown() == {"NMPA", "approval", "submission"}
        view.page.keyboard.press("Escape")
        view.page.keyboard.press("Escape")
        assert len(view.shown()) == 39


def test_a_part_of_a_larger_graph_says_so(story: nx.MultiDiGraph, opened: Any) -> None:
    story.graph["total"] = 812
    with opened(draw_explorer(story, "Isatuximab")) as view:
        assert "showing 39 of 812 cards" in view.page.inner_text("#counts")
    story.graph["complete"] = False
    with opened(draw_explorer(story, "Isatuximab")) as view:
        assert "showing 39 of at least 812 cards" in view.page.inner_text("#counts")


def test_the_keyboard_is_enough(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        view.page.focus("#stage")
        view.page.keyboard.press("ArrowRight")
        assert view.scene()["selected"] == iri("isatuximab")
        option = view.page.get_attribute("#stage", "aria-activedescendant")
        assert "Agent: isatuximab" in view.page.text_content(f"#{option}")
        view.page.keyboard.press("ArrowRight")
        assert view.scene()["selected"] == iri("isa-pd")
        view.page.keyboard.press("Enter")
        assert view.page.evaluate("() => document.activeElement.id") == "details"
        view.page.keyboard.press("Tab")
        assert view.page.evaluate("() => document.activeElement.tagName") == "BUTTON"
        view.page.keyboard.press("Escape")
        assert view.scene()["selected"] is None
        assert view.page.evaluate("() => document.activeElement.id") == "stage"


# ---- readable --------------------------------------------------------------------------------------------------------------------


def point(cubic: list[float], t: float) -> tuple[float, float]:
    x, y = cubic[0::2], cubic[1::2]
    weight = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return sum(a * b for a, b in zip(x, weight, strict=True)), sum(a * b for a, b in zip(y, weight, strict=True))


def inside(box: dict[str, Any], x: float, y: float) -> bool:
    return box["x"] + 0.5 < x < box["x"] + box["w"] - 0.5 and box["y"] + 0.5 < y < box["y"] + box["h"] - 0.5


def assert_readable(scene: dict[str, Any], steps: int = 24) -> None:
    """No card over another, no label wider than its card, no line under a card, no text below 11 px."""
    boxes = scene["boxes"]
    for a, b in combinations(boxes, 2):
        apart = a["x"] + a["w"] < b["x"] or b["x"] + b["w"] < a["x"] or a["y"] + a["h"] < b["y"] or b["y"] + b["h"] < a["y"]
        assert apart, (a["id"], b["id"])
    assert all(box["widest"] <= box["inner"] + 0.5 for box in boxes)
    hits = [
        (path["first"], path["last"], box["id"])
        for path in scene["paths"]
        for box in boxes
        for cubic in path["cubics"]
        if any(inside(box, *point(cubic, k / steps)) for k in range(steps + 1))
    ]
    assert hits == []
    assert scene["smallest"] >= 11


@pytest.mark.parametrize(("width", "height"), [*SIZES, (1024, 700), (1920, 1080)])
def test_nothing_overlaps_and_nothing_is_too_small(story: nx.MultiDiGraph, opened: Any, width: int, height: int) -> None:
    with opened(draw_explorer(story, "Isatuximab: how the evidence hangs together"), width, height) as view:
        scene = view.scene()
        assert_readable(scene)
        for box in scene["boxes"]:
            said = "".join(box["lines"]).replace("\u00a0", "").replace(" ", "")
            assert said == story.nodes[box["id"]]["label"].replace(" ", "")
        assert view.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_parts_of_the_page_stand_side_by_side(story: nx.MultiDiGraph, opened: Any, width: int, height: int) -> None:
    with opened(draw_explorer(story, "Isatuximab: how the evidence hangs together"), width, height) as view:
        view.select("icaria")
        parts = ["h1", "#counts", "#search", "#fit", "#out", "#in", "#filters", "#legend", "#heads", "#stage", "#hint", "#details"]
        rects = {part: box for part in parts if (box := view.page.locator(part).bounding_box()) and box["width"]}
        assert {"h1", "#search", "#fit", "#stage", "#details"} <= set(rects)
        for (one, a), (other, b) in combinations(rects.items(), 2):
            over = (
                min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"]),
                min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"]),
            )
            assert min(over) <= 0.5, (one, other)
        assert all(0 <= box["x"] and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height for box in rects.values())
        spot, stage = view.page.evaluate("id => kgExplorer.at(id)", iri("icaria")), rects["#stage"]
        assert stage["x"] < spot["x"] < stage["x"] + stage["width"]
        assert stage["y"] < spot["y"] < stage["y"] + stage["height"]


def test_small_text_of_the_page_is_at_least_11_px(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        view.select("icaria")
        said = "el => el.offsetParent && [...el.childNodes].some(node => node.nodeType === 3 && node.data.trim())"
        sizes = view.page.eval_on_selector_all("body *", f"all => all.filter({said}).map(el => parseFloat(getComputedStyle(el).fontSize))")
        assert len(sizes) > 50
        assert min(sizes) >= 11


def test_all_of_forty_cards_is_seen_at_first_sight(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab")) as view:
        stage = view.page.locator("#stage").bounding_box()
        for node in story:
            spot = view.page.evaluate("id => kgExplorer.at(id)", node)
            assert stage["x"] < spot["x"] < stage["x"] + stage["width"], node
            assert stage["y"] < spot["y"] < stage["y"] + stage["height"], node


def test_a_phone_begins_at_the_card_that_was_asked_for_and_can_filter(story: nx.MultiDiGraph, opened: Any) -> None:
    with opened(draw_explorer(story, "Isatuximab"), *SIZES[1]) as view:
        spot = view.page.evaluate("id => kgExplorer.at(id)", iri("isatuximab"))
        assert 0 < spot["x"] < 390
        assert not view.page.is_visible("#legend")
        view.page.click("#filters")
        view.page.uncheck("#legend input[data-key=Mechanism]")
        view.page.click("#done")
        assert not view.page.is_visible("#legend")
        assert "35 of 39 cards" in view.page.inner_text("#counts")


def test_a_hundred_and_fifty_cards_stay_readable(opened: Any) -> None:
    graph = nx.MultiDiGraph(total=150)
    kinds = ["Agent", "Regimen", "ClinicalTrial", "Estimate", "AdverseEventRate", "Decision", "Indication", "Target"]
    for i in range(150):
        graph.add_node(iri(f"n{i}"), kind=kinds[i % 8], label=f"{kinds[i % 8]} number {i} of a larger neighbourhood", focus=i == 0)
        if i:
            graph.add_edge(iri(f"n{i}"), iri(f"n{(i * 5) // 7}"), relation="r", label="joined to", sentence=f"Sentence {i}.")
    with opened(draw_explorer(graph, "Many")) as view:
        assert_readable(view.scene(), steps=6)
        view.click("n0")
        assert "Sentence 1." in view.details()


def test_many_like_leaves_wait_behind_one_card_and_nothing_is_lost(opened: Any) -> None:
    graph = nx.MultiDiGraph(total=71)
    graph.add_node(iri("study"), kind="ClinicalTrial", label="STUDY", focus=True)
    for i in range(70):
        graph.add_node(iri(f"e{i}"), kind="AdverseEventRate" if i % 2 else "Estimate", label=f"figure {i}")
        graph.add_edge(iri(f"e{i}"), iri("study"), relation="ofStudy", label="reported in", sentence=f"Sentence {i}.")
    with opened(draw_explorer(graph, "Many")) as view:
        assert_readable(view.scene(), steps=6)
        assert "showing 11 of 71 cards" in view.page.inner_text("#counts")
        assert sorted(line for box in view.scene()["boxes"] for line in box["lines"] if "more" in line) == ["30 more", "30 more"]
        view.select("study")
        assert all(f"Sentence {i}." in view.details() for i in range(70))
        view.page.fill("#search", "figure 69")
        view.page.keyboard.press("Enter")
        assert view.scene()["selected"] == iri("e69")
        assert "showing 41 of 71 cards" in view.page.inner_text("#counts")
        view.click(f"+{iri('study')}\nEstimate")
        assert "71 cards" in view.page.inner_text("#counts")
        assert view.errors == []


def test_an_empty_graph_is_a_page_too(opened: Any) -> None:
    with opened(draw_explorer(nx.MultiDiGraph(), "Nothing")) as view:
        view.page.focus("#stage")
        view.page.keyboard.press("ArrowDown")
        assert "0 cards" in view.page.inner_text("#counts")
        assert view.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_selection_and_lines_stand_out_in_both_themes(story: nx.MultiDiGraph, opened: Any, scheme: str) -> None:
    with opened(draw_explorer(story, "Isatuximab"), scheme=scheme) as view:
        names = ["page", "panel", "card", "ink", "soft", "edge", "accent", "wash"]
        css = view.page.evaluate(
            "names => names.map(name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim())", names
        )
        colour = dict(zip(names, css, strict=True))
        assert contrast(colour["accent"], colour["page"]) >= 4.5
        assert contrast(colour["edge"], colour["page"]) >= 2.8
        assert (
            min(contrast(colour[ink], colour[ground]) for ink in ("ink", "soft", "accent") for ground in ("page", "panel", "card")) >= 4.5
        )
        assert contrast(colour["ink"], colour["wash"]) >= 4.5
        before = view.page.screenshot()
        view.select("icaria")
        assert view.page.screenshot() != before


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        return sum(
            w * (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4) for w, p in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
        )

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
