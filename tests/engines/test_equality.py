"""The same seed gives the same ledger in every engine: every state variable, every day, bit for bit."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from experiments.engines import ENGINES, ensemble
from experiments.engines.genesis import genesis
from experiments.engines.wiring import blocks, wiring
from model.economy import Economy
from model.ledger import BOOKED
from model.metrics import METRICS
from model.parameters import REGISTRY, flatten
from tests.engines.daily import (
    EXACT,
    QUICK,
    RAISE_BURN,
    SMALL,
    State,
    assert_same,
    cadcad_days,
    ensemble_days,
    parameters,
    radcad_days,
    small,
    trajectory,
)

SEED = 20240607
RUN = 3
SETTINGS = {"plain": False, "go_literal": True}
CASES = pytest.mark.parametrize("case", SETTINGS)


def economy(case: str) -> Economy:
    return small(proposals=(RAISE_BURN,), go_literal=SETTINGS[case])


@cache
def reference_days(case: str, run: int = RUN) -> list[State]:
    """radCAD's days, worked out once a case and run."""
    return radcad_days(economy(case), SEED, run)


@CASES
def test_the_scripted_proposal_is_executed(case: str) -> None:
    days = reference_days(case)
    assert days[0]["fees.burn_share"] == 0.5
    assert days[-1]["fees.burn_share"] == 0.55
    assert len(days) == 61


@CASES
def test_radcad_with_deep_copies(case: str) -> None:
    """Long enough for a vote to take effect; radCAD copies all history at each step: costs grow with days squared."""
    few = small(20, proposals=(RAISE_BURN,), go_literal=SETTINGS[case])
    assert_same(radcad_days(few, SEED, RUN, deepcopy=True), radcad_days(few, SEED, RUN))


@CASES
def test_cadcad(case: str) -> None:
    assert_same(cadcad_days(economy(case), SEED, RUN), reference_days(case))


@CASES
@pytest.mark.parametrize(("batch", "rows"), [(1, [0]), (7, range(7)), (256, [0, 1, 100, 255])])
def test_ensemble(case: str, batch: int, rows: list[int]) -> None:
    runs = list(range(RUN, RUN + batch))
    days = ensemble_days([economy(case)] * batch, SEED, runs)
    for row in rows:
        assert_same(trajectory(days, row), reference_days(case, runs[row]))


def test_default_population() -> None:
    large = Economy(days=60, parameters=parameters(governance=QUICK), proposals=(RAISE_BURN,))
    days = ensemble_days([large] * 3, SEED, [9, RUN, 4])
    expected = radcad_days(large, SEED, RUN)
    assert_same(trajectory(days, 1), expected)
    assert_same(cadcad_days(large, SEED, RUN), expected)


def test_other_readings() -> None:
    """The other choice of every reading that the documents leave open."""
    contracts = {
        "supply": {
            "cliff_reading": "linear_after_cliff",
            "treasury_circulates": True,
            "cliff_days": (0, 0, 9, 20, 0, 0, 0),
        },
        "emission": {"schedule": "pure_halving", "growth_reading": "rate", "growth_window_days": 7},
        "pricing": {"numeraire": "quiv", "supply_reading": "providers"},
        "staking": {"unbonding_shape": "cliff", "unbonding_days": 5},
        "market": {"price_process": "gbm"},
    }
    other = small(contracts=contracts)
    days = ensemble_days([other] * 2, SEED, [8, RUN])
    expected = radcad_days(other, SEED, RUN)
    assert_same(trajectory(days, 1), expected)
    assert_same(cadcad_days(other, SEED, RUN), expected)


def test_given_paths() -> None:
    """Price, value and demand from outside, one shorter than the run: the last value holds."""
    paths = {
        "price_usd": np.linspace(0.1, 0.3, 61),
        "value_usd": np.linspace(0.1, 0.2, 61),
        "demand_tokens": np.linspace(1e5, 1e6, 20),
    }
    given = small(exogenous=paths)
    days = ensemble_days([given] * 2, SEED, [8, RUN])
    assert_same(trajectory(days, 1), radcad_days(given, SEED, RUN))
    np.testing.assert_array_equal([float(day["price_usd"][0]) for day in days], paths["price_usd"])


