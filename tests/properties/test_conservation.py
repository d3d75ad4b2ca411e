"""Money is conserved, whatever the parameters: sixty days of random economies through the ensemble."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from experiments.engines.ensemble import EnsembleExecution
from model.codes import ProposalStatus
from model.economy import Economy
from model.flows import LEDGER
from model.formulas import vesting
from model.ledger import BURNED, CAP_NQUIV, MINTED
from model.metrics import METRICS
from model.parameters import REGISTRY
from model.spec.exact import GoPanic
from state_updates import COUNTERS, VARIABLES
from tests.engines.daily import QUICK, RAISE_BURN, SMALL, State, ensemble_days, small, watch_ensemble
from tests.properties.random_economies import economies

TIMELOCK = ProposalStatus.TIMELOCK

# No shrinking: an example takes a fifth of a second and has a hundred numbers, so it would last minutes and explain
# little. The note says what of the example is not the default.
MANY = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def test_default_parameters_conserve() -> None:
    checks = Checks()
    watch_ensemble([small(proposals=(RAISE_BURN,))] * 3, 1, [0, 1, 2], checks.day, tuple(METRICS))
    assert checks.days == 61


@MANY
@given(economy=economies(), seed=st.integers(0, 2**63 - 1), runs=st.sets(st.integers(0, 10**6), min_size=2, max_size=3))
def test_any_economy_conserves(economy: Economy, seed: int, runs: set[int]) -> None:
    note(f"changed: {changed(economy)}")
    checks = checks_of(economy)
    try:
        with np.errstate(all="raise", under="ignore"):
            watch_ensemble([economy] * len(runs), seed, sorted(runs), checks.day, tuple(METRICS))
    except GoPanic:
        assert economy.go_literal
    else:
        assert checks.days == economy.days + 1


def checks_of(economy: Economy) -> Checks:
    """The checks that an economy's mechanisms call for."""
    linear = economy.parameters.supply.cliff_reading == "linear_after_cliff"
    unlocked = vesting.vested_after_cliff if linear else vesting.vested
    return VestingChecks(unlocked) if economy.on("vesting") else Checks()


def changed(economy: Economy) -> dict[str, Any]:
    """What of an economy is not the default, for a failure's report."""
    default = Economy().parameters.model_dump()
    given = economy.parameters.model_dump()
    return {f"{c}.{k}": v for c, values in given.items() for k, v in values.items() if v != default[c][k]}


class Checks:
    """What holds at the end of every day."""

    def __init__(self) -> None:
        self.days = 0
        self.form: dict[str, tuple[Any, ...]] = {}

    def day(self, execution: EnsembleExecution) -> None:
        state = {name: np.asarray(value) for name, value in execution.state.items()}
        form = {name: (value.shape, value.dtype) for name, value in state.items()}
        self.form = self.form or form
        assert form == self.form
        assert set(form) == set(VARIABLES)
        _balanced(state)
        _finite(execution, state)
        _unbonding_owed(state, execution.params, self.days)
        _deposits_held(state)
        self.days += 1


class VestingChecks(Checks):
    """The same, and the locked accounts follow the schedule of the reading."""

    def __init__(self, unlocked: Callable[..., Any]) -> None:
        super().__init__()
        self.unlocked = unlocked

    def day(self, execution: EnsembleExecution) -> None:
        params = execution.params
        total = params["genesis.allocation_nquiv"]
        terms = (total, params["genesis.tge_nquiv"], params["supply.cliff_days"], params["supply.vesting_days"])
        due = total - self.unlocked(*terms, np.int64(self.days)) + 0 * execution.state["vesting_nquiv"]
        np.testing.assert_array_equal(execution.state["vesting_nquiv"], due)
        super().day(execution)


def _balanced(state: State) -> None:
    holdings = [LEDGER.total(name, state[name]).tolist() for name in LEDGER.accounts]
    for row, (minted, burned) in enumerate(zip(state[MINTED], state[BURNED], strict=True)):
        assert int(minted) - int(burned) == sum(account[row] for account in holdings)
        assert 0 <= int(burned) <= int(minted) <= CAP_NQUIV
    assert all(state[name].min(initial=0) >= 0 for name in LEDGER.accounts)
    assert state["flows_nquiv"].min() >= 0


def _finite(execution: EnsembleExecution, state: State) -> None:
    for name, value in state.items():
        assert name in COUNTERS or np.isfinite(value).all(), name
    today = execution.record[int(state["day"])]
    assert np.isfinite(today).all(), [
        name for name, row in zip(execution.metrics, today, strict=True) if not np.isfinite(row).all()
    ]


def _unbonding_owed(state: State, params: State, day: int) -> None:
    """The rings hold the shares of unbonding, which are worth a nano-QUIV each or, after slashes, less."""
    for who in ("provider", "holder", "validator"):
        ring, rate = state[f"{who}_released_nquiv"], state[f"{who}_release_rate_nquiv"]
        length = ring.shape[-2]
        last = (np.arange(length) - day) % length + 1
        linear = rate.any() or not ring.any()
        left = last if linear else np.ones_like(last)
        np.testing.assert_array_equal((ring * left[:, None]).sum(axis=-2), state[f"{who}_unbonding_shares_nquiv"])
        assert (state[f"{who}_unbonding_nquiv"] <= state[f"{who}_unbonding_shares_nquiv"]).all()
        assert (8 * state[f"{who}_unbonding_nquiv"] >= state[f"{who}_unbonding_shares_nquiv"]).all()
        if linear:
            np.testing.assert_array_equal(ring.sum(axis=-2), rate)


