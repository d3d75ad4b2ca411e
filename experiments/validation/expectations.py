"""What every shipped scenario is expected to do, as data: a metric, against what, and the sign or range of the difference.

A row is a claim that `experiments/validation/scenario_effects.py` measures on common random numbers. Rows that name an item of SPEC,
Testing Strategy, make the page on stress. A new scenario needs a row: one line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Range = tuple[float, float]
UP: Range = (math.ulp(0.0), math.inf)
DOWN: Range = (-math.inf, -math.ulp(0.0))
SAME: Range = (0.0, 0.0)

ITSELF = "itself"
"""The comparison of a row that is about one change to its own scenario."""
NOTHING = "nothing"
"""The comparison of a row that is about the figure itself."""

STRESS = ("High transaction volume", "Network congestion", "Price volatility", "Governance attacks")
SIMULATIONS = (
    "Token velocity modeling",
    "Inflation/deflation scenarios",
    "Staking equilibrium",
    "Market maker strategies",
)
"""The items of SPEC, Testing Strategy: stress tests and economic simulations."""


@dataclass(frozen=True)
class Expectation:
    """A scenario's metric, aggregated over a run, less that of its comparison on the same draws, lies in `expected`.

    `against` is what the scenario extends unless another is named; `changes` are made to the comparison, `under` to
    both sides. A `relative` difference is one of the comparison's figure. `figure` is the metric to draw where it is
    not this one, `spec` the item of the spec's Testing Strategy.
    """

    scenario: str
    metric: str
    expected: Range
    reason: str
    aggregation: str = "last"
    against: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    under: Mapping[str, Any] = field(default_factory=dict)
    relative: bool = False
    days: int = 120
    runs: int = 6
    spec: str = ""
    figure: str = ""


_BUSY = {"demand.budget_usd_per_day": 600.0}
_FIXED = {"mechanisms.proposing": False}
_HONEST = {"conduct.principled_share": 1.0, "validation.error": 0.1}
_VOLUME, _CONGESTION, _VOLATILITY, _ATTACKS = STRESS
_VELOCITY, _SUPPLY, _STAKING, _MAKER = SIMULATIONS

EXPECTATIONS: tuple[Expectation, ...] = (
    Expectation("high_volume", "completed_jobs", (8.5, 9.5), "Ten times the jobs are done: a base rate in USD does not rise with the token.", "mean", relative=True, spec=_VOLUME),
    Expectation("high_volume", "congestion", (-0.02, 0.02), "With capacity in proportion the machines are no busier; the token is.", "mean", relative=True, spec=_VOLUME, figure="price_usd"),
    Expectation("network_congestion", "latency_s", UP, "A full network serves late.", "mean", spec=_CONGESTION),
    Expectation("network_congestion", "fee_multiplier", (3.9, 4.0), "Above a congestion of 0.8 the fee goes up day by day, to its clamp of 4.", "last", NOTHING, spec=_CONGESTION),
    Expectation("network_congestion", "consumer_satisfaction", DOWN, "Who waits is less content.", "mean", spec=_CONGESTION),
    Expectation("price_volatility", "price_usd", UP, "Stronger noise and news move the price more.", "volatility", relative=True, runs=12, spec=_VOLATILITY, figure="lvr_usd"),
    Expectation("price_volatility", "lvr_usd", UP, "A pool loses by the variance of its price.", relative=True, runs=12, spec=_VOLATILITY),
    Expectation("treasury_drain", "payments_made_quiv", (1.99e8, 2e8), "Without turnout, quorum and veto one token pays out the treasury.", days=60, spec=_ATTACKS, figure="treasury_quiv"),
    Expectation("quorum_closes_the_hole", "payments_made_quiv", (-2e8, -1.99e8), "A quorum of 4 % defeats the same proposal.", days=60, spec=_ATTACKS, figure="treasury_quiv"),
    Expectation("bought_vote", "payments_made_quiv", (1e8, 1e8), "12 M bought votes outvote the tenth that turns out.", days=60, spec=_ATTACKS, figure="treasury_quiv"),
    Expectation("borrowed_votes_live", "payments_made_quiv", (2e7, 2e7), "Votes that are read live can be borrowed for a day.", days=60, spec=_ATTACKS, figure="treasury_quiv"),
    Expectation("borrowed_votes_snapshot", "payments_made_quiv", (-2e7, -2e7), "Borrowed later than the snapshot they do not count.", days=60, spec=_ATTACKS, figure="treasury_quiv"),
    Expectation("token_velocity", "velocity", UP, "Half the holding time is twice the velocity where money is what is paid with.", "mean", ITSELF, {"market.holding_days": 1200.0}, spec=_VELOCITY),
    Expectation("token_velocity", "price_usd", (-0.6, -0.4), "The equation of exchange: half the holding time, half the price.", "last", ITSELF, {"market.holding_days": 1200.0}, relative=True, spec=_VELOCITY),
    Expectation("inflation", "emitted_quiv", (70e6 * 120 / 365 - 1.0, 70e6 * 120 / 365 + 1.0), "Twice the schedule: 70 M more a year, before growth is measured.", changes=_FIXED, spec=_SUPPLY, figure="supply_quiv"),
    Expectation("inflation", "price_usd", DOWN, "More tokens are to be held for the same value.", changes=_FIXED, spec=_SUPPLY),
    Expectation("deflation", "supply_quiv", DOWN, "Nothing is minted and some is burned: the supply ends below where it began.", "change", NOTHING, spec=_SUPPLY),
    Expectation("deflation", "price_usd", UP, "More is paid, more of each payment goes to holders, and fewer tokens are to be held.", changes=_FIXED, spec=_SUPPLY),
    Expectation("staking_equilibrium", "staking_ratio", DOWN, "Who requires more of the same rewards stakes less.", "last", ITSELF, {"staking.required_return": 0.12}, spec=_STAKING),
    Expectation("staking_equilibrium", "delegator_apr", UP, "Less stake shares the same rewards, until the yield is what is required.", "last", ITSELF, {"staking.required_return": 0.12}, spec=_STAKING, figure="staking_ratio"),
    Expectation("market_maker", "price_usd", DOWN, "What the maker takes of a batch does not move the pool.", "volatility", spec=_MAKER, figure="lvr_usd"),
    Expectation("market_maker", "lvr_usd", DOWN, "The pool trades less with those who know more.", spec=_MAKER),
    Expectation("market_maker", "maker_quiv", UP, "A cautious maker moves its quotes to keep its inventory, a bold one sells most of it.", "min", ITSELF, {"maker.aversion": 0.01}, spec=_MAKER),
    Expectation("multisig_veto", "payments_made_quiv", DOWN, "Five of nine signers are found within the timelock.", days=60),
    Expectation("timelock_race", "payments_made_quiv", DOWN, "Within two days they are found in four of ten cases or more.", days=60, runs=12),
    Expectation("oracle_override", "oracle_price_usd", (0.1 - 1e-12, 0.1 + 1e-12), "The vote carries, and the price is the one set by hand.", "last", NOTHING, days=30),
    Expectation("bribed_delegates", "payments_made_quiv", (2e7, 2e7), "Delegated votes are cast by whom the attacker has bribed.", days=60),
    Expectation("proposal_spam", "treasury_income_quiv", UP, "Eight deposits of 100,000 QUIV are forfeited.", "sum", days=60),
    Expectation("sybil_split", "payments_made_quiv", DOWN, "Where votes grow with the tier of a stake, its parts have fewer.", "last", ITSELF, {"governance.power": "one_token"}, runs=24),
    Expectation("burn_share_vote", "live_fees_burn_share", (0.0999, 0.1001), "The vote carries, and takes effect after four weeks.", changes=_FIXED, days=60),
    Expectation("bribed_panel", "cheating_providers", UP, "Challengers expect to lose, so nobody is deterred.", "mean", ITSELF, {"challenges.bribe_quiv": 0.0}),
    Expectation("cheap_cheating", "harm_share", UP, "Hardly anybody who cheats is caught.", "mean"),
    Expectation("challenge_griefing", "insurance_quiv", UP, "Bonds of rejected challenges go to insurance."),
    Expectation("lazy_validators", "cheating_providers", UP, "Canaries that nobody looks at deter nobody.", "mean"),
    Expectation("three_strikes", "cases_by_canary", DOWN, "Who fails a canary by mistake is not accused for one.", under=_HONEST),
    Expectation("cliff_unbonding", "unbonding_quiv", UP, "Released at the end, stake waits twice as long on average.", "mean"),
    Expectation("fixed_apy", "direct_apr", DOWN, "What is promised is less than what the pools pay at first.", "last"),
    Expectation("slow_adoption", "demand_tokens", DOWN, "Demand grows more slowly.", "mean"),
    Expectation("no_emission", "supply_quiv", DOWN, "Nothing is minted.", "last"),
    Expectation("go_literal", "capture_quiv", DOWN, "Whole numbers cannot hold a weight of 1.5: staked tokens have fewer votes.", "last", days=60),
    Expectation("quiet", "price_usd", DOWN, "Without news and noise what moves the price is its way from the listing to the value.", "volatility"),
    Expectation("frozen_price", "price_usd", SAME, "The price is given, whatever the demand.", "last", ITSELF, _BUSY, days=30),
    Expectation("brownian_price", "price_usd", SAME, "A random walk does not look at demand.", "last", ITSELF, _BUSY, days=30),
    Expectation("launch_12_weeks", "payments_quiv", DOWN, "Nothing is paid for in the first four weeks.", "sum"),
    Expectation("launch_12_weeks", "harm_share", UP, "For two weeks nobody looks at the work.", "mean"),
    Expectation("quality_before_payments", "harm_share", DOWN, "Who is looked at from the first job on does not cheat.", "mean", "launch_12_weeks"),
    Expectation("payments_without_quality", "harm_share", UP, "Nobody looks at the work for half a year.", "mean", "launch_12_weeks"),
    Expectation("volatility_regime", "lvr_usd", UP, "A pool loses by the variance of its price.", days=235),
)  # fmt: skip
"""Every claim. The first on a scenario is the one to read."""
