"""The wiring: which functions make up a day, in which order.

This is the one place that lists the partial state update blocks. `blocks(economy)` resolves the static choices
(readings of the documents, mechanisms that are off, processes given from outside) and returns them; `wiring` puts
them in the form that radCAD and cadCAD take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from experiments.engines.launch import resting
from model.arrays import Signals, Unread, Values
from model.economy import Economy
from model.flows import LEDGER
from policies import (
    award,
    burn_governor,
    capacity,
    challenges,
    channels,
    conduct,
    delegation,
    demand,
    electorate,
    emission,
    escrow,
    failures,
    fees,
    governance,
    growth,
    insurance,
    intervention,
    jobs,
    latency,
    maker,
    market,
    matching,
    metering,
    oracle,
    outside,
    pool,
    power,
    price,
    pricing,
    priority,
    providers,
    rebates,
    registry,
    reputation,
    rewards,
    satisfaction,
    settlement,
    slashing,
    speculators,
    staking,
    validation,
)
from policies import treasury as treasury_policies
from policies import vesting as vesting_policies
from state_updates import award as award_updates
from state_updates import burn_governor as burn_governor_updates
from state_updates import capacity as capacity_updates
from state_updates import challenges as challenges_updates
from state_updates import channels as channels_updates
from state_updates import clock
from state_updates import conduct as conduct_updates
from state_updates import delegation as delegation_updates
from state_updates import demand as demand_updates
from state_updates import electorate as electorate_updates
from state_updates import escrow as escrow_updates
from state_updates import failures as failures_updates
from state_updates import fees as fees_updates
from state_updates import governance as governance_updates
from state_updates import growth as growth_updates
from state_updates import insurance as insurance_updates
from state_updates import intervention as intervention_updates
from state_updates import jobs as jobs_updates
from state_updates import latency as latency_updates
from state_updates import maker as maker_updates
from state_updates import market as market_updates
from state_updates import matching as matching_updates
from state_updates import metering as metering_updates
from state_updates import oracle as oracle_updates
from state_updates import outside as outside_updates
from state_updates import pool as pool_updates
from state_updates import power as power_updates
from state_updates import pricing as pricing_updates
from state_updates import priority as priority_updates
from state_updates import providers as providers_updates
from state_updates import rebates as rebates_updates
from state_updates import registry as registry_updates
from state_updates import reputation as reputation_updates
from state_updates import rewards as rewards_updates
from state_updates import satisfaction as satisfaction_updates
from state_updates import settlement as settlement_updates
from state_updates import slashing as slashing_updates
from state_updates import speculators as speculators_updates
from state_updates import staking as staking_updates
from state_updates import treasury as treasury_updates
from state_updates import validation as validation_updates
from state_updates.common import Updated, account, flows_moved

Function = Callable[..., Any]
Wired = dict[str, dict[str, Function]]


@dataclass(frozen=True)
class Block:
    """One substep: what it does, its policy (None for the clock), the figures it updates, its mechanism.

    The accounts that it updates follow from its flows. `otherwise` is the policy that stands in when the mechanism is
    off; where the mechanism `needs` is off there is no block at all.
    """

    name: str
    doc: str
    policy: Function | None
    figures: Mapping[str, Function] = field(default_factory=dict)
    mechanism: str = ""
    otherwise: Function | None = None
    needs: str = ""

    @property
    def flows(self) -> list[str]:
        """The flows that this block's contract makes."""
        return [flow.name for flow in LEDGER.flows.values() if flow.contract == self.name]

    @property
    def variables(self) -> dict[str, Function]:
        """Every state variable that the block updates, accounts first."""
        accounts = {name: account(name) for name in LEDGER.touched(self.flows)}
        return accounts | dict(self.figures) | ({"flows_nquiv": flows_moved} if self.flows else {})


