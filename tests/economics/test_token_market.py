r"""The token market in the running economy: value, investors who respond, one auction a day.

Theory: who moves the price against investors at rest pays for it, however the orders are cut and timed; USD come and go
by name; what becomes known is priced when it is known; without use there is no price, and the first price is forgotten.
"""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.engines.genesis import State
from experiments.validation.limits import book
from model.arrays import to_quiv
from model.attacks import CLASSES as AGENTS
from model.classes import by_class, holders_of
from model.economy import Economy
from model.formulas import auction
from model.metrics import Reading
from model.parameters.investors import Investors
from model.parameters.launch import Launch
from model.parameters.market import Market
from model.parameters.pool import Pool
from model.parameters.supply import Supply
from model.parameters.valuation import Valuation
from model.shocks import Shock
from policies import pool, take
from tests.economics.limits import (
    QUIV,
    STEADY,
    TINY,
    Change,
    by_day,
    economy,
    flow,
    give_holders,
    last,
    steady_demand,
    total,
)
from tests.engines.daily import ensemble_days, small

POOLED = Market(price_process="pool")
VALUE = 0.1
"""USD a token is worth, and costs, where a market is at rest."""
LATE = Launch(payments_day=1000)
"""Nothing is served in a test's days, so the value stands."""


def market(*on: str, days: int, **contracts: Any) -> Economy:
    return economy("price", "market", *on, days=days, **({"market": POOLED, "launch": LATE} | contracts))


def at_rest(share: float, wallets: dict[int, float] | None = None) -> Change:
    """Investors content with a share of their wealth in the token; three speculators with tokens, who pay on credit."""

    def change(state: State, params: State) -> None:
        give_holders(state, wallets or {0: 8e6, 1: 4e6, 2: 4e6, 5: 2e6, 6: 2e6, 7: 1e6})
        ready = int(3e6 * QUIV)
        state["treasury_nquiv"] = state["treasury_nquiv"] - 3 * ready + state["speculator_wallet_nquiv"].sum(axis=-1)
        state["speculator_wallet_nquiv"][...] = ready
        tokens = to_quiv(by_class(state["holder_wallet_nquiv"]))
        premium = 0.15 + params["investors.risk"] * share
        state["value_usd"][...] = VALUE * np.exp(premium)
        worth = state["value_usd"] * to_quiv(params["genesis.minted_nquiv"] + params["genesis.pool_nquiv"])
        state["take_usd"][...] = worth / 365.0 / params["valuation.multiple_years"]
        state["investor_cash_usd"][...] = tokens * VALUE * (1.0 / share - 1.0)
        params["investors.capital_share"] = state["investor_cash_usd"][0] / worth[0]

    return change


def still(risk: float = 1.5, attention: float = 0.5) -> Investors:
    """Investors who ask the same return, and no savers."""
    return Investors(savings_hazard=0.0, required=(0.15,) * 4, risk=risk, attention=attention)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Investors, float, float]:
    """Investors who look more or less often and mind risk more or less, their share in the token, a pool's fee."""
    who = still(attention=draw(st.floats(0.0, 1.0)), risk=draw(st.floats(0.1, 5.0)))
    return who, draw(st.floats(0.05, 0.95)), draw(st.sampled_from([0.0, 0.003, 0.1]))


FEW = settings(max_examples=15, derandomize=True, deadline=None)
DRIFTS = {"demand": steady_demand(0.0), "valuation": Valuation(news_sigma=0.0)}


def ordered(case: Economy, start: Change, plan: list[list[float]]) -> tuple[list[Reading], NDArray[Any], NDArray[Any]]:
    """Days on which speculators order by a plan, QUIV; the tokens that they gain by it, nano-QUIV, and the USD."""
    days = planned(case, start, "speculator_order_nquiv", np.array(plan)[:, None])
    held = np.array([reading.state["speculator_wallet_nquiv"][0] for reading in days])
    price = np.array([reading.state["batch_price_usd"] for reading in days[1:]])
    return days, held[-1] - held[0], -(np.diff(held, axis=0) / QUIV * price).sum(axis=0)


def planned(case: Economy, start: Change, orders: str, quiv: NDArray[Any]) -> list[Reading]:
    """Days on which somebody orders by a plan, QUIV, `(days, 1, *own)`."""
    days: list[Reading] = []
    for reading in by_day(case, start):
        if len(days) < len(quiv):
            book(reading)[orders] = np.floor(quiv[len(days)] * QUIV).astype(np.int64)
        days.append(reading)
    return days


def test_investors_at_rest_do_not_trade() -> None:
    """As premium and capital were chosen: within a day's rounding nothing moves."""
    end = last(by_day(market(days=3, investors=still(), **DRIFTS), at_rest(0.3)))
    assert end.state["price_usd"][0] == pytest.approx(VALUE, rel=1e-9)
    assert flow(end, "holder_sale") + flow(end, "holder_purchase") < 1e-3 * QUIV


