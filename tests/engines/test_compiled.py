"""The compiled engine against NumPy's: the same money to a few units, nothing lost, and every wrong thing noticed.

A compiler sums in another order, so numbers may differ in their last digits. Now and then one lies so near a threshold
that a job, or a part of an order, is counted in one engine and not in the other: from that day on the run is another
path of the same economy. So what is compared to the last digits are all days of a run before that, and the ledger of
runs in which it never happens, which most are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.special

from experiments.api import simulate
from experiments.engines import compiled, device, ensemble
from experiments.engines.genesis import genesis
from experiments.engines.wiring import Wired, wiring
from experiments.errors import RequestError
from model import arrays, traced
from model.attacks import Attack
from model.economy import Economy
from model.flows import LEDGER
from model.formulas import pricing
from model.ledger import BURNED, CAP_NQUIV, MINTED, LedgerError
from model.shocks import Shock
from model.spec.exact import GoPanic
from tests.engines.daily import QUICK, RAISE_BURN, small

jax = pytest.importorskip("jax")

DAYS, SEED = 70, 11
GUILTY, WHEN = 1717, 66
RUNS = list(range(35))
FIGURES = ("supply_quiv", "price_usd", "payments_usd", "treasury_quiv", "gini", "active_providers", "burned_quiv")
COUNTED = dict.fromkeys(("posted_jobs", "completed_jobs", "failed_jobs", "expired_jobs", "pending_jobs"), 0.5)
COUNTED["traded_quiv"] = 1e-4
"""What is counted, and the least difference that is one: jobs are whole, investors order lots, and speculators withdraw
whole millionths of their orders."""
METRICS = (*FIGURES, *COUNTED)
LEAST_ALIKE = 31
"""Runs of 35 in which nothing is counted differently on any day."""
PARTED = 1e-3
"""What a job or a lot more makes of a run's figures until the last day, at most."""
CASES: dict[str, dict[str, Any]] = {
    "plain": {"proposals": (RAISE_BURN,)},
    "everything": {
        "attacks": (Attack("wash_trading", 500.0, 5, 20), Attack("challenge_griefing", 1.0, 8, 20)),
        "shocks": (
            Shock(6, "price_jump", -0.4),
            Shock(9, "feed_fault", 1.5, 5, 0.4),
            Shock(15, "fire_sale", 0.3),
            Shock(20, "demand_surge", 2.0, 9),
        ),
        "contracts": {
            "maker": {"budget_quiv": 1e6, "budget_usd": 1e5},
            "conduct": {"principled_share": 0.0, "horizon_days": 0.0},
            "validation": {"canary_share": 0.0001, "error": 0.05},
            "challenges": {"bribe_quiv": 300.0, "frivolous_per_day": 2.0, "watch_share": 0.01},
            "governance": QUICK | {"snapshot": "live_balance", "power": "root", "ideas_per_year": 365.0},
            "fees": {"controller": "eip1559", "controller_delay_days": 3, "controller_limited": True},
            "emission": {"growth_window_days": 7},
            "staking": {"rewards": "per_token", "restake_share": 0.5, "unbonding_days": 4},
            "treasury": {"support_band": 0.05, "allocation": (0.5, 0.3, 0.2)},
            "insurance": {"accidents_per_year": 300.0},
        },
    },
}
EVERY_CASE = pytest.mark.parametrize("case", CASES)


def economy(case: str) -> Economy:
    return small(DAYS, **{key: dict(value) if key == "contracts" else value for key, value in CASES[case].items()})


def _flawed(chosen: list[Any]) -> list[Wired]:
    """The wiring, in which one run's treasury is given a nano-QUIV on one day; no other run is touched."""
    wired = wiring(chosen)
    block = next(block for block in wired if "settlement" in block["policies"])
    right = block["variables"]["treasury_nquiv"]

    def treasury(params: Any, substep: Any, history: Any, state: Any, signals: Any) -> tuple[str, Any]:
        name, value = right(params, substep, history, state, signals)
        return name, value + 1 * ((params["draws.run"] == GUILTY) & (state["day"] == WHEN))

    block["variables"]["treasury_nquiv"] = treasury
    return wired


