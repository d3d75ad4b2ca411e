"""Reading a published site: its pages as text, and its figures as the pages' script has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from tests.dashboards.synthetic import seal, write_store

GOALS = {
    "staking_end": {"threshold": 0.185, "goal": "secure", "chance": 0.8},
    "treasury_end": {"threshold": 6.005e7, "goal": "funded", "chance": None},
}


def page(site: Path, name: str = "index") -> str:
    """A page's HTML."""
    return (site / f"{name}.html").read_text(encoding="utf-8")


def pages(site: Path) -> dict[str, str]:
    """Every page's HTML by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(site.glob("*.html"))}


def drawn(site: Path, name: str) -> dict[str, Any]:
    """The figures of one page by panel, as they are written; none where the page has no figure."""
    script = site / "data" / f"{name}.js"
    text = script.read_text(encoding="utf-8") if script.is_file() else "quiver.put({});\n"
    return dict(json.loads(text.removeprefix("quiver.put(").removesuffix(");\n")))


def all_drawn(site: Path) -> dict[str, Any]:
    """The figures of every page by panel."""
    return {name: panel for stem in pages(site) for name, panel in drawn(site, stem).items()}


def merged(base: Any, part: Any) -> Any:
    """What the pages' script makes of a base and what differs from it."""
    if part is None or not isinstance(part, dict):
        return base
    if "=" in part:
        return part["="]
    if isinstance(base, list):
        copy: Any = base[: part.get("#")]
        for place, inner in part.items():
            if place != "#":
                copy[int(place)] = merged(copy[int(place)], inner)
        return copy
    return {**(base or {}), **{key: merged((base or {}).get(key), inner) for key, inner in part.items()}}


def views(panels: dict[str, Any], name: str) -> dict[str, Any]:
    """A panel's views by setting, put together."""
    panel = panels[name]
    base = merged(panels[panel["like"]]["base"], panel["base"]) if "like" in panel else panel["base"]
    return {design: merged(base, part) for design, part in panel["views"].items()}


def manifest_of(folder: Path) -> dict[str, Any]:
    """A store's manifest, to be changed and sealed."""
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def with_goals(folder: Path, **manifest: Any) -> Path:
    """A store whose KPIs make two goals, and which recorded metrics for every composed figure of governance."""
    write_store(folder, runs=12, days=30, **manifest)
    known = manifest_of(folder)
    for kpi in known["kpis"]:
        kpi |= GOALS.get(kpi["name"], {})
    summary = pd.read_parquet(folder / "summary.parquet")
    like = summary[summary["metric"] == "staking_ratio"]
    names = ("congestion", "fee_multiplier", "turnout", "proposals_open", "proposals_executed", "proposals_defeated")
    names += ("proposals_rejected", "proposals_cancelled", "crew_cash_usd", "latency_s", "slash_rate")
    pd.concat([summary, *(like.assign(metric=name) for name in names)]).to_parquet(folder / "summary.parquet")
    seal(folder, known)
    return folder
