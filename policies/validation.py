r"""Validation: canaries among the day's jobs, who is caught by them, and which validators look.

Of $n$ jobs $\mathrm{Binomial}(n, \rho)$ are canaries, each a task for a panel of $k$. A provider with $n_i$ jobs of
which parts $d_i$ and $g_i$ are degraded and garbage fails at least one with probability

$$ 1 - (1 - \rho D_d)^{n_i d_i} (1 - \rho D_g)^{n_i g_i} (1 - \rho D_0)^{n_i (1 - d_i - g_i)} $$

with $D$ from `policies/panels.py`. A validator with $T$ tasks a day that cost it $c_v$ each stops looking where that
saves more than it risks, $T c_v > (1 - (1 - \kappa)^T)\, \sigma S_v$, with $\kappa$ the share of tasks whose verdict is
known. Its accuracy is the share of right votes, remembered for a month; it is active with the minimum stake and
accuracy, unless a scenario has it on strike. Source: SPEC, Validator Network (Validator, ValidationTask); Becker 1968;
rates are assumptions.
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, ratio, to_nquiv, to_quiv
from model.attacks import today
from model.block import Block, Mechanism
from model.formulas import slashing
from policies.conduct import harm_by_provider, jobs_of
from policies.panels import canary_fails, on_strike, seats_taken


def validate(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Tasks of the day, who failed a canary (0 or 1), and what validators do, know and are worth."""
    state = previous_state
    xp = namespace(state)
    jobs = xp.sum(state["served_jobs"], axis=-1)
    canaries = draws.binomial(params, "validation.canaries", state["day"], jobs, state["validation.canary_share"])
    size = params["genesis.panel"].shape[-1]
    active = _active(params, state)
    seats = xp.astype(canaries, xp.float64) * size * seats_taken(params, state)
    each = seats / xp.maximum(xp.sum(active, axis=-1), 1.0)
    lazy = _lazy(params, state, each)
    return {
        "validation_tasks": canaries,
        "canary_failed": _failed(params, state),
        "validator_lazy": lazy,
        "validator_caught": _caught(params, state, lazy * active, each),
        "validator_accuracy": _accuracy(params, state, lazy),
        "validator_active": active,
        "validator_tasks": each[..., None] * active,
        "harm_share": _harm(params, state),
    }


def _active(params: Values, state: Values) -> Array:
    """Validators with the stake and, as of yesterday, the accuracy, who do not strike, 1.0 or 0.0."""
    xp = namespace(state)
    staked = state["validator_stake_nquiv"] >= to_nquiv(state["validation.minimum_quiv"])[..., None]
    right = state["validator_accuracy"] >= params["validation.accuracy_bar"][..., None]
    return xp.astype(staked & right, xp.float64) * (1.0 - on_strike(params, state))


def _failed(params: Values, state: Values) -> Array:
    """Whether each provider fails a canary today."""
    xp = namespace(state)
    jobs, rate = jobs_of(params, state), state["validation.canary_share"]
    degraded, garbage = state["provider_degraded"], state["provider_garbage"]
    parts = (degraded, garbage, 1.0 - degraded - garbage)
    passed = 1.0
    for part, chance in zip(parts, canary_fails(params, state), strict=True):
        passed = passed * slashing.survival(jobs * part, (rate * chance)[..., None])
    return xp.astype(draws.decided(params, "validation.failed", state["day"], 1.0 - passed, jobs.shape[-1]), xp.int64)


def _lazy(params: Values, state: Values, each: Array) -> Array:
    """Whether each validator votes without looking (0 or 1, a share without noise)."""
    xp = namespace(state)
    saved = each[..., None] * params["agents.task_cost_usd"] / state["price_usd"][..., None]
    risk = state["validation.slash_share"][..., None] * to_quiv(state["validator_stake_nquiv"])
    caught = 1.0 - slashing.survival(each, params["validation.check_share"])
    pays = xp.astype(saved > caught[..., None] * risk, xp.float64)
    known = state["validator_lazy"]
    chance = params["validation.revision_per_day"][..., None]
    move = draws.chance(params, "validation.move", state["day"], chance, known.shape[-1])
    told = today(params, "lazy", state["day"])
    return xp.where(told > 0.0, told, known + (pays - known) * move)


def _caught(params: Values, state: Values, lazy: Array, each: Array) -> Array:
    """Whether each validator is found to vote without looking today."""
    xp = namespace(lazy)
    known = 1.0 - slashing.survival(each, params["validation.check_share"])
    caught = draws.decided(params, "validation.caught", state["day"], known[..., None] * lazy, lazy.shape[-1])
    return xp.astype(caught, xp.int64)


def _accuracy(params: Values, state: Values, lazy: Array) -> Array:
    """The share of right votes as it is remembered: who does not look is right about good work alone.

    Of those who are not active the memory fades.
    """
    xp = namespace(lazy)
    wrong = params["validation.check_share"] + (1.0 - params["validation.check_share"]) * _bad(state)
    votes = state["validator_active"]
    today = 1.0 - votes * lazy * wrong[..., None] - votes * (1.0 - lazy) * params["validation.error"][..., None]
    pull = 1.0 - xp.exp(-1.0 / params["validation.memory_days"])
    known = state["validator_accuracy"]
    return known + pull[..., None] * (today - known)


def _bad(state: Values) -> Array:
    """Part of the day's work that is not what was asked for."""
    return _of_work(state, state["provider_degraded"] + state["provider_garbage"])


def _harm(params: Values, state: Values) -> Array:
    """Part of the value of the day's work that consumers lose."""
    return _of_work(state, harm_by_provider(params, state))


def _of_work(state: Values, share: Array) -> Array:
    xp = namespace(share)
    return ratio(xp.sum(state["work_weight"] * share, axis=-1), xp.sum(state["work_weight"], axis=-1))


BLOCK = Block(
    "validation",
    "Canaries are judged.",
    validate,
    phase="quality",
    why="The plan names validators; harm is felt before.",
    goes_on=("harm_share",),
    mechanism=Mechanism("validation", "Canaries, and validators who look or do not."),
    needs="settlement",
)
