"""Whatever is changed in a pack is found: words, bytes, what lies beside them, with the hash fixed too."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from experiments.proposals import pack
from experiments.proposals.case import CALLS, TARGETS, Case
from experiments.proposals.evidence import ATTACKS, OUTCOMES, csv_text
from experiments.proposals.proposal_file import read_proposal
from experiments.proposals.verify import Asked, verify_pack
from tests.proposals.packs import TEXT, edit, fix_hashes, forge, outcomes_of, propose

Tamper = Callable[[Path], object]


def small_report(case: Case) -> dict[str, bytes]:
    """In place of a report and its figures, which take a second to draw: what follows from all of it."""
    digest = sha256(case.content_json.encode("utf-8")).hexdigest()
    return {pack.REPORT: f"<!-- Content-Security-Policy 4 {digest} -->".encode(), pack.FIGURES: b"[0.5]"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack with a small report, as those that are changed are many."""
    folder = propose(tmp_path_factory.mktemp("proposals"))
    forge(folder, report_files=small_report)
    return folder


def truncated(name: str) -> Callable[[Path], None]:
    def cut(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return cut


def edited(name: str, old: str, new: str, fixed: bool = False) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        edit(folder, name, old, new)
        if fixed:
            fix_hashes(folder)

    return change


def other_outcome(folder: Path) -> None:
    outcomes = outcomes_of(read_proposal(TEXT, pack.TEXT), folder)
    outcomes.loc[0, "growth"] *= 1.5
    (folder / OUTCOMES).write_text(csv_text(outcomes), encoding="utf-8")


def other_outcome_and_hash(folder: Path) -> None:
    other_outcome(folder)
    fix_hashes(folder)


def linked(folder: Path) -> None:
    (folder / pack.PAGE).rename(folder.parent / "elsewhere.md")
    (folder / pack.PAGE).symlink_to(folder.parent / "elsewhere.md")


def fewer(folder: Path) -> None:
    text = (folder / OUTCOMES).read_text(encoding="utf-8")
    (folder / OUTCOMES).write_text("".join(text.splitlines(keepends=True)[:-1]), encoding="utf-8")
    fix_hashes(folder)


def swapped_lines(folder: Path) -> None:
    lines = (folder / OUTCOMES).read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1], lines[2] = lines[2], lines[1]
    (folder / OUTCOMES).write_text("".join(lines), encoding="utf-8")
    fix_hashes(folder)


def invented_attack(folder: Path) -> None:
    with (folder / ATTACKS).open("a", encoding="utf-8") as file:
        file.write("attack_wash_trading,today" + ",0.0" * 9 + "\n")
    fix_hashes(folder)


def bytes_of(name: str, change: Callable[[bytes], bytes]) -> Tamper:
    """A file's bytes changed, and the hash fixed."""

    def tamper(folder: Path) -> None:
        before = (folder / name).read_bytes()
        (folder / name).write_bytes(change(before))
        assert (folder / name).read_bytes() != before
        if name != pack.MANIFEST:
            fix_hashes(folder)

    return tamper


