"""The runs behind a proposal: its settings on the same random numbers, in every scenario, each a sweep of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from experiments.storage.scratch import scratch
from experiments.sweeps.chunk import kpi_rows
from experiments.sweeps.planning import plan_of
from experiments.sweeps.progress import most_together
from experiments.sweeps.results import load
from experiments.sweeps.run import Progress, Tell, run_sweep
from model.economy import Economy
from model.metrics import METRICS

KEYS = ["scenario", "setting", "run"]
AGENTS = 60_000
"""Agents of all trajectories that a check simulates together, some 200 MB."""


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
    with scratch("quiver-proposal") as folder:
        for place, stress in enumerate(proposal.stress):
            tell(f"{stress.name}: {len(names)} settings")
            plan, out = plan_for(proposal, stress), folder / str(place)
            store = load(run_sweep(plan, out, workers, progress=progress, tell=tell))
            failed = store.failures
            if len(failed):
                raise StoppedError(f"{len(failed)} trajectories failed in {stress.name}: {failed['error'].iloc[0]}")
            frame = store.kpis.sort_values(["design", "run"], ignore_index=True)
            frame.insert(0, "scenario", stress.name)
            frame.insert(1, "setting", [names[design] for design in frame["design"]])
            frames.append(frame[[*KEYS, *(kpi.name for kpi in all_kpis(proposal))]])
    return pd.concat(frames, ignore_index=True)


def simulate_again(
    proposal: Proposal, which: Sequence[tuple[str, str, int]], progress: Progress | None = None
) -> pd.DataFrame:
    """The outcomes of some trajectories, each by scenario, setting and run, simulated afresh and many at once.

    `progress(done, total)` counts them.
    """
    plans = {stress.name: plan_for(proposal, stress) for stress in proposal.stress}
    names, frames = list(proposal.settings), []
    asked = pd.DataFrame(list(which), columns=KEYS)
    asked["design"] = asked["setting"].map(names.index)
    done = 0
    for scenario, part in asked.groupby("scenario", sort=False):
        for batch in _batches(plans[str(scenario)], part):
            frames.append(_outcomes(plans[str(scenario)], batch))
            done += len(batch)
            if progress is not None:
                progress(done, len(asked))
    return pd.concat(frames).sort_index(ignore_index=True)


def _batches(plan: Plan, asked: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Trajectories that are simulated together: those of one structure, as many as there is room for."""
    most = max(1, min(most_together(plan), AGENTS // agents_of(plan.base)))
    structures = asked["design"].map(lambda design: plan.economies[design].structure())
    for _, part in asked.groupby(structures, sort=False):
        for start in range(0, len(part), most):
            yield part.iloc[start : start + most]


def _outcomes(plan: Plan, batch: pd.DataFrame) -> pd.DataFrame:
    """The batch's keys and KPIs, under its own index."""
    trajectories = list(batch[["design", "run"]].itertuples(index=False, name=None))
    economies = [plan.economy(design, run) for design, run in trajectories]
    record = execute(economies, plan.seed, [run for _, run in trajectories], plan.metrics)["record"]
    kpis = kpi_rows(plan, np.asarray(record), trajectories)[[kpi.name for kpi in plan.kpis]]
    return pd.concat([batch[KEYS], kpis.set_index(batch.index)], axis=1)


def agents_of(economy: Economy) -> int:
    """How many agents an economy has."""
    population = economy.parameters.population
    return population.providers + population.consumers + population.validators + population.holders
