"""What the outcomes of a proposal's runs say, as tables: effects, chances, groups, and where the sign turns.

Every table is a function of the proposal and the outcomes alone, so that whoever has a pack can make it again. Amounts
are in the raw units of the KPIs. Differences are paired: run k minus run k, on the same random numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.goals import goal_table, goals_of
from experiments.analysis.paired import paired_differences
from experiments.inputs.plan import Kpi
from experiments.proposals.groups import GROUP_METRICS
from experiments.proposals.proposal_file import Proposal
from experiments.proposals.simulate import all_kpis
from experiments.proposals.stress import BASELINE
from experiments.statistics import Estimate, change, estimate
from model.metrics import METRICS

TODAY, PROPOSED = "today", "proposed"
THIRDS = ("low third", "middle third", "high third")
SCENARIO, WHOLE = "scenario", "all runs"
GAINS, LOSES, SAME, UNCLEAR = "gains", "loses", "the same in every run", "within the noise"


def effect_table(proposal: Proposal, outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row a scenario, KPI and setting: mean with its interval, difference to today, paired and marginal spread."""
    names, kpis = list(proposal.settings), all_kpis(proposal)
    rows = []
    for scenario, part in _by_scenario(outcomes):
        numbered = part.assign(design=part["setting"].map(names.index))
        table = paired_differences(numbered, [asdict(kpi) for kpi in kpis], 0).set_index(["kpi", "design"])
        for kpi in kpis:
            for design, setting in enumerate(names):
                mean = estimate(numbered.loc[numbered["design"] == design, kpi.name])
                row: dict[str, Any] = {
                    "scenario": scenario,
                    "kpi": kpi.name,
                    "unit": kpi.unit,
                    "direction": kpi.direction,
                }
                row |= {"setting": setting, "n": mean.n, "mean": mean.mean, "low": mean.low, "high": mean.high}
                rows.append(row | (_difference(table.loc[(kpi.name, design)]) if design else {}))
    return pd.DataFrame(rows)


