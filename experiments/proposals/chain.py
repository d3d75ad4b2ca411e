"""A proposal as the chain takes it: the spec's fields of a proposal, and the calls of a Governor with their ballot.

The description that voters sign carries the SHA-256 of the evidence, so that a pack belongs to one proposal on chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.errors import UnfitError, show, unknown
from experiments.inputs import validate
from experiments.inputs.reader import Reader
from experiments.inputs.strict_yaml import number
from experiments.proposals.onchain import TargetMap, decode, forms
from experiments.proposals.proposal_file import Proposal
from model.codes import PROPOSAL_TYPES
from model.parameters import GOVERNED, REGISTRY

FIELDS = ("Proposer", "Type", "Title", "Description", "Parameters")
"""Those of the spec's `Proposal` that an author fills; identifier, times, votes and status are the chain's."""

KEYS = ("author", "type", "title", "rationale", "changes")
"""The keys of a proposal's file that they are, in the same order."""

UNKNOWN = "0" * 64
"""The SHA-256 of evidence that is still to be made: the calls can be checked before."""


def fields_of(proposal: Proposal) -> dict[str, Any]:
    """The fields of the spec's `Proposal`; values of parameters are exact texts."""
    parameters = {name: repr(value) for name, value in proposal.changes.items()}
    number = PROPOSAL_TYPES.index(proposal.type)
    return dict(zip(FIELDS, (proposal.author, number, proposal.title, proposal.rationale, parameters), strict=True))


def keys_of(fields: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    """The keys of a proposal's file that such fields give: what a proposal on chain asks, to be looked at here."""
    file = Reader(where, fields)

    def read(key: str) -> Any:
        if key == "Type":
            return PROPOSAL_TYPES[validate.whole(fields[key], 0, len(PROPOSAL_TYPES) - 1, "")]
        return _changes(file.at(key)) if key == "Parameters" else validate.text(fields[key])

    found = file.sub("fields", dict(fields)).item("proposal", FIELDS, (), read)
    file.problems.raise_any()
    return dict(zip(KEYS, (found or {}).values(), strict=True))


def _changes(at: Reader) -> dict[str, int | float]:
    """The parameters of a proposal with the values that the texts give."""
    changes: dict[str, int | float] = {}
    for name, text in validate.mapping(at.found, "parameters and their values as text").items():
        with at.sub(name).noting():
            if name not in GOVERNED:
                at.note(unknown(name, "governed parameter", GOVERNED), name)
            else:
                changes[name] = validate.parameter_value(REGISTRY[name], _number(text))
    return changes


def calls_of(proposal: Proposal, targets: TargetMap, evidence: str, code: str) -> dict[str, Any]:
    """Governor calldata, proposal id and Snapshot ballot; `evidence` is the SHA-256 of the pack's document.

    `RequestError` where a value would be rounded, a function is missing, or a text is beyond what the chain takes.
    """
    today = proposal.today
    changes = {name: (today[name], value) for name, value in proposal.changes.items()}
    lines = [f"- {name}: {old!r} to {new!r} ({REGISTRY[name].unit})" for name, (old, new) in changes.items()]
    parts = (
        proposal.rationale.strip(),
        "\n".join(["Changes:", *lines]),
        f"To be reviewed on {proposal.review}.",
        f"Evidence: proposal.json with the SHA-256 {evidence}, made by quiver-sim {code}.",
    )
    found = forms(proposal.title, "\n\n".join(parts), changes, targets, where="on chain")
    decode(found, targets)
    return found


def _number(text: object) -> int | float:
    value = number(str(text))
    if value is None:
        raise UnfitError(show(text), "a number")
    return int(value) if str(text).lstrip("-").isdigit() else float(value)