@FEW
@given(crowd=crowds(), quiv=st.floats(1.0, 2e6), buys=st.booleans(), wait=st.integers(0, 2))
def test_nobody_gains_by_a_round_trip(
    crowd: tuple[Investors, float, float], quiv: float, buys: bool, wait: int
) -> None:
    """To buy and to sell the same on a later day, or the other way round, among investors who respond.

    The treasury does it, whose orders stand at any price: a speculator withdraws part of what moves the price.
    """
    who, share, fee = crowd
    order = quiv if buys else -quiv
    case = market(days=2 + wait, investors=who, pool=Pool(fee=fee), **DRIFTS)
    plan = np.array([order, *[0.0] * wait, -order])[:, None]
    start, first, *_, end = planned(case, at_rest(share), "treasury_order_nquiv", plan)
    kept = [total(each, "treasury_nquiv") for each in (start, first, end)]
    assert abs(kept[1] - kept[0]) == pytest.approx(quiv * QUIV, abs=1)
    assert abs(kept[2] - kept[0]) <= 1
    assert float(end.state["treasury_usd"][0] - start.state["treasury_usd"][0]) <= 1e-7 * quiv * VALUE


@FEW
@given(crowd=crowds(), quiv=st.floats(1.0, 2e6), buys=st.booleans(), cut=st.floats(0.0, 1.0))
def test_nobody_gains_by_splitting_an_order(
    crowd: tuple[Investors, float, float], quiv: float, buys: bool, cut: float
) -> None:
    """By one or by two hands on one day: the same price, so the same USD for a token."""
    who, share, fee = crowd
    order = quiv if buys else -quiv
    case = market(days=1, investors=who, pool=Pool(fee=fee), **DRIFTS)
    plans = [[order, 0.0, 0.0]], [[cut * order, order - cut * order, 0.0]]
    (_, tokens, cash), (_, tokens_cut, cash_cut) = (ordered(case, at_rest(share), plan) for plan in plans)
    assert abs(tokens.sum() - tokens_cut.sum()) <= 2
    assert cash.sum() == pytest.approx(cash_cut.sum(), rel=1e-9, abs=1e-9)


def test_nobody_gains_by_being_first() -> None:
    """Holders of the public sale in any order: what each buys or sells goes with the tokens, not with the number."""
    wallets = {0: 9e6, 1: 5e6, 2: 3e6, 3: 2e5, 4: 7.0, 5: 2e6, 6: 1e6, 7: 1e6}
    turned = {4 - n if n < 5 else n: quiv for n, quiv in wallets.items()}
    for order in (5e5, -5e5):
        case = market(days=2, investors=still(), **DRIFTS)
        ends = [ordered(case, at_rest(0.3, own), [[order, 0.0, 0.0]])[0][-1] for own in (wallets, turned)]
        held = [end.state["holder_wallet_nquiv"][0] for end in ends]
        public = holders_of(TINY.holders)["public"]
        assert abs(held[0][public][::-1] - held[1][public]).max() <= 1_000
        assert abs(held[0] - held[1]).max() > QUIV


