"""The worked example of docs/proposals.md: `python -m docs.packs` makes docs/burn-share again from its own evidence.

Vectors of packs (`docs/pack_vectors.py`) are made with it.

The pack's outcomes are kept if a few of them, simulated again, are the same; else its numbers are other code's, and
`quiver-sim propose` has to make them anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dashboards.evidence import report_files
from docs import pack_vectors
from experiments.proposals import pack
from experiments.proposals.case import TARGETS, Case
from experiments.proposals.evidence import ATTACKS, OUTCOMES
from experiments.proposals.inside import manifest_of, read_pack
from experiments.proposals.proposal_file import load_proposal
from experiments.proposals.simulate import KEYS, simulate_again
from experiments.storage.version import code_version

FOLDER = Path(__file__).resolve().parent / "burn-share"
CHECKED = (("baseline", "proposed", 0), ("severe", "today", 31))
"""Trajectories that are simulated again: scenario, setting and run."""


def example(folder: Path = FOLDER, code: str = "") -> tuple[Case, pack.Made]:
    """The case of the pack as it lies there, and how it was made, by ``code`` if that is given."""
    _, contents = read_pack(folder)
    manifest = manifest_of(contents)
    if manifest is None:
        raise ValueError(f"{folder}: no pack")
    made = pack.Made(code or manifest["code_version"], manifest["attacks"], manifest["created"])
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in (OUTCOMES, ATTACKS, TARGETS)}
    asked = load_proposal(folder / pack.TEXT)
    return pack.case_of(asked, texts[OUTCOMES], texts[ATTACKS], made, texts[TARGETS]), made


def same_numbers(case: Case) -> bool:
    """Whether `CHECKED` come out as the pack lists them."""
    listed = case.outcomes.set_index(KEYS).loc[list(CHECKED)]
    return bool((listed == simulate_again(case.proposal, CHECKED).set_index(KEYS)).all(axis=None))


def main() -> int:
    """Make the pack's files again, and the vectors."""
    pack_vectors.main()
    case, made = example(code=code_version())
    if not same_numbers(case):
        sys.stderr.write("docs/burn-share: its numbers are other code's; quiver-sim propose makes them anew\n")
        return 1
    pack.write(pack.files(case, made, report_files), FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