def varied(seed: int) -> Economy:
    """Every number that trajectories of one ensemble need not share is other than the default."""
    rng = np.random.default_rng(seed)
    values = flatten(small().parameters)
    contracts: dict[str, dict[str, Any]] = {}
    for name, entry in REGISTRY.items():
        contract, key = name.split(".")
        free = entry.kind in ("number", "list") and not entry.structural
        contracts.setdefault(contract, {})[key] = _near(rng, values[name], entry) if free else values[name]
    shares = contracts["supply"]["allocation_share"]
    contracts["supply"]["allocation_share"] = (1.0 - sum(shares[1:]), *shares[1:])
    contracts["staking"]["tier_minimum_quiv"] = tuple(sorted(contracts["staking"]["tier_minimum_quiv"]))
    contracts["governance"] |= {"threshold": (0.7, 0.6 + 0.35 * (seed % 2), 0.5, 0.8), "turnout": 0.9}
    return Economy(days=60, parameters=parameters(**contracts), proposals=(RAISE_BURN,))


def _near(rng: np.random.Generator, value: Any, entry: Any) -> Any:
    """A value within a tenth below another, and within the bounds."""
    if isinstance(value, tuple):
        return tuple(_near(rng, item, entry) for item in value)
    moved = max(float(value * rng.uniform(0.9, 1.0)), entry.low)
    return int(moved) if isinstance(value, int) else moved


def test_trajectories_of_different_parameters() -> None:
    """Two settings interleaved in one ensemble give what each gives alone."""
    first, second = varied(1), varied(2)
    together = ensemble_days([first, second, first, second], SEED, [RUN, RUN, 5, 5])
    for row, (setting, run) in enumerate([(first, RUN), (second, RUN), (first, 5), (second, 5)]):
        assert_same(trajectory(together, row), radcad_days(setting, SEED, run))


def test_thresholds_may_differ_within_an_ensemble() -> None:
    """The same votes pass one trajectory's threshold and fail the other's."""
    easy = small(20, proposals=(RAISE_BURN,))
    hard = small(20, proposals=(RAISE_BURN,), contracts={"governance": QUICK | {"threshold": (1.0, 1.0, 1.0, 1.0)}})
    split = RAISE_BURN.__class__(**{**vars(RAISE_BURN), "support": 0.8})
    economies = [Economy(**{**vars(e), "proposals": (split,), "noise": False}) for e in (easy, hard)]
    last = ensemble_days(economies, SEED, [0, 0])[-1]
    assert last["fees.burn_share"].tolist() == [0.55, 0.5]


def test_chunks_and_their_order_do_not_matter() -> None:
    whole = ensemble_days([economy("plain")] * 7, SEED, range(7))
    for chunk in ([3, 1], [6, 0, 2], [5, 4]):
        part = ensemble_days([economy("plain")] * len(chunk), SEED, chunk)
        for row, run in enumerate(chunk):
            assert_same(trajectory(part, row), trajectory(whole, run))


@pytest.mark.parametrize("shape", ["linear", "cliff"])
def test_rings_in_place_and_copied_agree(monkeypatch: pytest.MonkeyPatch, shape: str) -> None:
    setting = small(
        contracts={"staking": {"unbonding_shape": shape, "unbonding_days": 6}, "emission": {"growth_window_days": 7}}
    )
    in_place = ensemble_days([setting] * 3, SEED, range(3))
    monkeypatch.setattr(ensemble, "RINGS", ())
    assert_same(ensemble_days([setting] * 3, SEED, range(3)), in_place)


def _frozen(values: dict[str, Any]) -> dict[str, Any]:
    for value in values.values():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return values


