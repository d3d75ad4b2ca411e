"""What is reported of a day: each metric a name, a label, a unit, what it is, and how it is read from the state.

`measure(state, params, names)` gives one array `(*batch)` a metric. All are read from the state at the end of a day;
amounts are in QUIV. The same declarations label tables, figures and the generated page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from model.arrays import Array, ascending, namespace, ratio, sum_by, to_nquiv, to_quiv
from model.attacks import CLASSES
from model.codes import CASE_CAUSES, CASE_OUTCOMES, PROPOSAL_ENDS, SLASH_CAUSES
from model.flows import LEDGER, TAKEN
from model.formulas import amm, concentration, reputation, staking
from model.parameters import REGISTRY
from model.parameters.interests import IDEAS
from model.parameters.pricing import SIZES
from model.parameters.staking import TIERS

STAKED = ("provider_stake_nquiv", "holder_delegated_nquiv", "validator_stake_nquiv")
UNBONDING = ("provider_unbonding_nquiv", "holder_unbonding_nquiv", "validator_unbonding_nquiv")
WALLETS = (
    "provider_wallet_nquiv",
    "validator_wallet_nquiv",
    "consumer_wallet_nquiv",
    "holder_wallet_nquiv",
    "speculator_wallet_nquiv",
)
CLEARING = ("market_nquiv", "settlement_nquiv", "vesting_released_nquiv", "bribes_nquiv", "slashed_nquiv")
POOLS = (
    "seized_nquiv",
    "staking_rewards_nquiv",
    "work_rewards_nquiv",
    "operations_nquiv",
    "insurance_nquiv",
    "rebates_nquiv",
    "proposal_deposits_nquiv",
    "challenge_bonds_nquiv",
    "consumer_escrow_nquiv",
    "consumer_channel_nquiv",
)
OWNED = {
    "providers": ("provider_wallet_nquiv", "provider_stake_nquiv", "provider_unbonding_nquiv"),
    "consumers": ("consumer_wallet_nquiv", "consumer_escrow_nquiv", "consumer_channel_nquiv"),
    "validators": ("validator_wallet_nquiv", "validator_stake_nquiv", "validator_unbonding_nquiv"),
    "holders": ("holder_wallet_nquiv", "holder_delegated_nquiv", "holder_unbonding_nquiv"),
}
"""The accounts of each class of agents."""

UPTIME_BAR = 0.95
"""Uptime below which a provider counts as unreliable (WHITEPAPER, slashing for downtime)."""
CIRCULATING = tuple(account.name for account in LEDGER.accounts.values() if account.circulating)


@dataclass
class Reading:
    """A state at the end of a day, and what several metrics read of it, worked out once."""

    state: Mapping[str, Array]
    params: Mapping[str, Array]
    totals: dict[str, Array] = field(default_factory=dict)

    def held(self, *accounts: str) -> Array:
        """The accounts' sum, QUIV."""
        for name in accounts:
            if name not in self.totals:
                self.totals[name] = LEDGER.total(name, self.state[name])
        return to_quiv(sum((self.totals[name] for name in accounts[1:]), start=self.totals[accounts[0]]))

    def moved(self, *flows: str) -> Array:
        """What the flows moved today, QUIV."""
        return to_quiv(LEDGER.today(self.state, *flows))

    @cached_property
    def circulating(self) -> Array:
        """Accounts declared as circulating, and the treasury under that reading, QUIV."""
        return self.held(*CIRCULATING) + self.held("treasury_nquiv") * self.params["genesis.treasury_circulates"]

    @cached_property
    def balances(self) -> Array:
        """Tokens of each holder and provider, staked and unbonding ones included, QUIV, smallest first."""
        xp = namespace(self.state["price_usd"])
        kinds = [("holder", "delegated"), ("provider", "stake")]
        owned = [
            self.state[f"{who}_wallet_nquiv"] + self.state[f"{who}_{bond}_nquiv"] + self.state[f"{who}_unbonding_nquiv"]
            for who, bond in kinds
        ]
        return to_quiv(ascending(xp.concat(owned, axis=-1)))

    @cached_property
    def held_up_to(self) -> Array:
        """Share of all tokens that each and the smaller ones own, of holders and providers, smallest first."""
        xp = namespace(self.state["price_usd"])
        summed = xp.cumulative_sum(self.balances, axis=-1)
        return self.over(summed, summed[..., -1:] + 0.0 * summed)

    @cached_property
    def reached(self) -> list[Array]:
        """Providers whose stake reaches each tier's minimum, and none for a tier above the last."""
        xp = namespace(self.state["price_usd"])
        minimums = to_nquiv(self.params["staking.tier_minimum_quiv"])
        stake = self.state["provider_stake_nquiv"]
        counts = [xp.count_nonzero(stake >= minimums[..., i, None], axis=-1) * 1.0 for i in range(len(TIERS))]
        return [*counts, 0.0 * counts[0]]

    @cached_property
    def delegated_by_provider(self) -> Array:
        """What is delegated to each provider, QUIV, smallest first."""
        count = self.state["provider_stake_nquiv"].shape[-1]
        summed = sum_by(self.state["holder_delegated_nquiv"], self.state["holder_provider"], count)
        return to_quiv(ascending(summed))

    @property
    def top_delegation(self) -> Array:
        """Part of all delegations that the ten providers with the most have."""
        xp = namespace(self.state["price_usd"])
        most = self.delegated_by_provider
        return self.over(xp.sum(most[..., -10:], axis=-1), xp.sum(most, axis=-1))

    @cached_property
    def cheating(self) -> Array:
        """Part of each provider that cheats today: a smaller model or garbage."""
        return self.state["provider_degraded"] + self.state["provider_garbage"]

    @property
    def undetected(self) -> Array:
        """Providers who cheat, failed no canary today and have no case."""
        xp = namespace(self.state["price_usd"])
        seen = (self.state["canary_failed"] > 0) | (self.state["case_status"] > 0)
        return xp.sum(self.cheating * (1.0 - xp.astype(seen, xp.float64)), axis=-1)

    def inside(self, index: int) -> Array:
        """Whether each provider's stake reaches a tier and no higher one."""
        minimums, stake = to_nquiv(self.params["staking.tier_minimum_quiv"]), self.state["provider_stake_nquiv"]
        inside = stake >= minimums[..., index, None]
        return inside & (stake < minimums[..., index + 1, None]) if index + 1 < len(TIERS) else inside

    def stake_in(self, index: int) -> Array:
        """Own stake of the providers in a tier, QUIV."""
        xp = namespace(self.state["price_usd"])
        stake = self.state["provider_stake_nquiv"]
        return to_quiv(xp.sum(xp.where(self.inside(index), stake, 0 * stake), axis=-1))

    def remembered_uptime(self, index: int) -> Array:
        """Mean remembered uptime of those online in a tier; zero where there are none."""
        xp = namespace(self.state["price_usd"])
        there = self.state["provider_online"] * self.inside(index)
        return self.over(xp.sum(there * self.state["provider_activity"], axis=-1), xp.sum(there, axis=-1))

    @property
    def below_uptime_bar(self) -> Array:
        """Part of those online whose remembered uptime is below the bar; zero while nobody is online."""
        xp = namespace(self.state["price_usd"])
        online = self.state["provider_online"]
        below = online * (self.state["provider_activity"] < UPTIME_BAR)
        return self.over(xp.sum(below, axis=-1), xp.sum(online, axis=-1))

    @property
    def lowest_uptime(self) -> Array:
        """Lowest remembered uptime of those online; one while nobody is."""
        xp = namespace(self.state["price_usd"])
        uptime = self.state["provider_activity"]
        return xp.min(xp.where(self.state["provider_online"] > 0.0, uptime, 1.0 + 0.0 * uptime), axis=-1)

    @cached_property
    def contentment(self) -> Array:
        """Each consumer's satisfaction less the tolerance below which it leaves, lowest first."""
        return ascending(self.state["satisfaction"] - self.params["agents.tolerance"])

    @property
    def dissatisfied(self) -> Array:
        """Part of consumers, by budget, whose satisfaction is below their tolerance."""
        xp = namespace(self.state["price_usd"])
        budget = self.params["agents.budget_usd"]
        leaving = budget * (self.state["satisfaction"] < self.params["agents.tolerance"])
        return self.over(xp.sum(leaving, axis=-1), xp.sum(budget, axis=-1))

    def retained(self, index: int) -> Array:
        """Part of the demand for a model size that is with the network, of consumers by their budget for it."""
        xp = namespace(self.state["price_usd"])
        budget = self.params["agents.budget_usd"] * self.params["agents.size_mix"][..., index, :]
        return self.over(xp.sum(budget * self.state["consumer_active"], axis=-1), xp.sum(budget, axis=-1))

    def proposals(self, lowest: int, highest: int) -> Array:
        """Proposals whose status lies between two, both included."""
        xp = namespace(self.state["price_usd"])
        status = self.state["proposal_status"]
        return xp.count_nonzero((status >= lowest) & (status <= highest), axis=-1) * 1.0

    @cached_property
    def latest_turnout(self) -> Array:
        """Turnout of the proposal submitted last; zero before the first."""
        xp = namespace(self.state["price_usd"])
        days = xp.where(self.state["proposal_status"] > 0, self.state["proposal_day"], -1)
        latest = days == xp.max(days, axis=-1, keepdims=True)
        turnout = self.state["proposal_turnout"]
        return xp.max(xp.where(latest, turnout, 0.0 * turnout), axis=-1)

    @property
    def capture_quiv(self) -> Array:
        """Liquid tokens that carry a treasury proposal against those who usually vote, all of them against it."""
        xp = namespace(self.state["price_usd"])
        against = self.params["governance.turnout"] * xp.sum(self.state["voter_power_quiv"], axis=-1)
        threshold = xp.minimum(self.params["governance.threshold"][..., 2], 0.999)
        needed = against * threshold / (1.0 - threshold)
        return xp.maximum(needed, self.state["governance.quorum"] * self.circulating)

    @property
    def capture_usd(self) -> Array:
        """What they would cost in the pool, as far as it reaches; zero without a pool."""
        xp = namespace(self.state["price_usd"])
        reserve = self.held("pool_nquiv")
        wanted = xp.minimum(self.capture_quiv, 0.99 * reserve)
        some = xp.where(reserve > 0.0, reserve, 1.0 + 0.0 * reserve)
        usd = amm.usd_for_purchase(wanted, some, self.state["pool_usd"], self.params["pool.fee"])
        return xp.where(reserve > 0.0, usd, 0.0 * usd)

    @property
    def attack_profit(self) -> Array:
        """What executed treasury proposals have paid, sold to the pool, less what attackers paid for tokens, USD."""
        xp = namespace(self.state["price_usd"])
        reserve, fee = xp.maximum(self.held("pool_nquiv"), 1e-9), self.params["pool.fee"]
        got = amm.usd_for_sale(self.state["payments_made_quiv"], reserve, self.state["pool_usd"], fee)
        return got - self.state["attack_spent_usd"]

    def group(self, place: int) -> Array:
        """Cash of a class of agents, in the order of `attacks.CLASSES`: of crews, then of all others, USD."""
        return self.state["cash_usd"][..., place]

    def tokens_of(self, name: str, crew: bool) -> Array:
        """All tokens of a class, of crews or of all others, QUIV."""
        xp = namespace(self.state["price_usd"])
        owned = sum((self.state[account] for account in OWNED[name][1:]), start=self.state[OWNED[name][0]])
        member = self.params[f"attacks.crew_{name}"]
        return xp.sum(to_quiv(owned) * (member if crew else 1.0 - member), axis=-1)

    def worth(self, tokens_quiv: Array) -> Array:
        """What tokens bring if they are sold to the pool in one piece, or without a pool at the price, USD."""
        xp = namespace(self.state["price_usd"])
        reserve = self.held("pool_nquiv")
        pooled = amm.usd_for_sale(
            tokens_quiv, xp.maximum(reserve, 1e-9), self.state["pool_usd"], self.params["pool.fee"]
        )
        return xp.where(reserve > 0.0, pooled, tokens_quiv * self.state["price_usd"])

    @property
    def crew_cash(self) -> Array:
        """Cash of all crews, USD."""
        return sum((self.group(i) for i in range(1, len(CLASSES))), start=self.group(0))

    @property
    def crew_wealth(self) -> Array:
        """Cash of all crews and what their tokens would bring, USD."""
        tokens = sum((self.tokens_of(name, True) for name in CLASSES[1:]), start=self.tokens_of(CLASSES[0], True))
        return self.crew_cash + self.worth(tokens)

    @property
    def runway_days(self) -> Array:
        """Days for which the treasury lasts at today's net spending, a century at the most."""
        xp = namespace(self.state["price_usd"])
        budget = ("treasury_grant", "treasury_to_insurance", "treasury_to_operations")
        spent = self.moved(*budget, "treasury_payment", "rebates_from_treasury")
        net = spent - self.moved("receipt_treasury", "deposit_forfeit", "channel_fee")
        return xp.minimum(self.held("treasury_nquiv") / xp.maximum(net, 1e-9), 36_500.0)

    @property
    def pool_gain(self) -> Array:
        """The pool's value over its first reserves held, less one; zero without a pool."""
        price, first = self.state["price_usd"], self.params["market.initial_price_usd"]
        put_in = self.params["genesis.pool_quiv"]
        held = put_in * (price + first)
        return self.over(self.state["pool_usd"] + self.held("pool_nquiv") * price - held, held)

    @property
    def impermanent_loss(self) -> Array:
        """What a pool without fee would be worth over its first reserves held, less one; zero without a pool."""
        moved = self.state["price_usd"] / self.params["market.initial_price_usd"]
        return amm.value_over_holding(moved) * (self.params["genesis.pool_quiv"] > 0.0)

    @cached_property
    def uptime(self) -> Array:
        """Part of those online who are up; one while nobody is online."""
        xp = namespace(self.state["price_usd"])
        online, up = self.state["provider_online"], self.state["provider_up"]
        return 1.0 - self.over(xp.sum(online * (1.0 - up), axis=-1), xp.sum(online, axis=-1))

    @cached_property
    def reputation(self) -> Array:
        """Mean score of those online."""
        xp = namespace(self.state["price_usd"])
        success, online = self.state["provider_success"], self.state["provider_online"]
        activity, weights = self.state["provider_activity"], self.params["reputation.weights"]
        score = reputation.score(success, self.state["provider_penalty"], activity, weights)
        return self.over(xp.sum(score * online, axis=-1), xp.sum(online, axis=-1))

    def over(self, part: Array, whole: Array) -> Array:
        """A ratio, zero where the whole is."""
        return ratio(part, whole)

    @property
    def jobs_demanded(self) -> Array:
        """Jobs by model size, in fractions, that the tokens demanded make."""
        return self.state["demand_tokens"] / self.params["jobs.tokens_per_job"]

    def tokens(self, name: str) -> Array:
        """A figure by model size, summed over sizes."""
        return namespace(self.state[name]).sum(self.state[name], axis=-1)


