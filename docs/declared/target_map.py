"""The example target map of `quiver-sim calldata`: setter and scale of every governed parameter."""

from __future__ import annotations

from experiments.proposals.onchain.example import example_text

FILE = "../experiments/proposals/onchain/example.yaml"


def text() -> str:
    """The map."""
    return example_text()
