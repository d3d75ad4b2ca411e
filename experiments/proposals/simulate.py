"""The runs behind a proposal: its settings on the same random numbers, in every scenario, each a sweep of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.engines.ensemble import execute
from experiments.errors import StoppedError
from experiments.inputs.design import build
from experiments.inputs.experiment import Experiment
from experiments.inputs.plan import Kpi, Plan
from experiments.inputs.ranges import Domain
from experiments.inputs.reader import Reader
from experiments.proposals.groups import group_kpis
from experiments.proposals.proposal_file import Proposal
from experiments.proposals.stress import Stress
from experiments.storage.lock import nothing
from experiments.sweeps.chunk import kpi_rows
from experiments.sweeps.planning import plan_of
from experiments.sweeps.results import load
from experiments.sweeps.run import Progress, Tell, run_sweep
from model.metrics import METRICS

KEYS = ["scenario", "setting", "run"]


def all_kpis(proposal: Proposal) -> tuple[Kpi, ...]:
    """The proposal's own KPIs and those that speak of groups."""
    return (*proposal.kpis, *group_kpis())


def plan_for(proposal: Proposal, stress: Stress) -> Plan:
    """The sweep of one scenario: a design point for each setting, in their order."""
    base, points, file = stress.on(proposal.base), tuple(proposal.settings.values()), Reader("proposal")
    built = build(base, points, file)
    file.problems.raise_any()
    kpis = all_kpis(proposal)
    taken = {kpi.metric for kpi in kpis}
    return plan_of(
        Experiment(
            name="proposal",
            title=proposal.title,
            question=stress.name,
            scenario=proposal.scenario,
            base=base,
            days=base.days,
            runs=proposal.runs,
            seed=proposal.seed,
            controls={key: Domain(key, tuple(dict.fromkeys(p[key] for p in points))) for key in points[0]},
            kpis=kpis,
            settings=points,
            environment=proposal.environment,
            stopping=proposal.stopping,
            keep="kpis",
            metrics=tuple(name for name in METRICS if name in taken),
            text=proposal.text,
            built=built,
        )
    )


def simulate_proposal(
    proposal: Proposal, workers: int | None = None, progress: Progress | None = None, tell: Tell = nothing
) -> pd.DataFrame:
    """Every trajectory's outcome: `scenario`, `setting`, `run`, a column a KPI; StoppedError where one failed."""
    names, frames = list(proposal.settings), []
    with tempfile.TemporaryDirectory(prefix="quiver-proposal-") as folder:
        for place, stress in enumerate(proposal.stress):
            tell(f"{stress.name}: {len(names)} settings")
            store = load(run_sweep(plan_for(proposal, stress), Path(folder) / str(place), workers, progress=progress))
            failed = store.failures
            if len(failed):
                raise StoppedError(f"{len(failed)} trajectories failed in {stress.name}: {failed['error'].iloc[0]}")
            frame = store.kpis.sort_values(["design", "run"], ignore_index=True)
            frame.insert(0, "scenario", stress.name)
            frame.insert(1, "setting", [names[design] for design in frame["design"]])
            frames.append(frame[[*KEYS, *(kpi.name for kpi in all_kpis(proposal))]])
    return pd.concat(frames, ignore_index=True)


def simulate_again(proposal: Proposal, which: Sequence[tuple[str, str, int]]) -> pd.DataFrame:
    """The outcomes of some trajectories alone, each by scenario, setting and run, simulated afresh."""
    plans = {stress.name: plan_for(proposal, stress) for stress in proposal.stress}
    names, rows = list(proposal.settings), []
    for scenario, setting, run in which:
        plan, design = plans[scenario], names.index(setting)
        record = execute([plan.economy(design, run)], plan.seed, [run], plan.metrics)["record"]
        table = kpi_rows(plan, np.asarray(record), [(design, run)])
        rows.append({"scenario": scenario, "setting": setting, "run": run} | table.iloc[0][plan_names(plan)].to_dict())
    return pd.DataFrame(rows)


def plan_names(plan: Plan) -> list[str]:
    """The KPIs of a plan, by name."""
    return [kpi.name for kpi in plan.kpis]
