r"""Conduct: honest work, a smaller model, garbage, or no service, whichever pays.

By yesterday's work, with $n$ jobs, $C$ the cost of the work, $s_b$ the part of it that behaviour $b$ saves and $e_i$
how much provider $i$ is tempted, the day's gain is $G_b = e_i s_b C$, and it is caught with probability

$$ q_b = 1 - (1 - \rho D_b)^n (1 - \nu_b U)^n $$

by canaries (share $\rho$, failed with chance $D_b$) or challenges (chance $\nu_b$ a job, upheld with chance $U$).
Being caught costs $L_b = E_b S_i$ of its stake (`model/formulas/slashing.py`) and, where the fault is severe and bans,
`conduct.horizon_days` of profit. It takes the best of $G_b - q_b L_b$ and honest work at zero; who is absent saves the
cost of all its hardware, loses the day's income and risks the slash for downtime; who was not up reckons with what the
capacity of others earned, and nobody stays away before the first day's income is known. Principled providers never
cheat. Each reconsiders now and then. Attackers may be told what to do instead. Source: Becker 1968; Shapiro
and Stiglitz 1984; rates are assumptions.
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, once, ratio, to_quiv
from model.attacks import today
from model.block import Block, Choice, Mechanism
from model.codes import Misconduct, Severity
from model.formulas import slashing, staking
from model.launch import SERVED, begun
from policies.capacity import installed_tokens, running_cost_usd, unit_cost_usd, working_share
from policies.identities import stake_each
from policies.panels import canary_fails, upheld

DEGRADED_NOTICED = 0.5
"""Chance that a consumer notices a smaller model, against garbage."""

CHEATING = (Misconduct.DEGRADED, Misconduct.GARBAGE)


def behave_if_caught_keep(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Whether each provider serves a smaller model, garbage, or nothing today (0 or 1, a share without noise)."""
    return _behave(params, previous_state, 0.0)


