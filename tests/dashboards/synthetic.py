"""A small store made of plain arithmetic, in the layout that a sweep writes: enough to draw every figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.inputs.plan import Plan
from experiments.storage.document import write_document
from experiments.storage.folder import Folder
from experiments.storage.parquet import write_parquet
from experiments.sweeps.manifest import REPEATED
from model.metrics import METRICS

SHARES = (0.3, 0.5, 0.7)
UNBONDING = (7, 21, 42)
BURN, WAIT = "Burn share of the network fee", "Unbonding period"
SUPPLY = 1e9
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
UNITS = {"staking_ratio": "share", "tvl_usd": "USD", "price_usd": "USD"}
NAMES = {
    "supply_quiv": "Supply",
    "burned_quiv": "Burned, cumulative",
    "tvl_usd": "Total value locked (TVL)",
    "staking_ratio": "Staking ratio",
    "price_usd": "QUIV price",
    "treasury_quiv": "Treasury",
}
STACK = ("vesting", "treasury", "protocol", "liquidity", "staked", "unbonding", "liquid")
NAMES |= {name: METRICS[name].label for name in (f"stack_{part}_quiv" for part in STACK)}
KPIS = (
    ("net_issuance", "Net issuance a year", "share", "supply_quiv", "down", "Growth of the supply, a year."),
    ("staking_end", "Staking ratio at the end", "share", "staking_ratio", "up", "Staked over circulating supply."),
    ("treasury_end", "Treasury at the end", "QUIV", "treasury_quiv", "up", "Balance of the treasury on the last day."),
    ("price_swing", "Price volatility", "share", "price_usd", "none", "Standard deviation of yearly log returns."),
)


def paths(share: float, unbonding: int, days: np.ndarray, runs: int, seed: int) -> dict[str, np.ndarray]:
    """Metrics by name, each of shape (runs, days): the same draws for every setting, so that runs pair up."""
    rng = np.random.default_rng(seed)
    shocks = rng.normal(size=(runs, len(days)))
    step = np.sqrt(np.diff(days, prepend=days[0]) / 365)
    calm = 0.60 - 0.0004 * unbonding + 0.004 * rng.normal(size=(runs, 1)) * unbonding / 21
    price = 0.10 * np.exp(np.cumsum(calm * shocks * step, axis=1) + (0.10 + 0.12 * share) * days / 365)
    activity = np.exp(0.25 * rng.normal(size=(runs, 1))) * (1 - np.exp(-days / 400))
    burned = 3.0e7 * 2 * share * activity * days / 365
    minted = 4.5e7 * days / 365 + 0 * burned
    keen = 0.33 - 0.0015 * unbonding + 0.05 * rng.normal(size=(runs, 1)) + 0.01 * share * rng.normal(size=(runs, 1))
    ratio = 0.15 + keen * (1 - np.exp(-days / 250))
    supply = SUPPLY + minted - burned
    vesting = 0.35 * SUPPLY * np.clip(1 - days / 1200, 0, None) + 0 * burned
    treasury = 6e7 + 1.6e7 * (1 - share) * activity * days / 365
    parts = {"vesting": vesting, "treasury": treasury}
    parts |= {"protocol": 0.05 * SUPPLY + 0 * burned, "liquidity": 0.04 * SUPPLY + 0 * burned}
    circulating = supply - sum(parts.values())
    staked = ratio * circulating
    parts |= {"staked": staked, "unbonding": staked * unbonding / 1500}
    parts["liquid"] = circulating - staked - parts["unbonding"]
    headline = {"supply_quiv": supply, "burned_quiv": burned, "tvl_usd": staked * price, "staking_ratio": ratio}
    return {
        **headline,
        "price_usd": price,
        "treasury_quiv": treasury,
        **{f"stack_{name}_quiv": value for name, value in parts.items()},
    }


def write_store(
    folder: Path,
    days: int = 60,
    runs: int = 12,
    seed: int = 7,
    step: int = 1,
    designs: Sequence[int] = range(9),
    **manifest: Any,
) -> Path:
    """Write a store of settings (burn share x unbonding period) to ``folder``; ``manifest`` overrides its keys.

    Two ``designs`` of the nine are enough for most tests of a site, and are published in a third of the time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    grid = {d: setting for d, setting in enumerate(product(SHARES, UNBONDING)) if d in designs}
    time = np.arange(0, days + 1, step)
    summaries, kpis = [], []
    for design, (share, unbonding) in grid.items():
        found = paths(share, unbonding, time, runs, seed)
        summaries += [_summary(design, time, name, values) for name, values in found.items()]
        kpis.append(_kpis(design, found, days))
    design_table = pd.DataFrame(
        {
            "design": list(grid),
            "fees.burn_share": [g[0] for g in grid.values()],
            "staking.unbonding_days": [g[1] for g in grid.values()],
            "today": [g == (0.5, 21) for g in grid.values()],
        }
    )
    described = describe(days, runs, seed) | manifest
    about = {"experiment": described["hash"], "code_version": described["code_version"], "seed": str(seed)}
    tables = {
        "design": design_table,
        "environment": pd.DataFrame({"run": range(runs)}),
        "kpis": pd.concat(kpis),
        "summary": pd.concat(summaries),
        "failures": pd.DataFrame({"design": [], "run": [], "error": []}).astype({"design": int, "run": int}),
    }
    for name, table in tables.items():
        write_parquet(table, Folder.at(folder), f"{name}.parquet", about)
    (folder / "trajectories").mkdir(exist_ok=True)
    seal(folder, described)
    return folder


