"""Payment channels: the deposit, its velocity, and what nobody can do.

Theory: a consumer who spends a QUIV a day, pays F a deposit and r a day for capital deposits D* = sqrt(2 a F / r),
fills up every D*/a days, and holds D*/2 on average, so that a coin in channels turns over 2 * 365 a / D* times a year
(Baumol 1952; Tobin 1956). a = 100, F = 10, r = 20 % a year: 1,910.5 QUIV, 19.1 days, 38.2 a year. Little's law: what is
in channels is what goes in a day times how long it stays. A contract pays out what was paid in, and no more.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from experiments.validation.theory_price import BAUMOL, rich
from model.formulas import channels
from model.metrics import METRICS, Reading
from model.parameters.channels import Channels
from model.parameters.jobs import Jobs
from model.parameters.providers import Providers
from tests.economics.limits import QUIV, by_day, economy, flow, last, record, steady_demand, total

ON = ("demand", "market", "settlement", "channels")
PAID_OUT = ("channel_payment", "channel_refund")
USD = 20.0
"""Two consumers, 100 QUIV a day each at 0.10 USD."""


def read(reading: Reading, metric: str) -> float:
    return float(np.asarray(METRICS[metric].read(reading))[0])


def test_deposit_in_closed_form() -> None:
    found = channels.best_deposit(np.float64(100.0), np.float64(10.0), 0.2 / 365.0, 1.0, 3650.0)
    assert found == pytest.approx(1910.497, abs=1e-3)
    assert found / 100.0 == pytest.approx(19.10, abs=0.01)
    assert 2.0 * 365.0 * 100.0 / found == pytest.approx(38.2, abs=0.05)


def test_deposit_has_two_limits() -> None:
    """Free deposits are as small as a day's spending, free capital locks as much as the channel's life needs."""
    assert channels.best_deposit(np.float64(100.0), np.float64(0.0), 1e-3, 1.0, 30.0) == 100.0
    assert channels.best_deposit(np.float64(100.0), np.float64(10.0), 1e-12, 1.0, 30.0) == 3000.0


def test_deposits_refills_and_velocity_are_those_of_baumol_and_tobin() -> None:
    """In days of whole payments: 2 % of the continuous values."""
    seen = list(by_day(economy(*ON, days=400, demand=steady_demand(USD), channels=BAUMOL), rich))[20:]
    opened = np.array([read(reading, "channel_deposits") for reading in seen]) > 0
    refills = np.diff(np.flatnonzero(opened))
    deposits = np.array([flow(reading, "channel_deposit") for reading in seen])[opened] / 2.0 / QUIV
    held = np.array([total(reading, "consumer_channel_nquiv") for reading in seen]) / QUIV
    spent = np.array([flow(reading, "channel_payment") for reading in seen]) / QUIV
    during_the_day = held[:-1] - spent[1:] / 2.0
    assert refills.mean() == pytest.approx(19.10, rel=0.02)
    assert deposits.mean() == pytest.approx(1910.5, rel=0.02)
    assert spent[1:].mean() * 365.0 / during_the_day.mean() == pytest.approx(38.2, rel=0.02)


def test_each_deposit_pays_its_fee_to_the_treasury() -> None:
    seen = list(by_day(economy(*ON, days=60, demand=steady_demand(USD), channels=BAUMOL), rich))
    deposits = sum(read(reading, "channel_deposits") for reading in seen)
    assert deposits > 4
    assert sum(flow(reading, "channel_fee") for reading in seen) == deposits * 10 * QUIV


@pytest.mark.parametrize("missed", [0.0, 0.25, 1.0])
def test_what_is_not_claimed_before_a_channel_ends_is_the_consumers(missed: float) -> None:
    """Channels of ten days: on the last a part of that day's vouchers lapses, and returns with the rest."""
    short = Channels(share=1.0, expiry_days=10, missed_claims=missed, transaction_cost_usd=0.0, opening_fee_quiv=1.0)
    seen = list(by_day(economy(*ON, days=60, demand=steady_demand(USD), channels=short), rich))
    lapses = 0
    for before, now in pairwise(seen):
        ends = now.state["day"] - 1 >= before.state["channel_expiry_day"][0]
        due = now.state["stream_due_nquiv"][0]
        lapsed = now.state["channel_lapsed_nquiv"][0]
        np.testing.assert_allclose(lapsed, np.where(ends, missed * due, 0), atol=1)
        np.testing.assert_array_equal(now.state["claimed_nquiv"][0], due - lapsed)
        assert flow(now, "channel_payment") == int((due - lapsed).sum())
        lapses += int(ends.sum())
    assert lapses >= 8


