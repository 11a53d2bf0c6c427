"""Figures folded into cards: one outcome a study and endpoint, one adverse event a study and event, one dosing a study and agent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from textwrap import shorten
from typing import NamedTuple

Row = Mapping[str, str]
MOST_FIGURES = 20  # shown on one card; the rest is counted

_COMMON = """
  OPTIONAL { ?s kg:arm ?arm . ?arm rdfs:label ?armLabel . OPTIONAL { ?arm kg:armRole ?armRole }
    OPTIONAL { ?arm kg:regimenText ?armRegimen } }
  OPTIONAL { ?s kg:statedIn ?record } OPTIONAL { ?s kg:statedIn/dcterms:title ?title }
  OPTIONAL { ?s kg:valueText ?valueText } OPTIONAL { ?s kg:n ?n }"""
ESTIMATES = f"""
SELECT ?s ?study ?endpoint ?arm ?name ?short ?endpointText ?measure ?value ?valueText ?mark ?unit ?low ?high ?level ?p ?sides
       ?armLabel ?armRole ?armRegimen ?reference ?referenceLabel ?referenceRegimen ?subgroup ?timepoint ?category ?outcomeText ?role
       ?n ?record ?title
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
SELECT ?s ?study ?endpoint ?arm ?name ?endpointText ?grade ?percent ?valueText ?count ?armLabel ?armRole ?armRegimen ?n ?record ?title
WHERE {{
  ?s kg:ofStudy ?study . FILTER EXISTS {{ ?s a kg:AdverseEventRate }}
  OPTIONAL {{ ?s kg:adverseEvent ?endpoint . ?endpoint rdfs:label ?name }} OPTIONAL {{ ?s kg:adverseEventText ?endpointText }}
  OPTIONAL {{ ?s kg:grade ?grade }} OPTIONAL {{ ?s kg:percent ?percent }} OPTIONAL {{ ?s kg:count ?count }}
{_COMMON}
}}"""

# By endpoint or event it must be required: what stands in an OPTIONAL does not narrow a query, even when bound.
DOSES = """
SELECT ?s ?study ?endpoint ?arm ?name ?endpointText ?dose ?route ?schedule ?armLabel ?armRegimen ?record ?title
WHERE {
  ?s kg:ofStudy ?study ; kg:agentText ?endpointText . FILTER EXISTS { ?s a kg:DoseSchedule }
  OPTIONAL { ?s kg:agent ?endpoint . ?endpoint rdfs:label ?name }
  OPTIONAL { ?s kg:doseOf ?arm . ?arm rdfs:label ?armLabel . OPTIONAL { ?arm kg:regimenText ?armRegimen } }
  OPTIONAL { ?s kg:statedIn ?record } OPTIONAL { ?s kg:statedIn/dcterms:title ?title }
  OPTIONAL { ?s kg:dose ?dose } OPTIONAL { ?s kg:route ?route } OPTIONAL { ?s kg:schedule ?schedule }
}"""
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
    about: str  # IRI of the endpoint, event or agent; "" where the name was linked to nothing
    label: str
    details: dict[str, str]
    members: tuple[str, ...]
    weight: float  # smaller is more telling among the cards of its study


def references_of(rows: Iterable[Row]) -> frozenset[str]:
    """The arms that others are compared with: they stand second."""
    return frozenset(row["reference"] for row in rows if row.get("reference"))


def fold_estimates(rows: Iterable[Row]) -> list[Folded]:
    """Outcome cards of some estimates: "PFS: HR 0.57 (0.44–0.73)", all figures in the details, most telling first."""
    rows = list(rows)
    return _cards(_outcome, rows, references_of(rows))


def fold_rates(rows: Iterable[Row], references: frozenset[str] = frozenset()) -> list[Folded]:
    """Adverse-event cards of some rates: "Neutropenia 52% vs 36%", every grade in the details, most frequent first."""
    return _cards(_adverse_event, rows, references)


def fold_doses(rows: Iterable[Row], references: frozenset[str] = frozenset()) -> list[Folded]:
    """Dosing cards: "isatuximab 10 mg/kg", route and schedule of each arm in the details."""
    return _cards(_dosing, rows, references)


def _cards(fold: Callable[[str, list[Row]], Folded], rows: Iterable[Row], references: frozenset[str]) -> list[Folded]:
    """One card a study and name. Each statement counts once (its first row); experimental arms stand first."""
    ordered = sorted(rows, key=lambda row: sorted(row.items()))
    once = {row["s"]: {**row, "side": _side(row, references)} for row in reversed(ordered)}.values()
    grouped = groupby(sorted(once, key=lambda row: (*_key(row), row["s"])), _key)
    return sorted((fold(study, list(group)) for (study, _), group in grouped), key=lambda card: (card.weight, card.label, card.id))


def _key(row: Row) -> tuple[str, str]:
    return row["study"], row.get("endpoint") or row.get("endpointText", "").casefold()


# ---- outcomes --------------------------------------------------------------------------------------------------------------------


def _outcome(study: str, rows: list[Row]) -> Folded:
    rows = sorted(rows, key=_telling)
    head = rows[0]
    name = _name(rows)
    figures = [(_about(row), _joined(_figure(row), _tail(row)), row) for row in rows]
    role = next((row["role"] for row in rows if row.get("role") in {"primary", "secondary"}), "")
    weight = {"primary": 0.0, "secondary": 0.2}.get(role, 0.3) + (0.0 if head["measure"] in _RATIOS else 0.2)
    details = {**({"endpoint": head["name"]} if head.get("name", name) != name else {}), **({"role": role} if role else {})}
    label = f"{name}: {_headline(rows)}"
    return _folded("Estimate", study, rows, label, details | _few(figures), weight)


def _telling(row: Row) -> tuple[bool, int, str, str]:
    measure = row["measure"]
    partial = any(row.get(key) for key in ("subgroup", "category"))
    return partial, _MEASURES.index(measure) if measure in _MEASURES else len(_MEASURES), row["side"], row["s"]


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
    sides = _sides([row for row in alike if not row.get("reference")], _value)
    return _versus(sides) or _figure(head) or head["measure"].replace("-", " ")


def _sides(rows: list[Row], figure: Callable[[Row], str]) -> list[str]:
    """The figure of each arm, of the one record that tells of most arms: arms of different records are never set side by side."""
    records: dict[str, dict[str, str]] = {}
    for row in rows:
        records.setdefault(row.get("record", ""), {}).setdefault(row.get("arm", ""), figure(row))
    return list(max(records.values(), key=len).values()) if records else []


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


def _about(row: Row) -> str:
    """What a figure is of: the term of the details."""
    sides = " vs ".join(filter(None, (_arm(row), row.get("referenceRegimen") or row.get("referenceLabel"))))
    parts = (row["measure"].replace("-", " "), sides, *(row.get(key) for key in ("subgroup", "category", "timepoint")))
    return ", ".join(part for part in parts if part)


def _tail(row: Row) -> str:
    """What follows a figure: P with its sidedness, and how many were counted."""
    p = row.get("p", "").strip()
    said = p if not p or p.casefold().startswith("p") else f"P = {p}" if p[0] in ".0123456789" else f"P {p}"
    tail = (said, _SIDES.get(row.get("sides", ""), "") if p else "", f"n = {row['n']}" if row.get("n") else "")
    return "; ".join(part for part in tail if part)


def _few(figures: list[tuple[str, str, Row]]) -> dict[str, str]:
    """Details of a card from term, figure and row: what several records say in the same words stands once, with who says it."""
    several = len({row.get("record") for *_, row in figures}) > 1
    terms: dict[str, tuple[str, dict[str, list[str]]]] = {}
    for term, figure, row in figures[:MOST_FIGURES]:
        by = shorten(row.get("title") or row.get("record", "").rpartition("/record/")[2], 60, placeholder="…")
        terms.setdefault(term.casefold(), (term, {}))[1].setdefault(figure, []).append(by)
    details = {term: "\n".join(_line(figure, told if several else []) for figure, told in said.items()) for term, said in terms.values()}
    if len(figures) > MOST_FIGURES:
        details["further figures"] = str(len(figures) - MOST_FIGURES)
    return details


def _line(figure: str, told: list[str]) -> str:
    records = list(dict.fromkeys(told))
    return figure + (f" ({records[0] if len(records) == 1 else f'{len(records)} records'})" if records else "")


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


# ---- adverse events --------------------------------------------------------------------------------------------------------------


def _adverse_event(study: str, rows: list[Row]) -> Folded:
    rows = sorted(rows, key=lambda row: (_grade(row), row["side"], row["s"]))
    grade = rows[0].get("grade", "")
    sides = _sides([row for row in rows if row.get("grade", "") == grade], _rate)
    name = rows[0].get("name") or rows[0].get("endpointText") or "Adverse event"
    plain = grade in {"", "any"} or grade in name.casefold()
    said = name[:1].upper() + name[1:] + ("" if plain else f", {_graded(grade)}:")
    terms = [", ".join(filter(None, (_graded(row.get("grade", "")), _arm(row)))) or "rate" for row in rows]
    figures = [(term, _joined(_rate(row), _counted(row)), row) for term, row in zip(terms, rows, strict=True)]
    most = max(_percent(row) for row in rows)
    return _folded("AdverseEventRate", study, rows, f"{said} {' vs '.join(sides[:3])}", _few(figures), 1 - most / 100)


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


# ---- dosing ----------------------------------------------------------------------------------------------------------------------


def _dosing(study: str, rows: list[Row]) -> Folded:
    rows = sorted(rows, key=lambda row: ("dose" not in row, row["side"], row["s"]))
    name = rows[0].get("name") or rows[0]["endpointText"]
    plans = [", ".join(row[key] for key in ("dose", "route", "schedule") if row.get(key)) for row in rows]
    figures = [(_arm(row) or "dose", plan, row) for row, plan in zip(rows, plans, strict=True)]
    label = " ".join((name, rows[0].get("dose") or rows[0].get("route") or "")).strip()
    return _folded("DoseSchedule", study, rows, label, _few(figures), 0.5)


# ---- both ------------------------------------------------------------------------------------------------------------------------


def _arm(row: Row) -> str:
    return row.get("armRegimen") or row.get("armLabel") or ""


def _side(row: Row, references: frozenset[str]) -> str:
    """Sorts experimental arms before comparators: by role, else by what is compared with what, then the arm of more agents."""
    role = row.get("armRole", "").replace("_", " ").casefold()
    rank = _ROLES.index(role) if role in _ROLES else _ROLES.index("")
    agents = row.get("armRegimen", "").count(" + ")
    return f"{rank} {row.get('arm') in references:d} {99 - agents:02} {row.get('armLabel', '')}"


def _folded(kind: str, study: str, rows: list[Row], label: str, details: dict[str, str], weight: float) -> Folded:
    return Folded(rows[0]["s"], kind, study, rows[0].get("endpoint", ""), label, details, tuple(row["s"] for row in rows), weight)
