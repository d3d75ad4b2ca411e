"""Workers on any machine: in a bare container, beside a user's packages of our names, on few cores; Ray stays in."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import experiments
from experiments.inputs.plan import Plan
from experiments.sweeps import local_ray, workers
from experiments.sweeps.run import run_sweep
from experiments.sweeps.workers import open_workers
from tests.experiments import small

ROOT = Path(experiments.__file__).parents[1]
OURS = ("model", "policies", "state_updates", "dashboards", "experiments")

DRIVER = """
import gc, json, os, sys
from pathlib import Path
from experiments import sweep
from experiments.sweeps import progress

progress.BATCH = 1
file, out = sys.argv[1:]
ports, said, begun = [], [], []

def family():
    found = {os.getpid()}
    while True:
        stats = [path.read_text() for path in Path("/proc").glob("[0-9]*/stat")]
        states = [(int(stat.split()[0]), *stat.rpartition(")")[2].split()[:2]) for stat in stats]
        more = {one for one, state, parent in states if int(parent) in found and state != "Z"} - found
        if not more:
            return found
        found |= more

def listening():
    tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    lines = [line.split() for table in tables for line in table]
    sockets = {f"socket:[{line[9]}]": line[1] for line in lines if line[3] == "0A"}
    handles = [handle for one in family() for handle in Path(f"/proc/{one}/fd").iterdir()]
    held = {os.readlink(handle) for handle in handles if handle.is_symlink()}
    return sorted(sockets[name].rpartition(":")[0] for name in held & set(sockets))

def look(done, total):
    if not done:
        ports.extend(listening())
    if done:
        begun.append(done)
        raise KeyboardInterrupt

try:
    sweep(file, out=out, workers=2, engine="ensemble", progress=look, tell=said.append)
except KeyboardInterrupt:
    pass
gc.collect()
import ray
left = sorted(family() - {os.getpid()})
print(json.dumps([ray.is_initialized(), left, ports, begun, said, sorted(os.environ)]))
"""
"""A user's script: a sweep that is interrupted with tasks in flight, and what there is of Ray before and after."""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return small.plan(tmp_path_factory.mktemp("plan"))


