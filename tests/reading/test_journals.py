"""Trial reports in the ways of journals: arms under short names, sizes in brackets, changes of measures, composite outcomes."""

from __future__ import annotations

import pytest

OPENING = "Methods In this phase 3 trial (NCT01234567), patients were randomly assigned (1:1) to velorasib or placebo. "


def _arms(facts):
    return [(arm.regimen, arm.n) for arm in facts.trials[0].arms]


def _figures(facts, *endpoints):
    return {(f.statistic, f.arm or f.comparison, f.value) for f in facts.results if f.endpoint in endpoints}


@pytest.mark.parametrize(
    "sizes",
    [
        "Results 269 patients were enrolled (134 velorasib, 135 placebo).",
        "Findings 269 participants (134 to velorasib, 135 to placebo) were treated.",
        "RESULTS Two hundred sixty-nine patients were randomly assigned (velorasib, n = 134; placebo, n = 135).",
    ],
)
def test_sizes_in_brackets_are_those_of_the_arms(read, sizes):
    assert [n for _, n in _arms(read(OPENING + sizes))] == [134, 135]


def test_one_size_behind_several_regimens_is_that_of_one_arm(read):
    text = (
        "In this phase 3 trial (NCT01234567), 612 patients were randomized to velorasib plus rituximab (n=307) or to bendamustine or "
        "chlorambucil (n=305)."
    )
    assert [(set(regimen), n) for regimen, n in _arms(read(text))] == [
        ({"velorasib", "rituximab"}, 307),
        ({"bendamustine", "chlorambucil"}, 305),
    ]


def test_a_bracket_with_the_word_regimen_names_what_stands_before_it(read):
    text = (
        "Capecitabine plus irinotecan (QXI regimen) compared with 5-FU plus oxaliplatin (FOQ regimen) in colon cancer: a randomised "
        "phase 2 trial. The response rate was 49% in the QXI and 48% in the FOQ arm (p = 0.76)."
    )
    facts = read(text)
    assert {tuple(sorted(regimen)) for regimen, _ in _arms(facts)} == {("capecitabine", "irinotecan"), ("5-FU", "oxaliplatin")}
    assert {f.value for f in facts.results if f.statistic == "rate"} == {49.0, 48.0}


@pytest.mark.parametrize("sham", ["sham", "sham procedure", "sham injection"])
def test_a_sham_is_a_control(read, sham):
    text = f"In this phase 3 trial (NCT01234567), adults were randomly assigned (2:1) to velonersen 60 mg or {sham} every 4 weeks."
    assert _arms(read(text))[1][0] == (sham,)


def test_what_a_text_measures_by_its_change_is_an_endpoint_under_its_own_words(read):
    text = OPENING + (
        "The primary outcome was change from baseline in the QVX score at week 48. Mean change in the QVX score was −10·1 points in the "
        "velorasib group and −12·6 in the placebo group (difference 2·5 [95% CI 0·1 to 4·9], p=0·043)."
    )
    assert _figures(read(text), "QVX score") >= {
        ("mean-change", "A1", -10.1),
        ("mean-change", "A2", -12.6),
        ("difference", ("A1", "A2"), 2.5),
    }


def test_a_primary_outcome_that_occurs_is_the_composite_it_was_defined_to_be(read):
    text = OPENING + (
        "The primary outcome was a composite of stroke and cardiovascular death. A primary outcome event occurred in 8.0% of the patients "
        "in the velorasib group and 9.5% of those in the placebo group (hazard ratio, 0.84; 95% CI, 0.75 to 0.95)."
    )
    facts = read(text)
    assert _figures(facts, "stroke and cardiovascular death") == {
        ("rate", "A1", 8.0), ("rate", "A2", 9.5), ("hazard-ratio", ("A1", "A2"), 0.84),
    }  # fmt: skip


