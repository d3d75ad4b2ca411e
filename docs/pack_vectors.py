"""Vectors of packs for other implementations: `python -m docs.packs` makes docs/vectors/packs.

`valid` is a small pack without its report, whose 5 MB are mostly a library for charts; the manifest has the report's
hash. `invalid.json` lists changes of one passage, whether the manifest's hashes are made to fit, and the checks that do
not hold then. `signatures.json` has what is signed of the pack, signatures, and the address or the reason to refuse.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dashboards.evidence import report_files
from experiments.proposals import pack
from experiments.proposals.accounts import SECPK1_N, Account, encode_typed_data
from experiments.proposals.attacks import COLUMNS
from experiments.proposals.evidence import OUTCOMES, csv_text
from experiments.proposals.proposal_file import read_proposal
from experiments.proposals.signatures import typed_data
from experiments.proposals.simulate import simulate_proposal
from experiments.storage.results_io import json_text
from experiments.storage.version import code_version

FOLDER = Path(__file__).resolve().parent / "vectors" / "packs"
VALID, INVALID, SIGNATURES = "valid", "invalid.json", "signatures.json"
KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
"""Hardhat's first account, whose key everybody has: 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266."""

TEXT = """# A vector for other implementations, not a proposal.
title: Burn 60 % of the network fee instead of 50 %
author: An economist
type: economic
changes: {fees.burn_share: 0.6}
rationale: Fewer tokens.
review: 2027-06-01
today: {population.providers: 5, population.consumers: 5, population.holders: 8, population.validators: 3}
days: 10
runs: 4
kpis:
  - {name: growth, metric: supply_quiv, aggregation: change, direction: down, threshold: 1.0, unit: ratio, chance: 0.5}
stress: []
"""

CHANGES = (
    ("a comment", pack.TEXT, "# A vector", "# A victor", True, ("rebuilt",)),
    ("a comment, its hash not fixed", pack.TEXT, "# A vector", "# A victor", False, ("hashes", "rebuilt")),
    ("a new value", pack.TEXT, "burn_share: 0.6", "burn_share: 0.59", True, ("rebuilt",)),
    ("a change beyond a quarter's limit", pack.TEXT, "burn_share: 0.6", "burn_share: 0.7", True, ("rails", "rebuilt")),
    ("a value out of bounds", pack.TEXT, "burn_share: 0.6", "burn_share: 6", True, ("evidence",)),
    ("another seed", pack.TEXT, "days: 10", "days: 10\nseed: 2", True, ("rebuilt",)),
    ("a run that is not there", pack.TEXT, "runs: 4", "runs: 5", True, ("evidence",)),
    ("a number spelt otherwise", OUTCOMES, "today,0,", "today,0,0", True, ("evidence",)),
    ("another setting", OUTCOMES, "baseline,today,0", "baseline,proposed,0", True, ("evidence",)),
    ("a figure of the document", pack.DOCUMENT, '"breached": 0', '"breached": 1', True, ("rebuilt",)),
    ("a key of the document", pack.DOCUMENT, '"seed": 1', '"seed": 1, "note": "x"', True, ("schema", "rebuilt")),
    ("a word on the page", pack.PAGE, "runs", "tests", True, ("rebuilt",)),
    ("the date", pack.MANIFEST, '"created": "2026-12-01"', '"created": "2026-12-02"', False, ("rebuilt",)),
    ("a hash", pack.MANIFEST, '"proposal.md": "', '"proposal.md": "0', False, ("hashes", "rebuilt")),
    ("the kind", pack.MANIFEST, '"kind": "', '"kind": "no ', False, ("manifest",)),
)
"""Name, file, what is replaced once, by what, whether the manifest's hashes are made to fit, what does not hold."""


def valid_pack() -> dict[str, bytes]:
    """The files of a small pack."""
    proposal = read_proposal(TEXT, pack.TEXT)
    made = pack.Made(code_version(), "none", "2026-12-01")
    outcomes = csv_text(simulate_proposal(proposal, workers=0))
    return pack.files(pack.case_of(proposal, outcomes, ",".join(COLUMNS) + "\n", made), made, report_files)


def signature_vectors(files: dict[str, bytes]) -> dict[str, Any]:
    """What is signed of a pack, and signatures of it with their outcome."""
    data = typed_data(files)
    signable = encode_typed_data(full_message=data)
    account = Account.from_key(KEY)
    given = bytes(account.sign_message(signable).signature)
    s = SECPK1_N - int.from_bytes(given[32:64], "big")
    other = encode_typed_data(full_message=data | {"message": data["message"] | {"created": "2026-12-02"}})
    return {
        "typed_data": data,
        "domain_hash": "0x" + signable.header.hex(),
        "message_hash": "0x" + signable.body.hex(),
        "signer": account.address,
        "valid": {"by the signer": "0x" + given.hex(), "v from 0": "0x" + (given[:64] + bytes([given[64] - 27])).hex()},
        "by_another": {"of another message": "0x" + bytes(account.sign_message(other).signature).hex()},
        "invalid": {
            "s in the upper half": "0x" + (given[:32] + s.to_bytes(32, "big") + bytes([55 - given[64]])).hex(),
            "64 bytes": "0x" + given[:64].hex(),
            "66 bytes": "0x" + given.hex() + "00",
            "v = 29": "0x" + given[:64].hex() + "1d",
            "zero": "0x" + "00" * 65,
        },
    }


def main() -> None:
    """Make the vectors."""
    files = valid_pack()
    folder = FOLDER / VALID
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if name != pack.REPORT:
            (folder / name).write_bytes(content)
    keys = ("name", "file", "find", "replace", "hashes_fixed", "does_not_hold")
    listed = [dict(zip(keys, change, strict=True)) for change in CHANGES]
    (FOLDER / INVALID).write_text(json_text(listed), encoding="utf-8")
    (FOLDER / SIGNATURES).write_text(json_text(signature_vectors(files)), encoding="utf-8")
