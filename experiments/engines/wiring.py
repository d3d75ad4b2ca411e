"""The wiring: the order of a day.

Blocks declare themselves beside their policies (`policies/`), variables their laws of motion (`state_updates/`); here
stands the one thing that is decided for all of them, in which order they come. `blocks(economy)` gives the substeps of
an economy's day with its interpretations chosen, without those that are off; `wiring` puts them in the form that
radCAD and cadCAD take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from experiments.engines.guard import guarded
from experiments.engines.launch import resting
from model.arrays import Signals, Unread, Values
from model.block import Block, Policy
from model.economy import Economy
from model.flows import LEDGER
from model.ledger import BOOKED
from model.variable import Update
from policies import BLOCKS
from state_updates import UPDATES, VARIABLES
from state_updates.common import Updated, flows_moved

Function = Callable[..., Any]
Wired = dict[str, dict[str, Function]]

DAY: Mapping[str, str] = {
    "open": "Flows are counted from here.",
    "vesting": "What unlocks can be sold today.",
    "emission": "Of yesterday's growth, before anything is served.",
    "rewards": "To those whose stake stood overnight.",
    "oracle": "Before anybody goes by its price.",
    "base_rate": "At the price that the oracle has just found.",
    "outside": "Prices are compared before orders are placed.",
    "demand": "At the prices that stood overnight.",
    "pricing": "The quote follows today's demand and yesterday's capacity.",
    "conduct": "Knowing the quote, before the work.",
    "registry": "Who may work, before capacity is counted.",
    "capacity": "Who is up, before orders find a price.",
    "matching": "Today's demand meets today's capacity.",
    "valuation": "With the day's news, before anybody trades on it.",
    "speculators": "Orders are decided before the market clears, all on yesterday's prices.",
    "capital": "Of the day's value; it is there after the day's trades.",
    "liquidity_providers": "By what the pool earned until yesterday, at the price that stands.",
    "maker": "Likewise.",
    "intervention": "Likewise.",
    "market": "Consumers buy the tokens that they pay with today.",
    "priority": "The queue of yesterday says who is in a hurry.",
    "jobs": "Paid for with the tokens just bought.",
    "award": "Of the jobs served.",
    "validation": "Among the jobs served; before payment, so that failures can be disputed.",
    "failures": "What was not delivered is not paid.",
    "challenges": "Disputes hold back payment, so they come before it.",
    "escrow": "Releases what no dispute holds back.",
    "channels": "Claims what was delivered.",
    "settlement": "Of all that was released and claimed.",
    "rebates": "On today's fees.",
    "slashing": "By today's verdicts and failures, once work is paid.",
    "insurance": "Out of today's fees and slashes.",
    "reputation": "Of today's deliveries and verdicts.",
    "latency": "Of today's load.",
    "satisfaction": "Of today's latency, price and deliveries.",
    "providers": "By today's income.",
    "metering": "The day's utilisation is known.",
    "fees": "Tomorrow's fee, from what metering saw.",
    "burn_governor": "Tomorrow's burn, from today's supply.",
    "growth": "Tomorrow's emission, from today's work.",
    "delegation": "By today's yields, before stakes move.",
    "staking": "By today's yields; counts from tomorrow.",
    "power": "The votes of tonight's stakes.",
    "electorate": "Ideas are weighed by tonight's votes.",
    "governance": "New values hold from tomorrow.",
    "treasury": "After governance, whose payments come first.",
    "price": "The close, after all trades.",
    "take": "Of today's receipts, at the closing price.",
    "close": "The last.",
}
"""Every block in the order of a day, with why it stands there."""

MECHANISMS: Mapping[str, str] = {
    mechanism.name: mechanism.doc for mechanism in (BLOCKS[name].mechanism for name in DAY) if mechanism
}
"""Every mechanism that a scenario can switch off, with what it is, in the order of a day."""


@dataclass(frozen=True)
class Substep:
    """A block as one economy runs it: the policy that was chosen (None for the clock) and the figures that it updates.

    `mechanism` is the one that can switch it off; none where something stands in for a mechanism that is off.
    """

    block: Block
    policy: Policy | None
    figures: Mapping[str, Update] = field(default_factory=dict)
    mechanism: str = ""

    @property
    def name(self) -> str:
        """The block's name."""
        return self.block.name

    @property
    def flows(self) -> list[str]:
        """The flows that this block's contract makes."""
        return [flow.name for flow in LEDGER.flows.values() if flow.contract == self.name]

    @property
    def variables(self) -> dict[str, Function]:
        """The update of every state variable that the block changes, accounts first."""
        accounts = {name: UPDATES[name] for name in LEDGER.touched(self.flows)}
        return accounts | dict(self.figures) | ({"flows_nquiv": flows_moved} if self.flows else {})


def blocks(economy: Economy) -> list[Substep]:
    """The day of an economy: its substeps in order, without those whose mechanism is off."""
    day = [_substep(BLOCKS[name], economy) for name in DAY]
    return [substep for substep in day if substep]


def _substep(block: Block, economy: Economy) -> Substep | None:
    """The block with its policy chosen, with what stands in for a mechanism that is off, or none."""
    if not block.stands(economy):
        return None
    on = block.mechanism is None or economy.on(block.mechanism.name)
    policy = block.chosen(economy) if on else block.otherwise
    if not on and policy is None:
        return None
    if policy and economy.phased:
        policy = resting(block, policy)
    figures = {name: UPDATES[name] for name in _figures(block)}
    return Substep(block, policy, figures, block.mechanism.name if on and block.mechanism else "")


def _figures(block: Block) -> tuple[str, ...]:
    """The variables that are not accounts, of those that the block updates."""
    if block.variables is not None:
        return block.variables
    return tuple(
        name for name, variable in VARIABLES.items() if variable.contract == block.name and name not in LEDGER.accounts
    )


def wiring(chosen: list[Substep]) -> list[Wired]:
    """The blocks as radCAD and cadCAD take them."""
    return [
        {"policies": {b.name: guarded(b.name, b.policy)} if b.policy else {}, "variables": b.variables} for b in chosen
    ]


def audited(wired: list[Wired]) -> list[Wired]:
    """The same blocks, each with an audit of the accounts, as the state update of the audit's book.

    The reference engines hand no function the state after a substep, so the audit works out the changed accounts once
    more, by the block's own updates. The ensemble needs none of this: it checks the state itself.
    """
    return [{**block, "variables": block["variables"] | _audit(block)} for block in wired]


def _audit(block: Wired) -> dict[str, Function]:
    accounts = {key: function for key, function in block["variables"].items() if key in LEDGER.columns}
    last = "day" in block["variables"]
    name = next(iter(block["policies"]), "without a policy")

    def booked_nquiv(
        params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
    ) -> Updated:
        unseen = (substep, state_history)
        after = dict(function(params, *unseen, previous_state, policy_input) for function in accounts.values())
        day, runs = int(previous_state["day"]), params["draws.run"]
        totals = LEDGER.read(previous_state[BOOKED])
        totals = LEDGER.audit(totals, {**previous_state, **after}, policy_input, list(after), day, name, runs)
        if last:
            LEDGER.check_whole(totals, f"day {day}, at its end", runs)
        return BOOKED, LEDGER.book(totals)

    def audited_substeps(
        params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
    ) -> Updated:
        return "audited_substeps", previous_state["audited_substeps"] + bool(accounts)

    return {function.__name__: function for function in (booked_nquiv, audited_substeps)}
