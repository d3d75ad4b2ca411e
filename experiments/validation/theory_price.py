r"""T5 to T7 and T12 to T14: the equation of exchange, channel deposits, burn and mint, the pool, the market maker."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.genesis import State
from experiments.validation.limits import (
    AT_ONCE,
    DEEP,
    OPEN_MARKET,
    QUIV,
    STILL,
    YEAR,
    each_day,
    economy,
    flow,
    give_holders,
    last,
    steady_demand,
    total,
)
from experiments.validation.rows import Figure, TheoryRow, estimated, holds, mean, near
from model.arrays import to_quiv
from model.economy import Economy
from model.formulas import amm, quoting
from model.metrics import METRICS, Reading
from model.parameters.channels import Channels
from model.parameters.emission import Emission
from model.parameters.fees import Fees
from model.parameters.maker import Maker
from model.parameters.market import Market
from model.parameters.population import Population
from model.parameters.providers import Providers
from model.parameters.staking import Staking
from model.parameters.supply import Supply

SUPPLY = Supply(allocation_share=OPEN_MARKET, tge_share=AT_ONCE)
ALL_LIQUID = Population(
    providers=3,
    consumers=2,
    validators=1,
    holders=8,
    provider_genesis_share=0.0,
    consumer_genesis_share=0.0,
    validator_genesis_share=0.0,
)
FREE = Fees(network_share=0.0, treasury_share=0.0)
NO_TIERS = Staking(tier_minimum_quiv=(0.0, 0.0, 0.0, 0.0), initial_share=0.0)
AMPLE = Providers(capacity_tokens_per_day=1e12, capacity_growth=0.0, sell_share=1.0)
EXCHANGE = ("demand", "market", "settlement", "price")
DAY_AHEAD = {"wallet_days": 1.0}
USD_PER_QUIV = "USD per QUIV"


def quantity(holding_days: float, reversion_days: float = 1.0) -> Market:
    """The equation of exchange, without noise."""
    return Market(price_process="quantity", holding_days=holding_days, reversion_days=reversion_days, volatility=0.0)


def price_of(demand_usd_a_year: float, holding_days: float, tokens_quiv: float, staked: float = 0.0) -> float:
    """USD per QUIV after fifty days in which consumers spend a fixed sum and nothing else changes."""
    case = economy(
        *EXCHANGE,
        days=50,
        supply=SUPPLY,
        population=ALL_LIQUID,
        fees=FREE,
        staking=NO_TIERS,
        providers=AMPLE,
        market=quantity(holding_days),
        demand=steady_demand(demand_usd_a_year / YEAR, **DAY_AHEAD),
    )

    def own(state: State, params: State) -> None:
        give_holders(state, {2: tokens_quiv * (1.0 - staked)}, {3: tokens_quiv * staked})

    return float(last(each_day(case, own)).state["price_usd"][0])


def _exchange() -> list[Figure]:
    prices = {staked: price_of(50e6, 30.0, 200e6, staked) for staked in (0.0, 0.30, 0.45)}
    known = {0.0: 0.020548, 0.30: 0.029354, 0.45: 0.037360}
    base = prices[0.0]
    double = math.log(2.0)
    elasticities = (
        ("of demand", 1.0, price_of(100e6, 30.0, 200e6)),
        ("of holding time", 1.0, price_of(50e6, 60.0, 200e6)),
        ("of money", -1.0, price_of(50e6, 30.0, 400e6)),
    )
    return [
        *[near(f"price, {s:.0%} staked", known[s], found, 0.01, unit=USD_PER_QUIV) for s, found in prices.items()],
        *[near(f"elasticity {of}", e, math.log(found / base) / double, 0.01) for of, e, found in elasticities],
    ]


BAUMOL = Channels(share=1.0, opening_fee_quiv=10.0, transaction_cost_usd=0.0, expiry_days=3650)
SPENDING_USD = 20.0
"""Two consumers, 100 QUIV a day each at 0.10 USD."""


def rich(state: State, params: State) -> None:
    """Consumers who own 100,000 QUIV more, which were the treasury's."""
    state["consumer_wallet_nquiv"][...] += 100_000 * QUIV
    state["treasury_nquiv"][...] -= state["consumer_wallet_nquiv"].shape[-1] * 100_000 * QUIV


