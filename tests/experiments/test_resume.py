"""A sweep that is interrupted in any way ends with the values of one that was not: hash for hash."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from experiments import load
from experiments.errors import RequestError, StoppedError
from experiments.inputs.plan import Plan
from experiments.storage.folder import Folder
from experiments.sweeps import progress, run
from experiments.sweeps.progress import Chunk, chunk_records
from experiments.sweeps.run import run_sweep
from experiments.sweeps.status import sweep_status
from tests.experiments import small

LONG = small.TEXT.replace("runs: 3", "runs: 6").replace("keep: full", "keep: thin")
"""Twenty-four trajectories: enough to be caught in the middle when each is a chunk."""

HEAD = {
    "num_cpus": 1,
    "include_dashboard": False,
    "_system_config": {"health_check_period_ms": 1000, "health_check_failure_threshold": 5},
}
"""A head node that notices within seconds that another is gone."""

DRIVER = """
import sys
from experiments.sweeps import progress
from experiments.cli import main
progress.BATCH = 1
sys.argv = ["quiver-sim", "sweep", *sys.argv[1:]]
main()
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return small.plan(tmp_path_factory.mktemp("plan"), LONG)


@pytest.fixture(scope="module")
def whole(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The parts of a sweep that nothing happened to, in two chunks."""
    return small.parts(run_sweep(plan, tmp_path_factory.mktemp("whole"), 0))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of two trajectories."""
    monkeypatch.setattr(progress, "BATCH", 2)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Ray for this module, started once: a head node with one worker."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args=HEAD)
    ray.init(address=made.address, log_to_driver=False, logging_level="ERROR")
    yield made
    ray.shutdown()
    made.shutdown()


def test_ctrl_c_leaves_a_store_that_can_be_resumed(
    plan: Plan, whole: dict[str, str], short: None, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(plan, tmp_path, 0, progress=stop)
    folder = tmp_path / plan.folder
    with pytest.raises(RequestError, match="is not finished"):
        load(folder)
    found = sweep_status(Folder.at(folder))
    assert (found.state, found.done, found.total, found.failures, found.eta) == ("stopped", 10, 24, 0, None)
    assert found.rate
    seen: list[int] = []
    run_sweep(plan, tmp_path, 0, progress=lambda done, total: seen.append(done))
    assert seen[0] == 10
    assert small.parts(folder) == whole
    assert sweep_status(Folder.at(folder)).state == "finished"


def test_a_sweep_may_go_on_in_chunks_of_another_size(
    plan: Plan, whole: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size, most in ((5, 8), (2, 12), (256, 24)):
        monkeypatch.setattr(progress, "BATCH", size)

        def stop(done: int, total: int, most: int = most) -> None:
            if most <= done < 24:
                raise KeyboardInterrupt

        try:
            run_sweep(plan, tmp_path, 0, progress=stop)
        except KeyboardInterrupt:
            continue
    assert small.parts(tmp_path / plan.folder) == whole


@pytest.fixture(scope="module")
def begun(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three chunks of two trajectories."""

    def stop(done: int, total: int) -> None:
        if done >= 6:
            raise KeyboardInterrupt

    out = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(progress, "BATCH", 2)
        with pytest.raises(KeyboardInterrupt):
            run_sweep(plan, out, 0, progress=stop)
    return out / plan.folder


@pytest.mark.parametrize("how", ["truncated", "altered", "missing", "receipt"])
def test_a_damaged_part_is_noticed_and_run_again(
    how: str, plan: Plan, whole: dict[str, str], begun: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(begun, tmp_path / plan.folder))
    part = sorted((folder / "chunks").glob("*.json" if how == "receipt" else "*.daily.parquet"))[1]
    data = part.read_bytes()
    if how == "missing":
        part.unlink()
    else:
        part.write_bytes(data[: len(data) // 2] if how != "altered" else data[:60] + bytes([data[60] ^ 4]) + data[61:])
    told: list[str] = []
    seen: list[int] = []
    run_sweep(plan, tmp_path, 0, progress=lambda done, total: seen.append(done), tell=told.append)
    assert seen[0] == 4
    assert len(told) == 1
    assert "it is run again" in told[0]
    assert small.parts(folder) == whole


def test_a_sweep_stopped_while_it_gathers(
    plan: Plan, whole: dict[str, str], begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the manifest, and between the manifest and the removal of chunks."""
    folder = Path(shutil.copytree(begun, tmp_path / plan.folder))
    for name, method in (("manifest.json", "write"), ("chunks", "remove")):
        with monkeypatch.context() as stopped:
            stopped.setattr(Folder, method, stopping_at(name, getattr(Folder, method)))
            with pytest.raises(KeyboardInterrupt):
                run_sweep(plan, tmp_path, 0)
        assert (folder / "chunks").is_dir()
    (folder / ".lock").write_text('{"pid": 1, "host": "gone"}')
    (folder / ".kpis.parquet.1.tmp").write_text("half")
    run_sweep(plan, tmp_path, 0)
    assert small.parts(folder) == whole
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".parquet") == [*FILES, "trajectories"]


FILES = ["manifest.json", "plan.json"]
"""What a finished store has beside its tables."""


def test_chunks_that_overlap_count_once(plan: Plan, whole: dict[str, str], begun: Path, tmp_path: Path) -> None:
    """As where a worker of a driver that was killed goes on while the next driver has cut the work anew."""
    folder = Path(shutil.copytree(begun, tmp_path / plan.folder))
    run.run_chunk(plan, Folder.at(folder), Chunk((0, 2), 1, 3, whole=False))
    told: list[str] = []
    run_sweep(plan, tmp_path, 0, tell=told.append)
    assert len(told) == 1
    assert "its trajectories are those of another chunk too; it is run again" in told[0]
    assert small.parts(folder) == whole


def stopping_at(name: str, real: Any) -> Any:
    """A method of a folder that is interrupted when it comes to a file."""

    def stopped(folder: Folder, found: str = "", *rest: str) -> Any:
        if found == name:
            raise KeyboardInterrupt
        return real(folder, found, *rest)

    return stopped


def test_a_driver_killed_outright(plan: Plan, whole: dict[str, str], tmp_path: Path) -> None:
    """kill -9, in the middle, of a driver with a Ray of its own: no lock stays, nothing half-written counts."""
    file = small.write(tmp_path, LONG)
    arguments = [sys.executable, "-c", DRIVER, str(file), "--out", str(tmp_path), "--workers", "1"]
    driver = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    folder = Folder.at(tmp_path / plan.folder)
    wait_for(lambda: len(done(folder)) >= 4, driver)
    assert sweep_status(folder).state == "running"
    with pytest.raises(RequestError, match=f"process {driver.pid} on .* is working on it"):
        run_sweep(plan, tmp_path, 0)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    assert sweep_status(folder).state == "stopped"
    assert 4 <= len(done(folder)) < 24
    told: list[str] = []
    run_sweep(plan, tmp_path, 0, tell=told.append)
    assert "ended without a word" in told[0]
    assert small.parts(tmp_path / plan.folder) == whole


def done(folder: Folder) -> list[str]:
    """The receipts that there are."""
    return [name for name in folder.names("chunks") if name.endswith(".json")] if folder.exists("chunks") else []


def wait_for(condition: Any, driver: subprocess.Popen[str] | None = None) -> None:
    """Wait until something holds; fail where the driver ends before, or after two minutes."""
    for _ in range(2400):
        if condition():
            return
        assert driver is None or driver.poll() is None, driver.stderr.read() if driver.stderr else ""
        time.sleep(0.05)
    raise AssertionError("it did not come to that in two minutes")


@pytest.mark.parametrize(("workers", "size"), [(1, 256), (2, 5)])
def test_workers_do_not_change_a_byte(
    workers: int, size: int, plan: Plan, whole: dict[str, str], cluster: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(progress, "BATCH", size)
    assert small.parts(run_sweep(plan, tmp_path, workers)) == whole


def test_a_worker_that_is_killed(plan: Plan, whole: dict[str, str], cluster: Any, short: None, tmp_path: Path) -> None:
    """kill -9 of the process that did the first chunks: its next tasks are given to another."""
    folder, killed = Folder.at(tmp_path / plan.folder), set()

    def kill(finished: int, total: int) -> None:
        pids = {record.pid for record in chunk_records(folder)}
        if finished >= 6 and not killed:
            killed.update(pids)
            for pid in pids:
                os.kill(pid, signal.SIGKILL)

    run_sweep(plan, tmp_path, 1, progress=kill)
    assert killed
    assert os.getpid() not in killed
    assert small.parts(tmp_path / plan.folder) == whole


def test_a_node_that_is_lost(plan: Plan, whole: dict[str, str], cluster: Any, short: None, tmp_path: Path) -> None:
    """A node of two goes, without a word, in the middle of the sweep."""
    node = cluster.add_node(num_cpus=1)
    gone: list[int] = []

    def lose(finished: int, total: int) -> None:
        if finished >= 6 and not gone:
            gone.append(finished)
            cluster.remove_node(node, allow_graceful=False)

    run_sweep(plan, tmp_path, 2, progress=lose)
    assert gone
    assert small.parts(tmp_path / plan.folder) == whole


def test_a_model_error_in_a_worker_is_no_lost_worker(
    plan: Plan, cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a worker cannot write ends the sweep with its sentence."""
    (tmp_path / plan.folder / "trajectories").mkdir(parents=True)
    for design in range(4):
        (tmp_path / plan.folder / "trajectories" / f"part-{design:05d}.parquet").mkdir()
    with pytest.raises(RequestError, match="could not be written"):
        run_sweep(plan, tmp_path, 1)


def test_what_a_node_wrote_elsewhere_is_noticed(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = run.run_chunk

    def elsewhere(plan: Plan, folder: Folder, some: Any) -> Any:
        return real(plan, Folder.at(tmp_path / "elsewhere"), some)

    monkeypatch.setattr(run, "run_chunk", elsewhere)
    with pytest.raises(StoppedError, match="an address that all nodes share"):
        run_sweep(plan, tmp_path, 0)


def test_a_cluster_that_is_not_there_is_a_wrong_request(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"no Ray cluster answers at 127\.0\.0\.1:1"):
        run_sweep(plan, tmp_path, address="127.0.0.1:1")


def test_a_worker_with_other_code_is_noticed(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.sweeps.chunk.code_version", lambda: "older")
    with pytest.raises(StoppedError, match=r"runs other code \(older\)"):
        run_sweep(plan, tmp_path, 0)
    assert done(Folder.at(tmp_path / plan.folder)) == []


def test_stopping_rules_with_scattered_runs_give_the_store_of_so_many_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = small.plan(tmp_path, small.TEXT.replace("runs: 3", STOPPING))
    stopped = run_sweep(asked, tmp_path / "stopped", 0)
    assert load(stopped).manifest["runs"] == 4
    plain = run_sweep(replace(asked, runs=4, stopping=()), tmp_path / "plain", 0)
    assert tables(stopped) == tables(plain)
    hard = replace(asked, stopping=[replace(asked.stopping[0], half_width=1e-15)])

    def stop(done: int, total: int) -> None:
        if done >= 4 * 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(hard, tmp_path / "more", 0, progress=stop)
    assert tables(run_sweep(asked, tmp_path / "more", 0)) == tables(plain)


STOPPING = "stopping: {kpi: price, half_width: 10.0, max_runs: 12, batch: 4}"


def tables(store: Path | str) -> dict[str, str]:
    """The parts of a store but for its plan."""
    return {name: sha for name, sha in small.parts(store).items() if name != "plan.json"}
