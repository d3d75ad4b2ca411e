"""Ethereum addresses in users' files: one account has many spellings, and a mistyped one is told by its checksum.

The letters' case carries the checksum of EIP-55; all in lower case, or all in upper, there is none.
"""

from __future__ import annotations

import re

from eth_utils.address import to_checksum_address

from experiments.errors import UnfitError

ADDRESS = re.compile("(?:0[xX])?([0-9a-fA-F]{40})")


def one_spelling(name: str) -> str:
    """An address in lower case, whatever its spelling; another name as it is.

    `UnfitError` for an address whose letters' case is of both kinds and not its checksum.
    """
    match = ADDRESS.fullmatch(name.strip())
    if match is None:
        return name
    digits = match[1]
    mixed = digits not in (digits.lower(), digits.upper())
    if mixed and f"0x{digits}" != to_checksum_address(f"0x{digits}"):
        wrong = "which is mistyped, or whose letters' case is not its EIP-55 checksum"
        raise UnfitError(f"{name}, {wrong}", "the address as a block explorer writes it, or all in lower case")
    return f"0x{digits.lower()}"
