"""A snapshot's wei as the ledger's nano-QUIV, 10**9 wei each, without a token appearing or disappearing.

Each balance is rounded down; what all of them lose together is known to the wei. Its whole nano-QUIV are kept in one
account (`vesting_released`); what is left over, under one nano-QUIV of the whole supply, is outside of the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from experiments.inputs.snapshot.buckets import Agent
from experiments.inputs.snapshot.layout import COLUMNS
from model.parameters import REGISTRY
from model.parameters.supply import ALLOCATIONS
from model.spec.exact import WEI_PER_NQUIV
from model.start import UNBONDING, Start

DUST = "vesting_released"
SPECULATORS = len(REGISTRY["speculators.horizons_days"].default)


def to_start(
    day: int,
    accounts: Mapping[str, int],
    supply: Mapping[str, int],
    vesting: Mapping[str, int],
    agents: Mapping[str, Sequence[Agent]],
) -> tuple[Start, int]:
    """The state in nano-QUIV, and what of it the remainders of balances come to."""
    balances: dict[str, tuple[int, ...]] = {name: (amount // WEI_PER_NQUIV,) for name, amount in accounts.items()}
    balances["vesting"] = tuple(vesting.get(name, 0) // WEI_PER_NQUIV for name in ALLOCATIONS)
    each, rest = divmod(accounts["speculator_wallet"] // WEI_PER_NQUIV, SPECULATORS)
    balances["speculator_wallet"] = (each + rest, *[each] * (SPECULATORS - 1))
    for who, columns in COLUMNS.items():
        for column in columns:
            amounts = (agent.amounts[column] // WEI_PER_NQUIV for agent in agents[who])
            balances[f"{who[:-1]}_{column}"] = tuple(amounts)
    releases = {}
    for who, word in UNBONDING.items():
        due = [
            sorted((ahead, amount // WEI_PER_NQUIV) for ahead, amount in agent.releases.items())
            for agent in agents[who]
        ]
        balances[f"{word}_unbonding"] = tuple(sum(amount for _, amount in own) for own in due)
        releases[who] = tuple((ahead, place, amount) for place, own in enumerate(due) for ahead, amount in own)
    left = (supply["minted"] - supply["burned"]) // WEI_PER_NQUIV
    kept = left - sum(map(sum, balances.values()))
    balances[DUST] = (balances[DUST][0] + kept,)
    number = {agent.name: place for place, agent in enumerate(agents["providers"])}
    burned = supply["burned"] // WEI_PER_NQUIV
    start = Start(
        day=day,
        minted=burned + left,
        burned=burned,
        balances={f"{name}_nquiv": amounts for name, amounts in balances.items()},
        releases=releases,
        holder_provider=tuple(number.get(holder.provider, -1) for holder in agents["holders"]),
    )
    return start, kept
