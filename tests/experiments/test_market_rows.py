"""Rows of the token market: what they make of made-up runs, and the runner on a tiny economy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.engines.ensemble import execute
from experiments.validation import market_rows, market_runs
from experiments.validation.market_levers import MANY_RUNS
from experiments.validation.market_rows import (
    EXPLAINED,
    MARKET,
    MarketResult,
    MarketRow,
    Shown,
    market_results,
    ratios,
)
from experiments.validation.market_runs import AS_IT_IS, EVENTS, LEVERS, VARIANTS, Design, Variant, under
from experiments.validation.report import CheckReport
from experiments.validation.rows import MET, NOT_MET
from model.parameters import flatten
from model.shocks import Shock

PAIRS = 16
TINY = {"population.providers": 4, "population.consumers": 3, "population.validators": 2, "population.holders": 8}


def level(value: float, days: int = 1095, runs: int = PAIRS) -> dict[str, np.ndarray]:
    return {"price_usd": np.full((days + 1, runs), value)}


def measured(row_id: str, **runs: Any) -> list[bool]:
    (row,) = (row for row in MARKET if row.id == row_id)
    return [shown.met for shown in row.measure({name.replace("_", " "): paths for name, paths in runs.items()})]


def test_a_row_names_runs_that_there_are() -> None:
    assert [row.id for row in MARKET] == [f"M{number}" for number in range(1, 13)]
    assert {name for row in MARKET for name in row.needs} <= {*VARIANTS, *EVENTS}
    assert all(row.why.endswith(".") for row in MARKET if row.why)


def test_a_price_without_demand() -> None:
    assert measured("M1", default=level(1.0), budget_0=level(0.01)) == [True, True]
    one_alive = level(0.01)
    one_alive["price_usd"][:, 3] = 0.5
    assert measured("M1", default=level(1.0), budget_0=one_alive) == [True, False]
    assert measured("M1", default=level(1.0), budget_0=level(1.1)) == [False, False]


def test_a_price_by_budget_may_tie_only_where_both_networks_are_dead() -> None:
    def met(none: float, one: float) -> list[bool]:
        sides = {"budget_0": none, "budget_1": one, "budget_15": 0.4, "budget_240": 1.8}
        return measured("M2", default=level(1.0), **{name: level(value) for name, value in sides.items()})

    assert met(0.004, 0.003) == [True] * 5
    assert met(0.04, 0.03) == [False, *[True] * 4]


def test_fifteen_of_sixteen_pairs_must_agree() -> None:
    unlocked = level(0.85)
    unlocked["price_usd"][:, 0] = 1.01
    assert measured("M4", default=level(1.0), unlocked=unlocked) == [True] * 3
    unlocked["price_usd"][:, 1] = 1.01
    assert measured("M4", default=level(1.0), unlocked=unlocked)[0] is False


def test_listing_prices_and_emission() -> None:
    apart = {"listed_at_0.01": level(0.95), "listed_at_1": level(1.1)}
    assert measured("M3", default=level(1.0), **apart)[-1]
    assert not measured("M3", default=level(1.0), **(apart | {"listed_at_1": level(1.2)}))[-1]
    assert measured("M5", default=level(1.0), emission_x2=level(0.9), staking_x2=level(1.01)) == [True, True]
    assert measured("M5", default=level(1.0), emission_x2=level(0.5), staking_x2=level(1.1)) == [False, False]


def test_a_walk_passes_and_a_price_that_is_pulled_back_does_not() -> None:
    steps = np.random.default_rng(1).normal(0.0, 0.035, (1096, 400))
    walk, pulled = np.cumsum(steps, axis=0), np.zeros((1096, 400))
    for day in range(1, 1096):
        pulled[day] = 0.95 * pulled[day - 1] + steps[day]
    assert all(all(measured(row, default={"price_usd": np.exp(walk)})) for row in ("M6", "M7", "M8"))
    assert not any(measured("M6", default={"price_usd": np.exp(pulled)}))
    assert not any(measured("M7", default={"price_usd": np.exp(pulled)}))
    assert not any(measured("M8", default={"price_usd": np.exp(walk - 0.01 * np.arange(1096)[:, None])}))


def test_news_and_a_fire_sale() -> None:
    calm = level(2.0, 10)
    assert measured("M9", calm=calm, news=level(1.04, 10)) == [True] * 3
    assert measured("M9", calm=calm, news=level(1.7, 10)) == [True, False, False]
    path = level(1.8, 10)
    path["price_usd"][5:] = 1.97
    assert measured("M12", calm=calm, **{"fire_sale": path}) == [True, True]
    path["price_usd"][2] = 2.0
    assert measured("M12", calm=calm, **{"fire_sale": path}) == [True, False]


def test_a_row_that_is_missed_says_so() -> None:
    row = MarketRow("M0", "Nothing", "none", (), lambda runs: [Shown("one", 0.3, low=0.5)])
    known = MarketRow("M0", "Nothing", "none", (), row.measure, "It is known.")
    (missed,), (explained,) = market_results([row]), market_results([known])
    assert (missed.status, explained.status) == (NOT_MET, EXPLAINED)
    assert missed.worst == "one: 0.3; must be at least 0.5"
    met = MarketResult(known, (Shown("one", 0.6, 0.5, 0.7),))
    assert met.status == MET
    report = CheckReport(market=[missed, explained, met])
    assert report.broken == ["M0"]
    assert "token market: 1 of 3 rows met, 1 missed with a reason" in report.verdict
    assert "| one | 0.3 | at least 0.5 | no |" in report.page()
    assert report.page().count("It is known.") == 1


def test_a_row_that_stops_is_not_met_whatever_is_known() -> None:
    def stops(runs: Any) -> list[Shown]:
        raise ZeroDivisionError("nothing there")

    (found,) = market_results([MarketRow("M0", "Nothing", "none", (), stops, "It is known.")])
    assert found.status == NOT_MET
    assert "nothing there" in CheckReport(market=[found]).page()


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variants for six days, with a shock on day 3, in an economy of a few agents."""
    short = {name: Variant(variant.changes, 6) for name, variant in VARIANTS.items()}
    fallen = {"calm": (), "news": (Shock(3, "price_jump", -0.5),)}
    for name, value in {
        "FROZEN": market_runs.FROZEN | TINY,
        "VARIANTS": short,
        "EVENTS": fallen,
        "EVENT_DAY": 3,
        "AFTER": 3,
    }.items():
        monkeypatch.setattr(market_runs, name, value)


