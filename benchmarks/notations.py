"""The notations of clinical statistics as a generator: the same figures printed in every known way.

    python benchmarks/notations.py [COUNT]

prints examples; the property test reads every one of them back.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

INTERVALS = (
    "95% CI, {low}-{high}", "95% CI: {low}, {high}", "95% CI {low} to {high}", "95% CI, {low}–{high}", "95% CI = {low}–{high}",
    "95% CI {low}; {high}", "95% confidence interval [CI], {low} to {high}", "95% confidence interval {low}-{high}", "CI 95%, {low}-{high}",
    "95%CI: {low}~{high}", "95% CI [{low}-{high}]", "two-sided 95% CI: {low}, {high}", "95% CI, {low} to{high}",
)  # fmt: skip
RATIOS = (
    "HR, {value}; {ci}", "HR {value} ({ci})", "HR = {value} [{ci}]", "hazard ratio [HR] {value} [{ci}]", "hazard ratio, {value}; {ci}",
    "HR of {value} ({ci})", "a hazard ratio of {value} ({ci})", "hazard ratio for death in the weekly group {value} [{ci}]",
    "hazard ratio for disease progression or death, {value}; {ci}", "HR: {value}, {ci}", "the stratified hazard ratio was {value} ({ci})",
)  # fmt: skip
HEADED = ("HR (95% CI), {value} ({low}-{high})", "hazard ratio [95% CI]: {value} [{low}, {high}]", "HR (95% CI) = {value} ({low}–{high})")
MEASURES = (
    "{value} {unit} ({ci})", "{value} {unit} [{ci}]", "{value} ({ci}) {unit}", "{value} {unit}, {ci}",
    "{value} {unit} with zelotamab ({ci})",
    "{value} {unit} in the zelotamab group ({ci})",
)  # fmt: skip
P_VALUES = (
    "P {sign} {p}", "p{sign}{p}", "p {sign} {p}", "P-value {sign} {p}", "p-value{sign}{p}", "1-sided P {sign} {p}", "two-sided p{sign}{p}",
    "log-rank P {sign} {p}", "stratified log-rank test, P {sign} {p}", "P (two-sided) {sign} {p}", "P {sign} {p} (one-sided)",
)  # fmt: skip
COUNTS = ("{share}% ({part}/{whole})", "{part}/{whole} ({share}%)", "{part} of {whole} ({share}%)", "{part} of {whole} patients ({share}%)",
          "{share}% ({part} of {whole} patients)")  # fmt: skip
PAIRS = (
    "{a} {unit} vs {b} {unit}", "{a} vs {b} {unit}", "{a} {unit} vs. {b}", "{a} {unit} versus {b} {unit}", "{a} v {b} {unit}",
    "{a} {unit} compared with {b} {unit}", "{a} and {b} {unit}, respectively", "from {a} to {b} {unit}", "from {a} {unit} to {b} {unit}",
    "{a} {unit} with zelotamab vs {b} {unit} with placebo", "{a} {unit} with zelotamab versus {b} with placebo",
)  # fmt: skip
MISSING = {"NR": ("not reached", "NR", "not yet reached", "not been reached"), "NE": ("not estimable", "NE", "not evaluable", "NA")}
LEADS = {"%": "The rate was ", "months": "The median was ", "ratio": "It fell ("}
STYLES = ("plain", "raised point", "no zero")


@dataclass(frozen=True)
class Figures:
    """What is printed: a value with its interval and p, a share of a count, and a second value to compare with."""

    value: float
    low: float
    high: float
    p: str
    other: float
    part: int
    whole: int


def figure(value: float, style: str) -> str:
    """A number as one style prints it."""
    printed = f"{value:.2f}"
    if style == "no zero":
        return printed.removeprefix("0") if printed.startswith("0") else printed
    return printed.replace(".", "·") if style == "raised point" else printed


def interval(form: str, figures: Figures, style: str) -> str:
    """A confidence interval in one notation."""
    return form.format(low=figure(figures.low, style), high=figure(figures.high, style))


def examples(count: int, seed: int = 1) -> Iterator[str]:
    """Some sentences, chosen by a seed."""
    rng = random.Random(seed)
    for _ in range(count):
        value = rng.uniform(0.2, 1.5)
        figures = Figures(value, value * 0.8, value * 1.25, "0.012", value * 1.1, 12, 40)
        style, form = rng.choice(STYLES), rng.choice(RATIOS)
        p = rng.choice(P_VALUES).format(sign=rng.choice("<=>"), p=figures.p)
        yield f"It fell ({form.format(value=figure(value, style), ci=interval(rng.choice(INTERVALS), figures, style))}; {p})."


if __name__ == "__main__":
    for line in examples(int(sys.argv[1]) if len(sys.argv) > 1 else 20):
        print(line)
