"""The store of a sweep: one folder of Parquet tables and a manifest that says where they come from.

Whole tables and trajectories are read if they are as the manifest says; `fan`, `query` and `part` read what is there,
so that a look at a large store takes no time to verify it. `verify` looks at everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from experiments.errors import RequestError, first_line
from experiments.storage.folder import Folder
from experiments.storage.parquet import read_table
from experiments.storage.sql import connected
from experiments.sweeps.manifest import MANIFEST, plan_fault, read_manifest, store_faults
from experiments.sweeps.plan_file import NAME as PLAN
from experiments.sweeps.progress import CHUNKS

FORMAT = 1
TABLES = ("design", "kpis", "flows", "summary", "failures", "environment")


class Results:
    """A finished sweep: frames `.design`, `.kpis`, `.flows`, `.summary`, `.failures` and `.environment`, `.manifest`,
    `.trajectories(...)`, `.fan(...)`, `.query(sql)` and `.verify()`.
    """

    def __init__(self, address: Path | str) -> None:
        self.place = Folder.at(address)
        self.folder = self.place.place
        if not self.place.exists(MANIFEST):
            begun = self.place.exists(PLAN) or self.place.exists(CHUNKS)
            hint = " (a sweep was begun there and is not finished)" if begun else _inside(self.place)
            raise RequestError(f"{self.place}: no {MANIFEST}, so this is not the store of a finished sweep{hint}")
        self.manifest: dict[str, Any] = read_manifest(self.place)
        self._sound: set[str] = set()
        found = self.manifest.get("format", FORMAT)
        if found != FORMAT:
            raise RequestError(f"{self.place}: the store has format {found!r}, and this version reads {FORMAT} only")

    def __repr__(self) -> str:
        counts = self.manifest["counts"]
        return f"<Results {self.place}: {counts['designs']} design points, {counts['trajectories']} trajectories>"

    @property
    def design(self) -> pd.DataFrame:
        """One row a design point: `design`, a column for each axis, `today`."""
        return self._table("design")

    @property
    def kpis(self) -> pd.DataFrame:
        """One row a trajectory: `design`, `run`, a column for each KPI."""
        return self._table("kpis")

    @property
    def summary(self) -> pd.DataFrame:
        """One row a metric, design point and day: `n`, `mean` and quantiles over runs."""
        return self._table("summary")

    @property
    def flows(self) -> pd.DataFrame:
        """One row a trajectory: `design`, `run`, a column for each flow of the ledger with what it moved, QUIV.

        RequestError where the store has none, as one of a single run has not.
        """
        if "flows.parquet" not in self.manifest["parts"]:
            raise RequestError(f"{self.place} keeps no flows; a sweep does")
        return self._table("flows")

    @property
    def failures(self) -> pd.DataFrame:
        """One row a failed trajectory: its seed, parameters, error and traceback."""
        return self._table("failures")

    @property
    def environment(self) -> pd.DataFrame:
        """One row a run: `run`, a column for each uncertain parameter; RequestError where the store has none."""
        return self._table("environment")

    def trajectories(self, metrics: Sequence[str] | None = None, design: int | None = None) -> pd.DataFrame:
        """Kept days of every run, indexed by design, run and day; only the named metrics, or one design point."""
        if not self._parts:
            raise RequestError(f"{self.place} keeps no trajectories (keep: {self.manifest['keep']})")
        for name in metrics or ():
            self._check_metric(name)
        self._check_design(design)
        parts = self._parts if design is None else [name for name in self._parts if _design_of(name) == design]
        wanted = None if metrics is None else ["design", "run", "day", *metrics]
        self.check(parts)
        frames = [self.part(name, wanted) for name in parts]
        return pd.concat(frames, ignore_index=True).set_index(["design", "run", "day"]).sort_index()

    def fan(self, metric: str, design: int) -> pd.DataFrame:
        """Mean and quantiles over runs of a metric at a design point, indexed by day."""
        self._check_metric(metric)
        self._check_design(design)
        if self.manifest["keep"] == "kpis":
            raise RequestError(f"{self.place} keeps no daily quantiles (keep: kpis)")
        frame = self.part("summary.parquet", None, [("metric", "==", metric), ("design", "==", design)])
        return frame.drop(columns=["metric", "design"]).set_index("day").sort_index()

    def query(self, sql: str) -> pd.DataFrame:
        """The answer to a query in DuckDB's SQL over `design`, `kpis`, `summary`, `failures`, `environment` and, if
        they are kept, `flows` and `trajectories`.
        """
        tables = {name: [f"{name}.parquet"] for name in TABLES if f"{name}.parquet" in self.manifest["parts"]}
        with connected(self.place, **tables | ({"trajectories": self._parts} if self._parts else {})) as connection:
            try:
                return connection.sql(sql).df()
            except duckdb.Error as error:
                raise RequestError(f"the query cannot be answered: {first_line(error)}") from None

    def part(
        self, name: str, columns: Sequence[str] | None = None, rows: list[tuple[str, str, Any]] | None = None
    ) -> pd.DataFrame:
        """A file of the store as a table: some columns, and rows by a filter in pyarrow's form; all if left out.

        RequestError where it is missing, no Parquet, or without such a column.
        """
        return read_table(self.place, name, columns, rows)

    def check(self, names: Sequence[str] = ()) -> None:
        """RequestError where the plan, or one of some parts, is not what the manifest says; each is looked at once."""
        for name in dict.fromkeys((PLAN, *names)):
            if name in self._sound:
                continue
            own = self.manifest["parts"].get(name, "")
            if fault := plan_fault(self.place, self.manifest) if name == PLAN else self.place.fault(name, own):
                wrong = {"is missing": "is missing, so this is not a complete store"}.get(fault, fault)
                raise RequestError(f"{self.place}: {name} {wrong}; the same quiver-sim sweep makes it again")
            self._sound.add(name)

    def verify(self) -> list[str]:
        """The files that are missing, not as they were written, or without the rows that the manifest says; none where
        all is well. `faults` says what is wrong with each.
        """
        return list(self.faults())

    def faults(self) -> dict[str, str]:
        """What is wrong with each file that `verify` names, in words."""
        return store_faults(self.place, self.manifest)

    @property
    def _parts(self) -> list[str]:
        return [name for name in self.manifest["parts"] if name.startswith("trajectories/")]

    def _table(self, name: str) -> pd.DataFrame:
        self.check([f"{name}.parquet"])
        return self.part(f"{name}.parquet")

    def _check_metric(self, name: str) -> None:
        if name not in self.manifest["metrics"]:
            raise RequestError(f"{self.place} has no metric {name!r}; it has {', '.join(self.manifest['metrics'])}")

    def _check_design(self, design: int | None) -> None:
        last = self.manifest["counts"]["designs"] - 1
        if design is not None and not 0 <= design <= last:
            raise RequestError(f"{self.place} has design points 0 to {last}, not {design}")


def _design_of(part: str) -> int:
    return int(part.rpartition("-")[2].partition(".")[0])


def _inside(place: Folder) -> str:
    """Which stores lie in a folder, in words."""
    inside = [name.split("/")[0] for name in place.names() if name.endswith(f"/{MANIFEST}") and name.count("/") == 1]
    return f"; it holds {', '.join(inside)}" if inside else ""


def load(folder: str | Path) -> Results:
    """Open the store of a finished sweep. Raises RequestError where there is none."""
    return Results(folder)
