r"""Waiting: Erlang's formulas, the correction for burstiness, and that congestion is not latency.

Theory: of Poisson arrivals to $c$ exponential servers at utilisation $\rho$ a share $C(c, \rho c)$ waits, on average
$C / (c (1 - \rho))$ service times (Erlang 1917). At 80 %: one server, $C = .8$ and a wait of 4; ten, .40918 and .20459;
a hundred, .01965 and .00098. Other coefficients of variation scale the wait by $(C_a^2 + C_s^2)/2$ (Allen and Cunneen).
By Little's law the number waiting is the arrival rate times the wait, $L_q = \lambda W_q = C \rho / (1 - \rho)$.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.validation.theory_jobs import KNOWN, served_by
from model.economy import Economy
from model.formulas import queueing
from model.parameters.providers import Providers
from tests.economics.limits import by_day, economy, last, record, steady_demand


@pytest.mark.parametrize(("servers", "utilisation", "waiting", "wait"), KNOWN)
def test_erlang_c(servers: int, utilisation: float, waiting: float, wait: float) -> None:
    c, rho, one = np.float64(servers), np.float64(utilisation), np.float64(1.0)
    assert queueing.erlang_c(c, rho * c) == pytest.approx(waiting, abs=5e-6)
    found = queueing.mean_wait(c, rho, one, one)
    assert found == pytest.approx(wait, abs=5e-6)
    little = rho * c * found
    assert little == pytest.approx(queueing.erlang_c(c, rho * c) * rho / (1.0 - rho), rel=1e-12)


def test_erlang_b() -> None:
    assert queueing.erlang_b(np.float64(10.0), np.float64(8.0)) == pytest.approx(0.12166, abs=5e-6)
    recursion, load = 1.0, 150.0
    for servers in range(1, 201):
        recursion = load * recursion / (servers + load * recursion)
    assert queueing.erlang_b(np.float64(200.0), np.float64(load)) == pytest.approx(recursion, rel=1e-10)


@pytest.mark.parametrize(("servers", "utilisation", "waiting", "wait"), KNOWN)
def test_a_run_waits_as_erlang_says(servers: int, utilisation: float, waiting: float, wait: float) -> None:
    found = record(served_by(servers, utilisation), "congestion", "wait_s", "latency_s", "latency_s_large")
    assert found["congestion"][-1] == pytest.approx(utilisation, rel=1e-9)
    assert found["wait_s"][-1] == pytest.approx(2.0 * wait, abs=2e-5)
    assert found["latency_s"][-1] == pytest.approx(2.0 + 2.0 * wait, abs=2e-5)
    assert found["latency_s_large"][-1] == pytest.approx(15.0 + 2.0 * wait, abs=2e-5)


def test_bursts_lengthen_the_wait_in_proportion() -> None:
    plain = record(served_by(10, 0.8), "wait_s")["wait_s"][-1]
    bursty = record(served_by(10, 0.8, arrival_cv=3.0), "wait_s")["wait_s"][-1]
    assert bursty == pytest.approx(5.0 * plain, rel=1e-9)


@pytest.mark.parametrize("swing", [0.1, 0.33, 0.6])
def test_a_daily_cycle_is_the_mean_over_its_hours(swing: float) -> None:
    """One server at a mean of 60 %: W(u) = u / (1 - u) service times at utilisation u.

    The mean of r W(r rho) over r = 1 + A cos is (1 / sqrt((1 - rho)^2 - (A rho)^2) - 1 - rho) / rho.
    """
    rho = 0.6
    expected = (1.0 / np.sqrt((1.0 - rho) ** 2 - (swing * rho) ** 2) - 1.0 - rho) / rho
    found = record(served_by(1, rho, swing=swing, patience_s=86_400.0), "wait_s")["wait_s"][-1]
    assert found == pytest.approx(2.0 * expected, rel=2e-3)


def test_a_peak_beyond_capacity_costs_patience_while_it_lasts() -> None:
    """At a mean of 80 % and a swing of 100 % the rate is beyond capacity where cos > 1/4, 42 % of the day."""
    found = record(served_by(100, 0.8, swing=1.0, patience_s=60.0), "wait_s")["wait_s"][-1]
    angle = np.arccos(0.25)
    share = (angle + np.sin(angle)) / np.pi
    assert found == pytest.approx(60.0 * share, rel=0.15)


def test_a_mixture_of_jobs_varies_more_than_each_of_them() -> None:
    """Half of the jobs take 2 s and half 6 s, all alike: mean 4, variance 4, so C^2 = 1/4 (Pollaczek and Khinchine).

    A medium token is three small ones of compute, which makes a utilisation of 40 % one of 80 %.
    """
    mixed = served_by(
        1,
        0.4,
        mix=(0.25, 0.75, 0.0),
        service_s=(2.0, 6.0, 15.0),
        service_cv=(0.0, 0.0, 0.0),
        patience_s=86_400.0,
    )
    found = record(mixed, "wait_s", "latency_s_small", "latency_s_medium")
    expected = 4.0 * 4.0 * (1.0 + 0.25) / 2.0
    assert found["wait_s"][-1] == pytest.approx(expected, rel=1e-9)
    assert found["latency_s_medium"][-1] - found["latency_s_small"][-1] == pytest.approx(4.0)


def test_slots_are_servers() -> None:
    found = record(served_by(1, 0.8, slots=10.0), "wait_s")["wait_s"][-1]
    assert found == pytest.approx(2.0 * 0.20459, abs=2e-5)


@pytest.mark.parametrize("utilisation", [0.999999, 1.0, 3.0])
def test_nobody_waits_longer_than_patience(utilisation: float) -> None:
    assert record(served_by(1, utilisation, patience_s=30.0), "wait_s")["wait_s"][-1] == 30.0


def test_without_demand_nobody_waits_and_without_servers_nobody_is_served() -> None:
    idle = economy("demand", "settlement", "latency", days=1, demand=steady_demand(0.0))
    assert record(idle, "wait_s")["wait_s"][-1] == 0.0
    gone = served_by(3, 0.8)
    none = Economy(
        **{**vars(gone), "parameters": gone.parameters.model_copy(update={"providers": Providers(initial_online=0.0)})}
    )
    end = last(by_day(none))
    assert end.state["wait_s"][0] == 60.0
    assert end.state["served_tokens"].sum() == 0.0
