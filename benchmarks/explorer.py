"""How soon the explorer shows a figure of a large store: `python -m benchmarks.explorer [FOLDER]`.

A store of 400 settings, 25 runs each (10,000 trajectories), 365 days and 40 metrics is made of plain random walks in
FOLDER (a temporary one if left out), laid out as a sweep writes it. Then, with an empty cache each time,

- server: the callback's work from an address to the figures' JSON, for the first figure and for another metric;
- browser: from a choice to the figure on the screen, in the system's Chromium without a window.

Medians and the slowest of several, in milliseconds.
"""

from __future__ import annotations

import itertools
import json
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from playwright.sync_api import Page, sync_playwright

from dashboards.explorer.app import LOOPBACK, explorer
from dashboards.explorer.data import Library
from dashboards.explorer.jobs import Desk
from dashboards.explorer.page import render
from dashboards.explorer.parts import PART
from dashboards.explorer.serve import address, listen
from dashboards.explorer.state import PARTS
from dashboards.explorer.update import update
from experiments.inputs.plan import Plan
from experiments.storage.document import write_document
from experiments.storage.folder import Folder
from experiments.storage.parquet import write_parquet, write_stream
from experiments.sweeps.manifest import MANIFEST, REPEATED
from experiments.sweeps.plan_file import NAME as PLAN

SHARES, DAYS_OUT = np.linspace(0.05, 0.95, 20), np.arange(2, 42, 2)
RUNS, DAYS, METRICS, REPEATS = 25, 365, 40, 9
LEVELS = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
NAME = "large"


def write(folder: Path) -> None:
    """A store of random walks: the summary is sorted by metric, design point and day, as a sweep's is."""
    place = Folder.at(folder / NAME)
    points = [(float(share), int(days)) for share in SHARES for days in DAYS_OUT]
    design = pd.DataFrame(points, columns=["fees.burn_share", "staking.unbonding_days"])
    design.insert(0, "design", np.arange(len(points), dtype=np.int32))
    design["today"] = design["design"] == 210
    rng = np.random.default_rng(1)
    names = [f"metric_{i}" for i in range(METRICS)]

    def batches() -> Iterator[pa.RecordBatch]:
        for name in names:
            steps = rng.normal(0.0, 0.02, size=(RUNS, len(points), DAYS + 1)).cumsum(axis=-1)
            walks = np.exp(np.sort(steps, axis=0)).reshape(RUNS, -1)
            quantiles = {key: np.quantile(walks, level, axis=0) for key, level in LEVELS.items()}
            head = {
                "design": np.repeat(design["design"].to_numpy(), DAYS + 1),
                "day": np.tile(np.arange(DAYS + 1, dtype=np.int32), len(points)),
                "metric": np.full(walks.shape[1], name),
                "n": np.full(walks.shape[1], RUNS, dtype=np.int32),
                "mean": walks.mean(axis=0),
            }
            yield pa.RecordBatch.from_pandas(pd.DataFrame(head | quantiles), preserve_index=False)

    found = batches()
    first = next(found)
    rows = itertools.chain([first], found)
    parts = {"summary.parquet": write_stream(rows, first.schema, place, "summary.parquet", {})}
    kpis = pd.DataFrame({"design": np.repeat(design["design"], RUNS), "run": np.tile(np.arange(RUNS), len(points))})
    for i in range(6):
        kpis[f"kpi_{i}"] = rng.normal(design["fees.burn_share"][kpis["design"]], 0.1)
    tables = {"design": design, "kpis": kpis, "failures": pd.DataFrame({"design": [], "run": [], "error": []})}
    for name, table in tables.items():
        parts[f"{name}.parquet"] = write_parquet(table, place, f"{name}.parquet", {})
    axes = [{"key": "fees.burn_share", "unit": "share"}, {"key": "staking.unbonding_days", "unit": "days"}]
    kpi = {"unit": "", "metric": "metric_0", "aggregation": "last", "direction": "up", "description": ""}
    manifest = {
        **{
            "format": 1,
            "title": "Large",
            "question": "",
            "hash": "0",
            "code_version": "0",
            "seed": 1,
            "runs": RUNS,
            "days": DAYS,
        },
        **{"axes": axes, "kpis": [kpi | {"name": f"kpi_{i}", "label": f"KPI {i}"} for i in range(6)]},
        **{"metrics": {name: {"label": name, "unit": "", "description": ""} for name in names}},
        **{"counts": {"designs": len(points), "trajectories": len(kpis), "failures": 0}, "keep": "summary"},
    }
    plan = dict.fromkeys(field.name for field in fields(Plan)) | {key: manifest.get(key) for key in REPEATED}
    own = {"runs": RUNS, "metrics": names, "points": [{}] * len(points), "text": None, "base": {}, "economies": ""}
    write_document(place, PLAN, plan | own)
    write_document(place, MANIFEST, manifest | {"parts": parts | {PLAN: place.sha256(PLAN)}})


