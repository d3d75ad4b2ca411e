"""Receipts: what a consumer pays is what everybody else gets, to the last unit.

Theory: a split is an identity (double entry, Pacioli 1494). Of 100 QUIV paid, a provider gets 80 under the white
paper's first split (80 / 15 / 5), 94.5 under its second (2 / 3 / 0.5) and 95 under ROOT's (5 % of protocol fee), and
7.5, 2 and 2.5 are burned. Where nobody pays or nobody works, nothing moves. Source: the spec's receipt system and the
three documents' splits.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.engines.genesis import State
from experiments.inputs.scenario import load_scenario
from model.metrics import METRICS, Reading
from model.parameters.fees import Fees
from model.parameters.providers import Providers
from model.parameters.staking import Staking
from model.parameters.validation import Validation
from model.spec.receipt import Receipt
from tests.economics.limits import QUIV, STEADY, by_day, economy, flow, last, record, steady_demand, total

WHITEPAPER = Fees()
LOW_TAKE = Fees(network_share=0.025, burn_share=0.8, validator_share=0.005, treasury_share=0.03)
ROOT = Fees(
    network_share=0.05,
    burn_share=0.5,
    stakers_share=0.3,
    network_treasury_share=0.15,
    treasury_share=0.0,
    validator_share=0.0,
)
STACKED = Fees(network_share=0.05, burn_share=0.5, treasury_share=0.002, referral_share=0.002, base_burn_share=0.001)
PAYMENTS = ("demand", "market", "settlement")
PAID = 100 * QUIV
DUST = 10
PAYEES = ("provider", "operations", "insurance", "treasury", "burn", "validators", "stakers", "referral")


def day_of_payments(fees: Fees, multiplier: float = 1.0) -> Reading:
    """One day on which two consumers pay 100 QUIV: 10 USD at 0.10 USD."""

    def hold(state: State, params: State) -> None:
        state["fee_multiplier"][...] = multiplier

    return last(by_day(economy(*PAYMENTS, days=1, fees=fees, demand=steady_demand(10.0)), hold))


@pytest.mark.parametrize(
    ("fees", "provider", "burn", "treasury", "validators", "stakers"),
    [
        (WHITEPAPER, 80.0, 7.5, 5.0, 0.5, 0.0),
        (LOW_TAKE, 94.5, 2.0, 3.0, 0.5, 0.0),
        (ROOT, 95.0, 2.5, 0.75, 0.0, 1.5),
    ],
    ids=["80_15_5", "2_3_05", "root"],
)
def test_of_100_paid(
    fees: Fees, provider: float, burn: float, treasury: float, validators: float, stakers: float
) -> None:
    day = day_of_payments(fees)
    assert flow(day, "payment") == PAID
    assert flow(day, "receipt_burn") == total(day, "burned_nquiv") == burn * QUIV
    assert flow(day, "receipt_treasury") == treasury * QUIV
    assert flow(day, "receipt_stakers") == stakers * QUIV
    assert flow(day, "receipt_validators") == pytest.approx(validators * QUIV, abs=DUST)
    assert flow(day, "receipt_provider") == pytest.approx(provider * QUIV, abs=DUST)
    assert METRICS["take_rate"].read(day)[0] == pytest.approx(1.0 - provider / 100.0, abs=1e-9)


RECEIPT_FLOWS = {
    "network_fee": ("operations", "insurance"),
    "treasury_fee": ("treasury",),
    "burn_amount": ("burn",),
    "stakers_fee": ("stakers",),
}


@pytest.mark.parametrize("fees", [WHITEPAPER, LOW_TAKE, ROOT, STACKED], ids=["80_15_5", "2_3_05", "root", "stacked"])
@pytest.mark.parametrize("multiplier", [0.25, 1.0, 1.21, 4.0])
def test_a_day_is_the_spec_receipt_of_its_payments(fees: Fees, multiplier: float) -> None:
    """To the unit; what is divided among agents is up to dust below it."""
    day = day_of_payments(fees, multiplier)
    receipt = Receipt.of(flow(day, "payment"), fees, multiplier)
    for field, payees in RECEIPT_FLOWS.items():
        assert sum(flow(day, f"receipt_{payee}") for payee in payees) == receipt.amounts()[field]
    for field, payee in (
        ("provider_reward", "provider"),
        ("validator_fee", "validators"),
        ("referral_fee", "referral"),
    ):
        assert receipt.amounts()[field] - DUST <= flow(day, f"receipt_{payee}") <= receipt.amounts()[field]


@pytest.mark.parametrize("fees", [WHITEPAPER, LOW_TAKE, ROOT, STACKED], ids=["80_15_5", "2_3_05", "root", "stacked"])
@pytest.mark.parametrize("multiplier", [0.25, 1.0, 1.21, 4.0])
def test_parts_sum_to_the_payment_exactly(fees: Fees, multiplier: float) -> None:
    day = day_of_payments(fees, multiplier)
    parts = sum(flow(day, f"receipt_{payee}") for payee in PAYEES)
    dust = total(day, "settlement_nquiv")
    assert parts + dust == PAID
    assert 0 <= dust <= DUST


def test_insurance_is_a_hundredth_of_what_operations_take_in() -> None:
    day = day_of_payments(WHITEPAPER)
    assert flow(day, "receipt_operations") + flow(day, "receipt_insurance") == 7 * QUIV
    assert flow(day, "receipt_insurance") == 7 * QUIV // 100


def test_the_take_limit_binds_at_a_multiplier_of_four() -> None:
    """0.15 x 4 would take 60 %; with the treasury's 5 % the limit of 30 % leaves the network 25 %."""
    day = day_of_payments(WHITEPAPER, multiplier=4.0)
    assert flow(day, "receipt_provider") == pytest.approx(70 * QUIV, abs=DUST)
    assert flow(day, "receipt_burn") == 12.5 * QUIV
    assert flow(day, "receipt_treasury") == 5 * QUIV


