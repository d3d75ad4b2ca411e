"""What a finished store says of itself, and whether its files hold what it says.

The manifest is believed for its own digest, for its plan, whose settings it repeats, and for its parts: each has its
digest there, comes from the experiment, seed and code that it names, and has the rows that it asks for.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from experiments.errors import RequestError
from experiments.inputs.experiment import resolved
from experiments.inputs.plan import Plan, environment_frame
from experiments.storage.document import read_document
from experiments.storage.folder import Folder
from experiments.storage.parquet import read_batches, read_footer
from experiments.storage.version import code_version, package_versions
from experiments.sweeps.chunk import days_kept, trajectories_part
from experiments.sweeps.plan_file import NAME as PLAN
from experiments.sweeps.plan_file import read_plan_data
from model.metrics import METRICS
from model.parameters import flatten

MANIFEST = "manifest.json"
PER_RUN = ("thin", "full")
"""What is kept where every run's days are."""

REPEATED = (
    *("name", "title", "question", "hash", "overrides", "seed", "days"),
    *("keep", "engine", "code_version", "axes", "kpis", "goals"),
)
"""Keys that a manifest and its plan have alike."""


class _Counts(BaseModel):
    designs: int
    trajectories: int
    failures: int


class _Head(BaseModel):
    """What no manifest can do without."""

    hash: str
    code_version: str
    seed: int
    runs: int
    days: int
    keep: str
    metrics: dict[str, Any]
    counts: _Counts
    parts: dict[str, str]


def manifest(plan: Plan, parts: Mapping[str, str], failures: int) -> dict[str, Any]:
    """What a store says of itself."""
    return {
        "format": 1,
        "name": plan.name,
        "title": plan.title,
        "question": plan.question,
        "hash": plan.digest,
        "experiment": plan.text,
        "scenario": plan.base.name,
        "overrides": dict(plan.overrides),
        "seed": plan.seed,
        "runs": plan.runs,
        "days": plan.days,
        "keep": plan.keep,
        "engine": plan.engine,
        "code_version": code_version(),
        "packages": package_versions(),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "axes": [dict(axis) for axis in plan.axes],
        "kpis": [vars(kpi) for kpi in plan.kpis],
        "goals": dict(plan.goals),
        "environment": list(environment_frame(plan).columns[1:]),
        "metrics": {name: _labels(name) for name in plan.metrics},
        "parameters": flatten(plan.base.parameters),
        "mechanisms_off": [name for name, on in plan.base.mechanisms.items() if not on],
        "economy": resolved(plan.base),
        "counts": {
            "designs": len(plan.points),
            "trajectories": len(plan.points) * plan.runs - failures,
            "failures": failures,
        },
        "parts": dict(sorted(parts.items())),
    }


def _labels(name: str) -> dict[str, str]:
    metric = METRICS[name]
    return {"label": metric.label, "unit": metric.unit, "description": metric.doc}


def read_manifest(folder: Folder) -> dict[str, Any]:
    """The manifest of a finished store; RequestError where it is not as it was written."""
    try:
        found = read_document(folder, MANIFEST)
        _Head.model_validate(found, strict=True)
    except FileNotFoundError:
        raise RequestError(f"{folder}: no {MANIFEST}, so this is not the store of a finished sweep") from None
    except ValidationError as error:
        raise RequestError(_damaged(folder, "; ".join(str(error).splitlines()[1:3]))) from None
    except RequestError as error:
        raise RequestError(_damaged(folder, str(error))) from None
    return found


def _damaged(folder: Folder, why: str) -> str:
    return f"{folder / MANIFEST} is damaged ({why}); --fresh runs the sweep again"


