r"""Cases against providers: when one is opened, what its panels rule, and who appeals.

Part of the challenges (`policies/challenges.py`, which has the rules in words). Every function gives arrays by
provider, `(*batch, providers)`; a provider has at most one case.
"""

from __future__ import annotations

from typing import Any

from model import draws
from model.arrays import Array, Values, namespace, ratio, sum_by, to_quiv, to_whole
from model.attacks import today
from model.codes import CaseCause, CaseStatus, Misconduct, Severity
from model.formulas import slashing
from policies.conduct import DEGRADED_NOTICED, harm_by_provider, jobs_of, seen_share, tier_cap
from policies.panels import upheld, verdict_chances


def rulings(params: Values, state: Values, bought: Array) -> dict[str, Array]:
    """Today's rulings by provider: `ruled`, `guilty`, `lapsed` by a first panel, `again`, `kept` by a second."""
    xp = namespace(state)
    status, age = state["case_status"], state["day"] - state["case_day"]
    due = age >= params["challenges.voting_days"][..., None]
    first, second = (status == CaseStatus.VOTING) & due, (status == CaseStatus.APPEALED) & due
    guilty, lapsed = _ruling(params, state, "challenges.ruling", params["genesis.panel"].shape[-1], bought)
    again, void = _ruling(params, state, "challenges.second_ruling", params["genesis.appeal_panel"].shape[-1], bought)
    before = state["case_guilty"] > 0
    return {
        "ruled": first & ~lapsed,
        "guilty": guilty,
        "lapsed": first & lapsed,
        "second": second,
        "again": xp.where(void, before, again),
        "kept": second & ~void & (again == before),
        "overturned": second & ~void & (again != before),
    }


def _ruling(params: Values, state: Values, name: str, size: int, bought: Array) -> tuple[Array, Array]:
    """Guilty, and no quorum, as a panel would rule today."""
    guilty, void = verdict_chances(params, state, size, state["case_bad"] > 0, bought)
    drawn = draws.between(params, name, state["day"], 0.0, 1.0, bought.shape[-1])
    return drawn < guilty, drawn >= 1.0 - void


def appeals(params: Values, state: Values) -> Array:
    """Whether the loser of a ruling would appeal, bond in hand or not: by what it has at stake and what it knows."""
    xp = namespace(state)
    bad = state["case_bad"] > 0
    guilty, _ = verdict_chances(params, state, params["genesis.appeal_panel"].shape[-1], bad, bad & False)
    stake = to_quiv(state["provider_stake_nquiv"])
    slash = xp.minimum(state["case_share"], tier_cap(params, state)) * stake
    award = to_quiv(state["case_bond_nquiv"]) + state["challenges.reward_quiv"][..., None]
    condemned = state["case_guilty"] > 0
    hope = xp.where(condemned, 1.0 - guilty, guilty)
    at_stake = xp.where(condemned, slash, award)
    someone = condemned | (state["case_cause"] != CaseCause.CANARY)
    worth = hope * at_stake > (1.0 - hope) * state["challenges.appeal_bond_quiv"][..., None]
    in_time = (state["day"] - state["case_day"] == 1) & (params["challenges.appeal_days"][..., None] >= 1)
    return (state["case_status"] == CaseStatus.RULED) & in_time & someone & worth


def openings(params: Values, state: Values) -> tuple[Array, dict[str, Array]]:
    """Cases that would be opened today, bond in hand or not, by provider, and the record of each."""
    xp = namespace(state)
    agents, day = state["case_status"].shape[-1], state["day"]
    free = (state["case_status"] == CaseStatus.NONE) & (state["provider_banned"] == 0)
    strikes = _strikes(params, state)
    struck = free & (state["canary_failed"] > 0) & (strikes > params["slashing.strikes"][..., None] - 0.5)
    noticed = free & draws.decided(params, "challenges.noticed", day, _noticed(params, state), agents)
    frivolous = free & draws.decided(params, "challenges.frivolous", day, _frivolous(params, state), agents)
    by_consumer = draws.between(params, "challenges.who", day, 0.0, 1.0, agents) < _by_consumers(params, state)
    found = xp.where(noticed, xp.where(by_consumer, CaseCause.CONSUMER, CaseCause.WATCHER), CaseCause.FRIVOLOUS)
    cause = xp.where(struck, CaseCause.CANARY, found)
    bad = state["provider_degraded"] + state["provider_garbage"]
    severe = state["provider_garbage"] > state["provider_degraded"]
    consumers, holders = state["consumer_wallet_nquiv"].shape[-1], state["holder_wallet_nquiv"].shape[-1]
    crowd = xp.where(cause == CaseCause.CONSUMER, consumers, holders)
    drawn = draws.uniform(params, "challenges.challenger", day, agents)
    number = xp.floor(drawn * crowd)
    griefed, griefer = _griefer(params, state, drawn)
    number = xp.where((cause == CaseCause.FRIVOLOUS) & griefed, griefer, number)
    record: dict[str, Array] = {
        "case_status": xp.where(struck, CaseStatus.RULED, CaseStatus.VOTING),
        "case_guilty": xp.astype(struck, xp.int64),
        "case_cause": cause,
        "case_bad": xp.astype((bad > 0.0) & (cause != CaseCause.FRIVOLOUS), xp.int64),
        "case_severe": xp.astype(severe, xp.int64),
        "case_share": _share(params, state, severe),
        "case_loss_quiv": state["work_weight"] * harm_by_provider(params, state),
        "case_challenger": to_whole(xp.minimum(number, crowd - 1)),
        "provider_strikes": xp.where(struck, 0.0, strikes),
    }
    return struck | noticed | frivolous, record


