"""Parquet as the store uses it: zstd, BYTE_STREAM_SPLIT for floats, units and descriptions in the fields' metadata."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model.metrics import METRICS


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table whole or not at all: under another name first, then renamed."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.cast(pa.schema([_described(field) for field in table.schema]))
    floats = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    others = [field.name for field in table.schema if field.name not in floats]
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, partial, compression="zstd", use_dictionary=others, use_byte_stream_split=floats)
    partial.replace(path)


def _described(field: pa.Field) -> pa.Field:
    metric = METRICS.get(field.name)
    return field if metric is None else field.with_metadata({"unit": metric.unit, "description": metric.doc})