def test_below_the_limit_the_multiplier_scales_the_network_fee_alone() -> None:
    day = day_of_payments(ROOT, multiplier=4.0)
    assert flow(day, "receipt_provider") == pytest.approx(80 * QUIV, abs=DUST)
    assert flow(day, "receipt_burn") == 10 * QUIV
    day = day_of_payments(WHITEPAPER, multiplier=0.25)
    assert flow(day, "receipt_provider") == pytest.approx(91.25 * QUIV, abs=DUST)
    assert flow(day, "receipt_treasury") == 5 * QUIV


def test_the_dust_of_a_day_is_paid_on_the_next() -> None:
    case = economy(*PAYMENTS, days=50, fees=WHITEPAPER, demand=steady_demand(10.0))
    dust = [total(reading, "settlement_nquiv") for reading in by_day(case)]
    assert max(dust) <= DUST


@pytest.mark.parametrize("on", [PAYMENTS, (*PAYMENTS, "dynamic_pricing", "adaptive_fee", "growth_multiplier", "price")])
def test_zero_demand_means_zero_payments_fees_and_burns(on: tuple[str, ...]) -> None:
    day = last(by_day(economy(*on, days=30, demand=steady_demand(0.0))))
    for name in ("payment", "consumer_purchase", *(f"receipt_{payee}" for payee in PAYEES)):
        assert flow(day, name) == 0
    assert total(day, "burned_nquiv") == total(day, "operations_nquiv") == 0
    assert METRICS["take_rate"].read(day)[0] == METRICS["congestion"].read(day)[0] == 0.0


def test_zero_capacity_means_nothing_served_and_nothing_paid() -> None:
    idle = Providers(capacity_tokens_per_day=0.0)
    on = (*PAYMENTS, "dynamic_pricing", "adaptive_fee", "growth_multiplier", "price", "emission", "rewards")
    with np.errstate(divide="raise", invalid="raise"):
        taken = record(
            economy(*on, days=30, providers=idle, demand=steady_demand(10.0)),
            "payments_quiv",
            "served_tokens",
            "burned_quiv",
            "demand_tokens",
            "price_usd",
        )
    assert np.all(taken["payments_quiv"] == 0.0)
    assert np.all(taken["served_tokens"] == 0.0)
    assert taken["burned_quiv"][-1] == 0.0 < taken["demand_tokens"][-1]
    assert np.all(np.isfinite(taken["price_usd"]))


