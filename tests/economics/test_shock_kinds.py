r"""Each kind of shock alone, with an answer known on paper; all of them together; and what each does to an economy.

Known answers: budgets are $f$ times as large; capacity is $1 - s$ of what it was, and two halves leave a quarter; of a
pool of $x$ into which $n$ are sold the price falls by $x^2 / ((x + \gamma n)(x + n))$; a sale of $s$ over $d$ days is
$s / d$ of the first holdings a day; without noise $1 - s$ of providers stay; where costs fall by $s$, free entry has
$1 / (1 - s)$ times as many providers in the end; the oracle is the median of the feeds that report, and of a fault it
knows nothing while fewer than half have it; a panel of three without a quorum, of whom each votes with chance $a$ and
errs with $\varepsilon$, convicts the innocent with $3 a (1 - a)^2 \varepsilon + 3 a^2 (1 - a) \varepsilon^2 + a^3 (3
\varepsilon^2 - 2 \varepsilon^3)$; a seizure takes $\lfloor s T \rfloor$ and burns nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from experiments.engines.genesis import State, genesis
from experiments.engines.wiring import MECHANISMS
from experiments.inputs.scenario import load_scenario
from model.economy import Economy
from model.flows import LEDGER
from model.formulas import amm
from model.parameters.market import Market
from model.parameters.oracle import Oracle
from model.parameters.population import Population
from model.parameters.treasury import Treasury
from model.parameters.valuation import Valuation
from model.shocks import KINDS, SEVERITIES, Shock
from model.shocks import shock_paths as values_by_day
from policies.panels import canary_fails
from tests.economics.limits import (
    DEEP,
    QUIV,
    SEED,
    STILL,
    by_day,
    economy,
    flow,
    give_holders,
    record,
    steady_demand,
    total,
)
from tests.economics.test_entry import alike, open_network
from tests.engines.daily import assert_same, cadcad_days, ensemble_days, radcad_days, small, trajectory

PRICE = {"price_usd": np.array([0.1])}


def with_shocks(case: Economy, *shocks: Shock) -> Economy:
    return replace(case, shocks=shocks)


def figure(case: Economy, name: str, change: Callable[[State, State], None] | None = None) -> np.ndarray:
    """A state variable at genesis and at the end of each day, of one trajectory."""
    return np.stack([np.array(reading.state[name][0]) for reading in by_day(case, change)])


def test_budgets_are_multiplied_on_the_days_of_a_surge_or_a_collapse() -> None:
    case = economy("demand", days=8, demand=steady_demand(1000.0), exogenous=PRICE)
    usual = figure(case, "budget_usd")
    surge, collapse = Shock(2, "demand_surge", 1.0, days=4), Shock(3, "demand_collapse", 0.75, days=2)
    factors = np.array([1.0, 1.0, 1.0, 2.0, 0.5, 0.5, 2.0, 1.0, 1.0])
    np.testing.assert_array_equal(figure(with_shocks(case, surge, collapse), "budget_usd"), usual * factors[:, None])


def test_congestion_takes_capacity_and_nothing_else() -> None:
    """Two halves of one day leave a quarter; all stay online and up, and pay what they paid."""
    on = ("demand", "settlement", "market", "entry", "reputation")
    case = economy(*on, days=6, demand=steady_demand(1000.0), exogenous=PRICE)
    half = Shock(2, "congestion", 0.5, days=3)
    calm, jammed = (list(by_day(c)) for c in (case, with_shocks(case, half, replace(half, day=4, days=1))))
    left = [1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 1.0]
    for share, usual, now in zip(left, calm, jammed, strict=True):
        np.testing.assert_array_equal(now.state["capacity_tokens"], usual.state["capacity_tokens"] * share)
        for name in ("provider_up", "provider_online", "provider_standing", "provider_activity"):
            np.testing.assert_array_equal(now.state[name], usual.state[name])


def test_what_capacity_earns_counts_what_is_out() -> None:
    """Demand far below capacity: providers earn the same, by the unit that they have and pay for."""
    case = economy("demand", "settlement", "entry", days=6, demand=steady_demand(1.0), exogenous=PRICE)
    usual, jammed = (
        figure(c, "capacity_income_usd") for c in (case, with_shocks(case, Shock(1, "congestion", 0.9, 4)))
    )
    assert usual[-1] > 0.0
    np.testing.assert_allclose(jammed, usual, rtol=1e-9)


POOLED = Market(price_process="pool")
FEE = 0.003


def only_a_pool(days: int, *shocks: Shock) -> Economy:
    """Nobody trades but whom a shock makes trade."""
    return with_shocks(economy("market", "price", days=days, market=POOLED, pool=DEEP, investors=STILL), *shocks)


def six_holders(state: State, params: State) -> None:
    give_holders(state, {0: 500_000.0, 1: 70_000.123456789, 5: 2e6, 6: 333_333.3, 7: 10_000.0})


def test_a_fire_sale_takes_its_share_of_every_wallet_and_moves_the_pool_along_its_curve() -> None:
    case = only_a_pool(3, Shock(1, "fire_sale", 0.3))
    before, after = list(by_day(case, six_holders))[1:3]
    assert total(after, "market_nquiv") == 0
    assert flow(after, "pool_purchase") == flow(after, "holder_sale") + flow(after, "speculator_sale")
    for account in ("holder_wallet_nquiv", "speculator_wallet_nquiv"):
        assert total(before, account) > 0
        sold = (before.state[account] * 3) // 10
        np.testing.assert_array_equal(after.state[account], before.state[account] - sold)
    pool, net = total(before, "pool_nquiv") / QUIV, flow(after, "pool_purchase") / QUIV
    fallen = pool**2 / ((pool + (1.0 - FEE) * net) * (pool + net))
    assert after.state["price_usd"][0] / before.state["price_usd"][0] == pytest.approx(fallen, rel=1e-9)
    got = amm.usd_for_sale(np.asarray(net), np.asarray(pool), before.state["pool_usd"], FEE)
    assert before.state["pool_usd"][0] - after.state["pool_usd"][0] == pytest.approx(float(got[0]), rel=1e-9)


def test_two_fire_sales_of_a_day_are_one_after_the_other() -> None:
    once, twice = (
        figure(only_a_pool(2, *shocks), "holder_wallet_nquiv", six_holders)
        for shocks in ((Shock(1, "fire_sale", 0.75),), (Shock(1, "fire_sale", 0.5),) * 2)
    )
    np.testing.assert_array_equal(once, twice)


def test_whales_sell_evenly_over_the_days_and_nobody_else_does() -> None:
    """Holders 5 and 6 are team and investors: a fifth of what they had on each of four days."""
    held = figure(only_a_pool(7, Shock(1, "whale_exit", 0.8, days=4)), "holder_wallet_nquiv", six_holders)
    left = np.array([1.0, 1.0, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2])
    np.testing.assert_allclose(held[:, 5:7] / held[0, 5:7], np.stack([left, left], axis=-1), rtol=1e-8)
    others = [0, 1, 2, 3, 4, 7]
    np.testing.assert_array_equal(held[:, others], np.broadcast_to(held[0, others], held[:, others].shape))


def test_whales_who_sell_all_have_nothing_left() -> None:
    held = figure(only_a_pool(5, Shock(1, "whale_exit", 1.0, days=3)), "holder_wallet_nquiv", six_holders)
    np.testing.assert_array_equal(held[4, 5:7], [0, 0])


@pytest.mark.parametrize("entry", [True, False])
def test_without_noise_the_share_of_providers_leaves(entry: bool) -> None:
    """With entry on the same as without the shock, less the share; with entry off it is all that moves."""
    case = economy("demand", "settlement", *(["entry"] if entry else []), days=4, demand=steady_demand(100.0))
    exits = (Shock(1, "provider_exit", 0.2), Shock(1, "provider_exit", 0.5))
    usual, left = (figure(c, "provider_online") for c in (case, with_shocks(case, *exits)))
    np.testing.assert_array_equal(left[:2], usual[:2])
    np.testing.assert_allclose(left[2], 0.4 * usual[2], rtol=1e-12)


def test_with_noise_those_who_leave_at_a_lower_grade_leave_at_a_higher() -> None:
    case = replace(
        economy(days=2, population=Population(providers=400, consumers=2, validators=1, holders=8)), noise=True
    )
    online = [figure(with_shocks(case, Shock(0, "provider_exit", share)), "provider_online")[1] for share in (0.1, 0.3)]
    assert np.all(online[1] <= online[0])
    for share, there in zip((0.1, 0.3), online, strict=True):
        assert there.mean() == pytest.approx(1.0 - share, abs=4.0 * np.sqrt(share * (1.0 - share) / 400))


def test_costs_that_fall_by_a_share_bring_providers_until_revenue_covers_them() -> None:
    """Eighty providers where a day costs 10 USD; half as many again where it costs a third less, from any day on."""
    network = alike(10.0, 1e8, initial_online=0.4, entry_speed=0.08)
    case = open_network(network, demand=steady_demand(1000.0), days=400)
    cheaper = with_shocks(case, Shock(200, "gpu_deflation", 1.0 / 3.0))
    number = record(cheaper, "active_providers")["active_providers"]
    assert number[200] == pytest.approx(80.0, rel=0.02)
    assert number[-1] == pytest.approx(120.0, rel=0.02)


def test_deflation_stays_and_the_next_one_comes_on_top() -> None:
    shocks = (Shock(1, "gpu_deflation", 0.25), Shock(3, "gpu_deflation", 0.5))
    np.testing.assert_array_equal(
        values_by_day(shocks, 4, {"feeds": 5})["shocks.hardware_cost"], [1.0, 0.75, 0.75, 0.375, 0.375]
    )


QUIET = {"stale_chance": 0.0, "fault_chance": 0.0, "outlier_z": 1e9, "breaker_width": 1e9, "staleness_days": 0}


def feeds(days: int, *shocks: Shock, noise: bool = True, **settings: Any) -> Economy:
    """An economy in which only the oracle moves, under a price that rises by a tenth a day."""
    path = {"price_usd": 0.1 * 1.1 ** np.arange(days + 1)}
    case = economy("oracle", "price", days=days, noise=noise, exogenous=path, oracle=Oracle(**(QUIET | settings)))
    return with_shocks(case, *shocks)


@pytest.mark.parametrize(("share", "silent"), [(0.2, 1), (0.4, 2)])
def test_in_an_outage_the_oracle_is_the_median_of_those_who_report(share: float, silent: int) -> None:
    usual = figure(feeds(8), "feed_price_usd")
    case = feeds(8, Shock(2, "feed_outage", share, days=4))
    reports, price = figure(case, "feed_price_usd"), figure(case, "oracle_price_usd")
    last = 5 - silent
    np.testing.assert_array_equal(reports[:, :last], usual[:, :last])
    np.testing.assert_array_equal(reports[3:7, last:], np.broadcast_to(usual[2, last:], (4, silent)))
    np.testing.assert_array_equal(reports[7:], usual[7:])
    np.testing.assert_allclose(price[3:7], np.median(usual[3:7, :last], axis=-1), rtol=1e-12)


def test_while_all_feeds_are_silent_the_oracles_price_stands_still_corrupt_feeds_or_not() -> None:
    case = feeds(8, Shock(2, "feed_outage", 1.0, days=4), corrupt_feeds=3)
    price = figure(case, "oracle_price_usd")
    np.testing.assert_array_equal(price[3:7], np.full(4, price[2]))
    assert price[7] > 1.3 * price[2]


def test_a_fault_of_a_minority_is_bounded_by_what_the_others_report() -> None:
    """Two of five at ten times the price: the median is the highest of the three others; the worst that they can do."""
    usual = figure(feeds(6), "feed_price_usd")
    case = feeds(6, Shock(2, "feed_fault", 9.0, days=2, share=0.4))
    reports, price = figure(case, "feed_price_usd"), figure(case, "oracle_price_usd")
    np.testing.assert_allclose(reports[3:5, :2], 10.0 * usual[3:5, :2], rtol=1e-12)
    np.testing.assert_array_equal(reports[:, 2:], usual[:, 2:])
    np.testing.assert_array_equal(price[3:5], usual[3:5, 2:].max(axis=-1))


def test_a_fault_of_a_majority_is_the_oracles_price() -> None:
    usual, wrong = (
        figure(feeds(4, *shocks, noise=False), "oracle_price_usd")
        for shocks in ((), (Shock(1, "feed_fault", 0.5, days=2, share=0.6),))
    )
    np.testing.assert_allclose(wrong / usual, [1.0, 1.0, 1.5, 1.5, 1.0], rtol=1e-12)


def test_faults_multiply_in_the_feeds_that_both_reach() -> None:
    shocks = (Shock(1, "feed_fault", 1.0, days=2, share=0.6), Shock(2, "feed_fault", 0.5, days=1, share=0.2))
    expected = [[1.0] * 5, [2.0, 2.0, 2.0, 1.0, 1.0], [3.0, 2.0, 2.0, 1.0, 1.0], [1.0] * 5]
    np.testing.assert_array_equal(values_by_day(shocks, 3, {"feeds": 5})["shocks.feed_fault"], expected)


def test_seats_of_validators_on_strike_stay_empty() -> None:
    """A panel of three without a quorum convicts the innocent nearly four times as often as when all come."""
    error, absence = 0.01, 0.0
    contracts: dict[str, Any] = {
        "population": {"providers": 5, "consumers": 4, "validators": 10, "holders": 7},
        "validation": {"error": error, "absence": absence, "panel": 3},
    }
    striking = small(6, contracts=contracts, shocks=(Shock(0, "validator_strike", 0.5, days=6),))
    state, params = genesis([striking], SEED, [0])
    a = 0.5
    expected = 3 * a * (1 - a) ** 2 * error + 3 * a**2 * (1 - a) * error**2 + a**3 * (3 * error**2 - 2 * error**3)
    assert float(canary_fails(params, state)[2][0]) == pytest.approx(expected, rel=1e-12)
    days = ensemble_days([striking], SEED, [0])
    calm = ensemble_days([replace(striking, shocks=())], SEED, [0])
    np.testing.assert_array_equal([day["validator_active"][0] for day in days[1:]], [[0.0] * 5 + [1.0] * 5] * 6)
    earned, usual = (np.sum([day["validator_income_nquiv"][0] for day in found], axis=0) for found in (days, calm))
    np.testing.assert_array_equal(earned[:5], np.zeros(5))
    assert np.all(usual > 0)
    assert np.all(earned[5:] > usual[5:])


def test_a_seizure_takes_its_share_to_the_last_nano_quiv_and_burns_nothing() -> None:
    case = economy("treasury", days=4, treasury=Treasury(grants_quiv_per_year=0.0))
    odd = int(123_456_789.123456789 * QUIV)

    def endow(state: State, params: State) -> None:
        state["minted_nquiv"] = state["minted_nquiv"] + odd - state["treasury_nquiv"]
        state["treasury_nquiv"] = state["treasury_nquiv"] * 0 + odd

    shocks = (Shock(1, "treasury_seizure", 0.3), Shock(3, "treasury_seizure", 0.5), Shock(3, "treasury_seizure", 0.5))
    readings = list(by_day(with_shocks(case, *shocks), endow))
    taken = [0, 0, odd * 3 // 10, odd * 3 // 10]
    taken.append(taken[-1] + (odd - taken[-1]) * 3 // 4)
    assert [total(now, "seized_nquiv") for now in readings] == taken
    assert [total(now, "treasury_nquiv") for now in readings] == [odd - part for part in taken]
    assert [total(now, "burned_nquiv") for now in readings] == [0] * 5
    assert len({int(now.circulating[0]) for now in readings}) == 1


NEUTRAL = {name: 1.0 if name == "volatility_regime" else 0.0 for name in KINDS}
EVERY = tuple(
    Shock(day, name, kind.grades.adverse, 5 if kind.takes_days else 1, kind.grades.shares[1])
    for day, (name, kind) in enumerate(KINDS.items(), start=4)
)


def test_a_shock_of_a_size_that_changes_nothing_changes_nothing() -> None:
    """Bit for bit, in every state variable, of every kind at once."""
    calm = small(24)
    idle = [replace(shock, size=NEUTRAL[shock.kind]) for shock in EVERY]
    days, still = (ensemble_days([case] * 2, SEED, [0, 4]) for case in (calm, with_shocks(calm, *idle)))
    assert_same(days, still)


def test_engines_agree_and_a_batch_mixes_settings() -> None:
    """Every kind, and each again a day later; two settings and two runs in one batch."""
    again = tuple(replace(shock, day=shock.day + 1) for shock in EVERY)
    first, second = (
        small(
            22,
            contracts={"population": POPULATION, "staking": {"sensitivity": steepness}},
            shocks=EVERY + again,
        )
        for steepness in (1.0, 2.0)
    )
    days = ensemble_days([first, second, first], SEED, [8, 3, 3])
    expected = radcad_days(second, SEED, 3)
    assert_same(trajectory(days, 1), expected)
    assert_same(cadcad_days(second, SEED, 3), expected)
    assert_same(trajectory(days, 2), radcad_days(first, SEED, 3))


ALONE = {
    "demand_surge": ["demand"],
    "demand_collapse": ["demand"],
    "fire_sale": ["price", "market"],
    "whale_exit": ["price", "market"],
    "price_jump": ["price"],
    "volatility_regime": ["price"],
    "feed_outage": ["oracle"],
    "feed_fault": ["oracle"],
    "validator_strike": ["validation", "settlement"],
    "treasury_seizure": ["treasury"],
}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_refused_where_what_it_acts_on_is_off(name: str) -> None:
    kind = KINDS[name]
    shock = Shock(2, name, kind.grades.adverse, share=kind.grades.shares[1])
    assert Economy().idle(shock) == ""
    for mechanism in ALONE.get(name, []):
        off = Economy(mechanisms={mechanism: False})
        assert off.idle(shock) == f"mechanisms.{mechanism} is off"
    nothing = Economy(mechanisms=dict.fromkeys(MECHANISMS, False))
    assert (nothing.idle(shock) == "") == (name in ("congestion", "provider_exit"))


def test_what_stands_in_the_way_of_a_shock_is_said() -> None:
    given = Economy(exogenous={"demand_tokens": np.asarray([1e6])})
    assert given.idle(Shock(1, "demand_surge", 1.0)) == "exogenous.demand_tokens is given"
    elsewhere = Economy(parameters=replace_market("gbm"))
    assert elsewhere.idle(Shock(1, "fire_sale", 0.5)) == "market.price_process is gbm, not pool"
    costless = Economy(mechanisms=dict.fromkeys(("entry", "market", "conduct"), False))
    assert costless.idle(Shock(1, "gpu_deflation", 0.5)) == (
        "mechanisms.entry, mechanisms.market, mechanisms.conduct are off"
    )


def replace_market(process: str) -> Any:
    return Economy().parameters.model_copy(update={"market": Market(price_process=process)})


POPULATION = {"providers": 30, "consumers": 10, "validators": 10, "holders": 20}
FIRST, DAYS, RUNS = 2, 14, 2
Figure = Callable[[list[dict[str, Any]]], np.ndarray]


def summed(name: str) -> Figure:
    """A figure over agents and days, by run."""
    return lambda days: np.sum([day[name].reshape(RUNS, -1).sum(axis=-1) for day in days], axis=0)


def sold_by_providers(days: list[dict[str, Any]]) -> np.ndarray:
    """What providers sell over the days, by run."""
    return np.sum([day["flows_nquiv"][:, LEDGER.index["provider_sale"]] for day in days], axis=0)


def stirred(days: list[dict[str, Any]]) -> np.ndarray:
    """The spread of the price's returns, by run."""
    return np.diff(np.log([day["price_usd"] for day in days]), axis=0).std(axis=0)