@dataclass(frozen=True)
class Metric:
    """`read` gives an array of shape `(*batch)`."""

    name: str
    label: str
    unit: str
    doc: str
    read: Callable[[Reading], Array]


def _held(*accounts: str) -> Callable[[Reading], Array]:
    return lambda r: r.held(*accounts)


def _moved(*flows: str) -> Callable[[Reading], Array]:
    return lambda r: r.moved(*flows)


def _figure(name: str) -> Callable[[Reading], Array]:
    return lambda r: r.state[name]


def _tier(index: int) -> Callable[[Reading], Array]:
    return lambda r: r.reached[index] - r.reached[index + 1]


def _stake_in(index: int) -> Callable[[Reading], Array]:
    return lambda r: r.stake_in(index)


def _count_of(name: str, index: int) -> Callable[[Reading], Array]:
    return lambda r: r.state[name][..., index] * 1.0


def _amount_of(name: str, index: int) -> Callable[[Reading], Array]:
    return lambda r: to_quiv(r.state[name][..., index])


def _wealth(index: int, name: str) -> Callable[[Reading], Array]:
    """Cash and tokens of the agents of a class who are of no crew."""
    return lambda r: r.group(len(CLASSES) + index) + r.tokens_of(name, False) * r.state["price_usd"]


MOST_APR = 10.0
"""Yield beyond which compounding a single day's reward for a year says nothing (and overflows)."""


