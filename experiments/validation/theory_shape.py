"""T25 and T30: measures of concentration on known distributions, and what must follow when one thing changes."""

from __future__ import annotations

import math
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfinv

from experiments.engines.ensemble import execute
from experiments.engines.genesis import State, genesis
from experiments.validation.limits import AT_ONCE, OPEN_MARKET, QUIV, SEED, each_day, economy, give_holders, last
from experiments.validation.rows import Figure, TheoryRow, exactly, holds, near
from model.arrays import Values
from model.economy import Economy
from model.formulas import concentration
from model.metrics import METRICS, Reading
from model.parameters import REGISTRY, Parameters, flatten
from model.parameters.population import Population
from model.parameters.supply import Supply
from state_updates import COUNTERS, VARIABLES

MANY = 20_000
SALE = Supply(allocation_share=OPEN_MARKET, tge_share=AT_ONCE)


def owned(holdings: NDArray[Any]) -> Reading:
    """A day of an economy in which one provider and the holders own these parts of 200 M QUIV, and nobody else any."""
    count = len(holdings)
    size = Population(
        providers=1, consumers=1, validators=1, holders=count - 1,
        provider_genesis_share=0.0, consumer_genesis_share=0.0, validator_genesis_share=0.0,
    )  # fmt: skip
    quiv = holdings / holdings.sum() * 199e6

    def given(state: State, params: State) -> None:
        give_holders(state, dict(enumerate(quiv[1:].tolist())))
        first = round(float(quiv[0]) * QUIV)
        state["provider_wallet_nquiv"][..., 0] = first
        state["treasury_nquiv"] = state["treasury_nquiv"] - first

    return last(each_day(economy(days=1, population=size, supply=SALE), given))


def _gini(holdings: NDArray[Any]) -> float:
    return float(METRICS["gini"].read(owned(holdings))[0])


def _nakamoto(holdings: NDArray[Any]) -> float:
    return float(METRICS["nakamoto"].read(owned(holdings))[0])


def _concentration() -> list[Figure]:
    u = (np.arange(MANY) + 0.5) / MANY
    normal = np.sqrt(2.0) * erfinv(2.0 * u - 1.0)
    _, params = genesis([economy(days=1)], SEED, [0])
    allocations = np.append(params["genesis.allocation_nquiv"][1:], params["genesis.pool_nquiv"]).astype(np.float64)
    one = np.zeros(10)
    one[3] = 1.0
    return [
        near("Gini of ten equal", 0.0, _gini(np.ones(10)), 0.0, 1e-9),
        near("Gini of one among ten", 0.9, _gini(one), 0.0, 1e-9),
        near("Gini, uniform", 1.0 / 3.0, _gini(u), 0.01),
        near("Gini, exponential", 0.5, _gini(-np.log1p(-u)), 0.01),
        near("Gini, Pareto of index 3", 0.2, _gini((1.0 - u) ** (-1.0 / 3.0)), 0.01),
        near("Gini, log-normal of sigma 1", math.erf(0.5), _gini(np.exp(normal)), 0.01),
        near("Gini, log-normal of sigma 2", math.erf(1.0), _gini(np.exp(2.0 * normal)), 0.01),
        near("Gini of the seven allocations", 0.3571, _gini(allocations), 0.0, 5e-5),
        exactly("Nakamoto coefficient of the seven allocations", 2.0, _nakamoto(allocations)),
        near(
            "Herfindahl index of the seven allocations (no metric has it)", 0.21, concentration.herfindahl(allocations)
        ),
        exactly("Nakamoto coefficient of ten equal", 6.0, _nakamoto(np.ones(10))),
        exactly("Nakamoto coefficient of eleven equal", 6.0, _nakamoto(np.ones(11))),
    ]


IN_QUIV = ("QUIV", "QUIV a year", "QUIV per token", "QUIV a vote", "QUIV a claim")
PER_QUIV = ("USD per QUIV",)
USUAL = ("vesting", "emission", "rewards", "demand", "market", "settlement", "staking", "adaptive_fee", "treasury")


def redenominated(factor: int) -> Parameters:
    """The default economy with a token of which there are so many times fewer, each worth so many times more."""
    default = Parameters()
    contracts: dict[str, dict[str, Any]] = {}
    for name, value in flatten(default).items():
        unit = REGISTRY[name].unit
        contract, key = name.split(".")
        contracts.setdefault(contract, {})[key] = _scaled(value, factor, (unit in PER_QUIV) - (unit in IN_QUIV))
    return Parameters(**{key: type(getattr(default, key))(**values) for key, values in contracts.items()})


def _scaled(value: Any, factor: int, power: int) -> Any:
    """Amounts as they would be written; whole numbers stay whole."""
    if power == 0:
        return value
    if isinstance(value, tuple):
        return tuple(_scaled(item, factor, power) for item in value)
    return value // factor if isinstance(value, int) else value * float(factor) ** power


def _apart(one: Values, other: Values, leave: tuple[str, ...] = ()) -> int:
    """State variables that are not the same bits."""
    return sum(
        np.asarray(one[name]).tobytes() != np.asarray(other[name]).tobytes()
        for name in VARIABLES
        if name not in leave and name not in COUNTERS
    )


