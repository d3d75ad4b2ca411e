"""The spec's ChainMetrics and NetworkMetrics, from a state that can be reckoned by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.flows import LEDGER
from model.metrics import METRICS, SPEC_NAMES, Reading, measure
from tests.economics.limits import MILLION, QUIV, by_day, economy

TIER_1, TIER_2 = 10_000, 50_000


@pytest.fixture
def state() -> dict[str, Any]:
    """Three providers, two consumers, a validator and eight holders at genesis, with next to everything rewritten."""
    return dict(begun().state)


def begun() -> Reading:
    return next(by_day(economy(days=1)))


def read(state: dict[str, Any], *names: str) -> list[float]:
    values = measure(Reading(state, begun().params | PARAMS), names)
    return [float(np.asarray(value)[0]) for value in values]


PARAMS = {
    "agents.tolerance": np.asarray([[0.5, 0.7]]),
    "agents.budget_usd": np.asarray([[30.0, 10.0]]),
    "agents.size_mix": np.asarray([[[1.0, 0.0], [0.0, 0.5], [0.0, 0.5]]]),
}


def flows(**quiv: float) -> np.ndarray:
    """What flows have moved today."""
    moved = np.zeros((1, len(LEDGER.flows)), dtype=np.int64)
    for name, amount in quiv.items():
        moved[0, LEDGER.index[name]] = round(amount * QUIV)
    return moved


def own(name: str, *values: float, quiv: bool = False) -> dict[str, np.ndarray]:
    """A variable of one trajectory."""
    return {name: np.asarray([[round(v * QUIV) for v in values]] if quiv else [list(values)])}


def test_the_chain(state: dict[str, Any]) -> None:
    """Stakes of 60,000, 20,000 and 10,000 among 100,000 that circulate, at 0.5 USD."""
    for name, account in LEDGER.accounts.items():
        state[name] = np.zeros_like(state[name])
        assert account.name == name
    state |= own("provider_stake_nquiv", TIER_2, TIER_1, 0.0, quiv=True)
    state |= own("holder_delegated_nquiv", 20_000, *[0.0] * 7, quiv=True)
    state |= own("validator_stake_nquiv", 10_000, quiv=True)
    state |= own("provider_unbonding_nquiv", 0.0, 0.0, 1_000, quiv=True)
    state |= own("consumer_escrow_nquiv", 2_000, 0.0, quiv=True)
    state |= own("consumer_wallet_nquiv", 0.0, 7_000, quiv=True)
    state |= {"treasury_nquiv": np.asarray([900_000 * QUIV]), "burned_nquiv": np.asarray([3 * QUIV])}
    state |= {"price_usd": np.asarray([0.5]), **own("validator_active", 1.0)}
    names = ("tvl_usd", "circulating_quiv", "burned_quiv", "staking_ratio", "active_validators")
    assert read(state, *names) == pytest.approx([0.5 * 93_000, 100_000, 3.0, 0.9, 1.0])
    assert read(state, "provider_uptime", "uptime_bronze", "uptime_silver") == pytest.approx([1.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("statuses", "activity"),
    [([0, 4, 5, 6], 0.0), ([1, 3, 7, 0], 2.0), ([2, 2, 1, 4], 5.0)],
)
def test_governance_activity(state: dict[str, Any], statuses: list[int], activity: float) -> None:
    """Ended or empty is nothing, in discussion or timelock one, in vote two."""
    state["proposal_status"] = np.asarray([statuses])
    assert read(state, "governance_activity") == [activity]


def test_uptime_by_its_distribution(state: dict[str, Any]) -> None:
    """Two of three are online: one at 0.96 with a stake of the second tier, one at 0.80 with one of the first."""
    state |= own("provider_stake_nquiv", TIER_2, TIER_1, TIER_1, quiv=True)
    state |= own("provider_online", 1.0, 1.0, 0.0) | own("provider_up", 1.0, 0.0, 1.0)
    state |= own("provider_activity", 0.96, 0.80, 0.10)
    names = (
        "provider_uptime",
        "uptime_below_95_share",
        "uptime_lowest",
        "uptime_bronze",
        "uptime_silver",
        "uptime_gold",
    )
    assert read(state, *names) == pytest.approx([0.5, 0.5, 0.8, 0.8, 0.96, 0.0])
    state |= own("provider_online", 0.0, 0.0, 0.0)
    assert read(state, *names) == pytest.approx([1.0, 0.0, 1.0, 0.0, 0.0, 0.0])


def test_satisfaction_by_its_distribution(state: dict[str, Any]) -> None:
    """Of two consumers with budgets of 30 and 10 USD the second is 0.1 below its tolerance and half gone."""
    state |= own("satisfaction", 0.9, 0.6) | own("consumer_active", 1.0, 0.5)
    names = ("consumer_satisfaction", "satisfaction_margin_p10", "dissatisfied_share", "active_consumers")
    assert read(state, *names) == pytest.approx([0.75, -0.1, 0.25, 1.5])
    assert read(state, *(f"retained_share_{size}" for size in ("small", "medium", "large"))) == [1.0, 0.5, 0.5]


def test_revenue_of_network_provider_and_treasury(state: dict[str, Any]) -> None:
    """Of payments of 100 QUIV 80 to the provider, 5 to the treasury, 8 burned, 7 to operations; a deposit of 10."""
    state["flows_nquiv"] = flows(
        receipt_provider=80.0, receipt_treasury=5.0, receipt_burn=8.0, receipt_operations=7.0, deposit_forfeit=10.0
    )
    state["price_usd"] = np.asarray([0.5])
    names = ("revenue_quiv", "revenue_usd", "provider_reward_quiv", "provider_reward_usd")
    assert read(state, *names) == pytest.approx([20.0, 10.0, 80.0, 40.0])
    assert read(state, "treasury_income_quiv", "treasury_income_usd", "network_fee_quiv", "burn_quiv") == pytest.approx(
        [15.0, 7.5, 7.0, 8.0]
    )


def test_volume_and_latency_by_model(state: dict[str, Any]) -> None:
    """Each size has its own; the mean latency is over jobs, of which there are as many as tokens make."""
    state |= own("served_tokens", MILLION, 2 * MILLION, 0.0) | own("latency_s", 2.0, 5.0, 15.0)
    state |= own("demand_tokens", 1366.0, 2 * 1366.0, 2075.0)
    volume, latency = SPEC_NAMES["NetworkMetrics.InferenceVolume"], SPEC_NAMES["NetworkMetrics.AverageLatency"]
    assert read(state, *volume) == [MILLION, 2 * MILLION, 0.0]
    assert read(state, *latency) == [2.0, 5.0, 15.0]
    assert read(state, "latency_s") == pytest.approx([(2.0 + 2 * 5.0 + 15.0) / 4])


def test_every_metric_has_a_unit_and_a_sentence() -> None:
    assert [m.name for m in METRICS.values() if not m.unit or not m.doc.endswith(".")] == []
