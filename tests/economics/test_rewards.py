r"""Staking rewards: who is paid what, and what compounding makes of it.

Theory: rewards paid by stake and staked again leave every share as it was. Paid to one winner drawn by stake they are
a Polya urn (Fanti et al. 2018): of $n$ rewards of $R$ the share has mean $x_0$ and variance

$$ x_0 (1 - x_0) \frac{n R}{(S_0 / R + 1)(S_0 + n R)} \to x_0 (1 - x_0) \frac{R}{S_0 + R} $$

and tends to a Beta distribution, of sd 0.0676 where 10 and 30 compete for one at a time. Promised rates are a debt:
21 M QUIV a year carry 262.5 M at 8 %, 210 M at 10 % and 175 M at 12 %, and what is missing beyond is cut alike.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.validation.theory_staking import paid
from model.metrics import Reading
from tests.economics.limits import QUIV, YEAR, flow, total

PAID = ("emission", "rewards")
RULES = ("class_pools", "per_token", "fixed_apy", "lottery")
TEN_STAKES = np.asarray([10.0, 30.0])


def got(readings: list[Reading], account: str) -> list[int]:
    """What was added to an account over all days, by agent."""
    return (readings[-1].state[account] - readings[0].state[account])[0].tolist()


def test_pro_rata_rewards_leave_every_share_as_it_was() -> None:
    """Ten months of restaking, at 40 % a year: every share of a class to nine digits."""
    stakes, delegated = [1e5, 3e5, 6e5], {2: 1e5, 3: 2e5, 4: 7e5}
    readings = paid(stakes, delegated, days=300, restake_share=1.0)
    for account in ("provider_stake_nquiv", "holder_delegated_nquiv"):
        held = np.concatenate([r.state[account] for r in readings]).astype(float)
        shares = held / held.sum(axis=-1, keepdims=True)
        np.testing.assert_allclose(shares, np.broadcast_to(shares[0], shares.shape), rtol=1e-9)
        assert held[-1].sum() > 1.2 * held[0].sum()


def urn(days: int, runs: int) -> list[np.ndarray]:
    """Each day's share of the first of two who stake 10 and 30 QUIV and win one QUIV a day, by run."""
    readings = paid(
        [*TEN_STAKES, 0.0],
        {},
        days=days,
        runs=runs,
        noise=True,
        yearly_quiv=365.0,
        rewards="lottery",
        restake_share=1.0,
        direct_share=1.0,
        delegator_share=0.0,
    )
    held = [r.state["provider_stake_nquiv"] / QUIV for r in readings]
    np.testing.assert_allclose(held[-1].sum(axis=-1), TEN_STAKES.sum() + days, rtol=1e-9)
    assert set(np.unique(np.round(held[1][:, 0] - held[0][:, 0], 6))) == {0.0, 1.0}
    return [stakes[:, 0] / stakes.sum(axis=-1) for stakes in held]


def test_a_lottery_is_a_polya_urn() -> None:
    """Mean and variance after 1, 10, 100 and 600 draws, 2,000 urns, within 4 standard errors."""
    shares, runs = urn(600, 2000), 2000
    for draws in (1, 10, 100, 600):
        share = shares[draws]
        variance = 0.25 * 0.75 * draws / (41.0 * (40.0 + draws))
        assert abs(share.mean() - 0.25) < 4.0 * np.sqrt(variance / runs)
        moments = np.mean((share - 0.25) ** 4)
        assert abs(np.mean((share - 0.25) ** 2) - variance) < 4.0 * np.sqrt((moments - variance**2) / runs)
    in_the_end = stats.beta(10.0, 30.0).std()
    assert in_the_end == pytest.approx(np.sqrt(0.25 * 0.75 / 41.0))
    assert in_the_end == pytest.approx(0.0676, abs=5e-5)
    assert shares[-1].std() == pytest.approx(in_the_end * np.sqrt(600 / 640), rel=0.07)


def test_without_noise_a_lottery_pays_its_mean() -> None:
    rewards: dict[str, list[int]] = {}
    for rule in ("lottery", "class_pools"):
        readings = paid([1e5, 3e5, 0.0], {3: 1e5, 4: 2e5}, days=5, rewards=rule)
        rewards[rule] = got(readings, "provider_wallet_nquiv") + got(readings, "holder_wallet_nquiv")
    assert rewards["lottery"] == rewards["class_pools"]