def _channels() -> list[Figure]:
    on = ("demand", "market", "settlement", "channels")
    seen = list(each_day(economy(*on, days=400, demand=steady_demand(SPENDING_USD), channels=BAUMOL), rich))[20:]
    opened = np.array([reading.summed("channel_opened")[0] for reading in seen]) > 0
    deposits = np.array([flow(reading, "channel_deposit") for reading in seen])[opened] / 2.0 / QUIV
    held = np.array([total(reading, "consumer_channel_nquiv") for reading in seen]) / QUIV
    spent = np.array([flow(reading, "channel_payment") for reading in seen]) / QUIV
    in_channels = held[:-1] - spent[1:] / 2.0
    return [
        near("deposit", 1910.5, deposits.mean(), 0.02, unit="QUIV"),
        near("days between deposits", 19.10, np.diff(np.flatnonzero(opened)).mean(), 0.02, unit="days"),
        near("velocity", 38.2, spent[1:].mean() * 365.0 / in_channels.mean(), 0.02, unit="1 / year"),
    ]


BURN = 0.075
EMISSION_A_YEAR = 21e6
BURN_MINT = EMISSION_A_YEAR * (30.0 / YEAR) / BURN


def burn_and_mint(
    demand_usd_a_year: float, days: int, start_quiv: float, holding_days: float = 30.0
) -> Iterator[Reading]:
    """Emission paid for work, a network fee that is burned whole, and the equation of exchange's price, day by day."""
    case = economy(
        *EXCHANGE,
        "emission",
        days=days,
        supply=SUPPLY,
        population=ALL_LIQUID,
        staking=NO_TIERS,
        providers=AMPLE,
        emission=Emission(yearly_quiv=(EMISSION_A_YEAR,) * 10, staking_share=0.0),
        fees=Fees(network_share=BURN, treasury_share=0.0, burn_share=1.0),
        market=quantity(holding_days),
        demand=steady_demand(demand_usd_a_year / YEAR, **DAY_AHEAD),
    )

    def own(state: State, params: State) -> None:
        give_holders(state, {2: start_quiv})
        state["price_usd"][...] = demand_usd_a_year * holding_days / (YEAR * start_quiv)

    return each_day(case, own)


def money(reading: Reading) -> float:
    """What circulates, QUIV."""
    return float(reading.circulating[0])


def _burn_mint() -> list[Figure]:
    found = []
    for millions, price in ((10, 0.0357), (50, 0.1786), (150, 0.5357), (1000, 3.571)):
        end = last(burn_and_mint(millions * 1e6, 1100, 1.1 * BURN_MINT))
        closing = end.state["price_usd"][0]
        found += [
            near(f"price at {millions} M USD a year", price, closing, 0.01, unit=USD_PER_QUIV),
            near(f"money at {millions} M USD a year", 23.01, money(end) / 1e6, 0.01, unit="M QUIV"),
        ]
    longer = last(burn_and_mint(50e6, 1300, 1.05 * 1.5 * BURN_MINT, holding_days=45.0)).state["price_usd"][0]
    path = np.asarray([money(reading) for reading in burn_and_mint(50e6, 400, 2.0 * BURN_MINT)])
    gap = np.log(path / BURN_MINT - 1.0)
    return [
        *found,
        near("price at 50 M USD, coins held 45 days", 0.1786, longer, 0.01, unit=USD_PER_QUIV),
        near("time constant", 1.096, -400.0 / (gap[-1] - gap[0]) / YEAR, 0.02, unit="years"),
    ]


POOLED = Market(price_process="pool")
IDLE = steady_demand(0.0)


def beside_a_pool(*on: str, days: int, fee: float = 0.003, **contracts: Any) -> Economy:
    """An economy in which nobody trades unless a case makes it, and its deep pool."""
    pool = DEEP.model_copy(update={"fee": fee})
    return economy(
        "market", "price", *on, days=days, market=POOLED, pool=pool, investors=STILL, demand=IDLE, **contracts
    )


def _sale(quiv: float, fee: float = 0.003) -> tuple[float, float]:
    """What one speculator gets who sells so much to a pool of 50 M QUIV and 5 M USD, and what the price falls by."""

    def leaving(state: State, params: State) -> None:
        amount = round(quiv * QUIV)
        state["speculator_wallet_nquiv"][..., 0] += amount
        state["treasury_nquiv"] = state["treasury_nquiv"] - amount
        state["speculator_order_nquiv"][..., 0] = -amount

    first, end = each_day(beside_a_pool(days=1, fee=fee), leaving)
    got = first.state["pool_usd"] - end.state["pool_usd"]
    return float(got[0]), 1.0 - float(end.state["price_usd"][0] / first.state["price_usd"][0])


FEE = 0.003