def test_arms_listed_at_the_end_order_all_figures_of_a_sentence(read):
    text = OPENING + (
        "The 5-year cumulative incidence of relapse was 16.5% and 18.2% (P = 0.943), and the 5-year overall survival was 72.3% and 81.9% "
        "(P = 0.177), respectively, in the placebo group and the velorasib group."
    )
    figures = _figures(read(text), "relapse", "OS")
    assert figures >= {("rate", "A2", 16.5), ("rate", "A1", 18.2), ("rate", "A2", 72.3), ("rate", "A1", 81.9)}


def test_arms_may_stand_in_brackets_behind_their_figures(read):
    text = OPENING + "Median overall survival was 15.9 months (placebo) vs 19.9 months (velorasib)."
    assert _figures(read(text), "OS") == {("median", "A2", 15.9), ("median", "A1", 19.9)}


@pytest.mark.parametrize(
    "text, name",
    [
        ("In two phase 3 trials with the same design, QUARREL 1 and QUARREL 2, adults received velorasib or placebo.", "QUARREL 2"),
        ("Randomized Phase III Trial of Velorasib Versus Placebo in Advanced Ovarian Cancer (QUARREL)\n\nPURPOSE Little helps.", "QUARREL"),
    ],
)
def test_names_of_studies_behind_the_word_and_at_the_end_of_a_title(read, text, name):
    assert name in [t.name for t in read(text).trials]


def test_comparisons_of_coordinated_events_are_told_one_by_one(read):
    text = OPENING + (
        "Grade ⩾3 nausea and anorexia were noted more often in the velorasib arm than in the placebo arm "
        "(4.5% vs 0.7%, 3.0% vs 0.2%, respectively)."
    )
    assert {(f.event, f.grade, f.arm, f.percent) for f in read(text).adverse_events} == {
        ("nausea", ">=3", "A1", 4.5), ("nausea", ">=3", "A2", 0.7), ("anorexia", ">=3", "A1", 3.0), ("anorexia", ">=3", "A2", 0.2),
    }  # fmt: skip


def test_one_share_of_participants_in_each_group_is_that_of_every_arm(read):
    facts = read(OPENING + "Serious adverse events were reported in 2.9% of the participants in each group.")
    assert {(f.arm, f.percent) for f in facts.adverse_events} == {("A1", 2.9), ("A2", 2.9)}


def test_registry_numbers_are_told_in_the_order_of_their_studies(read):
    text = (
        "In two phase 3 trials, QUARREL 1 and QUARREL 2, adults were randomly assigned to velorasib or placebo. "
        "(QUARREL 1 and QUARREL 2 ClinicalTrials.gov numbers, NCT01234567 and NCT01234568.)"
    )
    assert {t.name: t.registry_ids for t in read(text).trials} == {"QUARREL 1": ("NCT01234567",), "QUARREL 2": ("NCT01234568",)}


DOSES = (
    "METHODS In this phase 3 trial, we assigned 2539 adults in a 1:1:1:1 ratio to receive once-weekly subcutaneous velotide "
    "({doses}) or placebo for 72 weeks. RESULTS "
)


@pytest.mark.parametrize("doses", ["5 mg, 10 mg, or 15 mg", "5, 10, or 15 mg", "at a dose of 5 mg, 10 mg or 15 mg"])
def test_doses_in_a_bracket_are_arms(read, doses):
    text = DOSES.format(doses=doses) + (
        "The percentage of participants who had a response was 85%, 89%, and 91% with 5 mg, 10 mg, and 15 mg of velotide, respectively, "
        "and 35% with placebo. The response rate at week 72 was 5.0% with 5-mg weekly doses of velotide, 9.5% with 10-mg doses, 20.9% with "
        "15-mg doses and 3.1% with placebo."
    )
    facts = read(text)
    assert [(arm.regimen, arm.label) for arm in facts.trials[0].arms] == [
        (("velotide",), "5 mg"), (("velotide",), "10 mg"), (("velotide",), "15 mg"), (("placebo",), "placebo"),
    ]  # fmt: skip
    assert [(f.arm, f.value) for f in facts.results] == [
        ("A1", 85.0), ("A2", 89.0), ("A3", 91.0), ("A4", 35.0), ("A1", 5.0), ("A2", 9.5), ("A3", 20.9), ("A4", 3.1),
    ]  # fmt: skip
    assert {f.arm for f in facts.dosing if f.dose == "5 mg"} <= {"A1"}


