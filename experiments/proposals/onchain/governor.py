r"""Calldata of a proposal for OpenZeppelin's Governor, and for Compound's Governor Bravo.

The Governor identifies a proposal by a hash of its calls and its description,

    id = keccak(abi.encode(targets, values, calldatas, keccak(description))),

so the description must be the same bytes wherever it is used: UTF-8, lines ending in "\n" alone. Bravo numbers its
proposals itself, takes signatures and arguments separately, and at most ten calls (`proposalMaxOperations` in
`GovernorBravoDelegate.sol` of github.com/compound-finance/compound-protocol). Calls send no money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from experiments.errors import RequestError, UnfitError, show
from experiments.inputs.address import one_spelling

CALLS = ("address[]", "uint256[]", "bytes[]")
PROPOSE = f"propose({','.join(CALLS)},string)"
QUEUE = f"queue({','.join(CALLS)},bytes32)"
EXECUTE = f"execute({','.join(CALLS)},bytes32)"
MOST_CALLS = 10
"""Calls of one proposal that Governor Bravo takes."""

BRAVO = "propose(address[],uint256[],string[],bytes[],string)"


@dataclass(frozen=True)
class Call:
    """A contract call: the function `signature` at `address`, with one whole number, `raw`."""

    address: str
    signature: str
    raw: int

    @property
    def arguments(self) -> bytes:
        """ABI-encoded arguments, 32 bytes."""
        return encode(["uint256"], [self.raw])

    @property
    def calldata(self) -> bytes:
        """Selector and arguments, 36 bytes."""
        return keccak(text=self.signature)[:4] + self.arguments


def governor(description: str, calls: Sequence[Call]) -> dict[str, Any]:
    """A Governor's inputs and calldata, as plain data: bytes in hexadecimal, whole numbers as decimal text."""
    hashed = keccak(text=description)
    targets, values = [call.address for call in calls], [0] * len(calls)
    calldatas = [call.calldata for call in calls]
    actions = [targets, values, calldatas]
    signatures, arguments = [call.signature for call in calls], [call.arguments for call in calls]
    return {
        "targets": targets,
        "values": [str(value) for value in values],
        "calldatas": [_hex(calldata) for calldata in calldatas],
        "description": description,
        "description_hash": _hex(hashed),
        "proposal_id": str(int.from_bytes(keccak(encode([*CALLS, "bytes32"], [*actions, hashed])), "big")),
        "propose": _hex(_call(PROPOSE, *actions, description)),
        "queue": _hex(_call(QUEUE, *actions, hashed)),
        "execute": _hex(_call(EXECUTE, *actions, hashed)),
        "bravo": _hex(_call(BRAVO, targets, values, signatures, arguments, description)),
    }


def read_propose(found: Any) -> tuple[str, list[tuple[str, int, bytes]]]:
    """Description, and each call's (address, value, calldata), of a `propose`; `UnfitError` if it is not one."""
    allowed = f"calldata of {PROPOSE} in hexadecimal"
    try:
        data = bytes.fromhex(found.lower().removeprefix("0x"))
        if data[:4] != keccak(text=PROPOSE)[:4]:
            raise UnfitError(show(found), allowed)
        targets, values, calldatas, description = decode([*CALLS, "string"], data[4:])
    except (AttributeError, DecodingError, OverflowError, ValueError):
        raise UnfitError(show(found), allowed) from None
    if not len(targets) == len(values) == len(calldatas):
        raise UnfitError(f"{len(targets)} targets, {len(values)} values, {len(calldatas)} calldatas", "as many of each")
    return description, list(zip(map(to_checksum_address, targets), values, calldatas, strict=True))


def check_governor(found: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    """Refuse forms that differ from those made anew of the proposal in `propose`."""
    for key, value in made.items():
        if _plain(key, found.get(key)) != _plain(key, value):
            raise RequestError(
                f"governor.{key}: found {show(found.get(key))}; allowed: {show(value)}, as propose has it"
            )


def _plain(key: str, value: Any) -> Any:
    """A form in one spelling: hexadecimal digits are the same in either case, but for an address with a checksum."""
    if isinstance(value, list):
        return [_plain(key, item) for item in value]
    return value if key == "description" or not isinstance(value, str) else one_spelling(value).lower()


def _call(signature: str, *arguments: Any) -> bytes:
    types = signature.partition("(")[2].removesuffix(")").split(",")
    return keccak(text=signature)[:4] + encode(types, arguments)


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
