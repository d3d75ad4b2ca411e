"""The store of a sweep: one folder of Parquet tables and a manifest that says where they come from."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.dataset as ds

from experiments.errors import RequestError
from experiments.experiment import resolved
from experiments.parquet import write_parquet
from experiments.plan import Plan, environment_frame
from experiments.stopping import Decision
from experiments.text_files import write_text
from experiments.version import code_version, package_versions
from model.metrics import METRICS
from model.parameters import flatten

TABLES = ("kpis", "summary", "failures")


def finish(plan: Plan, folder: Path, decision: Decision | None = None) -> None:
    """Gather the chunks into the store's tables, write the manifest last, and drop the chunks."""
    for table in TABLES:
        parts = [pd.read_parquet(folder / "chunks" / f"{i:05d}.{table}.parquet") for i in range(len(plan.points))]
        write_parquet(_gathered(parts), folder / f"{table}.parquet")
    write_parquet(_design(plan), folder / "design.parquet")
    write_parquet(environment_frame(plan), folder / "environment.parquet")
    stopped = None if decision is None else decision.record()
    manifest = json.dumps(_manifest(plan, folder) | {"stopping": stopped}, indent=2, sort_keys=True, ensure_ascii=False)
    write_text(folder / "manifest.json", manifest + "\n")
    shutil.rmtree(folder / "chunks")


def _gathered(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def _design(plan: Plan) -> pd.DataFrame:
    rows = [{"design": i, **point, "today": i == plan.today} for i, point in enumerate(plan.points)]
    return pd.DataFrame(rows)


def _manifest(plan: Plan, folder: Path) -> dict[str, Any]:
    parts = sorted(path for path in folder.rglob("*.parquet") if "chunks" not in path.relative_to(folder).parts)
    failures = len(pd.read_parquet(folder / "failures.parquet"))
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
        "parts": {path.relative_to(folder).as_posix(): _sha256(path) for path in parts},
    }


def _labels(name: str) -> dict[str, str]:
    metric = METRICS[name]
    return {"label": metric.label, "unit": metric.unit, "description": metric.doc}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Results:
    """A finished sweep: frames `.design`, `.kpis`, `.summary` and `.failures`, `.manifest`, `.trajectories(...)`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        inside = sorted(path.parent.name for path in folder.glob("*/manifest.json"))
        if not (folder / "manifest.json").is_file():
            begun = " (a sweep was begun there and is not finished)" if (folder / "chunks").is_dir() else ""
            begun += f"; it holds {', '.join(inside)}" if inside else ""
            raise RequestError(f"{folder}: no manifest.json, so this is not the store of a finished sweep{begun}")
        self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    def __repr__(self) -> str:
        counts = self.manifest["counts"]
        return f"<Results {self.folder}: {counts['designs']} design points, {counts['trajectories']} trajectories>"

    @property
    def design(self) -> pd.DataFrame:
        """One row a design point: `design`, a column for each axis, `today`."""
        return pd.read_parquet(self.folder / "design.parquet")

    @property
    def environment(self) -> pd.DataFrame:
        """One row a run: `run`, a column for each uncertain parameter."""
        return pd.read_parquet(self.folder / "environment.parquet")

    @property
    def kpis(self) -> pd.DataFrame:
        """One row a trajectory: `design`, `run`, a column for each KPI."""
        return pd.read_parquet(self.folder / "kpis.parquet")

    @property
    def summary(self) -> pd.DataFrame:
        """One row a design point, day and metric: `n`, `mean` and quantiles over runs."""
        return pd.read_parquet(self.folder / "summary.parquet")

    @property
    def failures(self) -> pd.DataFrame:
        """One row a failed trajectory: its seed, parameters, error and traceback."""
        return pd.read_parquet(self.folder / "failures.parquet")

    def trajectories(self, metrics: Sequence[str] | None = None, design: int | None = None) -> pd.DataFrame:
        """Kept days of every run, indexed by design, run and day; only the named metrics, or one design point."""
        parts = self.folder / "trajectories"
        if not parts.is_dir():
            raise RequestError(f"{self.folder} keeps no trajectories (keep: {self.manifest['keep']})")
        unknown = [name for name in metrics or () if name not in self.manifest["metrics"]]
        if unknown:
            raise RequestError(
                f"{self.folder} has no metric {unknown[0]!r}; it has {', '.join(self.manifest['metrics'])}"
            )
        if design is not None and not 0 <= design < self.manifest["counts"]["designs"]:
            raise RequestError(
                f"{self.folder} has design points 0 to {self.manifest['counts']['designs'] - 1}, not {design}"
            )
        wanted = None if metrics is None else ["design", "run", "day", *metrics]
        chosen = None if design is None else ds.field("design") == design
        frame = ds.dataset(parts, format="parquet").to_table(columns=wanted, filter=chosen).to_pandas()
        return frame.set_index(["design", "run", "day"]).sort_index()


def load(folder: str | Path) -> Results:
    """Open the store of a finished sweep. Raises RequestError where there is none."""
    return Results(Path(folder))
