"""From an experiment, or from one scenario, to the plan of a sweep, and the engine that a sweep takes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.engines import device
from experiments.inputs.experiment import Experiment, resolved
from experiments.inputs.plan import Kpi, Plan
from experiments.sweeps.workers import cores
from model.economy import Economy
from model.metrics import METRICS

SWEEPING = ("auto", "ensemble", "jax")
"""The engines that a sweep may be asked for."""

REPAID = 200_000
"""Trajectory-days of one structure and process from which compiling costs less time than it saves."""


def plan_of(experiment: Experiment, engine: str = "ensemble") -> Plan:
    """An experiment, resolved. Another engine's store is another store, as its last digits differ."""
    economies = experiment.economies()
    return Plan(
        name=experiment.name,
        title=experiment.title,
        question=experiment.question,
        digest=experiment.digest() if engine == "ensemble" else _digest(f"{experiment.digest()} {engine}"),
        text=experiment.text,
        base=experiment.base,
        overrides={},
        economies=economies,
        points=experiment.points(),
        axes=experiment.axes(),
        today=experiment.today_index(),
        runs=experiment.runs,
        seed=experiment.seed,
        days=economies[0].days,
        kpis=experiment.kpis,
        metrics=experiment.metrics or list(METRICS),
        keep=experiment.keep,
        environment=experiment.environment.draws(experiment.runs, experiment.seed),
        stopping=experiment.stopping,
        goals=experiment.goals,
        engine=engine,
    )


def engine_for(experiment: Experiment, workers: int | None = None) -> str:
    """The engine that takes less time for an experiment: JAX if it is installed and there is enough to repay compiling.

    Every worker compiles each structure of the design, which is worth it from some trajectory-days of it on.
    """
    if not device.installed():
        return "ensemble"
    economies = experiment.economies()
    structures = len({economy.structure() for economy in economies})
    share = len(economies) * experiment.runs * experiment.days / structures / max(1, workers or cores())
    return "jax" if share >= REPAID else "ensemble"


def single(
    economy: Economy, seed: int, runs: int, metrics: Sequence[str], overrides: Mapping[str, Any], engine: str
) -> Plan:
    """A plan of one design point, for `simulate(..., out=...)`; with overrides it is not today's."""
    asked = {"economy": resolved(economy), "seed": seed, "runs": runs, "metrics": list(metrics)}
    asked |= {"engine": engine} if engine == "jax" else {}
    text = json.dumps(asked, sort_keys=True)
    changed = ", ".join(f"{key} = {value}" for key, value in overrides.items())
    kpis = [
        Kpi(
            f"{name}_last",
            f"{METRICS[name].label}, last day",
            name,
            "last",
            METRICS[name].unit,
            "none",
            METRICS[name].doc,
        )
        for name in ("supply_quiv", "circulating_quiv", "burned_quiv", "price_usd", "treasury_quiv", "staking_ratio")
        if name in metrics
    ]
    return Plan(
        name=economy.name,
        title=(economy.title or economy.name) + (f", with {changed}" if changed else ""),
        question="",
        digest=_digest(text),
        text=text,
        base=economy,
        overrides=overrides,
        economies=[economy],
        points=[{}],
        axes=[],
        today=None if overrides else 0,
        runs=runs,
        seed=seed,
        days=economy.days,
        kpis=kpis,
        metrics=metrics,
        keep="full",
        engine=engine,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
