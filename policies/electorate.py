r"""The electorate: what a draft proposal would gain each voter, who proposes it, who votes and how.

A draft changes a governed parameter by $\Delta$. With $B$ what a unit of change moves in a year, $e_{i,g}$ voter $i$'s
part in group $g$ and $\iota_g$ what the group gains of it (`model/parameters/interests.py`), its gain is

$$ G_i = h\, B\, \Delta \sum_g \iota_g e_{i,g} $$

over a horizon of $h$ years. A voter is attentive with the chance `governance.turnout`, the proposer always. Who
is, votes if that is worth more than the vote costs, $|G_i| P > c_i$: for if $G_i > 0$, against if $G_i < 0$. Whoever
can pay the deposit and gains most proposes, if it expects to win, with an error of its own, and would not lose more
than that of its deposit. Voters are holders, providers and consumers. Source: assumption (rational participation,
Downs 1957).
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, ascending, namespace, ratio, to_nquiv, to_quiv, to_whole
from model.block import Block, Choice, Mechanism
from model.codes import ProposalStatus, ProposalType
from model.flows import LEDGER
from model.formulas import governance as formulas
from model.parameters.interests import BASES, GROUPS, IDEAS
from model.supply import circulating_nquiv, circulating_supply
from policies.settlement import network_rate

YEAR = 365.0


def propose_draft(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Draft proposal of the day, if somebody would propose it: parameter, value, type, proposer, votes and turnout."""
    draft, value = _drafted(params, previous_state)
    return _weighed(params, previous_state, draft, value, -1)


