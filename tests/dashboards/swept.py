"""A small sweep by the simulator itself, for what needs a plan to simulate again and trajectories that are kept."""

from __future__ import annotations

from pathlib import Path

from experiments.api import sweep

TEXT = """
name: small
title: Small <b>sweep</b>
question: Does a higher burn pay?
scenario: cheap_cheating
days: 24
runs: 4
keep: full
metrics: [price_usd, supply_quiv]
controls:
  fees.burn_share: [0.3, 0.5]
kpis:
  - {name: price_end, label: Price at the end, metric: price_usd, aggregation: last, direction: up}
  - {name: treasury_end, label: Treasury at the end, metric: treasury_quiv, aggregation: last, direction: up}
environment:
  demand.elasticity: {low: 0.6, high: 1.6}
"""


def write_sweep(folder: Path) -> Path:
    """Sweep two settings of four runs each into a store below `folder`; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "small.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return Path(sweep(file, out=folder, workers=0))