def test_each_pair_of_three_arms_keeps_its_figures_and_its_ratio(read):
    text = (
        "METHODS In this phase 3 trial, patients were randomly assigned to velorasib plus rituximab (vel-R), velorasib plus "
        "brentamab (vel-B), or sunitinib. "
        "RESULTS Progression-free survival was longer with vel-R than with sunitinib (median, 23.9 vs. 9.2 months; hazard "
        "ratio, 0.39; P<0.001) and was longer with vel-B than with sunitinib (median, 14.7 vs. 9.2 months; hazard ratio, "
        "0.65; P<0.001). Overall survival was longer with vel-R than with sunitinib (hazard ratio for death, 0.66; P=0.005) "
        "but was not longer with vel-B than with sunitinib (hazard ratio, 1.15; P=0.30)."
    )
    facts = read(text)
    assert _figures(facts, "PFS") == {
        ("median", "A1", 23.9), ("median", "A3", 9.2), ("median", "A2", 14.7), ("hazard-ratio", ("A1", "A3"), 0.39),
        ("hazard-ratio", ("A2", "A3"), 0.65),
    }  # fmt: skip
    assert _figures(facts, "OS") == {("hazard-ratio", ("A1", "A3"), 0.66), ("hazard-ratio", ("A2", "A3"), 1.15)}


@pytest.mark.parametrize("name", ["NATROLEE", "ZAPA-HF", "BE SORE"])
def test_a_study_is_named_before_its_register(read, name):
    text = OPENING.replace(" (NCT01234567)", "") + f"(Funded by Velora; {name} ClinicalTrials.gov number, NCT01234567.)"
    assert [(t.name, t.registry_ids) for t in read(text).trials] == [(name, ("NCT01234567",))]


@pytest.mark.parametrize(
    "assigned, arms",
    [
        ("to completion dissection or to no further axillary surgery", ["completion dissection", "no further axillary surgery"]),
        ("(1:1) to an 8-week exercise programme or usual care", ["exercise programme", "usual care"]),
        ("to receive givosecrant (30 mg once daily) or standard endocrine therapy", ["givosecrant", "standard endocrine therapy"]),
    ],
)
def test_what_no_table_knows_is_an_arm_under_its_own_words(read, assigned, arms):
    facts = read(
        f"In this phase 3 trial, patients were randomly assigned {assigned}. Overall survival at 5 years was 91% and 87%, respectively "
        "(hazard ratio, 0.78; 95% CI, 0.62 to 0.98)."
    )
    assert [arm.regimen for arm in facts.trials[0].arms] == [(name,) for name in arms]
    assert _figures(facts, "OS") == {("rate", "A1", 91.0), ("rate", "A2", 87.0), ("hazard-ratio", ("A1", "A2"), 0.78)}


def test_an_arm_is_meant_by_a_word_of_its_intervention(read):
    text = (
        "In this randomised trial, women were assigned to completion dissection or an exercise programme. Overall survival at 5 years was "
        "80% in the exercise group and 90% in the dissection group."
    )
    assert _figures(read(text), "OS") == {("rate", "A2", 80.0), ("rate", "A1", 90.0)}


def test_with_or_without_behind_a_list_of_partners(read):
    text = (
        "In this phase 2 trial, patients were randomised 1:1 to ramucirumab (8 mg/kg days 1, 15) plus paclitaxel (80 mg/m2), with "
        "velorasib 15 mg/kg q2w (V-RP) or without (RP). Median PFS was 6.3 months for V-RP and 4.4 months for RP."
    )
    facts = read(text)
    assert _arms(facts) == [(("ramucirumab", "paclitaxel", "velorasib"), None), (("ramucirumab", "paclitaxel"), None)]
    assert _figures(facts, "PFS") == {("median", "A1", 6.3), ("median", "A2", 4.4)}