@CASES
def test_functions_do_not_write_to_their_inputs(case: str) -> None:
    """The wired functions run on arrays that refuse to be written, and give the ensemble's own states."""
    setting = economy(case)
    expected = ensemble_days([setting] * 2, SEED, [RUN, 4])
    state, params = genesis([setting] * 2, SEED, [RUN, 4])
    days = [_frozen(state)]
    _frozen(params)
    for _ in range(setting.days):
        for block in wiring(blocks(setting)):
            signals = [policy(params, None, None, state) for policy in block["policies"].values()]
            emitted = _frozen(signals[0] if signals else {})
            state = state | _frozen(dict(u(params, None, None, state, emitted) for u in block["variables"].values()))
        days.append(state)
    assert_same(days, expected, leave=["audited_substeps", BOOKED])


def test_audits_are_counted_alike() -> None:
    counts = {
        "ensemble": [int(day["audited_substeps"]) for day in ensemble_days([economy("plain")], SEED, [RUN])],
        "cadcad": [int(day["audited_substeps"]) for day in cadcad_days(economy("plain"), SEED, RUN)],
        "radcad": [int(day["audited_substeps"]) for day in reference_days("plain")],
    }
    assert counts["ensemble"] == counts["radcad"] == counts["cadcad"]
    assert counts["radcad"][-1] == 60 * sum(1 for block in blocks(economy("plain")) if block.flows)


def test_engines_report_the_same_metrics() -> None:
    setting, names = small(60), tuple(METRICS)
    records = {name: ENGINES[name]([setting] * 2, SEED, [RUN, 4], names) for name in EXACT}
    assert records["ensemble"].shape == (2, 61, len(names))
    for name in ("radcad", "cadcad"):
        np.testing.assert_array_equal(records[name], records["ensemble"])


def test_unlike_structures_are_refused() -> None:
    other = small(contracts={"population": SMALL | {"providers": 6}}, name="wider")
    with pytest.raises(ValueError, match="must share structural parameters; wider differs"):
        ensemble.run_ensemble([small(), other], SEED, [0, 1], ["supply_quiv"])


def test_cheats_bribes_a_market_maker_and_agents_who_govern() -> None:
    """What rests by default: cases with bought votes, a maker's quotes, votes read live, late and limited control."""
    case = small(
        days=50,
        contracts={
            "maker": {"budget_quiv": 1e6, "budget_usd": 1e5},
            "conduct": {"principled_share": 0.0, "horizon_days": 0.0},
            "validation": {"canary_share": 0.0001, "error": 0.05},
            "challenges": {"bribe_quiv": 300.0, "frivolous_per_day": 2.0, "watch_share": 0.01},
            "governance": QUICK | {"snapshot": "live_balance", "power": "root", "ideas_per_year": 365.0},
            "fees": {"controller": "eip1559", "controller_delay_days": 3, "controller_limited": True},
            "staking": {"rewards": "per_token", "restake_share": 0.5},
            "treasury": {"support_band": 0.05, "allocation": (0.5, 0.3, 0.2)},
            "insurance": {"accidents_per_year": 300.0},
        },
    )
    expected = radcad_days(case, SEED, RUN)
    assert_same(trajectory(ensemble_days([case] * 3, SEED, [1, RUN, 2]), 1), expected)
    assert_same(cadcad_days(case, SEED, RUN), expected)


def test_a_launch_in_phases() -> None:
    """Blocks at rest, rings at rest, and every phase's first day."""
    days = {"staking_day": 7, "payments_day": 12, "quality_day": 17, "governance_day": 22, "integration_day": 26}
    case = small(
        days=45,
        contracts={
            "launch": days,
            "conduct": {"principled_share": 0.0},
            "validation": {"error": 0.05},
            "governance": QUICK | {"ideas_per_year": 365.0},
            "fees": {"controller_delay_days": 3, "burn_governor": True},
            "emission": {"growth_window_days": 7},
            "staking": {"unbonding_days": 4, "unbonding_shape": "cliff"},
            "maker": {"budget_quiv": 1e6, "budget_usd": 1e5},
        },
    )
    expected = radcad_days(case, SEED, RUN)
    assert_same(trajectory(ensemble_days([case] * 3, SEED, [1, RUN, 2]), 1), expected)
    assert_same(cadcad_days(case, SEED, RUN), expected)
