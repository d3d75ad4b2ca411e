"""What each flow moved in a trajectory, as a store keeps it: it adds up to what was minted, burned and held."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments import load, simulate
from experiments.engines.ensemble import execute
from experiments.engines.genesis import genesis
from experiments.errors import RequestError
from experiments.inputs.plan import Plan
from experiments.sweeps.chunk import simulate_chunk as simulated
from experiments.sweeps.run import run_sweep
from model.arrays import to_quiv
from model.economy import Economy
from model.flows import LEDGER
from tests.experiments import small


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return small.plan(tmp_path_factory.mktemp("plan"))


def test_flows_are_what_accounts_gained_and_lost() -> None:
    case, runs = Economy(days=25), [0, 3]
    before, _ = genesis([case, case], 5, runs)
    done = execute([case, case], 5, runs, ())
    held, after = LEDGER.totals(before), LEDGER.totals(done["state"])
    for name in held:
        net = sum(
            (
                np.asarray(done["moved"][place])
                * ((flow.target or "burned_nquiv") == name)
                * (1 if name != "minted_nquiv" else 0)
                - np.asarray(done["moved"][place])
                * ((flow.source or "minted_nquiv") == name)
                * (1 if name != "minted_nquiv" else -1)
                for place, flow in enumerate(LEDGER.flows.values())
            ),
            start=np.zeros(2),
        )
        np.testing.assert_allclose(net, to_quiv(after[name]) - to_quiv(held[name]), atol=1e-3, err_msg=name)


def test_a_sweep_keeps_a_row_a_trajectory(plan: Plan, tmp_path: Path) -> None:
    results = load(run_sweep(plan, tmp_path, 0))
    kept = results.flows
    assert list(kept.columns) == ["design", "run", *LEDGER.flows]
    assert kept[["design", "run"]].equals(results.kpis[["design", "run"]])
    _, moved, order, _ = simulated(plan, [(1, 2), (0, 0)])
    for place, (design, run) in enumerate(order):
        row = kept[(kept["design"] == design) & (kept["run"] == run)]
        np.testing.assert_array_equal(row[list(LEDGER.flows)].to_numpy()[0], moved[:, place])
    field = pq.read_schema(tmp_path / plan.folder / "flows.parquet").field(next(iter(LEDGER.flows)))
    assert field.metadata[b"unit"] == b"QUIV"
    assert results.query("SELECT count(*) AS n FROM flows")["n"][0] == len(kept)


def test_a_store_of_one_run_says_that_it_has_none(tmp_path: Path) -> None:
    frame = simulate("whitepaper", days=3, seed=1, runs=2, out=tmp_path)
    with pytest.raises(RequestError, match="keeps no flows"):
        _ = load(frame.attrs["store"]).flows
