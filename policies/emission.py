r"""Emission: the schedule's amount of the day times the growth multiplier, under the cap.

$$ e_t = \min\left( \lfloor b_t\, g_t \rfloor,\; P - E_t \right), \qquad b_t = C(t+1) - C(t) $$

with $C$ the schedule (`model/formulas/emission.py`), $g$ the growth multiplier, $P$ the provider-reward allocation
and $E_t$ what has been emitted. The part for stake and the part for work are each minted from the first day on which
somebody can earn them; what is not minted before stays under the cap, at the schedule's end. Source: SPEC, Emission
Rate Control; WHITEPAPER 2.3.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace, take_rate
from model.block import Block, Mechanism
from model.formulas import emission
from model.launch import begun


def emit(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Mint the day's emission to the staking and work reward pools, nano-QUIV."""
    xp = namespace(previous_state)
    schedule = (params["genesis.yearly_nquiv"], params["genesis.tail_rate_nquiv"], params["emission.halving_years"])
    day = params["genesis.age_days"] + previous_state["day"]
    base = emission.scheduled_uncapped(day + 1, *schedule) - emission.scheduled_uncapped(day, *schedule)
    emitted = previous_state["minted_nquiv"] - params["genesis.minted_nquiv"]
    room = xp.maximum(params["genesis.pool_nquiv"] - emitted, 0)
    amount = emission.adjusted(base, previous_state["growth_multiplier"], room)
    to_staking = take_rate(amount, previous_state["emission.staking_share"])
    earned = {"emission_to_staking": to_staking, "emission_to_work": amount - to_staking}
    return {
        flow: earned[flow] * xp.astype(begun(params, previous_state, since), xp.int64)
        for flow, since in (("emission_to_staking", "genesis.staked_day"), ("emission_to_work", "genesis.served_day"))
    }


BLOCK = Block(
    "emission",
    "The day's rewards are minted.",
    emit,
    phase="token",
    why="The plan names the controller; it mints from the day that somebody can earn it.",
    mechanism=Mechanism("emission", "Minting of provider rewards."),
)