def test_without_emission_and_burn_supply_is_constant() -> None:
    free = Fees(network_share=0.0, treasury_share=0.0)
    taken = record(
        economy(*PAYMENTS, "vesting", "staking", "treasury", "price", days=100, fees=free),
        "supply_quiv",
        "payments_quiv",
    )
    assert np.all(taken["supply_quiv"] == 650e6)
    assert np.all(taken["payments_quiv"][1:] > 0.0)


def test_demand_beyond_capacity_is_served_and_paid_in_part() -> None:
    """A small-model token is one unit of compute, and 12 M of them meet 6 M: half is served, half is paid."""
    case = economy(
        *PAYMENTS,
        days=3,
        demand=steady_demand(1.0, size_mix=(1.0, 0.0, 0.0)),
        providers=STEADY.model_copy(update={"size_mix": (1.0, 0.0, 0.0)}),
        exogenous={"demand_tokens": np.asarray([12e6])},
    )
    taken = record(case, "congestion", "served_tokens", "demand_tokens", "payments_quiv")
    assert taken["congestion"][-1] == pytest.approx(2.0, rel=1e-12)
    assert taken["demand_tokens"][-1] == pytest.approx(12e6, rel=1e-12)
    assert taken["served_tokens"][-1] == pytest.approx(6e6, rel=1e-9)
    assert taken["payments_quiv"][-1] == pytest.approx(6e6 * 0.001, rel=1e-9)


def test_a_tier_without_priority_gets_no_work() -> None:
    """With no weight for any tier nobody serves, so nobody pays and nothing piles up in the clearing account."""
    idle = Staking(tier_priority=(0.0, 0.0, 0.0, 0.0))
    end = last(by_day(economy("demand", "market", "settlement", days=3, demand=steady_demand(10.0), staking=idle)))
    assert flow(end, "payment") == 0
    assert total(end, "settlement_nquiv") == 0
    assert end.state["active_providers"][0] == 0


NOBODY = Validation(accuracy_bar=1.0, minimum_quiv=1e6)
"""Validators who never have the stake to be active."""


@pytest.mark.parametrize("fees", [WHITEPAPER, LOW_TAKE, ROOT, STACKED], ids=["80_15_5", "2_3_05", "root", "stacked"])
def test_without_an_active_validator_receipts_sum_to_payments_on_the_day(fees: Fees) -> None:
    """The network keeps what no validator earns (7.5 of 100 by the white paper, not 7.0): nothing waits overnight."""
    case = economy(*PAYMENTS, "validation", days=4, fees=fees, demand=steady_demand(10.0), validation=NOBODY)
    for day in list(by_day(case))[1:]:
        assert day.state["validator_active"].sum() == flow(day, "receipt_validators") == 0
        receipt = Receipt.of(flow(day, "payment"), fees, validators=False)
        assert flow(day, "receipt_operations") + flow(day, "receipt_insurance") == receipt.network_fee
        assert sum(flow(day, f"receipt_{payee}") for payee in PAYEES) == pytest.approx(PAID, abs=DUST)
        assert total(day, "settlement_nquiv") <= DUST


def test_a_launch_settles_every_day() -> None:
    """Payments begin two weeks before validators do."""
    for day in by_day(replace(load_scenario("launch_12_weeks"), days=32)):
        assert total(day, "settlement_nquiv") <= 1000 * DUST, int(day.state["day"])
    assert flow(day, "payment") + flow(day, "channel_payment") > 10_000 * QUIV


def test_what_escrow_releases_on_a_day_without_work_is_settled() -> None:
    """Nobody serves after the first days, and what was delivered before is paid to those who did it."""
    case = economy(*PAYMENTS, "escrow", days=5, demand=steady_demand(10.0))
    earned = []
    for day in by_day(case):
        if int(day.state["day"]) == 2:
            day.state["provider_online"][...] = 0.0
        earned.append((int(day.state["served_jobs"].sum()), flow(day, "receipt_provider")))
        assert total(day, "settlement_nquiv") <= DUST
    assert any(not served and paid > QUIV for served, paid in earned)
