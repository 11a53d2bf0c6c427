"""Articles: the text as it stands, what it says about itself, and the same facts whatever the encoding or the mark-up."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build import sources
from kg_build.facts import KINDS, Record, Rejected, to_json
from kg_build.sources import article
from kg_build.sources.article import canonical, headline, read_bytes, read_text
from kg_build.sources.texts import NotTextError, decode

SAMPLES = Path(__file__).parents[1] / "samples" / "article"
PLAIN = (SAMPLES / "plain.txt").read_text("utf-8")


def read(name):
    (record,) = sources.read(SAMPLES / name, "article")
    assert isinstance(record, Record)
    return record


def facts(record):
    return {kind: getattr(record, kind) for kind in KINDS}


def shapes(record):
    """The facts without their places: what two layouts of one text must share."""
    return {
        "decisions": {(one.regulator, one.status, one.date, frozenset(one.regimen), one.condition) for one in record.decisions},
        "results": {(one.trial, one.endpoint, one.statistic, one.value, one.ci, one.p) for one in record.results},
        "trials": {(one.name, one.registry_ids, one.phase, one.enrollment) for one in record.trials},
    }


# ---- plain text and Markdown -----------------------------------------------------------------------------------------------------


def test_the_text_stands_as_it_is_and_spans_count_in_it():
    record = read("plain.txt")
    assert record.text == PLAIN
    assert record.document.sha256 == hashlib.sha256(PLAIN.encode()).hexdigest()
    assert record.id == record.document.sha256[:16]
    spans = [one for kind in facts(record).values() for fact in kind for one in fact.evidence]
    assert spans
    for one in spans:
        assert PLAIN[one.start : one.end] == one.quote
    assert "FDA widens the use of daratumumab in multiple myeloma" in [PLAIN[a:b] for a, b in record.sentences]


def test_the_facts_of_the_text():
    record = read("plain.txt")
    (decision,) = record.decisions
    assert (decision.regulator, decision.date) == ("FDA", "2016-11-21")
    assert set(decision.regimen) == {"daratumumab", "lenalidomide", "dexamethasone"}
    assert "POLLUX" in {trial.name for trial in record.trials}
    (ratio,) = (one for one in record.results if one.statistic == "hazard-ratio")
    assert (ratio.value, ratio.ci, ratio.p) == (0.37, (0.27, 0.52), "< .0001")


def test_markdown_stands_as_it_is_too():
    record = read("notes.md")
    assert record.text == (SAMPLES / "notes.md").read_text("utf-8")
    assert record.document.title == "FDA widens the use of daratumumab"
    assert shapes(record)["results"] == shapes(read("plain.txt"))["results"]


def test_line_ends_are_not_touched():
    record = read_bytes(PLAIN.replace("\n", "\r\n").encode(), "x")
    assert record.text == PLAIN.replace("\n", "\r\n")
    assert shapes(record) == shapes(read("plain.txt"))


def test_a_text_without_facts_is_a_record():
    record = read_text("A loaf for the weekend\nMix flour and water, and let it rest overnight.\n")
    assert not any(facts(record).values())
    assert record.document.title == "A loaf for the weekend"
    assert (record.known_at, record.document.published, record.document.url) == (None, None, None)


def test_the_path_is_no_part_of_the_record(tmp_path):
    other = tmp_path / "elsewhere.dat"
    other.write_bytes((SAMPLES / "plain.txt").read_bytes())
    assert list(article.read(other)) == list(article.read(SAMPLES / "plain.txt"))


# ---- the header block ------------------------------------------------------------------------------------------------------------


def test_a_header_says_what_the_text_is():
    record = read("header.txt")
    document = record.document
    assert document.title == "Daratumumab approved for pretreated multiple myeloma"
    assert (document.published, document.publisher, document.license) == ("2015-11-17", "Example News", "CC0-1.0")
    assert document.url == "https://news.example/2015/daratumumab"
    assert document.note == "hand-made"
    assert record.known_at == "2015-11-17"
    assert record.id.startswith("news-example-2015-daratumumab-")


def test_a_header_stays_in_the_text_and_is_read_as_no_sentence():
    record = read("header.txt")
    whole = (SAMPLES / "header.txt").read_text("utf-8")
    assert record.text == whole
    sentences = [whole[a:b] for a, b in record.sentences]
    assert sentences[0] == record.document.title
    assert sentences[1].startswith("On November 16, 2015")
    for fact in (*record.decisions, *record.results):
        for one in fact.evidence:
            assert whole[one.start : one.end] == one.quote
    assert {one.date for one in record.decisions} == {"2015-11-16"}


@pytest.mark.parametrize("head", ["Title: A\nUnheard: b\n\n", "Some line\nTitle: A\n\n", "\nTitle: A\n\n"])
def test_what_is_no_header_is_text(head):
    record = read_text(head + "The agency said nothing new about the medicine today.\n")
    assert record.document.title != "A"
    assert record.document.published is None


def test_a_date_that_is_no_day_is_no_date():
    assert read_text("Title: A\nPublished: spring 2025\n\nThe agency said nothing.\n").document.published is None
    assert read_text("Title: A\nPublished: 2025-02-30\n\nThe agency said nothing.\n").document.published is None


# ---- headlines -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "© 2025 Example News. All rights reserved.",
        "Copyright 2025 by Example News, Inc.",
        "12 Harbour Street",
        "Suite 100, Tower Two, Level 4",
        "Anytown, NJ 08512 United States of America",
        "Home | News | Subscribe | Sign in",
        "FOR IMMEDIATE RELEASE to all media",
        "https://news.example/a for the story",
        "Contact the desk at news@news.example",
        "Skip to main content of page",
        "* * * * *",
        "News",
        "",
    ],
)
def test_an_address_a_menu_or_a_footer_is_no_headline(line):
    assert headline(f"{line}\nAgency approves a medicine for gout\nMore text.") == "Agency approves a medicine for gout"


def test_a_headline_of_one_long_paragraph_is_its_first_sentence():
    text = "The agency approved the medicine today. " + "It had been under review for a long time. " * 20
    assert headline(text) == "The agency approved the medicine today."


def test_a_text_without_words_enough_has_no_headline():
    assert headline("Hello there") is None


# ---- HTML ------------------------------------------------------------------------------------------------------------------------


def test_a_page_gives_its_main_text_and_what_it_states_about_itself():
    record = read("page.html")
    document = record.document
    assert document.title == "FDA widens the use of daratumumab"
    assert (document.published, document.publisher) == ("2016-11-22", "Example News")
    assert document.url == "https://news.example/2016/daratumumab"
    assert document.note == article.MAIN_TEXT
    assert record.text.startswith("FDA widens the use of daratumumab\nOn November 21, 2016, the US Food and Drug Administration")
    assert "P < .0001" in record.text
    assert "Daratumumab | 286" in record.text


@pytest.mark.parametrize("gone", ["SCRIPTED", "alert", "onclick", "NAVIGATION", "FOOTER", "IMAGE", "LOADED", "color", "<p", "All rights"])
def test_scripts_handlers_navigation_and_footers_are_gone(gone):
    assert gone not in read("page.html").text


def test_a_page_gives_the_facts_of_the_same_text():
    assert shapes(read("page.html")) == shapes(read("plain.txt"))


def test_spans_count_in_the_main_text_of_a_page():
    record = read("page.html")
    for kind in facts(record).values():
        for fact in kind:
            assert all(record.text[one.start : one.end] == one.quote for one in fact.evidence)


def test_where_no_main_text_is_found_all_of_it_is_taken():
    record = read_text("<html><body><nav>Menu</nav><div>Agency approves a medicine</div><script>evil()</script></body></html>")
    assert record.text == "Agency approves a medicine"


def test_a_date_is_taken_only_where_the_page_states_it():
    page = "<html><head><title>A</title></head><body><article><p>On May 4, 2021 something happened in a long sentence.</p></article>"
    assert read_text(page).document.published is None
    linked = page.replace(
        "<title>", '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2021-05-05"}</script><title>'
    )
    assert read_text(linked).document.published == "2021-05-05"


def test_an_encoding_that_a_page_declares_is_used():
    page = '<html><head><meta charset="gb2312"></head><body><p>国家药监局批准了一种药物</p></body></html>'
    assert "国家药监局批准了一种药物" in read_bytes(page.encode("gb18030"), "x").text


@pytest.mark.parametrize(
    "page", ["<html></html>", "<!doctype html><html><body><script>x()</script></body></html>", "<html><body>" + "<div>" * 9000]
)
def test_a_page_without_text_is_rejected(page):
    rejected = read_bytes(page.encode(), "page.html")
    assert rejected == Rejected(
        source="article", where="page.html", reason="no text in the page", sha256=hashlib.sha256(page.encode()).hexdigest()
    )


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.sampled_from(["", "<p>", "<table><tr><td>", "<!--", "<h1>", "&#", "<a href="]),
)
def test_any_page_is_text_or_a_named_rejection(text, tag):
    result = read_bytes(f"<html><body>{tag}{text}".encode(), "x")
    assert (
        isinstance(result, Record) or result.reason in {"no text in the page", "holds control characters: binary"} or "NUL" in result.reason
    )


def test_odd_characters_of_a_page_do_no_harm():
    linked = '<script type="application/ld+json">{"headline": "\\ud800"}</script>'
    head = f'<head><meta property="og:site_name" content="A&#xDFFF;B">{linked}</head>'
    record = read_text(f"<html>{head}<body><p>An agency &#xD800;&#0;&#x1F; approves &lt;script&gt; &#x202e; a medicine</p></body></html>")
    assert record.text.encode() and to_json(record)
    assert "<script>" in record.text  # text it was, and text it stays: whoever shows it escapes it


# ---- encodings -------------------------------------------------------------------------------------------------------------------

MARKED = {
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "utf-32-le": b"\xff\xfe\0\0",
    "utf-32-be": b"\0\0\xfe\xff",
    "utf-8": b"\xef\xbb\xbf",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", *MARKED])
def test_one_article_in_eight_encodings_gives_the_same_facts(encoding):
    data = MARKED.get(encoding, b"") + PLAIN.encode(encoding)
    record = read_bytes(data, "x")
    expected = read("plain.txt")
    assert any(facts(expected).values())
    assert (record.text, record.id, facts(record)) == (PLAIN, expected.id, facts(expected))
    assert record.document.note == ("read as cp1252" if encoding == "cp1252" else None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (PLAIN.encode("utf-16-le"), "NUL bytes: binary, or UTF-16 without a byte order mark"),
        (PLAIN.encode() + b"\0", "NUL bytes"),
        ("Препарат одобрен для лечения миеломы".encode("cp1251"), "nor a Western encoding"),
        ("日本で承認された医薬品のお知らせ".encode("shift_jis"), "neither UTF-8 (byte 0) nor"),
        ("国家药监局批准了一种药物".encode("gb18030"), "neither UTF-8 (byte 0) nor"),
        ("“A quote” of 5 µg – “and more” – of the text".encode().replace(b"\xb5", b""), "damaged UTF-8 at byte"),
        (b"\xff\xfe" + PLAIN.encode("utf-16-le")[:-1], "not valid utf-16-le at byte"),
        (b"\xff\xfe\x00\xd8a\x00", "not valid utf-16-le at byte 2"),
        (bytes(range(1, 32)) * 9, "control characters"),
        (b"", "empty file"),
        (b"\xef\xbb\xbf \n", "empty file"),
    ],
)
def test_what_is_no_readable_text_is_a_named_rejection(data, reason):
    rejected = read_bytes(data, "x.txt")
    assert isinstance(rejected, Rejected)
    assert reason in rejected.reason
    assert (rejected.source, rejected.where, rejected.sha256) == ("article", "x.txt", hashlib.sha256(data).hexdigest())


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_a_named_reason(data):
    try:
        text, encoding = decode(data)
    except NotTextError as error:
        assert str(error)
    else:
        marked = text.encode(encoding)
        assert data.endswith(marked)
        assert len(data) - len(marked) in {0, 2, 3, 4}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_goes_round(text):
    assert decode(text.encode())[0] == text.removeprefix("\ufeff")


# ---- identity --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("HTTPS://News.Example/a/b/?utm_source=x&id=7&fbclid=y#top", "https://news.example/a/b?id=7"),
        ("http://news.example", "http://news.example"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("/relative/path", None),
        ("https://", None),
        ("https://[broken/a", None),
        ('https://news.example/"><script>', None),
        (None, None),
    ],
)
def test_one_form_of_an_address(printed, expected):
    assert canonical(printed) == expected


@given(st.text(max_size=60))
def test_any_address_is_http_or_none(tail):
    for printed in (tail, f"https://{tail}", f"https://news.example/{tail}"):
        url = canonical(printed)
        assert url is None or url.startswith(("http://", "https://"))
        assert canonical(url) == url


def test_addresses_that_read_alike_are_two_records():
    body = "\n\nThe agency approved the medicine for adults today.\n"
    ids = {read_text(f"URL: https://news.example/{path}{body}").id for path in ("a-b", "a/b", "A-B", "a_b")}
    assert len(ids) == 4
    assert read_text(f"URL: https://news.example/a-b/#x{body}").id in ids


def test_a_day_of_publication_that_the_dateline_states():
    lead = "BASEL, Switzerland, May 26, 2020 -- The FDA has approved isatuximab for adults with multiple myeloma."
    text = f"Agency approves a medicine\n{lead}\n"
    record = read_text(text)
    assert record.document.published == record.known_at == "2020-05-26"


@pytest.mark.parametrize(
    ("lines", "reason"), [(1_000_000, "larger than 10 MB; split it"), (200_000, "2,200,000 characters; split texts of more than 2,000,000")]
)
def test_a_file_beyond_the_caps_is_rejected(tmp_path, lines, reason):
    path = tmp_path / "huge.txt"
    path.write_bytes(b"some words\n" * lines)
    (rejected,) = sources.read(path, "article")
    assert (rejected.where, rejected.reason) == ("huge.txt", reason)


def test_what_stands_aside_is_not_the_article(tmp_path: Path) -> None:
    page = (
        "<html><body><article><h1>FDA approves zelotamab</h1><p>The FDA approved zelotamab (Zelvia) on March 3, 2021, for adults with "
        "multiple myeloma, the company said in a news release.</p><aside>Related: atezolizumab approved by FDA for bladder cancer.</aside>"
        "</article></body></html>"
    )
    (tmp_path / "page.html").write_text(page)
    (record,) = article.read(tmp_path / "page.html")
    assert isinstance(record, Record)
    assert "bladder" not in (record.text or "")
    assert [d.regimen for d in record.decisions] == [("zelotamab",)]
