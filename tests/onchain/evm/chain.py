"""A chain in memory with one account: every transaction is a block, twelve seconds after the last."""

from __future__ import annotations

from typing import Any

from eth.chains.base import MiningChain
from eth.consensus import NoProofConsensus
from eth.db.atomic import AtomicDB
from eth.vm.forks.cancun import CancunVM
from eth_abi import decode, encode
from eth_keys import keys
from eth_utils import keccak, to_checksum_address

KEY = keys.PrivateKey(keccak(text="the account of a test"))
ACCOUNT = KEY.public_key.to_canonical_address()
GAS = 8_000_000


class Chain:
    """Deploys and calls contracts, and lets time pass."""

    def __init__(self) -> None:
        vms = ((0, CancunVM.configure(consensus_class=NoProofConsensus)),)
        kind = MiningChain.configure("Chain", vm_configuration=vms, chain_id=1337)
        rich = {ACCOUNT: {"balance": 10**24, "nonce": 0, "code": b"", "storage": {}}}
        start = {"difficulty": 0, "gas_limit": 30_000_000, "timestamp": 1_700_000_000}
        self.chain = kind.from_genesis(AtomicDB(), start, rich)
        self.now = start["timestamp"]

    def deploy(self, bytecode: str, types: tuple[str, ...] = (), *arguments: Any) -> str:
        """The address of a new contract."""
        sent = self.send(b"", bytes.fromhex(bytecode) + encode(types, arguments))
        return to_checksum_address(sent.msg.storage_address)

    def call(self, address: str, signature: str, *arguments: Any) -> bytes:
        """What a function returns; the call is a transaction."""
        types = [kind for kind in signature.partition("(")[2].removesuffix(")").split(",") if kind]
        return bytes(self.send(address, keccak(text=signature)[:4] + encode(types, arguments)).output)

    def number(self, address: str, signature: str, *arguments: Any) -> int:
        """The whole number that a function returns."""
        return int(decode(["uint256"], self.call(address, signature, *arguments))[0])

    def send(self, address: str | bytes, data: bytes) -> Any:
        """A transaction in a block of its own; `VMError` if it is reverted."""
        to = bytes.fromhex(address[2:]) if isinstance(address, str) else address
        self.wait(12)
        vm = self.chain.get_vm()
        nonce = vm.state.get_nonce(ACCOUNT)
        made = vm.create_unsigned_transaction(
            nonce=nonce, gas_price=10**10, gas=GAS, to=to, value=0, data=data
        ).as_signed_transaction(KEY, chain_id=1337)
        _, _, computation = self.chain.apply_transaction(made)
        self.chain.mine_block()
        computation.raise_if_error()
        return computation

    def wait(self, seconds: int) -> None:
        """Let time pass in the block that is being made."""
        self.now += seconds
        self.chain.set_header_timestamp(self.now)

    def mine(self) -> None:
        """An empty block."""
        self.wait(12)
        self.chain.mine_block()
