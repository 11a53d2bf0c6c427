"""Where statements meet: events and findings, from key lines."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest

from kg_build.meetings import equal_as_printed, meet
from kg_build.rdf.keys import ArmKey, EventKey, FindingKey, Keys, StudyKey, blocks

BASE = "https://w3id.org/kg-build/id/"
TRIPLET = ("dexamethasone", "isatuximab", "pomalidomide")


def decision(record: str, **slots: object) -> EventKey:
    defaults: dict[str, object] = {
        "statement": f"{BASE}decision/{record}/1",
        "record": record,
        "label": "approved",
        "known": "2020-03-05",
        "family": "grant",
        "status": "approved",
        "jurisdiction": "us",
        "regulator": "fda",
        "agents": TRIPLET,
        "condition": "multiple-myeloma",
    }
    return EventKey(**{**defaults, **slots})  # type: ignore[arg-type]


def estimate(record: str, **slots: object) -> FindingKey:
    defaults: dict[str, object] = {
        "statement": f"{BASE}estimate/{record}/1",
        "record": record,
        "label": "PFS hazard ratio",
        "study": "NCT02990338",
        "endpoint": "pfs",
        "measure": "hazard-ratio",
        "arms": ("isa-pd", "pd"),
        "value": "0.57",
    }
    return FindingKey(**{**defaults, **slots})  # type: ignore[arg-type]


def quads(keys: list[Keys]) -> list[str]:
    lines = [(block, key) for key in keys for block in blocks(key)]
    return list(meet(sorted(lines, key=lambda pair: (pair[0], pair[1].statement))))


def groups(keys: list[Keys]) -> set[frozenset[str]]:
    """Records by the event or finding that their statements report."""
    found: dict[str, set[str]] = defaultdict(set)
    records = {key.statement: key.record for key in keys}
    for quad in quads(keys):
        subject, predicate, obj = quad.split(" ", 3)[:3]
        if predicate.endswith("#reports>"):
            found[obj].add(records[subject[1:-1]])
    return {frozenset(group) for group in found.values()}


def conflicts(keys: list[Keys]) -> list[str]:
    return [quad.split('"')[1] for quad in quads(keys) if "#explanation>" in quad]


def together(*records: str) -> set[frozenset[str]]:
    return {frozenset(records)}


def apart(*records: str) -> set[frozenset[str]]:
    return {frozenset([record]) for record in records}


def test_article_registry_and_notice_of_one_approval_are_one_event() -> None:
    article = decision("article.1", date="2020-03-02")
    notice = decision("notice.1", announced="2020-03-03")
    registry = decision(
        "drugsfda.761113", agents=("isatuximab",), condition=None, date="2020-03-02", application="761113", submission="ORIG-1"
    )
    assert groups([article, notice, registry]) == together("article.1", "notice.1", "drugsfda.761113")


def test_events_are_named_by_application_and_submission_where_known() -> None:
    registry = decision(
        "drugsfda.761113", agents=("isatuximab",), condition=None, date="2020-03-02", application="761113", submission="ORIG-1"
    )
    named = [quad for quad in quads([decision("article.1", date="2020-03-02"), registry]) if "#RegulatoryEvent>" in quad]
    assert named[0].startswith(f"<{BASE}regulatory-event/fda.761113/ORIG-1>")


def test_an_opinion_never_meets_the_decision() -> None:
    opinion = decision("a", family="opinion", status="positive-opinion", jurisdiction="eu", regulator="ema", date="2020-03-26")
    grant = decision("b", jurisdiction="eu", regulator="ec", date="2020-05-30")
    assert groups([opinion, grant]) == apart("a", "b")
    assert any(f"<{BASE}decision/b/1> " in quad and "#follows>" in quad and "decision/a/1" in quad for quad in quads([opinion, grant]))


def test_two_same_day_supplements_of_one_agent_stay_apart() -> None:
    first = decision("x", condition=None, date="2019-01-05", application="761036", submission="SUPPL-5")
    second = decision("y", condition=None, date="2019-01-05", application="761036", submission="SUPPL-6")
    assert groups([first, second]) == apart("x", "y")


@pytest.mark.parametrize(
    ("change", "meets"),
    [
        ({}, True),
        ({"date": "2020-03-05"}, True),
        ({"date": "2020-03-06"}, False),
        ({"date": "2020-03"}, True),
        ({"date": "2020-04"}, False),
        ({"date": None, "announced": "2020-03-16"}, True),
        ({"date": None, "announced": "2020-03-17"}, False),
        ({"date": None, "known": "2020-04-30"}, True),
        ({"date": None, "known": "2020-05-02"}, True),
        ({"date": None, "known": None}, True),
        ({"date": None, "known": "2020-03-01"}, False),
        ({"date": None, "condition": None, "known": "2020-04-30"}, True),
        ({"date": None, "condition": None, "known": "2020-05-02"}, False),
        ({"date": None, "condition": "rrmm", "ancestors": ("multiple-myeloma",), "known": "2021-01-01"}, False),
        ({"agents": ("isatuximab",)}, False),
        ({"agents": ("isatuximab",), "condition": None}, True),
        ({"condition": "plasma-cell-neoplasm", "ancestors": ()}, False),
        ({"condition": "rrmm", "ancestors": ("multiple-myeloma",)}, True),
        ({"jurisdiction": "ca", "regulator": "health-canada"}, False),
        ({"family": "refusal", "status": "complete-response"}, False),
        ({"settings": ("newly-diagnosed",)}, True),
        ({"populations": ("pediatric",)}, True),
    ],
)
def test_what_keeps_a_second_statement_apart(change: dict[str, object], meets: bool) -> None:
    keys: list[Keys] = [decision("a", date="2020-03-02"), decision("b", **{"date": "2020-03-02", **change})]
    assert groups(keys) == (together("a", "b") if meets else apart("a", "b"))


def test_an_undated_statement_joins_nothing_when_two_could_be_meant() -> None:
    keys: list[Keys] = [
        decision("a", date="2020-03-02", prior_lines=1),
        decision("b", date="2020-03-20", prior_lines=2),
        decision("c", date=None, known="2020-04-01"),
    ]
    assert groups(keys) == apart("a", "b", "c")


def test_one_contradiction_at_the_same_date_is_a_conflict_and_two_keep_apart() -> None:
    a = decision("a", date="2020-03-02", prior_lines=1)
    b = decision("b", date="2020-03-02", prior_lines=2)
    assert groups([a, b]) == together("a", "b")
    assert conflicts([a, b]) == ["prior lines: 1 / 2"]
    c = decision("c", date="2020-03-12", prior_lines=2)
    assert groups([a, c]) == apart("a", "c")


def test_adults_and_children_of_one_day_are_in_conflict_or_apart() -> None:
    adults, children = (
        decision("a", date="2020-03-02", populations=("adult",)),
        decision("b", date="2020-03-03", populations=("pediatric",)),
    )
    assert groups([adults, children]) == apart("a", "b")
    other_line = decision("c", date="2020-03-02", populations=("pediatric",), prior_lines=2)
    assert groups([decision("a", date="2020-03-02", populations=("adult",), prior_lines=1), other_line]) == apart("a", "c")


def test_what_is_unknown_meets_nothing() -> None:
    assert groups([decision("a", agents=(), date="2020-03-02"), decision("b", agents=(), date="2020-03-02")]) == apart("a", "b")
    nobody = {"regulator": None, "jurisdiction": None, "date": "2020-03-02"}
    assert groups([decision("a", **nobody), decision("b", **nobody)]) == apart("a", "b")


def test_two_opinions_are_never_one() -> None:
    shared = {"family": "opinion", "regulator": "ema", "jurisdiction": "eu", "date": "2020-03-26"}
    assert groups([decision("a", status="positive-opinion", **shared), decision("b", status="negative-opinion", **shared)]) == apart(
        "a", "b"
    )


def test_a_retold_approval_without_a_date_follows_nothing() -> None:
    review = decision("a", family="review", status="submitted", date="2022-05-01")
    retold = decision("b", date=None, known="2022-06-15")
    assert not [quad for quad in quads([review, retold]) if "#follows>" in quad]


def test_a_record_meets_itself_only_where_it_says_one_thing_twice() -> None:
    once = decision("a", date="2020-03-02")
    twice, other = (decision("a", date="2020-03-02", statement=f"{BASE}decision/a/2", **slots) for slots in ({}, {"prior_lines": 2}))
    assert len([quad for quad in quads([once, twice]) if "#RegulatoryEvent>" in quad]) == 1
    assert len([quad for quad in quads([once, other]) if "#RegulatoryEvent>" in quad]) == 2


def test_clusters_are_cliques() -> None:
    first, between, last = (decision(name, date=f"2020-03-{day}") for name, day in (("a", "02"), ("b", "05"), ("c", "08")))
    assert groups([first, between, last]) == {frozenset({"a", "b"}), frozenset({"c"})}


def test_the_order_of_arrival_does_not_matter() -> None:
    keys: list[Keys] = [
        decision("a", date="2020-03-02"),
        decision("b", date=None, announced="2020-03-04"),
        decision("c", date="2020-03-02", application="761113", submission="ORIG-1", agents=("isatuximab",), condition=None),
        estimate("a"),
        estimate("b", value="0.566"),
    ]
    expected = sorted(quads(keys))
    for order in itertools.permutations(keys):
        assert sorted(quads(list(order))) == expected


def test_removing_a_record_removes_what_it_reported_and_nothing_else() -> None:
    a, b, other = decision("a", date="2020-03-02"), decision("b", date="2020-03-02"), estimate("c")
    without = quads([a, other])
    assert not [quad for quad in without if "decision/b" in quad]
    assert {quad for quad in quads([a, b, other]) if "estimate/c" in quad} == {quad for quad in without if "estimate/c" in quad}


def test_a_conversion_and_a_withdrawal_point_back() -> None:
    granted = decision("a", status="accelerated-approval", date="2019-01-01")
    converted = decision("b", change="conversion", date="2021-01-01")
    withdrawn = decision("c", family="withdrawal", status="withdrawn", date="2022-01-01")
    found = {
        quad.split(" ")[0][-3:-1] + quad.split("#")[1].split(">")[0]
        for quad in quads([granted, converted, withdrawn])
        if "/decision/" in quad
    }
    assert {"/1converts", "/1withdraws"} <= found


# ---- findings ------------------------------------------------------------------------------------------------------------------


def test_the_same_figure_at_another_precision_is_corroborated() -> None:
    keys: list[Keys] = [estimate("a", value="0.57"), estimate("b", value="0.566")]
    assert groups(keys) == together("a", "b")
    assert any("#corroborates>" in quad for quad in quads(keys))
    assert conflicts(keys) == []


@pytest.mark.parametrize(
    ("change", "meets"),
    [
        ({"assessor": "independent"}, True),
        ({"population": "China"}, True),
        ({"arms": ("isa-pd", "")}, True),
        ({"arms": ("isa-kd", "kd")}, False),
        ({"endpoint": "os"}, False),
        ({"measure": "median"}, False),
        ({"study": "NCT03275285"}, False),
    ],
)
def test_slots_of_a_figure_are_equal_or_missing(change: dict[str, object], meets: bool) -> None:
    keys: list[Keys] = [estimate("a"), estimate("b", **change)]
    assert groups(keys) == (together("a", "b") if meets else apart("a", "b"))


def test_different_assessors_and_cut_offs_are_different_findings() -> None:
    assert groups([estimate("a", assessor="investigator"), estimate("b", assessor="independent")]) == apart("a", "b")
    assert groups([estimate("a", cut_off="2018-10"), estimate("b", cut_off="2020-10")]) == apart("a", "b")


def test_figures_contradict_where_nothing_told_on_one_side_explains_them() -> None:
    assert conflicts([estimate("a", cut_off="2018-10"), estimate("b", cut_off="2018-10", value="0.61")]) == ["value: 0.57 / 0.61"]
    assert conflicts([estimate("a"), estimate("b", value="0.61")]) == ["value: 0.57 / 0.61"]


@pytest.mark.parametrize(
    "change",
    [
        {"cut_off": "2020-10"},
        {"cut_off": "43.1 months of follow-up"},
        {"assessor": "investigator"},
        {"population": "China"},
        {"timepoint": "12 months"},
        {"arms": ("isa-pd", "")},
    ],
)
def test_what_one_side_tells_alone_may_explain_another_figure(change: dict[str, object]) -> None:
    keys: list[Keys] = [estimate("a"), estimate("b", value="0.61", **change)]
    assert conflicts(keys) == []
    assert groups(keys) == together("a", "b")
    assert any("#differsFrom>" in quad for quad in quads(keys))


def test_a_figure_that_two_of_a_record_may_mean_contradicts_none() -> None:
    rows = [estimate("b", value=value, statement=f"{BASE}estimate/b/{n}") for n, value in ((1, "0.61"), (2, "0.63"))]
    assert conflicts([estimate("a"), *rows]) == []


def test_of_several_figures_that_fit_the_equal_one_is_meant() -> None:
    rows = [estimate("b", value=value, statement=f"{BASE}estimate/b/{n}") for n, value in ((1, "0.61"), (2, "0.566"))]
    met = [quad for quad in quads([estimate("a"), *rows]) if "#corroborates>" in quad]
    assert len(met) == 1 and "/b/2>" in met[0]


def test_a_ratio_with_its_arms_turned_around_never_contradicts() -> None:
    for value in ("0.57", "1.75"):
        keys: list[Keys] = [estimate("a"), estimate("b", arms=("pd", "isa-pd"), value=value)]
        assert groups(keys) == together("a", "b")
        assert conflicts(keys) == []
    assert groups([estimate("a", measure="median"), estimate("b", measure="median", arms=("pd", "isa-pd"))]) == apart("a", "b")


def test_figures_told_of_each_others_arms_are_noted_and_no_conflict() -> None:
    rows = [
        estimate(record, measure="median", arms=(arm_,), value=value, statement=f"{BASE}estimate/{record}/{arm_}")
        for record, values in (("a", ("11.5", "6.5")), ("b", ("6.5", "11.5")))
        for arm_, value in zip(("isa-pd", "pd"), values, strict=True)
    ]
    assert conflicts(list(rows)) == []
    assert len([quad for quad in quads(list(rows)) if "#differsFrom>" in quad]) == 2


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("63", "62.9", True),
        ("0.735", "0.74", True),
        ("NR", "nr", True),
        ("5", "6", False),
        ("1,200", "1200", True),
        ("nan", "5", False),
        ("1" * 40, "5", False),
    ],
)
def test_precision(a: str, b: str, equal: bool) -> None:
    assert equal_as_printed(a, b) is equal


def arm(name: str, regimen: str, registered: bool = True, **slots: object) -> ArmKey:
    agents = tuple(sorted(regimen.split("+"))) if regimen not in {"inactive", ""} else ()
    defaults: dict[str, object] = {"record": "registry" if registered else "text", "agents": agents}
    return ArmKey(
        statement=f"{BASE}arm/{name}",
        label=name,
        study="s",
        regimen=regimen,
        registered=registered,
        **{**defaults, **slots},  # type: ignore[arg-type]
    )


def same(*keys: Keys) -> set[tuple[str, str]]:
    """Arms of texts with the registered arms that they are."""
    found = [quad.split(" ") for quad in quads(list(keys)) if "#sameArm>" in quad]
    return {(parts[0].rpartition("/")[2][:-1], parts[2].rpartition("/")[2][:-1]) for parts in found}


def test_an_arm_of_a_text_is_the_registered_arm_that_alone_has_its_regimen() -> None:
    text = arm("text", "isa+pd", registered=False)
    assert same(text, arm("a", "isa+pd"), arm("b", "pd")) == {("text", "a")}
    assert same(text, arm("a", "isa+pd"), arm("b", "isa+pd")) == set()


def test_arms_are_also_told_by_fewer_agents_as_the_control_or_as_the_last_left() -> None:
    active, control = arm("t1", "isa+pom", registered=False), arm("t2", "inactive", registered=False)
    registered = arm("a", "dex+isa+pom"), arm("b", "dex+pom", control=True)
    assert same(active, *registered) == {("t1", "a")}
    assert same(active, control, *registered) == {("t1", "a"), ("t2", "b")}
    assert same(active, arm("t2", "", registered=False), *registered) == {("t1", "a"), ("t2", "b")}
    assert same(active, arm("t2", "len", registered=False), *registered) == {("t1", "a")}


def test_placebo_alone_is_the_arm_with_a_placebo_and_pieces_are_one_arm() -> None:
    registered = arm("a", "dex+isa+pom"), arm("b", "dex+pom", placebo=True)
    cut = arm("t1", "dex+pom", registered=False), arm("t2", "inactive", registered=False, placebo=True)
    assert same(*cut, *registered) == {("t1", "a"), ("t2", "b")}
    pieces = arm("t1", "isa", registered=False), arm("t2", "dex+pom", registered=False)
    assert same(*pieces, arm("a", "dex+isa+pom"), arm("b", "len")) == {("t1", "a"), ("t2", "a")}


def test_figures_meet_by_their_arms_whatever_the_regimens_are_called() -> None:
    arms: list[Keys] = [arm("t1", "isa+pom", registered=False), arm("a", "dex+isa+pom"), arm("b", "dex+pom")]
    sides = {"measure": "median"}
    told = estimate("t", arms=("isa+pom",), sides=(f"{BASE}arm/t1",), value="11.5", **sides)
    rows = [
        estimate(
            "r", registered=True, arms=(regimen,), sides=(f"{BASE}arm/{name}",), value=value, statement=f"{BASE}estimate/r/{name}", **sides
        )
        for name, regimen, value in (("a", "dex+isa+pom", "11.53"), ("b", "dex+pom", "6.47"))
    ]
    met = [quad for quad in quads([*arms, told, *rows]) if "#corroborates>" in quad]
    assert len(met) == 1 and "/r/a>" in met[0]


# ---- acts ----------------------------------------------------------------------------------------------------------------------


def first_approval(record: str, **slots: object) -> EventKey:
    """A registry's row on a medicine as such."""
    return decision(record, agents=("isatuximab",), condition=None, date="2020-03-02", **slots)


