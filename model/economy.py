"""An economy to simulate: validated parameters, mechanisms, what is given from outside, what is scripted.

`experiments/engines/genesis.py` turns one or many of them into a first state and constants, and
`experiments/engines/wiring.py` one into the blocks of its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from model import attacks
from model.attacks import Attack
from model.parameters import REGISTRY, STRUCTURAL, Parameters, flatten
from model.shocks import KINDS, Shock, check_shock
from model.start import Start

EXOGENOUS: Mapping[str, str] = MappingProxyType(
    {
        "price_usd": "USD per QUIV",
        "value_usd": "USD per QUIV, before news",
        "demand_tokens": "tokens a day, all model sizes together",
    }
)
"""Processes that a constant or a daily path can replace, with their unit."""


@dataclass(frozen=True)
class ScriptedProposal:
    """A proposal submitted on a day by a holder; `support` is the chance that a voter is for it.

    A `hostile` one can be vetoed. Its proposer votes for it, buys `buys_quiv` tokens in the pool on the day before, has
    the votes of `borrowed_quiv` tokens on the day on which a vote closes, `bribed_share` of providers on its side, and
    its stake split over `identities`.
    """

    day: int
    parameter: str
    value: float
    type: Literal["technical", "economic", "treasury", "emergency"]
    support: float = 0.9
    proposer: int = 0
    title: str = ""
    hostile: bool = False
    buys_quiv: float = 0.0
    borrowed_quiv: float = 0.0
    bribed_share: float = 0.0
    identities: int = 1


PAYMENT = "treasury.payment_quiv"
PAYMENT_QUIV = 20e6
"""What a proposal of an attack is about, and what it asks for where nothing is said."""

WEEK = 7
HOURS = 24.0


def proposals_of(attack: Attack) -> tuple[ScriptedProposal, ...]:
    """The proposals of an attack on governance: that the treasury pay each of its crew; none of a quiet one."""
    if not (attack.active and attacks.KINDS[attack.kind].asks):
        return ()
    weeks = int(attack.size) if attack.kind == "proposal_spam" else 1
    one = ScriptedProposal(
        day=attack.day,
        parameter=PAYMENT,
        value=PAYMENT_QUIV if attack.value is None else attack.value,
        type="treasury",
        support=0.0,
        hostile=True,
        buys_quiv=attack.size * (attack.kind == "vote_buying"),
        borrowed_quiv=attack.size * (attack.kind == "vote_borrowing"),
        bribed_share=attack.size * (attack.kind == "delegate_bribery"),
    )
    return tuple(
        replace(one, day=attack.day + WEEK * week, proposer=attack.first + member)
        for member in range(attack.count)
        for week in range(weeks)
    )


@dataclass(frozen=True)
class Economy:
    """Everything that a trajectory depends on beside its seed and run number; without `start` it begins at genesis."""

    name: str = "whitepaper"
    title: str = ""
    days: int = 1095
    parameters: Parameters = field(default_factory=Parameters)
    mechanisms: Mapping[str, bool] = field(default_factory=dict)
    exogenous: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    proposals: tuple[ScriptedProposal, ...] = ()
    shocks: tuple[Shock, ...] = ()
    attacks: tuple[Attack, ...] = ()
    noise: bool = True
    go_literal: bool = False
    start: Start | None = None

    def __post_init__(self) -> None:
        """A proposal is about a governed parameter, a shock of a known kind, both within bounds; else ValueError."""
        for shock in self.shocks:
            check_shock(shock)
        for attack in self.attacks:
            attacks.check_attack(attack)
            if why := self.hopeless(attack):
                raise ValueError(f"{attack.kind}: {why}")
        for proposal in self.script:
            entry = REGISTRY.get(proposal.parameter)
            if entry is None or not entry.governed:
                raise ValueError(f"proposal about {proposal.parameter!r}: governance has no such parameter")
            low, high = entry.low, entry.high
            if (low is not None and proposal.value < low) or (high is not None and proposal.value > high):
                raise ValueError(f"proposal about {entry.name}: {proposal.value:g} is outside {low} to {high}")

        buying = [proposal for proposal in self.script if proposal.hostile and proposal.buys_quiv > 0.0]
        if buying and not self.pooled:
            raise ValueError(f"proposal of day {buying[0].day} buys votes, and there is no pool to buy them in")
        if any(proposal.day == 0 for proposal in buying):
            raise ValueError("proposal of day 0 buys votes on the day before, and there is none: propose from day 1 on")
        if self.pooled and self.parameters.supply.allocation_share[-1] <= 0.0:
            raise ValueError(
                "market.price_process is pool, and supply.allocation_share gives liquidity nothing: "
                "give it a share, or choose quantity, gbm, jumps or burn_mint"
            )

    @property
    def pooled(self) -> bool:
        """Whether the price is made by trades with a pool."""
        chosen = self.parameters.market.price_process == "pool"
        return chosen and self.on("price") and self.on("market") and "price_usd" not in self.exogenous

    @property
    def phased(self) -> bool:
        """Whether some phase of the launch begins after day 0."""
        return any(day > 0 for day in self.parameters.launch.model_dump().values())

    def early(self, proposal: ScriptedProposal) -> bool:
        """Whether a proposal comes before there is governance to submit it to."""
        return proposal.day < self.parameters.launch.governance_day

    @property
    def script(self) -> tuple[ScriptedProposal, ...]:
        """The proposals of the list, then those of attacks."""
        return self.proposals + tuple(proposal for attack in self.attacks for proposal in proposals_of(attack))

    @property
    def listed(self) -> bool:
        """Whether only a list is voted on: there is one, or an attack on governance, quiet or not."""
        return bool(self.proposals) or any(attacks.KINDS[attack.kind].asks for attack in self.attacks)

    @property
    def voting(self) -> bool:
        """Whether there can be anything to vote on: a list, or agents who propose."""
        return self.listed or self.on("proposing")

    @property
    def unlisted(self) -> bool:
        """Whether agents' own proposals are voted on."""
        return not self.listed

    @property
    def demand_given(self) -> bool:
        """Whether demand is given from outside."""
        return "demand_tokens" in self.exogenous

    @property
    def demand_made(self) -> bool:
        """Whether demand is made by consumers."""
        return not self.demand_given

    @property
    def value_given(self) -> bool:
        """Whether what the token is worth, but for news, is given from outside."""
        return "value_usd" in self.exogenous

    @property
    def market_made(self) -> float:
        """One where there may be a market maker, else zero."""
        return float(self.pooled and self.on("market_maker"))

    @property
    def window_days(self) -> int:
        """Days of the challenge window, the day of delivery included."""
        return int(self.parameters.jobs.challenge_hours // HOURS) + 1

    @property
    def controller_delayed(self) -> bool:
        """Whether the fee's controller sees utilisation late."""
        return self.parameters.fees.controller_delay_days > 0

    @property
    def price_rule(self) -> str:
        """What makes the price: `market.price_process`, `given` from outside, or `quantity` for want of a pool."""
        process = self.parameters.market.price_process
        if "price_usd" in self.exogenous:
            return "given"
        return "quantity" if process == "pool" and not self.pooled else process

    def reading(self, name: str) -> Any:
        """The value of a parameter by dotted name, or of a property of the economy: what a choice is made by."""
        contract, _, key = name.rpartition(".")
        return getattr(getattr(self.parameters, contract), key) if contract else getattr(self, name)

    def on(self, mechanism: str) -> bool:
        """Whether a mechanism is on; all are unless switched off."""
        return self.mechanisms.get(mechanism, True)

    def idle(self, shock: Shock) -> str:
        """Why a shock would change nothing, in words; empty where it has something to act on."""
        kind = KINDS[shock.kind]
        given = [f"exogenous.{name} is given" for name in kind.instead if name in self.exogenous]
        off = [f"mechanisms.{name} is off" for name in kind.needs if not self.on(name)]
        if kind.needs_one_of and not any(self.on(name) for name in kind.needs_one_of):
            off.append(f"{', '.join(f'mechanisms.{name}' for name in kind.needs_one_of)} are off")
        process = self.parameters.market.price_process
        elsewhere = [f"market.price_process is {process}, not pool"] if kind.only_in_pool and process != "pool" else []
        return ", ".join(given + off + elsewhere)

    def hopeless(self, attack: Attack) -> str:
        """Why an attack could not be made at all, in words; empty where it can."""
        kind, size = attacks.KINDS[attack.kind], self.parameters.population
        off = [f"mechanisms.{name} is off" for name in kind.needs if not self.on(name)]
        last = attack.first + attack.count
        few = [f"there are {n} {name}" for name in kind.crew if (n := getattr(size, name)) < last]
        late = ["it buys votes on the day before, and there is none"] * (attack.day == 0)
        dry = ["there is no pool to buy votes in"] * (not self.pooled)
        return ", ".join(off + few + (late + dry) * (attack.kind == "vote_buying"))

    def structure(self) -> tuple[object, ...]:
        """What trajectories of one ensemble must share: it shapes the state or chooses the functions."""
        values = flatten(self.parameters)
        fixed = tuple(values[name] for name in sorted(STRUCTURAL))
        paths = tuple((name, path.size) for name, path in sorted(self.exogenous.items()))
        off = tuple(sorted(name for name, on in self.mechanisms.items() if not on))
        scripted = (self.proposals, self.shocks, self.attacks)
        return (fixed, paths, off, scripted, self.noise, self.go_literal, self.days, self.phased, self.start)
