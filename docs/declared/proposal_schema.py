"""JSON schema of a pack's `proposal.json`."""

from __future__ import annotations

from docs.markdown import schema
from experiments.proposals.schema import SCHEMA

FILE = "proposal.schema.json"


def text() -> str:
    """The schema."""
    return schema(SCHEMA)
