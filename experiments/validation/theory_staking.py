"""T8 to T11 and T16: how much is staked, what it yields, who is paid, and how long it takes to leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from experiments.engines.genesis import State
from experiments.validation.limits import (
    AT_ONCE,
    OPEN_MARKET,
    QUIV,
    STEADY,
    TINY,
    YEAR,
    each_day,
    economy,
    give_holders,
    last,
    steady_demand,
)
from experiments.validation.rows import Figure, TheoryRow, estimated, holds, mean, near
from model.arrays import to_quiv
from model.formulas import staking as formulas
from model.metrics import METRICS, Reading
from model.parameters.emission import Emission
from model.parameters.fees import Fees
from model.parameters.investors import Investors
from model.parameters.market import Market
from model.parameters.population import Population
from model.parameters.staking import Staking
from model.parameters.supply import Supply
from model.parameters.valuation import Valuation

HOLDERS_ONLY = Population(
    providers=3,
    consumers=2,
    validators=1,
    holders=8,
    provider_genesis_share=0.0,
    consumer_genesis_share=0.0,
    validator_genesis_share=0.0,
)
SUPPLY = Supply(allocation_share=OPEN_MARKET, tge_share=AT_ONCE)
GENESIS_QUIV = 200e6
STAKERS = ("emission", "rewards", "staking")


def constant_emission(quiv_a_year: float) -> Emission:
    """The same every day, all of it for stake."""
    return Emission(yearly_quiv=(quiv_a_year,) * 10, staking_share=1.0)


def one_class(sensitivity: float, required: float, adjustment: float) -> Staking:
    """Holders alone are paid."""
    return Staking(
        direct_share=0.0,
        delegator_share=1.0,
        sensitivity=sensitivity,
        required_return=required,
        adjustment_per_day=adjustment,
        unbonding_days=1,
        lockup_premium=0.0,
    )


def path_to_rest(
    emission_ratio: float, required: float, sensitivity: float, adjustment: float, days: int, at_start: float = 0.5
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Daily staked share of the holders' tokens, and E/M, which is `emission_ratio` on the last day.

    Rewards add to the tokens, so E/M falls by 3.5 % a year or so: it is set for the end.
    """
    yearly = emission_ratio * GENESIS_QUIV / (1.0 - emission_ratio * days / YEAR)
    case = economy(
        *STAKERS,
        days=days,
        supply=SUPPLY,
        population=HOLDERS_ONLY,
        emission=constant_emission(yearly),
        staking=one_class(sensitivity, required, adjustment),
    )

    def half_staked(state: State, params: State) -> None:
        staked = dict.fromkeys(range(2, 7), at_start * GENESIS_QUIV / 5)
        give_holders(state, {holder: GENESIS_QUIV / 5 - quiv for holder, quiv in staked.items()}, staked)

    readings = list(each_day(case, half_staked))
    share = [float(r.held("holder_delegated_nquiv")[0] / holders_tokens(r)) for r in readings]
    return np.asarray(share), np.asarray([yearly / holders_tokens(r) for r in readings])


def holders_tokens(reading: Reading) -> float:
    """All that holders own, QUIV."""
    held = reading.held("holder_wallet_nquiv", "holder_delegated_nquiv", "holder_unbonding_nquiv")
    return float(held[0])


def at_rest(emission_ratio: float, required: float, sensitivity: float) -> float:
    """The share at which the logit of the yield that it leaves is itself."""

    def above(share: float) -> float:
        return float(formulas.logit_share(np.float64(emission_ratio / share), required, sensitivity)) - share

    return float(brentq(above, 1e-9, 1.0))


def _equilibrium() -> list[Figure]:
    cases = (
        (0.035, 0.10, 0.350, 0.002),
        (0.035, 0.12, 0.2917, 0.002),
        (0.07, 0.10, 0.70, 0.002),
        (0.15, 0.10, 1.0, 0.2),
    )
    found = []
    for ratio, required, known, speed in cases:
        path, _ = path_to_rest(ratio, required, sensitivity=5000.0, adjustment=speed, days=500)
        found.append(near(f"staked share, E/M = {ratio:.1%}, required {required:.0%}", known, path[-1], 0.0, 0.01))
    return found


