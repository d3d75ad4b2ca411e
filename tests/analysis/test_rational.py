r"""A rational market against theory: what a take that is known to come is worth, and that expectations come true."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.analysis.rational import TOLERANCE, Rational, rational, worth
from experiments.engines.ensemble import execute
from experiments.errors import RequestError, StoppedError
from experiments.inputs.scenario import load_scenario
from model.economy import Economy
from model.parameters.demand import Demand
from model.parameters.pricing import Pricing
from model.parameters.supply import Supply
from model.parameters.valuation import Valuation
from model.shocks import Shock
from tests.economics.limits import economy, steady_demand
from tests.economics.test_token_market import POOLED
from tests.experiments.test_cli import call

CAP_QUIV = float(Supply().cap_quiv)
STEP = 40
"""The day on which budgets double, which is known from the first."""


def still(days: int, **valuation: float) -> Economy:
    """Use that does not grow, valued by a market that has seen the last day alone."""
    given = {"smoothing_days": 1.0, "discount": 0.2, "multiple_years": 100.0} | valuation
    return economy("price", days=days, valuation=Valuation(**given), demand=Demand(adoption_rate=0.0))


def valued(case: Economy, taken: NDArray[np.float64]) -> NDArray[np.float64]:
    """The value by a take of so much a day, nothing burned, of which the average is kept from `taken[0]` on."""
    smoothed, pull = [taken[0]], -np.expm1(-1.0 / case.parameters.valuation.smoothing_days)
    for take in taken:
        smoothed.append(smoothed[-1] + pull * (take - smoothed[-1]))
    return worth(case, {"take_usd": np.array(smoothed), "burned_quiv": np.zeros(len(taken) + 1)})


def test_a_take_that_stays_is_worth_what_the_rule_says() -> None:
    """365 m d over all tokens, on every day; by the rule it is the same, for its forecast is right."""
    value = valued(still(300), np.full(300, 1000.0))
    np.testing.assert_allclose(value, 365.0 * 100.0 * 1000.0 / CAP_QUIV, rtol=1e-12)


def test_at_the_multiple_of_the_discount_it_is_the_present_value() -> None:
    """A take for ever is worth d / (1 - e^-rho) where m is 1 / 365 of that: 5.0 years at 20 % a year."""
    whole = 1.0 / -np.expm1(-0.2 / 365.0)
    value = valued(still(300, multiple_years=whole / 365.0), np.full(300, 1000.0))
    np.testing.assert_allclose(value, 1000.0 * whole / CAP_QUIV, rtol=1e-12)
    assert whole / 365.0 == pytest.approx(5.0, rel=1e-3)


def test_a_take_that_will_double_is_in_the_value_when_it_is_known() -> None:
    """Before the day T it is worth 1 + e^(-rho (T - t)) of a take that stays, from then on twice as much."""
    days = np.arange(600)
    taken = np.where(days < 400, 1000.0, 2000.0)
    found = valued(still(600), taken) / valued(still(600), np.full(600, 1000.0))
    np.testing.assert_allclose(found, 1.0 + np.exp(-0.2 / 365.0 * np.maximum(400 - days, 0)), rtol=1e-9)


def test_no_take_is_expected_before_anything_can_be_paid() -> None:
    """Payments from day 100 on: until then the value grows at the discount, to that of a take that stays."""
    waiting = still(300)
    launch = waiting.parameters.launch.model_copy(update={"payments_day": 100})
    later = Economy(**{**vars(waiting), "parameters": waiting.parameters.model_copy(update={"launch": launch})})
    found = valued(later, np.full(300, 1000.0)) / valued(waiting, np.full(300, 1000.0))
    np.testing.assert_allclose(found, np.exp(-0.2 / 365.0 * np.maximum(100 - np.arange(300), 0)), rtol=1e-12)


def test_what_is_burned_shares_in_nothing() -> None:
    """Half of all tokens gone on day 100: from the day after each that is left is worth twice as much."""
    burned = np.where(np.arange(301) > 100, 0.5 * CAP_QUIV, 0.0)
    value = worth(still(300), {"take_usd": np.full(301, 1000.0), "burned_quiv": burned})
    np.testing.assert_allclose(value / value[0], np.where(np.arange(300) > 100, 2.0, 1.0), rtol=1e-12)


def busy(days: int, *shocks: Shock) -> Economy:
    """Consumers who spend 50 USD a day at a price in USD, of which the network takes its fees, and a pool."""
    given = {"market": POOLED, "pricing": Pricing(numeraire="usd"), "demand": steady_demand(50.0)}
    valuation = Valuation(multiple_years=50_000.0, smoothing_days=10.0)
    case = economy("price", "market", "demand", "queue", "settlement", days=days, valuation=valuation, **given)
    return Economy(**{**vars(case), "shocks": shocks})


CASES = {"stays": busy(80), "doubles": busy(80, Shock(STEP, "demand_surge", 1.0, days=10_000))}


@pytest.fixture(scope="module")
def markets() -> dict[str, Rational]:
    """Budgets that stay, and budgets that double on a day."""
    return {name: rational([case])[0] for name, case in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_expectations_come_true(markets: dict[str, Rational], name: str) -> None:
    """The take under the path of values justifies that path, and the path is what investors go by."""
    found = markets[name]
    np.testing.assert_array_equal(found.rational["value_usd"][1:], found.value_usd)
    borne_out = worth(CASES[name], found.rational)
    assert abs(np.log(borne_out / found.value_usd)).max() == pytest.approx(found.change)
    assert found.change <= TOLERANCE


def test_a_step_that_is_known_moves_a_rational_price_before_its_day(
    markets: dict[str, Rational],
) -> None:
    """The rule has heard of nothing until the day; a rational market has, and then waits for no average."""
    stays, doubles = markets["stays"], markets["doubles"]
    by_rule = doubles.rule["price_usd"] / stays.rule["price_usd"]
    rationally = doubles.rational["price_usd"] / stays.rational["price_usd"]
    np.testing.assert_array_equal(by_rule[: STEP + 1], 1.0)
    assert by_rule[STEP + 5] > 1.2
    assert rationally[1:].min() > 1.9
    known = 1.0 + np.exp(-0.2 / 365.0 * np.maximum(STEP - np.arange(80), 0))
    np.testing.assert_allclose(doubles.value_usd / stays.value_usd, known, rtol=0.01)


def test_paths_of_one_ensemble_may_differ() -> None:
    """Each trajectory follows its own, as if it were alone."""
    cases = [
        Economy(**{**vars(busy(5)), "exogenous": {"value_usd": np.full(5, value) + np.arange(5) * 0.01}})
        for value in (0.1, 0.2)
    ]
    together = execute(cases, 1, [0, 1], ["value_usd", "price_usd"])["record"]
    for run, case in enumerate(cases):
        alone = execute([case], 1, [run], ["value_usd", "price_usd"])["record"]
        np.testing.assert_array_equal(together[:, :, run], alone[:, :, 0])


def test_what_does_not_come_true_is_refused_in_a_sentence() -> None:
    with pytest.raises(StoppedError, match=r"no path of values was found that comes true: after 1 round") as refused:
        rational([busy(5)], tolerance=0.0, most_rounds=1)
    assert "\n" not in str(refused.value)


def test_a_price_that_investors_do_not_make_is_refused() -> None:
    with pytest.raises(RequestError, match=r"found a price that investors do not make; allowed: market.price_process"):
        rational([still(5)])


def test_the_command_compares_by_day_and_writes_a_path_that_a_scenario_takes(tmp_path: Path) -> None:
    path = tmp_path / "value.csv"
    code, out, err = call("rational", "whitepaper", "--days", "3", "--out", path, "--json")
    found = json.loads(out)
    assert (code, found["days"], [row["day"] for row in found["by_day"]]) == (0, 3, [0, 1, 2, 3])
    assert "without chance events" in err
    given = load_scenario("whitepaper", {"exogenous.value_usd": str(path)}, 3)
    np.testing.assert_array_equal(
        given.exogenous["value_usd"], [row["rational_value_usd"] for row in found["by_day"]][1:]
    )
    code, out, _ = call("rational", "whitepaper", "--days", "3")
    assert (code, "rational over rule" in out) == (0, True)


def test_the_command_refuses_in_a_sentence(tmp_path: Path) -> None:
    code, out, err = call("rational", "frozen_price", "--days", "3")
    assert (code, out) == (2, "")
    assert "error: frozen_price: found a price that investors do not make; allowed: " in err
    assert call("rational", "whitepaper", "--out", tmp_path)[0] == 2
