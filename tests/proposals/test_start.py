"""A proposal is judged from where the network is: its runs start from a snapshot, which the pack carries."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.errors import RequestError
from experiments.proposals import pack
from experiments.proposals.evidence import OUTCOMES
from experiments.proposals.proposal_file import load_proposal, read_proposal
from experiments.proposals.rails import checks
from tests.experiments.snapshots import DAY, small, write
from tests.proposals.packs import TEXT, broken, call, edit, fix_hashes, propose, said

LINES = [
    line
    for line in TEXT.splitlines()
    if not line.startswith(("today", "changes", "alternatives", "stress", "  - {name: crash"))
]
STARTED = "\n".join([*LINES, "changes: {fees.burn_share: 0.7}", "start: live.json", "stress: []"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of a proposal that starts from the small snapshot."""
    folder = tmp_path_factory.mktemp("started")
    write(folder, small(), "live.json")
    return propose(folder, STARTED)


def test_today_is_the_network_of_the_snapshot(made: Path) -> None:
    proposal = load_proposal(made.parent / "ask.yaml")
    assert proposal.base.start is not None
    assert proposal.base.start.day == DAY
    assert proposal.today == {"fees.burn_share": 0.61}
    population = proposal.base.parameters.population
    assert (population.providers, population.consumers, population.validators) == (3, 2, 1)
    assert all(check.passed for check in checks(proposal))
    content = json.loads((made / pack.DOCUMENT).read_text(encoding="utf-8"))
    assert content["changes"][0]["before"] == "0.61"
    assert content["start_day"] == DAY
    assert f"Starts from: day {DAY} of the network" in (made / pack.PAGE).read_text(encoding="utf-8")


def test_the_rail_of_a_quarter_goes_by_the_live_value(tmp_path: Path) -> None:
    write(tmp_path, small(), "live.json")
    for share, kept in ((0.73, True), (0.74, False)):
        (tmp_path / "ask.yaml").write_text(STARTED.replace("0.7}", f"{share}}}"), encoding="utf-8")
        found = checks(load_proposal(tmp_path / "ask.yaml"))
        assert [check.passed for check in found if check.rail == "change in a quarter"] == [kept]


def test_a_started_pack_holds_and_stands_alone(made: Path) -> None:
    (made.parent / "live.json").unlink(missing_ok=True)
    assert sorted(path.name for path in made.iterdir()) == sorted((*pack.FILES, pack.START))
    assert broken(made, 2) == set()
    assert "2 of 8 simulated again and the same" in said(made, "runs", 2).said
    assert len(pd.read_csv(made / OUTCOMES)) == 8


def test_another_state_is_found(made: Path, tmp_path: Path) -> None:
    for name in [path.name for path in made.iterdir()]:
        (tmp_path / name).write_bytes((made / name).read_bytes())
    before = (tmp_path / pack.START).read_text(encoding="utf-8")
    content = json.loads(before)
    other = before.replace(f'"treasury": {content["accounts"]["treasury"]}', '"treasury": 1')
    assert other != before
    (tmp_path / pack.START).write_text(other, encoding="utf-8")
    fix_hashes(tmp_path)
    assert broken(tmp_path) == {"evidence"}
    assert "wei" in said(tmp_path, "evidence").said
    (tmp_path / pack.START).write_text(before.replace("\n", " ", 1), encoding="utf-8")
    fix_hashes(tmp_path)
    assert broken(tmp_path) == {"rebuilt"}
    listed = {**content, "holders": "holders.csv"}
    (tmp_path / pack.START).write_text(json.dumps(listed), encoding="utf-8")
    fix_hashes(tmp_path)
    assert "holders: found 'holders.csv'; allowed: a list" in said(tmp_path, "evidence").said
    (tmp_path / pack.START).unlink()
    assert broken(tmp_path) == {"hashes", "evidence"}
    assert "start.json: missing" in said(tmp_path, "evidence").said
    (tmp_path / pack.START).write_text(before, encoding="utf-8")
    fix_hashes(tmp_path)
    edit(tmp_path, pack.START, '"price_usd": 0.25', '"price_usd": 0.26')
    fix_hashes(tmp_path)
    assert broken(tmp_path, 1) == {"rebuilt", "runs"}


@pytest.mark.parametrize(
    ("start", "sentence"),
    [("none.json", "start: "), ("[1]", "start: found [1]"), ("~/../x.json", "start: ")],
)
def test_a_wrong_start_is_answered(start: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "ask.yaml").write_text(STARTED.replace("live.json", start), encoding="utf-8")
    code, _, err = call("propose", tmp_path / "ask.yaml", "--out", tmp_path / "pack", "--workers", 0)
    assert code == 2
    assert sentence in err


def test_no_text_steers_its_direction() -> None:
    with pytest.raises(RequestError, match=r"a text, line 2: found the character U\+202E \(right-to-left override\)"):
        read_proposal(STARTED.replace("Burn ", "Burn \\u202e"), "a text")


def test_a_text_alone_has_no_start() -> None:
    with pytest.raises(RequestError, match="start: found 'live\\.json', and no file is here"):
        read_proposal(STARTED, "a text")
