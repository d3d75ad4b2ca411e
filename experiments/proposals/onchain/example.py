"""The example target map: every governed parameter as the registry declares it, at made-up addresses.

`python -m docs.generate` writes it to `example.yaml` beside this file.
"""

from __future__ import annotations

from pathlib import Path

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from experiments.proposals.onchain.targets import CONTRACTS, TargetMap, read_targets
from model.parameters import GOVERNED, REGISTRY

EXAMPLE = Path(__file__).with_suffix(".yaml")
HEAD = """\
# A target map for every governed parameter, to be copied and changed.
#
# The addresses are made up: the last 20 bytes of keccak("QUIVer example: NAME"). Nobody holds their keys. Put the
# deployed contracts' there, with the letters' case as a block explorer writes them (EIP-55).
#
# A function sets one parameter and takes one whole number: value times scale. The scale is a whole number, or
# percent (100), basis_points (10,000), parts_per_million (1,000,000), wad or wei (10**18).
"""


def example_text() -> str:
    """The example map's YAML."""
    contracts = [f'  {name}: "{_made_up_address(name)}"' for name in CONTRACTS]
    entries = [REGISTRY[name] for name in GOVERNED]
    functions = [f"  {entry.name}: {{signature: {entry.setter}, scale: {entry.scale}}}" for entry in entries]
    return "\n".join([HEAD, "contracts:", *contracts, "", "functions:", *functions, ""])


def example_targets() -> TargetMap:
    """The example map, as read from its YAML."""
    return read_targets(example_text(), "the example map")


def _made_up_address(contract: str) -> str:
    return to_checksum_address(keccak(text=f"QUIVer example: {contract}")[-20:])
