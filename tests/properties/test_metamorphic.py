"""What must follow when one thing changes: nothing demanded, nothing minted, more burned, a mechanism at rate zero.

Invariances are in `test_invariance.py`, checkpoints in `test_restart.py`. One does not apply: that halving the time
step changes little, for a step is one day and there is no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from experiments.engines.ensemble import execute
from experiments.engines.wiring import MECHANISMS
from experiments.validation.theory_shape import redenominated
from model.economy import Economy
from model.flows import LEDGER
from model.metrics import METRICS
from model.parameters import Parameters
from model.shocks import KINDS, Shock
from tests.engines.daily import QUICK, RAISE_BURN, State, assert_same, ensemble_days, small

SEED = 5
RUNS = range(3)
NO_EMISSION = {"yearly_quiv": (0.0,) * 10, "tail_first_rate_quiv": 0.0}
NO_STAKE_INCOME = {"emission": {"staking_share": 0.0}, "fees": {"stakers_share": 0.0}}
UNLOCKED = {"tge_share": (0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)}
KEPT_SLASHES = {"slashing": {"burn_share": 0.0}}
NO_MINIMUM = {"validation": {"minimum_quiv": 0.0}, "delegation": {"minimum_quiv": 0.0}}
NO_STAKING = {"adjustment_per_day": 0.0, "tier_minimum_quiv": (0.0, 0.0, 0.0, 0.0)}
STILL_PRICE = {"price_process": "gbm", "drift_per_year": 0.0, "volatility": 0.0}
NO_SHOCK = {0.0: 0.0, 1.0: 1.0}
"""The size that gives the value of a day on which nothing happens."""
COUNTED = ["audited_substeps", "price_seen_usd", "price_trend", "congestion_seen", "congestion_ring"]


RECORDS = ("proposal_", "proposals_", "voter_", "holder_stake_days", "provider_stake_days", "quarter_values")
"""What governance writes down and nobody but governance reads."""


def steady(**settings: Any) -> Economy:
    """A small economy whose parameters nobody proposes to change."""
    mechanisms = {"proposing": False} | settings.pop("mechanisms", {})
    return small(**settings, mechanisms=mechanisms)


def days_of(economy: Economy) -> list[State]:
    return ensemble_days([economy] * len(RUNS), SEED, RUNS)


def moved(days: list[State], flow: str) -> np.ndarray:
    """What a flow moved, nano-QUIV, by day and trajectory."""
    return np.array([day["flows_nquiv"][:, LEDGER.index[flow]] for day in days])


def supply(days: list[State]) -> np.ndarray:
    return np.array([day["minted_nquiv"] - day["burned_nquiv"] for day in days])


@pytest.mark.parametrize(
    "settings",
    [
        {"contracts": {"demand": {"budget_usd_per_day": 0.0}}, "mechanisms": {"slashing": False}},
        {"exogenous": {"demand_tokens": np.zeros(1)}, "mechanisms": {"slashing": False}},
        {"mechanisms": {"demand": False, "slashing": False}},
    ],
    ids=["no budgets", "no tokens", "off"],
)
def test_without_demand_nothing_is_paid_or_burned(settings: dict[str, Any]) -> None:
    days = days_of(steady(**settings))
    receipts = [flow for flow in LEDGER.flows if flow.startswith("receipt_")]
    for flow in ["payment", "channel_payment", "work_reward", "consumer_purchase", "priority_fee", *receipts]:
        assert not moved(days, flow).any(), flow
    jobs = (
        "posted_jobs",
        "served_jobs",
        "completed_jobs",
        "failed_jobs",
        "expired_jobs",
        "queued_jobs",
        "served_tokens",
    )
    assert not any(day["burned_nquiv"].any() or any(day[name].any() for name in jobs) for day in days)


def test_without_emission_and_burn_the_supply_is_constant() -> None:
    days = days_of(
        steady(contracts={"emission": NO_EMISSION, "fees": {"burn_share": 0.0, "base_burn_share": 0.0}} | KEPT_SLASHES)
    )
    assert moved(days, "payment").any()
    assert (supply(days) == supply(days)[0]).all()


def test_the_supply_changes_by_mint_and_burn_alone() -> None:
    days = days_of(steady())
    minted = moved(days, "emission_to_staking") + moved(days, "emission_to_work")
    burned = moved(days, "receipt_burn") + moved(days, "slash_burn")
    np.testing.assert_array_equal(np.diff(supply(days), axis=0), (minted - burned)[1:])


def test_a_larger_burn_share_lowers_the_supply_on_every_path() -> None:
    """Under a given price, and with operations that keep what they get, the same payments are made."""
    given: dict[str, Any] = {"exogenous": {"price_usd": np.linspace(0.1, 0.2, 61)}, "mechanisms": {"treasury": False}}
    shares = [0.0, 0.3, 0.8]
    paths = [days_of(steady(contracts={"fees": {"burn_share": share}}, **given)) for share in shares]
    for less, more in pairwise(paths):
        np.testing.assert_array_equal(moved(less, "payment"), moved(more, "payment"))
        assert (supply(more) <= supply(less)).all()
        assert (supply(more)[-1] < supply(less)[-1]).all()


@pytest.mark.parametrize(
    ("mechanism", "contracts"),
    [
        ("vesting", {"supply": UNLOCKED}),
        ("emission", {"emission": NO_EMISSION}),
        ("rewards", NO_STAKE_INCOME),
        ("demand", {"demand": {"budget_usd_per_day": 0.0, "trend_sigma": 0.0}}),
        ("adaptive_fee", {"fees": {"step_up": 0.0, "step_down": 0.0}}),
        ("staking", {"staking": NO_STAKING} | NO_MINIMUM),
        ("price", {"market": STILL_PRICE}),
    ],
)
def test_a_mechanism_at_rate_zero_is_a_mechanism_that_is_off(mechanism: str, contracts: dict[str, Any]) -> None:
    assert mechanism in MECHANISMS
    idle = days_of(steady(contracts=contracts))
    assert_same(idle, days_of(steady(contracts=contracts, mechanisms={mechanism: False})), leave=COUNTED)


NONE_OF_3, NONE_OF_4 = (0.0,) * 3, (0.0,) * 4
Contracts = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Idle:
    """A mechanism's parameters at which it does nothing, some at which it does, and what it writes all the same."""

    at_zero: Contracts
    at_work: Contracts
    leave: tuple[str, ...] = ()