@pytest.fixture(scope="module", autouse=True)
def _compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One program a case, with a flaw that only the guilty run has, in an empty cache of programs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(compiled, "wiring", _flawed)
        patch.setattr(ensemble, "wiring", _flawed)
        yield
    compiled.programs.clear()


@pytest.fixture(scope="module")
def both() -> Callable[[str], tuple[dict[str, Any], dict[str, Any]]]:
    """What either engine makes of a case, worked out once."""
    known: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def run(case: str) -> tuple[dict[str, Any], dict[str, Any]]:
        if case not in known:
            asked = ([economy(case)] * len(RUNS), SEED, RUNS, METRICS)
            known[case] = compiled.execute_compiled(*asked), ensemble.execute(*asked)
        return known[case]

    return run


def parting(ours: Any, theirs: Any) -> Any:
    """By run, the days before anything is counted differently; all of them where it never is."""
    counts, least = [METRICS.index(name) for name in COUNTED], np.array(list(COUNTED.values()))[:, None]
    other = (np.abs(ours[:, counts] - theirs[:, counts]) > least).any(axis=1)
    return np.where(other.any(axis=0), other.argmax(axis=0), len(other))


def assert_alike(ours: Any, theirs: Any) -> None:
    """Records are the same to the last digits until a run parts, and the same economy's from there on."""
    together = np.arange(len(ours))[:, None, None] < parting(ours, theirs)
    np.testing.assert_allclose(np.where(together, ours, 0.0), np.where(together, theirs, 0.0), rtol=1e-9)
    own = slice(0, len(FIGURES))
    np.testing.assert_allclose(ours[:, own], theirs[:, own], rtol=PARTED)


@EVERY_CASE
def test_the_ledger_is_numpys_to_a_ten_thousandth_of_a_quiv(both: Any, case: str) -> None:
    """What the pool trades is what is left of orders of whole classes, in which a float has sixteen nano-QUIV."""
    ours, theirs = (found["state"] for found in both(case))
    alike = parting(*(found["record"] for found in both(case))) > DAYS
    assert alike.sum() >= LEAST_ALIKE
    for name in (*LEDGER.accounts, MINTED, BURNED):
        assert ours[name].dtype == np.int64
        assert ours[name].shape == theirs[name].shape
        assert int(np.abs(ours[name] - theirs[name])[alike].max()) <= 100_000, name
    np.testing.assert_array_equal(ours[MINTED] - ours[BURNED], LEDGER.holdings(ours))
    assert int(ours["audited_substeps"]) == int(theirs["audited_substeps"]) > DAYS
    assert int(ours["day"]) == DAYS


@EVERY_CASE
def test_figures_and_flows_are_numpys_but_for_the_last_digits(both: Any, case: str) -> None:
    ours, theirs = both(case)
    assert ours["record"].shape == (DAYS + 1, len(METRICS), len(RUNS))
    np.testing.assert_array_equal(ours["record"][0], theirs["record"][0])
    assert_alike(ours["record"], theirs["record"])
    alike = parting(ours["record"], theirs["record"]) > DAYS
    np.testing.assert_allclose(ours["moved"][:, alike], theirs["moved"][:, alike], rtol=1e-9, atol=1e-6)


def test_the_same_again_in_other_company(both: Any) -> None:
    """Alone, last of a batch or in another order: the same bits, as a program's batch always has the same size."""
    whole = both("plain")[0]["record"]
    for chosen in ([34], [20, 3, 34, 7], RUNS):
        again = compiled.run_jax([economy("plain")] * len(chosen), SEED, chosen, METRICS)
        np.testing.assert_array_equal(again, whole[..., chosen].transpose(2, 0, 1))


