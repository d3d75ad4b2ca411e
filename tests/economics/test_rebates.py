r"""Rebates: each by hand, their sum against what the network takes, and who pays for it.

Theory, per 100 QUIV paid: at WHITEPAPER 5.2's fees the network takes 5.5, Platinum gets 30 % of it back (3.85 is left),
cashback is 2 and developers get 5: the network is left with 3.85 - 2 - 5 = -3.15. Bounded by the take it is left with
nothing, and never less.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.engines.genesis import State
from model.economy import Economy
from model.metrics import METRICS, Reading
from model.parameters.channels import Channels
from model.parameters.fees import Fees
from model.parameters.jobs import Jobs
from model.parameters.pricing import Pricing
from model.parameters.rebates import Rebates
from model.parameters.staking import TIERS
from tests.economics.limits import QUIV, STEADY, Change, by_day, economy, flow, last, record, steady_demand, total

TRADE = ("demand", "market", "settlement", "rebates")
LOW_TAKE = Fees(network_share=0.025, burn_share=0.8, validator_share=0.005, treasury_share=0.03)
NONE: dict[str, Any] = {
    "tier_discount": (0.0, 0.0, 0.0, 0.0),
    "volume_discount": (0.0, 0.0, 0.0),
    "cashback_share": 0.0,
    "prepaid_bonus": 0.0,
    "referral_share": 0.0,
    "developer_share": 0.0,
}
PAYOUTS = ("tier_discount", "volume_discount", "cashback", "prepaid_bonus", "referral_reward", "developer_reward")


def only(**given: Any) -> Rebates:
    """Every rebate off but those given."""
    return Rebates(**(NONE | given))


def of_tier(tier: str) -> Change:
    """Every provider has the stake of a tier, taken out of the treasury."""

    def change(state: State, params: State) -> None:
        stake = np.zeros_like(state["provider_stake_nquiv"])
        stake[...] = int(params["staking.tier_minimum_quiv"][TIERS.index(tier)] * QUIV)
        added = stake.sum(axis=-1) - state["provider_stake_nquiv"].sum(axis=-1)
        state["treasury_nquiv"] = state["treasury_nquiv"] - added
        state["provider_stake_nquiv"] = stake

    return change


def paying(rebates: Rebates, *on: str, days: int = 3, usd: float = 100.0, **contracts: Any) -> Economy:
    return economy(*TRADE, *on, days=days, demand=steady_demand(usd), rebates=rebates, **contracts)


def per_hundred(reading: Reading, *flows: str) -> float:
    """What flows move for 100 QUIV paid."""
    paid = flow(reading, "payment") + flow(reading, "channel_payment")
    return 100.0 * sum(flow(reading, name) for name in flows) / paid


@pytest.mark.parametrize(("tier", "expected"), [("bronze", 0.0), ("silver", 2.0), ("gold", 4.0), ("platinum", 6.0)])
def test_a_tier_returns_its_part_of_the_take(tier: str, expected: float) -> None:
    """The network takes 20; Silver gets 10 % of that, Gold 20 %, Platinum 30 %."""
    end = last(by_day(paying(only(tier_discount=(0.0, 0.1, 0.2, 0.3))), of_tier(tier)))
    assert per_hundred(end, "tier_discount") == pytest.approx(expected, abs=1e-6)
    np.testing.assert_allclose(METRICS["net_take_rate"].read(end), 0.2 - expected / 100.0, atol=1e-8)


@pytest.mark.parametrize(("usd", "expected"), [(50.0, 0.0), (100.0, 1.0), (500.0, 2.0), (2000.0, 4.0)])
def test_volume_of_a_month_gives_its_discount(usd: float, expected: float) -> None:
    """Two consumers: 750, 1,500, 7,500 and 30,000 USD a month each; 5, 10 and 20 % of a take of 20."""
    volume = only(volume_discount=(0.05, 0.1, 0.2))
    case = paying(volume, days=400, usd=usd, providers=STEADY.model_copy(update={"capacity_tokens_per_day": 1e9}))
    assert per_hundred(last(by_day(case)), "volume_discount") == pytest.approx(expected, abs=1e-6)


def test_volume_is_remembered_for_a_month() -> None:
    """1,500 USD a month from genesis: 1 - (1 - 1/30)^t of it is known after t days, 1,000 USD from the 33rd on."""
    case = paying(only(volume_discount=(0.05, 0.0, 0.0)), days=40, usd=100.0)
    flows = [flow(reading, "volume_discount") for reading in by_day(case)]
    assert next(day for day, amount in enumerate(flows) if amount) == 33


def test_cashback_is_a_part_of_what_is_paid() -> None:
    end = last(by_day(paying(only(cashback_share=0.02))))
    assert per_hundred(end, "cashback") == pytest.approx(2.0, abs=1e-6)
    assert METRICS["rebate_coverage"].read(end) == pytest.approx(1.0, rel=1e-9)


def test_prepaid_credits_earn_their_bonus_when_they_are_used() -> None:
    """Half of spending is by channel, a fifth of that prepaid, a tenth of that is the bonus: 1 % of spending."""
    prepaid = only(prepaid_bonus=0.1, prepaid_share=0.2)
    end = last(by_day(paying(prepaid, "channels", days=50, channels=Channels(share=0.5))))
    assert per_hundred(end, "prepaid_bonus") == pytest.approx(1.0, rel=1e-3)


def test_a_referral_pays_for_a_year_online() -> None:
    """5 of 100 of the receipts of the referred, half of the providers, for 365 days."""
    referral = only(referral_share=0.05, referred_share=0.5)
    flows = [flow(reading, "referral_reward") for reading in by_day(paying(referral, days=367))]
    assert all(amount > 0 for amount in flows[1:366])
    assert flows[366] == flows[367] == 0
    end = last(by_day(paying(referral)))
    assert per_hundred(end, "referral_reward") == pytest.approx(80.0 * 0.05 * 0.5, abs=1e-6)


def test_at_platinum_the_promises_cost_more_than_the_network_takes() -> None:
    """Stackable: a take of 5.5, 1.65 to Platinum, 2 cashback, 5 to developers: 3.15 short, and the treasury pays."""
    all_three = only(
        reading="stackable",
        tier_discount=(0.0, 0.1, 0.2, 0.3),
        cashback_share=0.02,
        developer_share=0.05,
        api_share=1.0,
    )
    end = last(by_day(paying(all_three, fees=LOW_TAKE), of_tier("platinum")))
    assert per_hundred(end, "tier_discount") == pytest.approx(1.65, abs=1e-6)
    assert per_hundred(end, "cashback") == pytest.approx(2.0, abs=1e-6)
    assert per_hundred(end, "developer_reward") == pytest.approx(5.0, abs=1e-6)
    paid = METRICS["payments_quiv"].read(end)
    np.testing.assert_allclose(METRICS["net_take_rate"].read(end), -0.0315, atol=1e-8)
    np.testing.assert_allclose(METRICS["rebate_deficit_quiv"].read(end) / paid, 0.0315, atol=1e-8)
    assert METRICS["rebate_coverage"].read(end) == pytest.approx(1.0, rel=1e-9)


def test_bounded_rebates_never_exceed_the_take_and_share_what_there_is() -> None:
    """The same promises: 8.65 against a take of 5.5, of which 3 is treasury fee; operations have nothing to spare."""
    all_three = only(tier_discount=(0.0, 0.1, 0.2, 0.3), cashback_share=0.02, developer_share=0.05, api_share=1.0)
    end = last(by_day(paying(all_three, fees=LOW_TAKE), of_tier("platinum")))
    paid_out = per_hundred(end, *PAYOUTS)
    assert paid_out == pytest.approx(3.0, abs=1e-6)
    assert METRICS["rebate_deficit_quiv"].read(end)[0] == 0.0
    assert METRICS["rebate_coverage"].read(end) == pytest.approx(3.0 / 8.65, rel=1e-6)
    assert per_hundred(end, "cashback") / paid_out == pytest.approx(2.0 / 8.65, rel=1e-6)


@pytest.mark.parametrize("reading", ["bounded", "stackable"])
def test_what_is_financed_is_paid_out_but_for_dust(reading: str) -> None:
    case = paying(Rebates(reading=reading), "channels", days=60)  # type: ignore[arg-type]
    for reading_ in by_day(case):
        financed = flow(reading_, "rebates_from_operations") + flow(reading_, "rebates_from_treasury")
        paid_out = sum(flow(reading_, name) for name in PAYOUTS)
        assert 0 <= financed - paid_out <= 1000
    assert total(reading_, "rebates_nquiv") < 60 * 1000
    assert paid_out > 0


def test_an_exhausted_treasury_ends_the_stackable_reading() -> None:
    """The treasury has 10 QUIV a day less to give than is promised: it pays all, then operations are left."""

    def poor(state: State, params: State) -> None:
        spare = state["treasury_nquiv"] - 100 * QUIV
        state["treasury_nquiv"] = state["treasury_nquiv"] - spare
        state["holder_wallet_nquiv"][..., 0] = state["holder_wallet_nquiv"][..., 0] + spare

    generous = only(reading="stackable", cashback_share=0.3)
    readings = list(by_day(paying(generous, days=10), poor))
    assert METRICS["rebate_coverage"].read(readings[1])[0] == pytest.approx(
        (100.0 + 50.0 + 70.0 - 0.7) / 300.0, rel=0.01
    )
    assert METRICS["rebate_coverage"].read(readings[-1])[0] == pytest.approx(119.3 / 300.0, rel=0.01)
    assert total(readings[-1], "treasury_nquiv") == 0


def test_nothing_paid_nothing_returned() -> None:
    end = last(by_day(paying(Rebates(), usd=0.0)))
    assert sum(flow(end, name) for name in PAYOUTS) == 0
    assert METRICS["rebate_coverage"].read(end)[0] == METRICS["net_take_rate"].read(end)[0] == 0.0


def test_who_pays_for_priority_is_served_first() -> None:
    """Capacity for 3 of 5: half of a day's jobs pay a tenth more and are all served, the others get the rest."""
    short = STEADY.model_copy(update={"capacity_tokens_per_day": 5e5})
    hurry = Jobs(expiry_days=1, priority_share=0.5, priority_fee=0.1)
    wanted = {"demand_tokens": np.asarray([2.5e6])}
    case = economy(
        "demand",
        "market",
        "settlement",
        "queue",
        "priority_lane",
        days=30,
        providers=short,
        jobs=hurry,
        pricing=Pricing(numeraire="quiv", complexity=(1.0, 1.0, 1.0)),
        exogenous=wanted,
    )
    end = last(by_day(case))
    assert end.state["urgent_share"][0] == 0.5
    assert flow(end, "priority_fee") == pytest.approx(0.1 * 0.5 * flow(end, "escrow_lock"), rel=1e-6)
    earned, paid = flow(end, "receipt_provider"), flow(end, "payment")
    assert earned - flow(end, "priority_fee") == pytest.approx(0.8 * paid, rel=1e-6)
    assert end.state["served_tokens"].sum() / end.state["demand_tokens"].sum() == pytest.approx(0.6, rel=1e-6)


def test_nobody_pays_for_priority_where_nobody_waits() -> None:
    taken = record(
        economy("demand", "market", "settlement", "queue", "priority_lane", days=30, demand=steady_demand(10.0)),
        "priority_fees_quiv",
    )
    assert np.all(taken["priority_fees_quiv"] == 0.0)