def seal(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest, and a plan that says the same, with the checksums of the tables as they are now."""
    place, points = Folder.at(folder), [{}] * manifest["counts"]["designs"]
    plan = dict.fromkeys(field.name for field in fields(Plan)) | {key: manifest.get(key) for key in REPEATED}
    plan |= {"text": manifest.get("experiment"), "metrics": list(manifest["metrics"]), "runs": manifest["runs"]}
    write_document(place, "plan.json", plan | {"points": points, "base": {}, "economies": ""})
    files = [*sorted(folder.glob("*.parquet")), folder / "plan.json"]
    write_document(place, "manifest.json", manifest | {"parts": {file.name: place.sha256(file.name) for file in files}})


def describe(days: int, runs: int, seed: int) -> dict[str, Any]:
    """The manifest without checksums."""
    keys = ("name", "label", "unit", "metric", "direction", "description")
    return {
        "name": "burn-and-unbonding",
        "title": "Burn share and unbonding period",
        "question": "Should the protocol burn more of the network fee, and should stakers wait longer to leave?",
        "hash": "1f3a9c5e",
        "seed": seed,
        "runs": runs,
        "days": days,
        "keep": "summary",
        "format": 1,
        "scenario": "whitepaper",
        "code_version": "0.1.0",
        "created": "2026-01-05T12:00:00Z",
        "packages": {"numpy": "1.26.3", "pandas": "3.0.6", "plotly": "7.1.0"},
        "axes": [
            {"key": "fees.burn_share", "label": BURN, "unit": "share", "values": list(SHARES), "today": 0.5},
            {"key": "staking.unbonding_days", "label": WAIT, "unit": "days", "values": list(UNBONDING), "today": 21},
        ],
        "kpis": [dict(zip(keys, kpi, strict=True)) | {"aggregation": "last"} for kpi in KPIS],
        "metrics": {
            name: {"label": label, "unit": UNITS.get(name, "QUIV"), "description": ""} for name, label in NAMES.items()
        },
        "counts": {"designs": 9, "trajectories": 9 * runs, "failures": 0},
        "experiment": "name: burn-and-unbonding\nbase: whitepaper\n",
        "parameters": {"fees.burn_share": 0.5, "staking.unbonding_days": 21, "fees.network_share": 0.15},
    }


def _summary(design: int, days: np.ndarray, metric: str, values: np.ndarray) -> pd.DataFrame:
    """The long summary of one metric at one setting; ``values`` has shape (runs, days)."""
    quantiles = {name: np.quantile(values, q, axis=0) for name, q in QUANTILES.items()}
    head = {"design": design, "day": days, "metric": metric, "n": len(values), "mean": values.mean(axis=0)}
    return pd.DataFrame(head | quantiles)


def _kpis(design: int, found: dict[str, np.ndarray], days: int) -> pd.DataFrame:
    """One row per run."""
    growth = (found["supply_quiv"][:, -1] / SUPPLY) ** (365 / days) - 1
    returns = np.diff(np.log(found["price_usd"]), axis=1)
    return pd.DataFrame(
        {
            "design": design,
            "run": range(len(growth)),
            "net_issuance": growth,
            "staking_end": found["staking_ratio"][:, -1],
            "treasury_end": found["treasury_quiv"][:, -1],
            "price_swing": returns.std(axis=1) * np.sqrt(365 * returns.shape[1] / days),
        }
    )