def test_settings_share_a_program(both: Any) -> None:
    both("plain")
    before = len(compiled.programs)
    other = small(DAYS, **CASES["plain"], contracts={"fees": {"network_share": 0.2}, "demand": {"wallet_days": 3.0}})
    mixed = compiled.execute_compiled([economy("plain"), other], SEED, [5, 5], METRICS)["record"]
    assert len(compiled.programs) == before
    np.testing.assert_array_equal(mixed[..., 0], both("plain")[0]["record"][..., 5])
    theirs = ensemble.execute([other], SEED, [5], METRICS)["record"]
    assert_alike(mixed[..., 1:], theirs)


def test_a_unit_from_nothing_stops_it_in_the_ensembles_words() -> None:
    with pytest.raises(LedgerError) as caught:
        compiled.execute_compiled([economy("plain")] * 3, SEED, [4, GUILTY, 5], METRICS)
    assert str(caught.value).startswith(
        f"day {WHEN}, substep settlement, run {GUILTY}: 1e-09 QUIV appeared from nothing"
    )
    assert "account treasury_nquiv" in str(caught.value)


def _audit(changes: dict[str, Any], **moved: int) -> list[bool]:
    """Which of two trajectories the program's audit refuses after a block that changed accounts and emitted flows."""
    state, _ = genesis([small()] * 2, 1, [0, 1])
    after = state | {name: change(state[name].copy()) for name, change in changes.items()}
    signals = {flow: np.array([0, amount]) for flow, amount in moved.items()}
    return list(compiled.tally_block(LEDGER.totals(state), state, after, signals)[1])


def _plus(amount: int) -> Callable[[Any], Any]:
    def change(value: Any) -> Any:
        value[1, ...] += amount
        return value

    return change


def test_the_audit_sees_what_the_ledgers_does() -> None:
    assert _audit({"treasury_nquiv": _plus(0)}) == [False, False]
    assert _audit({"treasury_nquiv": _plus(1)}) == [False, True]
    assert _audit({}, receipt_treasury=1) == [False, True], "nobody wrote what the flow says"
    both = {"treasury_nquiv": _plus(5), "operations_nquiv": _plus(-5)}
    assert _audit(both) == [False, True], "no flow"
    assert _audit(both, treasury_to_operations=-5) == [False, True], "operations are empty"
    back = {"treasury_nquiv": _plus(-5), "operations_nquiv": _plus(5)}
    assert _audit(back, treasury_to_operations=5) == [False, False]
    assert _audit(back) == [False, True], "no flow"
    minted = {"work_rewards_nquiv": _plus(5), MINTED: _plus(5)}
    assert _audit(minted) == [False, True], "no flow"
    assert _audit(minted, emission_to_work=5) == [False, False]
    over = {"work_rewards_nquiv": _plus(CAP_NQUIV), MINTED: _plus(CAP_NQUIV)}
    assert _audit(over, emission_to_work=CAP_NQUIV) == [False, True], "past the cap"
    assert _audit({"slashed_nquiv": _plus(-5), BURNED: _plus(5)}, slash_burn=5) == [False, True], "nothing was slashed"


def test_what_go_cannot_compute_is_noted_by_trajectory() -> None:
    """Where NumPy raises at once, a program notes the trajectory."""

    def price(demand: Any, supply: Any) -> Any:
        with traced.program() as refused:
            pricing.inference_price_go(1.0 + 0.0 * demand, demand, supply)
        return [mask.any(axis=-1) for mask in refused]

    demand, supply = np.array([[1.0], [1e30], [1.0]]), np.array([[1.0], [1.0], [0.001]])
    with device.ready() as ready:
        masks = [np.asarray(mask).tolist() for mask in ready.jit(price)(demand, supply)]
    assert [any(row) for row in zip(*masks, strict=True)] == [False, True, True]
    with pytest.raises(GoPanic, match="supply truncates to 0"):
        pricing.inference_price_go(1.0, demand[2], supply[2])


def test_a_refusal_that_nobody_collects_is_an_error() -> None:
    with device.ready() as ready, pytest.raises(RuntimeError, match="nobody collects refusals"):
        ready.jit(lambda mask: arrays.refuse(mask, ValueError()))(np.array([True]))


