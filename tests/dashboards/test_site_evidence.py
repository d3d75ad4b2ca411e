"""The site's evidence: chances, effects, trade-offs, spreads, enough runs, who pays whom, each on its page."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dashboards import publish
from experiments import load
from model.flows import LEDGER
from tests.dashboards.sites import drawn, page, views


def test_each_goal_has_its_chances_by_setting(rich: Path) -> None:
    panels = drawn(rich, "index")
    assert {"chance-secure", "chance-funded"} <= set(panels)
    shown = views(panels, "chance-secure")["-1"]
    assert sum(len(trace["y"]) for trace in shown["data"]) == 9
    assert "in percent of runs" not in shown["subtitle"]
    assert "Wilson" in shown["subtitle"]


def test_effects_trade_offs_spreads_and_runs_have_figures(site: Path) -> None:
    assert {"effect-staking_end", "effect-treasury_end"} <= set(drawn(site, "sensitivity"))
    several = drawn(site, "settings")
    assert {"parallel", "tradeoff-staking_end-treasury_end", "spread-treasury_end"} <= set(several)
    assert set(several["spread-treasury_end"]["views"]) == {str(design) for design in range(9)}
    assert "runs-treasury_end" in drawn(site, "runs")
    table = pd.read_csv(site / "data" / "effect-treasury_end.csv")
    assert list(table["factor"]) == ["fees.burn_share", "staking.unbonding_days"]


def test_a_sweeps_flows_are_drawn_by_setting(shelf: Path, swept: str, tmp_path: Path) -> None:
    results = load(shelf / swept)
    site = publish(shelf / swept, tmp_path / "site")
    assert set(drawn(site, "flows")["flows"]["views"]) == {str(design) for design in results.design["design"]}
    table = pd.read_csv(site / "data" / "flows.csv")
    burned = table[(table["design"] == 0) & (table["flow"] == "receipt_burn")]["quiv"].iloc[0]
    flows = results.flows
    assert burned == pytest.approx(flows.loc[flows["design"] == 0, "receipt_burn"].mean(), rel=1e-4)
    assert set(table["flow"]) <= set(LEDGER.flows)


def test_a_store_without_flows_has_no_such_page(site: Path) -> None:
    assert not (site / "flows.html").exists()
    assert "flows.html" not in page(site)
