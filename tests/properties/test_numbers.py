"""Numbers: whatever the parameters, all are finite and fit; one that does not is named, and money is not blamed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from experiments.cli.output import answered
from experiments.engines import ENGINES, ensemble, stock
from experiments.engines.wiring import Wired, wiring
from model.arrays import NumberError, to_nquiv
from model.metrics import METRICS
from policies import demand, orders
from tests.engines.daily import EXACT, small, watch_ensemble
from tests.properties.random_economies import sets_of_values

DAYS = 120
RUNS = [4, 17, 5]
GUILTY = 17


def _solvent(execution: ensemble.EnsembleExecution) -> None:
    for name in ("investor_cash_usd", "speculator_cash_usd"):
        own = execution.state[name]
        assert own.min() >= -1e-9 * np.abs(own).max(), f"{name} on day {execution.state['day']}"


def whole(economies: list[Any]) -> None:
    """The economies run to their end with the audit on, and no metric of any day is without a finite value.

    Nor does anybody who trades for a gain pay with USD that it does not have.
    """
    record = watch_ensemble(economies, 5, list(range(len(economies))), _solvent, tuple(METRICS))["record"]
    bad = ~np.isfinite(record).all(axis=0)
    assert [(name, np.flatnonzero(row).tolist()) for name, row in zip(METRICS, bad, strict=True) if row.any()] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_a_few_sets_of_parameters_over_their_bounds(seed: int) -> None:
    whole(sets_of_values(seed, 12, DAYS))


@pytest.mark.wide
@pytest.mark.parametrize("seed", range(100, 120))
def test_three_hundred_sets_of_parameters_over_their_bounds(request: pytest.FixtureRequest, seed: int) -> None:
    if "wide" not in request.config.option.markexpr:
        pytest.skip("run with `-m wide`: minutes")
    whole(sets_of_values(seed, 15, DAYS))


def test_footloose_demand_where_inference_costs_nothing() -> None:
    """Elasticities of hundreds at a price of nearly nothing: consumers want no more than there is."""
    contracts = {
        "demand": {"elasticity": 4.76, "elasticity_sigma": 2.0},
        "providers": {"cost_usd_per_token": 0.0, "initial_online": 1.0},
        "matching": {"format": "auction"},
        "population": {"providers": 20, "consumers": 50, "validators": 3, "holders": 10},
    }
    whole([small(30, contracts=contracts)] * 2)


def test_a_market_without_outside_capital() -> None:
    """Nobody has cash for tokens beyond what the day earns: the price is the pool's, a number, and falls."""
    given = {"investors": {"capital_share": (0.0, 0.0, 0.0, 0.0)}, "speculators": {"capital_share": 0.0}}
    for shape in (given, given | {"speculators": {"capital_share": 0.0, "genesis_share": 0.0}}):
        economies = [small(30, contracts=shape)] * 2
        whole(economies)
        end = ensemble.execute(economies, 5, [0, 1], ["price_usd", "investor_cash_usd"])["record"]
        assert np.all(end[:, 0] > 0.0)
        assert np.all(end[1:, 0] < end[0, 0])
        assert np.all(end[0, 1] == 0.0)
        assert np.all(end[:, 1] >= 0.0)


def _injected(monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Any, Any], Any]) -> None:
    """In every engine, in one run and on day 1, a policy whose signals are changed."""

    def policy_of(right: Any) -> Any:
        def policy(params: Any, _substep: Any, _history: Any, state: Any) -> Any:
            signals = right(params, None, None, state)
            return signals | change(signals, np.asarray((params["draws.run"] == GUILTY) & (state["day"] == 1)))

        return policy

    def changed(chosen: list[Any]) -> list[Wired]:
        return wiring([replace(s, policy=policy_of(s.policy)) if s.name == name else s for s in chosen])

    monkeypatch.setattr(ensemble, "wiring", changed)
    monkeypatch.setattr(stock, "wiring", changed)


def _stopped(engine: str) -> str:
    with pytest.raises(NumberError) as caught:
        ENGINES[engine]([small(4)] * len(RUNS), 1, RUNS, ["supply_quiv"])
    return str(caught.value)


@pytest.mark.parametrize("engine", EXACT)
def test_a_figure_that_overflows_is_named(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    def change(signals: Any, guilty: Any) -> Any:
        agent = np.arange(signals["spending_usd"].shape[-1]) == 3
        return {"spending_usd": signals["spending_usd"] * np.exp(np.where(guilty[..., None] & agent, 1000.0, 0.0))}

    _injected(monkeypatch, "demand", change)
    assert _stopped(engine) == "day 1, substep demand, run 17: spending_usd of consumer 3 is inf"


@pytest.mark.parametrize("engine", EXACT)
@pytest.mark.parametrize("many", [1e19, 1e10, np.nan], ids=["beyond floats' whole numbers", "beyond 64 bits", "NaN"])
def test_an_amount_that_does_not_fit_is_named(monkeypatch: pytest.MonkeyPatch, engine: str, many: float) -> None:
    def change(signals: Any, guilty: Any) -> Any:
        agent = np.arange(signals["treasury_grant"].shape[-1]) == 2
        return {"treasury_grant": to_nquiv(np.where(guilty[..., None] & agent, many, 0.0))}

    _injected(monkeypatch, "treasury", change)
    assert _stopped(engine) == "day 1, substep treasury, run 17: treasury_grant of holder 2 is too large for 64 bits"


def test_where_no_signal_shows_it_the_function_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the limit on what consumers want, their purchases at a price of nearly nothing fit no ledger."""
    monkeypatch.setattr(orders, "MOST_WANTED_QUIV", np.inf)
    monkeypatch.setattr(demand, "MOST_WANTED_QUIV", 1e30)
    case = small(4, exogenous={"price_usd": np.array([1e-12])}, contracts={"providers": {"cost_usd_per_token": 0.0}})
    with pytest.raises(NumberError) as caught:
        ensemble.execute([case] * 2, 1, RUNS[:2], ())
    assert str(caught.value).startswith("day 0, substep market, run 4: orders._wanted of agent 0 is ")
    assert str(caught.value).endswith(", and a whole number of 64 bits is needed")


def test_the_command_line_does_not_blame_money(capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    with pytest.raises(typer.Exit), answered(debug=False):
        raise NumberError("day 1, substep demand, run 0: spending_usd of consumer 3 is inf")
    assert capsys.readouterr().err == (
        "error: a number is out of range: day 1, substep demand, run 0: spending_usd of consumer 3 is inf "
        "(--debug shows where)\n"
    )
