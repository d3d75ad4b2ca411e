"""Conservation under stress: harsh scenarios with the audit on, and what it found.

The ensemble audits the ledger after every substep and stops at the first breach: minted less burned is the sum of all
accounts, no account is negative, no more is minted than the cap. So a scenario that comes to its end has kept them, and
the number of substeps says how often that was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.engines.ensemble import execute
from experiments.inputs.scenario import load_scenario
from model.arrays import NQUIV_PER_QUIV
from model.flows import LEDGER
from model.ledger import LedgerError

CAP = 1_000_000_000 * NQUIV_PER_QUIV
DAYS, RUNS, SEED = 120, 20, 1
HARSH = (
    "stress_severe",
    "launch_12_weeks",
    "root",
    "go_literal",
    "treasury_drain",
    "cheap_cheating",
    "attack_wash_trading",
    "attack_slash_evasion",
)
"""Scenarios that move as much as any: all shocks at their worst, phases, other readings, attacks."""


@dataclass(frozen=True)
class Audit:
    """What the audit of a scenario found; `breach` is its sentence where money was not conserved."""

    scenario: str
    runs: int
    days: int
    substeps: int
    unaccounted: int
    least: int
    minted_quiv: float
    breach: str = ""

    @property
    def kept(self) -> bool:
        """Whether every token is accounted for, no account is negative and the cap is kept."""
        within = self.minted_quiv <= CAP / NQUIV_PER_QUIV
        return not self.breach and self.unaccounted == 0 and self.least >= 0 and within and self.substeps > 0


def audit(scenario: str, runs: int = RUNS, days: int = DAYS, seed: int = SEED) -> Audit:
    """Run a scenario with the audit on; its horizon is at least that of its shocks."""
    economy = load_scenario(scenario)
    last = max([days, *(shock.day + 1 for shock in economy.shocks)])
    economy = load_scenario(scenario, days=last)
    try:
        state = execute([economy] * runs, seed, list(range(runs)), ("supply_quiv",))["state"]
    except LedgerError as error:
        return Audit(scenario, runs, last, 0, 0, 0, 0.0, str(error))
    outstanding = np.asarray(state["minted_nquiv"]) - np.asarray(state["burned_nquiv"])
    apart = np.abs(outstanding - LEDGER.holdings(state)).max()
    least = min(int(np.min(state[name])) for name in LEDGER.accounts)
    minted = float(np.max(state["minted_nquiv"])) / NQUIV_PER_QUIV
    return Audit(scenario, runs, last, int(state["audited_substeps"]), int(apart), least, minted)
