"""Who says so: detached signatures of a pack by Ethereum addresses, over what its manifest lists.

What is signed is typed data of EIP-712, for a wallet shows its fields, title and hash, before it signs, and the domain
keeps a signature from being taken for one of anything else. The domain has no chain and no contract, as a pack belongs
to none. The manifest has the hash of every other file, so that its own, SHA-256, stands for the whole pack. A signature
lies beside the pack, a line in `PACK.sig`, and changes nothing in it. Keys stay with their owners: wallets sign, this
recovers the address. An account that is a contract (EIP-1271) can say who signed only on its chain, and is not looked
up here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from eth_utils.address import to_checksum_address

from experiments.errors import RequestError, UnfitError, show
from experiments.inputs.address import ADDRESS, one_spelling
from experiments.inputs.text_file import read_text
from experiments.proposals import pack
from experiments.proposals.inside import PackFinding, manifest_of
from experiments.words import visible

ENDING = ".sig"
MOST_BYTES = 20_000
"""Of a file of signatures: some 150 of them."""

DOMAIN = {"name": "QUIVer proposal pack", "version": "1"}
PACK = {"title": "string", "codeVersion": "string", "created": "string", "manifest": "bytes32"}
"""The fields that are signed: `manifest` is the SHA-256 of the manifest, the others are for the reader's eyes."""

FORM = "0x and 130 hexadecimal digits: r, s and v of a signature, v 27 or 28 (or 0 or 1)"


@dataclass(frozen=True)
class Signed:
    """Who signed a pack: checksummed addresses in order, each once, and what is to be said of it."""

    finding: PackFinding
    signers: tuple[str, ...] = ()


def typed_data(contents: dict[str, bytes]) -> dict[str, Any]:
    """What is signed of a pack, as `eth_signTypedData_v4` takes it."""
    manifest = manifest_of(contents)
    if manifest is None:
        raise RequestError(f"{pack.MANIFEST} is missing, cut short, or does not say how a pack was made")
    message = {
        "title": visible(_title(contents)),
        "codeVersion": visible(manifest["code_version"]),
        "created": manifest["created"] or "",
        "manifest": "0x" + sha256(contents[pack.MANIFEST]).hexdigest(),
    }
    domain = [{"name": name, "type": "string"} for name in DOMAIN]
    fields = [{"name": name, "type": kind} for name, kind in PACK.items()]
    types = {"EIP712Domain": domain, "Pack": fields}
    return {"types": types, "primaryType": "Pack", "domain": DOMAIN, "message": message}


def hashes_of(data: dict[str, Any]) -> tuple[str, str]:
    """The hashes of domain and message that a hardware wallet shows."""
    from experiments.proposals.accounts import encode_typed_data

    found = encode_typed_data(full_message=data)
    return "0x" + found.header.hex(), "0x" + found.body.hex()


def signatures_of(
    folder: Path, contents: dict[str, bytes], more: Sequence[str] = (), signer: str | None = None
) -> Signed:
    """Who signed a pack, by the file beside it and by `more` signatures; `signer` is one who must have.

    `RequestError` where one of `more`, or the address of `signer`, is none.
    """
    wanted = None if signer is None else _address(signer)
    for text in more:
        try:
            signature_bytes(text)
        except UnfitError as error:
            raise RequestError(f"--signature: {error}") from None
    signers: dict[str, None] = {}
    wrong = []
    try:
        for where, text in [*_beside(folder), *(("--signature", text) for text in more)]:
            try:
                signers[recovered(contents, text)] = None
            except UnfitError as error:
                wrong.append(f"{where}: {error}")
    except RequestError as error:
        wrong.append(str(error))
    return Signed(_finding(tuple(signers), wrong, wanted), tuple(signers))


def side_file(folder: Path) -> Path:
    """Where the signatures of a pack lie."""
    place = Path(os.path.abspath(folder))
    return place.with_name(place.name + ENDING)


def recovered(contents: dict[str, bytes], text: str) -> str:
    """The checksummed address that made a signature of a pack; `UnfitError` if it is none."""
    given = signature_bytes(text)
    from experiments.proposals.accounts import Account, BadSignature, encode_typed_data

    try:
        return str(Account.recover_message(encode_typed_data(full_message=typed_data(contents)), signature=given))
    except (BadSignature, ValueError):
        raise UnfitError(show(text), f"a signature that some address can have made; {FORM}") from None


def signature_bytes(text: str) -> bytes:
    """The 65 bytes of a signature; `UnfitError` if it has another form, or a twin with the other s (EIP-2)."""
    from experiments.proposals.accounts import SECPK1_N

    digits = text.removeprefix("0x")
    if not text.startswith("0x") or len(digits) != 130 or not set(digits) <= set("0123456789abcdefABCDEF"):
        raise UnfitError(show(text), FORM)
    given = bytes.fromhex(digits)
    if given[64] not in (0, 1, 27, 28):
        raise UnfitError(f"v = {given[64]}", FORM)
    if int.from_bytes(given[32:64], "big") > SECPK1_N // 2:
        raise UnfitError("s in the upper half of its range", "s in the lower half, as wallets make it (EIP-2)")
    return given


def _beside(folder: Path) -> Iterator[tuple[str, str]]:
    """Each line of the file of signatures with its place."""
    file = side_file(folder)
    if not os.path.lexists(file):
        return
    for number, line in enumerate(read_text(file, str(file), MOST_BYTES).splitlines(), start=1):
        if line.strip():
            yield f"{file.name}, line {number}", line.strip()


def _finding(signers: Sequence[str], wrong: Sequence[str], wanted: str | None) -> PackFinding:
    by = f"signed by {', '.join(signers)}" if signers else "unsigned"
    if wrong:
        return PackFinding("signature", False, "; ".join([*wrong, by]))
    if wanted is not None:
        return PackFinding("signature", wanted in signers, by if wanted in signers else f"{by}, and not by {wanted}")
    if not signers:
        return PackFinding("signature", None, "unsigned: no address vouches for this pack")
    return PackFinding("signature", None, f"{by}; whether this is who should have signed, --signer ADDRESS asks")


def _address(text: str) -> str:
    """An address with its checksum, in whatever spelling it is given."""
    try:
        found = one_spelling(text)
        if not ADDRESS.fullmatch(found):
            raise UnfitError(show(text), "an address, 0x and 40 hexadecimal digits")
    except UnfitError as error:
        raise RequestError(f"--signer: {error}") from None
    return str(to_checksum_address(found))


def _title(contents: dict[str, bytes]) -> str:
    """The proposal's title as its document has it; empty if that cannot be read."""
    try:
        return str(json.loads(contents[pack.DOCUMENT])["proposal"]["Title"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
