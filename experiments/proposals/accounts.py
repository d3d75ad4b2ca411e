"""Ethereum's accounts by eth-account, imported without what comes with it.

Its keys for validators bring py-ecc, which raises the interpreter's limit on recursion to 100,000: brackets nested so
deep, in any JSON read later, would overflow the stack and end the process instead of raising RecursionError. Import
eth-account and its keys from here.
"""

from __future__ import annotations

import sys

LIMIT = sys.getrecursionlimit()

from eth_account import Account  # noqa: E402
from eth_account.messages import encode_defunct, encode_typed_data  # noqa: E402
from eth_keys.constants import SECPK1_N  # noqa: E402
from eth_keys.exceptions import BadSignature  # noqa: E402

sys.setrecursionlimit(LIMIT)

__all__ = ["SECPK1_N", "Account", "BadSignature", "encode_defunct", "encode_typed_data"]