def test_per_token_every_token_yields_the_same_and_the_provider_keeps_a_commission() -> None:
    """95 % of 1 M QUIV a year for 2 M QUIV: 47.5 % a year, less each provider's own commission on delegations."""
    stakes, delegated = [1e5, 2e5, 7e5], {2: 1e5, 3: 2e5, 4: 7e5}
    readings = paid(stakes, delegated, noise=True, rewards="per_token")
    commission = readings[-1].params["agents.commission"].reshape(-1)
    assert len(set(np.round(commission, 6))) == 3, "they differ"
    each = 0.95e6 / YEAR / 2e6
    own = np.asarray(stakes) * each
    gross = np.zeros(8)
    for holder, quiv in delegated.items():
        gross[holder] = quiv * each
    provider = np.arange(8) % 3
    kept = np.bincount(provider, weights=gross * commission[provider])
    np.testing.assert_allclose(got(readings, "provider_wallet_nquiv"), (own + kept) * QUIV, rtol=1e-9, atol=10)
    net = gross * (1.0 - commission[provider])
    np.testing.assert_allclose(got(readings, "holder_wallet_nquiv"), net * QUIV, rtol=1e-9, atol=10)
    end = readings[-1].state
    assert end["direct_apr"][0] == pytest.approx(0.475, rel=1e-9)
    assert end["delegator_apr"][0] == pytest.approx(net.sum() / 1e6 * YEAR, rel=1e-9)


@pytest.mark.parametrize("delegated_part", [0.1, 25.0 / 95.0, 0.6])
def test_class_pools_pay_like_tokens_where_a_quarter_of_95_is_delegated(delegated_part: float) -> None:
    """Per token both classes are paid alike at any split, by pools at 25/95 alone; commission aside."""
    yields = {}
    for rule in ("per_token", "class_pools"):
        readings = paid([(1.0 - delegated_part) * 1e6] * 3, {3: delegated_part * 3e6}, rewards=rule)
        end = readings[-1].state
        kept = float(readings[-1].params["agents.commission"].reshape(-1)[0]) if rule == "per_token" else 0.0
        yields[rule] = (float(end["direct_apr"][0]), float(end["delegator_apr"][0]) / (1.0 - kept))
    assert yields["per_token"] == pytest.approx((0.95e6 / 3e6,) * 2, rel=1e-9)
    assert yields["class_pools"] == pytest.approx(
        (0.70e6 / 3e6 / (1.0 - delegated_part), 0.25e6 / 3e6 / delegated_part), rel=1e-9
    )
    alike = yields["class_pools"][0] == pytest.approx(yields["class_pools"][1], rel=1e-9)
    assert alike == (delegated_part == 25.0 / 95.0)


TIERED = [9_999.0, 10_000.0, 60_000.0, 250_000.0, 3_000_000.0]
RATES = [0.0, 0.08, 0.10, 0.12, 0.15]


def promised(delegated_quiv: float) -> list[float]:
    """What the tiers and one delegation are promised a day, QUIV."""
    own = [stake * rate / YEAR for stake, rate in zip(TIERED, RATES, strict=True)]
    return [*own, delegated_quiv * 0.08 / YEAR]


def test_promised_rates_are_paid_exactly_where_the_pool_suffices() -> None:
    """For a month; what they leave stays in the pool."""
    readings = paid(TIERED, {3: 1e6}, days=30, rewards="fixed_apy")
    rewards = [*got(readings, "provider_wallet_nquiv"), got(readings, "holder_wallet_nquiv")[3]]
    due = np.asarray(promised(1e6)) * 30 * QUIV
    np.testing.assert_allclose(rewards, due, rtol=0, atol=30)
    assert all(r.state["reward_shortfall_quiv"][0] == 0.0 for r in readings)
    minted = flow(readings[-1], "emission_to_staking") * 30
    of_validators = sum(got(readings, "validator_wallet_nquiv"))
    assert total(readings[-1], "staking_rewards_nquiv") == pytest.approx(minted - sum(rewards) - of_validators, abs=60)


