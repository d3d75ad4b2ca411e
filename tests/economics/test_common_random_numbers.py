"""Common random numbers: a change of policy meets the very shocks that its absence met.

Theory: the variance of a difference of two runs falls with the covariance of their draws (Conway 1963; Glasserman and
Yao 1992), which is highest where each draw is a function of what it is for and of nothing else. So no parameter, no
proposal and no neighbour in a batch may move a draw, and with one cause changed the sign of its effect shows on every
single path.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import model.draws as draws
from experiments.engines.ensemble import execute
from model.economy import Economy, ScriptedProposal
from model.ledger import BOOKED
from model.parameters import Parameters
from model.parameters.emission import Emission
from model.parameters.fees import Fees
from model.parameters.market import Market
from model.parameters.population import Population
from model.parameters.staking import Staking
from tests.economics.limits import SEED, by_day, economy, last

CROWD = Population(providers=5, consumers=4, validators=2, holders=9)
DAYS = 45
Drawn = dict[tuple[str, int, int], np.ndarray]

CHANGES: dict[str, dict[str, Any]] = {
    "burn": {"fees": Fees(burn_share=0.6)},
    "required return": {"staking": Staking(required_return=0.2)},
    "growth cap": {"emission": Emission(growth_cap=1.5)},
    "another price": {"market": Market(initial_price_usd=0.2)},
    "shape of unbonding": {"staking": Staking(unbonding_shape="cliff", unbonding_days=7)},
}
PROPOSALS = (
    ScriptedProposal(day=2, parameter="fees.burn_share", value=0.6, type="economic", proposer=2),
    ScriptedProposal(day=5, parameter="fees.step_up", value=0.11, type="economic", proposer=3),
)


def noisy(proposals: tuple[ScriptedProposal, ...] = (), **contracts: Any) -> Economy:
    """Everything on, everything noisy."""
    parameters = Parameters(**{"population": CROWD, **contracts})
    return Economy(days=DAYS, parameters=parameters, proposals=proposals)


def drawn(case: Economy, monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Every uniform that a run draws, by stream, day and number of agents."""
    seen: Drawn = {}
    honest = draws.uniform

    def listening(params: Mapping[str, Any], name: str, day: Any, agents: int = 0) -> Any:
        value = honest(params, name, day, agents)
        key = (name, int(day), agents)
        assert key not in seen or np.array_equal(seen[key], value)
        seen[key] = value
        return value

    with monkeypatch.context() as patch:
        patch.setattr(draws, "uniform", listening)
        execute([case], SEED, [3], ["price_usd"])
    return seen


