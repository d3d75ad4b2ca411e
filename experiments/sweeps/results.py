"""The store of a sweep: one folder of Parquet tables and a manifest that says where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from experiments.errors import RequestError
from experiments.storage.folder import Folder
from experiments.storage.sql import connected, parquet_source
from experiments.sweeps.finish import MANIFEST
from experiments.sweeps.plan_file import NAME as PLAN
from experiments.sweeps.progress import CHUNKS
from experiments.sweeps.run import read_manifest, wrong_parts

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
        with connected(self.place) as connection:
            tables = {name: [f"{name}.parquet"] for name in TABLES if f"{name}.parquet" in self.manifest["parts"]}
            for name, files in (tables | ({"trajectories": self._parts} if self._parts else {})).items():
                connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {parquet_source(self.place, files)}")
            try:
                return connection.sql(sql).df()
            except duckdb.Error as error:
                raise RequestError(f"the query cannot be answered: {str(error).splitlines()[0]}") from None

    def part(
        self, name: str, columns: Sequence[str] | None = None, rows: list[tuple[str, str, Any]] | None = None
    ) -> pd.DataFrame:
        """A file of the store as a table: some columns, and rows by a filter in pyarrow's form; all if left out.

        RequestError where it is missing, no Parquet, or without such a column.
        """
        try:
            with self.place.open(name) as file:
                wanted = None if columns is None else list(columns)
                return pq.read_table(file, columns=wanted, filters=rows).to_pandas()
        except FileNotFoundError:
            raise RequestError(f"{self.place}: {name} is missing, so this is not a complete store") from None
        except (OSError, ValueError, KeyError) as error:
            why = str(error).splitlines()[0]
            raise RequestError(f"{self.place}: {name} cannot be read as Parquet ({why})") from None

    def check(self, names: Sequence[str]) -> None:
        """Raise RequestError for the first of some parts that is missing or not as it was written."""
        for name in wrong_parts(self.place, {name: self.manifest["parts"].get(name, "") for name in names}):
            wrong = "does not match its checksum in manifest.json"
            if not self.place.exists(name):
                wrong = "is missing, so this is not a complete store"
            raise RequestError(f"{self.place}: {name} {wrong}")

    def verify(self) -> list[str]:
        """The parts that are missing or not as they were written, by their SHA-256; none where all is well."""
        return wrong_parts(self.place, self.manifest["parts"])

    @property
    def _parts(self) -> list[str]:
        return [name for name in self.manifest["parts"] if name.startswith("trajectories/")]

    def _table(self, name: str) -> pd.DataFrame:
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