SIGNS: dict[str, tuple[Figure, int]] = {
    "demand_surge": (summed("congestion"), 1),
    "demand_collapse": (summed("congestion"), -1),
    "congestion": (summed("served_tokens"), -1),
    "price_crash": (summed("price_usd"), -1),
    "fire_sale": (summed("price_usd"), -1),
    "whale_exit": (summed("price_usd"), -1),
    "volatility_regime": (stirred, 1),
    "provider_exit": (summed("active_providers"), -1),
    "gpu_deflation": (sold_by_providers, -1),
    "feed_outage": (summed("feed_age_days"), 1),
    "feed_fault": (summed("feed_price_usd"), 1),
    "validator_strike": (summed("validator_active"), -1),
    "treasury_seizure": (summed("treasury_nquiv"), -1),
    "stress_adverse": (summed("payments_usd"), -1),
}
"""What each scenario moves, and in which direction."""


@cache
def moved_up(scenario: str, severity: str = "") -> Economy:
    """A smaller economy whose shocks come in the first days and are of a grade; without one, of no shocks.

    A tenth of the consumers, with ten times the multiple, are worth what the whole network is.
    """
    shipped = load_scenario(scenario)
    sooner = FIRST - min(shock.day for shock in shipped.shocks)
    shocks = []
    for shock in shipped.shocks if severity else ():
        size, share = KINDS[shock.kind].grades.of(severity)
        shocks.append(replace(shock, day=shock.day + sooner, size=size, share=share))
    supply = shipped.parameters.supply.model_copy(update=UNLOCKED)
    size = {"population": Population(**POPULATION), "valuation": Valuation(multiple_years=2000.0)}
    fewer = shipped.parameters.model_copy(update=size | {"supply": supply})
    return replace(shipped, days=DAYS, parameters=fewer, shocks=tuple(shocks))


@cache
def calm_days() -> list[dict[str, Any]]:
    """Of all the scenarios, for without their shocks they are alike."""
    return ensemble_days([moved_up("fire_sale")] * RUNS, 1, range(RUNS))


UNLOCKED = {"tge_share": (0.0, 1.0, 0.2, 0.2, 0.25, 0.0, 1.0)}
"""Team and investors have a fifth at once: somebody can sell before a cliff."""


@pytest.mark.parametrize("scenario", SIGNS)
def test_a_scenario_moves_what_it_should_the_more_the_severer(scenario: str) -> None:
    """In every run, against the same run without the shock."""
    read, sign = SIGNS[scenario]
    assert moved_up(scenario).structure() == moved_up("fire_sale").structure()
    graded = [calm_days()]
    graded += [ensemble_days([moved_up(scenario, severity)] * RUNS, 1, range(RUNS)) for severity in SEVERITIES]
    for less, more in pairwise(read(days) for days in graded):
        assert np.all(sign * (more - less) > 0), (less, more)