def test_a_figure_in_the_bracket_behind_an_arm_is_its(read):
    text = (
        "Patients were randomly assigned to S-1 plus docetaxel or S-1 alone in this phase III trial. The analysis demonstrated the "
        "superiority of S-1 plus docetaxel (66%) to S-1 (50%) for 3-year RFS."
    )
    facts = read(text)
    assert _arms(facts) == [(("S-1", "docetaxel"), None), (("S-1",), None)]
    assert _figures(facts, "RFS") == {("rate", "A1", 66.0), ("rate", "A2", 50.0)}


@pytest.mark.parametrize(
    "title, name",
    [
        ("Adjuvant velorasib in gastric cancer (GRACCO GC-07): a randomized phase III study", "GRACCO GC-07"),
        ("Randomized phase II trial of velorasib after FOLFOX-panitumumab: the BEYONDER study (GEMCAT 17-01)", "BEYONDER"),
    ],
)
def test_names_of_groups_with_their_number(read, title, name):
    assert [t.name for t in read(f"{title}\n\nMedian PFS was 6.3 months.").trials] == [name]


def test_a_median_after_which_figures_were_taken_is_no_result(read):
    text = (
        OPENING + "Over a median of 18.2 months, 4-year overall survival was 74.1% and 73.0%, respectively (HR, 0.96; 95% CI, 0.71-1.29)."
    )
    assert _figures(read(text), "OS") == {("rate", "A1", 74.1), ("rate", "A2", 73.0), ("hazard-ratio", ("A1", "A2"), 0.96)}


def test_two_intervals_behind_two_figures_are_one_each(read):
    text = OPENING + (
        "Median PFS was 4.0 and 2.5 months in the velorasib and placebo groups, respectively (95% CI, 2.5 to 5.3 and 1.9 to 3.8, "
        "respectively; adjusted hazard ratio, 0.81; 95% CI, 0.54 to 1.21; P = .30)."
    )
    assert [(f.value, f.ci) for f in read(text).results] == [(4.0, (2.5, 5.3)), (2.5, (1.9, 3.8)), (0.81, (0.54, 1.21))]


def test_the_primary_outcome_is_named_with_the_bracket_in_its_definition(read):
    text = OPENING + (
        "The primary outcome was a composite of worsening heart failure (hospitalization or an urgent visit) or cardiovascular death. The "
        "primary outcome occurred in 386 of 2373 patients (16.3%) in the velorasib group and in 502 of 2371 (21.2%) in the placebo group."
    )
    assert {(f.endpoint[:23], f.arm, f.value) for f in read(text).results} == {
        ("worsening heart failure", "A1", 16.3), ("worsening heart failure", "A2", 21.2),
    }  # fmt: skip


def test_events_by_time_have_rates_without_a_unit(read):
    text = OPENING + (
        "The annualized rate of moderate or severe exacerbations was 0.78 (95% CI, 0.64 to 0.93) with velorasib and 1.10 (95% CI, 0.93 to "
        "1.30) with placebo (rate ratio, 0.70; 95% CI, 0.58 to 0.86)."
    )
    assert _figures(read(text), "annualized rate of moderate or severe exacerbations") == {
        ("rate", "A1", 0.78), ("rate", "A2", 1.1), ("risk-ratio", ("A1", "A2"), 0.7),
    }  # fmt: skip


def test_of_two_arms_the_arm_of_more_is_the_experimental_one(read):
    text = (
        "A randomized phase II study of gefitinib alone versus nimotuzumab plus gefitinib in lung cancer (KCSX LU12-01)\n\nPatients were "
        "randomized (1:1) to either gefitinib alone or nimotuzumab plus gefitinib."
    )
    [trial] = read(text).trials
    assert (trial.name, [arm.regimen for arm in trial.arms]) == ("KCSX LU12-01", [("nimotuzumab", "gefitinib"), ("gefitinib",)])


