"""Calls of a governor: OpenZeppelin's propose, queue and execute, and the propose of Compound's Bravo.

A proposal's number is keccak(abi.encode(targets, values, calldatas, keccak(description))), and the description is hashed
as bytes, so its line ends are line feeds everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eth_abi.abi import decode, encode
from eth_utils import function_signature_to_4byte_selector, keccak, to_checksum_address

from experiments.errors import RequestError

ACTIONS = ("address[]", "uint256[]", "bytes[]")
PROPOSE = f"propose({','.join(ACTIONS)},string)"
QUEUE = f"queue({','.join(ACTIONS)},bytes32)"
EXECUTE = f"execute({','.join(ACTIONS)},bytes32)"
BRAVO = "propose(address[],uint256[],string[],bytes[],string)"
ONLY_FOR = re.compile(r"#proposer=0x[0-9a-fA-F]{40}\Z")
"""An ending by which OpenZeppelin's governor lets nobody else propose."""


@dataclass(frozen=True)
class Action:
    """One call that a proposal makes: the contract's address, the function's signature, and its encoded argument."""

    address: str
    function: str
    argument: bytes

    @property
    def calldata(self) -> bytes:
        """Selector and argument."""
        return bytes(function_signature_to_4byte_selector(self.function)) + self.argument


def description(title: str, body: str) -> str:
    """Title as a heading, then the body; `RequestError` for text that a governor would refuse or misread."""
    text = f"# {title}\n\n{body}".replace("\r\n", "\n").replace("\r", "\n")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RequestError("body: found half of a surrogate pair; allowed: text that UTF-8 can hold") from None
    if ONLY_FOR.search(text):
        raise RequestError("body: ends with #proposer=0x..., by which a governor lets only that address propose it")
    return text


def calls(actions: list[Action], text: str) -> dict[str, object]:
    """The calls and the proposal's number for actions without value, in plain data: bytes and numbers as hex or text."""
    targets, amounts = [action.address for action in actions], [0] * len(actions)
    calldatas, digest = [action.calldata for action in actions], keccak(text=text)
    shared = (targets, amounts, calldatas)
    names, arguments = [action.function for action in actions], [action.argument for action in actions]
    return {
        "targets": targets,
        "values": [str(amount) for amount in amounts],
        "calldatas": [_hex(calldata) for calldata in calldatas],
        "description": text,
        "description_hash": _hex(digest),
        "proposal_id": str(proposal_id(targets, amounts, calldatas, digest)),
        "propose": _call(PROPOSE, (*shared, text)),
        "queue": _call(QUEUE, (*shared, digest)),
        "execute": _call(EXECUTE, (*shared, digest)),
        "bravo": _call(BRAVO, (targets, amounts, names, arguments, text)),
    }


def proposal_id(targets: list[str], amounts: list[int], calldatas: list[bytes], digest: bytes) -> int:
    """The number by which a governor knows a proposal; `digest` is the description's hash."""
    return int.from_bytes(keccak(encode([*ACTIONS, "bytes32"], [targets, amounts, calldatas, digest])), "big")


def proposed(call: str) -> tuple[list[str], list[int], list[bytes], str]:
    """Targets, values, calldatas and description of an OpenZeppelin propose call in hex; `RequestError` if it is none."""
    try:
        data = bytes.fromhex(call.removeprefix("0x"))
        targets, amounts, calldatas, text = decode([*ACTIONS, "string"], data[4:])
    except Exception as error:  # eth-abi has no one class for data that it cannot read
        raise RequestError(
            f"propose: cannot be decoded ({type(error).__name__}); allowed: a call of {PROPOSE}"
        ) from None
    if data[:4] != function_signature_to_4byte_selector(PROPOSE):
        raise RequestError(f"propose: found the selector {_hex(data[:4])}; allowed: 0x7d5e81e2, {PROPOSE}")
    return [to_checksum_address(target) for target in targets], list(amounts), list(calldatas), text


def _call(signature: str, arguments: tuple[object, ...]) -> str:
    types = signature[signature.index("(") + 1 : -1].split(",")
    return _hex(bytes(function_signature_to_4byte_selector(signature)) + encode(types, arguments))


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
