"""Parquet as the store uses it: zstd, BYTE_STREAM_SPLIT for floats, units and descriptions in the fields' metadata.

The same rows give the same bytes however they arrive: they are cut into row groups of a fixed number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.errors import RequestError, StoppedError, first_line
from experiments.storage.folder import Folder, reason
from model.flows import LEDGER
from model.metrics import METRICS

ROWS = 65_536
"""Rows of a group: small enough to read one metric of one design point without the rest, large enough to compress."""


def write_parquet(frame: pd.DataFrame, folder: Folder, name: str, about: Mapping[str, str], rows: int = ROWS) -> str:
    """Write a table; its SHA-256. `about` goes into the file's metadata."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return write_stream(table.to_batches(), table.schema, folder, name, about, rows)


def write_stream(
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
    folder: Folder,
    name: str,
    about: Mapping[str, str],
    rows: int = ROWS,
) -> str:
    """Write a table of which only a few batches are in memory at a time; its SHA-256."""
    schema = pa.schema([_described(field) for field in schema], metadata=dict(about))
    floats = [field.name for field in schema if pa.types.is_floating(field.type)]
    others = [field.name for field in schema if field.name not in floats]
    with (
        folder.create(name) as file,
        pq.ParquetWriter(
            file, schema, compression="zstd", use_dictionary=others, use_byte_stream_split=floats
        ) as writer,
    ):
        for group in _grouped(batches, schema, rows):
            writer.write_table(group, row_group_size=rows)
    return file.digest()


def read_table(
    folder: Folder, name: str, columns: Sequence[str] | None = None, rows: list[tuple[str, str, Any]] | None = None
) -> pd.DataFrame:
    """A Parquet file as a table: some columns, and rows by a filter in pyarrow's form; all if left out.

    RequestError where it is missing, no Parquet, or without such a column.
    """
    with _readable(folder, name), folder.open(name) as file:
        return pq.read_table(file, columns=None if columns is None else list(columns), filters=rows).to_pandas()


def read_footer(folder: Folder, name: str) -> tuple[pq.FileMetaData, pa.Schema]:
    """What a Parquet file says of its rows and columns; RequestError as `read_table`."""
    with _readable(folder, name), folder.open(name) as file, pq.ParquetFile(file) as found:
        return found.metadata, found.schema_arrow


def read_batches(folder: Folder, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Some columns of a Parquet file, piece by piece; RequestError as `read_table`."""
    with _readable(folder, name), folder.open(name) as file, pq.ParquetFile(file) as found:
        yield from found.iter_batches(ROWS, columns=list(columns))


@contextmanager
def _readable(folder: Folder, name: str) -> Iterator[None]:
    """Turn what pyarrow says of a file into a sentence. Its own errors have no number, those of the system have."""
    try:
        yield
    except FileNotFoundError:
        raise RequestError(f"{folder}: {name} is missing, so this is not a complete store") from None
    except RequestError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, OSError) and error.errno:
            raise StoppedError(f"{folder / name} could not be read: {reason(error)}") from error
        why = first_line(error)
        raise RequestError(f"{folder}: {name} cannot be read as Parquet ({why})") from None


def _grouped(batches: Iterable[pa.RecordBatch], schema: pa.Schema, rows: int) -> Iterable[pa.Table]:
    """The same rows in tables of exactly `rows`, but for the last."""
    held: list[pa.Table] = []
    count = 0
    for batch in batches:
        held.append(pa.Table.from_batches([batch]).cast(schema))
        count += batch.num_rows
        if count >= rows:
            whole = pa.concat_tables(held)
            for start in range(0, count - count % rows, rows):
                yield whole.slice(start, rows).combine_chunks().unify_dictionaries()
            held, count = [whole.slice(count - count % rows)], count % rows
    if count:
        yield pa.concat_tables(held).combine_chunks().unify_dictionaries()


def _described(field: pa.Field) -> pa.Field:
    if (metric := METRICS.get(field.name)) is not None:
        return field.with_metadata({"unit": metric.unit, "description": metric.doc})
    flow = LEDGER.flows.get(field.name)
    return field if flow is None else field.with_metadata({"unit": "QUIV", "description": flow.doc})