def blocks(economy: Economy) -> list[Block]:
    """The day of an economy: its blocks in order, without those whose mechanism is off."""
    day = [
        Block("open", "The day's flows start at zero.", None, clock.OPENING),
        Block("vesting", "Allocations unlock.", _vesting(economy), mechanism="vesting"),
        Block("emission", "The day's rewards are minted.", emission.emit, mechanism="emission"),
        Block("rewards", "Stake is paid.", _rewards(economy), rewards_updates.UPDATES, "rewards"),
        Block("oracle", "Feeds report.", oracle.observe, oracle_updates.UPDATES, "oracle", oracle.follow_market),
        Block("outside", "Some go elsewhere.", outside.compare_prices, outside_updates.UPDATES, "outside_option"),
        Block("demand", "Consumers decide what to spend.", _demand(economy), demand_updates.UPDATES, "demand"),
        Block("pricing", "The oracle quotes inference.", _pricing(economy), pricing_updates.UPDATES, "dynamic_pricing"),
        Block("conduct", "Some cheat, if it pays.", _conduct(economy), conduct_updates.UPDATES, "conduct"),
        Block("registry", "Who has a tier, or grace.", registry.register, registry_updates.UPDATES),
        Block(
            "capacity",
            "Providers are up or down.",
            capacity.offer_when_up,
            capacity_updates.UPDATES,
            "outages",
            capacity.offer_always,
        ),
        Block("matching", "Orders find a price.", _matching(economy), matching_updates.UPDATES),
        Block("speculators", "Speculators decide.", speculators.decide, speculators_updates.UPDATES, "speculators"),
        Block("maker", "The market maker quotes.", maker.quote, maker_updates.UPDATES, "market_maker"),
        Block(
            "intervention",
            "The treasury steadies.",
            intervention.steady,
            intervention_updates.UPDATES,
            "intervention",
        ),
        _market(economy),
        Block(
            "priority",
            "Some are in a hurry.",
            priority.hurry_when_jobs_wait,
            priority_updates.UPDATES,
            "priority_lane",
            needs="settlement",
        ),
        Block(
            "jobs",
            "Jobs are posted, served, expire.",
            jobs.queue_and_serve,
            jobs_updates.UPDATES,
            "queue",
            jobs.serve_or_refund,
            needs="settlement",
        ),
        Block("award", "Providers share the work.", _award(economy), award_updates.UPDATES, needs="settlement"),
        Block(
            "validation",
            "Canaries are judged.",
            validation.validate,
            validation_updates.UPDATES,
            "validation",
            needs="settlement",
        ),
        Block(
            "failures",
            "Some jobs break off.",
            failures.fail_some,
            failures_updates.UPDATES,
            "failures",
            failures.deliver_all,
            needs="settlement",
        ),
        Block(
            "challenges",
            "Cases are opened, ruled on, appealed.",
            challenges.judge,
            challenges_updates.UPDATES,
            "challenges",
            needs="settlement",
        ),
        Block(
            "escrow",
            "Payments are released.",
            escrow.hold_and_release,
            escrow_updates.UPDATES,
            "escrow",
            escrow.release_at_once,
            needs="settlement",
        ),
        Block(
            "channels",
            "Payments are streamed.",
            channels.stream_and_refill,
            channels_updates.UPDATES,
            "channels",
            needs="settlement",
        ),
        Block(
            "settlement", "Payments are split by receipts.", settlement.settle, settlement_updates.UPDATES, "settlement"
        ),
        Block(
            "rebates",
            "Rebates are paid.",
            _rebates(economy),
            rebates_updates.UPDATES,
            "rebates",
            needs="settlement",
        ),
        Block("slashing", "Stake is slashed.", slashing.slash, slashing_updates.UPDATES, "slashing"),
        Block("insurance", "Losses are made good.", insurance.pay_claims, insurance_updates.UPDATES, "insurance"),
        Block(
            "reputation",
            "Providers make a name.",
            reputation.remember,
            reputation_updates.UPDATES,
            "reputation",
            needs="settlement",
        ),
        Block("latency", "Jobs wait and are served.", latency.wait_and_serve, latency_updates.UPDATES, "latency"),
        Block(
            "satisfaction",
            "Consumers judge, leave, return.",
            satisfaction.judge_and_churn,
            satisfaction_updates.UPDATES,
            "satisfaction",
        ),
        Block(
            "providers",
            "Providers come and go.",
            providers.enter_and_leave,
            providers_updates.UPDATES,
            "entry",
            providers.stay_or_exit,
        ),
        Block(
            "metering", "Utilisation is read off.", _metering(economy), metering_updates.UPDATES, needs="adaptive_fee"
        ),
        Block("fees", "The fee follows congestion.", _fees(economy), fees_updates.UPDATES, "adaptive_fee"),
        Block("burn_governor", "Burning follows inflation.", _burn(economy), burn_governor_updates.UPDATES),
        Block("growth", "Network growth is measured.", _growth(economy), growth_updates.UPDATES, "growth_multiplier"),
        Block(
            "delegation",
            "Some choose another provider.",
            delegation.choose_providers,
            delegation_updates.UPDATES,
            "delegation",
        ),
        Block("staking", "Agents stake, unstake, unbond.", _staking(economy), staking_updates.UPDATES, "staking"),
        Block("power", "Votes are weighed.", _power(economy), power_updates.UPDATES, needs="governance"),
        Block(
            "electorate",
            "Somebody has an idea.",
            _electorate(economy),
            electorate_updates.UPDATES,
            "proposing",
            needs="governance",
        ),
        Block("governance", "Proposals move on.", _governance(economy), governance_updates.UPDATES, "governance"),
        Block(
            "treasury",
            "Grants and operations are paid.",
            treasury_policies.pay_out,
            treasury_updates.UPDATES,
            "treasury",
        ),
        Block("price", "The token's price closes.", _price(economy), market_updates.UPDATES, "price"),
        Block("close", "The day ends.", None, clock.CLOSING),
    ]
    resolved = [block for block in (_resolved(economy, block) for block in day) if block is not None]
    return [_launched(block) for block in resolved] if economy.phased else resolved


