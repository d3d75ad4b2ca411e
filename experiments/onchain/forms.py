"""A change of parameters in the forms that chains take, and back.

`forms` gives a governor's calls and Snapshot's JSON; `decode` reads the parameters and values out of the calls again.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from eth_abi.abi import encode
from eth_utils import keccak

from experiments.errors import Problems, RequestError, UnfitError, unknown
from experiments.onchain.amounts import decimal, from_units, plain, whole_units
from experiments.onchain.ballot import ballot
from experiments.onchain.governor import Action, calls, description, proposal_id, proposed
from experiments.onchain.targets import Target, TargetMap
from model.parameters import GOVERNED, REGISTRY


def forms(
    title: str,
    body: str,
    changes: Mapping[str, tuple[Any, Any]],
    targets: TargetMap,
    vote: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything as plain data for JSON: `changes` in raw units as text, `governor` and `snapshot`.

    `changes` has the old and the new value of each parameter, in its own unit; `vote` sets keys of Snapshot's proposal.
    Raises a `RequestError` with every value that has no place on chain or cannot be written there exactly.
    """
    problems, rows, actions = Problems(), [], []
    if not changes:
        problems.add("", "changes", "found none; allowed: at least one parameter with its old and new value")
    for name, (old, new) in changes.items():
        try:
            target = _target(name, targets)
            before, after = (whole_units(_allowed(name, value), target.scale, target.bits) for value in (old, new))
        except UnfitError as error:
            problems.add("changes", name, error)
            continue
        except RequestError as error:
            problems.add("changes", name, error)
            continue
        if before == after:
            problems.add("changes", name, UnfitError(f"{plain(decimal(new))} before and after", "a new value"))
        rows.append(_row(name, target, before, after))
        actions.append(Action(target.address, target.function, encode([f"uint{target.bits}"], [after])))
    problems.raise_any()
    text = description(title, body)
    snapshot = ballot(title, text.partition("\n\n")[2], vote or {})
    return {"changes": rows, "governor": calls(actions, text), "snapshot": snapshot}


def decode(found: Mapping[str, Any], targets: TargetMap) -> dict[str, Decimal]:
    """The new values by parameter, read from the propose call of `forms`; `RequestError` where map and call disagree."""
    addresses, amounts, calldatas, text = proposed(found["governor"]["propose"])
    number = str(proposal_id(addresses, amounts, calldatas, keccak(text=text)))
    if number != found["governor"]["proposal_id"]:
        raise RequestError(f"proposal_id: found {found['governor']['proposal_id']}; the propose call makes {number}")
    places = {(target.address, target.selector): name for name, target in targets.items()}
    values = {}
    for address, calldata in zip(addresses, calldatas, strict=True):
        name = places.get((address, calldata[:4]))
        if name is None or len(calldata) != 36:
            raise RequestError(f"propose: calls {address} with 0x{calldata.hex()}, which is no target of the map")
        values[name] = from_units(int.from_bytes(calldata[4:], "big"), targets[name].scale)
    return values


def _target(name: str, targets: TargetMap) -> Target:
    if name not in GOVERNED:
        raise RequestError(unknown(name, "governed parameter", GOVERNED, "those of quiver-sim params"))
    if name not in targets:
        raise RequestError(
            "it has no target in the map; allowed: targets: {...: {function: setX(uint256), scale: wad}}"
        )
    return targets[name]


def _allowed(name: str, value: Any) -> Decimal:
    """The value as a decimal within the registry's bounds, compared as decimals."""
    entry, found = REGISTRY[name], decimal(value)
    low, high = (decimal(bound) for bound in (entry.low, entry.high))
    if not low <= found <= high:
        raise UnfitError(plain(found), f"{plain(low)} to {plain(high)} ({entry.unit})")
    return found


def _row(name: str, target: Target, before: int, after: int) -> dict[str, str]:
    place = {"parameter": name, "address": target.address, "function": target.function, "scale": str(target.scale)}
    return place | {"before": str(before), "after": str(after)}