def test_what_an_agent_is_stands_between_it_and_its_partner(read):
    text = (
        "Study of gemcitabine plus placebo or velodegib. We investigated velodegib, an SHH antagonist, plus gemcitabine (GV) or "
        "gemcitabine plus placebo (GP) in a randomized phase II trial. 90 patients were randomly assigned to GV or GP. Median PFS was 4.0 "
        "months and 2.5 months with GV and GP."
    )
    assert _arms(read(text)) == [(("velodegib", "gemcitabine"), None), (("gemcitabine", "placebo"), None)]


def test_cohorts_under_letters_with_their_sizes(read):
    text = (
        "In this phase II study, patients received anlotinib plus capecitabine. Results: 74 patients were enrolled, 25 in cohort A, 27 in "
        "cohort B and 22 in cohort C. ORRs in cohorts A, B and C were 76.0% (19/25), 60.0% (15/25) and 47.6% (10/21), respectively."
    )
    facts = read(text)
    assert [arm.n for arm in facts.trials[0].arms] == [25, 27, 22]
    assert {f for f in _figures(facts, "ORR") if f[0] == "rate"} == {("rate", "A1", 76.0), ("rate", "A2", 60.0), ("rate", "A3", 47.6)}


def test_an_arm_that_no_word_of_its_regimen_tells_is_the_other_one(read):
    text = (
        "In this randomised trial, women were assigned to completion dissection or to no further axillary surgery. DFS "
        "at 5 years was 89.7% in the biopsy-alone group and 88.7% in the dissection group. Overall survival at 5 years was 92.9% in the "
        "biopsy-alone group and 92.0% in the dissection group."
    )
    assert _figures(read(text), "OS") == {("rate", "A2", 92.9), ("rate", "A1", 92.0)}


def test_the_partners_of_a_placebo_stand_in_its_short_name(read):
    text = (
        "In this phase III study, patients were randomized 1:1 to receive gefitinib (250 mg/d) plus apatinib (500 mg/d; A+G group) or "
        "placebo (P+G group). Median PFS in the A+G group was 13.7 months versus 10.2 months in the P+G group."
    )
    facts = read(text)
    assert [set(regimen) for regimen, _ in _arms(facts)] == [{"gefitinib", "apatinib"}, {"placebo", "gefitinib"}]
    assert _figures(facts, "PFS") == {("median", "A1", 13.7), ("median", "A2", 10.2)}


def test_two_figures_before_the_arm_that_had_more(read):
    facts = read(OPENING + "Grade ≥3 infusion reactions (7.5% versus 0.7%) were more frequent in the velorasib arm.")
    assert {(f.arm, f.percent) for f in facts.adverse_events} == {("A1", 7.5), ("A2", 0.7)}


def test_deaths_told_behind_their_figures_are_no_figures_of_the_endpoint_before(read):
    text = OPENING + (
        "The median recurrence-free survival was 10.7 months with velorasib and 8.2 months with placebo. At a median follow-up of 4.7 "
        "years, 76 patients (62%) in the placebo group and 61 patients (50%) in the velorasib group had died (hazard ratio, 0.67)."
    )
    facts = read(text)
    assert _figures(facts, "deaths") >= {("rate", "A2", 62.0), ("rate", "A1", 50.0)}
    assert not {f for f in facts.results if f.value == 0.67 and f.endpoint not in ("deaths", "OS")}


@pytest.mark.parametrize("words", ["alive and free from invasive disease", "alive and without invasive disease"])
def test_being_alive_and_free_of_what_is_an_endpoint(read, words):
    text = OPENING + f"At 3 years, the percentage of patients {words} was 92.4% with velorasib and 89.6% with placebo."
    assert _figures(read(text), "IDFS") == {("rate", "A1", 92.4), ("rate", "A2", 89.6)}


def test_a_title_tells_which_arm_is_tested_where_a_sentence_turns_it_round(read):
    text = (
        "Velorasib or Ibrutinib in Leukemia\n\nIn a phase 3 trial, ibrutinib, a kinase inhibitor, was compared with velorasib. We "
        "randomly assigned, in a 1:1 ratio, patients to receive velorasib or ibrutinib. Velorasib was superior to ibrutinib in "
        "progression-free survival (hazard ratio for disease progression or death, 0.65; 95% CI, 0.49 to 0.86)."
    )
    facts = read(text)
    assert _arms(facts) == [(("velorasib",), None), (("ibrutinib",), None)]
    assert _figures(facts, "PFS") == {("hazard-ratio", ("A1", "A2"), 0.65)}


