"""DuckDB over a store's Parquet files: larger than memory where it must be, and the same order every time.

DuckDB would take a path for a pattern, and a folder `design=7` for a column of every row. So it sees none: it reads
the files of one folder by their names in it, through a file system of ours that opens each as it is named. Its threads
share an open file and each seeks before it reads, so each has a place of its own in it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from fsspec.implementations.dirfs import DirFileSystem

from experiments.errors import RequestError, StoppedError, first_line
from experiments.storage.folder import Folder
from experiments.storage.scratch import scratch

MEMORY = "1GB"
"""What a query may hold in memory; beyond that it uses the temporary folder."""


class _Placed:
    """An open file to read from, in which every thread is at a place of its own."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.lock = threading.Lock()
        self.places: dict[int, int] = {}

    def seek(self, place: int) -> int:
        """Go to a byte of the file; only this thread does."""
        self.places[threading.get_ident()] = place
        return place

    def tell(self) -> int:
        """The byte that this thread is at."""
        return self.places.get(threading.get_ident(), 0)

    def read(self, size: int = -1) -> bytes:
        """The next bytes of this thread."""
        with self.lock:
            self.file.seek(self.tell())
            found: bytes = self.file.read(size)
        self.seek(self.tell() + len(found))
        return found

    def close(self) -> None:
        """Close the file for all."""
        self.file.close()


class _Named(DirFileSystem):  # type: ignore[misc]
    """The files of one folder by their names in it; none is a pattern."""

    protocol = "store"

    def glob(self, path: str, **_: Any) -> list[str]:
        """The one file of that name."""
        return [path]

    def open(self, path: str, *given: Any, **options: Any) -> _Placed:
        """The file, to read from in several threads."""
        return _Placed(super().open(path, *given, **options))


@contextlib.contextmanager
def connected(folder: Folder, **tables: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which each table is the rows of some Parquet files of a folder.

    What DuckDB cannot do ends in one sentence: StoppedError; RequestError where a file is missing.
    """
    if lacking := [name for names in tables.values() for name in names if not folder.is_file(name)]:
        raise RequestError(f"{folder}: {lacking[0]} is missing, so this is not a complete store")
    place = folder.absolute()
    with scratch("quiver-spill") as spill, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = {text_literal(str(spill))}")
        connection.register_filesystem(_Named(path=place.full(), fs=place.system))
        try:
            for table, names in tables.items():
                files = ", ".join(text_literal(f"store://{name}") for name in names)
                source = f"read_parquet([{files}], hive_partitioning = false)"
                connection.execute(f"CREATE VIEW {table} AS SELECT * FROM {source}")
            yield connection
        except (duckdb.Error, pa.ArrowException) as error:
            raise StoppedError(f"{folder}: its tables could not be read ({_why(error)})") from error


def _why(error: Exception) -> str:
    """The line that says what is wrong: the first, or the last of the traceback of what opens the files."""
    first = first_line(error)
    return str(error).strip().splitlines()[-1] if "Traceback" in first else first


def text_literal(text: str) -> str:
    """Text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"