def test_the_market_clears_at_the_price_that_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Investors' and savers' orders, whole and netted, bring the pool where the auction said, but for whole QUIV."""
    found: list[float] = []

    def clearing(day: auction.Book) -> Any:
        z = auction.clearing(day)
        found.append(float(z[0]))
        return z

    monkeypatch.setattr(pool, "auction", SimpleNamespace(**{**vars(auction), "clearing": clearing}))
    case = market(
        "speculators",
        days=30,
        pool=Pool(fee=0.0),
        investors=Investors(savings_hazard=0.2),
        demand=steady_demand(0.0),
        providers=STEADY.model_copy(update={"cost_usd_per_token": 0.001}),
    )
    case = Economy(**{**vars(case), "noise": True})
    price = np.array([reading.state["price_usd"][0] for reading in by_day(case, at_rest(0.3))])
    assert max(map(abs, found)) > 0.01
    np.testing.assert_allclose(np.diff(np.log(price)), found, rtol=0.0, atol=1e-6)


def test_every_dollar_has_a_name() -> None:
    """By class: cash is what it was, plus sales, less purchases, and then on its way to what follows the value.

    In sum: what investors, speculators, the pool and its liquidity providers have, and who sells for a living has got,
    is what there was at first and the capital that has come.
    """
    case = market(
        "speculators",
        days=40,
        demand=steady_demand(0.0),
        investors=Investors(capital_days=5.0),
        valuation=Valuation(first_take_usd=1_000.0),
    )
    case = Economy(**{**vars(case), "noise": True, "shocks": (Shock(20, "fire_sale", 0.5),)})
    pull = 1.0 - np.exp(-1.0 / 5.0)
    sides = np.arange(2 * len(AGENTS))
    living = sides % len(AGENTS) != AGENTS.index("holders")

    def named(reading: Reading) -> float:
        state = reading.state
        parts = [state[name].sum() for name in ("investor_cash_usd", "speculator_cash_usd", "pool_usd", "lp_cash_usd")]
        return float(sum(parts) + state["cash_usd"][0, living].sum() - state["capital_in_usd"].sum())

    for before, now in pairwise(by_day(case)):
        sold = to_quiv(by_class(before.state["holder_wallet_nquiv"]) - by_class(now.state["holder_wallet_nquiv"]))
        held = before.state["investor_cash_usd"]
        got = sold * now.state["batch_price_usd"][..., None]
        supply = to_quiv(now.params["genesis.minted_nquiv"] + now.params["genesis.pool_nquiv"])
        target = now.params["investors.capital_share"] * (now.state["value_usd"] * supply)[..., None]
        np.testing.assert_allclose(now.state["investor_cash_usd"], held + got + pull * (target - held), rtol=1e-9)
        assert named(now) == pytest.approx(named(before), rel=1e-9)
    assert abs(now.state["capital_in_usd"][0]) > 1e4


def prices(days: int, *settings: dict[str, Any], off: tuple[str, ...] = ()) -> NDArray[Any]:
    """Prices by day of small economies without noise that differ in contracts, `(days + 1, economies)`."""
    usual: dict[str, dict[str, Any]] = {"demand": {"budget_usd_per_day": 800.0}}
    cases = [
        small(
            days,
            contracts=usual | each,
            noise=False,
            mechanisms=dict.fromkeys(("proposing", *off), False),
            name=str(place),
        )
        for place, each in enumerate(settings)
    ]
    return np.asarray(execute(cases, 5, [0] * len(cases), ["price_usd"])["record"][:, 0])


def test_without_use_no_price_and_the_first_price_is_forgotten() -> None:
    usual, unused, cheap, dear = prices(
        150,
        {},
        {"demand": {"budget_usd_per_day": 0.0}},
        {"market": {"initial_price_usd": 0.01}},
        {"market": {"initial_price_usd": 1.0}},
    )[-1]
    assert unused < 0.25 * usual
    assert cheap == pytest.approx(usual, rel=0.15)
    assert dear == pytest.approx(usual, rel=0.15)


def test_a_foreseen_unlock_is_priced_before_its_day() -> None:
    """The same with and without 50 M QUIV that the ecosystem's holders get on day 30, and may sell.

    Who knows it prices it from the first day on, and the day itself changes nothing; who does not, on its day. The
    price after it is the same. Yields, which more tokens dilute on that day, are off.
    """

    def unlocked(cliff: int, foresight: float) -> dict[str, Any]:
        supply = {"cliff_days": (0, 0, 3000, 3000, 0, cliff, 0), "vesting_days": (0,) * 7}
        return {"supply": supply, "investors": {"foresight": foresight}}

    calm = ("staking", "delegation", "emission")
    seen, unseen = (np.divide(*prices(40, unlocked(30, f), unlocked(3000, f), off=calm).T) for f in (1.0, 0.0))
    assert seen[1] < 0.97
    assert seen[40] == pytest.approx(seen[29], rel=0.01)
    assert unseen[29] == pytest.approx(1.0, abs=1e-9)
    assert unseen[40] == pytest.approx(seen[40], rel=0.01)


def test_a_fire_sale_is_not_undone_within_days() -> None:
    """Who has dumped 30 % stays out: the price is down on the day, and still five days later."""
    case = small(26, noise=False, mechanisms={"proposing": False}, contracts={"demand": {"budget_usd_per_day": 800.0}})
    sold = Economy(**{**vars(case), "shocks": (Shock(20, "fire_sale", 0.3),)})
    calm, panic = (execute([each], 5, [0], ["price_usd"])["record"][:, 0, 0] for each in (case, sold))
    ratio = panic / calm
    assert ratio[20] == pytest.approx(1.0, abs=1e-12)
    assert 0.5 < ratio[21] < 0.97
    assert np.all(ratio[22:27] < 0.98)


NEWS = Valuation(news_sigma=0.9)


def news(runs: int, days: int, **more: Any) -> NDArray[Any]:
    """The value by day over that of the first, of runs in which nothing else moves it, `(days + 1, runs)`."""
    case = market(
        "speculators", days=days, investors=still(), valuation=NEWS, demand=steady_demand(0.0, adoption_rate=0.0)
    )
    case = Economy(**{**vars(case), "noise": True} | more)
    found = np.stack([np.array(r.state["news"]) for r in by_day(case, runs=runs)])
    return np.asarray(np.exp(found))


def test_value_is_a_martingale_in_news_which_comes_in_clusters() -> None:
    runs, days = 4000, 30
    value = news(runs, days)
    spread = value[-1].std() / np.sqrt(runs)
    assert spread < 0.01
    assert abs(value[-1].mean() - 1.0) < 4.0 * spread
    steps = np.abs(np.diff(np.log(value), axis=0))
    assert np.corrcoef(steps[:-1].ravel(), steps[1:].ravel())[0, 1] > 0.05


def test_a_jump_of_the_price_is_news_for_good_and_a_regime_is_more_of_it() -> None:
    calm = news(2, 12, noise=False)
    jumped = news(2, 12, noise=False, shocks=(Shock(4, "price_jump", -0.5),))
    np.testing.assert_allclose(calm, 1.0, rtol=1e-12)
    np.testing.assert_allclose(jumped[:5], 1.0, rtol=1e-12)
    np.testing.assert_allclose(jumped[5:], 0.5, rtol=1e-12)
    usual, tense = (
        np.log(news(500, 8, shocks=shocks))[1:].std(axis=1)
        for shocks in ((), (Shock(0, "volatility_regime", 3.0, 60),))
    )
    np.testing.assert_allclose(tense / usual, 3.0, rtol=0.05)


def test_the_take_of_a_day_by_hand() -> None:
    """What was burned, paid to stakers, and half of what was kept less what was given back, at the closing price."""
    case = small(12, contracts={"demand": {"budget_usd_per_day": 800.0}})
    pull = 1.0 - np.exp(-1.0 / 60.0)
    taken = 0.0
    for before, now in pairwise(by_day(case)):
        moved = {name: flow(now, name) / QUIV for name in (*take.GONE, *take.KEPT, *take.GIVEN_BACK)}
        kept = sum(moved[name] for name in take.KEPT) - sum(moved[name] for name in take.GIVEN_BACK)
        quiv = sum(moved[name] for name in take.GONE) + 0.5 * max(kept, 0.0)
        known = before.state["take_usd"][0]
        today = known + pull * (quiv * now.state["price_usd"][0] - known)
        assert now.state["take_usd"][0] == pytest.approx(today, rel=1e-9)
        taken += quiv
    assert taken > 0.0


def test_nothing_is_learnt_before_anything_is_served() -> None:
    launch = {"launch": {"staking_day": 5, "payments_day": 3}}
    days = ensemble_days([small(12, contracts=launch)], 5, [0])
    take_usd = np.array([day["take_usd"][0] for day in days])
    assert np.ptp(take_usd[:7]) == 0.0
    assert np.all(np.diff(take_usd[7:]) != 0.0)


@pytest.mark.parametrize("off", [("speculators",), ("staking", "delegation"), ("emission",), ("vesting",), ("demand",)])
def test_the_market_lives_without_the_others(off: tuple[str, ...]) -> None:
    case = small(15, mechanisms=dict.fromkeys(off, False))
    days = ensemble_days([case], 5, [0])
    price = np.array([day["price_usd"][0] for day in days])
    value = np.array([day["value_usd"][0] for day in days])
    assert np.all(np.isfinite(price) & (price > 0.0))
    assert np.ptp(price) > 0.0
    assert np.ptp(value) > 0.0


def test_a_day_s_own_unlock_is_not_counted_twice() -> None:
    """What team and investors have after the day's unlock and what the calendar still promises: all, every day.

    Their cliff is on day 5 and the end within a year.
    """
    supply = Supply(cliff_days=(0, 0, 5, 5, 0, 0, 0), vesting_days=(0, 0, 200, 100, 0, 0, 0))
    days = list(by_day(economy("vesting", days=9, supply=supply)))
    for day, after in enumerate(days[1:]):
        due = after.params["genesis.unlocking_quiv"][day]
        have = to_quiv(by_class(after.state["holder_wallet_nquiv"]))[0]
        np.testing.assert_allclose((have + due)[:2], [150e6, 100e6], rtol=1e-9)


def test_attackers_of_governance_are_rationed_like_others() -> None:
    """An attacker wants a hundred times what is in the pool: it gets three quarters, and the pool is not emptied."""
    case = market(days=1, investors=still(attention=0.0), **DRIFTS)

    def attacked(state: State, params: State) -> None:
        at_rest(0.3)(state, params)
        params["script.day"], params["script.proposer"] = np.array([1]), np.array([0])
        params["script.buys_nquiv"] = 100 * state["pool_nquiv"]

    days = list(by_day(case, attacked))
    assert total(days[-1], "pool_nquiv") == pytest.approx(total(days[0], "pool_nquiv") / 4, rel=1e-6)