def listed(**changes: object) -> Tamper:
    """Keys of the manifest changed, or taken away if None is given."""

    def tamper(folder: Path) -> None:
        read = json.loads((folder / pack.MANIFEST).read_text(encoding="utf-8"))
        read = {key: value for key, value in (read | changes).items() if value is not ...}
        (folder / pack.MANIFEST).write_text(json.dumps(read, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    return tamper


def document(change: Callable[[dict[str, object]], object]) -> Tamper:
    """The document changed as data and written as the program writes it, its hash fixed."""

    def tamper(folder: Path) -> None:
        read = json.loads((folder / pack.DOCUMENT).read_text(encoding="utf-8"))
        change(read)
        text = json.dumps(read, indent=2, ensure_ascii=False) + "\n"
        assert text != (folder / pack.DOCUMENT).read_text(encoding="utf-8")
        (folder / pack.DOCUMENT).write_text(text, encoding="utf-8")
        fix_hashes(folder)

    return tamper


def replaced(name: str, make: Callable[[Path], object]) -> Tamper:
    """Something else in the place of a file."""

    def tamper(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return tamper


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        os.chdir(path.parent)
        made.bind(path.name)


def sparse(name: str, size: int) -> Tamper:
    return lambda folder: os.truncate(folder / name, size)


def cell(column: str, value: str) -> Tamper:
    """A cell of the first row of outcomes."""

    def tamper(folder: Path) -> None:
        lines = (folder / OUTCOMES).read_text(encoding="utf-8").splitlines()
        cells = lines[1].split(",")
        cells[lines[0].split(",").index(column)] = value
        lines[1] = ",".join(cells)
        (folder / OUTCOMES).write_text("\n".join(lines) + "\n", encoding="utf-8")
        fix_hashes(folder)

    return tamper


def text(old: str, new: str) -> Tamper:
    """A passage of the proposal's file, its hash fixed."""
    return edited(pack.TEXT, old, new, True)


TAMPERED = {
    "a figure on the page": (edited(pack.PAGE, "0 of 4 runs today", "4 of 4 runs today"), {"hashes", "rebuilt"}),
    "a figure on the page, hash fixed": (edited(pack.PAGE, "0 of 4 runs", "4 of 4 runs", True), {"rebuilt"}),
    "a figure of a table": (edited(pack.KPIS, ",4,", ",40,"), {"hashes", "rebuilt"}),
    "a figure of a table, hash fixed": (edited(pack.KPIS, ",4,", ",40,", True), {"rebuilt"}),
    "a value of the document": (edited(pack.DOCUMENT, '"after": "0.6"', '"after": "0.9"'), {"hashes", "rebuilt"}),
    "a parameter": (edited(pack.TEXT, "burn_share: 0.6", "burn_share: 0.59"), {"hashes", "rebuilt"}),
    "a parameter out of bounds": (edited(pack.TEXT, "burn_share: 0.6", "burn_share: 6"), {"hashes", "evidence"}),
    "an outcome": (other_outcome, {"hashes", "rebuilt"}),
    "an outcome, hash fixed": (other_outcome_and_hash, {"rebuilt"}),
    "a number spelt otherwise": (edited(OUTCOMES, "today,0,0.", "today,0,00.", True), {"evidence"}),
    "another column": (edited(OUTCOMES, "price_end", "price", True), {"evidence"}),
    "a hash": (edited(pack.MANIFEST, '"proposal.md": "', '"proposal.md": "0'), {"hashes", "rebuilt"}),
    "the schema version": (
        edited(pack.MANIFEST, '"schema_version": 2', '"schema_version": 3'),
        {"schema version", "rebuilt"},
    ),
    "the command": (edited(pack.MANIFEST, "--attacks none", "--attacks all"), {"rebuilt"}),
    "the choice of attacks": (edited(pack.MANIFEST, '"attacks": "none"', '"attacks": "some"'), {"manifest"}),
    "outcomes cut short": (truncated(OUTCOMES), {"hashes", "evidence"}),
    "the page cut short": (truncated(pack.PAGE), {"hashes", "rebuilt"}),
    "the manifest cut short": (truncated(pack.MANIFEST), {"manifest"}),
    "a file missing": (lambda folder: (folder / pack.KPIS).unlink(), {"files", "hashes", "rebuilt"}),
    "no manifest": (lambda folder: (folder / pack.MANIFEST).unlink(), {"files", "manifest"}),
    "a file besides": (lambda folder: (folder / "more.md").write_text("x"), {"files"}),
    "a link": (linked, {"files", "hashes", "rebuilt"}),
    "no text": (lambda folder: (folder / pack.TEXT).write_text(""), {"hashes", "evidence"}),
    "not UTF-8": (lambda folder: (folder / OUTCOMES).write_bytes(b"\xff"), {"hashes", "evidence"}),
    "a run fewer": (fewer, {"evidence"}),
    "lines swapped": (swapped_lines, {"evidence"}),
    "an invented attack": (invented_attack, {"evidence"}),
    "a figure of the report": (edited(pack.REPORT, "4", "5"), {"hashes", "rebuilt"}),
    "a figure of the report, hash fixed": (edited(pack.REPORT, "4", "5", True), {"rebuilt"}),
    "a chart": (edited(pack.FIGURES, "0.", "1.", True), {"rebuilt"}),
    "a verdict": (edited(pack.DOCUMENT, '"verdict": "', '"verdict": "not ', True), {"rebuilt"}),
    "a value's kind": (edited(pack.DOCUMENT, '"delay_days": 28', '"delay_days": "28"', True), {"schema", "rebuilt"}),
    "a key besides": (edited(pack.DOCUMENT, '"seed": 1', '"seed": 1, "note": "x"', True), {"schema", "rebuilt"}),
    "the document cut short": (truncated(pack.DOCUMENT), {"hashes", "schema", "rebuilt"}),
    "calls without a map": (lambda folder: (folder / CALLS).write_text("{}"), {"hashes", "rebuilt"}),
    "a map that is none": (lambda folder: (folder / TARGETS).write_text("x: 1"), {"hashes", "evidence"}),
}

REBUILT, EVIDENCE, MANIFEST = {"rebuilt"}, {"evidence"}, {"manifest"}

IN_THE_TEXT: dict[str, tuple[Tamper, set[str]]] = {
    "a comment": (bytes_of(pack.TEXT, lambda text: b"# Everyone agrees.\n" + text), REBUILT),
    "a comment at the end": (bytes_of(pack.TEXT, lambda text: text + b"# Everyone agrees.\n"), REBUILT),
    "a blank line": (bytes_of(pack.TEXT, lambda text: text + b"\n"), REBUILT),
    "spaces": (text("runs: 4", "runs:  4"), REBUILT),
    "line ends": (bytes_of(pack.TEXT, lambda text: text.replace(b"\n", b"\r\n")), REBUILT),
    "a byte-order mark": (bytes_of(pack.TEXT, lambda text: b"\xef\xbb\xbf" + text), REBUILT),
    "another spelling of a number": (text("fees.burn_share: 0.6}", "fees.burn_share: 0.60}"), REBUILT),
    "the title": (text("Burn <script>", "Mint <script>"), REBUILT),
    "the author": (text("An economist", "The foundation"), REBUILT),
    "the rationale": (text("Fewer tokens", "More tokens"), REBUILT),
    "the review": (text("2027-06-01", "2028-06-01"), REBUILT),
    "a reference": (text("A paper", "The paper"), REBUILT),
    "for how long evidence counts": (text("days: 20", "days: 20\nvalid_days: 900"), REBUILT),
    "the delay": (text("days: 20", "days: 20\ndelay_days: 40"), REBUILT),
    "the values at the quarter's start": (
        text("days: 20", "days: 20\nquarter_start: {fees.burn_share: 0.55}"),
        REBUILT,
    ),
    "the horizon": (text("days: 20", "days: 21"), REBUILT),
    "the seed": (text("days: 20", "days: 20\nseed: 2"), REBUILT),
    "the number of runs": (text("runs: 4", "runs: 5"), EVIDENCE),
    "a threshold": (text("threshold: 1,", "threshold: 2,"), REBUILT),
    "a chance": (text("chance: 0.5", "chance: 0.6"), REBUILT),
    "a direction": (text("direction: up", "direction: down"), REBUILT),
    "an aggregation": (text("aggregation: last", "aggregation: mean"), REBUILT),
    "no alternative": (text("alternatives: [{fees.burn_share: 0.55}]", "alternatives: []"), EVIDENCE),
    "another alternative": (text("0.55}]", "0.54}]"), REBUILT),
    "a scenario's name": (text("name: crash", "name: calm"), EVIDENCE),
    "a scenario's shock": (text("day: 8", "day: 9"), REBUILT),
    "an uncertain parameter": (text("high: 2.0", "high: 2.5"), REBUILT),
    "today's values": (text("population.providers: 5", "population.providers: 6"), REBUILT),
    "the type": (text("type: economic", "type: technical"), {"rails", "rebuilt"}),
    "a key that no proposal has": (text("days: 20", "days: 20\nnote: x"), EVIDENCE),
    "a key twice": (text("days: 20", "days: 20\ndays: 20"), EVIDENCE),
    "an alias": (text("days: 20", "days: &a 20\nseed: *a"), EVIDENCE),
    "a file besides": (text("days: 20", "days: 20\nstart: start.json"), EVIDENCE),
    "a hundred references": (text('references: ["A paper', 'references: ["' + 'a", "' * 101), EVIDENCE),
    "a million runs": (text("runs: 4", "runs: 1000000"), EVIDENCE),
    "deep brackets": (bytes_of(pack.TEXT, lambda text: text + b"x: " + b"[" * 5_000), EVIDENCE),
}

IN_THE_TABLES: dict[str, tuple[Tamper, set[str]]] = {
    "a figure of a group": (cell("group_price_usd", "1.5"), REBUILT),
    "no figure": (cell("price_end", ""), REBUILT),
    "an infinite figure": (cell("price_end", "inf"), REBUILT),
    "a figure with a sign": (cell("price_end", "+1.5"), EVIDENCE),
    "a figure in full": (cell("price_end", "1.50"), EVIDENCE),
    "a figure with a power": (cell("price_end", "15e-1"), EVIDENCE),
    "a figure in quotes": (cell("price_end", '"1.5"'), EVIDENCE),
    "a figure with a space": (cell("price_end", " 1.5"), EVIDENCE),
    "a word for a figure": (cell("price_end", "high"), EVIDENCE),
    "another scenario": (cell("scenario", "calm"), EVIDENCE),
    "another setting": (cell("setting", "proposed"), EVIDENCE),
    "another run": (cell("run", "7"), EVIDENCE),
    "a run below zero": (cell("run", "-1"), EVIDENCE),
    "a run that is no number": (cell("run", "first"), EVIDENCE),
    "no last line end": (bytes_of(OUTCOMES, lambda text: text[:-1]), EVIDENCE),
    "outcomes with other line ends": (bytes_of(OUTCOMES, lambda text: text.replace(b"\n", b"\r\n")), EVIDENCE),
    "a run more": (bytes_of(OUTCOMES, lambda text: text + text.splitlines(keepends=True)[-1]), EVIDENCE),
    "no outcomes": (bytes_of(OUTCOMES, lambda text: b""), EVIDENCE),
    "nothing but the columns": (bytes_of(OUTCOMES, lambda text: text.splitlines(keepends=True)[0]), EVIDENCE),
    "a NUL": (bytes_of(OUTCOMES, lambda text: text.replace(b"today", b"to\0ay", 1)), EVIDENCE),
    "attacks' columns": (bytes_of(ATTACKS, lambda text: text.replace(b"capital", b"Capital", 1)), EVIDENCE),
    "a mean of the KPIs": (bytes_of(pack.KPIS, lambda text: text.replace(b"0.", b"1.", 1)), REBUILT),
    "a KPI fewer": (bytes_of(pack.KPIS, lambda text: b"".join(text.splitlines(keepends=True)[:-1])), REBUILT),
}

IN_THE_DOCUMENT: dict[str, tuple[Tamper, set[str]]] = {
    "a check that passed": (edited(pack.DOCUMENT, '"passed": true', '"passed": false', True), REBUILT),
    "a group's outcome": (edited(pack.DOCUMENT, '"outcome": "', '"outcome": "not ', True), REBUILT),
    "no limits of the model": (document(lambda read: read.update(limits=[])), REBUILT),
    "no turning points": (document(lambda read: read.update(flips=[])), REBUILT),
    "an attack that was not measured": (document(lambda read: read.update(attacks_not_measured=[])), REBUILT),
    "the hash of the text": (
        edited(pack.DOCUMENT, '"proposal.yaml": "', '"proposal.yaml": "0', True),
        {"schema", "rebuilt"},
    ),
    "a key fewer": (document(lambda read: read.pop("created")), {"schema", "rebuilt"}),
    "keys in another order": (document(lambda read: read.update(type=read.pop("type"))), REBUILT),
    "another layout": (bytes_of(pack.DOCUMENT, lambda text: text.replace(b": ", b":", 1)), REBUILT),
    "a figure that is none": (
        edited(pack.DOCUMENT, '"support_needed": 0', '"support_needed": NaN, "x": 0', True),
        {"schema", "rebuilt"},
    ),
    "a document of brackets": (bytes_of(pack.DOCUMENT, lambda text: b"[" * 100_000), {"schema", "rebuilt"}),
    "a digit too many": (bytes_of(pack.DOCUMENT, lambda text: b"1" * 5_000), {"schema", "rebuilt"}),
    "a space on the page": (bytes_of(pack.PAGE, lambda text: text + b" "), REBUILT),
    "a script in the report": (bytes_of(pack.REPORT, lambda text: text + b"<script>alert(1)</script>"), REBUILT),
    "no content policy": (bytes_of(pack.REPORT, lambda text: text.replace(b"Content-Security", b"X", 1)), REBUILT),
    "a request": (bytes_of(pack.REPORT, lambda text: text + b"<img src=https://example.org/x>"), REBUILT),
    "figures of nothing": (bytes_of(pack.FIGURES, lambda text: b"{}\n"), REBUILT),
}

IN_THE_MANIFEST: dict[str, tuple[Tamper, set[str]]] = {
    "the date": (listed(created="2026-12-02"), REBUILT),
    "no date": (listed(created=None), REBUILT),
    "a day that is none": (listed(created="2026-13-01"), MANIFEST),
    "a date that is a number": (listed(created=20261201), MANIFEST),
    "the kind": (listed(kind="a pack"), MANIFEST),
    "no kind": (listed(kind=...), MANIFEST),
    "the code version as a number": (listed(code_version=1), MANIFEST),
    "all attacks": (listed(attacks="all"), EVIDENCE),
    "a key of its own": (listed(audited_by="everyone"), REBUILT),
    "hashes as a list": (listed(sha256=[]), MANIFEST),
    "no hashes": (listed(sha256={}), {"hashes", "rebuilt"}),
    "the hash of a file that is not there": (listed(sha256={"../../etc/passwd": "0"}), {"hashes", "rebuilt"}),
    "a manifest on one line": (bytes_of(pack.MANIFEST, lambda text: text.replace(b"\n", b"") + b"\n"), REBUILT),
    "a manifest of brackets": (bytes_of(pack.MANIFEST, lambda text: b"[" * 50_000), MANIFEST),
    "a manifest that is not UTF-8": (bytes_of(pack.MANIFEST, lambda text: b"\xff\xfe"), MANIFEST),
    "a key of the manifest twice": (
        bytes_of(pack.MANIFEST, lambda text: text.replace(b"{", b'{\n  "kind": "other",', 1)),
        REBUILT,
    ),
}

IN_THE_FOLDER: dict[str, tuple[Tamper, set[str]]] = {
    "a pipe": (replaced(pack.PAGE, os.mkfifo), {"files", "hashes", "rebuilt"}),
    "a socket": (replaced(pack.PAGE, a_socket), {"files", "hashes", "rebuilt"}),
    "a folder for a file": (replaced(pack.KPIS, Path.mkdir), {"files", "hashes", "rebuilt"}),
    "a link to itself": (replaced(pack.KPIS, lambda path: path.symlink_to(path.name)), {"files", "hashes", "rebuilt"}),
    "a link to a device": (
        replaced(pack.MANIFEST, lambda path: path.symlink_to("/dev/zero")),
        {"files", "manifest"},
    ),
    "a link to nothing": (replaced(pack.TEXT, lambda path: path.symlink_to("x")), {"files", "hashes", "evidence"}),
    "a hidden file": (lambda folder: (folder / ".htaccess").write_text("x"), {"files"}),
    "a folder besides": (lambda folder: (folder / "more").mkdir(), {"files"}),
    "a name with a line end": (lambda folder: (folder / "a\nb").write_text("x"), {"files"}),
    "a name that is no text": (lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/\xff")).touch(), {"files"}),
    "a name in capitals": (lambda folder: (folder / "Proposal.yaml").write_text("x"), {"files"}),
    "very many files": (lambda folder: [(folder / f"{n:03}").touch() for n in range(300)], {"files", "manifest"}),
    "a text without an end": (sparse(pack.TEXT, 2**33), {"files", "hashes", "evidence"}),
    "outcomes without an end": (sparse(OUTCOMES, 2**35), {"files", "hashes", "evidence"}),
    "a report without an end": (sparse(pack.REPORT, 2**33), {"files", "hashes", "rebuilt"}),
    "a manifest without an end": (sparse(pack.MANIFEST, 2**33), {"files", "manifest"}),
    "a snapshot that no one asked for": (
        lambda folder: (folder / pack.START).write_text("{}"),
        {"hashes", "rebuilt"},
    ),
}

ALL = {
    f"{where}: {name}": case
    for where, cases in {
        "": TAMPERED,
        "text": IN_THE_TEXT,
        "tables": IN_THE_TABLES,
        "document": IN_THE_DOCUMENT,
        "manifest": IN_THE_MANIFEST,
        "folder": IN_THE_FOLDER,
    }.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize("case", ALL)
def test_what_is_changed_is_found(case: str, copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copied)
    tamper, wrong = ALL[case]
    tamper(copied)
    found = verify_pack(copied, small_report, Asked(0))
    assert set(found.broken) == wrong, found.findings


def test_a_hundred_kinds() -> None:
    assert len(ALL) >= 100