def _redenomination() -> Figure:
    names = ["price_usd", "payments_usd", "staking_ratio", "congestion", "gini", "treasury_runway_days", "depth_usd"]
    plain, fewer = (
        execute([Economy(days=60, parameters=given)] * 2, SEED, [0, 1], names)["record"]
        for given in (Parameters(), redenominated(1000))
    )
    fewer[:, 0] /= 1000.0
    worst = np.max(np.abs(fewer / np.where(plain == 0.0, 1.0, plain) - np.where(plain == 0.0, 0.0, 1.0)))
    return near("relative change of USD figures and ratios if a token is a thousand", 0.0, worst, 0.0, 1e-3)


def _restart() -> Figure:
    case = economy(*USUAL, "price", days=40, noise=True)
    readings = iter(each_day(case))
    for _ in range(21):
        half = next(readings)
    kept = {name: np.array(value) for name, value in half.state.items()}
    end = last(readings).state
    again = last(islice(each_day(case, lambda state, params: state.update(kept)), 21)).state
    return exactly("state variables that a restart after half of the days changes", 0.0, _apart(end, again))


def _order() -> Figure:
    wealth = {2: 9e6, 3: 1e6, 4: 4e6, 5: 2e6, 6: 5e6}
    mirror = {2: wealth[4], 3: wealth[2], 4: wealth[3], 5: wealth[5], 6: wealth[6]}
    ends = []
    for given in (wealth, mirror):

        def own(state: State, params: State, given: dict[int, float] = given) -> None:
            give_holders(state, given, {holder: quiv / 3.0 for holder, quiv in given.items()})

        end = last(each_day(economy(*USUAL, "price", days=40), own))
        ends.append(
            [float(METRICS[name].read(end)[0]) for name in ("price_usd", "supply_quiv", "staking_ratio", "gini")]
        )
    worst = float(np.max(np.abs(np.asarray(ends[0]) / np.asarray(ends[1]) - 1.0)))
    what = "relative change of price, supply, staking and Gini if buyers of one sale change places"
    return near(what, 0.0, worst, 0.0, 1e-9)


def _idle() -> list[Figure]:
    none = {"yearly_quiv": (0.0,) * 10, "tail_first_rate_quiv": 0.0}
    default = Parameters()
    rates: dict[str, dict[str, Any]] = {
        "adaptive_fee": {"fees": default.fees.model_copy(update={"step_up": 0.0, "step_down": 0.0})},
        "emission": {"emission": default.emission.model_copy(update=none)},
        "treasury": {
            "treasury": default.treasury.model_copy(update={"grants_quiv_per_year": 0.0}),
            "fees": default.fees.model_copy(update={"network_share": 0.0}),
        },
    }
    found = []
    for mechanism, contracts in rates.items():
        cases = [
            economy(*on, "price", days=40, noise=True, **contracts)
            for on in (USUAL, tuple(name for name in USUAL if name != mechanism))
        ]
        idle, off = (last(each_day(case)).state for case in cases)
        leave = ("congestion_seen", "congestion_ring", "milestone_met")
        found.append(
            exactly(
                f"state variables in which {mechanism} at rate zero differs from off", 0.0, _apart(idle, off, leave)
            )
        )
    return found


def _monotone() -> list[Figure]:
    default = Parameters()
    nothing = last(
        each_day(
            economy(*USUAL, "price", days=40, demand=default.demand.model_copy(update={"budget_usd_per_day": 0.0}))
        )
    )
    spent = (
        nothing.state["burned_nquiv"][0]
        + np.count_nonzero(nothing.state["served_tokens"])
        + nothing.moved("payment")[0]
    )
    still = economy(
        *USUAL,
        days=40,
        emission=default.emission.model_copy(update={"yearly_quiv": (0.0,) * 10, "tail_first_rate_quiv": 0.0}),
        fees=default.fees.model_copy(update={"burn_share": 0.0, "base_burn_share": 0.0}),
    )
    supplies = {float(METRICS["supply_quiv"].read(reading)[0]) for reading in each_day(still)}
    paths = []
    for burn in (0.0, 0.3, 0.8):
        fees = default.fees.model_copy(update={"burn_share": burn})
        given = {"price_usd": np.linspace(0.1, 0.2, 41)}
        case = economy(*USUAL[:-1], "price", days=40, noise=True, fees=fees, exogenous=given)
        paths.append([float(METRICS["supply_quiv"].read(reading)[0]) for reading in each_day(case)])
    falls = [np.diff(np.asarray(paths), axis=0) <= 0.0, np.diff(np.asarray(paths), axis=0)[:, -1] < 0.0]
    return [
        exactly("payments, burns and tokens served without demand", 0.0, spent),
        exactly("supplies seen without emission and burn", 1.0, len(supplies)),
        holds("a larger burn share lowers the supply on every day", all(np.all(part) for part in falls)),
    ]


def _metamorphic() -> list[Figure]:
    return [_redenomination(), _restart(), _order(), *_idle(), *_monotone()]


ROWS = (
    TheoryRow(
        "T25",
        "Concentration",
        "holders and a provider who own a known distribution's quantiles, or the seven allocations",
        "Gini 1912; Herfindahl 1950; Srinivasan and Lee 2017",
        _concentration,
    ),
    TheoryRow(
        "T30",
        "Invariances",
        "one thing changed that must change nothing, or only in one direction",
        "metamorphic testing: Chen et al. 1998",
        _metamorphic,
        convention="One step is one day: there is no shorter one, so that halving it is not among the changes.",
    ),
)
