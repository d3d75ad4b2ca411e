"""DuckDB over a store's Parquet files: larger than memory where it must be, and the same order every time."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from experiments.storage.folder import Folder

MEMORY = "1GB"
"""What a query may hold in memory; beyond that it uses the temporary folder."""


@contextlib.contextmanager
def connected(folder: Folder) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can read files of a folder."""
    with tempfile.TemporaryDirectory(prefix="quiver-sim-") as spill, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = {text_literal(spill)}")
        if not folder.local:
            connection.register_filesystem(folder.system)
        yield connection


def parquet_source(folder: Folder, names: Sequence[str]) -> str:
    """What stands in a FROM for some Parquet files of a folder."""
    return f"read_parquet([{', '.join(text_literal(folder.url(name)) for name in names)}])"


def fetch_rows(folder: Folder, names: Sequence[str], query: str) -> list[tuple[Any, ...]]:
    """The rows that a query gives, `{}` in it being Parquet files of a folder."""
    with connected(folder) as connection:
        return connection.sql(query.format(parquet_source(folder, names))).fetchall()


def text_literal(text: str) -> str:
    """Text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"
