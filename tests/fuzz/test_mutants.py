"""Whatever a user's file holds, it is read, or refused in sentences; `python -m tests.fuzz 20000` tries more."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.files import lay_out, outcomes, what_is_said

MOST_SECONDS_EACH = 10.0


def test_every_file_is_whole_before_it_is_changed(tmp_path: Path) -> None:
    said = {kind.name: what_is_said(kind, tmp_path) for kind in lay_out(tmp_path)}
    assert set(said.values()) == {"read"}, said


def test_a_mutant_is_read_or_refused(tmp_path: Path) -> None:
    """No traceback, nothing but sentences that can be printed, no word of another file, no wait without end."""
    found = list(outcomes(840, tmp_path))
    assert [outcome for outcome in found if outcome.said not in ("read", "refused")] == []
    assert [outcome for outcome in found if outcome.seconds > MOST_SECONDS_EACH] == []
    assert {outcome.kind for outcome in found if outcome.said == "refused"} == {outcome.kind for outcome in found}
    assert len({outcome.kind for outcome in found if outcome.said == "read"}) > 8
