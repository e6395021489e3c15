"""No reference case is forgotten: which test compares which numbers of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[2]
TIME = "metrics/estimate/test_vectors_time.py::test_"
OTHER = "metrics/estimate/test_vectors_other.py::test_"
AUDIT = "disclosure/test_vectors.py::test_"
CASES = json.loads((TESTS / "vectors.json").read_text(encoding="utf-8"))["cases"]

KAPLAN_MEIER = {
    "times": TIME + "survival_risk_sets_and_standard_errors_equal_r",
    "n_risk": TIME + "survival_risk_sets_and_standard_errors_equal_r",
    "surv": TIME + "survival_risk_sets_and_standard_errors_equal_r",
    "std_err": TIME + "survival_risk_sets_and_standard_errors_equal_r",
    "ci_loglog": TIME + "log_log_bounds_equal_r_once_an_event_has_happened",
    "quantiles_loglog": TIME + "quantiles_and_their_bounds_equal_r",
    "ci_log": TIME + "the_other_bounds_of_r_follow_from_our_shares_and_errors",
    "quantiles_log": TIME + "the_other_bounds_of_r_follow_from_our_shares_and_errors",
    "ci_plain": TIME + "the_other_bounds_of_r_follow_from_our_shares_and_errors",
    "quantiles_plain": TIME + "the_other_bounds_of_r_follow_from_our_shares_and_errors",
    "nelson_aalen": TIME + "cumulative_hazards_equal_r",
    "fleming_harrington_ties": TIME + "cumulative_hazards_equal_r",
    "rmst": TIME + "restricted_means_and_their_errors_equal_r",
    "n": TIME + "numbers_at_risk_and_of_events_equal_r",
    "events": TIME + "numbers_at_risk_and_of_events_equal_r",
}
TRANSITIONS = dict.fromkeys(
    ("times", "p", "se"), TIME + "transition_probabilities_and_errors_equal_etm"
)
PAIRED = (
    *("mean1", "ci1", "paired_diff", "paired_ci", "paired_p", "welch_ci", "welch_df", "srm"),
    "es",
)
COMPARED: dict[str, dict[str, str]] = {
    "km_waltons_all": KAPLAN_MEIER,
    "km_waltons_miR-137": KAPLAN_MEIER,
    "km_waltons_control": KAPLAN_MEIER,
    "km_mac_lefttrunc": KAPLAN_MEIER,
    "km_plateau": KAPLAN_MEIER,
    "km_oneevent": KAPLAN_MEIER,
    "km_tie_event_cens": KAPLAN_MEIER,
    "logrank_waltons": dict.fromkeys(
        ("chisq", "df", "observed", "expected"), TIME + "the_log_rank_statistic_equals_r"
    ),
    "cif_abortion_g0": dict.fromkeys(
        ("times", "cause1", "cause2", "cause3", "surv"),
        TIME + "incidence_of_competing_causes_with_late_entry_equals_etm",
    ),
    "aj_sir_s0": TRANSITIONS,
    "aj_tiny": TRANSITIONS,
    "occupancy_sir": {
        "times": TIME + "state_occupation_from_known_shares_equals_r",
        "p0": TIME + "state_occupation_from_known_shares_equals_r",
        "p": TIME + "state_occupation_from_known_shares_equals_r",
        "se_infinitesimal_jackknife_p0_fixed": TIME
        + "robust_errors_equal_those_that_r_clusters_by_person",
    },
    "flow_tiny": {"rows": TIME + "the_flow_table_equals_its_definition"},
    "mcf_valveSeat": dict.fromkeys(
        ("times", "n_risk", "mcf", "robust_se"),
        TIME + "mean_cumulative_events_and_their_robust_errors_equal_r",
    ),
    "proportion_difference": {"rows": OTHER + "newcombe_intervals_equal_statsmodels"},
    "poisson_exact": {"rows": OTHER + "exact_poisson_intervals_equal_r"},
    "mean_paired": dict.fromkeys(PAIRED, OTHER + "means_and_paired_changes_equal_r"),
    "special_functions": dict.fromkeys(
        ("beta_ppf", "gamma_ppf", "t_ppf", "norm_ppf"), OTHER + "special_functions_equal_scipy"
    ),
    "gas_t": {"rows": OTHER + "goal_attainment_scores_equal_the_formula_in_r"},
    "rci_jacobson_truax": dict.fromkeys(
        ("sd_before", "reliability", "before", "after", "s_e", "s_diff", "rc", "cutoffs"),
        OTHER + "reliable_change_equals_the_published_example",
    ),
    **{
        f"sdc_{name}": {"suppressed": AUDIT + "bounds_equal_the_reference_exactly"}
        for name in (
            *("one_per_line", "square", "rand0_primary_only", "rand0_line_rule"),
            "rand0_lp_guided",
        )
    },
}


def test_every_case_is_compared_somewhere() -> None:
    """25 cases; a new one must be given a test here."""
    assert {case["id"] for case in CASES} == set(COMPARED)
    assert len(CASES) == 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_number_of_a_case_is_compared_by_a_test_that_is_there(case: dict[str, Any]) -> None:
    """Each key of what is expected has its test, and the test stands in its file."""
    tests = COMPARED[case["id"]]
    assert set(case["expect"]) == set(tests)
    for name in set(tests.values()):
        file, function = name.split("::")
        assert f"def {function}(" in (TESTS / file).read_text(encoding="utf-8")
    in_time = {name for name in tests.values() if name.startswith(TIME)}
    text = (TESTS / "metrics/estimate/test_vectors_time.py").read_text(encoding="utf-8")
    assert not in_time or f'"{case["id"]}"' in text
