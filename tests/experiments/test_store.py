"""A store as others use it: what its tables say, whether it is whole, where it may lie, and one trajectory of it."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from experiments import load, simulate
from experiments.cli import app
from experiments.errors import RequestError, StoppedError
from experiments.inputs.experiment import resolved
from experiments.inputs.plan import Plan
from experiments.inputs.scenario import load_scenario
from experiments.inputs.shipped import scenario_names
from experiments.storage import sql
from experiments.storage.document import read_document, write_document
from experiments.storage.folder import Folder, Hashed
from experiments.storage.lock import locked
from experiments.storage.parquet import write_parquet
from experiments.sweeps import plan_file, replay
from experiments.sweeps.plan_file import economy_as_data, economy_from_data, read_plan, write_plan
from experiments.sweeps.run import run_sweep
from tests.experiments import small


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return small.plan(tmp_path_factory.mktemp("plan"))


@pytest.fixture(scope="module")
def store(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(run_sweep(plan, tmp_path_factory.mktemp("store"), 0))


@pytest.fixture
def copy(store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(store, tmp_path / store.name))


def call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.stdout, result.stderr


def test_every_file_says_where_it_comes_from(store: Path, plan: Plan) -> None:
    files = sorted(store.rglob("*.parquet"))
    assert len(files) == 6 + 4
    for file in files:
        about = pq.read_schema(file).metadata
        assert (about[b"experiment"], about[b"seed"]) == (plan.digest.encode(), b"5")
        assert b"code_version" in about
    field = pq.read_schema(files[-1]).field("price_usd")
    assert field.metadata[b"unit"] == b"USD per QUIV"


def test_trajectories_are_float32_zstd_and_split_by_byte(store: Path) -> None:
    column = pq.read_metadata(store / "trajectories" / "part-00000.parquet").row_group(0).column(3)
    assert (column.physical_type, column.compression) == ("FLOAT", "ZSTD")
    assert "BYTE_STREAM_SPLIT" in column.encodings
    assert pq.read_schema(store / "kpis.parquet").field("burned").type == "double"


def test_tables_are_in_order(store: Path) -> None:
    results = load(store)
    for frame, keys in ((results.kpis, ["design", "run"]), (results.summary, ["metric", "design", "day"])):
        found = frame[keys].astype({"metric": str} if "metric" in keys else {})
        pd.testing.assert_frame_equal(found, found.sort_values(keys, ignore_index=True))


def test_a_fan_is_the_quantiles_of_trajectories(store: Path) -> None:
    results = load(store)
    fan = results.fan("burned_quiv", 2)
    assert list(fan.index) == list(range(9))
    paths = results.trajectories(["burned_quiv"], design=2)["burned_quiv"].unstack("run")
    np.testing.assert_allclose(fan["p50"], paths.median(axis=1), rtol=1e-6)
    with pytest.raises(RequestError, match="no metric 'x'"):
        results.fan("x", 0)


def test_questions_in_sql(store: Path) -> None:
    results = load(store)
    sql = 'SELECT "fees.burn_share" AS share, avg(burned) AS burned FROM kpis JOIN design USING (design) GROUP BY 1'
    answer = results.query(f"{sql} ORDER BY share")
    expected = results.kpis.merge(results.design).groupby("fees.burn_share")["burned"].mean()
    np.testing.assert_allclose(answer["burned"], expected)
    assert results.query("SELECT count(*) AS n FROM trajectories")["n"][0] == 4 * 3 * 9
    with pytest.raises(RequestError, match="cannot be answered"):
        results.query("SELECT nothing FROM nowhere")


@pytest.mark.parametrize("keep", ["kpis", "summary"])
def test_what_is_not_kept_is_said(keep: str, plan: Plan, tmp_path: Path) -> None:
    short = replace(plan, keep=keep, points=plan.points[:1], economies=plan.economies[:1])
    results = load(run_sweep(short, tmp_path, 0))
    with pytest.raises(RequestError, match="keeps no trajectories"):
        results.trajectories()
    assert len(results.summary) == (0 if keep == "kpis" else 3 * 9)
    if keep == "kpis":
        with pytest.raises(RequestError, match="keeps no daily quantiles"):
            results.fan("price_usd", 0)


@pytest.mark.parametrize("how", ["truncated", "altered", "missing"])
@pytest.mark.parametrize("name", ["kpis.parquet", "trajectories/part-00002.parquet", "plan.json"])
def test_damage_is_named(name: str, how: str, copy: Path) -> None:
    harm(copy / name, how)
    assert load(copy).verify() == [name]
    code, _, err = call("status", copy, "--verify")
    assert code == 1 or (name == "plan.json" and how == "missing")
    assert name in err


def harm(file: Path, how: str) -> None:
    """Damage a file."""
    data = file.read_bytes()
    if how == "missing":
        file.unlink()
    elif how == "truncated":
        file.write_bytes(data[: len(data) // 2])
    else:
        file.write_bytes(data[:40] + bytes([data[40] ^ 1]) + data[41:])


@pytest.mark.parametrize("name", ["trajectories/part-00002.parquet", "summary.parquet"])
def test_damage_is_mended_by_the_same_sweep(name: str, copy: Path, plan: Plan, store: Path) -> None:
    harm(copy / name, "altered")
    told: list[str] = []
    assert run_sweep(plan, copy.parent, 0, tell=told.append) == copy
    assert told == [f"{copy / name} does not match its checksum; it is made again"]
    assert small.parts(copy) == small.parts(store)


CHANGED = {
    "a row twice": ("kpis", lambda rows: pd.concat([rows, rows.tail(1)]), "do not have every trajectory once"),
    "a row less": ("kpis", lambda rows: rows.head(11), "do not have every trajectory once"),
    "another run": ("kpis", lambda rows: rows.assign(run=rows["run"] + 1), "do not have every trajectory once"),
    "a flow less": ("flows", lambda rows: rows.head(11), "has other trajectories than kpis.parquet"),
    "a day less": ("summary", lambda rows: rows.tail(100), "has 100 rows and not 108"),
    "a setting more": ("design", lambda rows: pd.concat([rows, rows]), "has 8 rows and not 4"),
    "another's": ("environment", None, "is of another experiment, seed or code"),
}


@pytest.mark.parametrize("how", CHANGED)
def test_a_store_is_checked_by_content_too(how: str, copy: Path, plan: Plan, store: Path) -> None:
    """Its checksums are right, as of a store that a careful hand has changed; its rows are not what it says."""
    name, change, says = CHANGED[how]
    about = {key.decode(): text.decode() for key, text in pq.read_schema(copy / f"{name}.parquet").metadata.items()}
    if change is None:
        about["seed"] = "6"
    rows = pd.read_parquet(copy / f"{name}.parquet")
    folder = Folder.at(copy)
    write_parquet(change(rows) if change else rows, folder, f"{name}.parquet", about)
    manifest = read_document(folder, "manifest.json")
    parts = {name: folder.sha256(name) for name in manifest["parts"]}
    write_document(folder, "manifest.json", manifest | {"parts": parts})
    assert load(copy).verify() == [f"{name}.parquet"]
    assert says in load(copy).faults()[f"{name}.parquet"]
    assert small.parts(run_sweep(plan, copy.parent, 0)) == small.parts(store)


@pytest.mark.parametrize(("text", "says"), [("{", "is damaged (Expecting"), ("{}", "is damaged (it has no sha256")])
def test_a_damaged_manifest_or_plan_is_a_sentence(text: str, says: str, copy: Path, plan: Plan, store: Path) -> None:
    (copy / "manifest.json").write_text(text)
    for ask in (lambda: load(copy), lambda: run_sweep(plan, copy.parent, 0)):
        with pytest.raises(RequestError, match="--fresh") as found:
            ask()
        assert says in str(found.value)
    (copy / "manifest.json").unlink()
    (copy / "plan.json").write_text(text)
    code, _, err = call("status", copy)
    assert (code, err.count("error:"), says in err) == (2, 1, True)
    told: list[str] = []
    assert small.parts(run_sweep(plan, copy.parent, 0, tell=told.append)) == small.parts(store)
    assert says in told[0]
    assert "it is made again" in told[0]


@pytest.fixture(scope="module")
def gathered(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose chunks are all done and not yet merged."""
    out = tmp_path_factory.mktemp("gathered")
    with pytest.MonkeyPatch.context() as stopped:
        stopped.setattr("experiments.sweeps.run.finish", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_sweep(plan, out, 0)
    return out / plan.folder


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


NAMES = {
    "star*": "starX",
    "runs[1]": "runs1",
    "a?b": "axb",
    "**": "any",
    "[!a]": "x",
    "back\\*": "back\\slash",
    "{x,y}": "x",
    "design=7": "design=8",
    'it\'s "quoted"': "its",
    "sp ace": "space",
    "%41": "A",
    "#h": "h",
    "ünï": "u",
    "-lead": "lead",
}
"""Names of folders, and names of others that some of them are patterns of."""


@pytest.mark.parametrize("above", ["", "memory://named"])
@pytest.mark.parametrize("name", NAMES)
def test_a_folders_name_is_a_name_and_no_pattern(
    name: str, above: str, gathered: Path, plan: Plan, store: Path, tmp_path: Path
) -> None:
    """What lies in a folder that the name could be a pattern of is neither merged, nor read, nor removed."""
    out, beside = (f"{above}/{other}" if above else str(tmp_path / other) for other in (name, NAMES[name]))
    for place in (out, beside):
        folder = Folder.at(place) / plan.folder
        for file in Folder.at(gathered).names():
            with folder.create(file) as copy:
                copy.write((gathered / file).read_bytes())
    left = (Folder.at(beside) / plan.folder).names()
    told: list[str] = []
    place = run_sweep(plan, out, 0, tell=told.append)
    assert told == []
    assert small.parts(place) == small.parts(store)
    results = load(place)
    assert results.query("SELECT count(*) AS n, max(design) AS last FROM kpis").values.tolist() == [[12, 3]]
    assert results.query("SELECT count(*) AS n FROM trajectories")["n"][0] == 4 * 3 * 9
    assert call("status", "--verify", "--", place)[0] == 0
    assert (Folder.at(beside) / plan.folder).names() == left
    if above:
        fsspec.filesystem("memory").rm("/named", recursive=True)


def test_a_store_may_lie_in_memory(plan: Plan, store: Path) -> None:
    told: list[str] = []
    place = run_sweep(plan, "memory://stores", 2, tell=told.append)
    assert place == f"memory://stores/{plan.folder}"
    assert "works alone" in told[0]
    assert small.parts(place) == small.parts(store)
    results = load(place)
    pd.testing.assert_frame_equal(results.trajectories(), load(store).trajectories())
    assert results.query("SELECT count(*) AS n FROM trajectories")["n"][0] == 108
    assert run_sweep(plan, "memory://stores", 0) == place
    assert call("status", place)[0] == 0
    fsspec.filesystem("memory").rm("/stores", recursive=True)


def test_a_file_address_is_a_folder(plan: Plan, store: Path) -> None:
    assert run_sweep(plan, f"file://{store.parent}", 0) == store
    with pytest.raises(RequestError, match="no file system for nowhere://"):
        run_sweep(plan, "nowhere://x", 0)


def test_a_run_can_be_stored_at_an_address_too() -> None:
    frame = simulate("quiet", days=2, metrics=["price_usd"], out="memory://runs")
    assert load(frame.attrs["store"]).manifest["counts"]["trajectories"] == 1
    fsspec.filesystem("memory").rm("/runs", recursive=True)


def test_a_full_disk_leaves_nothing_half_written(
    plan: Plan, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk takes so many bytes and no more: at any of these the sweep stops in a sentence and can be resumed."""
    real, room = Hashed.write, [0]

    def write(self: Hashed, data: Any) -> int:
        room[0] -= len(data)
        if room[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, data)

    for share in (0.001, 0.4, 0.7, 0.95):
        room[0] = int(share * sum(file.stat().st_size for file in store.rglob("*.*")))
        out = tmp_path / str(share)
        with monkeypatch.context() as full:
            full.setattr(Hashed, "write", write)
            with pytest.raises(StoppedError, match="could not be written: the disk is full"):
                run_sweep(plan, out, 0)
        assert list(out.rglob("*.tmp")) == []
        assert not list(out.rglob("manifest.json"))
        assert small.parts(run_sweep(plan, out, 0)) == small.parts(store)


def test_a_full_disk_is_failed_work_and_a_closed_one_a_wrong_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = small.write(tmp_path)
    code, out, err = call("sweep", file, "--out", "/proc/nowhere", "--workers", "0")
    assert (code, out) == (2, "")
    assert "error: /proc/nowhere" in err
    assert "cannot be written to" in err
    monkeypatch.setattr(Hashed, "write", full)
    code, out, err = call("sweep", file, "--out", tmp_path / "results", "--workers", "0")
    assert (code, out) == (1, "")
    assert "the disk is full" in err
    assert err.count("error:") == 1


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    with folder.create("a/b.txt") as file:
        file.write(b"half")
        assert not folder.exists("a/b.txt")
        assert folder.names() == []
    assert folder.read("a/b.txt") == b"half"
    assert folder.sha256("a/b.txt") == file.digest()
    with contextlib.suppress(KeyError), folder.create("a/b.txt") as file:
        file.write(b"other")
        raise KeyError
    assert folder.read("a/b.txt") == b"half"
    assert isinstance(file, io.RawIOBase)


def test_two_drivers_do_not_share_a_store(plan: Plan, tmp_path: Path) -> None:
    with (
        locked(Folder.at(tmp_path / plan.folder)),
        pytest.raises(RequestError, match=f"process {os.getpid()} on .* is working on it"),
    ):
        run_sweep(plan, tmp_path, 0)
    for address in ("memory://locked",):
        with locked(Folder.at(f"{address}/{plan.folder}")), pytest.raises(RequestError, match="is working on it"):
            run_sweep(plan, address, 0)


def test_a_stale_lock_is_noticed(plan: Plan, tmp_path: Path) -> None:
    folder = Folder.at(tmp_path / "x")
    folder.write(".lock", '{"pid": 1, "host": "gone"}')
    told: list[str] = []
    with locked(folder, tell=told.append):
        pass
    assert "ended without a word" in told[0]
    assert not folder.exists(".lock")


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_economy_survives_json(name: str) -> None:
    economy = load_scenario(name)
    again = economy_from_data(json.loads(json.dumps(economy_as_data(economy))))
    assert again.structure() == economy.structure()
    assert resolved(again) == resolved(economy)


def test_a_plan_is_rebuilt_from_its_store_alone(plan: Plan, tmp_path: Path) -> None:
    csv = tmp_path / "price.csv"
    csv.write_text("day,price_usd\n" + "\n".join(f"{day},{0.1 + day / 7}" for day in range(9)) + "\n")
    (tmp_path / "mine.yaml").write_text("extends: whitepaper\ndays: 8\nexogenous: {price_usd: price.csv}\n")
    text = small.TEXT.replace("scenario: whitepaper", "scenario: mine.yaml")
    text += "environment: {demand.adoption_rate: {low: 0.5, high: 2.0}}\n"
    asked = small.plan(tmp_path, text)
    folder = Folder.at(tmp_path / "store")
    write_plan(asked, folder)
    csv.unlink()
    (tmp_path / "mine.yaml").unlink()
    again = read_plan(folder)
    for field in ("digest", "points", "seed", "runs", "kpis", "metrics", "environment", "today"):
        assert list_of(getattr(again, field)) == list_of(getattr(asked, field)), field
    for design, run in ((0, 0), (3, 2)):
        assert resolved(again.economy(design, run)) == resolved(asked.economy(design, run))


def list_of(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("engine", ["radcad", "ensemble"])
def test_replay_is_equal(engine: str, store: Path) -> None:
    code, out, err = call("replay", store, "--design", "2", "--run", "1", "--engine", engine)
    assert code == 0
    assert "burned" in out.lower()
    assert f"equal: {9 * 3 + 2} figures are those of the store" in err


def test_replay_names_the_first_day_and_metric_that_differ(
    store: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = replay.ENGINES["ensemble"]

    def other(*arguments: Any) -> np.ndarray:
        record = real(*arguments)
        record[0, 4:, plan.metrics.index("price_usd")] *= 1.5
        return record

    monkeypatch.setitem(replay.ENGINES, "ensemble", other)
    code, out, _ = call("replay", store, "--design", "2", "--run", "1", "--engine", "ensemble", "--json")
    found = json.loads(out)
    assert (code, found["equal"]) == (1, False)
    assert [(one["day"], one["metric"]) for one in found["differences"]] == [(4, "price_usd"), (None, "price")]


def test_wrong_questions_to_a_store(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for asked, says in {
        ("replay", store, "--design", "4", "--run", "0"): "--design: found 4; allowed: a whole number from 0 to 3",
        ("replay", store, "--design", "0", "--run", "-1"): "--run: found -1",
        ("replay", store, "--design", "0", "--run", "0", "--engine", "x"): "--engine: found 'x'",
        ("replay", tmp_path, "--design", "0", "--run", "0"): "no plan.json",
        ("retry", tmp_path): "no plan.json",
        ("status", tmp_path / "nowhere"): "no such folder",
        ("status", tmp_path): "no plan.json",
        ("retry", store, "--workers", "-1"): "--workers: found -1",
    }.items():
        code, out, err = call(*asked)
        assert (code, out) == (2, ""), asked
        assert says in err
    monkeypatch.setattr(plan_file, "code_version", lambda: "newer")
    monkeypatch.setattr("experiments.sweeps.run.code_version", lambda: "newer")
    assert "by other code" in call("retry", store)[2]
    monkeypatch.setattr("experiments.storage.version.code_version", lambda: "newer")
    assert "warning: the store was made by other code" in call("replay", store, "--design", "0", "--run", "0")[2]


def test_failures_are_shown_replayed_and_run_again(
    plan: Plan, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        small.failing(broken, lambda economy, run: run == 1 and economy.parameters.fees.burn_share == 0.25)
        folder = run_sweep(plan, tmp_path, 0)
        assert (code_of := call("retry", folder, "--workers", "0"))[0] == 1
        assert "2 had failed, 2 failed now" in code_of[1]
    told = load(folder).failures["traceback"][0]
    assert 'File "experiments/sweeps/chunk.py", line ' in told
    assert 'File "tests/experiments/small.py", line ' in told
    assert 'File "/' not in told
    code, out, err = call("status", folder, "--json")
    found = json.loads(out)
    assert (code, found["state"], found["failures"]) == (0, "finished", 2)
    assert [(one["design"], one["run"]) for one in found["failed"]] == [(0, 1), (2, 1)]
    assert "in the store it did: ArithmeticError" in call("replay", folder, "--design", "0", "--run", "1")[2]

    def fuse(*_: Any) -> np.ndarray:
        raise ArithmeticError("a burnt fuse")

    with monkeypatch.context() as broken:
        broken.setitem(replay.ENGINES, "radcad", fuse)
        code, _, err = call("replay", folder, "--design", "0", "--run", "1", "--debug")
        assert code == 1
        assert "as in the store: ArithmeticError: a burnt fuse" in err
        assert "in fuse" in err
    code, out, _ = call("retry", folder, "--workers", "0", "--json")
    assert (code, json.loads(out)["failed_now"]) == (0, 0)
    assert small.parts(folder) == small.parts(store)
    assert call("retry", folder)[1] == "0 had failed, 0 failed now\n"


def test_threads_that_share_an_open_file_do_not_move_each_other(tmp_path: Path) -> None:
    """As DuckDB's do, which seek and then read: what they read of one place would else be of another."""
    (tmp_path / "digits").write_bytes(b"0123456789")
    files = sql._Named(path=str(tmp_path), fs=fsspec.filesystem("file"))
    with contextlib.closing(files.open("digits", "rb")) as file, ThreadPoolExecutor(1) as other:
        file.seek(2)
        other.submit(file.seek, 7).result()
        assert (file.read(3), file.tell()) == (b"234", 5)
        assert other.submit(file.read, 2).result() == b"78"
        assert file.read() == b"56789"


def test_a_table_of_many_groups_is_sorted_by_all_threads(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    frame = pd.DataFrame({"key": np.random.default_rng(1).permutation(200_000), "value": np.arange(200_000.0)})
    write_parquet(frame, folder, "table.parquet", {}, rows=2_000)
    for _ in range(5):
        with sql.connected(folder, pieces=["table.parquet"]) as connection:
            found = connection.sql("SELECT * FROM pieces ORDER BY key").df()
        assert found["key"].tolist() == list(range(200_000))
        np.testing.assert_array_equal(found["value"], frame.sort_values("key")["value"])