def breach_table(proposal: Proposal, outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row a scenario, KPI with a threshold, and setting: how often it is breached, with Wilson's interval."""
    names, rows = list(proposal.settings), []
    for scenario, part in _by_scenario(outcomes):
        numbered = part.assign(design=part["setting"].map(names.index))
        for kpi in (kpi for kpi in proposal.kpis if kpi.threshold is not None):
            goals = goals_of([asdict(kpi) | {"goal": kpi.name}])
            for found in goal_table(numbered, goals).to_dict("records"):
                row: dict[str, Any] = {"scenario": scenario, "kpi": kpi.name, "setting": names[int(found["design"])]}
                row |= {"asked": "at least" if kpi.direction == "up" else "at most"}
                row |= {"threshold": kpi.threshold, "unit": kpi.unit, "n": found["n"]}
                row |= {"breached": found["n"] - found["met"], "breach_share": 1.0 - found["share"]}
                row |= {"low": 1.0 - found["high"], "high": 1.0 - found["low"]}
                rows.append(row | {"chance_asked": found["chance"], "verdict": found["verdict"]})
    return pd.DataFrame(rows)


def group_table(proposal: Proposal, outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row a scenario, group, metric and setting: who gains and who loses against today, and what is a proxy."""
    table, rows = effect_table(proposal, outcomes).set_index(["scenario", "kpi", "setting"]), []
    units = {kpi.name: kpi.unit for kpi in all_kpis(proposal)}
    for scenario in outcomes["scenario"].unique():
        for part in GROUP_METRICS:
            for setting in list(proposal.settings)[1:]:
                found = table.loc[(scenario, part.name, setting)]
                apart = Estimate(found["difference"], found["difference_high"] - found["difference"], int(found["n"]))
                row = {"scenario": scenario, "group": part.group, "metric": part.metric, "setting": setting}
                row |= {"aggregation": part.aggregation, "unit": units[part.name], "direction": part.direction}
                row |= {"mean": found["mean"], "difference": found["difference"]}
                row |= {"low": found["difference_low"], "high": found["difference_high"]}
                still = found["difference"] == 0.0 and found["paired_sd"] == 0.0
                word = SAME if still else _word(apart, part.direction)
                rows.append(row | {"outcome": word, "reading": part.reading})
    return pd.DataFrame(rows)


def turning_point_table(proposal: Proposal, outcomes: pd.DataFrame, draws: pd.DataFrame) -> pd.DataFrame:
    """Where the sign of the proposal's effect turns: by scenario, and by thirds of each environment parameter.

    One row a KPI of the proposal, factor and part, with the paired difference; `flips` says that its whole interval
    lies on the other side of zero from that of all runs of the baseline. A third is of the draws, lowest first; those
    of parameters are taken in the baseline.
    """
    rows = []
    for kpi in proposal.kpis:
        apart = {scenario: _apart(part, kpi) for scenario, part in _by_scenario(outcomes)}
        base = apart[BASELINE]
        whole = estimate(base)
        parts = [(SCENARIO, scenario, scenario, estimate(found)) for scenario, found in apart.items()]
        parts += [(name, *_third(draws[name].reindex(base.index), base, place)) for name in draws for place in range(3)]
        for factor, part, span, found in parts:
            row = {"kpi": kpi.name, "unit": kpi.unit, "factor": factor, "part": part, "span": span, "n": found.n}
            row |= {"difference": found.mean, "low": found.low, "high": found.high, "sign": found.sign}
            rows.append(row | {"flips": found.sign * whole.sign < 0})
    return pd.DataFrame(rows)


def draws_of(proposal: Proposal, runs: int) -> pd.DataFrame:
    """The environment of each run: `run` as index, a column a parameter."""
    drawn = proposal.environment.draws(runs, proposal.seed)
    return pd.DataFrame(list(drawn), index=pd.RangeIndex(runs, name="run"))


def third_of(values: NDArray[Any], place: int) -> NDArray[np.int64]:
    """The places of the runs that a third of some values holds, the lowest first."""
    return np.array_split(np.argsort(values, kind="stable"), len(THIRDS))[place]


def _third(values: pd.Series, apart: pd.Series, place: int) -> tuple[str, str, Estimate]:
    """The name of a third of the runs, the values it spans, and the difference in it."""
    chosen = third_of(values.to_numpy(), place)
    if not len(chosen):
        return THIRDS[place], "no runs", estimate([])
    some = values.to_numpy()[chosen]
    return THIRDS[place], f"{some.min():.4g} to {some.max():.4g}", estimate(apart.to_numpy()[chosen])


def _apart(part: pd.DataFrame, kpi: Kpi) -> pd.Series:
    """The proposal less today, by run."""
    wide = part.pivot(index="run", columns="setting", values=kpi.name)
    return pd.Series(change(wide[PROPOSED], wide[TODAY]), index=wide.index)


def _by_scenario(outcomes: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each scenario with its outcomes, in their order."""
    for scenario in outcomes["scenario"].unique():
        yield str(scenario), outcomes[outcomes["scenario"] == scenario]


def _difference(found: pd.Series) -> dict[str, Any]:
    names = {"difference": "difference", "difference_low": "low", "difference_high": "high"}
    kept = {name: found[column] for name, column in names.items()}
    return kept | {name: found[name] for name in ("better", "paired_sd", "marginal_sd")}


def _word(apart: Estimate, direction: str) -> str:
    if not apart.sign:
        return UNCLEAR
    return GAINS if (apart.sign > 0) == (direction == "up") else LOSES


def proposed_groups(groups: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The rows of a group table for the proposal in the baseline with one outcome."""
    return groups[(groups["setting"] == PROPOSED) & (groups["scenario"] == BASELINE) & (groups["outcome"] == outcome)]


def group_sentence(rows: pd.DataFrame) -> str:
    """The groups of some rows, each once, with the metrics that move, in words."""
    found: dict[str, list[str]] = {}
    for row in rows.itertuples():
        found.setdefault(row.group, []).append(METRICS[row.metric].label.lower())
    return "; ".join(f"{group} ({', '.join(metrics)})" for group, metrics in found.items())