@pytest.fixture(scope="module")
def whole(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return small.parts(run_sweep(plan, tmp_path_factory.mktemp("whole"), 0))


def user_folder(place: Path, names: tuple[str, ...] = OURS) -> Path:
    """A folder in which somebody has packages of our names."""
    for name in names:
        (place / name).mkdir(parents=True)
        (place / name / "__init__.py").write_text(f"raise RuntimeError('the {name} of a user')\n", encoding="utf-8")
    return place


def python(*given: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python with next to no environment."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | environment
    words = [sys.executable, *map(str, given)]
    return subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_ray_in_a_bare_container_stays_inside_and_away(plan: Plan, whole: dict[str, str], tmp_path: Path) -> None:
    """No home, a TMPDIR that is too long for sockets, packages of our names where it is started, an interruption."""
    script = tmp_path / "bin" / "script.py"
    script.parent.mkdir()
    script.write_text(DRIVER, encoding="utf-8")
    long = tmp_path / ("x" * 60) / ("y" * 60)
    long.mkdir(parents=True)
    file = small.write(tmp_path)
    ran = python(
        script, file, tmp_path / "out", cwd=user_folder(tmp_path / "user"), HOME="/proc/nowhere", TMPDIR=str(long)
    )
    assert ran.returncode == 0, ran.stderr
    initialized, left, ports, begun, said, environment = json.loads(ran.stdout)
    assert said == []
    assert begun
    assert len(ports) > 3
    assert set(ports) <= {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
    assert (initialized, left) == (False, [])
    assert [name for name in environment if name.startswith("RAY_AUTH")] == []
    assert small.parts(run_sweep(plan, tmp_path / "out", 0)) == whole


def test_where_ray_does_not_start_this_process_does_the_work(
    plan: Plan, whole: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def refused(count: int, _stack: object) -> None:
        tried.append(count)
        raise OSError("The current node timed out during startup.\nIt was slow.")

    monkeypatch.setattr(local_ray, "_start", refused)
    monkeypatch.setattr(workers, "_refused", [])
    told: list[str] = []
    store = run_sweep(plan, tmp_path, 2, tell=told.append)
    assert told == ["Ray did not start in 0 s (The current node timed out during startup.): running in this process"]
    assert small.parts(store) == whole
    with open_workers(2, None, told.append) as those:
        assert those.count == 0
    assert (tried, len(told)) == ([2], 1)


def test_ray_is_not_started_in_a_small_address_space(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would abort this process."""
    monkeypatch.setattr("resource.getrlimit", lambda what: (2**31, 2**31))
    with pytest.raises(local_ray.NoRayError, match=r"its address space may have 2\.1 GB"), local_ray.local_ray(1):
        pass


def test_what_is_left_of_a_ray_that_did_not_start_is_ended(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    print_and_wait = "print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", print_and_wait, f"--log_dir={tmp_path}/logs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as left:
        assert left.stdout is not None
        left.stdout.readline()
        local_ray._end_all(str(tmp_path))
        assert left.wait(timeout=30) == -signal.SIGKILL


def test_sockets_have_a_folder_with_a_short_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's folder for temporary files if it is short enough; another otherwise, and none is left."""
    long = tmp_path / ("x" * 60)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with local_ray.short_folder() as found:
        assert found.parent != long
        assert len(os.fsencode(found / local_ray.LONGEST)) <= 107
        assert not list(found.iterdir())
    assert not found.exists()
    assert not list(long.iterdir())


def test_no_folder_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_ray, "_holds_sockets", lambda folder: False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match="TMPDIR may name one"), local_ray.short_folder():
        pass
    assert list(tmp_path.iterdir()) == []


def test_shared_memory_that_is_read_only_or_small_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda place, how: False)
    assert local_ray._shared_memory(tmp_path) == str(tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr(local_ray, "SHARED_BYTES", 2**62)
    assert local_ray._shared_memory(tmp_path) == str(tmp_path)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity here")
def test_cores_are_those_of_the_affinity() -> None:
    mine = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, [min(mine)])
        assert workers.cores() == 1
    finally:
        os.sched_setaffinity(0, mine)
    assert 1 <= workers.cores() <= len(mine)


@pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0,
    reason="no namespaces of one's own here",
)
@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "150000 100000"}, 2),
        ({"cpu.max": "20000 100000"}, 1),
        ({"cpu.max": "max 100000"}, os.cpu_count()),
        ({"cpu/cpu.cfs_quota_us": "50000", "cpu/cpu.cfs_period_us": "100000"}, 1),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, os.cpu_count()),
    ],
)
def test_cores_are_those_of_the_control_group(files: dict[str, str], cores: int, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text + "\n")
    command = "from experiments.sweeps.workers import cores; print(cores())"
    shell = f'mount --bind {tmp_path} /sys/fs/cgroup && exec "{sys.executable}" -c "{command}"'
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(["unshare", "-rm", "sh", "-c", shell], env=env, capture_output=True, text=True, check=True)
    allowed = len(os.sched_getaffinity(0))
    assert int(ran.stdout) == min(cores, allowed)


def test_a_script_beside_packages_of_our_names_uses_ours(tmp_path: Path) -> None:
    folder = user_folder(tmp_path / "user", OURS[:-1])
    (folder / "mine.py").write_text("from experiments import simulate\nprint(len(simulate('whitepaper', days=2)))\n")
    ran = python("mine.py", cwd=folder)
    assert (ran.returncode, ran.stdout) == (0, "3\n"), ran.stderr
    assert f"in this process, model is {ROOT / 'model'} of QUIVer's simulator and not {folder}/model" in ran.stderr


def test_a_script_that_has_imported_its_own_is_told_so(tmp_path: Path) -> None:
    own = tmp_path / "model.py"
    own.write_text("")
    ran = python("-c", "import model, experiments", cwd=tmp_path)
    assert ran.returncode == 1
    assert f"needs its own model ({ROOT / 'model'}), and this process has imported another ({own})" in ran.stderr


def test_the_module_is_the_command(tmp_path: Path) -> None:
    """`python -m experiments.cli` does not look into the folder where it is started, as `quiver-sim` does not."""
    ran = python("-m", "experiments.cli", "run", "whitepaper", "--days", 2, cwd=user_folder(tmp_path, OURS[:-1]))
    assert ran.returncode == 0, ran.stderr
    assert "UserWarning" not in ran.stderr


HOMELESS = """
import pwd
pwd.getpwuid = {}.__getitem__
from experiments import simulate
from experiments.engines.device import programs
frames = [simulate("whitepaper", days=2, engine=engine) for engine in ("ensemble", "radcad", "cadcad")]
assert all(frame.equals(frames[0]) for frame in frames)
print(programs())
"""


def test_no_engine_needs_a_home() -> None:
    """Neither a home, nor a folder for temporary files, nor one that can be written to where it is started."""
    ran = python("-c", HOMELESS, cwd=Path("/proc"), TMPDIR="/proc/nowhere")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "None\n", "")
