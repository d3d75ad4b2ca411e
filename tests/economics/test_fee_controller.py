r"""The adaptive fee: a bang-bang controller with a dead zone, on demand that answers at once.

Theory: the fee rises by a tenth while congestion is above 0.8, falls by a twentieth while it is below 0.3
and rests between them, so it has no fixed point but a zone of rest, and where in it the fee ends depends on where it
came from (hysteresis). With $C = \kappa f^{-\varepsilon}$ the zone is $w = \ln(8/3)/\varepsilon$ wide in log fee; an
up-step is $u = \ln 1.1$, a down-step $d = -\ln 0.95$. An up-step can jump over the zone only if $w < u$, that is if
$\varepsilon > 10.29$. Since $d/u$ is irrational the walk is an irrational rotation, whose orbit is dense (Weyl 1916),
so it always finds the zone and no cycle lasts: a lasting one would be an error. Source: the spec's adaptive fee
adjustment; contrast Leonardos et al. 2021 on EIP-1559.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from experiments.engines.genesis import genesis
from model.parameters.demand import Demand
from model.parameters.fees import Fees
from model.parameters.providers import Providers
from tests.economics.limits import SEED, block, economy, record

Congestion = Callable[[np.ndarray], np.ndarray]
HIGH, LOW = 0.8, 0.3
UP, DOWN = np.log(1.1), -np.log(0.95)
CRITICAL = np.log(8.0 / 3.0) / UP
UNCLAMPED = {"fees.multiplier_low": 1e-12, "fees.multiplier_high": 1e12}


@dataclass
class Walk:
    """The fee multiplier and the congestion that it meets, `(steps + 1, starts)`."""

    fee: np.ndarray
    congestion: np.ndarray

    @property
    def steps(self) -> np.ndarray:
        """Steps until each start comes to rest."""
        return np.sum(np.diff(self.fee, axis=0) != 0.0, axis=0)


def walk(
    congestion: Congestion,
    steps: int,
    start: np.ndarray | float = 1.0,
    controller: Fees | None = None,
    **live: float,
) -> Walk:
    """The wired policy and update, day by day, against demand that answers the fee of the day at once.

    `live` overrides live parameters, beyond the bounds that govern them where a limiting case needs it.
    """
    first = np.atleast_1d(np.asarray(start, dtype=np.float64))
    case = economy("adaptive_fee", days=1, fees=controller or Fees())
    wired = [block(case, name) for name in ("metering", "fees")]
    state, params = genesis([case] * len(first), SEED, list(range(len(first))))
    for name, value in {**UNCLAMPED, **live}.items():
        state[name] = np.full_like(first, value)
    state["fee_multiplier"] = first
    path, met = [], []
    for _ in range(steps + 1):
        state["congestion"] = congestion(state["fee_multiplier"])
        path.append(state["fee_multiplier"])
        met.append(state["congestion"])
        for found in wired:
            assert found.policy is not None
            signals = found.policy(params, None, None, state)
            state |= dict(update(params, None, None, state, signals) for update in found.figures.values())
        state["day"] = state["day"] + 1
    return Walk(np.stack(path), np.stack(met))


def isoelastic(at_one: np.ndarray | float, elasticity: np.ndarray | float) -> Congestion:
    """Congestion that is `at_one` where the fee is 1."""
    return lambda fee: at_one * fee ** -np.asarray(elasticity)


@pytest.mark.parametrize("level", [0.3, 0.3 + 1e-12, 0.5, 0.8 - 1e-12, 0.8])
def test_between_the_thresholds_the_fee_rests(level: float) -> None:
    assert np.all(walk(lambda fee: level + 0.0 * fee, 50).fee == 1.0)


@pytest.mark.parametrize(("at_one", "steps", "fee", "congestion"), [(0.95, 2, 1.21, 0.7851), (0.20, 8, 0.6634, 0.3015)])
def test_approach(at_one: float, steps: int, fee: float, congestion: float) -> None:
    walked = walk(isoelastic(at_one, 1.0), 40)
    assert walked.steps == steps
    assert walked.fee[-1] == pytest.approx(fee, abs=5e-5)
    assert walked.congestion[-1] == pytest.approx(congestion, abs=5e-5)


@pytest.mark.parametrize("elasticity", [0.5, 1.0, 2.0, 4.0])
def test_steps_to_rest_are_the_log_distance_over_the_step(elasticity: float) -> None:
    up = np.linspace(0.81, 3.0, 40)
    needed = np.ceil(np.log(up / HIGH) / elasticity / UP)
    np.testing.assert_array_equal(walk(isoelastic(up, elasticity), 80, np.ones(40)).steps, needed)
    down = np.linspace(0.05, 0.29, 40)
    needed = np.ceil(np.log(LOW / down) / elasticity / DOWN)
    np.testing.assert_array_equal(walk(isoelastic(down, elasticity), 80, np.ones(40)).steps, needed)


@pytest.mark.parametrize("elasticity", [0.5, 1.0, 3.0])
def test_hysteresis(elasticity: float) -> None:
    """The same demand, two histories, two fees at rest, as far apart as the zone is wide or less."""
    walked = walk(isoelastic(0.5, elasticity), 200, np.asarray([0.01, 100.0]))
    from_below, from_above = walked.fee[-1]
    assert np.all((walked.congestion[-1] >= LOW) & (walked.congestion[-1] <= HIGH))
    assert from_above > 1.05 * from_below
    width = np.log(8.0 / 3.0) / elasticity
    assert width - UP - DOWN <= np.log(from_above / from_below) <= width


@pytest.mark.parametrize("elasticity", [0.5, 2.0, 10.0, 40.0])
def test_log_width_of_the_zone(elasticity: float) -> None:
    """Of a fine grid of fees, those that rest span ln(8/3) / elasticity."""
    fees = np.exp(np.linspace(-3.0, 3.0, 60_001))
    walked = walk(isoelastic(0.5, elasticity), 1, fees)
    at_rest = np.log(fees[walked.fee[1] == fees])
    assert np.ptp(at_rest) == pytest.approx(np.log(8.0 / 3.0) / elasticity, abs=3e-4)


def overshoots(elasticity: float) -> tuple[bool, bool]:
    """Whether some start leaps over the zone on an up-step, and on a down-step."""
    around = np.concatenate([np.linspace(0.2, 0.3, 500), np.linspace(0.8, 1.2, 500)]) ** 1.0
    spread = np.concatenate([LOW * np.exp(-np.linspace(1e-9, 1.0, 2000)), HIGH * np.exp(np.linspace(1e-9, 1.0, 2000))])
    starts = np.concatenate([around, spread])
    met = walk(isoelastic(starts, elasticity), 1, np.ones_like(starts)).congestion
    return bool(np.any((met[0] > HIGH) & (met[1] < LOW))), bool(np.any((met[0] < LOW) & (met[1] > HIGH)))


def test_overshoot_needs_an_elasticity_above_10_29() -> None:
    assert pytest.approx(10.29, abs=5e-3) == CRITICAL
    assert overshoots(CRITICAL * 0.999) == (False, False)
    assert overshoots(CRITICAL * 1.01) == (True, False)
    assert overshoots(19.1) == (True, False)
    assert overshoots(19.4) == (True, True)


def test_without_delay_it_always_settles() -> None:
    """Elasticities up to 400, starts around the zone: all at rest, the last after some three hundred steps."""
    elasticities, starts = np.meshgrid(np.geomspace(0.1, 400.0, 100), np.exp(np.linspace(-0.15, 0.15, 61)))
    middle = np.sqrt(HIGH * LOW)
    walked = walk(isoelastic(middle, elasticities.ravel()), 320, starts.ravel())
    assert np.all((walked.congestion[-1] >= LOW) & (walked.congestion[-1] <= HIGH))
    assert 250 <= np.max(walked.steps) <= 310


@pytest.mark.parametrize(("start", "steps"), [(0.02, 42), (0.20, 17)])
def test_up_steps_to_a_fee_of_the_whole_payment(start: float, steps: int) -> None:
    fee = start * walk(lambda fee: 0.0 * fee + 0.81, 60).fee[:, 0]
    assert int(np.argmax(fee >= 1.0)) == steps


def test_an_idle_fee_falls_by_99_percent_in_ninety_steps() -> None:
    """At a take of 20 %, even a fee of nothing brings congestion from 0.20 to 0.24 only: the fee falls for ever."""
    walked = walk(lambda m: 0.20 * 1.2 / (1.0 + 0.2 * m), 300)
    assert int(np.argmax(walked.fee[:, 0] <= 0.01)) == 90
    assert np.all(np.diff(walked.fee[:, 0]) < 0.0)
    assert walked.congestion[-1] == pytest.approx(0.24, abs=1e-6)


@pytest.mark.parametrize(("take", "steps", "end"), [(0.055, 17, 0.278), (0.20, 8, 0.429)])
def test_weak_authority(take: float, steps: int, end: float) -> None:
    """Only the fee moves, not the price: users pay 1 + f, so a small fee has to rise far to be felt."""
    walked = walk(lambda m: 0.95 * (1.0 + take) / (1.0 + take * m), 40)
    assert walked.steps == steps
    assert take * walked.fee[-1] == pytest.approx(end, abs=5e-4)


@pytest.mark.parametrize(("utilisation", "steps", "rest"), [(0.95, 15, 4.0), (0.20, 28, 0.25), (0.5, 0, 1.0)])
def test_the_clamp_holds_in_a_whole_run(utilisation: float, steps: int, rest: float) -> None:
    """Through the ensemble, with demand that no fee moves."""
    case = economy(
        "demand",
        "market",
        "settlement",
        "adaptive_fee",
        days=60,
        demand=Demand(size_mix=(1.0, 0.0, 0.0)),
        providers=Providers(capacity_tokens_per_day=1e6, capacity_growth=0.0, initial_online=1.0),
        fees=Fees(multiplier_low=0.25, multiplier_high=4.0),
        exogenous={"demand_tokens": np.asarray([utilisation * 3e6])},
    )
    taken = record(case, "fee_multiplier", "congestion")
    assert taken["congestion"][1:] == pytest.approx(utilisation, rel=1e-12)
    assert np.sum(np.diff(taken["fee_multiplier"]) != 0.0) == steps
    assert taken["fee_multiplier"][-1] == rest


def test_the_clamp_holds_in_the_controller() -> None:
    clamp = {"fees.multiplier_low": 0.25, "fees.multiplier_high": 4.0}
    assert walk(lambda fee: 0.0 * fee + 0.9, 60, **clamp).fee[-1] == 4.0
    assert walk(lambda fee: 0.0 * fee + 0.1, 60, **clamp).fee[-1] == 0.25
