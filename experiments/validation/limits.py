"""Limiting cases: small economies with most mechanisms off, and a look at every day of one.

Everything here drives the blocks that any run has. `record` is the ensemble engine; `each_day` steps the same wired
blocks through the same ledger audit, yields the state after each day, and lets a case start from balances of its own
and be changed between days. The rows of `quiver-sim check` and the tests of limiting cases stand on these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.engines.genesis import State, genesis
from experiments.engines.substep import audit_block, run_block
from experiments.engines.wiring import MECHANISMS, Substep, blocks, wiring
from model.arrays import NQUIV_PER_QUIV
from model.economy import Economy, ScriptedProposal
from model.flows import LEDGER
from model.metrics import Reading
from model.parameters import Parameters
from model.parameters.demand import Demand
from model.parameters.investors import Investors
from model.parameters.market import Market
from model.parameters.pool import Pool
from model.parameters.population import Population
from model.parameters.pricing import Pricing
from model.parameters.providers import Providers

SEED = 7
QUIV = NQUIV_PER_QUIV
YEAR = 365
MILLION = 1e6

TINY = Population(
    providers=3,
    consumers=2,
    validators=1,
    holders=8,
    provider_genesis_share=0.40,
    consumer_genesis_share=0.05,
    validator_genesis_share=0.0,
)
"""Holders 0 to 4 bought in the public sale, 5 and 6 are team and investors, 7 is an ecosystem grantee."""

STEADY = Providers(capacity_tokens_per_day=2e6, capacity_growth=0.0, initial_online=1.0, cost_usd_per_token=0.0)
"""Six million tokens of compute a day, for ever, that cost nothing."""

QUANTITY = Market(price_process="quantity")
"""The price by the equation of exchange, where nothing else is said and prices are on."""

STILL = Investors(attention=0.0, savings_hazard=0.0)
"""Nobody trades by what the token is worth: there are only the orders that a case has, and the pool."""

DEEP = Pool(liquidity_usd=5e6, withdrawable_share=0.0)
"""A pool that opens with 50 M QUIV and 5 M USD, at a price of 0.10 USD, and that nobody leaves."""

BY_THE_LETTER = Pricing(numeraire="quiv")
"""Inference at 0.001 QUIV a token, whatever QUIV is worth and however cheap hardware gets."""

OPEN_MARKET = (0.35, 0.45, 0.0, 0.0, 0.20, 0.0, 0.0)
"""Allocation shares by which the only tokens that circulate are a public sale of 200 M QUIV."""

AT_ONCE = (0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0)

Change = Callable[[State, State], None]


def economy(
    *on: str,
    days: int,
    noise: bool = False,
    exogenous: dict[str, NDArray[Any]] | None = None,
    proposals: tuple[ScriptedProposal, ...] = (),
    **contracts: Any,
) -> Economy:
    """An economy in which only the named mechanisms are on; contracts are given by name (`fees=Fees(...)`)."""
    unknown = set(on) - set(MECHANISMS)
    if unknown:
        raise ValueError(f"no such mechanism: {', '.join(sorted(unknown))}")
    return Economy(
        days=days,
        parameters=Parameters(
            **{"population": TINY, "providers": STEADY, "market": QUANTITY, "pricing": BY_THE_LETTER, **contracts}
        ),
        mechanisms={name: name in on for name in MECHANISMS},
        exogenous=exogenous or {},
        proposals=proposals,
        noise=noise,
    )


def steady_demand(usd_per_day: float, **more: Any) -> Demand:
    """Two consumers who together spend a fixed sum of USD every day, whatever the price."""
    fixed = {"elasticity": 1.0, "adoption_rate": 0.0, "trend_sigma": 0.0, "weekend_level": 1.0, "daily_swing": 0.0}
    return Demand(budget_usd_per_day=usd_per_day / TINY.consumers, **(fixed | more))


def record(case: Economy, *metrics: str) -> dict[str, NDArray[Any]]:
    """Metrics of one trajectory by the ensemble engine, each `(days + 1,)`."""
    taken = execute([case], SEED, [0], metrics)["record"]
    return {name: taken[:, place, 0] for place, name in enumerate(metrics)}


def block(case: Economy, name: str) -> Substep:
    """One of the economy's blocks, as wired."""
    return next(found for found in blocks(case) if found.name == name)


def each_day(case: Economy, change: Change | None = None, runs: int = 1) -> Iterator[Reading]:
    """The state at genesis, after `change` has written to state and parameters in place, and after each day.

    What whoever looks at a day writes into it is where the next day starts.
    """
    state, params = genesis([case], SEED, range(runs))
    if change is not None:
        change(state, params)
    wired = wiring(blocks(case))
    yield Reading(state, params)
    for _ in range(case.days):
        totals = LEDGER.totals(state)
        for substep in wired:
            after = run_block(params, state, substep)
            totals = audit_block(params, totals, state, substep, after)
            state = after.state
        yield Reading(state, params)


def book(reading: Reading) -> State:
    """A day's state, to be written in for the next day."""
    return cast(State, reading.state)


def last(readings: Iterator[Reading]) -> Reading:
    """The last day."""
    *_, reading = readings
    return reading


def total(reading: Reading, account: str) -> int:
    """An account in nano-QUIV, summed over its agents."""
    return int(LEDGER.total(account, reading.state[account])[0])


def flow(reading: Reading, name: str) -> int:
    """What a flow moved that day, nano-QUIV."""
    return int(reading.state["flows_nquiv"][0, LEDGER.index[name]])


def give_holders(state: State, wallets_quiv: dict[int, float], delegated_quiv: dict[int, float] | None = None) -> None:
    """Set what holders own; every other holder has nothing. What this adds or takes comes out of the treasury."""
    before = LEDGER.holdings(state)
    for account, amounts in (("holder_wallet_nquiv", wallets_quiv), ("holder_delegated_nquiv", delegated_quiv or {})):
        state[account][...] = 0
        for holder, quiv in amounts.items():
            state[account][..., holder] = round(quiv * QUIV)
    state["treasury_nquiv"] = state["treasury_nquiv"] + before - LEDGER.holdings(state)
    if np.min(state["treasury_nquiv"]) < 0:
        raise ValueError("the treasury does not have what the holders are to be given")