def test_the_forms_of_array_operations_agree() -> None:
    rng = np.random.default_rng(1)
    values, index = rng.integers(0, 10**15, (3, 40)), rng.integers(0, 7, (3, 40))
    ring, row = rng.random((3, 5, 4)), rng.random((3, 4))
    with device.ready() as ready:
        asked = {
            "sum_by": ready.jit(arrays.sum_by, static_argnums=2)(values, index, 7),
            "write_slot": ready.jit(arrays.write_slot)(ring, 3, row),
        }
        np.testing.assert_array_equal(asked["sum_by"], arrays.sum_by(values, index, 7))
        np.testing.assert_array_equal(asked["write_slot"], arrays.write_slot(ring, 3, row))


def test_values_are_sorted_as_numpy_sorts_them() -> None:
    floats = np.random.default_rng(1).normal(size=(3, 50)) * 10.0 ** np.arange(-25, 25)
    floats[:, :4] = [np.inf, -np.inf, 0.0, -1e-320]
    whole = np.random.default_rng(2).integers(-(2**62), 2**62, (3, 50))
    with device.ready() as ready:
        for values in (floats, whole):
            np.testing.assert_array_equal(ready.jit(arrays.ascending)(values), np.sort(values, axis=-1))


def test_what_is_worked_out_once_is_the_same_and_stays_by_itself() -> None:
    """Kinds of which there are several and kinds of which there is one; a compiler would do it all in each figure."""
    x = np.linspace(-1.0, 1.0, 12)

    def figures(x: Any, days: Any) -> Any:
        with traced.program(days < 0):
            kept = arrays.once({"a": x + 1.0, "b": (x * 2.0, x > 0.0), "c": (x * 10.0).astype(int), "d": x[:3]})
        return kept, kept["a"] * 3.0, kept["a"] - 1.0

    with device.ready() as ready:
        program = ready.jit(figures).lower(x, 5).compile()
        kept, *others = program(x, 5)
    assert " while(" in program.as_text()
    asked = [x + 1.0, x * 2.0, x > 0.0, (x * 10.0).astype(int), x[:3]]
    found = [kept["a"], *kept["b"], kept["c"], kept["d"]]
    for ours, theirs in zip([*found, *others], [*asked, (x + 1.0) * 3.0, x + 1.0 - 1.0], strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_upper_gamma_function_below_its_parameter() -> None:
    a, part = np.broadcast_arrays(10.0 ** np.linspace(0.0, 4.0, 40)[:, None], np.linspace(0.01, 0.999, 30))
    with device.ready() as ready:
        ours = ready.jit(arrays.upper_gamma)(a, part * a)
    np.testing.assert_allclose(ours, scipy.special.gammaincc(a, part * a), rtol=1e-10)


def test_the_quantile_of_the_gamma_distribution() -> None:
    """To what the last digit of a chance below is worth: of the smallest draws little is known."""
    a, u = np.broadcast_arrays(
        np.arange(1.0, 21.0)[:, None],
        np.concatenate(
            [np.linspace(0.0001, 0.9999, 300), 10.0 ** -np.arange(5.0, 14.0), 1.0 - 2.0 ** -np.arange(14, 50)]
        ),
    )
    with device.ready() as ready:
        quantile = ready.jit(arrays.gamma_quantile, static_argnums=2)
        ours, last = np.asarray(quantile(a, u, 20)), quantile(a[:, 0], u[:, 0] / u[:, 0], 20)
    theirs = scipy.special.gammaincinv(a, u)
    assert np.all(np.abs(ours / theirs - 1.0) < 1e-12 + 1e-15 / u)
    assert np.all(np.isinf(last))


def test_numbers_outside_of_the_engine_stay_as_jax_has_them() -> None:
    with device.ready() as ready:
        assert ready.numpy.zeros(1).dtype == np.float64
    assert jax.numpy.zeros(1).dtype == np.float32


def test_without_jax_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(device, "installed", lambda: False)
    with pytest.raises(RequestError, match=r"needs JAX, which is not installed; pip install 'quiver-sim\[jax\]'$"):
        simulate("whitepaper", days=2, engine="jax", out=tmp_path)
    assert not list(tmp_path.iterdir())
