r"""Stability maps of the fee's controllers: the wired metering and fee policies against demand that answers the fee.

Demand is isoelastic, $C = \kappa m^{-\varepsilon}$, with $m$ the fee multiplier, and it is answered on the same day;
the controller sees it as many days late as it is told to. Starts are drawn at random outside the zone of rest, from a
state that has stood long enough for the controller to see it. `drive` steps the policies; `controller_map` says of each
elasticity and delay which share of starts settles, sits at a clamp or goes on moving; `drift` is what the multiplier
does when congestion is given from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from experiments.engines.genesis import genesis
from experiments.engines.substep import run_block
from experiments.engines.wiring import MECHANISMS, blocks, wiring
from model.economy import Economy
from model.parameters import Parameters
from model.parameters.fees import Fees
from model.parameters.population import Population

Congestion = Callable[[NDArray[Any]], NDArray[Any]]

ELASTICITIES = (0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 12.0, 15.0, 20.0)
DELAYS = (0, 1, 2, 3, 5, 10, 20)
STARTS, DAYS, WATCHED, SEED = 100, 3000, 300, 1
AT_REST = 1e-4
"""Log range of a multiplier that has settled, in the days that are watched."""

AT_CLAMP = 1e-9
UNCLAMPED = (1e-12, 1e12)
SMALL = Population(providers=1, consumers=1, validators=1, holders=8)


@dataclass(frozen=True)
class MapPoint:
    """Stability at one elasticity and delay: shares of starts that settle, sit at a clamp or keep moving.

    `swing` is the highest multiplier over the lowest, the median of those that never settle; one where all do.
    """

    elasticity: float
    delay: int
    settled: float
    clamped: float
    moving: float
    swing: float


def drive(
    congestion: Congestion, days: int, start: NDArray[Any], fees: Fees, clamp: tuple[float, float] | None = None
) -> NDArray[Any]:
    """The fee multiplier by day, `(days + 1, starts)`, under the wired metering and controller.

    `congestion` is that of a day by its multiplier. What the controller sees first is that of the start. `clamp`
    overrides the bounds of the multiplier, beyond what governance could set.
    """
    first = np.asarray(start, dtype=np.float64)
    economy = Economy(
        days=1,
        parameters=Parameters(fees=fees, population=SMALL),
        mechanisms={name: name == "adaptive_fee" for name in MECHANISMS},
        noise=False,
    )
    wired = wiring([block for block in blocks(economy) if block.name in ("metering", "fees")])
    state, params = genesis([economy] * len(first), SEED, list(range(len(first))))
    state |= {"fee_multiplier": first, "quarter_multiplier": first}
    state["congestion_ring"] = state["congestion_ring"] * 0.0 + congestion(first)[:, None, None]
    if clamp is not None:
        for name, bound in zip(("fees.multiplier_low", "fees.multiplier_high"), clamp, strict=True):
            state[name] = np.full_like(first, bound)
    path = [first]
    for _ in range(days):
        state["congestion"] = congestion(state["fee_multiplier"])
        for block in wired:
            state = run_block(params, state, block).state
        state["day"] = state["day"] + 1
        path.append(state["fee_multiplier"])
    return np.stack(path)


def controller_map(
    controller: str, elasticities: Sequence[float] = ELASTICITIES, delays: Sequence[int] = DELAYS
) -> list[MapPoint]:
    """Stability at each elasticity and delay, from random starts, under one controller and its default settings."""
    found = []
    for delay in delays:
        fees = Fees(controller=controller, controller_delay_days=delay)  # type: ignore[arg-type]
        starts, level = random_starts(fees, np.repeat(elasticities, STARTS))
        power = np.repeat(elasticities, STARTS)
        path = drive(_isoelastic(level, power), DAYS, starts, fees)
        found += [
            _outcome(path[-WATCHED:, STARTS * place : STARTS * (place + 1)], elasticity, delay, fees)
            for place, elasticity in enumerate(elasticities)
        ]
    return found


def random_starts(fees: Fees, elasticity: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Multipliers between the clamps, and demand by which congestion is up to e times off the zone of rest, at random.

    The same draws for every elasticity: half of the starts are above the zone, half below it.
    """
    drawn = np.random.default_rng(SEED).random((2, STARTS))
    low, high = np.log(fees.multiplier_low), np.log(fees.multiplier_high)
    times = len(elasticity) // STARTS
    start = np.tile(np.exp(low + (high - low) * drawn[0]), times)
    off = np.tile(2.0 * drawn[1] - 1.0, times)
    met = np.where(off > 0.0, fees.congestion_high, fees.congestion_low) * np.exp(off)
    return start, met * start**elasticity


def _isoelastic(level: NDArray[Any], elasticity: NDArray[Any]) -> Congestion:
    """Congestion that is `level` where the multiplier is one."""
    return lambda multiplier: level * multiplier**-elasticity


def _outcome(watched: NDArray[Any], elasticity: float, delay: int, fees: Fees) -> MapPoint:
    """The last days of all starts, sorted into settled, clamped and moving."""
    logs = np.log(watched)
    swing = np.ptp(logs, axis=0)
    still = swing < AT_REST
    bounds = np.log([fees.multiplier_low, fees.multiplier_high])
    clamped = still & (np.min(np.abs(logs[-1][:, None] - bounds), axis=-1) < AT_CLAMP)
    moving = ~still
    wide = float(np.exp(np.median(swing[moving]))) if np.any(moving) else 1.0
    return MapPoint(
        elasticity, delay, float(np.mean(still & ~clamped)), float(np.mean(clamped)), float(np.mean(moving)), wide
    )


def zone_width(fees: Fees, elasticity: float) -> float:
    """Log width of the zone in which the spec's controller rests, in the multiplier."""
    return float(np.log(fees.congestion_high / fees.congestion_low)) / elasticity


def always_settles_to(fees: Fees, delay: int) -> float:
    """The elasticity up to which no start of the spec's controller cycles, at a delay of a day or more.

    A fee that falls into the zone from above lands at most a step inside and takes `delay` more before that is seen:
    it stays while those `delay + 1` steps are no wider than the zone.
    """
    return _elasticity_of(fees, delay + 1)


def never_settles_from(fees: Fees, delay: int) -> float:
    """The elasticity beyond which every start outside the zone leaps over it, there and back: `delay` steps do."""
    return _elasticity_of(fees, delay) if delay else np.inf


def _elasticity_of(fees: Fees, steps: int) -> float:
    """The elasticity at which the zone is as wide as that many steps down, the smaller ones."""
    return zone_width(fees, 1.0) / (steps * -float(np.log1p(-fees.step_down)))


def most_elastic(fees: Fees, delay: int) -> float:
    """The elasticity below which eip1559 converges from nearby: step x elasticity < 2 cos(pi d / (2 d + 1)).

    Without delay that is 2. Source: Levin and May 1976, on linear difference equations with a delay.
    """
    return float(2.0 * np.cos(np.pi * delay / (2 * delay + 1)) / fees.controller_step)


def drift(median: float, sigma: float, fees: Fees, points: int = 2000) -> float:
    """Mean log step of the multiplier where congestion is log-normal whatever the fee, by the wired policies.

    Congestion is taken at evenly spaced quantiles, one start each, so that nothing is drawn.
    """
    met = median * np.exp(sigma * norm.ppf((np.arange(points) + 0.5) / points))
    path = drive(lambda multiplier: met, 1, np.ones(points), fees, UNCLAMPED)
    return float(np.mean(np.log(path[1])))
