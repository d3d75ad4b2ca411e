"""The pack of a proposal: a folder that a voter can read, and that anyone can check with `quiver-sim verify`.

Every file follows from the proposal's text, the outcomes, the attacks, the code version and the date alone, so that a
checker who makes them again must get the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from experiments.errors import RequestError
from experiments.proposals.ask import Asked
from experiments.proposals.case import SCHEMA_VERSION, Case
from experiments.proposals.evidence import ATTACKS, OUTCOMES, read_attacks, read_outcomes, written
from experiments.proposals.paper import page
from experiments.words import plain

TEXT, DOCUMENT, PAGE, KPIS, MANIFEST = "proposal.yaml", "proposal.json", "proposal.md", "kpis.csv", "manifest.json"
FILES = (TEXT, DOCUMENT, PAGE, OUTCOMES, KPIS, ATTACKS, MANIFEST)
KIND = "quiver-sim proposal pack"


@dataclass(frozen=True)
class Made:
    """How a pack was made: the code version, which attacks were chosen, and the ISO date, if one was given."""

    code: str
    attacks: str
    created: str | None

    @property
    def command(self) -> str:
        """The command that makes it."""
        date = f" --date {self.created}" if self.created else ""
        return f"quiver-sim propose {TEXT} --attacks {self.attacks}{date}"


def case_of(asked: Asked, outcomes: str, attacks: str, made: Made) -> Case:
    """The case that CSV texts make; `RequestError` where they do not fit the proposal."""
    return Case(
        asked, read_outcomes(asked, outcomes), read_attacks(asked, attacks, made.attacks), made.code, made.created
    )


def files(case: Case, made: Made) -> dict[str, bytes]:
    """Every file of a pack, by name."""
    texts = {
        TEXT: case.asked.text,
        DOCUMENT: _json(case.document()),
        PAGE: page(case),
        OUTCOMES: written(case.outcomes),
        KPIS: written(case.effects),
        ATTACKS: written(case.attacks),
    }
    found = {name: text.encode("utf-8") for name, text in texts.items()}
    manifest = {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "code_version": made.code,
        "attacks": made.attacks,
        "created": made.created,
        "command": made.command,
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in found.items()},
    }
    return found | {MANIFEST: _json(manifest).encode("utf-8")}


def write(contents: Mapping[str, bytes], folder: Path) -> None:
    """Put a pack into its folder, whole or not at all; a pack that is there is replaced."""
    refuse_foreign(folder)
    above = folder.absolute().parent
    above.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=above) as beside:
        made = Path(beside) / "pack"
        made.mkdir()
        for name, content in contents.items():
            (made / name).write_bytes(content)
        if folder.exists():
            folder.rename(Path(beside) / "before")
        made.rename(folder)


def refuse_foreign(folder: Path) -> None:
    """Refuse a file, and a folder that holds anything that is no pack's."""
    if folder.exists() and not folder.is_dir():
        raise RequestError(f"--out: found the file {folder}; allowed: a new folder, or a pack to replace")
    inside = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    foreign = [name for name in inside if name not in FILES]
    if foreign or (inside and MANIFEST not in inside):
        found = f"{folder}, which holds {(foreign or inside)[0]}"
        raise RequestError(f"--out: found {found}; allowed: a new folder, or a pack to replace")


def _json(content: object) -> str:
    return json.dumps(plain(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