def _size_of(name: str, index: int) -> Callable[[Reading], Array]:
    return lambda r: r.state[name][..., index]


def _uptime_in(index: int) -> Callable[[Reading], Array]:
    return lambda r: r.remembered_uptime(index)


def _retained(index: int) -> Callable[[Reading], Array]:
    return lambda r: r.retained(index)


LORENZ = (10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99)
"""Percentages of holders and providers at which the Lorenz curve is read."""


def _bottom(percent: int) -> Callable[[Reading], Array]:
    """The Lorenz curve at a percentage, between agents on the straight line that joins them."""

    def read(r: Reading) -> Array:
        agents = r.held_up_to.shape[-1]
        place = percent * agents / 100.0
        below = int(place)
        upper = r.held_up_to[..., min(below, agents - 1)]
        lower = r.held_up_to[..., below - 1] if below else 0.0 * upper
        return lower + (place - below) * (upper - lower)

    return read


PAID = ("payment", "channel_payment", "wash_payment")
BOUGHT = ("consumer_purchase", "holder_purchase", "speculator_purchase", "maker_purchase", "pool_purchase")
TRANSFERS = (
    *PAID,
    *BOUGHT,
    "provider_sale",
    "validator_sale",
    "holder_sale",
    "speculator_sale",
    "maker_sale",
    "pool_sale",
)
REBATES = ("rebates_from_operations", "rebates_from_treasury")
BURNT = ("receipt_burn", "slash_burn")
EMITTED = ("emission_to_staking", "emission_to_work")


