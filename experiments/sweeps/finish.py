"""The end of a sweep: chunks merged into the store's tables, in an order that does not depend on the chunks.

Tables are sorted by DuckDB and written as they come, so memory does not grow with the number of trajectories. The
manifest is written last: with it a store is finished.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.errors import StoppedError
from experiments.inputs.plan import Plan, environment_frame
from experiments.storage.document import write_document
from experiments.storage.folder import Folder
from experiments.storage.parquet import ROWS, read_footer, write_parquet, write_stream
from experiments.storage.sql import connected
from experiments.sweeps.chunk import file_metadata, summary_frame
from experiments.sweeps.manifest import MANIFEST as MANIFEST
from experiments.sweeps.manifest import content_faults, manifest
from experiments.sweeps.merge_runs import SplitPoint, merge_runs
from experiments.sweeps.plan_file import NAME as PLAN
from experiments.sweeps.progress import CHUNKS, ChunkRecord
from experiments.sweeps.workers import Workers

ORDER = {"kpis": "design, run", "flows": "design, run", "failures": "design, run", "summary": "metric, design, day"}
"""How the rows of each table are sorted; a metric's are together, as they are read together."""


def finish(
    plan: Plan,
    folder: Folder,
    records: Sequence[ChunkRecord],
    workers: Workers,
    stopping: Mapping[str, Any] | None = None,
) -> None:
    """Merge the chunks into the store's tables, write the manifest, and drop the chunks.

    `stopping` is the record of the decision that there are enough runs.
    """
    parts = {name: sha for record in records for name, sha in record.parts.items()}
    for found in workers.each(merge_runs, split_points(plan, records), plan, folder):
        parts |= found
    tables = {
        f"{table}.parquet": write_table(plan, folder, table, _pieces(parts, table)) for table in ("kpis", "failures")
    }
    if moved := _pieces(parts, "flows"):
        tables["flows.parquet"] = write_table(plan, folder, "flows", moved)
    tables["summary.parquet"] = (
        write_parquet(
            summary_frame(plan.metrics, 0, 0, np.empty((0, 0, 0))), folder, "summary.parquet", file_metadata(plan)
        )
        if plan.keep == "kpis"
        else write_table(plan, folder, "summary", _pieces(parts, "summary"))
    )
    tables["design.parquet"] = write_parquet(design_frame(plan), folder, "design.parquet", file_metadata(plan))
    environment = environment_frame(plan)
    tables["environment.parquet"] = write_parquet(environment, folder, "environment.parquet", file_metadata(plan))
    kept = {name: sha for name, sha in parts.items() if not name.startswith(f"{CHUNKS}/")}
    failures = read_footer(folder, "failures.parquet")[0].num_rows
    written = manifest(plan, tables | kept | {PLAN: folder.sha256(PLAN)}, failures)
    written |= {"devices": sorted({record.device for record in records} - {""}), "stopping": stopping}
    for name, fault in content_faults(folder, written).items():
        raise StoppedError(f"{folder}: {name} {fault}, so the sweep is not finished; --fresh runs it again")
    write_document(folder, MANIFEST, dict(sorted(written.items())))
    folder.remove(CHUNKS)


def split_points(plan: Plan, records: Sequence[ChunkRecord]) -> list[SplitPoint]:
    """The design points whose runs are spread over chunks."""
    parts: dict[int, list[str]] = {}
    for record in sorted(records, key=lambda record: record.chunk.start):
        for part in record.pieces("daily"):
            for design in record.chunk.designs:
                parts.setdefault(design, []).append(part)
    return [SplitPoint(design, tuple(found)) for design, found in sorted(parts.items())]


def write_table(
    plan: Plan, folder: Folder, table: str, pieces: Sequence[str], where: str = "true", name: str = ""
) -> str:
    """Sort pieces into one table of the store, or the file `name`; its SHA-256."""
    schema = read_footer(folder, pieces[0])[1]
    runs = "" if table == "summary" else f" AND run < {plan.runs}"
    query = f"SELECT * FROM pieces WHERE {where}{runs} ORDER BY {ORDER[table]}"
    with connected(folder, pieces=pieces) as connection:
        batches = connection.sql(query).to_arrow_reader(ROWS)
        return write_stream(batches, schema, folder, name or f"{table}.parquet", file_metadata(plan))


def kpis_so_far(folder: Folder, records: Sequence[ChunkRecord], runs: int) -> pd.DataFrame:
    """The KPIs of the first runs of every design point, in order."""
    pieces = [piece for record in records for piece in record.pieces("kpis")]
    with connected(folder, pieces=pieces) as connection:
        return connection.sql(f"SELECT * FROM pieces WHERE run < {runs} ORDER BY design, run").df()


def _pieces(parts: Mapping[str, str], table: str) -> list[str]:
    return sorted(name for name in parts if name.endswith(f".{table}.parquet"))


def design_frame(plan: Plan) -> pd.DataFrame:
    """One row a design point: its number, its settings, and whether it is today's."""
    return pd.DataFrame([{"design": i, **point, "today": i == plan.today} for i, point in enumerate(plan.points)])
