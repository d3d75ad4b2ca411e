"""Codes: consecutive from zero, explained, and whole numbers wherever arrays meet them."""

from __future__ import annotations

import numpy as np
import pytest

from model import codes
from model.codes import Code

ALL = Code.__subclasses__()


@pytest.mark.parametrize("code", ALL, ids=lambda code: code.__name__)
def test_codes_are_consecutive_explained_and_whole_numbers(code: type[Code]) -> None:
    assert [member.value for member in code] == list(range(len(code)))
    assert all(member.doc.endswith(".") and member.label == member.name.lower() for member in code)
    found = np.arange(len(code))
    for member in code:
        assert (found == member).tolist() == [place == member.value for place in range(len(code))]
        assert np.where(found == member, member, found).dtype == np.int64


def test_labels_are_the_names_that_metrics_and_files_have() -> None:
    """A label is part of metric names and of proposals' files, so it stays."""
    assert codes.PROPOSAL_TYPES == ("technical", "economic", "treasury", "emergency")
    assert codes.PROPOSAL_ENDS == ("executed", "defeated", "rejected", "cancelled")
    assert codes.CASE_CAUSES == ("canary", "consumer", "watcher", "frivolous")
    assert codes.CASE_OUTCOMES == ("upheld", "rejected", "lapsed", "overturned")
    assert codes.SLASH_CAUSES == ("downtime", "degraded", "garbage", "validators")