def test_two_accounts_of_one_submission_are_one_act_and_two_dossiers_are_two() -> None:
    old = first_approval("drugsfda/1", application="761113", submission="ORIG-1")
    assert groups([old, first_approval("openfda/1", application="761113", submission="ORIG-1")]) == together("drugsfda/1", "openfda/1")
    assert groups([old, first_approval("openfda/2", application="761114", submission="ORIG-1")]) == apart("drugsfda/1", "openfda/2")
    assert groups([old, first_approval("purplebook/2", application="761114")]) == apart("drugsfda/1", "purplebook/2")


def test_what_registries_list_under_two_brands_are_two_acts() -> None:
    one = first_approval("health_canada/1", brands=("sarclisa",), holder="sanofi")
    assert groups([one, first_approval("health_canada/2", brands=("sarclisa",), holder="sanofi")]) == together(
        "health_canada/1", "health_canada/2"
    )
    for other in ({"brands": ("isatuximab sandoz",), "holder": "sandoz"}, {"brands": ("sarclisa",), "holder": "sandoz"}, {}):
        assert groups([one, first_approval("health_canada/2", **other)]) == apart("health_canada/1", "health_canada/2")


def test_a_country_alone_and_a_body_of_it_are_one_authority_but_not_who_assesses_its_acts() -> None:
    fda = decision("a", date="2020-03-02", body="authority")
    assert groups([fda, decision("b", date="2020-03-02", body="authority", regulator=None)]) == together("a", "b")
    assert groups([fda, decision("b", date="2020-03-02", body="icer", regulator="icer")]) == apart("a", "b")