def _resolved(economy: Economy, block: Block) -> Block | None:
    """The block as it is, with what stands in for a mechanism that is off, or none."""
    voting = economy.listed or economy.on("proposing")
    if block.name in ("power", "governance") and not voting:
        return None
    if block.name == "electorate" and economy.listed:
        return None
    if block.name in ("speculators", "maker", "intervention") and not economy.pooled:
        return None
    if block.name == "outside" and "demand_tokens" in economy.exogenous:
        return None
    if block.needs and not economy.on(block.needs):
        return None
    if not block.mechanism or economy.on(block.mechanism):
        return block
    return replace(block, policy=block.otherwise, mechanism="") if block.otherwise else None


def _launched(block: Block) -> Block:
    """The block at rest until the day of its phase."""
    return replace(block, policy=resting(block.name, block.policy)) if block.policy else block


def _vesting(economy: Economy) -> Function:
    readings = {
        "accrue_at_cliff": vesting_policies.accrue_at_cliff,
        "linear_after_cliff": vesting_policies.linear_after_cliff,
    }
    return readings[economy.parameters.supply.cliff_reading]


def _rewards(economy: Economy) -> Function:
    readings = {
        "class_pools": rewards.pay_by_class,
        "per_token": rewards.pay_by_token,
        "fixed_apy": rewards.pay_fixed,
        "lottery": rewards.pay_by_lottery,
    }
    return readings[economy.parameters.staking.rewards]


def _conduct(economy: Economy) -> Function:
    kept = economy.parameters.conduct.gain_when_caught == "kept"
    return conduct.behave_if_caught_keep if kept else conduct.behave_if_caught_lose


def _demand(economy: Economy) -> Function:
    return demand.follow_demand_path if "demand_tokens" in economy.exogenous else demand.want_inference


def _pricing(economy: Economy) -> Function:
    readings = {
        ("capacity", False): pricing.quote_by_capacity,
        ("providers", False): pricing.quote_by_providers,
        ("capacity", True): pricing.quote_by_capacity_go,
        ("providers", True): pricing.quote_by_providers_go,
    }
    return readings[economy.parameters.pricing.supply_reading, economy.go_literal]


def _market(economy: Economy) -> Block:
    if economy.pooled:
        return Block("market", "A batch trades.", pool.trade_in_batch, pool_updates.UPDATES, "market")
    return Block("market", "Purchases meet sales.", market.clear_market, market_updates.CLEARING, "market")