def test_promised_rates_are_cut_alike_where_the_pool_is_short_and_the_rest_is_the_shortfall() -> None:
    """365,000 QUIV a year, 950 a day but for validators, against 566,800 / 365 promised: 61.2 % of each."""
    (_, end) = readings = paid(TIERED, {3: 1e6}, yearly_quiv=365e3, rewards="fixed_apy")
    rewards = np.asarray([*got(readings, "provider_wallet_nquiv"), got(readings, "holder_wallet_nquiv")[3]])
    due = np.floor(np.asarray(promised(1e6)) * QUIV)
    pot = 950 * QUIV
    np.testing.assert_allclose(rewards, due * pot / due.sum(), rtol=1e-11, atol=2)
    assert 0 <= pot - rewards.sum() < 10
    assert round(float(end.state["reward_shortfall_quiv"][0]) * QUIV) == pytest.approx(due.sum() - pot, abs=3)
    assert due.sum() / QUIV == pytest.approx(566_800 / YEAR, rel=1e-9)


@pytest.mark.parametrize(("rate", "most_quiv"), [(0.08, 262.5e6), (0.10, 210e6), (0.12, 175e6)])
def test_the_stake_that_21_million_a_year_carry(rate: float, most_quiv: float) -> None:
    """All that is promised is paid up to there; a millionth more is a millionth short."""
    for stake, short in ((most_quiv, 0.0), (most_quiv * (1.0 + 1e-6), 21.0 / YEAR)):
        (_, end) = paid(
            [stake / 3] * 3,
            {},
            yearly_quiv=21e6,
            rewards="fixed_apy",
            fixed_apy=(rate,) * 4,
            direct_share=1.0,
            delegator_share=0.0,
        )
        assert float(end.state["reward_shortfall_quiv"][0]) == pytest.approx(short, rel=1e-6, abs=5e-9)
        assert float(end.state["direct_apr"][0]) == pytest.approx(rate * most_quiv / stake, rel=1e-9)


@pytest.mark.parametrize("rule", RULES)
def test_banned_stake_earns_nothing(rule: str) -> None:
    """Nor does what is delegated to it; where pools are shared out the others get its part."""
    readings = paid([2e5, 3e5, 5e5], {3: 1e5, 4: 2e5, 5: 3e5}, noise=True, rewards=rule, banned=(1,))
    providers, holders = got(readings, "provider_wallet_nquiv"), got(readings, "holder_wallet_nquiv")
    assert providers[1] == holders[4] == 0
    assert sum(providers) > 0
    assert sum(holders) > 0
    if rule == "class_pools":
        day = 1e6 / YEAR * QUIV
        np.testing.assert_allclose(providers, np.asarray([2, 0, 5]) / 7 * 0.70 * day, rtol=1e-9)
        np.testing.assert_allclose(holders[3:6], np.asarray([1, 0, 3]) / 4 * 0.25 * day, rtol=1e-9)


@pytest.mark.parametrize("rule", RULES)
def test_validators_are_paid_by_stake_while_they_are_active(rule: str) -> None:
    """Stakes of 10, 20 and 40 thousand, the last one inactive: thirds of 5 % of a day's million."""
    (_, end) = readings = paid([1e5] * 3, {3: 1e5}, rewards=rule)
    day = 0.05e6 / YEAR * QUIV
    np.testing.assert_allclose(got(readings, "validator_wallet_nquiv"), np.asarray([1, 2, 0]) / 3 * day, rtol=1e-9)
    assert float(end.state["validator_apr"][0]) == pytest.approx(0.05e6 / 70e3, rel=1e-9)


def test_what_nobody_can_be_paid_is_offered_again() -> None:
    """Three days without a delegation: a quarter of each day's pool waits, and is part of the next day's."""
    readings = paid([1e5] * 3, {}, days=3)
    day, waited, expected = 1e6 / YEAR, 0.0, []
    for _ in range(3):
        waited = 0.25 * (waited + day)
        expected.append(waited)
    left = [total(r, "staking_rewards_nquiv") / QUIV for r in readings[1:]]
    assert left == pytest.approx(expected, rel=1e-9)
    assert float(readings[-1].state["delegator_apr"][0]) == 0.0
