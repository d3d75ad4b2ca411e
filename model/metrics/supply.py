"""Metrics of supply: what there is, where it is, what is minted and burned, and how it is spread."""

from __future__ import annotations

from model.arrays import Array, ratio, to_quiv
from model.flows import LEDGER
from model.formulas import concentration
from model.ledger import SupplyPart
from model.metrics.metric import Chapter, Metric, Read, held_in, live_value, moved_by, value_of
from model.metrics.reading import Reading
from model.parameters.interests import IDEAS

CHAPTER = Chapter(
    "supply",
    "Supply and emission",
    "How many tokens there are and where they are, what is minted and burned, and who holds them.",
)

EMITTED = ("emission_to_staking", "emission_to_work")
BURNT = ("receipt_burn", "slash_burn")

LORENZ = (10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99)
"""Percentages of holders and providers at which the Lorenz curve is read."""


def _part(part: SupplyPart) -> Read:
    """Tokens of the accounts that are this part of the supply, QUIV."""
    return held_in(*LEDGER.where(lambda account: account.part == part))


def _bottom(percent: int) -> Read:
    """The Lorenz curve at a percentage, between agents on the straight line that joins them."""

    def read(r: Reading) -> Array:
        agents = r.lorenz.shape[-1]
        place = percent * agents / 100.0
        below = int(place)
        upper = r.lorenz[..., min(below, agents - 1)]
        lower = r.lorenz[..., below - 1] if below else 0.0 * upper
        return lower + (place - below) * (upper - lower)

    return read


METRICS = [
    Metric("supply_quiv", "Total supply", "QUIV", "Minted less burned.", lambda r: to_quiv(r.state["minted_nquiv"] - r.state["burned_nquiv"])),
    Metric("circulating_quiv", "Circulating supply", "QUIV", "Tokens that are not locked in vesting, in the treasury, in operations or in insurance.", lambda r: r.circulating, ("ChainMetrics.CirculatingSupply",)),
    Metric("minted_quiv", "Minted", "QUIV", "Cumulative mint, genesis allocations included.", lambda r: to_quiv(r.state["minted_nquiv"])),
    Metric("burned_quiv", "Burned", "QUIV", "Cumulative burn.", lambda r: to_quiv(r.state["burned_nquiv"]), ("ChainMetrics.BurnedTokens",)),
    Metric("emitted_quiv", "Emitted", "QUIV", "Cumulative emission of provider rewards.", lambda r: to_quiv(r.state["minted_nquiv"] - r.params["genesis.minted_nquiv"])),
    Metric("vesting_quiv", "Locked in vesting", "QUIV", "Allocations that are not unlocked.", held_in("vesting_nquiv")),
    Metric("stack_liquid_quiv", "Liquid", "QUIV", "Wallets of all agents, and the dust of daily clearing.", _part("liquid")),
    Metric("stack_liquidity_quiv", "Liquidity", "QUIV", "The liquidity pool, what of the allocation is not in it, and the market maker's tokens.", _part("liquidity")),
    Metric("stack_staked_quiv", "Staked", "QUIV", "Stake of providers, delegators and validators.", _part("staked")),
    Metric("stack_unbonding_quiv", "Unbonding", "QUIV", "Tokens on their way out of stake.", _part("unbonding")),
    Metric("stack_vesting_quiv", "Vesting", "QUIV", "Allocations that are not unlocked.", _part("vesting")),
    Metric("stack_treasury_quiv", "Treasury", "QUIV", "The DAO's treasury.", _part("treasury")),
    Metric("stack_protocol_quiv", "Protocol pools", "QUIV", "Reward pools, operations, insurance, escrow, channels, deposits, bonds, and what was seized.", _part("protocol")),
    Metric("emission_quiv", "Emission of the day", "QUIV a day", "Minted today.", moved_by(*EMITTED)),
    Metric("burn_quiv", "Burn of the day", "QUIV a day", "Burned today, of fees and of slashed stake.", moved_by(*BURNT), ("NetworkMetrics.RevenueMetrics", "Receipt.BurnAmount")),
    Metric("burn_over_emission", "Burn over emission", "ratio", "Burned today over minted today; above one the supply falls.", lambda r: ratio(r.moved(*BURNT), r.moved(*EMITTED))),
    Metric("growth_multiplier", "Growth multiplier", "ratio", "Factor on tomorrow's scheduled emission.", value_of("growth_multiplier")),
    Metric("burn_factor", "Factor of the burn governor", "ratio", "Factor on the burn share; one where the burn governor is off.", value_of("burn_factor")),
    *[live_value(name) for name in IDEAS if name.startswith("emission.")],
    *[Metric(f"bottom_{percent}_share", f"Held by the bottom {percent} %", "share of tokens", f"Share of their tokens that the poorest {percent} % of holders and providers own: a point of the Lorenz curve.", _bottom(percent)) for percent in LORENZ],
    Metric("gini", "Gini coefficient", "ratio", "Of holders' and providers' tokens, staked ones included.", lambda r: concentration.gini_sorted(r.balances)),
    Metric("nakamoto", "Nakamoto coefficient", "agents", "Fewest holders and providers who own over half of all that they own.", lambda r: concentration.nakamoto_sorted(r.balances) * 1.0),
]  # fmt: skip