def arbitraged(path: NDArray[Any], fee: float) -> Iterator[Reading]:
    """A pool beside a price from outside, `(days, runs)`: each day somebody trades until it pays no more."""
    days, runs = path.shape
    case = beside_a_pool(days=days, fee=fee)

    def wealthy(state: State, params: State) -> None:
        state["speculator_cash_usd"][..., 0] = 1e12
        state["speculator_wallet_nquiv"][..., 0] += 10**17
        state["treasury_nquiv"] = state["treasury_nquiv"] - 10**17

    for day, reading in enumerate(each_day(case, wealthy, runs)):
        yield reading
        if day < days:
            reserves = (to_quiv(reading.state["pool_nquiv"]), reading.state["pool_usd"], fee)
            wanted = amm.purchase_until(path[day], *reserves) - amm.sale_until(path[day], *reserves)
            reading.state["speculator_order_nquiv"][..., 0] = np.round(wanted * QUIV)


def moving(days: int, runs: int, volatility: float, seed: int) -> NDArray[Any]:
    """Prices of a driftless geometric Brownian motion from 0.10 USD after each day, `(days, runs)`."""
    daily = volatility / math.sqrt(YEAR)
    steps = np.random.default_rng(seed).normal(-0.5 * daily**2, daily, (days, runs))
    return np.asarray(0.1 * np.exp(np.cumsum(steps, axis=0)))


def _pool() -> list[Figure]:
    sales = {10e3: 996.801, 100e3: 9_950.159, 500e3: 49_357.902, 5e6: 453_305.447}
    falls = {0.10: 0.05409, 0.20: 0.11803, 0.50: 0.41421}
    band, products = [], []
    path = moving(200, 20, 1.0, 12)
    for day, reading in enumerate(arbitraged(path, FEE)):
        products.append(reading.state["pool_usd"] * to_quiv(reading.state["pool_nquiv"]))
        band.append(reading.state["price_usd"] / path[max(day - 1, 0)])
    ratio = np.stack(band[1:])
    ways = [np.stack([0.1 * up, 0.1 * np.ones(1)]) for up in np.asarray([[1.2], [0.8]])]
    there = [last(arbitraged(way, 0.0)).state for way in ways]
    return [
        *[near(f"USD for {q:,.0f} QUIV", usd, _sale(q)[0], unit="USD", absolute=5e-4) for q, usd in sales.items()],
        *[
            near(
                f"fall of the price by a sale of {part:.3%} of the reserve, no fee",
                fall,
                _sale(50e6 * part, 0.0)[1],
                1e-4,
            )
            for fall, part in falls.items()
        ],
        holds("the product of the reserves never falls", np.min(np.diff(np.stack(products), axis=0)) >= -1e-3),
        holds(
            "after arbitrage the price is between (1 - fee) P and P / (1 - fee)",
            ratio.min() >= (1 - FEE) * (1 - 1e-9) and ratio.max() <= (1 + 1e-9) / (1 - FEE),
        ),
        *[
            near("USD of the pool after a way up or down and back, no fee", 5e6, end["pool_usd"][0], 1e-9, unit="USD")
            for end in there
        ],
    ]


def _losses() -> list[Figure]:
    known = {1.25: -0.00619, 1.5: -0.02020, 2.0: -0.05719, 0.5: -0.05719, 4.0: -0.20}
    steps = np.asarray(list(known))
    ten_days = 0.1 * steps ** (np.arange(1, 11)[:, None] / 10.0)
    end = last(arbitraged(ten_days, 0.0))
    found = METRICS["pool_over_holding"].read(end)
    moved = [
        near(f"pool over holding, price times {k:g}", il, x, 0.0, 5e-6)
        for (k, il), x in zip(known.items(), found, strict=True)
    ]
    path = moving(YEAR, 4000, 1.0, 13)
    final = last(arbitraged(path, 0.0)).state
    first = 2.0 * 5e6
    value = (final["pool_usd"] + to_quiv(final["pool_nquiv"]) * final["price_usd"]) / first
    return [
        *moved,
        mean("value after a year at a volatility of one", math.exp(-1.0 / 8.0), value),
        mean("loss versus rebalancing in that year", 1.0 - math.exp(-1.0 / 8.0), final["lvr_usd"] / first),
    ]


PATHS, STEPS = 4000, 200
ARRIVALS, DECAY, VARIANCE = 140.0, 1.5, 4.0
STRATEGIES = (
    (0.1, True, 64.8, 6.5, 2.90),
    (0.1, False, 67.9, 13.3, 8.39),
    (0.01, True, 68.3, 9.0, 5.16),
    (0.5, True, 48.7, 5.9, 1.95),
)
"""Risk aversion, whether it quotes by inventory, mean and sd of its profit, sd of its inventory."""


