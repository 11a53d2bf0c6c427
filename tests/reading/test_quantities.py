from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.reading.quantities import Quantity, lex_quantities


def one(text: str) -> Quantity:
    [quantity] = lex_quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "label", "value", "ci", "p", "sided"),
    [
        ("HR, 0.57; 95% CI, 0.44-0.73; 1-sided P < .0001", "hazard-ratio", 0.57, (0.44, 0.73), "< .0001", 1),
        ("HR, 0.78; 95% CI, 0.59-1.02; 1-sided P = .0319", "hazard-ratio", 0.78, (0.59, 1.02), ".0319", 1),
        ("(hazard ratio [HR] 0.68 [95% CI: 0.53, 0.88]; 2-sided p-value=0.0039)", "hazard-ratio", 0.68, (0.53, 0.88), "0.0039", 2),
        ("HR 0.62 (95% CI 0.50 to 0.77; p<0.001)", "hazard-ratio", 0.62, (0.5, 0.77), "< 0.001", None),
        ("HR (95% CI), 0.57 (0.44-0.73)", "hazard-ratio", 0.57, (0.44, 0.73), None, None),
        ("hazard ratio 0·62 [95% CI 0·43–0·88]; p=0·0060", "hazard-ratio", 0.62, (0.43, 0.88), "0·0060", None),
        (
            "hazard ratio for death, 0.71; 95% confidence interval [CI], 0.60 to 0.85; P<0.001",
            "hazard-ratio",
            0.71,
            (0.6, 0.85),
            "< 0.001",
            None,
        ),
        ("HR=0.45; 99.5% CI: 0.30-0.66; p ≤ 0.005", "hazard-ratio", 0.45, (0.3, 0.66), "<= 0.005", None),
        ("HR, 0.735; 95% CI, 0.569-0.950; log-rank P = .0091", "hazard-ratio", 0.735, (0.569, 0.95), ".0091", None),
        ("odds ratio, 2.1; 95% CI, 1.4-3.2; two-sided P = .02", "odds-ratio", 2.1, (1.4, 3.2), ".02", 2),
        ("relative risk of 0.80 (95% CI, 0.70-0.91)", "risk-ratio", 0.8, (0.7, 0.91), None, None),
    ],
)
def test_ratios(text: str, label: str, value: float, ci: tuple[float, float], p: str | None, sided: int | None) -> None:
    found = one(text)
    assert (found.kind, found.label, found.value) == ("ratio", label, value)
    assert found.ci is not None and (found.ci.low, found.ci.high) == ci
    assert (found.p.text if found.p else None) == p
    assert (found.p.sided if found.p else None) == sided


@pytest.mark.parametrize(
    ("text", "value", "unit", "ci"),
    [
        ("11.1 months (95% CI, 7.8-13.8)", 11.1, "months", (7.8, 13.8)),
        ("63% (95% CI, 55%-71%)", 63, "%", (55, 71)),
        ("63% (95% confidence interval: 55, 71)", 63, "%", (55, 71)),
        ("24.6 months [95% CI: 20.3; 31.3]", 24.6, "months", (20.3, 31.3)),
        ("2.5 years (95% CI 1.9 to 3.1)", 2.5, "years", (1.9, 3.1)),
        ("not reached (95% CI: 31.9, NR)", "NR", None, (31.9, "NR")),
        ("NR (95% CI, 31.9-NE)", "NR", None, (31.9, "NE")),
        ("not estimable (95% CI: 4.5, not estimable)", "NE", None, (4.5, "NE")),
        ("not reached with zelotamab (95% CI, 38.8-NE)", "NR", None, (38.8, "NE")),
    ],
)
def test_measures(text: str, value: float | str, unit: str | None, ci: tuple[object, object]) -> None:
    found = one(text)
    assert (found.value, found.unit) == (value, unit)
    assert found.ci is not None and (found.ci.low, found.ci.high) == ci


def test_a_bare_pair_is_an_interval_after_one_that_is_named() -> None:
    first, second = lex_quantities("25.5 months (95% CI 18.3-30.1) and 12.9 months (7.9-18.5)")
    assert first.ci and second.ci
    assert (second.ci.low, second.ci.high, second.ci.level) == (7.9, 18.5, 95)
    [alone] = lex_quantities("12.9 months (7.9)")[:1]
    assert alone.ci is None


def test_range_is_no_interval() -> None:
    found = one("11.0 months (range, 2.6-12.4)")
    assert found.ci is None
    assert found.range and (found.range.low, found.range.high) == (2.6, 12.4)


def test_a_unit_is_shared_backwards() -> None:
    assert [(q.value, q.unit) for q in lex_quantities("a median of 11.1 vs 5.9 months")] == [(11.1, "months"), (5.9, "months")]


def test_sizes_and_fractions() -> None:
    assert [(q.kind, q.n.value) for q in lex_quantities("(n = 1,154)") if q.n] == [("n", 1154)]
    [fraction] = lex_quantities("95/154 patients")
    assert fraction.total and (fraction.value, fraction.total.value) == (95, 154)


def test_the_p_of_phase_is_no_p_value() -> None:
    assert not [q for q in lex_quantities("a phase 3 trial; P 5 mg") if q.kind == "p"]


figures = st.integers(1, 9999).map(lambda n: f"{n / 100:.2f}")


@given(
    figures,
    figures,
    figures,
    st.sampled_from(["95% CI, {}-{}", "95% CI: {}, {}", "95% CI {} to {}", "95% CI, {}–{}"]),
    st.sampled_from(["HR, {}; {}", "HR {} ({})", "HR {} [{}]", "HR of {} ({})"]),
)
def test_every_notation_of_a_ratio_comes_back(value: str, low: str, high: str, interval: str, whole: str) -> None:
    text = f"It fell ({whole.format(value, interval.format(low, high))}) in all."
    found = next(q for q in lex_quantities(text) if q.kind == "ratio")
    assert found.value == float(value) and text[slice(*found.span)] == value
    assert found.ci is not None and (found.ci.low, found.ci.high) == (float(low), float(high))
    assert found.ci.printed == (low, high)
    assert text[slice(*found.ci.span)].startswith(low) and text[slice(*found.ci.span)].endswith(high)


@given(
    figures,
    st.sampled_from(["<", "=", ">", "≤"]),
    st.sampled_from(["P {} {}", "p{}{}", "P-value {} {}", "1-sided P {} {}", "log-rank P {} {}"]),
)
def test_every_notation_of_a_p_value_comes_back(value: str, sign: str, form: str) -> None:
    digits = f"0.{int(float(value) * 100):04}"
    found = next(q.p for q in lex_quantities(f"({form.format(sign, digits)})") if q.p)
    assert found.text == {"=": "", "≤": "<= "}.get(sign, f"{sign} ") + digits