def to_challengers(state: Values, amounts: Array) -> tuple[Array, Array]:
    """Amounts by provider to those who challenged, by consumer and by holder, nano-QUIV."""
    xp = namespace(amounts)
    cause, challenger = state["case_cause"], state["case_challenger"]
    consumers, holders = (state[f"{who}_wallet_nquiv"].shape[-1] for who in ("consumer", "holder"))
    by_consumer, by_holder = cause == CaseCause.CONSUMER, cause > CaseCause.CONSUMER
    return (
        sum_by(xp.where(by_consumer, amounts, 0), xp.where(by_consumer, challenger, 0), consumers),
        sum_by(xp.where(by_holder, amounts, 0), xp.where(by_holder, challenger, 0), holders),
    )


def _strikes(params: Values, state: Values) -> Array:
    """Days with a failed canary, as far as they are remembered."""
    xp = namespace(state)
    keep = xp.exp(-1.0 / params["reputation.memory_days"])
    return state["provider_strikes"] * keep[..., None] + state["canary_failed"]


def _noticed(params: Values, state: Values) -> Array:
    """The chance that somebody challenges bad work of today, where a challenge is not expected to lose."""
    xp = namespace(state)
    jobs, won = jobs_of(params, state), upheld(params, state)
    reward, bond = state["challenges.reward_quiv"], state["challenges.bond_quiv"]
    worth = xp.astype(won * reward >= (1.0 - won) * bond, xp.float64)[..., None]
    unseen = 1.0
    for kind, name in ((Misconduct.DEGRADED, "provider_degraded"), (Misconduct.GARBAGE, "provider_garbage")):
        unseen = unseen * slashing.survival(jobs * state[name], seen_share(params, kind)[..., None])
    return worth * (1.0 - unseen)


def _by_consumers(params: Values, state: Values) -> Array:
    """The part of those who notice a provider's bad work that are consumers."""
    degraded, garbage = state["provider_degraded"], state["provider_garbage"]
    consumers = params["challenges.notice_share"][..., None] * (DEGRADED_NOTICED * degraded + garbage)
    third_parties = params["challenges.watch_share"][..., None] * (degraded + garbage)
    return ratio(consumers, consumers + third_parties)


def _frivolous(params: Values, state: Values) -> Array:
    """The chance of a challenge without reason, the same for all who are at work."""
    xp = namespace(state)
    there = state["provider_online"] * state["provider_standing"]
    rate = params["challenges.frivolous_per_day"] + xp.sum(today(params, "challenges", state["day"]), axis=-1)
    each = ratio(rate, xp.sum(there, axis=-1))
    return xp.minimum(each, 1.0)[..., None] * there


def _griefer(params: Values, state: Values, drawn: Array) -> tuple[Array, Array]:
    """Whether a case without reason would be an attacker's, and which holder's it is, both by provider.

    One draw does for both: the part of it below the attackers' part of all such cases tells who of them it is.
    """
    xp = namespace(drawn)
    reached = xp.cumulative_sum(today(params, "challenges", state["day"]), axis=-1)
    rate = params["challenges.frivolous_per_day"] + reached[..., -1]
    place = drawn * rate[..., None]
    found = xp.searchsorted(reached, place)
    return place <= reached[..., -1:], xp.astype(xp.minimum(found, reached.shape[-1] - 1), xp.float64)


def _share(params: Values, state: Values, severe: Array) -> Array:
    """The part of the stake that a guilty verdict would take before the tier's cap."""
    xp = namespace(severe)
    bounds: list[Any] = [
        xp.where(severe, params[name][..., Severity.SEVERE, None], params[name][..., Severity.MAJOR, None])
        for name in ("slashing.band_low", "slashing.band_high")
    ]
    return draws.between(params, "slashing.severity", state["day"], bounds[0], bounds[1], severe.shape[-1])
