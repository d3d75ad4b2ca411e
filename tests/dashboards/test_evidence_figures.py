"""Chances, effects, shares, convergence and flows: the marks are where the numbers are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboards.figures.chances import chances_caption, goal_chances
from dashboards.figures.converging import converging, converging_caption
from dashboards.figures.sankey import BURN, MINT, group_of, links, sankey, sankey_caption
from dashboards.figures.tornado import HIGHER, LOWER, OPEN, shares, tornado, tornado_caption
from dashboards.labels import Labels
from dashboards.source import MissingMetricError, Store
from experiments.analysis.convergence import convergence
from experiments.analysis.effects import main_effects
from experiments.analysis.goals import goal_table, goals_of
from model.flows import LEDGER

TODAY = 4
KPI = {"name": "x", "label": "Income", "unit": "USD"}
EFFECTS = pd.DataFrame(
    [("x", "a", 2.0, 1.0, 3.0), ("x", "b", -5.0, -6.0, -4.0), ("x", "c", 1.0, -1.0, 3.0)],
    columns=["kpi", "factor", "effect", "low", "high"],
)


def goal(store: Store) -> pd.DataFrame:
    """How often the treasury is at least its median over all settings and runs."""
    bar = float(store.kpis["treasury_end"].median())
    spec = {"name": "treasury_end", "direction": "up", "threshold": bar, "goal": "funded", "chance": 0.6}
    return goal_table(store.kpis, goals_of([spec]))


def test_a_chance_is_the_share_of_runs_with_its_interval(store: Store, labels: Labels) -> None:
    table = goal(store)
    figure = goal_chances(table, "funded", labels, "Funded", "s")
    seen = {}
    for trace in figure.data:
        for x, y, ends in zip(trace.x, trace.y, trace.customdata, strict=True):
            seen[y] = (x, ends[0], ends[1])
    for row in table.to_dict("records"):
        x, low, high = seen[labels.short[row["design"]]]
        assert (x, low, high) == pytest.approx((100 * row["share"], 100 * row["low"], 100 * row["high"]))
    assert figure.layout.shapes[0].x0 == 60.0
    assert figure.layout.yaxis.categoryarray[0] == labels.short[TODAY]
    counts = table["verdict"].value_counts()
    said = chances_caption(table, "funded")
    assert said.startswith("Of 9 settings")
    assert f"{counts.get('met', 0)} met" in said


def test_a_goal_that_no_run_speaks_of_is_refused(store: Store, labels: Labels) -> None:
    with pytest.raises(MissingMetricError, match="no run says"):
        goal_chances(goal(store), "other", labels, "", "")


def test_a_tornado_has_the_largest_effect_on_top_and_its_sign_by_colour() -> None:
    figure = tornado(EFFECTS, KPI, {"a": "First", "b": "Second"}, "Income", "s")
    assert list(figure.layout.yaxis.categoryarray) == ["Second", "First", "c"]
    by_name = {trace.name: trace for trace in figure.data}
    assert (list(by_name[HIGHER].y), list(by_name[LOWER].y), list(by_name[OPEN].y)) == (["First"], ["Second"], ["c"])
    second = by_name[LOWER]
    assert (second.x[0], second.error_x.array[0], second.error_x.arrayminus[0]) == (-5.0, 1.0, 1.0)
    assert tornado_caption(EFFECTS, KPI, {"b": "Second"}).startswith("Second moves it most: \N{MINUS SIGN}")


def test_shares_are_in_percent_with_their_intervals() -> None:
    rows = [("x", "a", 0.2, 0.1, 0.3, 0.5, 0.4, 0.6), ("x", "b", 0.5, 0.4, 0.6, 0.8, 0.7, 0.9)]
    names = ["kpi", "factor", "first", "first_low", "first_high", "total", "total_low", "total_high"]
    figure = shares(pd.DataFrame(rows, columns=names), KPI, {}, "Income", "s")
    assert list(figure.layout.yaxis.categoryarray) == ["b", "a"]
    np.testing.assert_allclose(figure.data[0].x, [50.0, 20.0])
    np.testing.assert_allclose(figure.data[1].error_x.array, [10.0, 10.0])


def test_convergence_is_of_the_first_runs(store: Store) -> None:
    spec = {"name": "treasury_end", "label": "Treasury", "unit": "QUIV"}
    table = convergence(store.kpis, [spec])
    figure = converging(table, spec, TODAY, False, "t", "s")
    first = store.kpis[(store.kpis["design"] == TODAY) & (store.kpis["run"] < 10)]["treasury_end"].mean()
    assert list(figure.data[2].x) == [10, 12]
    assert figure.data[2].y[0] == pytest.approx(first / 1e6)
    assert converging_caption(table, spec, TODAY).startswith("From 10 to 12 runs")


def test_an_effect_is_the_mean_where_high_less_where_low() -> None:
    rng = np.random.default_rng(3)
    settings = pd.DataFrame({"slope": rng.uniform(0.0, 3.0, 600), "idle": rng.uniform(size=600), "two": [0, 1] * 300})
    kpis = pd.DataFrame({"x": 6.0 * settings["slope"] + 4.0 * settings["two"]})
    found = main_effects(settings, kpis, [KPI]).set_index("factor")
    assert list(found.index) == ["slope", "two", "idle"]
    # Means of the upper and lower third of U(0, 3) lie 2 apart.
    assert found.loc["slope", "effect"] == pytest.approx(12.0, rel=0.05)
    assert found.loc["slope", "low"] < 12.0 < found.loc["slope", "high"]
    assert ((found["low"] < found["effect"]) & (found["effect"] < found["high"])).all()
    assert found.loc["two", "low"] < 4.0 < found.loc["two", "high"]
    assert found.loc["idle", "low"] < 0.0 < found.loc["idle", "high"]


def test_what_moves_nothing_has_an_effect_of_exactly_none() -> None:
    settings = pd.DataFrame({"a": [0.0, 1.0] * 10})
    found = main_effects(settings, pd.DataFrame({"x": [7.0] * 20}), [KPI])
    assert list(found[["effect", "low", "high"]].iloc[0]) == [0.0, 0.0, 0.0]


def test_every_account_is_in_a_group() -> None:
    assert all(group_of(name, "") for name in LEDGER.accounts)


def test_links_add_up_to_what_flows_move_between_groups() -> None:
    moved = {name: float(place + 1) for place, name in enumerate(LEDGER.flows)}
    table = links(moved)
    across = sum(
        amount
        for name, amount in moved.items()
        if group_of(LEDGER.flows[name].source, MINT) != group_of(LEDGER.flows[name].target, BURN)
    )
    assert table["quiv"].sum() == pytest.approx(across)
    minted = [name for name, flow in LEDGER.flows.items() if flow.source is None]
    assert table.loc[table["payer"] == MINT, "quiv"].sum() == pytest.approx(sum(moved[name] for name in minted))


def test_a_sankey_draws_each_link_from_payer_to_receiver() -> None:
    moved = {"receipt_burn": 4e6, "emission_to_work": 9e6, "provider_stake": 1e6}
    drawn = sankey(moved, "t", "s").data[0]
    ends = [
        (drawn.node.label[source], drawn.node.label[target], value)
        for source, target, value in zip(drawn.link.source, drawn.link.target, drawn.link.value, strict=True)
    ]
    assert ends == [(MINT, "Work rewards", 9e6), ("Settlement", BURN, 4e6)]
    assert "9 million QUIV were minted and 4 million QUIV burned" in sankey_caption(moved)
    with pytest.raises(MissingMetricError):
        sankey({"provider_stake": 1e6}, "t", "s")
