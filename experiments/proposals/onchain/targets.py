"""Target maps: the contract's address, the setter and the scale of each governed parameter.

A map is a YAML file with two keys. `contracts` has the address of each contract by its name in the parameters'
reference; `functions` has, for each parameter, the signature of its setter and the scale, a word or a whole number,
by which its value is multiplied. Which contract a parameter belongs to is in the registry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from eth_utils.address import is_checksum_address
from eth_utils.crypto import keccak

from experiments.errors import UnfitError, show, unknown
from experiments.inputs import validate
from experiments.inputs.reader import Reader
from experiments.inputs.strict_yaml import mapping_of
from experiments.inputs.text_file import path_of, read_text
from experiments.proposals.onchain.amounts import raw_amount
from model.parameters import GOVERNED, REGISTRY

KEYS = ("contracts", "functions")
CONTRACTS = tuple(dict.fromkeys(REGISTRY[name].target_contract for name in GOVERNED))
SHARES = {"percent": 100, "basis_points": 10**4, "parts_per_million": 10**6}
SCALES = {**SHARES, "wad": 10**18, "wei": 10**18}
MOST_SCALE = 10**36
SIGNATURE = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,99}\(uint([1-9][0-9]{0,2})\)")
ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
MONEY = ("QUIV", "USD")


@dataclass(frozen=True)
class Target:
    """A parameter's setter: `signature` at `address` takes its value times `scale`, in a uint of `bits`."""

    parameter: str
    address: str
    signature: str
    scale: int
    bits: int

    @property
    def selector(self) -> bytes:
        """Function selector, four bytes."""
        return keccak(text=self.signature)[:4]

    def raw(self, value: Fraction) -> int:
        """Raw amount of a value (`amounts.raw_amount`); `UnfitError` if there is none."""
        return raw_amount(value, self.scale, self.bits)


@dataclass(frozen=True)
class TargetMap:
    """Targets by parameter; `where` names the file in error sentences."""

    where: str
    targets: Mapping[str, Target] = field(repr=False)

    @cached_property
    def by_call(self) -> dict[tuple[str, bytes], Target]:
        """Targets by address and selector, to tell which parameter a call sets."""
        return {(target.address, target.selector): target for target in self.targets.values()}


def load_targets(path: str | Path, where: str = "") -> TargetMap:
    """Target map of a file; `RequestError` has every problem."""
    where = where or str(path)
    return read_targets(read_text(path_of(path), where), where)


def read_targets(text: str, where: str) -> TargetMap:
    """A target map from its text; `RequestError` has every problem."""
    file = Reader(where, mapping_of(text, where))
    file.only(KEYS, "a target map")
    addresses = _addresses(_keys(file.at("contracts")))
    targets: dict[str, Target] = {}
    for name, place in _keys(file.at("functions")).items():
        if name not in GOVERNED:
            place.note(unknown(name, "governed parameter", GOVERNED, "quiver-sim params"))
            continue
        target = _target(name, place, addresses, file)
        if target is not None:
            targets[name] = target
    _check_distinct(targets, file)
    file.problems.raise_any()
    return TargetMap(where, targets)


def _keys(at: Reader) -> dict[str, Reader]:
    before = at.noted
    found = at.keys("names and what each has")
    if not found and at.noted == before:
        at.note("missing; every target map has " + " and ".join(KEYS))
    return found


def _addresses(contracts: Mapping[str, Reader]) -> dict[str, str]:
    """Addresses by contract; a wrong one is kept, so that its functions are checked too."""
    for name, place in contracts.items():
        if name not in CONTRACTS:
            place.note(unknown(name, "contract", CONTRACTS))
            continue
        with place.noting():
            _check_address(place.found)
    return {name: str(place.found) for name, place in contracts.items()}


def _check_address(found: Any) -> None:
    if not isinstance(found, str) or not ADDRESS.fullmatch(found):
        raise UnfitError(show(found), "an address, 0x and 40 hexadecimal digits")
    if not int(found, 16):
        raise UnfitError("the zero address", "the contract's address")
    if not is_checksum_address(found):
        wrong = "without the EIP-55 checksum in its letters' case, or with a mistyped digit"
        raise UnfitError(f"{found}, {wrong}", "the address as the block explorer writes it")


def _target(name: str, at: Reader, addresses: Mapping[str, str], file: Reader) -> Target | None:
    contract = REGISTRY[name].target_contract
    if contract not in addresses:
        file.note(f"missing; {name} is set there", f"contracts.{contract}")

    def read(key: str) -> Any:
        return _signature(at.found[key]) if key == "signature" else _scale(at.found[key], name)

    found = at.item("function", ("signature", "scale"), (), read)
    if found is None or contract not in addresses:
        return None
    signature, bits = found["signature"]
    return Target(name, addresses[contract], signature, found["scale"], bits)


def _signature(found: Any) -> tuple[str, int]:
    """A function's signature, and the bits of its one argument."""
    match = SIGNATURE.fullmatch(found) if isinstance(found, str) else None
    if match is None or int(match[1]) % 8 or int(match[1]) > 256:
        raise UnfitError(show(found), "a function of one whole number, uint8 to uint256, such as setBurnShare(uint256)")
    return match[0], int(match[1])


def _scale(found: Any, name: str) -> int:
    """The scale as a whole number, if it goes with the parameter's unit."""
    unit = REGISTRY[name].unit
    if isinstance(found, int):
        return validate.whole(found, 1, MOST_SCALE, "")
    if not isinstance(found, str) or found not in SCALES:
        raise UnfitError(show(found), f"a whole number from 1, or {', '.join(SCALES)}")
    if found == "wei" and not unit.startswith("QUIV"):
        raise UnfitError("wei", f"a scale for {unit}: wei is for amounts of QUIV")
    if found in SHARES and unit.startswith(MONEY):
        raise UnfitError(found, f"a scale for {unit}: {found} is for shares and ratios")
    return SCALES[found]


def _check_distinct(targets: Mapping[str, Target], file: Reader) -> None:
    """Note functions that set two parameters, for a call would not tell which one it sets."""
    first: dict[tuple[str, bytes], str] = {}
    for name, target in targets.items():
        other = first.setdefault((target.address, target.selector), name)
        if other != name:
            found = f"{target.signature} of {target.address}, which sets {other} too"
            file.note(UnfitError(found, "a function of its own for each parameter"), f"functions.{name}")