IDLE: dict[str, dict[str, Idle]] = {
    "token market": {
        "market_maker": Idle(
            {"maker": {"budget_quiv": 0.0}}, {"maker": {"budget_quiv": 5e6, "budget_usd": 5e5}}, ("maker_",)
        ),
        "intervention": Idle(
            {"treasury": {"support_band": 0.0}},
            {"treasury": {"support_band": 0.001, "support_share": 0.01}},
            ("treasury_reference_usd",),
        ),
        "speculators": Idle(
            {"speculators": {"size": 0.0}}, {}, ("speculator_", "fundamentalist_share", "news", "value_usd")
        ),
        "oracle": Idle(
            {"oracle": {"feed_noise": 0.0, "stale_chance": 0.0, "fault_chance": 0.0, "breaker_width": 1e9}}, {}
        ),
    },
    "marketplace": {
        "priority_lane": Idle({"jobs": {"priority_share": 0.0}}, {}),
        "failures": Idle({"jobs": {"failure_share": 0.0}}, {}),
        "channels": Idle({"channels": {"share": 0.0}}, {}),
        "outages": Idle({"providers": {"downtime": 0.0}}, {"providers": {"downtime": 0.2}}),
        "entry": Idle({"providers": {"entry_speed": 0.0}}, {}, ("capacity_income_usd",)),
        "satisfaction": Idle({"satisfaction": {"churn_speed": 0.0, "return_speed": 0.0}}, {}, ("satisfaction",)),
        "rebates": Idle(
            {
                "rebates": {
                    "tier_discount": NONE_OF_4,
                    "volume_discount": NONE_OF_3,
                    "cashback_share": 0.0,
                    "prepaid_bonus": 0.0,
                    "referral_share": 0.0,
                    "developer_share": 0.0,
                }
            },
            {},
            ("consumer_month_usd", "provider_days_online"),
        ),
    },
    "quality": {
        "conduct": Idle({"conduct": {"principled_share": 1.0}}, {"conduct": {"principled_share": 0.0}}),
        "validation": Idle({"validation": {"canary_share": 0.0}}, {}, ("validator_accuracy",)),
        "challenges": Idle(
            {"challenges": {"notice_share": 0.0, "watch_share": 0.0, "frivolous_per_day": 0.0}},
            {"challenges": {"frivolous_per_day": 2.0}},
        ),
        "insurance": Idle({"insurance": {"claimed_share": 0.0}}, {"insurance": {"accidents_per_year": 365.0}}),
    },
}
"""Mechanisms, by what they are about."""

BUSY: Contracts = {"demand": {"budget_usd_per_day": 50_000.0}, "jobs": {"upheld_share": 0.0}}
"""So much demand that the price rises and jobs wait, and no refunds but those of challenges."""


def merged(*many: Contracts) -> Contracts:
    """Contracts of which later ones change values of earlier ones."""
    contracts: Contracts = {}
    for one in many:
        for contract, values in one.items():
            contracts[contract] = contracts.get(contract, {}) | values
    return contracts


@pytest.mark.parametrize("about", IDLE)
def test_mechanisms_at_rate_zero_are_mechanisms_that_are_off(about: str) -> None:
    """All of one kind at once: the first difference names the variable that one of them wrote."""
    idle = merged(BUSY, *(item.at_zero for item in IDLE[about].values()))
    left = tuple(prefix for item in IDLE[about].values() for prefix in item.leave)
    days = days_of(steady(days=40, contracts=idle))
    leave = [*COUNTED, *(name for name in days[0] if name.startswith(left))]
    off = dict.fromkeys(IDLE[about], False)
    assert_same(days, days_of(steady(days=40, contracts=idle, mechanisms=off)), leave=leave)