def _logit() -> list[Figure]:
    found = []
    for sensitivity, known in ((20.0, 0.4187), (50.0, 0.3859), (200.0, 0.3603)):
        path, _ = path_to_rest(0.035, 0.10, sensitivity, adjustment=0.02, days=600)
        found.append(near(f"staked share, slope {sensitivity:g}", known, path[-1], 0.0, 0.002))
    swing = {
        speed: float(np.ptp(path_to_rest(0.035, 0.10, 50.0, adjustment=speed, days=300)[0][-20:]))
        for speed in (0.4, 0.7, 1.0)
    }
    return [
        *found,
        holds("settles, damped to 0.4 of the best response", swing[0.4] < 0.002),
        holds("settles, damped to 0.7", swing[0.7] < 0.1, False),
        holds("settles, undamped", swing[1.0] < 0.1, False),
    ]


def staked_value(minted: float, days: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Staked share, price and USD value of what is staked by day, where what is minted for work is sold to a pool.

    Consumers buy for 1,000 USD a day, a tenth is burned; as much is minted for work as for delegators, who keep it, and
    nobody wants to hold what it earns by work. It begins where 2,000 QUIV a day for each would have it: at 0.05 USD and
    a staked share of 0.705.
    """
    case = economy(
        *STAKERS, "demand", "market", "settlement", "price",
        days=days,
        market=Market(price_process="pool"),
        valuation=Valuation(multiple_years=0.0),
        investors=Investors(attention=0.0, savings_hazard=1.0),
        population=HOLDERS_ONLY,
        fees=Fees(network_share=0.1, treasury_share=0.0, burn_share=1.0, validator_share=0.0),
        emission=Emission(yearly_quiv=(2.0 * minted * YEAR,) * 10, staking_share=0.5),
        providers=STEADY.model_copy(update={"capacity_tokens_per_day": 1e12}),
        demand=steady_demand(1000.0, wallet_days=1.0),
        supply=Supply(allocation_share=(0.35, 0.448, 0.0, 0.0, 0.20, 0.0, 0.002), tge_share=AT_ONCE),
        staking=one_class(400.0, 0.003, 0.02).model_copy(
            update={"price_weight": 0.0, "tier_minimum_quiv": (0.0,) * 4, "initial_share": 0.0}
        ),
    )  # fmt: skip

    def rested(state: State, params: State) -> None:
        for name in ("price_usd", "oracle_price_usd", "batch_price_usd"):
            state[name][...] = 0.05
        state["pool_usd"] = to_quiv(state["pool_nquiv"]) * 0.05
        staked = 0.705 * GENESIS_QUIV / 5
        give_holders(state, dict.fromkeys(range(2, 7), GENESIS_QUIV / 5 - staked), dict.fromkeys(range(2, 7), staked))

    shares, prices, values = [], [], []
    for reading in each_day(case, rested):
        staked = float(reading.held("holder_delegated_nquiv")[0])
        shares.append(staked / holders_tokens(reading))
        prices.append(float(reading.state["price_usd"][0]))
        values.append(staked * prices[-1])
    return np.asarray(shares), np.asarray(prices), np.asarray(values)


def _signs() -> list[Figure]:
    def correlation(settings: list[tuple[float, float]]) -> float:
        ends = [path_to_rest(ratio, required, 50.0, 0.05, days=300) for ratio, required in settings]
        shares = [path[-1] for path, _ in ends]
        return float(np.corrcoef(shares, [ratio[-1] / path[-1] for path, ratio in ends])[0, 1])

    across = correlation([(ratio, 0.10) for ratio in (0.02, 0.035, 0.05, 0.07)])
    within = correlation([(0.035, required) for required in (0.06, 0.08, 0.10, 0.14)])
    few, many = (staked_value(minted, 500)[2] for minted in (2000.0, 4000.0))
    return [
        holds(f"share and yield rise together across economies (correlation {across:.2f})", across > 0.0),
        holds(
            f"they move against each other as preferences shift (correlation {within:.2f}; Livepeer -0.33)",
            within < 0.0,
        ),
        holds(
            f"twice the emission raises staked value after 60 days (times {many[60] / few[60]:.2f})", many[60] > few[60]
        ),
        holds(f"and lowers it after 500 days (times {many[-1] / few[-1]:.2f})", many[-1] < few[-1]),
    ]


def paid(
    stakes_quiv: list[float],
    delegated_quiv: dict[int, float],
    days: int = 1,
    runs: int = 1,
    noise: bool = False,
    yearly_quiv: float = 1e6,
    banned: tuple[int, ...] = (),
    **staking: Any,
) -> list[Reading]:
    """Providers and holders with given stakes, holder h with provider h modulo their number, who are paid for days."""
    case = economy(
        "emission",
        "rewards",
        days=days,
        noise=noise,
        emission=constant_emission(yearly_quiv),
        population=TINY.model_copy(update={"providers": len(stakes_quiv), "validators": 3}),
        staking=Staking(**staking),
    )

    def given(state: State, params: State) -> None:
        give_holders(state, {}, delegated_quiv)
        state["provider_stake_nquiv"][...] = [round(quiv * QUIV) for quiv in stakes_quiv]
        state["holder_provider"][...] = np.arange(8) % len(stakes_quiv)
        state["validator_stake_nquiv"][...] = [10_000 * QUIV, 20_000 * QUIV, 40_000 * QUIV]
        state["validator_active"][...] = [1.0, 1.0, 0.0]
        state["provider_banned"][..., list(banned)] = 1

    return list(each_day(case, given, runs))


def _fairness() -> list[Figure]:
    seen = paid([1e5, 3e5, 6e5], {2: 1e5, 3: 2e5, 4: 7e5}, days=300, restake_share=1.0)
    drift = 0.0
    for account in ("provider_stake_nquiv", "holder_delegated_nquiv"):
        held = np.concatenate([r.state[account] for r in (seen[0], seen[-1])]).astype(float)
        shares = held / held.sum(axis=-1, keepdims=True)
        drift = max(drift, float(np.abs(shares[1] - shares[0]).max()))
    draws, runs = 600, 2000
    urn = paid(
        [10.0, 30.0, 0.0], {}, draws, runs, noise=True, yearly_quiv=365.0,
        rewards="lottery", restake_share=1.0, direct_share=1.0, delegator_share=0.0,
    )[-1].state["provider_stake_nquiv"] / QUIV  # fmt: skip
    share = urn[:, 0] / urn.sum(axis=-1)
    to_limit = np.sqrt((40.0 + draws) / draws)
    moments = np.mean((share - 0.25) ** 4) / share.std() ** 4
    error = 0.0676 * np.sqrt((moments - 1.0) / (4.0 * runs))
    return [
        near("change of any share in 300 days of restaking, paid by stake", 0.0, drift, 0.0, 1e-9),
        mean("mean share of a lottery's winner of 10 of 40", 0.25, share),
        estimated("sd of that share, by 600 draws scaled to their limit", 0.0676, share.std() * to_limit, error),
    ]


def _compounding() -> list[Figure]:
    found = []
    for rate, compounded in ((0.08, 0.08328), (0.10, 0.10516), (0.12, 0.12747), (0.15, 0.16180)):
        case = economy(
            "emission", "rewards", days=3, supply=SUPPLY, population=HOLDERS_ONLY,
            emission=constant_emission(1e6), staking=Staking(direct_share=0.0, delegator_share=1.0),
        )  # fmt: skip

        def staked(state: State, params: State, stake: float = 1e6 / rate) -> None:
            give_holders(state, {3: 1e6}, {2: stake})

        apy = METRICS["delegator_apy"].read(last(each_day(case, staked)))[0]
        found += [
            near(f"APY of {rate:.0%}, as in the table", compounded, apy, 0.0, 5.1e-6),
            near(f"APY of {rate:.0%}, in closed form", (1.0 + rate / YEAR) ** YEAR - 1.0, apy, 0.0, 1e-6),
        ]
    return found


def _classes() -> list[Figure]:
    case = economy(
        *STAKERS,
        days=1500,
        emission=constant_emission(1e6),
        staking=Staking(
            sensitivity=2000.0, required_return=0.12, adjustment_per_day=0.005, unbonding_days=1, lockup_premium=0.0
        ),
    )

    def some_delegation(state: State, params: State) -> None:
        give_holders(state, dict.fromkeys(range(2, 7), 2250000.0), dict.fromkeys(range(2, 7), 500000.0))

    end = last(each_day(case, some_delegation))
    own, delegated = (float(end.held(name)[0]) for name in ("provider_stake_nquiv", "holder_delegated_nquiv"))
    gap = float(end.state["direct_apr"][0] - end.state["delegator_apr"][0])
    return [
        near("delegated share of both", 0.2632, delegated / (own + delegated), 0.0, 0.01),
        near("difference of the two yields", 0.0, gap, 0.0, 0.005, "1 / year"),
    ]


BONDED = 100_000_000 * QUIV
HOLDER = 3
Shape = Literal["linear", "cliff"]


def leaving_by_day(
    shape: Shape, hazard: float, days: int, unbonding_days: int = 21, **contracts: Any
) -> Iterator[Reading]:
    """One delegation of 100 M QUIV whose owner wants none of it: a steep response to no yield at all.

    With contracts of slashing it can be slashed.
    """
    leaving = Staking(
        sensitivity=5000.0,
        required_return=5.0,
        adjustment_per_day=hazard,
        unbonding_days=unbonding_days,
        unbonding_shape=shape,
    )
    case = economy(
        "staking", *contracts, days=days, supply=SUPPLY, population=HOLDERS_ONLY, staking=leaving, **contracts
    )

    def delegated(state: State, params: State) -> None:
        give_holders(state, {}, {HOLDER: BONDED / QUIV})

    return each_day(case, delegated)


def balance(reading: Reading, account: str) -> int:
    """What the one who leaves has in an account, nano-QUIV."""
    return int(reading.state[f"holder_{account}_nquiv"][0, HOLDER])


def _unbonding() -> list[Figure]:
    known = {"cliff": (54.7157, 12.8572, 32.4271), "linear": (54.7157, 6.5093, 38.7750)}
    found = []
    for shape, millions in known.items():
        end = last(leaving_by_day(shape, 0.01, 60))  # type: ignore[arg-type]
        for account, expected in zip(("delegated", "unbonding", "wallet"), millions, strict=True):
            name = {"delegated": "bonded", "unbonding": "unbonding", "wallet": "liquid"}[account]
            found.append(
                near(
                    f"{name} after 60 days, {shape}",
                    expected,
                    balance(end, account) / QUIV / 1e6,
                    0.0,
                    5.1e-5,
                    "M QUIV",
                )
            )
        readings = list(leaving_by_day(shape, 1e-6, 63))  # type: ignore[arg-type]
        left = balance(readings[-2], "delegated") - balance(readings[-1], "delegated")
        days = 21.0 if shape == "cliff" else 11.0
        found.append(
            near(
                f"stationary stock over flow, {shape}",
                days,
                balance(readings[-1], "unbonding") / left,
                1e-4,
                unit="days",
            )
        )
    path = np.asarray([balance(r, "delegated") for r in leaving_by_day("linear", 0.01, 70)]) / BONDED
    half = 68 + (path[68] - 0.5) / (path[68] - path[69])
    return [*found, near("half-life of what is bonded", 68.97, half, 0.0, 0.01, "days")]


ROWS = (
    TheoryRow(
        "T8",
        "Staking equilibrium",
        "a pool of E a year, holders alike with a required return, response nearly a step",
        "Cong, He and Tang 2022; John, Rivera and Saleh 2021; Chitra 2020",
        _equilibrium,
    ),
    TheoryRow(
        "T8b",
        "Staking by logit choice",
        "E/M = 3.5 %, required return 10 %, responses of several slopes; damped and undamped",
        "McFadden 1974, on the equilibrium of T8",
        _logit,
    ),
    TheoryRow(
        "T8c",
        "Signs of staking",
        "economies that differ in emission, in preferences, and at two horizons; what is minted for work is sold",
        "Cong, He and Tang 2022; John, Rivera and Saleh 2021; Livepeer 2019 to 2024",
        _signs,
    ),
    TheoryRow(
        "T9",
        "Fairness of rewards",
        "all rewards restaked, paid by stake or by a lottery of one QUIV a draw between 10 and 30",
        "Fanti et al. 2018; Polya's urn",
        _fairness,
    ),
    TheoryRow(
        "T10",
        "Yield and compounded yield",
        "a pool of 1 M QUIV a year for a fixed stake",
        "compound interest",
        _compounding,
    ),
    TheoryRow(
        "T11",
        "Direct and delegated stake",
        "70 and 25 % of rewards, both classes free to stake at 12 %",
        "arbitrage; the white paper's split of staking rewards",
        _classes,
    ),
    TheoryRow(
        "T16",
        "Unbonding",
        "100 M QUIV leave at 1 % a day, 21 days, released at the end or in daily parts",
        "Little 1961",
        _unbonding,
    ),
)
