"""On-chain forms of a proposal: made from its changes, and read back to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from experiments.errors import RequestError, UnfitError, show, unknown
from experiments.inputs.reader import Reader
from experiments.proposals.onchain.amounts import decimal_text, exact_value
from experiments.proposals.onchain.ballot import ballot, check_ballot
from experiments.proposals.onchain.governor import MOST_CALLS, Call, check_governor, governor, read_propose
from experiments.proposals.onchain.targets import Target, TargetMap
from model.parameters import GOVERNED, REGISTRY

RESERVED = re.compile(r"#proposer=0x[0-9a-fA-F]{40}\Z")
"""Suffix that no description may have: OpenZeppelin's Governor then lets only that account propose."""


def forms(
    title: str,
    body: str,
    changes: Mapping[str, tuple[Any, Any]],
    targets: TargetMap,
    options: Mapping[str, Any] | None = None,
    where: str = "",
) -> dict[str, Any]:
    """Governor calldata, proposal id and Snapshot proposal, as plain data for JSON.

    `changes` are old and new values by parameter, in their units; calls keep their order. `options` are keys of the
    Snapshot proposal (`ballot.OPTIONS`); `where` names the file in error sentences. `RequestError` lists what cannot
    be encoded exactly, or is beyond the limits of a Governor or of Snapshot.
    """
    file = Reader(where)
    name, text = _text(file.sub("title", title)).strip(), _text(file.sub("body", body))
    if "\n" in name:
        file.note(UnfitError(show(title), "one line"), "title")
    if RESERVED.search(text):
        found = "#proposer=0x... at the end, by which a Governor lets only that account propose"
        file.note(UnfitError(found, "text that ends in another way"), "body")
    if not changes:
        file.note("missing; a proposal changes at least one parameter", "changes")
    if len(changes) > MOST_CALLS:
        rule = UnfitError(str(len(changes)), f"at most {MOST_CALLS}, for Governor Bravo takes no more in one proposal")
        file.note(rule, "changes")
    rows = [_row(key, *pair, targets, file.sub(f"changes.{key}")) for key, pair in changes.items()]
    file.problems.raise_any()
    done = [row for row in rows if row is not None]
    calls = [Call(row["address"], row["function"], int(row["to_raw"])) for row in done]
    vote: dict[str, Any] = {}
    with file.noting():
        vote = ballot(name, text, options or {})
    file.problems.raise_any()
    return {"changes": done, "governor": governor(f"# {name}\n\n{text}", calls), "snapshot": vote}


def decode(forms: Mapping[str, Any], targets: TargetMap) -> dict[str, Fraction]:
    """New values by parameter, in their units, read from the calldata of `propose`.

    `RequestError` if a call is not one of the target map's, sends money, or another form is of another proposal.
    """
    found = forms.get("governor")
    if not isinstance(found, Mapping):
        raise RequestError(f"governor: found {show(found)}; allowed: the forms of a proposal")
    try:
        description, sent = read_propose(found.get("propose"))
    except UnfitError as error:
        raise RequestError(f"governor.propose: {error}") from None
    values: dict[str, Fraction] = {}
    calls = []
    for place, (address, value, calldata) in enumerate(sent):
        target = targets.by_call.get((address, calldata[:4]))
        raw = int.from_bytes(calldata[4:], "big")
        if target is None or value or len(calldata) != 36 or raw >= 2**target.bits or target.parameter in values:
            raise RequestError(
                f"governor.calldatas.{place}: found {show('0x' + calldata.hex())} for {address} with {value} wei; "
                f"allowed: one call for each parameter of {targets.where}, without money"
            )
        values[target.parameter] = Fraction(raw, target.scale)
        calls.append(Call(address, target.signature, raw))
    try:
        check_governor(found, governor(description, calls))
    except UnfitError as error:
        raise RequestError(f"governor: {error}") from None
    check_ballot(forms.get("snapshot"))
    return values


def _row(name: str, old: Any, new: Any, targets: TargetMap, at: Reader) -> dict[str, str] | None:
    """A change in the parameter's unit and in raw amounts, before and after, every digit as text."""
    if name not in GOVERNED:
        at.note(unknown(name, "governed parameter", GOVERNED, "quiver-sim params"))
        return None
    target = targets.targets.get(name)
    if target is None:
        at.note(f"found no function for it in {targets.where}; allowed: {', '.join(targets.targets)}")
        return None
    before, after = (_side(at.sub(*side), target) for side in (("from", old), ("to", new)))
    if before is None or after is None:
        return None
    if before == after:
        at.note(UnfitError(f"{decimal_text(before)} before and after", "a change"))
    return {
        "parameter": name,
        "unit": REGISTRY[name].unit,
        "from": decimal_text(before),
        "to": decimal_text(after),
        "address": target.address,
        "function": target.signature,
        "scale": str(target.scale),
        "from_raw": str(target.raw(before)),
        "to_raw": str(target.raw(after)),
    }


def _side(at: Reader, target: Target) -> Fraction | None:
    """The value before or after the change, or None if the contract cannot hold it."""
    with at.noting():
        value = exact_value(REGISTRY[target.parameter], at.found)
        target.raw(value)
        return value
    return None


def _text(at: Reader) -> str:
    r"""Text that is valid UTF-8, with "\n" at the end of every line."""
    try:
        return str(at.found.encode().decode()).replace("\r\n", "\n").replace("\r", "\n")
    except (AttributeError, UnicodeEncodeError):
        at.note(UnfitError(show(at.found), "text"))
        return ""
