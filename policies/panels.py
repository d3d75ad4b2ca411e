r"""Panels: what validators who sit on one are expected to decide.

Of the active validators a part $h$ looks at what it judges and a part $c$ has sold its vote. One who looks errs with
chance $\varepsilon$; one who does not, or has sold its vote, is for the provider. So a vote is for guilt with chance
$h (1 - c)(1 - \varepsilon)$ where there is guilt and $h \varepsilon$ where there is none, and the verdict follows from
`model/formulas/panel.py`. A scenario's strike leaves seats empty. A cartel (an attack) sells to providers of its own at
any bribe, and to nobody else, and nobody reckons with it. Source: SPEC, Validator Network; the behaviour is an
assumption.
"""

from __future__ import annotations

from model.arrays import Array, Values, namespace, ratio, to_quiv
from model.attacks import today
from model.formulas import panel


def attentive(state: Values) -> Array:
    """Attentive validators: share of the active who look at what they judge, `(*batch)`; zero where none is active."""
    xp = namespace(state)
    active = state["validator_active"]
    return ratio(xp.sum(active * (1.0 - state["validator_lazy"]), axis=-1), xp.sum(active, axis=-1))


def sellers(params: Values, state: Values) -> Array:
    """Whether each validator's price is met by the bribe that anybody offers, 1.0 or 0.0, `(*batch, validators)`."""
    xp = namespace(state)
    ask = panel.price_of_vote(
        params["validation.exposure"][..., None],
        state["validation.slash_share"][..., None],
        to_quiv(state["validator_stake_nquiv"]),
    )
    bribe = params["challenges.bribe_quiv"][..., None]
    return xp.astype((bribe > 0.0) & (ask <= bribe), xp.float64) * state["validator_active"]


def sold(params: Values, state: Values) -> Array:
    """The part of the active validators who sell their vote, `(*batch)`."""
    return part(state, sellers(params, state))


def members(params: Values, state: Values) -> Array:
    """Whether each validator is active and of a cartel that sells its votes to providers of its own."""
    return today(params, "cartel", state["day"]) * state["validator_active"]


def shielded(params: Values, state: Values) -> Array:
    """Whether each provider is one for whom a cartel votes, true or false, `(providers,)`."""
    return today(params, "shielded", state["day"]) > 0.0


def part(state: Values, who: Array) -> Array:
    """The part of the active validators who are among some, `(*batch)`."""
    xp = namespace(state)
    return ratio(xp.sum(who, axis=-1), xp.sum(state["validator_active"], axis=-1))


def canary_fails(params: Values, state: Values) -> tuple[Array, Array, Array]:
    """The chance that a canary fails: of a smaller model, of garbage, of honest work, each `(*batch)`."""
    error, look = params["validation.error"], attentive(state)
    shown = _guilty(params, state, look * (1.0 - error), 0.0)
    fine = _guilty(params, state, look * error, 0.0)
    seen = params["validation.degraded_seen"]
    return seen * shown + (1.0 - seen) * fine, shown, fine


def upheld(params: Values, state: Values) -> Array:
    """The chance that a challenge of bad work is upheld by the first panel, `(*batch)`."""
    vote = attentive(state) * (1.0 - sold(params, state)) * (1.0 - params["validation.error"])
    return _guilty(params, state, vote, params["challenges.quorum"])


def verdict_chances(params: Values, state: Values, size: int, bad: Array, bought: Array) -> tuple[Array, Array]:
    """Chances of guilt and of no quorum, given whether the work was bad and whether votes are bought.

    `bad` and `bought` are true or false by provider, `(*batch, providers)`; the second chance is `(*batch, 1)`.
    """
    xp = namespace(bad)
    error, look = params["validation.error"], attentive(state)
    attends = _attends(params, state) * _some(state)
    free = [1.0 - sold(params, state), 1.0 - part(state, members(params, state))]
    votes = [look * error, look * (1.0 - error), *[look * each * (1.0 - error) for each in free]]
    judged = [panel.chances_of_verdict(size, params["challenges.quorum"], attends, vote) for vote in votes]
    fine, shown, hidden, covered = (guilty[..., None] for guilty, _ in judged)
    hidden = xp.where(shielded(params, state), covered, hidden)
    return xp.where(bad, xp.where(bought, hidden, shown), fine), judged[0][1][..., None]


def _guilty(params: Values, state: Values, vote: Array, quorum: Array) -> Array:
    size = params["genesis.panel"].shape[-1]
    return panel.chances_of_verdict(size, quorum, _attends(params, state), vote)[0]


def on_strike(params: Values, state: Values) -> Array:
    """Whether each validator is on a scenario's strike, 1.0 or 0.0, `(validators,)`: the first by number."""
    xp = namespace(state)
    count = state["validator_active"].shape[-1]
    return xp.astype(xp.arange(count) < xp.round(params["shocks.validator_strike"][state["day"]] * count), xp.float64)


def seats_taken(params: Values, state: Values) -> Array:
    """The part of the seats on panels that no strike leaves empty."""
    striking = on_strike(params, state)
    return 1.0 - namespace(striking).sum(striking, axis=-1) / striking.shape[-1]


def _attends(params: Values, state: Values) -> Array:
    """The chance that a seat on a panel votes, `(*batch)`: those of validators on strike stay empty."""
    return (1.0 - params["validation.absence"]) * seats_taken(params, state)


def _some(state: Values) -> Array:
    """One where there is a validator, else zero."""
    xp = namespace(state)
    return xp.astype(xp.sum(state["validator_active"], axis=-1) > 0.0, xp.float64)