def quoted(aversion: float, lots: float) -> tuple[float, float]:
    """Middle and width of the maker's quotes in a run, percent of the price, with so many lots above its budget."""
    maker = Maker(budget_quiv=1e6, budget_usd=1e5, aversion=aversion, decay=DECAY)
    case = beside_a_pool("market_maker", days=1, maker=maker)

    def known(state: State, params: State) -> None:
        state["maker_variance"][...] = VARIANCE * math.exp(1.0 / maker.memory_days)
        more = round(lots * maker.budget_quiv / maker.lots * QUIV)
        state["maker_nquiv"] = state["maker_nquiv"] + more
        state["treasury_nquiv"] = state["treasury_nquiv"] - more

    end = last(each_day(case, known)).state
    ask, bid = (100.0 * float(end[f"maker_{side}_usd"][0]) / 0.1 for side in ("ask", "bid"))
    return (ask + bid) / 2.0, ask - bid


def trade(aversion: float, by_inventory: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    """Final profits and inventories of independent days of quoting by the maker's rule, orders coming one by one."""
    draw = np.random.default_rng(14)
    step = 1.0 / STEPS
    mid, cash, inventory = np.full(PATHS, 100.0), np.zeros(PATHS), np.zeros(PATHS)
    for index in range(STEPS):
        left = 1.0 - index * step
        width = quoting.spread(np.float64(aversion), np.float64(VARIANCE), np.float64(left), np.float64(DECAY))
        skewed = quoting.reservation(mid, inventory, np.float64(aversion), np.float64(VARIANCE), np.float64(left))
        middle = skewed if by_inventory else mid
        ask, bid = middle + width / 2.0, middle - width / 2.0
        sold = draw.random(PATHS) < ARRIVALS * np.exp(-DECAY * (ask - mid)) * step
        bought = draw.random(PATHS) < ARRIVALS * np.exp(-DECAY * (mid - bid)) * step
        cash += sold * ask - bought * bid
        inventory += bought * 1.0 - sold * 1.0
        mid = mid + np.sqrt(VARIANCE * step) * draw.choice([-1.0, 1.0], PATHS)
    return cash + inventory * mid, inventory


def _maker() -> list[Figure]:
    found = [
        near("width of the quotes, a day to go", 1.6908, quoted(0.1, 0.0)[1], 0.0, 5e-5, "% of the price"),
        near("middle of the quotes with a lot too many", 99.6, quoted(0.1, 1.0)[0], 0.0, 1e-6, "% of the price"),
    ]
    both = math.sqrt(2.0 / PATHS)
    for aversion, by_inventory, profit, sd, lots in STRATEGIES:
        name = f"aversion {aversion:g}, {'by inventory' if by_inventory else 'symmetric'}"
        made, held = trade(aversion, by_inventory)
        found += [
            estimated(f"mean profit, {name}", profit, made.mean(), both * sd, allowance=0.05),
            estimated(f"sd of profit, {name}", sd, made.std(), both * sd / math.sqrt(2.0), allowance=0.03 * sd),
            estimated(
                f"sd of inventory, {name}", lots, held.std(), both * lots / math.sqrt(2.0), allowance=0.02 * lots
            ),
        ]
    return found


ROWS = (
    TheoryRow(
        "T5",
        "Equation of exchange",
        "consumers spend 50 M USD a year, 200 M QUIV rest 30 days each, nobody speculates",
        "Fisher 1911; Buterin 2017; Samani 2017",
        _exchange,
    ),
    TheoryRow(
        "T6",
        "Deposits of payment channels",
        "100 QUIV a day paid by channel, 10 QUIV a deposit, capital at 20 % a year",
        "Baumol 1952; Tobin 1956",
        _channels,
    ),
    TheoryRow(
        "T7",
        "Burn-mint equilibrium",
        "21 M QUIV a year minted for work, 7.5 % of payments burned, coins held 30 days",
        "Helium 2019; Kalabic 2021",
        _burn_mint,
    ),
    TheoryRow(
        "T12",
        "Constant-product pool",
        "50 M QUIV and 5 M USD, fee 0.3 %; a seller alone in the batch, an arbitrageur against a price from outside",
        "Angeris and Chitra 2020",
        _pool,
    ),
    TheoryRow(
        "T13",
        "What liquidity loses",
        "no fee, an arbitrageur who trades every day against a price from outside",
        "Milionis, Moallemi, Roughgarden and Zhang 2022",
        _losses,
    ),
    TheoryRow(
        "T14",
        "Market making",
        "mid price of volatility 2, orders at a rate of 140 exp(-1.5 distance); 4,000 days of 200 steps",
        "Avellaneda and Stoikov 2008",
        _maker,
        convention=(
            "The economy's maker quotes once a day, in percent of the price and always with a day to go; orders within "
            "a day come one by one only here, to the same two formulas."
        ),
    ),
)