def test_several_times_of_follow_up_are_no_medians(read):
    text = OPENING + "With a median follow-up of 28 and 24 months, 12-month overall survival rates were 39% and 35%, respectively."
    assert _figures(read(text), "OS") == {("rate", "A1", 39.0), ("rate", "A2", 35.0)}


def test_a_rate_is_compared_with_what_was_prespecified(read):
    text = (
        "In this single-arm phase 2 study (NCT01234567), patients received velorasib. The CR rate was 56% (95% CI, 48-64), significantly "
        "higher than the prespecified 37% (P < .0001)."
    )
    assert {f.value for f in read(text).results if f.statistic == "rate"} == {56.0}


def test_a_lead_in_goes_before_the_whole_regimen(read):
    text = (
        "Fixed-duration ibrutinib plus velotoclax for leukemia\n\nIn this phase 2 study (NCT01234567), patients received 3 cycles of "
        "lead-in ibrutinib then 12 cycles of ibrutinib plus velotoclax. The CR rate was 55% (95% CI, 48-63)."
    )
    assert _arms(read(text)) == [(("ibrutinib", "velotoclax"), None)]


def test_schedules_tell_arms_apart_whose_regimen_holds_an_order_in_time(read):
    text = (
        "Concurrent once-daily versus twice-daily chemoradiotherapy (CONVERSE): a randomised, phase 3 trial. 547 patients were randomly "
        "assigned to receive twice-daily concurrent chemoradiotherapy (274 patients) or once-daily concurrent "
        "chemoradiotherapy (273 patients)."
    )
    assert [(arm.label, arm.n) for arm in read(text).trials[0].arms] == [("once daily", 273), ("twice daily", 274)]


def test_a_difference_goes_on_with_the_next_dose(read):
    text = (
        "Methods In this phase 2 trial (NCT01234567), adults were randomly allocated (2:2:1) to velonersen 60 mg, velonersen 120 mg or "
        "sham. The primary outcome was change in the QVX score at week 48. The treatment difference against sham in the QVX score was "
        "−6.7 points (95% CI −7.9 to −5.5) for 60 mg and −10.6 points (95% CI −11.8 to −9.4) for 120 mg."
    )
    assert _figures(read(text), "QVX score") == {("difference", ("A1", "A3"), -6.7), ("difference", ("A2", "A3"), -10.6)}


def test_the_levels_between_which_a_measure_changed_are_no_changes(read):
    text = OPENING + (
        "Mean HbA1c decreased from 8.41% to 7.02% with velorasib and from 8.38% to 7.19% with placebo (estimated mean change, −1.38 vs "
        "−1.20 percentage points)."
    )
    assert {abs(f.value) for f in read(text).results} == {1.38, 1.2}


def test_arms_listed_before_their_figures_and_one_behind(read):
    text = (
        "This randomized phase 3 trial assigned patients 1:1:1. Treatments included velorasib and cisplatin (VC group; n = 132); velorasib "
        "and paclitaxel (VT group; n = 130); and paclitaxel with cisplatin (TP group; n = 129). The VC and VT groups exhibited higher pCR "
        "rates of 28.0% and 15.4%, respectively, compared to 4.7% in the TP group."
    )
    assert _figures(read(text), "pCR") == {("rate", "A1", 28.0), ("rate", "A2", 15.4), ("rate", "A3", 4.7)}


def test_single_arm_studies_of_before_make_no_single_arm(read):
    text = (
        "Recent single-arm studies of velorasib were promising. In this phase 3 trial, patients were randomized to velorasib or sunitinib. "
        "Median PFS was 12.0 months with velorasib and 8.0 months with sunitinib."
    )
    assert _figures(read(text), "PFS") == {("median", "A1", 12.0), ("median", "A2", 8.0)}