def plan_fault(folder: Folder, found: Mapping[str, Any]) -> str:
    """In what a manifest and the plan of its store disagree, in words; empty where they do not."""
    if fault := folder.fault(PLAN, found["parts"].get(PLAN, "")):
        return fault
    plan = read_plan_data(folder)
    same = {key: (found.get(key), plan.get(key)) for key in REPEATED}
    same["experiment"] = (found.get("experiment"), plan["text"])
    same["metrics"] = (sorted(found.get("metrics", ())), sorted(plan["metrics"]))
    if other := [key for key, (ours, theirs) in same.items() if ours != theirs]:
        return f"has another {other[0]} than {MANIFEST}"
    counts, runs = found["counts"], (found.get("stopping") or plan).get("runs")
    if (counts["designs"], found["runs"]) != (len(plan["points"]), runs) or runs > plan["runs"]:
        return f"has other design points or runs than {MANIFEST}"
    return ""


def store_faults(folder: Folder, found: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the files of a finished store, by name, in words; none where all is well."""
    faults = {name: fault for name, digest in found["parts"].items() if (fault := folder.fault(name, digest))}
    if PLAN not in faults and (fault := plan_fault(folder, found)):
        faults[PLAN] = fault
    return faults or content_faults(folder, found)


def content_faults(folder: Folder, found: Mapping[str, Any]) -> dict[str, str]:
    """Files of a store that do not hold what its manifest says: each trajectory once, of its experiment and code."""
    trajectories = {trajectories_part(i): i for i in range(found["counts"]["designs"]) if found["keep"] in PER_RUN}
    tables = [f"{name}.parquet" for name in ("design", "environment", "kpis", "failures", "summary")]
    if lacking := [name for name in (*tables, *trajectories, PLAN) if name not in found["parts"]]:
        return dict.fromkeys(lacking, f"is not among the parts in {MANIFEST}")
    done, faults = _finished(folder, found)
    runs_done = done.sum(axis=1)
    days = found["days"] + 1 if found["keep"] != "kpis" else 0
    rows = {"design.parquet": found["counts"]["designs"], "environment.parquet": found["runs"]}
    rows["summary.parquet"] = int((runs_done > 0).sum()) * days * len(found["metrics"])
    kept = len(days_kept(found["keep"], found["days"]))
    rows |= {name: int(runs_done[design]) * kept for name, design in trajectories.items()}
    about = {"experiment": found["hash"], "code_version": found["code_version"], "seed": str(found["seed"])}
    for name in (name for name in found["parts"] if name.endswith(".parquet")):
        footer, schema = read_footer(folder, name)
        own = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
        if about.items() - own.items():
            faults[name] = "is of another experiment, seed or code"
        elif footer.num_rows != rows.get(name, footer.num_rows) and not faults:
            faults[name] = f"has {footer.num_rows:,} rows and not {rows[name]:,}"
    return faults


def _finished(folder: Folder, found: Mapping[str, Any]) -> tuple[NDArray[np.bool_], dict[str, str]]:
    """Which runs of each design point are finished, and what is wrong with the tables of a row a trajectory."""
    counts = found["counts"]
    shape = (counts["designs"], found["runs"])
    done, failed = (_tally(folder, f"{name}.parquet", shape) for name in ("kpis", "failures"))
    if done is None or failed is None or not (done ^ failed).all():
        return np.zeros(shape, bool), {"kpis.parquet": "and failures.parquet do not have every trajectory once"}
    if (done.sum(), failed.sum()) != (counts["trajectories"], counts["failures"]):
        return done, {"kpis.parquet": f"has other trajectories than {MANIFEST} counts"}
    moved = _tally(folder, "flows.parquet", shape) if "flows.parquet" in found["parts"] else done
    if moved is None or (moved != done).any():
        return done, {"flows.parquet": "has other trajectories than kpis.parquet"}
    return done, {}


def _tally(folder: Folder, name: str, shape: tuple[int, int]) -> NDArray[np.bool_] | None:
    """Whether a table has each design point and run; None where it has one twice or one that is not asked for."""
    found, rows = np.zeros(shape, dtype=bool), 0
    for batch in read_batches(folder, name, ["design", "run"]):
        keys = [column.to_numpy(zero_copy_only=False) for column in batch.columns]
        if any(((key < 0) | (key >= most)).any() for key, most in zip(keys, shape, strict=True)):
            return None
        found[tuple(keys)] = True
        rows += batch.num_rows
    return found if rows == found.sum() else None
