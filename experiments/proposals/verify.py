"""The check of a pack: its files are those it lists, they follow from its evidence, and the evidence holds.

Hashes alone prove nothing, as whoever changes a file can change its hash: every file is made again from the proposal's
text and the two tables of evidence, and trajectories are simulated again, as many as make a forgery that changes a
verdict likely to be seen (`experiments/proposals/sampling.py`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.errors import RequestError, show
from experiments.inputs.snapshot import document_of
from experiments.proposals import pack
from experiments.proposals.attacks import attacks_to_measure, measure_attacks
from experiments.proposals.case import START, TARGETS, TEXT, Case
from experiments.proposals.evidence import ATTACKS, OUTCOMES, csv_text
from experiments.proposals.given import given
from experiments.proposals.inside import (
    MOST_NAMED,
    PackFinding,
    hashes,
    manifest_of,
    read_pack,
    schema,
    schema_version,
)
from experiments.proposals.proposal_file import Proposal, read_proposal
from experiments.proposals.sampling import ENOUGH, Carriers, Pick, Sample
from experiments.proposals.signatures import signatures_of
from experiments.proposals.simulate import KEYS, agents_of, simulate_again
from experiments.proposals.verdicts import verdicts_of
from experiments.storage.version import code_version
from experiments.sweeps.run import Progress
from experiments.words import counted, percent

BY_CHANCE: Pick = random.SystemRandom().sample

MOST_AGENT_DAYS = 1_200_000_000
"""Agents times days that a check simulates unless more is asked for: some half an hour."""


@dataclass(frozen=True)
class Asked:
    """What to check. `sample` trajectories are simulated again, or as many as make a forgery likely to be seen.

    By `today`, an ISO date, the pack's age is judged. `attacks` says whether attacks are measured again; left out they
    are unless `sample` is 0. `signatures` come beside those that lie with the pack, `signer` must have made one.
    """

    sample: int | None = None
    today: str | None = None
    attacks: bool | None = None
    signatures: tuple[str, ...] = ()
    signer: str | None = None


@dataclass(frozen=True)
class Verification:
    """What a check found: findings, who signed, what the author gave and nobody checks, and the runs looked at."""

    findings: list[PackFinding]
    signers: tuple[str, ...] = ()
    given: list[tuple[str, str]] = field(default_factory=list)
    sample: Sample | None = None
    rows: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def broken(self) -> list[str]:
        """The checks that do not hold."""
        return [finding.check for finding in self.findings if finding.holds is False]


def verify_pack(
    folder: Path,
    report_files: pack.ReportFiles,
    asked: Asked | None = None,
    pick: Pick = BY_CHANCE,
    progress: Progress | None = None,
) -> Verification:
    """Check a pack. `report_files` draws its report and figures, `pick` the sample; `progress` counts its runs."""
    asked = asked or Asked()
    there, contents = read_pack(folder)
    manifest = manifest_of(contents)
    if manifest is None:
        said = f"{pack.MANIFEST} is missing, cut short, or does not say how a pack was made"
        return Verification([there, PackFinding("manifest", False, said)])
    made = pack.Made(manifest["code_version"], manifest["attacks"], manifest["created"])
    signed = signatures_of(folder, contents, asked.signatures, asked.signer)
    found = [there, hashes(contents, manifest), signed.finding, schema_version(manifest), schema(contents), _code(made)]
    try:
        texts = {name: content.decode("utf-8") for name, content in contents.items()}
        proposal = read_proposal(texts.get(TEXT, ""), TEXT, lambda _: _start(texts))
        found += [_age(made, proposal, asked.today)]
        case = pack.case_of(proposal, texts.get(OUTCOMES, ""), texts.get(ATTACKS, ""), made, texts.get(TARGETS))
        rebuilt = _rebuilt(case, made, report_files, contents)
    except (RequestError, UnicodeDecodeError) as error:
        said = "; ".join(str(error).splitlines())
        return Verification([*found, PackFinding("evidence", False, said)], signed.signers)
    runs, sample = _runs(case, asked.sample, pick, progress)
    found += [_rails(case), rebuilt, runs, _attacks(case, made, asked)]
    return Verification(found, signed.signers, given(case), sample, _keys(case, sample))


def _start(texts: dict[str, str]) -> dict[str, Any]:
    """The snapshot that runs start from."""
    if START not in texts:
        raise RequestError(f"{START}: missing, and the proposal starts from a snapshot")
    return document_of(texts[START], START)


def _code(made: pack.Made) -> PackFinding:
    own = code_version()
    return PackFinding("code version", made.code == own, f"found {show(made.code)}; this program is {own}")


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


def _runs(case: Case, size: int | None, pick: Pick, progress: Progress | None) -> tuple[PackFinding, Sample | None]:
    """Whether some trajectories, simulated again, give exactly what is listed; and which they were."""
    if size == 0:
        return PackFinding("runs", None, "no run was asked for, so forged outcomes go unseen"), None
    if case.code != code_version():
        return PackFinding("runs", None, "made by other code, so not run again"), None
    total = len(case.outcomes)
    carriers = Carriers.of(verdicts_of(case), total)
    most = MOST_AGENT_DAYS // (agents_of(case.proposal.base) * case.proposal.base.days)
    wanted = min(carriers.enough(), most) if size is None else min(size, total)
    sample = carriers.draw(wanted, pick)
    if not sample.rows:
        return PackFinding("runs", None, "too long to be run again; --sample N runs some all the same"), None
    try:
        wrong = _wrong(case, sample, progress)
    except Exception as error:
        return PackFinding("runs", False, f"cannot be simulated: {type(error).__name__}: {error}"), sample
    cut = "" if size is not None or sample.chance < ENOUGH else "; the check runs no more by itself, --sample N does"
    same = f"{len(sample.rows)} of {total} simulated again and "
    said = f"{same}not as listed: {_first(wrong)}" if wrong else f"{same}the same. {_words(sample)}{cut}"
    return PackFinding("runs", not wrong, said), sample


def _wrong(case: Case, sample: Sample, progress: Progress | None) -> list[str]:
    """The trajectories of a sample that come out otherwise, each with the columns that do."""
    listed = case.outcomes.iloc[sample.rows].reset_index(drop=True)
    afresh = simulate_again(case.proposal, _keys(case, sample), progress)
    same = (listed == afresh) | (listed.isna() & afresh.isna())
    return [
        f"{_run(listed.iloc[row])}: {', '.join(same.columns[~same.iloc[row]])}" for row in same.index[~same.all(axis=1)]
    ]


def _words(sample: Sample) -> str:
    """What a sample shows."""
    how = f"{len(sample.first)} carry verdicts most, {len(sample.drawn)} were drawn from the others"
    if sample.fewest is None:
        return f"{how}; no forgery of the rest changes a verdict"
    least = f"a forgery that changes a verdict has {counted(sample.fewest, 'row')} or more"
    chance = percent(ceil(sample.chance * 10_000) / 10_000, 2)
    return f"{how}; {least} and goes unseen with a chance of at most {chance}"


def _first(wrong: list[str]) -> str:
    return "; ".join(wrong[:MOST_NAMED]) + ("; ..." if len(wrong) > MOST_NAMED else "")


def _keys(case: Case, sample: Sample | None) -> list[tuple[str, str, int]]:
    """Scenario, setting and run of each row of a sample."""
    rows = [] if sample is None else sample.rows
    return list(case.outcomes.iloc[rows][KEYS].itertuples(index=False, name=None))


def _attacks(case: Case, made: pack.Made, asked: Asked) -> PackFinding:
    """Whether the attacks, measured again, come to just what is listed."""
    names = attacks_to_measure(case.proposal, made.attacks)
    wanted = asked.sample != 0 if asked.attacks is None else asked.attacks
    if not names:
        return PackFinding("attacks", None, "the pack has none")
    if not wanted or case.code != code_version():
        why = "made by other code" if wanted else "not asked for"
        return PackFinding("attacks", None, f"{why}, so not measured again: forged figures of attacks go unseen")
    same = csv_text(measure_attacks(case.proposal, names)) == csv_text(case.attacks)
    said = f"{', '.join(names)}: measured again and {'the same' if same else 'not as listed'}"
    return PackFinding("attacks", same, said)


def _run(row: pd.Series) -> str:
    return f"{row['scenario']} {row['setting']} {row['run']}"