@pytest.mark.usefixtures("tiny")
def test_runs_are_paired_and_an_event_goes_on_from_the_calm_before() -> None:
    variants = ("listed at 1", "unlocked", under("quantity", AS_IT_IS))
    runs = market_runs.market_runs(["default", *variants, "calm", "news"], Design(2, 3))
    assert runs["default"]["price_usd"].shape == (7, 3)
    assert all(runs[name]["price_usd"].shape == (7, 2) for name in variants)
    assert runs["listed at 1"]["price_usd"][0] == pytest.approx(1.0)
    calm, news = (runs[name]["price_usd"] for name in ("calm", "news"))
    np.testing.assert_array_equal(calm, runs["default"]["price_usd"][3:, :2])
    np.testing.assert_array_equal(news[0], calm[0])
    assert np.all(news <= calm)
    assert np.any(news < calm)
    assert ratios(runs, "unlocked", 6, length=3).shape == (2,)


def test_a_variant_differs_from_the_default_and_is_allowed() -> None:
    plain = flatten(market_runs.frozen({}, 1).parameters)
    for name, variant in VARIANTS.items():
        changed = flatten(market_runs.frozen(variant.changes, 1).parameters)
        assert (changed != plain) == (name not in ("default", under("pool", AS_IT_IS))), name


@pytest.mark.usefixtures("tiny")
def test_a_failing_run_is_said_of_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any) -> Any:
        raise RuntimeError("no machine")

    monkeypatch.setattr(market_rows, "market_runs", breaks)
    assert {found.failure for found in market_results(MARKET)} == {"RuntimeError: no machine"}


def test_signs_by_process_and_the_best_take() -> None:
    """Demand lowers the price of `quantity`, against the pool's sign; nothing moves that of `burn_mint`."""
    signs, takes = MANY_RUNS[1], MANY_RUNS[0]
    moved = {"pool": 1.1, "burn_mint": 1.0, "quantity": 1.2}
    runs = {
        under(process, lever): level(1.0 if lever == AS_IT_IS else value, 365)
        for process, value in moved.items()
        for lever in (AS_IT_IS, *LEVERS)
    }
    runs[under("quantity", "twice the demand")] = level(0.9, 365)
    counts = [shown for shown in signs.measure(runs) if "of the pool's sign" in shown.what]
    assert [(shown.found, shown.met) for shown in counts] == [(0.0, False), (9.0, True)]
    wealth = {0.2: 3e6, 0.4: 5e6, 0.6: 4e6, 0.9: 1e6}
    rich = {
        f"take {take:g}": {f"wealth_usd_{group}": np.full((3, 2), usd) for group in ("holders", "providers")}
        for take, usd in wealth.items()
    }
    assert takes.measure(rich)[-1] == Shown("take at which holders are wealthiest", 0.4, high=0.55)


@pytest.mark.usefixtures("tiny")
def test_a_take_is_what_the_network_gets_of_a_payment() -> None:
    taken = execute([market_runs.frozen(VARIANTS["take 0.9"].changes, 6)], 1, [0], ())["state"]
    assert float(taken["fee_multiplier"][0]) == 2.0
    share = float(taken["fees.network_share"][0]) * 2.0 + float(taken["fees.treasury_share"][0])
    assert share == pytest.approx(0.9)