@pytest.mark.parametrize("change", list(CHANGES))
def test_no_parameter_moves_a_draw(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    base, changed = drawn(noisy(), monkeypatch), drawn(noisy(**CHANGES[change]), monkeypatch)
    assert base.keys() == changed.keys()
    assert len(base) > 2 * DAYS
    for key, value in base.items():
        np.testing.assert_array_equal(value, changed[key])


def test_a_proposal_adds_draws_and_moves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    base = drawn(noisy(PROPOSALS[:1]), monkeypatch)
    longer = drawn(noisy(PROPOSALS), monkeypatch)
    assert base.keys() < longer.keys()
    added = {name.split("/")[0] for name, _, _ in longer.keys() - base.keys()}
    assert added == {"governance.turnout", "governance.support", "governance.bribe"}
    for key, value in base.items():
        np.testing.assert_array_equal(value, longer[key])


def test_a_mechanism_that_is_off_moves_no_draw_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    base = drawn(noisy(), monkeypatch)
    calm = drawn(Economy(days=DAYS, parameters=noisy().parameters, mechanisms={"price": False}), monkeypatch)
    assert calm.keys() < base.keys()
    for key, value in calm.items():
        np.testing.assert_array_equal(value, base[key])


def test_every_draw_of_a_run_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.concatenate([value.ravel() for value in drawn(noisy(PROPOSALS), monkeypatch).values()])
    assert len(np.unique(values)) == len(values)
    assert np.mean(values) == pytest.approx(0.5, abs=4.0 / np.sqrt(12.0 * len(values)))


@pytest.mark.parametrize("change", ["burn", "required return", "growth cap"])
def test_brownian_prices_are_the_same_under_any_policy(change: str) -> None:
    gbm = Market(price_process="gbm")
    runs = [0, 1, 2]
    base = execute([noisy(market=gbm)] * 3, SEED, runs, ["price_usd"])["record"]
    changed = execute([noisy(market=gbm, **CHANGES[change])] * 3, SEED, runs, ["price_usd"])["record"]
    np.testing.assert_array_equal(base, changed)


METRICS = ("supply_quiv", "price_usd", "staking_ratio", "payments_quiv", "fee_multiplier", "gini", "turnout")


def test_a_run_alone_equals_the_run_in_a_batch() -> None:
    case = noisy(PROPOSALS)
    batch = execute([case] * 5, SEED, [0, 1, 2, 3, 4], METRICS)["record"]
    for run in (0, 3):
        np.testing.assert_array_equal(execute([case], SEED, [run], METRICS)["record"][..., 0], batch[..., run])
    assert len(np.unique(batch[-1, 1])) == 5


def test_neighbours_with_other_parameters_change_nothing() -> None:
    case, other = noisy(), noisy(fees=Fees(burn_share=0.9))
    mixed = execute([case, other, case], SEED, [4, 4, 5], METRICS)["record"]
    alone = execute([case], SEED, [4], METRICS)["record"]
    np.testing.assert_array_equal(mixed[..., 0], alone[..., 0])


def test_runs_in_another_order_are_the_same_runs() -> None:
    case = noisy()
    forward = execute([case] * 3, SEED, [0, 1, 2], METRICS)["record"]
    back = execute([case] * 3, SEED, [2, 1, 0], METRICS)["record"]
    np.testing.assert_array_equal(forward, back[..., ::-1])


def test_another_seed_gives_other_runs() -> None:
    case = noisy()
    one, two = (execute([case], seed, [0], ["price_usd"])["record"] for seed in (1, 2))
    assert np.all(one[1:] != two[1:])


def test_more_burn_means_less_supply_on_every_path_and_day() -> None:
    """With a price given from outside nothing else changes, so the sign holds path by path."""
    paths = [noisy_at_a_given_price(share) for share in (0.3, 0.5, 0.8)]
    supply = [execute([case] * 8, SEED, list(range(8)), ["supply_quiv"])["record"][:, 0] for case in paths]
    for less, more in pairwise(supply):
        assert np.all(less[0] == more[0])
        assert np.all(less[2:] > more[2:])


def noisy_at_a_given_price(burn_share: float) -> Economy:
    parameters = Parameters(population=CROWD, fees=Fees(burn_share=burn_share))
    path = 0.1 + 0.02 * np.sin(np.arange(DAYS + 1.0))
    return Economy(days=DAYS, parameters=parameters, exogenous={"price_usd": path})


def test_stepping_day_by_day_is_the_ensemble() -> None:
    """What the limiting cases look at is what any run does."""
    on = ("vesting", "emission", "rewards", "demand", "dynamic_pricing", "market", "settlement", "adaptive_fee")
    case = economy(
        *on,
        "growth_multiplier",
        "staking",
        "governance",
        "treasury",
        "price",
        days=DAYS,
        noise=True,
        proposals=PROPOSALS,
    )
    stepped = last(by_day(case)).state
    ensemble = execute([case], SEED, [0], ["price_usd"])["state"]
    assert stepped.keys() == ensemble.keys()
    for name, value in stepped.items():
        if name != BOOKED:  # the book is the audit's, which is the engines'
            np.testing.assert_array_equal(value, ensemble[name], err_msg=name)
