"""T15: the spec's fee controller, as it is wired, against demand that answers the fee."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.validation.controller_maps import UNCLAMPED, Congestion, drift, drive
from experiments.validation.limits import economy, record
from experiments.validation.rows import Figure, TheoryRow, exactly, holds, near
from model.parameters.demand import Demand
from model.parameters.fees import Fees
from model.parameters.providers import Providers

HIGH, LOW = 0.8, 0.3
UP = math.log(1.1)
CRITICAL = math.log(HIGH / LOW) / UP


def walked(congestion: Congestion, days: int, starts: NDArray[Any] | float = 1.0, delay: int = 0) -> NDArray[Any]:
    """The fee multiplier by day and start, without clamps."""
    fees = Fees(controller_delay_days=delay)
    return drive(congestion, days, np.atleast_1d(np.asarray(starts, dtype=np.float64)), fees, UNCLAMPED)


def isoelastic(at_one: NDArray[Any] | float, elasticity: NDArray[Any] | float) -> Congestion:
    """Congestion that is `at_one` where the fee is 1."""
    return lambda fee: at_one * fee ** -np.asarray(elasticity)


def _steps(path: NDArray[Any]) -> int:
    return int(np.count_nonzero(np.diff(path[:, 0])))


def _approach() -> list[Figure]:
    found = []
    for at_one, steps, fee, congestion in ((0.95, 2, 1.21, 0.7851), (0.20, 8, 0.6634, 0.3015)):
        path = walked(isoelastic(at_one, 1.0), 40)
        name = f"from a congestion of {at_one:g}"
        found += [
            exactly(f"steps to rest {name}", steps, _steps(path), "days"),
            near(f"fee at rest {name}", fee, path[-1, 0], 0.0, 5.1e-5),
            near(f"congestion at rest {name}", congestion, at_one / path[-1, 0], 0.0, 5.1e-5),
        ]
    for take, steps, end in ((0.055, 17, 0.278), (0.20, 8, 0.429)):
        path = walked(lambda fee, take=take: 0.95 * (1.0 + take) / (1.0 + take * fee), 40)  # type: ignore[misc]
        found += [
            exactly(f"steps to rest where users feel a take of {take:.1%} alone", steps, _steps(path), "days"),
            near(f"take at rest from {take:.1%}", end, take * path[-1, 0], 0.0, 5.1e-4),
        ]
    return found


def _overshoots(elasticity: float) -> tuple[bool, bool]:
    """Whether some start leaps over the zone on an up-step, and on a down-step."""
    edge = np.exp(np.linspace(1e-9, 1.0, 4000))
    starts = np.concatenate([LOW / edge, HIGH * edge])
    path = walked(isoelastic(starts, elasticity), 1, np.ones_like(starts))
    met = starts * path[1] ** -elasticity
    return bool(np.any((starts > HIGH) & (met < LOW))), bool(np.any((starts < LOW) & (met > HIGH)))


def _zone() -> list[Figure]:
    fees = np.exp(np.linspace(-3.0, 3.0, 60_001))
    at_rest = np.log(fees[walked(isoelastic(0.5, 1.0), 1, fees)[1] == fees])
    elasticities, starts = np.meshgrid(np.geomspace(0.1, 400.0, 60), np.exp(np.linspace(-0.15, 0.15, 41)))
    path = walked(isoelastic(math.sqrt(HIGH * LOW), elasticities.ravel()), 320, starts.ravel())
    delayed = {
        (delay, power): walked(isoelastic(1.0, power), 1500, np.geomspace(0.3, 3.0, 60), delay)[-100:]
        for delay, power in ((1, 20.0), (3, 8.0), (3, 2.0))
    }
    idle = walked(lambda fee: 0.20 * 1.2 / (1.0 + 0.2 * fee), 120)[:, 0]
    return [
        near("log width of the zone, elasticity one", math.log(8.0 / 3.0), np.ptp(at_rest), 0.0, 3e-4),
        holds("an up-step leaps over it at an elasticity of 10.2", _overshoots(10.2)[0], False),
        holds("an up-step leaps over it at 10.4", _overshoots(10.4)[0]),
        holds("a down-step leaps over it at 19.0", _overshoots(19.0)[1], False),
        holds("a down-step leaps over it at 19.3", _overshoots(19.3)[1]),
        holds("all settle within 320 days without delay, elasticities up to 400", np.all(path[-1] == path[-2])),
        holds(
            "some cycle for ever at a delay of a day and an elasticity of 20", np.any(np.ptp(delayed[1, 20.0], axis=0))
        ),
        holds("some cycle at a delay of three days and an elasticity of 8", np.any(np.ptp(delayed[3, 8.0], axis=0))),
        holds(
            "some cycle at a delay of three days and an elasticity of 2", np.any(np.ptp(delayed[3, 2.0], axis=0)), False
        ),
        exactly("steps in which an idle fee falls by 99 %", 90, np.argmax(idle <= 0.01), "days"),
    ]


def _drift() -> list[Figure]:
    medians = {0.2: 0.479, 0.4: 0.456, 0.6: 0.428, 0.8: 0.400}
    return [
        near(f"drift a day at the median of zero drift, log sd {sd:g}", 0.0, drift(median, sd, Fees()), 0.0, 2e-4)
        for sd, median in medians.items()
    ]


def _whole_run() -> list[Figure]:
    found = []
    for used, rest in ((0.95, 4.0), (0.20, 0.25), (0.5, 1.0)):
        case = economy(
            "demand",
            "market",
            "settlement",
            "adaptive_fee",
            days=40,
            demand=Demand(size_mix=(1.0, 0.0, 0.0)),
            providers=Providers(capacity_tokens_per_day=1e6, capacity_growth=0.0, initial_online=1.0),
            fees=Fees(multiplier_low=0.25, multiplier_high=4.0),
            exogenous={"demand_tokens": np.asarray([used * 3e6])},
        )
        end = record(case, "fee_multiplier")["fee_multiplier"][-1]
        found.append(
            exactly(f"multiplier in a whole run, demand at {used:.0%} of capacity, clamps 0.25 and 4", rest, end)
        )
    return found


def _controller() -> list[Figure]:
    return [*_approach(), *_zone(), *_drift(), *_whole_run()]


ROWS = (
    TheoryRow(
        "T15",
        "Adaptive fee",
        "the spec's controller against demand without memory: isoelastic, by what users pay, or given",
        "arithmetic of steps of 10 % up and 5 % down; Leonardos et al. 2021 on EIP-1559",
        _controller,
    ),
)
