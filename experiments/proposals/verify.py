"""The check of a pack: its files are those it lists, they follow from its evidence, and the evidence holds.

Hashes alone prove nothing, as whoever changes a file can change its hash: every file is made again from the proposal's
text and the two tables of evidence, and trajectories drawn by chance are simulated again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.errors import RequestError
from experiments.inputs.snapshot import document_of
from experiments.proposals import pack
from experiments.proposals.attacks import attacks_to_measure, measure_attacks
from experiments.proposals.case import TARGETS, Case
from experiments.proposals.evidence import ATTACKS, OUTCOMES, csv_text
from experiments.proposals.inside import PackFinding, hashes, manifest_of, read_pack, schema, schema_version
from experiments.proposals.proposal_file import Proposal, read_proposal
from experiments.proposals.simulate import KEYS, simulate_again
from experiments.storage.version import code_version

Pick = Callable[[Sequence[Any], int], Sequence[Any]]
"""Draws some of a sequence."""

MOST_NAMED = 20
"""Trajectories that a finding names."""

BY_CHANCE: Pick = random.SystemRandom().sample


def verify_pack(
    folder: Path,
    report_files: pack.ReportFiles,
    sample: int,
    today: str | None = None,
    attacks: bool = False,
    pick: Pick = BY_CHANCE,
) -> list[PackFinding]:
    """All findings on a pack. `report_files` draws its report and figures; by `today`, an ISO date, its age is judged.

    `sample` trajectories, drawn by `pick`, are simulated again, and with `attacks` all its attacks.
    """
    there, contents = read_pack(folder)
    found = [there]
    manifest = manifest_of(contents)
    if manifest is None:
        said = f"{pack.MANIFEST} is missing, cut short, or does not say how a pack was made"
        return [*found, PackFinding("manifest", False, said)]
    made = pack.Made(manifest["code_version"], manifest["attacks"], manifest["created"])
    found += [hashes(contents, manifest), schema_version(manifest), schema(contents), _code(made)]
    try:
        texts = {name: content.decode("utf-8") for name, content in contents.items()}
        proposal = read_proposal(texts.get(pack.TEXT, ""), pack.TEXT, lambda _: _start(texts))
        found += [_age(made, proposal, today)]
        case = pack.case_of(proposal, texts.get(OUTCOMES, ""), texts.get(ATTACKS, ""), made, texts.get(TARGETS))
        rebuilt = _rebuilt(case, made, report_files, contents)
    except (RequestError, UnicodeDecodeError) as error:
        return [*found, PackFinding("evidence", False, "; ".join(str(error).splitlines()))]
    found += [_rails(case), rebuilt]
    return [*found, _runs(case, sample, pick), _attacks(case, made, attacks)]


def _start(texts: dict[str, str]) -> dict[str, Any]:
    """The snapshot that runs start from."""
    if pack.START not in texts:
        raise RequestError(f"{pack.START}: missing, and the proposal starts from a snapshot")
    return document_of(texts[pack.START], pack.START)


def _code(made: pack.Made) -> PackFinding:
    own = code_version()
    return PackFinding("code version", made.code == own, f"found {made.code!r}; this program is {own}")


def _age(made: pack.Made, proposal: Proposal, today: str | None) -> PackFinding:
    """Whether the evidence still counts on a day."""
    if today is None:
        return PackFinding("age", None, "no --date was given")
    if made.created is None:
        return PackFinding("age", False, "the pack has no date, so its age is not known")
    days = (date.fromisoformat(today) - date.fromisoformat(made.created)).days
    return PackFinding("age", 0 <= days <= proposal.valid_days, f"{days} days old; counts for {proposal.valid_days}")


def _rails(case: Case) -> PackFinding:
    broken = [str(check) for check in case.checks if not check.passed]
    return PackFinding("rails", not broken, "; ".join(broken) or f"all {len(case.checks)} checks pass")


def _rebuilt(case: Case, made: pack.Made, report_files: pack.ReportFiles, contents: dict[str, bytes]) -> PackFinding:
    """Whether every file is just what follows from the evidence.

    The code version is that of the code that decides numbers; report_files drawn by other code are found here.
    """
    files = pack.files(case, made, report_files)
    wrong = [name for name in {**files, **contents} if contents.get(name) != files.get(name)]
    if not wrong:
        return PackFinding("rebuilt", True, "every file follows from the evidence")
    said = f"not what follows from the evidence: {', '.join(wrong)}; edited, or made by another version of the program"
    return PackFinding("rebuilt", False, said)


def _runs(case: Case, sample: int, pick: Pick) -> PackFinding:
    """Whether some trajectories, simulated again, give exactly what is listed."""
    rows = case.outcomes
    if sample == 0 or case.code != code_version():
        return PackFinding(
            "runs", None, "no run was asked for" if sample == 0 else "made by other code, so not run again"
        )
    which = sorted(pick(range(len(rows)), min(sample, len(rows))))
    listed = rows.iloc[which].reset_index(drop=True)
    afresh = simulate_again(case.proposal, list(listed[KEYS].itertuples(index=False, name=None)))
    same = (listed == afresh) | (listed.isna() & afresh.isna())
    wrong = [
        f"{_run(listed.iloc[row])}: {', '.join(_differing(same.iloc[row]))}" for row in same.index[~same.all(axis=1)]
    ]
    said = "; ".join(wrong[:MOST_NAMED]) or ", ".join(_run(row) for _, row in listed.head(MOST_NAMED).iterrows())
    said += ", ..." if len(wrong or which) > MOST_NAMED else ""
    head = "simulated again and not as listed" if wrong else f"{len(which)} of {len(rows)} simulated again and the same"
    return PackFinding("runs", not wrong, f"{head}: {said}")


def _attacks(case: Case, made: pack.Made, wanted: bool) -> PackFinding:
    """Whether the attacks, measured again, come to just what is listed."""
    names = attacks_to_measure(case.proposal, made.attacks)
    if not names or not wanted or case.code != code_version():
        said = "not measured again, only listed; --attacks does, with the same code" if names else "the pack has none"
        return PackFinding("attacks", None, said)
    same = csv_text(measure_attacks(case.proposal, names)) == csv_text(case.attacks)
    return PackFinding(
        "attacks", same, f"{', '.join(names)}: measured again and {'the same' if same else 'not as listed'}"
    )


def _run(row: pd.Series) -> str:
    return f"{row['scenario']} {row['setting']} {row['run']}"


def _differing(same: pd.Series) -> list[str]:
    return list(same.index[~same])
