"""Stores that the explorer may open, and views of them that read only what a figure needs, once.

A store can be opened when its manifest, design and KPIs are intact. Daily quantiles are read a metric at a time; the
checksums of all parts are verified in the background (`StoreView.check_parts`).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from dashboards.labels import Labels
from dashboards.source import QUANTILES, Store, load_head
from experiments.errors import RequestError, show, unknown
from experiments.inputs.plan import Plan
from experiments.storage.folder import Folder
from experiments.sweeps.finish import MANIFEST
from experiments.sweeps.plan_file import NAME as PLAN
from experiments.sweeps.plan_file import read_plan
from experiments.sweeps.progress import CHUNKS
from experiments.sweeps.results import Results, load
from experiments.sweeps.status import sweep_status
from experiments.words import counted

FIGURES = ["design", "day", "n", "mean", *QUANTILES]
"""Columns of a summary beside the metric, which is the same in all rows that are read."""

CHECK_AFTER_S = 2.0
"""Seconds until the parts of an opened store are verified: the first figures come first."""

HELD = 24
"""Metrics, and pairs of settings, that are cached for each store."""


class Library:
    """The stores of a folder, or the one that the folder is; nothing outside it is opened."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._opened: dict[str, tuple[float, StoreView]] = {}
        self._lock = threading.Lock()

    @property
    def names(self) -> list[str]:
        """Stores by name, finished or not, in order."""
        if is_store(self.root):
            return [self.root.name]
        return sorted(
            path.name for path in self.root.iterdir() if path.is_dir() and is_store(path) and self._inside(path)
        )

    def place(self, name: str) -> Path:
        """The folder of a store; RequestError where there is none of that name in the folder given at the start."""
        if name not in self.names:
            wrong = (
                f"found {show(name)}, which is no store in {self.root}"
                if {"/", "\\"} & set(name) or ".." in name
                else ""
            )
            raise RequestError(f"store: {wrong or unknown(name, 'store', self.names)}")
        return self.root if is_store(self.root) else self.root / name

    def open(self, name: str) -> StoreView:
        """A store, read once; again where its manifest was written anew. RequestError says what is wrong with it."""
        place = self.place(name)
        unfinished(place)
        stamp = (place / MANIFEST).stat().st_mtime
        with self._lock:
            if name not in self._opened or self._opened[name][0] != stamp:
                self._opened[name] = (stamp, StoreView(place))
                checking = threading.Timer(CHECK_AFTER_S, self._opened[name][1].check_parts)
                checking.daemon = True
                checking.start()
            return self._opened[name][1]

    def damage(self, name: str) -> tuple[list[str], bool]:
        """What is wrong with parts of a store (the first by default), and whether verification is still going on."""
        if name and name not in self._opened:
            return [], False
        opened = self._opened.get(name or next(iter(self.names), ""), (0.0, None))[1]
        if opened is None or opened.damage is None:
            return [], True
        return [f"{opened.name}: {part} {fault}" for part, fault in opened.damage.items()], False

    def _inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.root)


class StoreView:
    """A finished store: its manifest, design, KPIs and names, and a metric's days when they are asked for."""

    def __init__(self, place: Path) -> None:
        self.name = place.name
        self.head: Store = load_head(place)
        self.manifest, self.design, self.kpis = self.head.manifest, self.head.design, self.head.kpis
        self.results: Results = load(place)
        self.labels = Labels.of(self.manifest, self.design)
        self.damage: dict[str, str] | None = None
        self.days = lru_cache(maxsize=HELD)(self._days)
        self.trajectories = lru_cache(maxsize=HELD)(self._trajectories)

    @property
    def folder(self) -> Folder:
        """Where the store lies."""
        return self.results.place

    @property
    def designs(self) -> list[int]:
        """Design points by number."""
        return [int(d) for d in self.design["design"]]

    @property
    def reference(self) -> int:
        """Design point that settings are compared with: today's, or the first."""
        return self.labels.today if self.labels.today is not None else self.designs[0]

    @property
    def metrics(self) -> list[str]:
        """Metrics of which the store has daily quantiles."""
        return [] if self.manifest.get("keep") == "kpis" else list(self.manifest.get("metrics", {}))

    @cached_property
    def specs(self) -> dict[str, Mapping[str, Any]]:
        """KPI specifications of the manifest, by name."""
        return {str(kpi["name"]): kpi for kpi in self.manifest["kpis"]}

    @cached_property
    def plan(self) -> Plan:
        """The plan that the store was made by; RequestError where it has none or this code makes another of it."""
        return read_plan(self.folder)

    def with_setting(self, number: int, name: str, kpis: pd.DataFrame) -> StoreView:
        """The same store with the KPIs of one more setting, in memory only."""
        other = copy(self)
        other.kpis = pd.concat([self.kpis, kpis], ignore_index=True)
        names = self.labels
        other.labels = replace(names, short={**names.short, number: name}, long={**names.long, number: name})
        return other

    def _days(self, metric: str, *designs: int) -> pd.DataFrame:
        """Mean and quantiles of a metric by day at some design points; RequestError where there are none."""
        if metric not in self.metrics:
            kept = f" (keep: {self.manifest['keep']})" if not self.metrics else ""
            raise RequestError(f"{self.name}: no daily quantiles of {show(metric)}{kept}")
        rows = [("metric", "==", metric), ("design", "in", list(designs))]
        return self.results.part("summary.parquet", FIGURES, rows).assign(metric=metric)

    def _trajectories(self, metric: str, design: int) -> pd.DataFrame | None:
        """A metric of every run of a design point, one row a kept day, one column a run; None where none are kept."""
        part = f"trajectories/part-{design:05d}.parquet"
        if part not in self.manifest.get("parts", {}):
            return None
        table = self.results.part(part, ["run", "day", metric])
        return table.pivot(index="day", columns="run", values=metric)

    def check_parts(self) -> None:
        """Verify all parts: what is wrong with each into `damage`, which is None before."""
        self.damage = self.results.faults()


def is_store(path: Path) -> bool:
    """Whether a folder is a store, finished or not."""
    return any((path / name).exists() for name in (MANIFEST, PLAN, CHUNKS))


def unfinished(place: Path) -> None:
    """RequestError, with how far it is, where a store has no manifest yet."""
    if (place / MANIFEST).is_file():
        return
    try:
        found = sweep_status(Folder.at(place))
        far = f"{found.done:,} of {counted(found.total, 'trajectory', 'trajectories')}, {found.state}"
    except RequestError:
        far = "nothing is known of how far it is"
    raise RequestError(f"{place.name}: its sweep is unfinished ({far}); quiver-sim status {place} says more")