def server_side(folder: Path) -> dict[str, list[float]]:
    """Milliseconds from an address to the JSON of its figures: a store just met, then one metric after another."""

    def figures(library: Library, query: str, parts: tuple[str, ...]) -> None:
        found = update(query, [], library)
        assert found.store is not None
        for part in parts:
            for element in PART[part](found.store, found.choice):
                json.dumps(render(element, False).to_plotly_json(), default=lambda one: one.to_plotly_json())

    first = [_timed(lambda i=i: figures(Library(folder), f"?metric=metric_{i}", PARTS["time"])) for i in range(REPEATS)]
    library = Library(folder)
    figures(library, "", PARTS["time"])
    other = [_timed(lambda i=i: figures(library, f"?metric=metric_{i + 1}", ("fan",))) for i in range(REPEATS)]
    return {"server, first figures": first, "server, another metric": other}


def in_browser(folder: Path) -> dict[str, list[float]]:
    """Milliseconds until a figure is drawn: from opening the page, and from choosing another metric."""
    desk = Desk()
    server = listen(explorer(folder, desk).server, LOOPBACK, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    where, chromium = address(server, LOOPBACK), shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        first = [_timed(lambda i=i: _open(page, f"{where}?metric=metric_{i}")) for i in range(REPEATS)]
        other = [_timed(lambda i=i: _choose(page, f"metric_{i}")) for i in range(REPEATS, 2 * REPEATS)]
        browser.close()
    server.shutdown()
    desk.close()
    return {"browser, page to first figure": first, "browser, another metric": other}


def _open(page: Page, where: str) -> None:
    page.goto(where)
    page.wait_for_selector("#fan .main-svg .scatterlayer .js-line")


def _choose(page: Page, metric: str) -> None:
    """Choose a metric and wait until the figure's own axis says so."""
    page.select_option("#metric-list", metric)
    page.wait_for_function(f"document.querySelector('#fan .ytitle')?.textContent.startsWith('{metric}')", polling=10)


def _timed(what: Callable[[], None]) -> float:
    start = time.perf_counter()
    what()
    return 1000.0 * (time.perf_counter() - start)


def main() -> None:
    """Make the store unless it is there, measure, print."""
    with tempfile.TemporaryDirectory() as spare:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(spare)
        if not (folder / NAME / MANIFEST).is_file():
            write(folder)
        size = (folder / NAME / "summary.parquet").stat().st_size / 1e6
        print(f"{len(SHARES) * len(DAYS_OUT) * RUNS:,} trajectories, {DAYS} days, {METRICS} metrics: {size:.0f} MB")
        for name, found in (server_side(folder) | in_browser(folder)).items():
            print(f"{name}: median {statistics.median(found):.0f} ms, slowest {max(found):.0f} ms of {len(found)}")


if __name__ == "__main__":
    main()