def test_nobody_streams_more_than_was_deposited_and_nonces_only_grow() -> None:
    """Balances are what went in less what came out, by consumer, every day; a voucher a day with a payment."""
    hard = {"demand": steady_demand(USD, noise_sigma=1.0), "jobs": Jobs(failure_share=0.2)}
    short = Channels(share=0.9, expiry_days=5, opening_fee_quiv=3.0)
    nonces = np.zeros(2, dtype=np.int64)
    paid_in = paid_out = 0
    case = economy(*ON, "queue", "failures", "escrow", days=80, noise=True, channels=short, **hard)
    for reading in by_day(case):
        paid_in += flow(reading, "channel_deposit")
        paid_out += sum(flow(reading, name) for name in PAID_OUT)
        assert total(reading, "consumer_channel_nquiv") == paid_in - paid_out >= 0
        now = reading.state["channel_nonce"][0]
        np.testing.assert_array_equal(now - nonces, reading.state["stream_due_nquiv"][0] > 0 if now.any() else 0)
        nonces = now
    assert paid_out > 0


def test_a_channel_that_expires_gives_back_the_rest() -> None:
    """With nobody to serve, a deposit comes back whole at expiry."""
    nobody = Providers(initial_online=0.0)
    given = Channels(expiry_days=7)
    seen = list(by_day(economy(*ON, days=8, demand=steady_demand(USD), channels=given, providers=nobody), rich))
    deposited = flow(seen[1], "channel_deposit")
    assert deposited > 0
    assert [flow(reading, "channel_refund") for reading in seen[1:8]] == [0] * 7
    assert flow(seen[8], "channel_refund") == deposited
    assert all(flow(reading, "channel_payment") == 0 for reading in seen)


def test_channels_change_how_and_not_what_is_paid() -> None:
    """Without fees, consumers with deep pockets pay the same with channels and without."""
    free = Channels(share=0.7, opening_fee_quiv=0.0)
    cases = [economy(*on, days=20, demand=steady_demand(USD), channels=free) for on in (ON, ON[:-1])]
    ways = [[read(reading, "payments_quiv") for reading in by_day(case, rich)] for case in cases]
    np.testing.assert_allclose(ways[0], ways[1], rtol=1e-12)


def test_what_is_locked_in_channels_is_not_liquid() -> None:
    """Deposits leave wallets; the sum of both is what consumers own."""
    case = economy(*ON, days=1, demand=steady_demand(USD), channels=BAUMOL)
    end = last(by_day(case, rich))
    assert total(end, "consumer_channel_nquiv") == pytest.approx(2 * 1910.497 * QUIV, rel=1e-6)
    assert read(end, "channels_quiv") == pytest.approx(2 * 1910.497, rel=1e-6)


def test_streaming_pays_for_what_was_delivered() -> None:
    """A fifth of the jobs break off after a quarter: 85 % of the payment is due; all through channels from day two."""
    jobs = Jobs(failure_share=0.2, partial_delivery=0.25, tokens_per_job=(1.0, 1.0, 1.0))
    case = economy(*ON, "failures", days=2, demand=steady_demand(USD), channels=BAUMOL, jobs=jobs)
    end = last(by_day(case, rich))
    assert flow(end, "escrow_lock") == flow(end, "payment") == 0
    assert flow(end, "channel_payment") == pytest.approx(0.85 * 200 * QUIV, rel=1e-4)
    assert end.state["channel_nonce"].tolist() == [[1, 1]]


@pytest.mark.parametrize("usd", [0.0, USD])
def test_a_share_of_zero_is_no_channel(usd: float) -> None:
    taken = record(economy(*ON, days=30, demand=steady_demand(usd), channels=Channels(share=0.0)), "channels_quiv")
    assert not taken["channels_quiv"].any()
