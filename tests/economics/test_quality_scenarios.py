"""The scenarios on staking and quality do what they say, against whitepaper on the same draws.

Days and runs are as few as make the sign certain: it holds in every run, not only on average.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from experiments import simulate

SEED, RUNS, DAYS = 1, 3, 120

METRICS = (
    "cheating_providers",
    "harm_share",
    "lazy_validators",
    "canary_failures",
    "slashed_quiv",
    "slashed_quiv_validators",
    "cases_by_canary",
    "cases_by_watcher",
    "cases_rejected",
    "cases_overturned",
    "challenges_open",
    "bonds_lost_quiv",
    "bribes_quiv",
    "insurance_quiv",
    "insurance_ruined",
    "claims_unpaid_quiv",
    "unbonding_quiv",
    "staking_ratio",
    "direct_apr",
    "delegator_apr",
    "reward_shortfall_quiv",
    "challenge_rewards_quiv",
    "burned_quiv",
)


def mean(frame: pd.DataFrame) -> pd.DataFrame:
    """Means over the days of each run."""
    return frame.groupby("run").mean()


def end(frame: pd.DataFrame) -> pd.DataFrame:
    """The last day of each run."""
    return frame.groupby("run").last()


@cache
def result(scenario: str, days: int = DAYS, **changes: Any) -> pd.DataFrame:
    """Every run and day of a scenario; `changes` are parameters, a double underscore for the dot."""
    overrides = {name.replace("__", "."): value for name, value in changes.items()}
    return simulate(scenario, days=days, seed=SEED, runs=RUNS, overrides=overrides, metrics=METRICS)


def test_where_cheating_pays_deterrence_fails_and_insurance_is_ruined() -> None:
    usual, cheap = result("whitepaper"), result("cheap_cheating")
    assert (mean(cheap)["cheating_providers"] > 20 + mean(usual)["cheating_providers"]).all()
    assert (mean(cheap)["harm_share"] > 0.05 + mean(usual)["harm_share"]).all()
    assert (end(cheap)["slashed_quiv"] > end(usual)["slashed_quiv"]).all()
    assert (end(cheap)["insurance_ruined"] == 1.0).all()
    assert (end(usual)["insurance_ruined"] == 0.0).all()


def test_better_odds_of_being_caught_deter_the_same_providers() -> None:
    cheap, watched = result("cheap_cheating"), result("cheap_cheating", validation__canary_share=0.05)
    assert (mean(watched)["cheating_providers"] < 0.1 * mean(cheap)["cheating_providers"]).all()


def test_three_strikes_spare_those_who_fail_a_canary_by_mistake() -> None:
    all_honest = {"conduct.principled_share": 1.0}
    usual, strikes = (result(name, days=300, **all_honest) for name in ("whitepaper", "three_strikes"))
    assert (end(usual)["cases_by_canary"] > end(strikes)["cases_by_canary"]).all()
    assert end(strikes)["cases_by_canary"].sum() <= 1
    assert end(usual)["cases_overturned"].sum() > end(strikes)["cases_overturned"].sum()


def test_where_validators_do_not_look_canaries_stop_working() -> None:
    usual, lazy = result("whitepaper"), result("lazy_validators")
    assert (mean(lazy)["lazy_validators"] > 20 + mean(usual)["lazy_validators"]).all()
    assert (mean(lazy)["cheating_providers"] > 5 + mean(usual)["cheating_providers"]).all()
    assert (end(lazy)["slashed_quiv_validators"] > 0).all()
    assert lazy["canary_failures"].sum() < 0.01 * lazy["cheating_providers"].sum()


def test_a_bribe_above_the_price_of_a_vote_ends_challenges() -> None:
    """The same world without the offer shows that it is the bribe."""
    usual, bribed, clean = (
        result("whitepaper"),
        result("bribed_panel"),
        result("bribed_panel", challenges__bribe_quiv=0.0),
    )
    for honest in (usual, clean):
        assert (mean(bribed)["cheating_providers"] > 10 + mean(honest)["cheating_providers"]).all()
    assert (end(bribed)["cases_by_watcher"] == 0).all()
    assert (bribed["bribes_quiv"] == 0).all()


def test_griefing_fills_the_panels_and_the_insurance_fund() -> None:
    usual, griefed = result("whitepaper"), result("challenge_griefing")
    assert (mean(griefed)["challenges_open"] > 10 + mean(usual)["challenges_open"]).all()
    assert (end(griefed)["cases_rejected"] > 20 * end(usual)["cases_rejected"]).all()
    assert (end(griefed)["insurance_quiv"] > 2 * end(usual)["insurance_quiv"]).all()
    assert (mean(griefed)["bonds_lost_quiv"] > mean(usual)["bonds_lost_quiv"]).all()


def test_promised_rates_are_paid_and_later_fall_short() -> None:
    """Until the pool is empty: it is filled alike in all runs, so sooner where more is staked, and not in every run."""
    promised = result("fixed_apy", days=1800)
    early = promised[promised.index.get_level_values("day") <= 365]
    assert (early["reward_shortfall_quiv"] == 0.0).all()
    assert (end(early)["delegator_apr"].between(0.0799, 0.0801)).all()
    late = end(promised)
    short = late["reward_shortfall_quiv"] > 0.0
    assert 0 < short.sum() < RUNS
    assert (late["delegator_apr"][short] < 0.079).all()
    assert late["delegator_apr"][~short].between(0.0799, 0.0801).all()
    paid = (promised["reward_shortfall_quiv"] == 0.0).groupby("run").sum()
    pd.testing.assert_index_equal(paid.sort_values().index, mean(promised)["staking_ratio"].sort_values().index[::-1])


def test_promised_rates_attract_less_stake_than_a_share_of_the_pool() -> None:
    usual, promised = result("whitepaper"), result("fixed_apy")
    assert (end(promised)["direct_apr"] < end(usual)["direct_apr"]).all()
    assert (end(promised)["staking_ratio"] < end(usual)["staking_ratio"]).all()


def test_at_a_cliff_more_is_on_its_way_out() -> None:
    usual, cliff = result("whitepaper"), result("cliff_unbonding")
    assert (mean(cliff)["unbonding_quiv"] > 1.3 * mean(usual)["unbonding_quiv"]).all()


def test_split_slashes_feed_insurance_in_place_of_the_burn() -> None:
    split, burned = result("slash_split"), result("whitepaper")
    assert (end(split)["insurance_quiv"] > 2 * end(burned)["insurance_quiv"]).all()
    assert (end(split)["burned_quiv"] < end(burned)["burned_quiv"]).all()


def test_roots_smaller_bands_slash_less() -> None:
    """Over all runs: in a single one the largest providers' days down decide."""
    wide = {"slashing__band_low": (0.01, 0.05, 0.15), "slashing__band_high": (0.05, 0.15, 0.20)}
    root, whitepaper = result("root"), result("root", **wide)
    assert 1.5 * end(root)["slashed_quiv"].sum() < end(whitepaper)["slashed_quiv"].sum()
