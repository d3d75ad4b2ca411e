"""Snapshots: the state of a live network as a file, from which runs start, and the state of a run as such a file."""

from experiments.inputs.snapshot.files import as_text, document_of, read_document
from experiments.inputs.snapshot.read import Snapshot, load_snapshot, read_snapshot
from experiments.inputs.snapshot.write import snapshot_of

__all__ = [
    "Snapshot",
    "as_text",
    "document_of",
    "load_snapshot",
    "read_document",
    "read_snapshot",
    "snapshot_of",
]