_DECLARED = [
    Metric("supply_quiv", "Total supply", "QUIV", "Minted less burned.", lambda r: to_quiv(r.state["minted_nquiv"] - r.state["burned_nquiv"])),
    Metric("circulating_quiv", "Circulating supply", "QUIV", "Tokens that are not locked in vesting, in the treasury, in operations or in insurance.", lambda r: r.circulating),
    Metric("minted_quiv", "Minted", "QUIV", "Cumulative mint, genesis allocations included.", lambda r: to_quiv(r.state["minted_nquiv"])),
    Metric("burned_quiv", "Burned", "QUIV", "Cumulative burn.", lambda r: to_quiv(r.state["burned_nquiv"])),
    Metric("emitted_quiv", "Emitted", "QUIV", "Cumulative emission of provider rewards.", lambda r: to_quiv(r.state["minted_nquiv"] - r.params["genesis.minted_nquiv"])),
    Metric("vesting_quiv", "Locked in vesting", "QUIV", "Allocations that are not unlocked.", _held("vesting_nquiv")),
    Metric("tvl_usd", "Total value locked", "USD", "Staked, delegated, unbonding tokens, escrow, channels, deposits and bonds, at the token's price.", lambda r: r.held(*STAKED, *UNBONDING, "consumer_escrow_nquiv", "consumer_channel_nquiv", "proposal_deposits_nquiv", "challenge_bonds_nquiv") * r.state["price_usd"]),
    Metric("staked_quiv", "Staked by providers", "QUIV", "Providers' own stake.", _held("provider_stake_nquiv")),
    Metric("delegated_quiv", "Delegated", "QUIV", "Holders' delegated stake.", _held("holder_delegated_nquiv")),
    Metric("unbonding_quiv", "Unbonding", "QUIV", "Tokens on their way out of stake.", _held(*UNBONDING)),
    Metric("staking_ratio", "Staking ratio", "share of circulating supply", "Tokens staked by providers, delegators and validators over circulating supply.", lambda r: r.over(r.held(*STAKED), r.circulating)),
    Metric("direct_apr", "Yield of own stake", "1 / year", "Today's reward of providers' own stake, a year of it over the stake, not compounded.", _figure("direct_apr")),
    Metric("delegator_apr", "Yield of delegation", "1 / year", "Today's reward of delegated stake, a year of it over the stake, not compounded.", _figure("delegator_apr")),
    Metric("delegator_apy", "Yield of delegation, compounded", "1 / year", "The same yield compounded daily; one above 10 a year, as on the first days, counts as 10.", lambda r: staking.apy(namespace(r.state["delegator_apr"]).minimum(r.state["delegator_apr"], MOST_APR))),
    *[Metric(f"providers_{tier}", f"Providers in tier {tier}", "providers", f"Providers whose stake reaches {tier} and no higher tier.", _tier(i)) for i, tier in enumerate(TIERS)],
    *[Metric(f"stake_quiv_{tier}", f"Stake in tier {tier}", "QUIV", f"Own stake of the providers in tier {tier}.", _stake_in(i)) for i, tier in enumerate(TIERS)],
    Metric("validator_staked_quiv", "Staked by validators", "QUIV", "Validators' stake.", _held("validator_stake_nquiv")),
    Metric("validator_apr", "Yield of validators' stake", "1 / year", "Today's reward of validators' stake, a year of it over the stake, not compounded.", _figure("validator_apr")),
    Metric("reward_shortfall_quiv", "Shortfall of promised rewards", "QUIV a day", "Promised staking rewards of today that the pool could not pay; zero but under fixed_apy.", _figure("reward_shortfall_quiv")),
    Metric("delegation_gini", "Gini coefficient of delegation", "ratio", "Of what is delegated to each provider.", lambda r: concentration.gini_sorted(r.delegated_by_provider)),
    Metric("delegation_top10_share", "Delegated to the ten largest", "share of delegations", "Part of all delegations that the ten providers with the most have.", lambda r: r.top_delegation),
    Metric("cheating_providers", "Providers who cheat", "providers", "Providers who serve a smaller model than was paid for, or garbage.", lambda r: namespace(r.cheating).sum(r.cheating, axis=-1)),
    Metric("undetected_providers", "Providers who cheat unseen", "providers", "Providers who cheat, failed no canary today and have no case against them.", lambda r: r.undetected),
    Metric("absent_providers", "Providers who stay away", "providers", "Providers who are staked and online but off to save their cost.", lambda r: r.tokens("provider_absent")),
    Metric("banned_providers", "Banned providers", "providers", "Providers who are banned for good.", lambda r: r.tokens("provider_banned") * 1.0),
    Metric("harm_share", "Harm by cheating", "share of work", "Part of the value of today's work that consumers lose by cheating.", _figure("harm_share")),
    Metric("canary_failures", "Failed canaries", "providers", "Providers who failed a canary today.", lambda r: r.tokens("canary_failed") * 1.0),
    Metric("validation_tasks", "Validation tasks", "canaries a day", "Canaries among today's jobs.", lambda r: r.state["validation_tasks"] * 1.0),
    Metric("validator_task_reward_quiv", "Reward of a task", "QUIV a task", "ValidatorReward: validators' fees and staking rewards of today over the votes on their tasks.", lambda r: r.over(r.moved("receipt_validators", "validator_reward"), r.tokens("validator_tasks"))),
    Metric("active_validators", "Active validators", "validators", "Validators with the stake and the accuracy.", lambda r: r.tokens("validator_active")),
    Metric("lazy_validators", "Validators who do not look", "validators", "Validators who vote without looking.", lambda r: r.tokens("validator_lazy")),
    Metric("validator_accuracy", "Accuracy of validators", "share of votes", "Mean share of right votes of validators as it is remembered.", lambda r: namespace(r.state["validator_accuracy"]).mean(r.state["validator_accuracy"], axis=-1)),
    Metric("challenges_open", "Open cases", "cases", "Cases against providers in vote, ruled on or appealed.", lambda r: namespace(r.state["case_status"]).count_nonzero(r.state["case_status"], axis=-1) * 1.0),
    *[Metric(f"cases_by_{cause}", f"Cases opened by {who}", "cases", f"Cases opened so far by {who}.", _count_of("cases_opened", i)) for i, (cause, who) in enumerate(zip(CASE_CAUSES, ("canaries", "consumers", "watchers", "challengers without reason"), strict=True))],
    *[Metric(f"cases_{outcome}", f"Cases {outcome}", "cases", what, _count_of("cases_closed", i)) for i, (outcome, what) in enumerate(zip(CASE_OUTCOMES, ("Cases closed so far with a guilty verdict.", "Cases closed so far with an acquittal.", "Cases closed so far for want of a quorum.", "Rulings overturned so far by an appeal."), strict=True))],
    Metric("challenge_bonds_quiv", "Bonds of cases", "QUIV", "Bonds of open challenges and appeals.", _held("challenge_bonds_nquiv")),
    Metric("bonds_lost_quiv", "Bonds lost", "QUIV a day", "Bonds of rejected challenges and lost appeals, paid to the insurance fund today.", _moved("bond_forfeit")),
    Metric("challenge_rewards_quiv", "Rewards of challengers", "QUIV a day", "RewardAmount paid today, parts of slashes included.", _moved("challenge_reward_consumer", "challenge_reward_watcher", "slash_to_consumer", "slash_to_watcher")),
    Metric("bribes_quiv", "Bribes", "QUIV a day", "What providers paid today for votes.", _moved("provider_bribe")),
    Metric("slashed_quiv", "Slashed", "QUIV", "Stake slashed so far.", lambda r: to_quiv(r.tokens("slashed_by_cause_nquiv"))),
    *[Metric(f"slashed_quiv_{cause}", f"Slashed, {what}", "QUIV", f"Stake slashed so far: {what}.", _amount_of("slashed_by_cause_nquiv", i)) for i, (cause, what) in enumerate(zip(SLASH_CAUSES, ("downtime", "smaller models", "garbage", "validators"), strict=True))],
    Metric("slash_rate", "Rate of slashing", "1 / year", "Part of stake that is slashed in a year, as it is remembered.", _figure("slash_rate")),
    Metric("claims_paid_quiv", "Insurance claims paid", "QUIV a day", "Verified losses that the insurance fund paid today.", _moved("insurance_claim")),
    Metric("claims_unpaid_quiv", "Insurance claims unpaid", "QUIV", "Claims so far that the fund could not pay.", lambda r: to_quiv(r.state["claims_unpaid_nquiv"])),
    Metric("insurance_ruined", "Insurance ruined", "0 or 1", "Whether the fund has ever failed to pay a claim; its mean over runs is the probability of ruin.", lambda r: (r.state["claims_unpaid_nquiv"] > 0) * 1.0),
    Metric("active_providers", "Active providers", "providers", "Providers who are online with the stake of a tier.", _figure("active_providers")),
    Metric("online_providers", "Providers online", "providers", "Providers who are online, with or without the stake of a tier.", lambda r: namespace(r.state["provider_online"]).sum(r.state["provider_online"], axis=-1)),
    Metric("provider_uptime", "Provider uptime", "share of providers", "Part of the active providers' time that they are up today.", lambda r: r.uptime),
    Metric("uptime_below_95_share", "Providers below 95 % uptime", "share of providers", "Part of the providers online who were online and up on fewer than 95 % of days, as it is remembered.", lambda r: r.below_uptime_bar),
    Metric("uptime_lowest", "Lowest uptime", "share of days", "Part of days that the least reliable provider online was online and up, as it is remembered.", lambda r: r.lowest_uptime),
    *[Metric(f"uptime_{tier}", f"Uptime in tier {tier}", "share of days", f"Mean part of days that the providers online in tier {tier} were online and up, as it is remembered; zero without any.", _uptime_in(i)) for i, tier in enumerate(TIERS)],
    Metric("mean_reputation", "Mean reputation", "points of 1000", "Mean reputation score of the providers who are online.", lambda r: r.reputation),
    Metric("capacity_income_usd", "Income of capacity", "USD a day per small-model token a day", "What a unit of capacity earns by work, smoothed.", _figure("capacity_income_usd")),
    Metric("treasury_quiv", "Treasury", "QUIV", "Tokens of the DAO's treasury.", _held("treasury_nquiv")),
    Metric("seized_quiv", "Seized", "QUIV", "Tokens that a regulator took from the treasury so far.", _held("seized_nquiv")),
    Metric("treasury_usd", "Treasury value", "USD", "The treasury at the token's price.", lambda r: r.held("treasury_nquiv") * r.state["price_usd"]),
    Metric("operations_quiv", "Operations pool", "QUIV", "Network fees kept for operations.", _held("operations_nquiv")),
    Metric("insurance_quiv", "Insurance fund", "QUIV", "Tokens set aside for insurance.", _held("insurance_nquiv")),
    Metric("price_usd", "Token price", "USD per QUIV", "Closing price of the token.", _figure("price_usd")),
    Metric("traded_quiv", "Volume of the market", "QUIV a day", "Tokens bought in the market today.", _moved(*BOUGHT)),
    Metric("traded_usd", "Volume of the market in USD", "USD a day", "Tokens bought in the market today, at the price of the batch; zero without a pool.", lambda r: r.moved(*BOUGHT) * r.state["batch_price_usd"]),
    Metric("pool_quiv", "QUIV in the pool", "QUIV", "QUIV leg of the liquidity pool.", _held("pool_nquiv")),
    Metric("pool_usd", "USD in the pool", "USD", "USD leg of the liquidity pool.", _figure("pool_usd")),
    Metric("depth_usd", "Depth of the market", "USD", "What a purchase costs that raises the pool's price by a tenth, without fee.", lambda r: r.state["pool_usd"] * (1.1**0.5 - 1.0)),
    Metric("pool_over_holding", "Pool against holding", "ratio", "The pool's value over that of what was put in at genesis, held, less one: fees less impermanent loss; zero without a pool.", lambda r: r.pool_gain),
    Metric("impermanent_loss", "Impermanent loss", "ratio", "What a pool that earns no fees would be worth over what was put in at genesis, held, less one: by the price alone. What the pool against holding has beyond it is earned by fees. Zero without a pool.", lambda r: r.impermanent_loss),
    Metric("lvr_usd", "Loss versus rebalancing", "USD", "What the pool has lost so far against a portfolio that holds its QUIV at every moment, fees included.", _figure("lvr_usd")),
    Metric("maker_quiv", "Inventory of the market maker", "QUIV", "The market maker's tokens.", _held("maker_nquiv")),
    Metric("maker_profit_usd", "Profit of the market maker", "USD", "The market maker's cash and tokens at the token's price, less what its budgets would be worth, held.", lambda r: (r.state["maker_usd"] - r.params["maker.budget_usd"] + (r.held("maker_nquiv") - r.params["maker.budget_quiv"]) * r.state["price_usd"]) * (r.state["maker_ask_usd"] > 0.0)),
    Metric("value_usd", "Value by the flows", "USD per QUIV", "Price at which the economy's purchases pay for its sales, with news, as speculators see it.", _figure("value_usd")),
    Metric("fundamentalist_share", "Speculators who go by value", "share of speculators", "Mean over the groups of speculators of the part that goes by value.", lambda r: namespace(r.state["fundamentalist_share"]).mean(r.state["fundamentalist_share"], axis=-1)),
    Metric("speculator_wealth_usd", "Speculators' wealth", "USD", "Speculators' cash and tokens at the token's price.", lambda r: r.tokens("speculator_cash_usd") + r.held("speculator_wallet_nquiv") * r.state["price_usd"]),
    Metric("speculator_quiv", "Held by speculators", "QUIV", "Speculators' tokens.", _held("speculator_wallet_nquiv")),
    Metric("oracle_price_usd", "Oracle price", "USD per QUIV", "Price that consumers and contracts go by.", _figure("oracle_price_usd")),
    Metric("oracle_trips", "Circuit breaker trips", "trips", "Times that the oracle's circuit breaker has tripped so far.", lambda r: r.state["oracle_trips"] * 1.0),
    Metric("oracle_age_days", "Age of the oracle's price", "days", "Days since the oracle's price was renewed.", lambda r: (r.state["day"] - 1 - r.state["oracle_last_update"]) * 1.0),
    *[Metric(f"inference_price_quiv_{size}", f"Inference price, {size} model", "QUIV per token", f"Quoted price of a token of a {size} model.", _size_of("inference_price_quiv", i)) for i, size in enumerate(SIZES)],
    *[Metric(f"paid_price_quiv_{size}", f"Price paid, {size} model", "QUIV per token", f"What a token of a {size} model costs today: the quote, or what auction or contract make of it.", _size_of("paid_price_quiv", i)) for i, size in enumerate(SIZES)],
    Metric("demand_tokens", "Tokens demanded", "tokens a day", "Tokens that consumers want, all model sizes.", lambda r: r.tokens("demand_tokens")),
    Metric("outside_share", "Share of the outside option", "share of demand", "Part of demand that goes elsewhere today because of the price.", _figure("outside_share")),
    Metric("consumer_satisfaction", "Consumer satisfaction", "ratio", "Mean satisfaction of consumers, from 0 to 1.", lambda r: namespace(r.state["satisfaction"]).mean(r.state["satisfaction"], axis=-1)),
    Metric("satisfaction_margin_p10", "Satisfaction over tolerance, lowest tenth", "ratio", "Satisfaction less the tolerance below which a consumer leaves, of the consumer at the lowest tenth; below zero it is leaving.", lambda r: r.contentment[..., r.contentment.shape[-1] // 10]),
    Metric("dissatisfied_share", "Dissatisfied consumers", "share of budgets", "Part of consumers, by budget, whose satisfaction is below their tolerance.", lambda r: r.dissatisfied),
    *[Metric(f"retained_share_{size}", f"Retained demand, {size} model", "share of budgets", f"Part of consumers that is with the network, by their budget for {size} models.", _retained(i)) for i, size in enumerate(SIZES)],
    Metric("active_consumers", "Active consumers", "consumers", "Consumers who are with the network, by the share of their demand that is.", lambda r: r.tokens("consumer_active")),
    Metric("served_tokens", "Tokens served", "tokens a day", "Tokens served and paid, all model sizes.", lambda r: r.tokens("served_tokens")),
    *[Metric(f"served_tokens_{size}", f"Tokens served, {size} model", "tokens a day", f"Tokens of a {size} model served and paid.", _size_of("served_tokens", i)) for i, size in enumerate(SIZES)],
    Metric("posted_jobs", "Posted jobs", "jobs a day", "Jobs posted today.", lambda r: r.tokens("posted_jobs") * 1.0),
    Metric("completed_jobs", "Completed jobs", "jobs a day", "Jobs completed today.", lambda r: r.tokens("completed_jobs") * 1.0),
    Metric("failed_jobs", "Failed jobs", "jobs a day", "Jobs served today that broke off.", lambda r: r.tokens("failed_jobs") * 1.0),
    Metric("expired_jobs", "Expired jobs", "jobs a day", "Jobs that waited in vain and expired today.", lambda r: r.tokens("expired_jobs") * 1.0),
    Metric("pending_jobs", "Pending jobs", "jobs", "Jobs that wait for capacity at the end of the day.", lambda r: r.state["queued_jobs"].sum(axis=(-2, -1)) * 1.0),
    Metric("escrow_quiv", "Escrow", "QUIV", "Payment of jobs that wait or can be challenged.", _held("consumer_escrow_nquiv")),
    Metric("channels_quiv", "Payment channels", "QUIV", "Deposits in payment channels.", _held("consumer_channel_nquiv")),
    Metric("channel_payments_quiv", "Payments by channel", "QUIV a day", "What consumers paid today by channel.", _moved("channel_payment")),
    Metric("channel_lapsed_quiv", "Payments by channel never claimed", "QUIV a day", "Vouchers of today's work that were not claimed before their channel ended; the consumer keeps them.", lambda r: to_quiv(r.tokens("channel_lapsed_nquiv"))),
    Metric("channel_deposits", "Channel deposits", "deposits a day", "Consumers who filled up their channel today.", lambda r: r.tokens("channel_opened") * 1.0),
    Metric("channel_velocity", "Velocity of channels", "1 / year", "A year of today's payments by channel over what is in channels.", lambda r: 365.0 * r.over(r.moved("channel_payment"), r.held("consumer_channel_nquiv"))),
    Metric("wash_quiv", "Wash payments", "QUIV a day", "Paid today for jobs that nobody asked for; part of the payments.", _moved("wash_payment")),
    Metric("refunds_quiv", "Refunds", "QUIV a day", "Payment returned today for expired and failed jobs and upheld challenges.", _moved("expiry_refund", "failure_refund", "challenge_refund")),
    Metric("capacity_tokens", "Capacity", "small-model tokens a day", "Compute of the active providers.", _figure("capacity_tokens")),
    Metric("congestion", "Congestion", "demand over capacity", "Utilisation: compute demanded over compute there is.", _figure("congestion")),
    Metric("wait_s", "Wait", "seconds", "Mean wait for a free server, at most the users' patience.", _figure("wait_s")),
    Metric("latency_s", "Latency", "seconds", "Mean time from request to answer over the jobs demanded.", lambda r: r.over((r.state["latency_s"] * r.jobs_demanded).sum(axis=-1), r.jobs_demanded.sum(axis=-1))),
    *[Metric(f"latency_s_{size}", f"Latency, {size} model", "seconds", f"Mean time from request to answer of a {size} model.", _size_of("latency_s", i)) for i, size in enumerate(SIZES)],
    Metric("payments_quiv", "Payments", "QUIV a day", "What consumers paid today.", _moved(*PAID)),
    Metric("payments_usd", "Payments in USD", "USD a day", "What consumers paid today, at the day's opening price.", _figure("payments_usd")),
    Metric("provider_income_quiv", "Provider income", "QUIV a day", "Receipts, tier discounts, work rewards and rewards of own stake, paid to providers today.", _moved("receipt_provider", "tier_discount", "work_reward", "direct_reward", "direct_restake")),
    Metric("provider_reward_quiv", "Provider reward", "QUIV a day", "ProviderReward of today's receipts, with priority fees.", _moved("receipt_provider")),
    Metric("network_fee_quiv", "Network fee", "QUIV a day", "NetworkFee of today's receipts after burn, validators and stakers: operations and insurance.", _moved("receipt_operations", "receipt_insurance")),
    Metric("treasury_fee_quiv", "Treasury fee", "QUIV a day", "TreasuryFee of today's receipts.", _moved("receipt_treasury")),
    Metric("validator_fee_quiv", "Validators' fee", "QUIV a day", "Validators' part of today's receipts.", _moved("receipt_validators")),
    Metric("stakers_fee_quiv", "Stakers' fee", "QUIV a day", "Stakers' part of today's receipts.", _moved("receipt_stakers")),
    Metric("referral_fee_quiv", "Referral fee", "QUIV a day", "Referral part of today's receipts.", _moved("receipt_referral")),
    Metric("revenue_usd", "Revenue of the network", "USD a day", "What the network takes of today's payments, burn included, at the closing price.", lambda r: r.moved(*TAKEN) * r.state["price_usd"]),
    Metric("revenue_quiv", "Revenue of the network in QUIV", "QUIV a day", "What the network takes of today's payments, burn included.", _moved(*TAKEN)),
    Metric("provider_reward_usd", "Provider reward in USD", "USD a day", "ProviderReward of today's receipts, with priority fees, at the closing price.", lambda r: r.moved("receipt_provider") * r.state["price_usd"]),
    Metric("treasury_income_usd", "Treasury income in USD", "USD a day", "Paid into the treasury today by receipts and forfeited deposits, at the closing price.", lambda r: r.moved("receipt_treasury", "deposit_forfeit") * r.state["price_usd"]),
    Metric("burn_quiv", "Burn of the day", "QUIV a day", "Burned today, of fees and of slashed stake.", _moved(*BURNT)),
    Metric("emission_quiv", "Emission of the day", "QUIV a day", "Minted today.", _moved(*EMITTED)),
    Metric("burn_over_emission", "Burn over emission", "ratio", "Burned today over minted today; above one the supply falls.", lambda r: r.over(r.moved(*BURNT), r.moved(*EMITTED))),
    Metric("growth_multiplier", "Growth multiplier", "ratio", "Factor on tomorrow's scheduled emission.", _figure("growth_multiplier")),
    Metric("fee_multiplier", "Fee multiplier", "ratio", "Factor on tomorrow's network share.", _figure("fee_multiplier")),
    Metric("take_rate", "Take of the network", "share of payments", "Part of today's payments that providers did not get.", lambda r: r.over(r.moved(*TAKEN), r.moved(*PAID))),
    Metric("rebates_quiv", "Rebates", "QUIV a day", "Discounts, cashback, bonuses, referral and developers' rewards paid today.", _moved(*REBATES)),
    Metric("rebate_coverage", "Rebates paid of those promised", "ratio", "What is paid of the rebates promised for today; zero where none are.", lambda r: r.over(r.moved(*REBATES), r.state["rebates_owed_quiv"])),
    Metric("rebate_deficit_quiv", "Deficit of rebates", "QUIV a day", "Rebates paid today beyond what the network took.", lambda r: namespace(r.state["price_usd"]).clip(r.moved(*REBATES) - r.moved(*TAKEN), 0.0, None)),
    Metric("net_take_rate", "Take after rebates", "share of payments", "Part of today's payments that the network takes and does not give back.", lambda r: r.over(r.moved(*TAKEN) - r.moved(*REBATES), r.moved(*PAID))),
    Metric("priority_fees_quiv", "Priority fees", "QUIV a day", "What consumers paid today for service ahead of others.", _moved("priority_fee")),
    Metric("treasury_income_quiv", "Treasury income", "QUIV a day", "Paid into the treasury today by receipts and forfeited deposits.", _moved("receipt_treasury", "deposit_forfeit")),
    Metric("proposals_open", "Open proposals", "proposals", "Proposals in discussion, vote or timelock.", lambda r: r.proposals(1, 3)),
    Metric("governance_activity", "Governance activity", "proposals and votes", "GovernanceActivity: proposals in discussion, vote or timelock, and once more each whose vote is open.", lambda r: r.proposals(1, 3) + r.proposals(2, 2)),
    Metric("proposals_executed", "Executed proposals", "proposals", "Proposals executed so far.", _count_of("proposals_closed", 0)),
    Metric("proposals_submitted", "Submitted proposals", "proposals", "Proposals accepted so far.", lambda r: r.state["proposals_submitted"] * 1.0),
    *[Metric(f"proposals_{end}", f"Proposals {end}", "proposals", f"Proposals {end} so far.", _count_of("proposals_closed", i)) for i, end in enumerate(PROPOSAL_ENDS) if end != "executed"],
    Metric("vote_top10_share", "Votes of the ten largest", "share of votes", "Part of the votes on agents' latest proposal that the ten largest voters cast.", _figure("vote_top10_share")),
    Metric("vote_majority", "Voters for a majority", "voters", "Fewest voters who have over half of the votes on agents' latest proposal.", _figure("vote_majority")),
    Metric("capture_quiv", "Tokens that capture a vote", "QUIV", "Liquid tokens that carry a treasury proposal against all who usually vote, quorum included.", lambda r: r.capture_quiv),
    Metric("capture_usd", "Cost of capture", "USD", "What they would cost in the pool, as far as it reaches; zero without a pool.", lambda r: r.capture_usd),
    Metric("crew_cash_usd", "Cash of attackers", "USD", "What the crews of attacks have got for tokens so far, less what tokens and work have cost them.", lambda r: r.crew_cash),
    Metric("crew_wealth_usd", "Wealth of attackers", "USD", "Cash that the crews of attacks have made so far, and what all their tokens would bring.", lambda r: r.crew_wealth),
    *[Metric(f"wealth_usd_{name}", f"Wealth of {name}", "USD", f"Cash that {name} who are of no crew have made so far, and their tokens at the closing price; what a service is worth to consumers is not counted.", _wealth(i, name)) for i, name in enumerate(CLASSES)],
    Metric("wealth_usd_treasury", "Wealth of the treasury", "USD", "The treasury's tokens at the closing price, and its USD.", lambda r: r.held("treasury_nquiv") * r.state["price_usd"] + r.state["treasury_usd"]),
    Metric("attack_spent_usd", "Spent by attackers", "USD", "What attackers of governance have paid for tokens so far.", _figure("attack_spent_usd")),
    Metric("attack_profit_usd", "Profit of attackers", "USD", "What executed treasury proposals have paid so far, sold to the pool, less what attackers paid for tokens.", lambda r: r.attack_profit),
    Metric("payments_made_quiv", "Payments of the treasury", "QUIV", "Paid so far by executed treasury proposals.", _figure("payments_made_quiv")),
    Metric("treasury_runway_days", "Runway of the treasury", "days", "Days for which the treasury lasts at today's net spending, a century at the most.", lambda r: r.runway_days),
    Metric("treasury_usd_held", "USD of the treasury", "USD", "USD that the treasury has from steadying the price.", _figure("treasury_usd")),
    Metric("burn_factor", "Factor of the burn governor", "ratio", "Factor on the burn share; one where the burn governor is off.", _figure("burn_factor")),
    *[Metric(f"live_{name.replace('.', '_')}", f"Live {name}", REGISTRY[name].unit, f"Live value of {name}: {REGISTRY[name].doc}", _figure(name)) for name in IDEAS],
    Metric("turnout", "Turnout", "share of circulating supply", "Tokens that voted on the latest proposal, at its snapshot.", lambda r: r.latest_turnout),
    Metric("velocity", "Utility velocity", "1 / year", "A year of today's payments over circulating supply.", lambda r: 365.0 * r.over(r.moved(*PAID), r.circulating)),
    Metric("exchange_velocity", "Exchange velocity", "1 / year", "A year of today's market volume over circulating supply.", lambda r: 365.0 * r.over(r.moved(*BOUGHT), r.circulating)),
    Metric("transaction_velocity", "Transaction velocity", "1 / year", "A year of today's payments, purchases and sales over circulating supply.", lambda r: 365.0 * r.over(r.moved(*TRANSFERS), r.circulating)),
    Metric("gini", "Gini coefficient", "ratio", "Of holders' and providers' tokens, staked ones included.", lambda r: concentration.gini_sorted(r.balances)),
    *[Metric(f"bottom_{percent}_share", f"Held by the bottom {percent} %", "share of tokens", f"Share of their tokens that the poorest {percent} % of holders and providers own: a point of the Lorenz curve.", _bottom(percent)) for percent in LORENZ],
    Metric("nakamoto", "Nakamoto coefficient", "agents", "Fewest holders and providers who own over half of all that they own.", lambda r: concentration.nakamoto_sorted(r.balances) * 1.0),
    Metric("stack_liquid_quiv", "Liquid", "QUIV", "Wallets of all agents, and the dust of daily clearing.", _held(*WALLETS, *CLEARING)),
    Metric("stack_staked_quiv", "Staked", "QUIV", "Stake of providers, delegators and validators.", _held(*STAKED)),
    Metric("stack_unbonding_quiv", "Unbonding", "QUIV", "Tokens on their way out of stake.", _held(*UNBONDING)),
    Metric("stack_vesting_quiv", "Vesting", "QUIV", "Allocations that are not unlocked.", _held("vesting_nquiv")),
    Metric("stack_treasury_quiv", "Treasury", "QUIV", "The DAO's treasury.", _held("treasury_nquiv")),
    Metric("stack_protocol_quiv", "Protocol pools", "QUIV", "Reward pools, operations, insurance, escrow, channels, deposits, bonds, and what was seized.", _held(*POOLS)),
    Metric("stack_liquidity_quiv", "Liquidity", "QUIV", "The liquidity pool, what of the allocation is not in it, and the market maker's tokens.", _held("liquidity_nquiv", "pool_nquiv", "maker_nquiv")),
]  # fmt: skip

METRICS: dict[str, Metric] = {metric.name: metric for metric in _DECLARED}
"""Every metric by name, in the order of tables."""


SPEC_NAMES: dict[str, tuple[str, ...]] = {
    "MarketMetrics.TotalVolume24h": ("payments_quiv",),
    "MarketMetrics.AverageResponseTime": ("latency_s",),
    "MarketMetrics.ActiveProviders": ("active_providers",),
    "MarketMetrics.PendingJobs": ("pending_jobs",),
    "MarketMetrics.CompletedJobs24h": ("completed_jobs",),
    "NetworkMetrics.InferenceVolume": tuple(f"served_tokens_{size}" for size in SIZES),
    "NetworkMetrics.AverageLatency": tuple(f"latency_s_{size}" for size in SIZES),
    "NetworkMetrics.ProviderUptime": (
        "provider_uptime",
        "uptime_below_95_share",
        "uptime_lowest",
        *(f"uptime_{tier}" for tier in TIERS),
    ),
    "NetworkMetrics.ConsumerSatisfaction": (
        "consumer_satisfaction",
        "satisfaction_margin_p10",
        "dissatisfied_share",
        *(f"retained_share_{size}" for size in SIZES),
    ),
    "NetworkMetrics.RevenueMetrics": (
        "revenue_quiv",
        "revenue_usd",
        "provider_reward_quiv",
        "provider_reward_usd",
        "treasury_income_quiv",
        "treasury_income_usd",
        "network_fee_quiv",
        "burn_quiv",
    ),
    "ProviderRegistry.MinStakeAmount": tuple(f"providers_{tier}" for tier in TIERS),
    "ProviderRegistry.SlashingHistory": ("slashed_quiv", *(f"slashed_quiv_{cause}" for cause in SLASH_CAUSES)),
    "StakeInfo.ReputationScore": ("mean_reputation",),
    "Validator.StakedAmount": ("validator_staked_quiv",),
    "Validator.ValidationsCount": ("validation_tasks",),
    "Validator.AccuracyScore": ("validator_accuracy",),
    "Validator.Active": ("active_validators",),
    "ValidationTask.ValidatorReward": ("validator_task_reward_quiv",),
    "Challenge.StakeAmount": ("challenge_bonds_quiv",),
    "Challenge.Status": ("challenges_open", *(f"cases_by_{cause}" for cause in CASE_CAUSES)),
    "Resolution.Outcome": tuple(f"cases_{outcome}" for outcome in CASE_OUTCOMES),
    "Resolution.SlashAmount": ("slashed_quiv_degraded", "slashed_quiv_garbage"),
    "Resolution.RewardAmount": ("challenge_rewards_quiv",),
    "ChainMetrics.ActiveValidators": ("active_validators",),
    "Proposal.Status": ("proposals_open", "proposals_submitted", *(f"proposals_{end}" for end in PROPOSAL_ENDS)),
    "ChainMetrics.TotalValueLocked": ("tvl_usd",),
    "ChainMetrics.CirculatingSupply": ("circulating_quiv",),
    "ChainMetrics.BurnedTokens": ("burned_quiv",),
    "ChainMetrics.StakingRatio": ("staking_ratio",),
    "ChainMetrics.GovernanceActivity": ("governance_activity", "proposals_open", "proposals_executed", "turnout"),
    "Receipt.PaymentAmount": ("payments_quiv",),
    "Receipt.ProviderReward": ("provider_reward_quiv",),
    "Receipt.NetworkFee": ("network_fee_quiv", "validator_fee_quiv", "stakers_fee_quiv", "referral_fee_quiv"),
    "Receipt.TreasuryFee": ("treasury_fee_quiv",),
    "Receipt.BurnAmount": ("burn_quiv",),
}
"""The metrics that carry each field of the spec's ChainMetrics, NetworkMetrics and MarketMetrics, a day's receipts, and
the fields of structures of staking, quality and governance that are recorded."""


def measure(reading: Reading, names: Sequence[str]) -> list[Array]:
    """The named metrics of a day, each of shape `(*batch)`."""
    return [METRICS[name].read(reading) for name in names]
