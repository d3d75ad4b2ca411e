"""Ethereum addresses in users' files: one account has many spellings, and a mistyped one is told by its checksum.

The letters' case carries the checksum of EIP-55; all in lower case, or all in upper, there is none.
"""

from __future__ import annotations

import re

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
    if digits not in (digits.lower(), digits.upper()) and not _checksummed(f"0x{digits}"):
        wrong = "which is mistyped, or whose letters' case is not its EIP-55 checksum"
        raise UnfitError(f"{name}, {wrong}", "the address as a block explorer writes it, or all in lower case")
    return f"0x{digits.lower()}"


def _checksummed(address: str) -> bool:
    from eth_utils.address import is_checksum_address  # only where there is such an address: it takes a while to load

    return bool(is_checksum_address(address))