def _matching(economy: Economy) -> Function:
    formats = {
        "spot": matching.pay_the_quote,
        "auction": matching.pay_the_auction,
        "contract": matching.pay_the_contract,
    }
    return formats[economy.parameters.matching.format]


def _rebates(economy: Economy) -> Function:
    return rebates.pay_all if economy.parameters.rebates.reading == "stackable" else rebates.pay_bounded


def _award(economy: Economy) -> Function:
    return award.by_merit if economy.parameters.matching.format == "auction" else award.by_priority


def _growth(economy: Economy) -> Function:
    readings = {
        ("ratio", False): growth.grow_by_ratio,
        ("rate", False): growth.grow_by_rate,
        ("ratio", True): growth.grow_by_ratio_go,
        ("rate", True): growth.grow_by_rate_go,
    }
    return readings[economy.parameters.emission.growth_reading, economy.go_literal]


def _staking(economy: Economy) -> Function:
    linear = economy.parameters.staking.unbonding_shape == "linear"
    return staking.stake_and_release_linearly if linear else staking.stake_and_release_at_end


def _governance(economy: Economy) -> Function:
    live = economy.parameters.governance.snapshot == "live_balance"
    policies = {
        (True, False): governance.govern_by_script,
        (True, True): governance.govern_by_script_live,
        (False, False): governance.govern_by_agents,
        (False, True): governance.govern_by_agents_live,
    }
    return policies[economy.listed, live]


def _metering(economy: Economy) -> Function:
    return metering.see_late if economy.parameters.fees.controller_delay_days else metering.see_today


def _fees(economy: Economy) -> Function:
    controllers = {
        "spec": fees.adapt_fee,
        "points": fees.adapt_fee_by_points,
        "eip1559": fees.adapt_fee_to_target,
    }
    return controllers[economy.parameters.fees.controller]


def _burn(economy: Economy) -> Function:
    return burn_governor.aim if economy.parameters.fees.burn_governor else burn_governor.rest


def _electorate(economy: Economy) -> Function:
    live = economy.parameters.governance.snapshot == "live_balance"
    return electorate.think_live if live else electorate.think


def _power(economy: Economy) -> Function:
    readings = {"weighted": power.weigh, "root": power.weigh_root, "one_token": power.count_tokens}
    return power.weigh_go if economy.go_literal else readings[economy.parameters.governance.power]


def _price(economy: Economy) -> Function:
    if "price_usd" in economy.exogenous:
        return price.follow_price_path
    processes = {
        "quantity": price.revert_to_quantity_value,
        "gbm": price.follow_brownian_motion,
        "jumps": price.follow_jumps,
        "burn_mint": price.balance_burn_and_mint,
        "pool": price.close_at_pool if economy.pooled else price.revert_to_quantity_value,
    }
    return processes[economy.parameters.market.price_process]


def wiring(chosen: list[Block]) -> list[Wired]:
    """The blocks as radCAD and cadCAD take them."""
    return [{"policies": {b.name: b.policy} if b.policy else {}, "variables": b.variables} for b in chosen]


def audited(wired: list[Wired]) -> list[Wired]:
    """The same blocks, each with an audit of the accounts that it changes, as the state update of `audited_substeps`.

    The reference engines hand no function the state after a substep, so the audit works out the changed accounts once
    more, by the block's own updates. The ensemble needs none of this: it checks the state itself.
    """
    return [{**block, "variables": block["variables"] | _audit(block)} for block in wired]


def _audit(block: Wired) -> dict[str, Function]:
    touched = LEDGER.touched(list(LEDGER.flows))
    accounts = {key: function for key, function in block["variables"].items() if key in touched}
    if not accounts:
        return {}
    name = next(iter(block["policies"]), "without a policy")

    def audited_substeps(
        params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
    ) -> Updated:
        unseen = (substep, state_history)
        after = dict(function(params, *unseen, previous_state, policy_input) for function in accounts.values())
        before = {key: LEDGER.total(key, previous_state[key]) for key in after}
        LEDGER.audit(before, after, policy_input, list(after), int(previous_state["day"]), name, params["draws.run"])
        return "audited_substeps", previous_state["audited_substeps"] + 1

    return {"audited_substeps": audited_substeps}
