"""DuckDB over a store's Parquet files: larger than memory where it must be, and the same order every time.

DuckDB would take a file's name for a pattern, and a folder `design=7` for a column of every row. So it is given no
names: it reads the files as pyarrow's dataset of them, which opens each by its name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow import fs

from experiments.errors import RequestError, StoppedError
from experiments.storage.folder import Folder
from experiments.storage.scratch import scratch

MEMORY = "1GB"
"""What a query may hold in memory; beyond that it uses the temporary folder."""


@contextlib.contextmanager
def connected(folder: Folder, **tables: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which each table is the rows of some Parquet files of a folder.

    What DuckDB cannot do ends in one sentence: StoppedError.
    """
    with scratch("quiver-spill") as spill, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = {text_literal(str(spill))}")
        try:
            for table, names in tables.items():
                connection.register(table, dataset(folder, names))
            yield connection
        except FileNotFoundError as error:
            raise RequestError(f"{folder}: {error.filename or error} is missing") from None
        except (duckdb.Error, pa.ArrowException) as error:
            raise StoppedError(f"{folder}: its tables could not be read ({str(error).splitlines()[0]})") from error


def dataset(folder: Folder, names: Sequence[str]) -> ds.Dataset:
    """Parquet files of a folder as one table, read where they lie; no column is made of the folders' names."""
    place = folder.absolute()
    system = fs.LocalFileSystem() if folder.local else fs.PyFileSystem(fs.FSSpecHandler(place.system))
    return ds.dataset([place.full(name) for name in names], format="parquet", filesystem=system, partitioning=None)


def text_literal(text: str) -> str:
    """Text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"
