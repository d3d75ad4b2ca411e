"""What is scripted, as arrays: proposals by slot, the ideas that agents can have, shocks and attacks by day."""

from __future__ import annotations

import numpy as np

from model import attacks
from model.arrays import Array, to_nquiv
from model.codes import PROPOSAL_TYPES
from model.economy import Economy
from model.parameters import GOVERNED, REGISTRY
from model.parameters.interests import BASES, GROUPS, IDEAS, INTERESTS
from model.shocks import shock_paths


def scripted(economy: Economy) -> dict[str, Array]:
    """Everything that a scenario scripts; ValueError where it could not happen."""
    return {**_proposals(economy), **_shocks(economy), **_attacks(economy)}


def _proposals(economy: Economy) -> dict[str, Array]:
    """Scripted proposals as arrays over slots, and the ideas that agents can have as arrays over ideas."""
    proposals, holders = economy.script, economy.parameters.population.holders
    proposer = np.asarray([p.proposer for p in proposals] or [0], dtype=np.int64)
    if proposer.min() < 0 or proposer.max() >= holders:
        raise ValueError(f"a proposal names holder {proposer.max()}; holders are numbered from 0 to {holders - 1}")
    early = [proposal.day for proposal in proposals if economy.early(proposal)]
    if early:
        begins = economy.parameters.launch.governance_day
        raise ValueError(f"a proposal is submitted on day {early[0]}, and governance begins on day {begins}")
    slots = len(proposals) or economy.parameters.governance.slots
    voters = holders + economy.parameters.population.providers
    borrowed, buys = np.zeros((slots, voters)), np.zeros(slots)
    hostile = np.zeros(slots, dtype=np.int64)
    for slot, proposal in enumerate(proposals):
        hostile[slot] = proposal.hostile
        borrowed[slot, proposal.proposer] = proposal.borrowed_quiv * proposal.hostile
        buys[slot] = proposal.buys_quiv * proposal.hostile
    identities = np.ones(voters + economy.parameters.population.consumers)
    investing = np.ones(holders, dtype=np.int64)
    investing[[proposal.proposer for proposal in proposals if proposal.proposer < holders]] = 0
    for proposal in proposals:
        identities[proposal.proposer] = max(identities[proposal.proposer], proposal.identities)
    listed = bool(proposals)
    codes = {
        "day": [p.day for p in proposals],
        "parameter": [GOVERNED.index(p.parameter) for p in proposals],
        "type": [PROPOSAL_TYPES.index(p.type) for p in proposals],
    }
    return {
        **{f"script.{name}": np.asarray(given or [-1 * (name == "day")] * slots) for name, given in codes.items()},
        "script.value": np.asarray([p.value for p in proposals] or [0.0] * slots),
        "script.proposer": proposer if listed else np.zeros(slots, dtype=np.int64),
        "script.hostile": hostile,
        "script.borrowed_nquiv": to_nquiv(borrowed),
        "script.buys_nquiv": to_nquiv(buys),
        "script.identities": identities,
        "script.investing": investing,
        "script.live": np.asarray(float(economy.parameters.governance.snapshot == "live_balance")),
        "script.ranges": np.asarray([REGISTRY[name].width for name in GOVERNED]),
        "script.types": np.asarray([PROPOSAL_TYPES.index(REGISTRY[name].governed or "") for name in GOVERNED]),
        **_thinkable(),
    }


def _thinkable() -> dict[str, Array]:
    """The ideas that agents can have: which parameter, within which bounds, what it moves and who gains."""
    of_parameter = [IDEAS.index(name) if name in IDEAS else 0 for name in GOVERNED]
    bases = [[float(INTERESTS[name].base == base) for base in BASES] for name in IDEAS]
    gains = [[INTERESTS[name].gains.get(group, 0.0) for group in GROUPS] for name in IDEAS]
    return {
        "ideas.parameter": np.asarray([GOVERNED.index(name) for name in IDEAS], dtype=np.int64),
        "ideas.of_parameter": np.asarray(of_parameter, dtype=np.int64),
        "ideas.low": np.asarray([REGISTRY[name].low for name in IDEAS], dtype=np.float64),
        "ideas.high": np.asarray([REGISTRY[name].high for name in IDEAS], dtype=np.float64),
        "ideas.range": np.asarray([REGISTRY[name].width for name in IDEAS]),
        "ideas.relative": np.asarray([float(INTERESTS[name].relative) for name in IDEAS]),
        "ideas.base": np.asarray(bases),
        "ideas.gains": np.asarray(gains),
    }


def _shocks(economy: Economy) -> dict[str, Array]:
    """What shocks make of each day, by kind."""
    idle = [f"{shock.kind} on day {shock.day}: {why}" for shock in economy.shocks if (why := economy.idle(shock))]
    if idle:
        raise ValueError(f"a shock has nothing to act on: {idle[0]}")
    return dict(shock_paths(economy.shocks, economy.days, {"feeds": economy.parameters.oracle.feeds}))


def _attacks(economy: Economy) -> dict[str, Array]:
    """Paths of attacks by day and agent, and the attackers."""
    size = economy.parameters.population
    sizes = {name: getattr(size, name) for name in attacks.CLASSES} | {"feeds": economy.parameters.oracle.feeds}
    return {**attacks.crews(economy.attacks, sizes), **attacks.attack_paths(economy.attacks, sizes, economy.days)}
