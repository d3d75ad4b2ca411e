"""An attack's cost, profit and damage: paired runs with the attack and with the same crew doing nothing unusual.

With $W$ the wealth of the crew (its cash and what its tokens would bring in one auction) and $V$ that of its victims,

    profit = W(attack) - W(quiet) - outlay,   loss = V(quiet) - V(attack),

run by run on the same draws. What the crew must put in is the most by which its cash falls behind on any day. Griefing
is an attack that costs its crew something and its victims more: `loss / -profit`, the griefing factor of Buterin 2018.
A frontier is the same for several values of the parameter that should deter the attack.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.inputs.scenario import load_scenario, override
from experiments.statistics import Estimate, estimate
from model.attacks import KINDS, Attack, quiet
from model.economy import Economy

FRONTIERS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "attack_wash_trading": ("emission.staking_share", (0.3, 0.6, 0.9, 1.0)),
    "attack_wash_rebates": ("rebates.cashback_share", (0.0, 0.02, 0.05, 0.1)),
    "attack_congestion_toggle": ("jobs.withdrawal_fee", (0.0, 0.01, 0.05, 0.2)),
    "attack_channel_griefing": ("channels.opening_fee_quiv", (0.0, 1.0, 10.0)),
    "attack_oracle_push": ("oracle.feeds", (5, 7)),
    "attack_challenge_griefing": ("challenges.bond_quiv", (0.0, 100.0, 1000.0)),
    "attack_sybil_tiers": ("registry.large_model_tier", (1, 2)),
    "attack_reputation_farming": ("validation.canary_share", (0.0, 0.05)),
    "attack_slash_evasion": ("staking.unbonding_days", (1, 120)),
    "attack_validator_cartel": ("validation.exposure", (0.0, 0.8)),
    "attack_lazy_validators": ("validation.check_share", (2e-5, 1e-3)),
    "attack_vote_buying": ("governance.timelock_days", (1, 7)),
    "attack_vote_borrowing": ("governance.snapshot", ("live_balance", "creation")),
    "attack_delegate_bribery": ("delegation.vote_share", (1.0, 0.0)),
    "attack_proposal_spam": ("governance.quorum", (0.0, 0.1)),
}
"""For each shipped attack the parameter that should deter it, and the values at which it is measured."""


RUNS = 8
"""Pairs of runs of each point of a shipped attack's frontier."""

PUBLIC, TREASURY = "treasury", "treasury_quiv"
"""The victim that is no class of agents, and what it loses: tokens, valued at the price of the quiet runs."""


@dataclass(frozen=True)
class AttackOutcome:
    """An attack's capital, profit and victims' loss, in USD, and the share of runs with a profit."""

    runs: int
    capital: Estimate
    profit: Estimate
    loss: Estimate
    success: float

    @property
    def griefing(self) -> float:
        """Victims' loss for each USD that the attack costs its crew; infinite where it costs nothing."""
        cost, loss = -self.profit.mean, max(self.loss.mean, 0.0)
        return loss / cost if cost > 0.0 else float("inf") if loss > 0.0 else 0.0

    @property
    def pays(self) -> bool:
        """Whether the crew gains, beyond the interval."""
        return self.profit.low > 0.0


def attack_outcomes(economies: Sequence[Economy], runs: int, seed: int = 1) -> list[AttackOutcome]:
    """What the attacks of economies of one structure come to, each over the same runs."""
    attacked = [economy for economy in economies for _ in range(runs)]
    same = {id(economy): replace(economy, attacks=quiet(economy.attacks)) for economy in economies}
    calm = [same[id(economy)] for economy in attacked]
    victims = victims_of(economies[0].attacks)
    metrics = ("crew_wealth_usd", "crew_cash_usd", *(f"wealth_usd_{name}" for name in victims), "price_usd", TREASURY)
    drawn = list(range(runs)) * len(economies)
    with_it, without = (execute(group, seed, drawn, metrics)["record"] for group in (attacked, calm))
    outlay = sum(attack.outlay_usd for attack in economies[0].attacks)
    gain = with_it - without
    place = metrics.index(f"wealth_usd_{PUBLIC}") if PUBLIC in victims else -1
    gain[:, place] = gain[:, -1] * without[:, -2]
    parts = gain[:, :-2].reshape(gain.shape[0], -1, len(economies), runs)
    return [_outcome(parts[:, :, place], outlay) for place in range(len(economies))]


def measure_attack(economy: Economy, runs: int, seed: int = 1) -> AttackOutcome:
    """What the attacks of one economy come to."""
    return attack_outcomes([economy], runs, seed)[0]


def frontier(
    economy: Economy, parameter: str, values: Sequence[Any], runs: int, seed: int = 1
) -> list[tuple[Any, AttackOutcome]]:
    """The attacks of an economy for each value of a parameter."""
    points = [override(economy, {parameter: value}) for value in values]
    return list(zip(values, compare_attacks(points, runs, seed), strict=True))


def compare_attacks(economies: Sequence[Economy], runs: int, seed: int = 1) -> list[AttackOutcome]:
    """What the attacks of economies come to over the same runs: all at once where they are of one structure."""
    if len({economy.structure() for economy in economies}) == 1:
        return attack_outcomes(economies, runs, seed)
    return [measure_attack(economy, runs, seed) for economy in economies]


@cache
def shipped_frontiers(runs: int = RUNS) -> Mapping[str, list[tuple[Any, AttackOutcome]]]:
    """Every shipped attack for the values of what should deter it: measured once a process."""
    return {
        name: frontier(load_scenario(name), parameter, values, runs) for name, (parameter, values) in FRONTIERS.items()
    }


def victims_of(attacks: Sequence[Attack]) -> tuple[str, ...]:
    """The classes of agents that pay for attacks."""
    return tuple(dict.fromkeys(KINDS[attack.kind].victims for attack in attacks))


def _outcome(gain: NDArray[Any], outlay: float) -> AttackOutcome:
    """From differences `(days + 1, metrics, runs)`."""
    profit = gain[-1, 0] - outlay
    return AttackOutcome(
        runs=gain.shape[-1],
        capital=estimate(outlay + np.maximum(-gain[:, 1].min(axis=0), 0.0)),
        profit=estimate(profit),
        loss=estimate(-gain[-1, 2:].sum(axis=0)),
        success=float(np.mean(profit > 0.0)),
    )