def test_the_agency_said_for_the_commission_is_the_grant_and_the_event_is_the_commissions() -> None:
    loose, precise = (decision(who, date="2020-05-30", jurisdiction="eu", regulator=who, body="authority") for who in ("ema", "ec"))
    assert groups([loose, precise]) == together("ema", "ec")
    assert [quad for quad in quads([loose, precise]) if "/regulatory-event/" in quad.split(" ")[0] and "id/regulator/ec>" in quad]


def test_a_first_approval_reports_each_use_of_its_day() -> None:
    uses = [decision("orphan/1", agents=("isatuximab",), condition=c, date="2020-03-02", statement=f"{BASE}decision/o/{c}") for c in "xy"]
    both = [quad for quad in quads([first_approval("purplebook/1"), *uses]) if "#reports>" in quad]
    assert len(both) == 4 and len([quad for quad in both if "decision/purplebook/1/1>" in quad]) == 2


def test_an_undated_statement_joins_the_one_act_on_its_use() -> None:
    first = decision("a", date="2020-03-02", settings=("relapsed-or-refractory",))
    later = decision("b", date="2021-03-31", settings=("newly-diagnosed",))
    label = decision("c", date=None, known="2024-01-01", settings=("newly-diagnosed",))
    assert groups([first, later, label]) == {frozenset({"a"}), frozenset({"b", "c"})}
    assert groups([decision("a", date="2020-03-02"), decision("b", date="2021-03-31"), label]) == apart("a", "b", "c")


