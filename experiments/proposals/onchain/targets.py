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

from experiments.errors import Problems, UnfitError, show, unknown
from experiments.inputs import validate
from experiments.inputs.items import read_item
from experiments.inputs.strict_yaml import mapping_of, read_text
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
    return read_targets(read_text(Path(path), where), where)


def read_targets(text: str, where: str) -> TargetMap:
    """Target map of a YAML text; `RequestError` has every problem."""
    content, problems = mapping_of(text, where), Problems()
    for key in content:
        if key not in KEYS:
            problems.add(where, key, unknown(key, "key of a target map", KEYS))
    addresses = _addresses(_mapping(content, "contracts", where, problems), where, problems)
    functions = _mapping(content, "functions", where, problems)
    targets: dict[str, Target] = {}
    for name, item in functions.items():
        if name not in GOVERNED:
            problems.add(where, f"functions.{name}", unknown(name, "governed parameter", GOVERNED, "quiver-sim params"))
            continue
        target = _target(name, item, addresses, where, problems)
        if target is not None:
            targets[name] = target
    _check_distinct(targets, where, problems)
    problems.raise_any()
    return TargetMap(where, targets)


def _mapping(content: Mapping[str, Any], key: str, where: str, problems: Problems) -> dict[str, Any]:
    try:
        found = validate.mapping(content.get(key), "names and what each has")
        if not found:
            problems.add(where, key, "missing; every target map has " + " and ".join(KEYS))
        return found
    except UnfitError as error:
        problems.add(where, key, error)
        return {}


def _addresses(content: Mapping[str, Any], where: str, problems: Problems) -> dict[str, str]:
    """Addresses by contract; a wrong one is kept, so that its functions are checked too."""
    for name, address in content.items():
        if name not in CONTRACTS:
            problems.add(where, f"contracts.{name}", unknown(name, "contract", CONTRACTS))
            continue
        try:
            _check_address(address)
        except UnfitError as error:
            problems.add(where, f"contracts.{name}", error)
    return dict(content)


def _check_address(found: Any) -> None:
    if not isinstance(found, str) or not ADDRESS.fullmatch(found):
        raise UnfitError(show(found), "an address, 0x and 40 hexadecimal digits")
    if not int(found, 16):
        raise UnfitError("the zero address", "the contract's address")
    if not is_checksum_address(found):
        wrong = "without the EIP-55 checksum in its letters' case, or with a mistyped digit"
        raise UnfitError(f"{found}, {wrong}", "the address as the block explorer writes it")


def _target(name: str, item: Any, addresses: Mapping[str, str], where: str, problems: Problems) -> Target | None:
    contract = REGISTRY[name].target_contract
    key = f"functions.{name}"
    if contract not in addresses:
        problems.add(where, f"contracts.{contract}", f"missing; {name} is set there")

    def read(field: str) -> Any:
        return _signature(item[field]) if field == "signature" else _scale(item[field], name)

    found = read_item(item, key, "function", ("signature", "scale"), (), read, where, problems)
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


def _check_distinct(targets: Mapping[str, Target], where: str, problems: Problems) -> None:
    """Note functions that set two parameters, for a call would not tell which one it sets."""
    first: dict[tuple[str, bytes], str] = {}
    for name, target in targets.items():
        other = first.setdefault((target.address, target.selector), name)
        if other != name:
            found = f"{target.signature} of {target.address}, which sets {other} too"
            problems.add(where, f"functions.{name}", UnfitError(found, "a function of its own for each parameter"))
