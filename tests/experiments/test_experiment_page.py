"""The page on experiment files: its examples are valid, and it names every key that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments.inputs import design, experiment, kpis, ranges, stopping
from experiments.inputs.experiment import load_experiment
from experiments.inputs.plan import AGGREGATIONS

PAGE = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", range(len(EXAMPLES)))
def test_an_example_is_valid(example: int, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(EXAMPLES[example], encoding="utf-8")
    assert load_experiment(path).today_index() >= 0


def test_the_first_example_is_what_the_page_says(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(EXAMPLES[0], encoding="utf-8")
    found = load_experiment(path)
    assert (len(found.points()), found.today_index(), found.runs) == (33, 32, 50)
    assert found.environment.keys == ("demand.adoption_rate", "market.holding_days")
    assert (found.kpis[0].threshold, found.kpis[0].goal) == (0.2, "scarce")


def test_every_key_is_named() -> None:
    named = {
        *experiment.KEYS,
        *experiment.KEEP,
        *(*kpis.REQUIRED, *kpis.OPTIONAL, *kpis.DIRECTIONS),
        *AGGREGATIONS,
        *design.KINDS,
    }
    assert [key for key in named if f"`{key}`" not in PAGE and f"kind: {key}" not in PAGE] == []
    written = {*stopping.REQUIRED, *stopping.OPTIONAL, *kpis.WINDOW, *ranges.SCALES, "levels", "values", "file"}
    assert [key for key in written - {"linear"} if f"{key}:" not in PAGE and f": {key}" not in PAGE] == []