@pytest.mark.parametrize("about", IDLE)
def test_the_same_mechanisms_do_something_at_other_rates(about: str) -> None:
    """Each alone, the others at zero: without this the test above could be about nothing."""
    idle = [item.at_zero for item in IDLE[about].values()]
    cases = {
        mechanism: merged(BUSY, *(zero for zero in idle if zero is not item.at_zero), item.at_work)
        for mechanism, item in IDLE[about].items()
    }
    economies = [steady(days=40, contracts=contracts) for contracts in [merged(BUSY, *idle), *cases.values()]]
    end = ensemble_days(economies, SEED, [0] * len(economies))[-1]
    still = [
        mechanism
        for row, (mechanism, item) in enumerate(IDLE[about].items(), start=1)
        if all(
            np.array_equal(value[row], value[0])
            for name, value in end.items()
            if np.ndim(value) and not name.startswith((*item.leave, *COUNTED))
        )
    ]
    assert still == []


@pytest.mark.parametrize(
    "kind", [name for name, kind in KINDS.items() if kind.of_day(NO_SHOCK[kind.neutral]) == kind.neutral]
)
def test_a_shock_of_no_size_is_none(kind: str) -> None:
    """A price that jumps by nothing, a regime of the usual volatility."""
    shock = Shock(10, kind, NO_SHOCK[KINDS[kind].neutral])
    assert_same(days_of(steady(days=30, shocks=(shock,))), days_of(steady(days=30)))


def test_a_treasury_that_pays_nothing() -> None:
    """Grants at zero, and no network fee for operations to spend, are a treasury that is off."""
    contracts = {"treasury": {"grants_quiv_per_year": 0.0}, "fees": {"network_share": 0.0}}
    idle = days_of(steady(contracts=contracts))
    assert_same(
        idle, days_of(steady(contracts=contracts, mechanisms={"treasury": False})), leave=[*COUNTED, "milestone_met"]
    )


def test_a_growth_multiplier_held_at_one_mints_what_none_does() -> None:
    held = steady(contracts={"emission": {"growth_floor": 1.0, "growth_cap": 1.0, "growth_window_days": 7}})
    off = Economy(**{**vars(held), "mechanisms": {"growth_multiplier": False, "proposing": False}})
    leave = [name for name in days_of(held)[0] if name.startswith("growth_")]
    assert_same(days_of(held), days_of(off), leave=COUNTED + leave)


def test_a_proposal_that_fails_changes_nothing() -> None:
    """Its deposit is zero and nobody is for it: beside the proposal's own record all is as without governance."""
    free = QUICK | {"deposit_quiv": 0.0}
    failing = RAISE_BURN.__class__(**{**vars(RAISE_BURN), "support": 0.0})
    with_vote = steady(contracts={"governance": free}, proposals=(failing,))
    off = Economy(**{**vars(with_vote), "mechanisms": {"governance": False, "proposing": False}})
    leave = [name for name in days_of(off)[0] if name.startswith(RECORDS) and name != "proposal_deposits_nquiv"]
    assert_same(days_of(with_vote), days_of(off), leave=COUNTED + leave)


def test_a_proposal_for_the_live_value_changes_nothing_but_its_record() -> None:
    free = QUICK | {"deposit_quiv": 0.0}
    same = RAISE_BURN.__class__(**{**vars(RAISE_BURN), "value": 0.5})
    with_vote = steady(contracts={"governance": free}, proposals=(same,))
    off = Economy(**{**vars(with_vote), "mechanisms": {"governance": False, "proposing": False}})
    leave = [name for name in days_of(off)[0] if name.startswith(RECORDS) and name != "proposal_deposits_nquiv"]
    assert_same(days_of(with_vote), days_of(off), leave=COUNTED + leave)


def test_a_thousandth_of_the_tokens_are_worth_the_same_dollars() -> None:
    """Every figure in USD, and every ratio, but for rounding to whole units that are now a thousand times as coarse.

    So of the things of a day that are counted there may be one more or less.
    """
    usd = [name for name, metric in METRICS.items() if "QUIV" not in metric.unit and name != "nakamoto"]
    plain, fewer = (
        execute([Economy(days=120, parameters=given)] * 3, 5, [0, 1, 2], usd)["record"]
        for given in (Parameters(), redenominated(1000))
    )
    for place, name in enumerate(usd):
        off = 1.0 if METRICS[name].unit.startswith(("jobs", "canaries")) else 1e-6
        np.testing.assert_allclose(fewer[:, place], plain[:, place], rtol=1e-3, atol=off, err_msg=name)
    price = ["price_usd", "supply_quiv"]
    a, b = (
        execute([Economy(days=120, parameters=given)], 5, [0], price)["record"][-1, :, 0]
        for given in (Parameters(), redenominated(1000))
    )
    np.testing.assert_allclose(b, a * [1000.0, 1e-3], rtol=1e-4)