def _deposits_held(state: State) -> None:
    """Deposits are those of open proposals."""
    held = state["proposal_deposit_nquiv"]
    np.testing.assert_array_equal(held.sum(axis=-1), state["proposal_deposits_nquiv"])
    assert not held[state["proposal_status"] > TIMELOCK].any()


@pytest.mark.parametrize("shape", ["linear", "cliff"])
@pytest.mark.parametrize("days", [1, 2, 21])
def test_unbonding_ends(shape: str, days: int) -> None:
    """Stake is given up at once and for good: all is liquid in time, but for what whole instalments leave over."""
    staking = {"unbonding_shape": shape, "unbonding_days": days, "required_return": 5.0, "sensitivity": 5000.0}
    staking |= {"adjustment_per_day": 1.0, "tier_minimum_quiv": (0.0, 0.0, 0.0, 0.0)}
    setting = small(40, contracts={"staking": staking}, mechanisms={"emission": False, "settlement": False})
    checks = Checks()
    state = watch_ensemble([setting] * 2, 1, [0, 1], checks.day)["state"]
    left = days if shape == "linear" else 1
    assert (state["provider_stake_nquiv"] < left).all()
    assert not state["provider_unbonding_nquiv"].any()


def test_a_deposit_comes_back_without_a_timelock() -> None:
    """A proposal that goes from vote to execution in a day has its deposit returned."""
    carried = replace(RAISE_BURN, support=1.0)
    setting = small(20, proposals=(carried,), contracts={"governance": QUICK | {"timelock_days": 0}})
    checks = Checks()
    state = watch_ensemble([setting] * 2, 1, [0, 1], checks.day)["state"]
    assert state["fees.burn_share"].tolist() == [0.55, 0.55]
    assert state["proposal_deposits_nquiv"].tolist() == [0, 0]


def test_a_deposit_without_support_is_forfeited() -> None:
    setting = small(20, proposals=(replace(RAISE_BURN, support=0.0),), mechanisms={"treasury": False})
    days = ensemble_days([setting], 1, [0])
    assert sum(int(day["proposal_deposits_nquiv"][0] > 0) for day in days) == 5
    moved = [int(day["flows_nquiv"][0, LEDGER.index["deposit_forfeit"]]) for day in days]
    assert max(moved) == sum(moved) == 100_000 * 10**9


def test_an_allocation_without_vesting_is_unlocked_at_genesis() -> None:
    """A vesting period of zero days unlocks everything, whatever part is due at genesis."""
    supply = {"vesting_days": (0, 0, 0, 1095, 0, 1825, 0), "cliff_days": (0, 0, 0, 182, 0, 0, 0)}
    first, *_ = ensemble_days([small(1, contracts={"supply": supply})], 1, [0])
    assert first["vesting_nquiv"][0].tolist() == [0, 0, 0, 10**17, 0, 5 * 10**16, 0]


@pytest.mark.parametrize("shares", [(0.0, *[1 / 6] * 6), (0.0, 0.4, 0.2 + 8e-10, 0.1, 0.1, 0.1, 0.1)])
def test_rounded_allocations_stay_under_the_cap(shares: tuple[float, ...]) -> None:
    first, *_ = ensemble_days([small(1, contracts={"supply": {"allocation_share": shares}})], 1, [0])
    assert int(first[MINTED][0]) <= CAP_NQUIV


def test_many_consumers_at_a_price_of_nearly_nothing() -> None:
    """What is due passes int64 when fifteen consumers owe the whole supply each; no more is served than demanded."""
    contracts = {
        "population": SMALL | {"consumers": 15},
        "providers": {"capacity_tokens_per_day": 1e13},
        "pricing": {"base_rate_quiv": 10.0, "numeraire": "quiv"},
        "demand": {"budget_sigma": 0.0},
    }
    setting = small(20, contracts=contracts, exogenous={"price_usd": np.array([1e-9])})
    checks = Checks()
    with np.errstate(all="raise", under="ignore"):
        state = watch_ensemble([setting], 1, [0], checks.day, tuple(METRICS))["state"]
    assert (state["served_tokens"] <= state["demand_tokens"]).all()


def test_votes_of_the_whole_supply() -> None:
    """Votes stay whole numbers when everything is liquid, everyone votes, and a token has the most votes."""
    most = REGISTRY["governance.staked_weight"].high
    governance = QUICK | {"staked_weight": most, "turnout": 1.0, "deposit_quiv": 0.0}
    supply = {"allocation_share": (0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0), "tge_share": (1.0,) * 7}
    staking = {"required_return": 0.0, "sensitivity": 5000.0, "adjustment_per_day": 1.0}
    contracts = {"governance": governance, "supply": supply, "staking": staking, "market": {"price_process": "gbm"}}
    proposal = replace(RAISE_BURN, day=40, support=1.0)
    setting = small(45, contracts=contracts, proposals=(proposal,), go_literal=True)
    state = watch_ensemble([setting], 1, [0], Checks().day)["state"]
    assert state["proposal_for_nquiv"].min() > 0


def test_a_given_demand_without_budgets() -> None:
    """A demand path needs no budgets to be divided by."""
    setting = small(5, contracts={"demand": {"budget_usd_per_day": 0.0}}, exogenous={"demand_tokens": np.array([1e5])})
    checks = Checks()
    watch_ensemble([setting], 1, [0], checks.day, tuple(METRICS))
    assert checks.days == 6
