r"""Challenges: a case against a provider, its panel, an appeal, and whose bond is lost.

A provider has at most one case at a time (`policies/cases.py`). It is opened

* by the protocol, when enough of its canaries have failed: the panel of the canary has ruled, it is guilty for now;
* by a consumer or a third party who noticed bad work, with probability $1 - (1 - \nu)^{n_i (d_i + g_i)}$, if what it
  expects is not a loss, $U R \ge (1 - U) B$, with $U$ the chance to be upheld, $R$ the reward and $B$ the bond;
* without evidence (unfounded), $\lambda$ times a day on average.

A panel rules `challenges.voting_days` later (`model/formulas/panel.py`); without a quorum the case lapses. The loser
may appeal on the next day, with a bond, if what it has at stake is worth it, and a second panel decides. After
`challenges.appeal_days` without appeal the ruling stands. A guilty verdict slashes (`policies/slashing.py`), returns
the challenger's bond and pays it $R$ out of operations as far as they reach; an acquittal loses it the bond, to the
insurance fund. A provider who did cheat may offer a bribe for each vote of a majority on its panel. Source: SPEC,
Challenge Mechanism (Challenge, Resolution) and Staking Security (appeal mechanism); numbers are assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from model.arrays import Array, Signals, Unread, Values, namespace, once, pick, ratio, share_out, sum_by, to_nquiv
from model.attacks import today
from model.block import Block, Mechanism
from model.codes import CaseCause, CaseOutcome, CaseStatus, Misconduct
from model.formulas import panel
from policies import cases
from policies.conduct import DEGRADED_NOTICED
from policies.panels import members, part, sellers, shielded, sold


@dataclass(frozen=True)
class Moves:
    """Today's moves of cases, by provider: rulings, appeals, ends and openings, and the bonds behind them.

    `new` is what is recorded of a case that is opened; the others are as the functions of their names return them.
    """

    ruled: dict[str, Array]
    appealed: Array
    closed: dict[str, Array]
    opened: Array
    new: dict[str, Array]
    paid: dict[str, Array]


def judge(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """One day of every case: openings, rulings, appeals, verdicts, and the bonds, rewards and bribes that move."""
    state = previous_state
    xp = namespace(state)
    votes, bribe = once(_bribe(params, state, _on_trial(params, state)))
    ruled = once(cases.rulings(params, state, votes > 0.0))
    opened, new = once(cases.openings(params, state))
    appealed = once(cases.appeals(params, state))
    paid = once(_bonds(params, state, opened, appealed, new))
    opened, appealed = opened & paid["affordable"], appealed & paid["affordable"]
    closed = _closed(params, state, ruled, appealed)
    moves = Moves(ruled, appealed, closed, opened, new, paid)
    outcomes = {
        CaseOutcome.UPHELD: closed["guilty"],
        CaseOutcome.REJECTED: closed["acquitted"],
        CaseOutcome.LAPSED: ruled["lapsed"],
        CaseOutcome.OVERTURNED: ruled["overturned"],
    }
    disputed, work = _disputed(params, state), state["work_weight"]
    return {
        **_after(state, moves),
        **_bond_flows(state, moves),
        **_rewards(params, state, closed),
        **_bribes(params, state, votes, bribe),
        "verdict_share": xp.where(closed["guilty"], state["case_share"], 0.0),
        "cases_opened": state["cases_opened"]
        + _count(xp, *[opened & (new["case_cause"] == cause) for cause in CaseCause]),
        "cases_closed": state["cases_closed"] + _count(xp, *[outcomes[outcome] for outcome in CaseOutcome]),
        "provider_disputed": disputed,
        "disputed_share": ratio(xp.sum(work * disputed, axis=-1), xp.sum(work, axis=-1)),
    }


def _on_trial(params: Values, state: Values) -> Array:
    """Cases of bad work, not of canaries, on which a panel rules today."""
    due = state["day"] - state["case_day"] >= params["challenges.voting_days"][..., None]
    voting = (state["case_status"] == CaseStatus.VOTING) | (state["case_status"] == CaseStatus.APPEALED)
    return voting & due & (state["case_bad"] > 0) & (state["case_cause"] != CaseCause.CANARY)


def _bribe(params: Values, state: Values, on_trial: Array) -> tuple[Array, Array]:
    """The votes of a majority that each provider on trial buys as far as they are for sale, and what it pays for them.

    Votes are a number, the price is in nano-QUIV; who cannot pay buys none.
    """
    xp = namespace(state)
    sizes = [params[name].shape[-1] for name in ("genesis.panel", "genesis.appeal_panel")]
    on_appeal = state["case_status"] == CaseStatus.APPEALED
    majority = xp.where(on_appeal, panel.majority_of(sizes[1]), panel.majority_of(sizes[0]))
    panel_size = xp.where(on_appeal, sizes[1], sizes[0])
    shield = shielded(params, state)
    selling = xp.where(shield, part(state, members(params, state))[..., None], sold(params, state)[..., None])
    price = xp.where(shield, today(params, "bribe_quiv", state["day"]), params["challenges.bribe_quiv"][..., None])
    votes = xp.minimum(majority, xp.round(panel_size * selling))
    paid = to_nquiv(votes * price)
    buys = on_trial & (paid <= state["provider_wallet_nquiv"])
    return xp.where(buys, votes, 0.0), xp.where(buys, paid, 0)


def _bribes(params: Values, state: Values, votes: Array, paid: Array) -> Signals:
    """Bribes from providers to the validators who sell, and the votes that each of these sold today, on average."""
    xp = namespace(paid)
    shield = shielded(params, state)
    got, given = 0, 0.0
    for mine, selling in ((~shield, sellers(params, state)), (shield, members(params, state))):
        got = got + share_out(xp.sum(xp.where(mine, paid, 0), axis=-1), selling)
        count = xp.sum(xp.where(mine, votes, 0.0), axis=-1)
        given = given + ratio(count, xp.sum(selling, axis=-1))[..., None] * selling
    return {"provider_bribe": paid, "validator_bribe": got, "votes_sold": given}


def _bonds(params: Values, state: Values, opened: Array, appealed: Array, new: dict[str, Array]) -> dict[str, Array]:
    """The bonds that today's challengers and appellants need, by provider, and whether they have them.

    Who cannot pay for all that it would open and appeal today does none of it.
    """
    xp = namespace(opened)
    bond = to_nquiv(state["challenges.bond_quiv"])[..., None]
    appeal = to_nquiv(state["challenges.appeal_bond_quiv"])[..., None]
    cause = xp.where(opened, new["case_cause"], state["case_cause"])
    challenger = xp.where(opened, new["case_challenger"], state["case_challenger"])
    by_provider = appealed & (state["case_guilty"] > 0)
    asked = xp.where(opened & (cause != CaseCause.CANARY), bond, 0) + xp.where(appealed & ~by_provider, appeal, 0)
    own = xp.where(by_provider, appeal, 0)
    consumer, enough = _owed(state["consumer_wallet_nquiv"], asked, cause == CaseCause.CONSUMER, challenger)
    holder, enough_too = _owed(state["holder_wallet_nquiv"], asked, cause > CaseCause.CONSUMER, challenger)
    affordable = (own <= state["provider_wallet_nquiv"]) & enough & enough_too
    return {
        "consumer": consumer,
        "holder": holder,
        "provider": xp.where(affordable, own, 0),
        "affordable": affordable,
        "bond": bond,
        "appeal": appeal,
    }


def _owed(wallet: Array, asked: Array, mine: Array, challenger: Array) -> tuple[Array, Array]:
    """The bonds that a class of challengers pays, by agent, and for which of its cases they are enough, by provider."""
    xp = namespace(asked)
    mine = mine & (asked > 0)
    place = xp.where(mine, challenger, 0)
    owed = sum_by(xp.where(mine, asked, 0), place, wallet.shape[-1])
    enough = owed <= wallet
    return xp.where(enough, owed, 0), ~mine | (pick(xp.astype(enough, xp.int64), place) > 0)


def _closed(params: Values, state: Values, ruled: dict[str, Array], appealed: Array) -> dict[str, Array]:
    """Cases that end today, and how."""
    age, before = state["day"] - state["case_day"], state["case_guilty"] > 0
    stands = (
        (state["case_status"] == CaseStatus.RULED) & ~appealed & (age >= params["challenges.appeal_days"][..., None])
    )
    stands = stands & (age >= 1)
    guilty = (stands & before) | (ruled["second"] & ruled["again"])
    ended = stands | ruled["second"]
    return {"guilty": guilty, "acquitted": ended & ~guilty, "all": ended | ruled["lapsed"]}


def _after(state: Values, moves: Moves) -> Signals:
    """Record of every case at the end of the day."""
    xp = namespace(state)
    ruled, appealed, closed = moves.ruled, moves.appealed, moves.closed
    opened, new, paid = moves.opened, moves.new, moves.paid
    moved = xp.where(ruled["ruled"], CaseStatus.RULED, xp.where(appealed, CaseStatus.APPEALED, state["case_status"]))
    kept = {
        "case_status": xp.where(closed["all"], CaseStatus.NONE, moved),
        "case_guilty": xp.where(ruled["ruled"], xp.astype(ruled["guilty"], xp.int64), state["case_guilty"]),
        **{name: state[name] for name in ("case_cause", "case_bad", "case_severe", "case_share")},
        **{name: state[name] for name in ("case_loss_quiv", "case_challenger")},
    }
    bond = xp.where(closed["all"], 0, state["case_bond_nquiv"])
    appeal = state["case_appeal_nquiv"] + xp.where(appealed, paid["appeal"], 0)
    return {
        **{name: xp.where(opened, new[name], value) for name, value in kept.items()},
        "provider_strikes": new["provider_strikes"],
        "case_day": xp.where(opened | ruled["ruled"] | appealed, state["day"], state["case_day"]),
        "case_bond_nquiv": xp.where(opened & (new["case_cause"] != CaseCause.CANARY), paid["bond"], bond),
        "case_appeal_nquiv": xp.where(closed["all"], 0, appeal),
    }


def _bond_flows(state: Values, moves: Moves) -> Signals:
    """Bonds in, bonds back and bonds lost, nano-QUIV."""
    xp = namespace(state)
    bond, appeal = state["case_bond_nquiv"], state["case_appeal_nquiv"]
    lost_appeal = xp.where(moves.ruled["kept"], appeal, 0)
    kept_appeal = xp.where(moves.closed["all"], appeal, 0) - lost_appeal
    lost_bond = xp.where(moves.closed["acquitted"], bond, 0)
    back = xp.where(moves.closed["all"], bond, 0) - lost_bond
    of_provider = state["case_guilty"] > 0
    back = back + xp.where(of_provider, 0, kept_appeal)
    to_consumers, to_holders = cases.to_challengers(state, back)
    return {
        "consumer_bond": moves.paid["consumer"],
        "watcher_bond": moves.paid["holder"],
        "appeal_bond": moves.paid["provider"],
        "bond_to_consumer": to_consumers,
        "bond_to_watcher": to_holders,
        "bond_to_provider": xp.where(of_provider, kept_appeal, 0),
        "bond_forfeit": xp.sum(lost_bond + lost_appeal, axis=-1),
    }


def _rewards(params: Values, state: Values, closed: dict[str, Array]) -> Signals:
    """Rewards of upheld challenges, out of operations as far as they reach."""
    xp = namespace(closed["guilty"])
    earned = closed["guilty"] & (state["case_cause"] != CaseCause.CANARY)
    each = to_nquiv(state["challenges.reward_quiv"])[..., None]
    due = xp.where(earned, each, 0)
    total = xp.sum(due, axis=-1)
    short = total > state["operations_nquiv"]
    part = share_out(xp.minimum(total, state["operations_nquiv"]), xp.astype(due, xp.float64))
    given = xp.where(short[..., None], part, due)
    to_consumers, to_holders = cases.to_challengers(state, given)
    return {"challenge_reward_consumer": to_consumers, "challenge_reward_watcher": to_holders}


def _disputed(params: Values, state: Values) -> Array:
    """The part of each provider's work of today for which consumers who noticed get their payment back."""
    harm, seen = params["conduct.harm"], params["challenges.notice_share"]
    degraded = harm[..., Misconduct.DEGRADED] * seen * DEGRADED_NOTICED
    garbage = harm[..., Misconduct.GARBAGE] * seen
    return state["provider_degraded"] * degraded[..., None] + state["provider_garbage"] * garbage[..., None]


def _count(xp: Any, *masks: Array) -> Array:
    """Number of providers for whom each mask holds, `(*batch, masks)`, whole."""
    return xp.stack([xp.sum(xp.astype(mask, xp.int64), axis=-1) for mask in masks], axis=-1)


BLOCK = Block(
    "challenges",
    "Cases are opened, ruled on, appealed.",
    judge,
    phase="quality",
    why="The plan names them, with disputes.",
    mechanism=Mechanism(
        "challenges", "Cases against providers; off, none is opened, and a given share of payments comes back."
    ),
    needs="settlement",
)