def propose_draft_live(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same, or, on a day on which a vote closes, how that is voted on by today's balances."""
    state = previous_state
    xp = namespace(state)
    fresh, asked = _drafted(params, state)
    days = params["governance.discussion_days"] + params["governance.voting_days"]
    closing = (state["proposal_status"] == ProposalStatus.VOTING) & (
        state["proposal_day"] + days[..., None] == state["day"]
    )
    first = closing & (xp.cumulative_sum(xp.astype(closing, xp.int64), axis=-1) == 1)
    some = xp.any(first, axis=-1)
    parameter = xp.sum(xp.where(first, state["proposal_parameter"], 0), axis=-1)
    value = xp.sum(xp.where(first, state["proposal_value"], 0.0), axis=-1)
    draft = xp.where(some, xp.take(params["ideas.of_parameter"], parameter), fresh)
    proposer = xp.sum(xp.where(first, state["proposal_proposer"], 0), axis=-1)
    return _weighed(params, state, draft, xp.where(some, value, asked), xp.where(some, proposer, -1))


def _drafted(params: Values, state: Values) -> tuple[Array, Array]:
    """Draft proposal: its parameter by number, and the value that it asks for, within the parameter's bounds."""
    xp = namespace(state)
    drawn = draws.between(params, "electorate.idea", state["day"], 0.0, 1.0)
    draft = xp.clip(to_whole(xp.floor(drawn * len(IDEAS))), 0, len(IDEAS) - 1)
    live = _live(state, draft)
    step = draws.between(params, "electorate.step", state["day"], -1.0, 1.0) * params["governance.change_limit"]
    scale = xp.where(live == 0.0, xp.take(params["ideas.range"], draft), xp.abs(live))
    low, high = xp.take(params["ideas.low"], draft), xp.take(params["ideas.high"], draft)
    return draft, xp.clip(live + step * scale, low, high)


def _live(state: Values, draft: Array) -> Array:
    """Live value of a draft's parameter."""
    xp = namespace(state)
    live = 0.0
    for place, name in enumerate(IDEAS):
        live = xp.where(draft == place, state[name], live)
    return live


def _weighed(params: Values, state: Values, draft: Array, value: Array, closing: Array) -> Signals:
    """Votes on a change, and whether it is proposed: not while it is one whose vote closes.

    `closing` is the proposer of that one, by number, or -1.
    """
    xp = namespace(state)
    gain = _gains(params, state, draft, _live(state, draft), value)
    wallets = xp.concat([state[f"{who}_wallet_nquiv"] for who in ("holder", "provider", "consumer")], axis=-1)
    deposit = to_nquiv(state["governance.deposit_quiv"])
    able = xp.where(wallets >= deposit[..., None], gain, -1.0)
    most, proposer = xp.max(able, axis=-1), xp.argmax(able, axis=-1)
    cast = _votes(params, state, gain, xp.where(closing >= 0, closing, proposer))
    drafts = draws.decided(params, "electorate.thought", state["day"], params["governance.ideas_per_year"] / YEAR)
    worth = (
        drafts & (most > 0.0) & (closing < 0) & _expects_to_win(params, state, draft, cast, gain=most, deposit=deposit)
    )
    return {
        "idea_worth": xp.astype(worth, xp.int64),
        "idea_parameter": xp.take(params["ideas.parameter"], draft),
        "idea_value": value,
        "idea_proposer": proposer,
        "idea_for_nquiv": cast["for"],
        "idea_against_nquiv": cast["against"],
        "idea_voted_nquiv": cast["tokens"],
        "vote_top10_share": xp.where(worth, cast["top10"], state["vote_top10_share"]),
        "vote_majority": xp.where(worth, cast["majority"], state["vote_majority"]),
    }


def _gains(params: Values, state: Values, draft: Array, live: Array, value: Array) -> Array:
    """Gain of each voter by a draft over the horizon, QUIV, `(*batch, voters)`."""
    xp = namespace(state)
    relative = xp.take(params["ideas.relative"], draft)
    some = xp.where(live == 0.0, 1.0, live)
    change = (value - live) * xp.where(relative > 0.0, 1.0 / some, 1.0)
    base = xp.sum(_bases(params, state) * xp.take(params["ideas.base"], draft, axis=0), axis=-1)
    weight = (
        xp.take(params["ideas.gains"], draft, axis=0) * (change * base * params["governance.horizon_years"])[..., None]
    )
    return xp.concat(_by_class(params, state, weight), axis=-1)


def _bases(params: Values, state: Values) -> Array:
    """Bases: tokens that a unit of change moves, QUIV a year, `(*batch, bases)`."""
    xp = namespace(state)
    paid = to_quiv(LEDGER.today(state, "payment", "channel_payment")) * YEAR
    to_stake = to_quiv(LEDGER.today(state, "emission_to_staking")) * YEAR
    taken = network_rate(params, state)
    wanted = state["fee_multiplier"] * state["fees.network_share"]
    free = xp.astype(taken >= wanted, xp.float64)
    clamped = xp.astype(state["fee_multiplier"] >= state["fees.multiplier_high"], xp.float64)
    found = {
        "payments": paid,
        "scaled_payments": paid * state["fee_multiplier"] * free,
        "bound_payments": paid * (1.0 - free),
        "network_fee": paid * taken,
        "clamped_fee": paid * taken * clamped * free,
        "emission": to_stake + to_quiv(LEDGER.today(state, "emission_to_work")) * YEAR,
        "staking_rewards": to_stake,
        "one": xp.ones_like(paid),
    }
    return xp.stack([found[name] for name in BASES], axis=-1)


def _by_class(params: Values, state: Values, weight: Array) -> list[Array]:
    """Gains of holders, providers and consumers, from those of each group, QUIV by agent."""
    xp = namespace(state)
    of = {name: weight[..., place, None] for place, name in enumerate(GROUPS)}
    held = {
        who: to_quiv(sum((state[name] for name in names[1:]), start=state[names[0]]))
        for who, names in {
            "holder": ("holder_wallet_nquiv", "holder_delegated_nquiv", "holder_unbonding_nquiv"),
            "provider": ("provider_wallet_nquiv", "provider_stake_nquiv", "provider_unbonding_nquiv"),
            "consumer": ("consumer_wallet_nquiv", "consumer_channel_nquiv"),
        }.items()
    }
    circulating = xp.maximum(circulating_supply(state, params), 1.0)[..., None]
    tokens = {who: of["tokens"] * amount / circulating for who, amount in held.items()}
    return [
        tokens["holder"]
        + of["delegation"] * _part(state["holder_delegated_nquiv"])
        + of["contribution"] * params["agents.grantee_weight"],
        tokens["provider"]
        + of["work"] * _part(state["delivered_weight"])
        + of["stake"] * _part(state["provider_stake_nquiv"]),
        tokens["consumer"] + of["spending"] * _part(state["spending_usd"]),
    ]


def _part(amounts: Array) -> Array:
    """Each agent's part of a sum; zero where there is none."""
    xp = namespace(amounts)
    return ratio(amounts, xp.sum(xp.astype(amounts, xp.float64), axis=-1, keepdims=True))


def _votes(params: Values, state: Values, gain: Array, proposer: Array) -> dict[str, Array]:
    """Votes for and against and the tokens behind them, nano-QUIV, and how concentrated they are."""
    xp = namespace(gain)
    voters = gain.shape[-1]
    cost = params["agents.vote_cost_usd"] / state["price_usd"][..., None]
    attentive = (
        draws.uniform(params, "electorate.looks", state["day"], voters) < params["governance.turnout"][..., None]
    )
    attentive = attentive | (xp.arange(voters) == proposer[..., None])
    votes = attentive & (xp.abs(gain) > cost)
    power = state["voter_power_nquiv"] * votes
    ranked = ascending(to_quiv(power))
    total = xp.sum(ranked, axis=-1)
    reached = xp.cumulative_sum(xp.flip(ranked, axis=-1), axis=-1)
    return {
        "for": xp.sum(power * (gain > 0.0), axis=-1),
        "against": xp.sum(power * (gain < 0.0), axis=-1),
        "tokens": xp.sum(state["voter_tokens_nquiv"] * votes, axis=-1),
        "top10": reached[..., min(9, voters - 1)] / xp.where(total > 0.0, total, 1.0),
        "majority": xp.sum(reached <= 0.5 * total[..., None], axis=-1) + 1.0 * (total > 0.0),
    }


def _expects_to_win(
    params: Values, state: Values, draft: Array, cast: dict[str, Array], *, gain: Array, deposit: Array
) -> Array:
    """Whether the one who gains most thinks that the vote would carry, and that it is worth the deposit's risk."""
    xp = namespace(gain)
    total = to_quiv(cast["for"] + cast["against"])
    share = ratio(to_quiv(cast["for"]), total)
    error = params["governance.misjudgement"] * draws.normal(params, "electorate.misjudgement", state["day"])
    kind = xp.take(params["script.types"], xp.take(params["ideas.parameter"], draft))
    threshold = 0.0
    for of_type in ProposalType:
        threshold = xp.where(kind == of_type, params["governance.threshold"][..., of_type], threshold)
    enough = formulas.reaches(cast["tokens"], circulating_nquiv(state, params), state["governance.quorum"])
    backed = formulas.likely(share + error, threshold)
    lost = to_quiv(deposit) * xp.astype(share + error < params["governance.refund_support"], xp.float64)
    return backed & enough & (gain > lost) & (total > 0.0)


BLOCK = Block(
    "electorate",
    "Somebody drafts a proposal.",
    Choice("governance.snapshot", {"creation": propose_draft, "live_balance": propose_draft_live}),
    phase="governance",
    why="Nobody drafts proposals that cannot be made.",
    mechanism=Mechanism(
        "proposing", "Agents who propose and vote where no list of proposals is given; off, only a list is voted on."
    ),
    needs="governance",
    where="unlisted",
)
