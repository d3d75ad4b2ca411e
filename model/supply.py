"""Circulating supply: what governance's quorum, turnout and staking ratio are shares of."""

from __future__ import annotations

from collections.abc import Mapping

from model.arrays import NQUIV_PER_QUIV, Array, Values, namespace, to_quiv
from model.flows import LEDGER

CIRCULATING = LEDGER.where(lambda account: account.circulating)


def circulating_supply(state: Values, params: Values, totals: Mapping[str, Array] | None = None) -> Array:
    """Circulating supply: tokens of the accounts declared as circulating, QUIV, shape `(*batch)`.

    The treasury counts where `genesis.treasury_circulates` is one. `totals` are sums of accounts, nano-QUIV, that are
    known already; others are summed here. Source: SPEC, ChainMetrics (CirculatingSupply).
    """
    known = totals or {}
    summed = [known[name] if name in known else LEDGER.total(name, state[name]) for name in CIRCULATING]
    treasury = to_quiv(LEDGER.total("treasury_nquiv", state["treasury_nquiv"]))
    return to_quiv(sum(summed[1:], start=summed[0])) + treasury * params["genesis.treasury_circulates"]


def circulating_nquiv(state: Values, params: Values) -> Array:
    """The same in nano-QUIV (`int64`), at least one QUIV: what turnout is a share of."""
    held = LEDGER.holdings(state, lambda account: account.circulating)
    xp = namespace(held)
    treasury = xp.where(params["genesis.treasury_circulates"] > 0.5, state["treasury_nquiv"], 0)
    return xp.maximum(held + treasury, NQUIV_PER_QUIV)