def test_an_accelerated_approval_retold_is_not_the_regular_one_that_followed() -> None:
    accelerated, regular = decision("a", date="2020-05-06", status="accelerated-approval"), decision("b", date="2022-08-10")
    retold = decision("c", date=None, known="2023-01-01", status="accelerated-approval")
    assert groups([accelerated, regular, retold]) == {frozenset({"a", "c"}), frozenset({"b"})}


@pytest.mark.parametrize(
    ("change", "meets"),
    [
        ({"agents": ("isatuximab", "pomalidomide")}, True),
        ({"agents": ("isatuximab", "class:chemotherapy")}, True),
        ({"agents": ("isatuximab", "pomalidomide"), "lead": "pomalidomide"}, False),
        ({"agents": ("isatuximab", "pomalidomide"), "condition": "rrmm", "ancestors": ("multiple-myeloma",)}, False),
    ],
)
def test_fewer_agents_told_of_the_same_use_and_day(change: dict[str, object], meets: bool) -> None:
    keys: list[Keys] = [
        decision("a", date="2020-03-02", lead="isatuximab"),
        decision("b", **{"date": "2020-03-02", "lead": "isatuximab", **change}),
    ]
    assert groups(keys) == (together("a", "b") if meets else apart("a", "b"))


def test_a_supplement_on_the_partner_is_not_the_approval_of_the_medicine() -> None:
    told = decision("a", date="2020-03-02", lead="isatuximab")
    partner = decision(
        "drugsfda/1", agents=("pomalidomide",), condition=None, date="2020-03-02", application="204026", submission="SUPPL-9"
    )
    assert groups([told, partner]) == apart("a", "drugsfda/1")


