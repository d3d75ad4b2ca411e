"""An attack's cost, profit and damage: paired runs with the attack and with the same crew doing nothing unusual.

With $C$ the cash of the crew, $T$ its tokens, $p$ what each of them would bring were all sold in one auction, and $c$,
$t$ and $P$ its victims' cash, their tokens and the closing price,

    profit = C(attack) - C(quiet) + p(attack) (T(attack) - T(quiet)) - outlay,
    loss = c(quiet) - c(attack) + P(quiet) (t(quiet) - t(attack)),

run by run on the same draws. What tokens that they own in either case are worth more or less is left out: whoever holds
the token gains by an attack that lifts its price, be it a crew, a victim or a bystander, and wash trades do lift it,
for the market values what the network takes. What the crew must put in is the most by which its cash falls behind on
any day. Griefing
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

Record = Mapping[str, NDArray[Any]]
"""Metrics by name, each `(days + 1, trajectories)`."""

WEALTH, CASH = "crew_wealth_usd", "crew_cash_usd"
OWNED = ("cash", "wealth")
CREW = (WEALTH, CASH, "crew_quiv")
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
    metrics = (
        "price_usd",
        TREASURY,
        *CREW,
        *(f"{what}_usd_{name}" for name in victims for what in OWNED if name != PUBLIC),
    )
    drawn = list(range(runs)) * len(economies)
    records = (execute(group, seed, drawn, metrics)["record"] for group in (attacked, calm))
    with_it, without = (dict(zip(metrics, np.moveaxis(record, 1, 0), strict=True)) for record in records)
    outlay = sum(attack.outlay_usd for attack in economies[0].attacks)
    capital = outlay + np.maximum(-(with_it[CASH] - without[CASH]).min(axis=0), 0.0)
    profit = _gained(with_it, without) - outlay
    loss = -np.sum([_gained_by(victim, with_it, without) for victim in victims], axis=0)
    places = np.arange(profit.size).reshape(len(economies), runs)
    return [_outcome(capital[own], profit[own], loss[own]) for own in places]


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


def _gained(with_it: Record, without: Record) -> NDArray[Any]:
    """What the crew has gained in the end, USD by run; each token at what all of its crew's bring in one auction."""
    end = {name: path[-1] for name, path in with_it.items()}
    owned = end["crew_quiv"]
    each = np.where(owned > 0.0, (end[WEALTH] - end[CASH]) / np.maximum(owned, 1e-9), 0.0)
    return np.asarray(end[CASH] - without[CASH][-1] + each * (owned - without["crew_quiv"][-1]))


def _gained_by(victim: str, with_it: Record, without: Record) -> NDArray[Any]:
    """What victims have gained in the end, USD by run; tokens at the price of the quiet runs."""
    price = without["price_usd"][-1]
    if victim == PUBLIC:
        return np.asarray((with_it[TREASURY][-1] - without[TREASURY][-1]) * price)
    cash, wealth = f"cash_usd_{victim}", f"wealth_usd_{victim}"
    tokens = [(side[wealth][-1] - side[cash][-1]) / side["price_usd"][-1] for side in (with_it, without)]
    return np.asarray(with_it[cash][-1] - without[cash][-1] + (tokens[0] - tokens[1]) * price)


def _outcome(capital: NDArray[Any], profit: NDArray[Any], loss: NDArray[Any]) -> AttackOutcome:
    """From figures of the same runs."""
    return AttackOutcome(
        runs=profit.size,
        capital=estimate(capital),
        profit=estimate(profit),
        loss=estimate(loss),
        success=float(np.mean(profit > 0.0)),
    )
