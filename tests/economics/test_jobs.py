"""Jobs, their queue, failures and escrow.

Theory: jobs are neither made nor lost (posted = completed + failed + expired + growth of the queue). Little's law
(Little 1961): what is pending or in escrow is its rate times the time that it stays. With demand above capacity for
ever, oldest first, every job waits its longest: the queue holds `expiry_days` days of demand, and what passes
capacity expires and is refunded. Of many jobs a binomial number fails.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engines.genesis import State, genesis_alone
from model.metrics import METRICS, Reading
from model.parameters.jobs import Jobs
from model.parameters.providers import Providers
from model.parameters.staking import Staking
from policies.jobs import queue_and_serve
from tests.economics.limits import QUIV, by_day, economy, flow, last, record, steady_demand, total
from tests.engines.daily import small

PAYMENTS = ("demand", "market", "settlement")
AMPLE = Providers(capacity_growth=0.0, initial_online=1.0, quality_sigma=0.0)
SHORT = Providers(capacity_tokens_per_day=5e5, capacity_growth=0.0, initial_online=1.0)
"""Three providers, 1.5 million tokens of compute a day."""

NOBODY = Providers(initial_online=0.0)
REFUNDS = ("expiry_refund", "failure_refund", "challenge_refund")
PAYEES = ("provider", "operations", "insurance", "treasury", "burn", "validators")
COUNTS = ("posted_jobs", "completed_jobs", "failed_jobs", "expired_jobs", "pending_jobs")
USD = 250.0
"""2.5 million tokens a day at the base rate and 0.10 USD: 250 USD over 1e-4 USD a token of compute."""


def read(reading: Reading, metric: str) -> float:
    return float(np.asarray(METRICS[metric].read(reading))[0])


def refunded(reading: Reading) -> int:
    return sum(flow(reading, name) for name in REFUNDS)


def rich(state: State, params: State) -> None:
    """Consumers whose wallets never run dry; the tokens are the treasury's."""
    state["consumer_wallet_nquiv"][...] += 1_000_000 * QUIV
    state["treasury_nquiv"][...] -= state["consumer_wallet_nquiv"].shape[-1] * 1_000_000 * QUIV


@pytest.mark.parametrize("days", [1, 2, 5])
def test_under_overload_every_job_waits_its_longest(days: int) -> None:
    """L = lambda W: the pending jobs are `expiry_days` days of posted ones; capacity is served, the rest expires."""
    jobs = Jobs(expiry_days=days)
    case = economy(*PAYMENTS, "queue", days=60, demand=steady_demand(USD), providers=SHORT, jobs=jobs)
    end = last(by_day(case, rich))
    compute = float(np.sum(end.state["served_tokens"] * end.params["pricing.complexity"]))
    assert compute == pytest.approx(1.5e6, rel=1e-9)
    assert read(end, "pending_jobs") / read(end, "posted_jobs") == pytest.approx(days, rel=0.01)
    assert total(end, "consumer_escrow_nquiv") / flow(end, "escrow_lock") == pytest.approx(days, rel=1e-9)
    assert flow(end, "expiry_refund") / flow(end, "escrow_lock") == pytest.approx(0.4, rel=1e-9)


def test_jobs_are_neither_made_nor_lost() -> None:
    on = (*PAYMENTS, "queue", "failures", "escrow", "dynamic_pricing")
    jobs, demand = Jobs(expiry_days=2, failure_share=0.1), steady_demand(8.0 * USD, noise_sigma=0.6)
    case = economy(*on, days=40, noise=True, demand=demand, providers=SHORT, jobs=jobs)
    taken = record(case, *COUNTS)
    done = taken["completed_jobs"] + taken["failed_jobs"] + taken["expired_jobs"]
    np.testing.assert_array_equal(taken["posted_jobs"][1:], done[1:] + np.diff(taken["pending_jobs"]))
    assert taken["failed_jobs"].sum() > 0
    assert taken["expired_jobs"].sum() > 0


@pytest.mark.parametrize("hours", [0.0, 1.0, 23.0, 24.0, 36.0, 240.0])
def test_escrow_holds_the_window_times_the_payments(hours: float) -> None:
    """Little's law for escrow, at any length of the challenge window."""
    jobs = Jobs(challenge_hours=hours, upheld_share=0.0)
    case = economy(*PAYMENTS, "escrow", days=30, demand=steady_demand(10.0), jobs=jobs)
    end = last(by_day(case, rich))
    assert flow(end, "payment") == pytest.approx(100 * QUIV, abs=10)
    assert total(end, "consumer_escrow_nquiv") == pytest.approx(hours / 24.0 * 100 * QUIV, abs=10)


def test_escrow_is_what_waits_and_what_can_be_challenged() -> None:
    """To the last unit, every day; so it is empty when nothing is pending."""
    on = (*PAYMENTS, "queue", "failures", "escrow")
    jobs = Jobs(expiry_days=3, challenge_hours=60.0, failure_share=0.1, upheld_share=0.05)
    idle_from = 20

    demand = steady_demand(USD, noise_sigma=0.6)
    case = economy(*on, days=40, noise=True, demand=demand, providers=SHORT, jobs=jobs)
    stop = economy(*on, days=40, noise=True, demand=steady_demand(0.0), providers=SHORT, jobs=jobs)
    held: Reading | None = None
    for reading in by_day(case):
        held = reading if reading.state["day"] <= idle_from else held
        waiting = reading.state["queued_nquiv"].sum() + reading.state["window_nquiv"].sum()
        assert total(reading, "consumer_escrow_nquiv") == waiting
    assert held is not None
    assert total(held, "consumer_escrow_nquiv") > 0

    def resume(state: State, params: State) -> None:
        """Yesterday's queue, and nobody who wants anything more."""
        state |= {key: value.copy() for key, value in held.state.items() if key != "day"}

    end = last(by_day(stop, resume))
    assert total(end, "consumer_escrow_nquiv") == 0
    assert read(end, "pending_jobs") == 0.0


