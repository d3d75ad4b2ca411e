"""JSON schema of a scenario's parameters."""

from __future__ import annotations

from docs.markdown import schema
from model.parameters import Parameters

FILE = "parameters.schema.json"


def text() -> str:
    """The schema."""
    return schema(Parameters.model_json_schema())