def test_designations_and_withdrawals_of_two_kinds_are_two_acts() -> None:
    for family, kinds in (("designation", ("orphan", "breakthrough")), ("withdrawal", ("application", "indication"))):
        one, other = (decision(kind, date="2020-03-02", family=family, kind=kind) for kind in kinds)
        assert groups([one, other]) == apart(*kinds)


def test_words_that_can_both_be_true_contradict_nothing() -> None:
    told = {"settings": ("advanced", "unresectable"), "biomarkers": ("claudin 18.2-positive",)}
    also = {"settings": ("metastatic",), "biomarkers": ("CLDN 18.2-positive",)}
    assert conflicts([decision("a", date="2020-03-02", **told), decision("b", date="2020-03-02", **also)]) == []
    unnamed = [decision(name, date="2020-03-02", biomarkers=("mutation",)) for name in "ab"]
    assert conflicts(list(unnamed)) == []


# ---- accounts of a study -------------------------------------------------------------------------------------------------------


def account(record: str, slot: str, value: object, **slots: object) -> StudyKey:
    defaults: dict[str, object] = {"statement": f"{BASE}assertion/{record}/{slot}/{value}", "label": slot, "study": f"{BASE}study/NCT1"}
    return StudyKey(record=record, slot=slot, value=str(value), **{**defaults, **slots})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("slot", "told", "registered", "contradicts"),
    [
        ("phase", "3", "2", True),
        ("phase", "2b", "2", False),
        ("phase", "2", "1/2", False),
        ("enrollment", 307, 312, True),
        ("enrollment", 307, 307, False),
        ("enrollment", 310, 307, False),
        ("enrollment", 150, 307, False),
        ("status", "terminated", "completed", True),
        ("status", "recruiting", "completed", False),
        ("start_date", "2017-01-10", "2017-09-01", True),
        ("start_date", "2017-01-10", "2017-02-01", False),
        ("start_date", "2016", "2017-01", True),
        ("start_date", "2017", "2017-01-10", False),
        ("prior_lines_min", 1, 2, True),
    ],
)
def test_accounts_of_a_study_contradict_only_where_both_cannot_hold(slot: str, told: object, registered: object, contradicts: bool) -> None:
    keys: list[Keys] = [account("a", slot, told), account("b", slot, registered)]
    assert bool(conflicts(keys)) is contradicts


def test_what_may_yet_change_contradicts_nothing() -> None:
    assert conflicts([account("a", "enrollment", 307), account("b", "enrollment", 310, open=True)]) == []
    for first, second, contradicts in (("2019-01-10", "2021-01-10", False), ("2018-01-10", "2019-01-10", True)):
        keys: list[Keys] = [account(record, "completion_date", day, known="2020-06-01") for record, day in (("a", first), ("b", second))]
        assert bool(conflicts(keys)) is contradicts


def test_several_values_of_one_record_contradict_nothing() -> None:
    cohorts = [account("a", "enrollment", n) for n in (120, 187)]
    assert conflicts([*cohorts, account("b", "enrollment", 130)]) == []
