"""What the generator of notations prints is read back exactly: every figure, bound, unit, p value and count."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.reading.quantities import Quantity, lex_quantities

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import notations as n

hundredths = st.integers(5, 9999).map(lambda k: k / 100)


@st.composite
def figures(draw: st.DrawFn) -> n.Figures:
    low, value, high = sorted(draw(st.lists(hundredths, min_size=3, max_size=3, unique=True)))
    whole = draw(st.integers(2, 900))
    p = f"0.{draw(st.integers(1, 9999)):04}"
    return n.Figures(value, low, high, p, draw(hundredths), draw(st.integers(1, whole)), whole)


def of(text: str, kind: str) -> Quantity:
    """The first figure of a kind, which stands where it says it stands."""
    found = next(q for q in lex_quantities(text) if q.kind == kind)
    assert found.printed is None or text[slice(*found.span)].startswith(found.printed)
    return found


def holds(found: Quantity, told: n.Figures) -> bool:
    ci = found.ci
    return found.value == told.value and ci is not None and (ci.low, ci.high, ci.level) == (told.low, told.high, 95)


@given(figures(), st.sampled_from(n.RATIOS), st.sampled_from(n.INTERVALS), st.sampled_from(n.STYLES))
def test_ratios(told: n.Figures, form: str, interval: str, style: str) -> None:
    text = f"It fell ({form.format(value=n.figure(told.value, style), ci=n.interval(interval, told, style))}) in all."
    assert holds(of(text, "ratio"), told), text


@given(figures(), st.sampled_from(n.HEADED), st.sampled_from(n.STYLES))
def test_ratios_whose_interval_is_announced(told: n.Figures, form: str, style: str) -> None:
    text = f"It fell ({form.format(**{k: n.figure(getattr(told, k), style) for k in ('value', 'low', 'high')})})."
    assert holds(of(text, "ratio"), told), text


@given(figures(), st.sampled_from(n.MEASURES), st.sampled_from(n.INTERVALS), st.sampled_from(("months", "%")), st.sampled_from(n.STYLES))
def test_measures(told: n.Figures, form: str, interval: str, unit: str, style: str) -> None:
    text = "It was " + form.format(value=n.figure(told.value, style), unit=unit, ci=n.interval(interval, told, style)) + "."
    found = of(text, "percent" if unit == "%" else "time")
    assert holds(found, told) and found.unit == unit, text


@given(figures(), st.sampled_from(n.PAIRS), st.sampled_from(("months", "%")), st.sampled_from(n.STYLES))
def test_compared_figures_share_a_unit(told: n.Figures, form: str, unit: str, style: str) -> None:
    text = "PFS was " + form.format(a=n.figure(told.value, style), b=n.figure(told.other, style), unit=unit) + "."
    assert [(q.value, q.unit) for q in lex_quantities(text)] == [(told.value, unit), (told.other, unit)], text


@given(figures(), st.sampled_from(n.P_VALUES), st.sampled_from(("<", "=", ">", "≤")), st.booleans())
def test_p_values(told: n.Figures, form: str, sign: str, raised: bool) -> None:
    printed = told.p.replace(".", "·") if raised else told.p
    text = f"The groups differed ({form.format(sign=sign, p=printed)})."
    found = next(q.p for q in lex_quantities(text) if q.p)
    assert found.text == {"=": "", "≤": "<= "}.get(sign, f"{sign} ") + printed, text
    assert found.sided == (1 if "1-" in form or "one" in form else 2 if "two" in form else None)


@given(figures(), st.sampled_from(n.COUNTS))
def test_shares_with_their_counts(told: n.Figures, form: str) -> None:
    share = round(100 * told.part / told.whole, 1)
    found = of("It was seen in " + form.format(share=share, part=told.part, whole=told.whole) + ".", "percent")
    assert found.value == share and found.n and found.total
    assert (found.n.value, found.total.value) == (told.part, told.whole)


@pytest.mark.parametrize(("mark", "word"), [(mark, word) for mark, words in n.MISSING.items() for word in words])
@given(low=hundredths)
def test_open_ends(mark: str, word: str, low: float) -> None:
    found = of(f"The median was {word} (95% CI, {low:.2f}-{word}).", "missing")
    assert found.value == mark and found.ci
    assert (found.ci.low, found.ci.high) == (low, mark)


@pytest.mark.parametrize(
    "text",
    [
        "HR-positive, HER2-negative tumours in 45 patients",
        "HR+ disease; OR 12 patients",
        "phase 3, P 5 mg",
        "aged 18 to 75",
        "week 12, day 1",
    ],
)
def test_what_only_looks_like_a_statistic(text: str) -> None:
    assert not [q for q in lex_quantities(text) if q.kind in ("ratio", "p", "percent", "time")]
