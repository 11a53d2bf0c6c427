"""Figures folded into cards: one outcome for the estimates of a study and endpoint, one adverse event for its rates of an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

Row = Mapping[str, str]
MOST_FIGURES = 12  # shown on one card; the rest is counted

_COMMON = """
  OPTIONAL { ?s kg:arm ?arm . ?arm rdfs:label ?armLabel . OPTIONAL { ?arm kg:armRole ?armRole }
    OPTIONAL { ?arm kg:regimenText ?armRegimen } }
  OPTIONAL { ?s kg:valueText ?valueText } OPTIONAL { ?s kg:n ?n }"""
ESTIMATES = f"""
SELECT ?s ?study ?endpoint ?arm ?name ?short ?endpointText ?measure ?value ?valueText ?mark ?unit ?low ?high ?level ?p ?sides
       ?armLabel ?armRole ?armRegimen ?reference ?referenceLabel ?referenceRegimen ?subgroup ?timepoint ?category ?outcomeText ?role ?n
WHERE {{
  ?s kg:estimateOf ?study ; kg:measure ?measure .
  OPTIONAL {{ ?s kg:endpoint ?endpoint . ?endpoint rdfs:label ?name OPTIONAL {{ ?endpoint kg:abbreviation ?short }} }}
  OPTIONAL {{ ?s kg:endpointText ?endpointText }} OPTIONAL {{ ?s kg:value ?value }} OPTIONAL {{ ?s kg:valueMark ?mark }}
  OPTIONAL {{ ?s kg:unit ?unit }} OPTIONAL {{ ?s kg:ciLowerText ?low }} OPTIONAL {{ ?s kg:ciUpperText ?high }}
  OPTIONAL {{ ?s kg:ciLevel ?level }} OPTIONAL {{ ?s kg:pText ?p }} OPTIONAL {{ ?s kg:pSides ?sides }}
  OPTIONAL {{ ?s kg:referenceArm ?reference . ?reference rdfs:label ?referenceLabel
    OPTIONAL {{ ?reference kg:regimenText ?referenceRegimen }} }}
  OPTIONAL {{ ?s kg:subgroup ?subgroup }} OPTIONAL {{ ?s kg:timepoint ?timepoint }} OPTIONAL {{ ?s kg:category ?category }}
  OPTIONAL {{ ?s kg:outcomeText ?outcomeText }} OPTIONAL {{ ?s kg:outcomeMeasure ?m . ?m kg:outcomeRole ?role }}
{_COMMON}
}}"""
RATES = f"""
SELECT ?s ?study ?endpoint ?arm ?name ?endpointText ?grade ?percent ?valueText ?count ?armLabel ?armRole ?armRegimen ?n
WHERE {{
  ?s kg:ofStudy ?study . FILTER EXISTS {{ ?s a kg:AdverseEventRate }}
  OPTIONAL {{ ?s kg:adverseEvent ?endpoint . ?endpoint rdfs:label ?name }} OPTIONAL {{ ?s kg:adverseEventText ?endpointText }}
  OPTIONAL {{ ?s kg:grade ?grade }} OPTIONAL {{ ?s kg:percent ?percent }} OPTIONAL {{ ?s kg:count ?count }}
{_COMMON}
}}"""

# By endpoint or event it must be required: what stands in an OPTIONAL does not narrow a query, even when bound.
_ENDPOINT = "?s kg:endpoint ?endpoint .\n  OPTIONAL { ?endpoint rdfs:label"
ESTIMATES_AT = ESTIMATES.replace("OPTIONAL { ?s kg:endpoint ?endpoint . ?endpoint rdfs:label", _ENDPOINT)
RATES_OF = RATES.replace("OPTIONAL { ?s kg:adverseEvent ?endpoint . ?endpoint", "?s kg:adverseEvent ?endpoint .\n  OPTIONAL { ?endpoint")

_RATIOS = {"hazard-ratio": "HR", "odds-ratio": "OR", "risk-ratio": "RR"}
_MEASURES = (*_RATIOS, "median", "rate", "difference", "mean", "mean-change", "risk-reduction", "number", "count")
_GRADES = ("any", "", "other", ">=3", "3-4", "serious", "fatal")
_MARKS = {"NR": "not reached", "NE": "not estimable"}
_SIDES = {"1": "one-sided", "2": "two-sided"}
_ROLES = (
    "experimental",
    "investigational",
    "",
    "other",
    "active comparator",
    "comparator",
    "control",
    "placebo comparator",
    "no intervention",
)


class Folded(NamedTuple):
    """One card made of several statements; `id` is the statement of its headline."""

    id: str
    kind: str
    study: str
    label: str
    details: dict[str, str]
    members: tuple[str, ...]
    weight: float  # smaller is more telling among the cards of its study


def fold_estimates(rows: Iterable[Row]) -> list[Folded]:
    """Outcome cards of some estimates: "PFS: HR 0.57 (0.44–0.73)", all figures in the details, most telling first."""
    return sorted((_outcome(study, group) for (study, _), group in _groups(rows)), key=lambda card: (card.weight, card.label, card.id))


def fold_rates(rows: Iterable[Row]) -> list[Folded]:
    """Adverse-event cards of some rates: "Neutropenia 52% vs 36%", every grade in the details, most frequent first."""
    return sorted(
        (_adverse_event(study, group) for (study, _), group in _groups(rows)), key=lambda card: (card.weight, card.label, card.id)
    )


def _groups(rows: Iterable[Row]) -> Iterator[tuple[tuple[str, str], list[Row]]]:
    """Rows by study and endpoint, each statement once (its first row), in a fixed order."""
    ordered = sorted(rows, key=lambda row: sorted(row.items()))
    once = sorted({row["s"]: row for row in reversed(ordered)}.values(), key=lambda row: (*_key(row), row["s"]))
    return ((key, list(group)) for key, group in groupby(once, _key))


def _key(row: Row) -> tuple[str, str]:
    return row["study"], row.get("endpoint") or row.get("endpointText", "").casefold()


# ---- outcomes --------------------------------------------------------------------------------------------------------------------


def _outcome(study: str, rows: list[Row]) -> Folded:
    rows = sorted(rows, key=_telling)
    head = rows[0]
    name = _name(rows)
    figures = [(_about(row, rows), _figure(row)) for row in rows]
    role = next((row["role"] for row in rows if row.get("role") in {"primary", "secondary"}), "")
    weight = {"primary": 0.0, "secondary": 0.2}.get(role, 0.3) + (0.0 if head["measure"] in _RATIOS else 0.2)
    details = {**({"endpoint": head["name"]} if head.get("name", name) != name else {}), **({"role": role} if role else {})}
    label = f"{name}: {_headline(rows)}"
    return _folded("Estimate", study, rows, label, details | _few(figures), weight)


def _telling(row: Row) -> tuple[bool, int, tuple[int, str], str]:
    measure = row["measure"]
    partial = any(row.get(key) for key in ("subgroup", "category"))
    return partial, _MEASURES.index(measure) if measure in _MEASURES else len(_MEASURES), _side(row), row["s"]


def _name(rows: list[Row]) -> str:
    said = [text for row in rows for text in (row.get("short"), row.get("endpointText"), row.get("name")) if text]
    return min(said, key=lambda text: (len(text), text)) if said else "Outcome"


def _headline(rows: list[Row]) -> str:
    head = rows[0]
    if head["measure"] in _RATIOS:
        return _figure(head)
    alike = [
        row
        for row in rows
        if all(row.get(k) == head.get(k) for k in ("measure", "unit", "subgroup", "category", "timepoint")) and _value(row)
    ]
    sides = list({row.get("arm", ""): _value(row) for row in alike if not row.get("reference")}.values())
    return _versus(sides) or _figure(head) or head["measure"].replace("-", " ")


def _versus(values: list[str]) -> str:
    """Two or three arms side by side, the unit once.

    >>> _versus(["11.1 months", "5.9 months"])
    '11.1 vs 5.9 months'
    """
    if not values or len(values) > 3:
        return ""
    units = {value.partition(" ")[2] for value in values}
    if len(units) == 1 and values[0][0].isdigit() and (unit := units.pop()):
        return f"{' vs '.join(value.partition(' ')[0] for value in values)} {unit}"
    return " vs ".join(values)


def _value(row: Row) -> str:
    if "mark" in row:
        return _MARKS.get(row["mark"], row["mark"])
    value, unit = row.get("valueText") or row.get("value") or "", row.get("unit", "")
    if not value or unit in {"", "ratio"}:
        return value
    return value if value.endswith(unit) else f"{value}%" if unit in {"%", "percent"} else f"{value} {unit}"


def _figure(row: Row) -> str:
    """One figure as a reader writes it: value, interval, P with its sidedness."""
    value = " ".join(part for part in (_RATIOS.get(row["measure"], ""), _value(row)) if part) or row.get("outcomeText", "")
    interval = f" ({row['low']}–{row['high']})" if row.get("low") and row.get("high") else ""
    return value + interval


def _about(row: Row, rows: list[Row]) -> tuple[str, str]:
    """What a figure is of (the term of the details), and what follows the figure (P, confidence level)."""
    sides = " vs ".join(filter(None, (_arm(row), row.get("referenceRegimen") or row.get("referenceLabel"))))
    where = [row.get(key, "") for key in ("subgroup", "category", "timepoint")]
    measure = row["measure"].replace("-", " ")
    p = f"P {row['p']}" if row.get("p") and not row["p"].strip().casefold().startswith("p") else row.get("p", "")
    tail = [p, _SIDES.get(row.get("sides", ""), "") if p else "", f"n = {row['n']}" if row.get("n") else ""]
    return ", ".join(part for part in (measure, sides, *where) if part), "; ".join(part for part in tail if part)


def _few(figures: list[tuple[tuple[str, str], str]]) -> dict[str, str]:
    details: dict[str, str] = {}
    for (about, tail), figure in figures[:MOST_FIGURES]:
        text = "; ".join(part for part in (figure, tail) if part)
        details[about] = f"{details[about]} | {text}" if details.get(about) not in (None, text) else text
    if len(figures) > MOST_FIGURES:
        details["further figures"] = str(len(figures) - MOST_FIGURES)
    return details


# ---- adverse events --------------------------------------------------------------------------------------------------------------


def _adverse_event(study: str, rows: list[Row]) -> Folded:
    rows = sorted(rows, key=lambda row: (_grade(row), _side(row), row["s"]))
    grade = rows[0].get("grade", "")
    alike = {row.get("arm", ""): _rate(row) for row in rows if row.get("grade", "") == grade}
    name = rows[0].get("name") or rows[0].get("endpointText") or "Adverse event"
    plain = grade in {"", "any"} or grade in name.casefold()
    said = name[:1].upper() + name[1:] + ("" if plain else f", {_graded(grade)}:")
    figures = [((", ".join(filter(None, (_graded(row.get("grade", "")), _arm(row)))) or "rate", _counted(row)), _rate(row)) for row in rows]
    most = max(_percent(row) for row in rows)
    return _folded("AdverseEventRate", study, rows, f"{said} {' vs '.join(list(alike.values())[:3])}", _few(figures), 1 - most / 100)


def _grade(row: Row) -> tuple[int, str]:
    grade = row.get("grade", "")
    return _GRADES.index(grade) if grade in _GRADES else len(_GRADES), grade


def _graded(grade: str) -> str:
    """A grade in words.

    >>> _graded(">=3"), _graded("serious"), _graded("other")
    ('grade ≥3', 'serious', 'not serious')
    """
    grade = {"other": "not serious"}.get(grade, grade.replace(">=", "≥"))
    return f"grade {grade}" if any(sign.isdigit() for sign in grade) else "any grade" if grade == "any" else grade


def _percent(row: Row) -> float:
    """For the order only: stated, or count by participants."""
    if row.get("percent"):
        return float(row["percent"])
    return 100 * float(row["count"]) / float(row["n"]) if row.get("count") and float(row.get("n") or 0) else 0.0


def _rate(row: Row) -> str:
    if row.get("percent"):
        return f"{(row.get('valueText') or row['percent']).removesuffix('%')}%"
    return f"{row['count']}/{row['n']}" if row.get("count") and row.get("n") else row.get("count") or row.get("valueText") or "not given"


def _counted(row: Row) -> str:
    return f"{row['count']} of {row['n']}" if row.get("percent") and row.get("count") and row.get("n") else ""


# ---- both ------------------------------------------------------------------------------------------------------------------------


def _arm(row: Row) -> str:
    return row.get("armRegimen") or row.get("armLabel") or ""


def _side(row: Row) -> tuple[int, str]:
    """Experimental arms before comparators; where no role is given, by label."""
    role = row.get("armRole", "").replace("_", " ").casefold()
    return _ROLES.index(role) if role in _ROLES else _ROLES.index(""), row.get("armLabel", "")


def _folded(kind: str, study: str, rows: list[Row], label: str, details: dict[str, str], weight: float) -> Folded:
    return Folded(rows[0]["s"], kind, study, label, details, tuple(row["s"] for row in rows), weight)
