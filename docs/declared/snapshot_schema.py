"""JSON schema of a snapshot of the live network."""

from __future__ import annotations

from docs.markdown import schema
from experiments.inputs.snapshot.layout import SCHEMA

FILE = "snapshot.schema.json"


def text() -> str:
    """The schema."""
    return schema(SCHEMA)