def behave_if_caught_lose(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same where who is caught does not keep the day's gain."""
    return _behave(params, previous_state, 1.0)


def jobs_of(params: Values, state: Values) -> Array:
    """Jobs that each provider served on the last day, by its part of the work, `(*batch, providers)`."""
    xp = namespace(state)
    jobs = xp.astype(xp.sum(state["served_jobs"], axis=-1), xp.float64)
    return jobs[..., None] * _part_of_work(state)


def _part_of_work(state: Values) -> Array:
    xp = namespace(state)
    return ratio(state["work_weight"], xp.sum(state["work_weight"], axis=-1, keepdims=True))


def _behave(params: Values, state: Values, lost: float) -> Signals:
    xp = namespace(state)
    utility = once(xp.stack(once(_gains(params, state, lost)), axis=-2))
    tempted = (xp.max(utility, axis=-2) > 0.0) & (state["provider_online"] > 0.0)
    cheats = xp.astype(tempted, xp.float64) * (1.0 - params["agents.principled"])
    choice = xp.argmax(utility, axis=-2)
    chance = params["conduct.revision_per_day"][..., None]
    move = draws.chance(params, "conduct.move", state["day"], chance, cheats.shape[-1])
    scripted, garbage = (today(params, path, state["day"]) for path in ("scripted_conduct", "scripted_garbage"))
    told = (0.0, garbage, 0.0)
    return {
        name: xp.where(
            scripted > 0.0,
            told[kind],
            state[name] + (cheats * xp.astype(choice == kind, xp.float64) - state[name]) * move,
        )
        for kind, name in zip(Misconduct, ("provider_degraded", "provider_garbage", "provider_absent"), strict=True)
    }


def _gains(params: Values, state: Values, lost: float) -> list[Array]:
    """Gain of each kind of misconduct over honest work, QUIV a day by provider: degraded, garbage, absent."""
    xp = namespace(state)
    jobs, price = jobs_of(params, state), state["price_usd"][..., None]
    compute = xp.sum(state["served_tokens"] * params["pricing.complexity"], axis=-1)
    cost = unit_cost_usd(params, state) / price
    work_cost = cost * compute[..., None] * _part_of_work(state)
    income = to_quiv(state["provider_income_nquiv"])
    whole_cost = cost * installed_tokens(params, state)
    profit = xp.maximum(income - whole_cost, 0.0)
    saving = params["conduct.saving"]
    tempting = params["agents.temptation"]
    caught = [1.0 - _unseen(params, state, jobs, kind) for kind in CHEATING]
    bans = profit * (params["genesis.bans_severe"] * params["conduct.horizon_days"])[..., None]
    fear = [_slash(params, state, Severity.MAJOR), _slash(params, state, Severity.SEVERE) + bans]
    found = [
        tempting * saving[..., kind, None] * work_cost * (1.0 - lost * caught[kind]) - caught[kind] * fear[kind]
        for kind in CHEATING
    ]
    barred = (xp.astype(state["slashing.uptime_bar"] > 0.0, xp.float64) * params["genesis.slashing"])[..., None]
    earned = income + _missed(params, state)
    absent = saving[..., Misconduct.ABSENT, None] * whole_cost - earned - barred * _slash(params, state, Severity.MINOR)
    known = (state["day"] > params["genesis.served_day"])[..., None]
    return [*found, absent * known * state["provider_standing"]]


def saved_usd(params: Values, state: Values) -> Array:
    """USD that each provider saves today by what it does, by yesterday's work."""
    compute = namespace(state).sum(state["served_tokens"] * params["pricing.complexity"], axis=-1)
    worked = unit_cost_usd(params, state) * compute[..., None] * _part_of_work(state) * params["agents.temptation"]
    saving = params["conduct.saving"]
    by_work = _by_cheating(saving, state)
    away = saving[..., Misconduct.ABSENT, None] * state["provider_absent"] * running_cost_usd(params, state)
    return by_work * worked + away


def harm_by_provider(params: Values, state: Values) -> Array:
    """Part of the value of each provider's work that consumers lose, `(*batch, providers)`."""
    return _by_cheating(params["conduct.harm"], state)


def _by_cheating(rates: Array, state: Values) -> Array:
    """A rate of each kind of cheating times how much each provider does of it."""
    degraded, garbage = (rates[..., kind, None] for kind in CHEATING)
    return degraded * state["provider_degraded"] + garbage * state["provider_garbage"]


def _missed(params: Values, state: Values) -> Array:
    """Income that each provider in good standing missed while it was not up, at what capacity earned, QUIV a day."""
    xp = namespace(state)
    capacity, all_income = state["capacity_tokens"], to_quiv(xp.sum(state["provider_income_nquiv"], axis=-1))
    some = capacity > 0.0
    each = xp.where(some, all_income, 0.0) / xp.where(some, capacity, 1.0)
    down = (1.0 - state["provider_up"]) * state["provider_standing"]
    return each[..., None] * installed_tokens(params, state) * down * working_share(params, state)


def _unseen(params: Values, state: Values, jobs: Array, kind: Misconduct) -> Array:
    """The chance that a day of cheating has no case, by provider: of failed canaries one in so many strikes has one."""
    now = begun(params, state, "launch.quality_day")
    canary = now * params["genesis.sampled"] * state["validation.canary_share"] * canary_fails(params, state)[kind]
    noticed = now * params["genesis.prosecuted"] * upheld(params, state) * seen_share(params, kind)
    failed = 1.0 - slashing.survival(jobs, canary[..., None])
    struck = failed / params["slashing.strikes"][..., None]
    return (1.0 - struck) * slashing.survival(jobs, noticed[..., None])


def seen_share(params: Values, kind: Misconduct) -> Array:
    """Chance that a consumer or a third-party challenger challenges a bad job of a kind."""
    return params["challenges.notice_share"] * (DEGRADED_NOTICED, 1.0)[kind] + params["challenges.watch_share"]


def _slash(params: Values, state: Values, band: Severity) -> Array:
    """Expected slash of each provider's own stake by a fault of a band, QUIV."""
    stake = to_quiv(state["provider_stake_nquiv"])
    share = slashing.expected_share(
        params["slashing.band_low"][..., band, None],
        params["slashing.band_high"][..., band, None],
        tier_cap(params, state),
    )
    return share * stake


def tier_cap(params: Values, state: Values) -> Array:
    """The cap of each provider's tier on one slash; that of the lowest below it."""
    cap = params["slashing.tier_cap"]
    stake = to_quiv(stake_each(params, state))
    return staking.of_tier(stake, params["staking.tier_minimum_quiv"], cap, cap[..., :1])


BLOCK = Block(
    "conduct",
    "Some cheat, if it pays.",
    Choice("conduct.gain_when_caught", {"kept": behave_if_caught_keep, "lost": behave_if_caught_lose}),
    phase="payments",
    why="Nobody cheats at work that is not there.",
    since=SERVED,
    mechanism=Mechanism("conduct", "Providers who cheat where it pays; off, all are honest."),
)