def test_with_nobody_to_serve_all_is_refunded() -> None:
    """No provider: nothing served, every job expires, every QUIV comes back, and no figure is lost."""
    idle = Staking(initial_share=0.0)
    on = (*PAYMENTS, "queue", "failures", "escrow", "latency")
    case = economy(*on, days=9, demand=steady_demand(USD), providers=NOBODY, staking=idle)
    seen = list(by_day(case))
    locked = sum(flow(reading, "escrow_lock") for reading in seen)
    back = sum(flow(reading, "expiry_refund") for reading in seen)
    assert locked > 0
    assert locked == back + total(seen[-1], "consumer_escrow_nquiv")
    assert all(flow(reading, "payment") == 0 for reading in seen)
    assert read(seen[-1], "expired_jobs") > 0.0
    assert all(np.isfinite(METRICS[name].read(seen[-1])).all() for name in METRICS)


def test_without_demand_there_are_no_jobs() -> None:
    case = economy(*PAYMENTS, "queue", "failures", "escrow", days=5, demand=steady_demand(0.0))
    for reading in by_day(case):
        assert [read(reading, name) for name in COUNTS] == [0.0] * len(COUNTS)
        assert flow(reading, "escrow_lock") == flow(reading, "payment") == refunded(reading) == 0


def test_without_a_queue_what_is_not_served_comes_back_today() -> None:
    case = economy(*PAYMENTS, days=3, demand=steady_demand(USD), providers=SHORT)
    end = last(by_day(case, rich))
    assert flow(end, "expiry_refund") / flow(end, "escrow_lock") == pytest.approx(0.4, rel=1e-9)
    assert total(end, "consumer_escrow_nquiv") == 0
    assert read(end, "pending_jobs") == 0.0


@pytest.mark.parametrize(("failing", "delivered"), [(0.0, 0.5), (0.2, 0.0), (0.2, 0.5), (1.0, 0.25), (1.0, 1.0)])
def test_partial_delivery_is_paid_pro_rata(failing: float, delivered: float) -> None:
    """Without noise the expected number of jobs fails, to the nearest whole one; the rest of the payment returns."""
    jobs = Jobs(failure_share=failing, partial_delivery=delivered, tokens_per_job=(1.0, 1.0, 1.0))
    case = economy(*PAYMENTS, "failures", days=2, demand=steady_demand(10.0), jobs=jobs)
    end = last(by_day(case, rich))
    lost = failing * (1.0 - delivered)
    assert flow(end, "failure_refund") / flow(end, "escrow_lock") == pytest.approx(lost, abs=1e-4)
    assert flow(end, "payment") + flow(end, "failure_refund") == flow(end, "escrow_lock")


def test_failures_are_binomial() -> None:
    """Mean n p and variance n p (1 - p), within four standard errors of 400 days."""
    days, chance = 400, 0.05
    jobs = Jobs(failure_share=chance, tokens_per_job=(100.0, 100.0, 100.0))
    case = economy(
        *PAYMENTS,
        "failures",
        days=days,
        noise=True,
        demand=steady_demand(10.0, noise_sigma=0.0),
        providers=AMPLE,
        jobs=jobs,
    )
    taken = record(case, "failed_jobs", "completed_jobs")
    served = taken["failed_jobs"][1:] + taken["completed_jobs"][1:]
    score = (taken["failed_jobs"][1:] - chance * served) / np.sqrt(chance * (1.0 - chance) * served)
    assert abs(score.mean()) < 4.0 / np.sqrt(days)
    assert abs(score.var() - 1.0) < 4.0 * np.sqrt(2.0 / days)


def test_an_upheld_challenge_returns_its_payment() -> None:
    case = economy(*PAYMENTS, "escrow", days=9, demand=steady_demand(10.0), jobs=Jobs(upheld_share=0.25))
    end = last(by_day(case, rich))
    assert flow(end, "challenge_refund") == pytest.approx(25 * QUIV, abs=10)
    assert flow(end, "payment") == pytest.approx(75 * QUIV, abs=10)
    assert sum(flow(end, f"receipt_{payee}") for payee in PAYEES) == pytest.approx(75 * QUIV, abs=10)


@pytest.mark.parametrize("due", [1_000, 1_001])
def test_a_nano_quiv_does_not_decide_how_many_jobs_wait(due: int) -> None:
    """Of 28 jobs whose payment is streamed to a half, 14 can wait, though a half of 1,001 nano-QUIV is 500."""
    state, params = genesis_alone(small(5, contracts={"channels": {"share": 0.5}}), 1, 0)
    ordered = np.zeros_like(state["ordered_tokens"])
    ordered[0, 0] = 1.0
    state |= {
        "ordered_tokens": ordered,
        "paid_price_quiv": np.full_like(state["paid_price_quiv"], due * 1e-9),
        "demand_tokens": np.array([28.5, 0.0, 0.0]) * params["jobs.tokens_per_job"],
        "admitted_tokens": np.zeros_like(state["admitted_tokens"]),
        "consumer_wallet_nquiv": np.full_like(state["consumer_wallet_nquiv"], due),
        "consumer_channel_nquiv": np.full_like(state["consumer_channel_nquiv"], due),
    }
    found = queue_and_serve(params, None, None, state)
    assert found["posted_jobs"].tolist() == [28, 0, 0]
    assert found["queued_jobs"][-1].tolist() == found["expired_jobs"].tolist() == [14, 0, 0]
