r"""What a rational market would pay: the token's value by the take that then comes, in place of a rule of thumb.

On the path without chance events, with $d_s$ the take of day $s$, $\bar N$ the fully diluted supply, $m$ the years of
take and $\rho$ the discount a day of `model/formulas/valuation.py`,

$$ V_t = \frac{365\, m}{\bar N_t} \Big[ (1 - e^{-\rho}) \sum_{s = t}^{T - 1} e^{-\rho (s - t)} d_s
   + e^{-\rho (T - t)} D_T G_T \Big]. $$

It is the rule itself with $d_s$ in place of $D_t a_s / a_t$, today's take on the adoption curve: the two differ by
what the rule does not foresee, and by nothing else. After the last day $T$ the rule stands in, for nobody has seen
what comes. $V$ is then the whole worth of a take that is discounted at $\rho$ where $m$ is $1 / 365 / (1 - e^{-\rho})$,
and otherwise as many times more.

The take depends on what a token is worth, so the path of values is one that brings about the take it was worked out
from: expectations that come true (Muth 1961). It is found by running the economy with a path and working out the next
one, until they agree; an economy that a round has sent back most of the way goes half as far from then on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.errors import RequestError, StoppedError
from model.arrays import to_quiv
from model.constants import YEAR_DAYS, constants
from model.economy import Economy
from model.formulas import valuation
from model.launch import SERVED

Path = NDArray[np.float64]

TOLERANCE = 0.01
"""The largest change of the log value, on any day, between two rounds that agree."""

MOST_ROUNDS = 10
"""Rounds after which the search is given up."""

METRICS = ("price_usd", "value_usd", "take_usd", "burned_quiv")


@dataclass(frozen=True)
class Rational:
    """An economy whose investors value the token by rule, and one in which they know the take that comes.

    `rule` and `rational` have metrics by name, `(days + 1,)` each, day 0 being genesis. `value_usd` is the path of
    values, `(days,)`, which a scenario takes as `exogenous: {value_usd: ...}`; the take that it brings about would
    still change it by at most `change`, in logs, after `rounds` runs.
    """

    rule: Mapping[str, Path]
    rational: Mapping[str, Path]
    value_usd: Path
    change: float
    rounds: int

    @property
    def ratio(self) -> Path:
        """The price of a rational market over that by rule, `(days + 1,)`."""
        return self.rational["price_usd"] / self.rule["price_usd"]


def rational(
    economies: Sequence[Economy], tolerance: float = TOLERANCE, most_rounds: int = MOST_ROUNDS
) -> list[Rational]:
    """Both markets of each economy, without chance events; the economies agree in structure.

    Raises RequestError where nobody trades by value, StoppedError where no path of values is found that comes true.
    """
    for economy in economies:
        if not economy.pooled:
            allowed = "market.price_process pool, with mechanisms.price and mechanisms.market on, and no price given"
            raise RequestError(f"{economy.name}: found a price that investors do not make; allowed: {allowed}")
    calm = [replace(economy, noise=False, exogenous=_without(economy)) for economy in economies]
    rule = _run(calm)
    known = np.log(_borne_out(calm, rule))
    step, before = np.ones((len(calm), 1)), np.zeros_like(known)
    for done in range(most_rounds):
        given = np.exp(known)
        run = _run([_with_path(*pair) for pair in zip(calm, given, strict=True)])
        way = np.log(_borne_out(calm, run)) - known
        change = abs(way).max(axis=-1)
        if change.max() <= tolerance:
            parts = zip(given, change.tolist(), strict=True)
            return [Rational(_of(rule, n), _of(run, n), *part, done + 1) for n, part in enumerate(parts)]
        step = np.where(_too_far(before, way), step / 2.0, step)
        known, before = known + step * way, way
    raise StoppedError(
        f"no path of values was found that comes true: after {most_rounds} rounds the take still changes the value of "
        f"a day by {100.0 * change.max():.2g} %, and {100.0 * tolerance:.2g} % is allowed; try fewer days"
    )


def _too_far(before: Path, way: Path) -> NDArray[np.bool_]:
    """Whether the way to go leads back, and is more than half as long as the last one, `(economies, 1)`."""
    back = (before * way).sum(axis=-1) < 0.0
    return np.asarray(back & (abs(way).max(axis=-1) > 0.5 * abs(before).max(axis=-1)))[:, None]


def _without(economy: Economy) -> dict[str, Path]:
    return {name: path for name, path in economy.exogenous.items() if name != "value_usd"}


def _with_path(economy: Economy, value_usd: Path) -> Economy:
    return replace(economy, exogenous={**economy.exogenous, "value_usd": value_usd})


def _run(economies: Sequence[Economy]) -> NDArray[Any]:
    """The metrics, `(days + 1, metrics, economies)`."""
    return np.asarray(execute(economies, 0, list(range(len(economies))), METRICS)["record"])


def _of(record: NDArray[Any], place: int) -> dict[str, Path]:
    return {name: record[:, column, place] for column, name in enumerate(METRICS)}


def _borne_out(economies: Sequence[Economy], record: NDArray[Any]) -> Path:
    """The values that the take of a run justifies, USD per QUIV, `(economies, days)`."""
    return np.stack([worth(economy, _of(record, place)) for place, economy in enumerate(economies)])


def worth(economy: Economy, found: Mapping[str, Path]) -> Path:
    """The value of each day by the take of that and all later days, USD per QUIV, `(days,)`.

    `found` has `take_usd`, USD a day, and `burned_quiv`, `(days + 1,)` each.
    """
    params = constants(economy)
    smoothed, discount = found["take_usd"], params["valuation.discount"] / YEAR_DAYS
    pull = -np.expm1(-1.0 / params["valuation.smoothing_days"])
    served = np.arange(economy.days) >= params[SERVED]
    taken = np.where(served, smoothed[:-1] + np.diff(smoothed) / pull, 0.0)
    ahead = valuation.coming(taken, discount, smoothed[-1] * params["genesis.growth"][economy.days])
    whole = to_quiv(params["genesis.minted_nquiv"] + params["genesis.pool_nquiv"]) - found["burned_quiv"][:-1]
    return np.asarray(valuation.value(ahead, params["valuation.multiple_years"], np.float64(1.0), whole, np.float64(0)))
