"""Who pays whom: what all flows of the ledger moved over the horizon, between groups of accounts.

Payers are on the left and receivers on the right, so that money which goes round is seen both ways. What stays within
a group (a wallet to its own stake, a deposit to its own channel) is not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.template import BLUE, GREEN, GREY, ORANGE, PURPLE, SILVER, SKY, VERMILION, rgba, styled
from dashboards.source import MissingMetricError
from experiments.words import number
from model.flows import LEDGER

MINT, BURN = "Newly minted", "Burned"
COLOURS = {
    "Providers": BLUE,
    "Consumers": GREEN,
    "Validators": ORANGE,
    "Holders": SKY,
    "Token market": PURPLE,
    BURN: VERMILION,
    "Slashes": VERMILION,
}
"""Colours of groups, as payers and as receivers; others are grey."""

HOVER = "%{source.label} to %{target.label}: %{value:,.3s} QUIV<br>%{customdata}<extra></extra>"
MOST_NAMED = 4
LEAST = 2e-4
"""Share of all that moves below which a link is too thin to be seen."""


def group_of(account: str | None, nobody: str) -> str:
    """The group of an account as it declares it; ``nobody`` where a flow has no such end."""
    return nobody if account is None else LEDGER.accounts[account].group


def links(moved: Mapping[str, float]) -> pd.DataFrame:
    """One row a pair of groups, the largest first: `payer`, `receiver`, `quiv`, and `flows` in words.

    ``moved`` is QUIV by name of flow. Pairs below `LEAST` of the whole are left out.
    """
    rows = [
        (group_of(flow.source, MINT), group_of(flow.target, BURN), float(moved[name]), name.replace("_", " "))
        for name, flow in LEDGER.flows.items()
        if moved.get(name, 0.0) > 0.0
    ]
    table = pd.DataFrame(rows, columns=["payer", "receiver", "quiv", "flow"])
    table = table[table["payer"] != table["receiver"]].sort_values("quiv", ascending=False, kind="stable")
    pairs = table.groupby(["payer", "receiver"], sort=False)
    found = pairs.agg(quiv=("quiv", "sum"), flows=("flow", _named)).reset_index()
    found = found[found["quiv"] >= LEAST * found["quiv"].sum()]
    return found.sort_values("quiv", ascending=False, kind="stable", ignore_index=True)


def sankey(moved: Mapping[str, float], title: str, subtitle: str) -> go.Figure:
    """The flows between groups, as wide as what they moved (QUIV over all days).

    Raises `MissingMetricError` where nothing moved.
    """
    table = links(moved)
    if table.empty:
        raise MissingMetricError("nothing moved between groups of accounts")
    payers, receivers = list(dict.fromkeys(table["payer"])), list(dict.fromkeys(table["receiver"]))
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": [*payers, *receivers],
                "color": [COLOURS.get(name, GREY) for name in [*payers, *receivers]],
                "pad": 14,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label}: %{value:,.3s} QUIV<extra></extra>",
            },
            link={
                "source": [payers.index(name) for name in table["payer"]],
                "target": [len(payers) + receivers.index(name) for name in table["receiver"]],
                "value": [float(f"{value:.5g}") for value in table["quiv"]],
                "color": [rgba(COLOURS.get(name, SILVER), 0.4) for name in table["payer"]],
                "customdata": list(table["flows"]),
                "hovertemplate": HOVER,
            },
        )
    )
    height = 140 + 34 * max(len(payers), len(receivers))
    return styled(figure, title, subtitle, height=height, legend_rows=0)


def sankey_caption(moved: Mapping[str, float]) -> str:
    """The largest link, and what the network mints and burns, in words."""
    table = links(moved)
    top = table.iloc[0]
    minted = float(table.loc[table["payer"] == MINT, "quiv"].sum())
    burned = float(table.loc[table["receiver"] == BURN, "quiv"].sum())
    return (
        f"The most goes from {_inside(top['payer'])} to {_inside(top['receiver'])}: {_million(top['quiv'])}. "
        f"{_million(minted)} were minted and {_million(burned)} burned. Payers are on the left, receivers on the right."
    )


def _named(flows: pd.Series) -> str:
    """The largest flows of a pair in words."""
    more = len(flows) - MOST_NAMED
    return ", ".join(flows.head(MOST_NAMED)) + (f" and {more} more" if more > 0 else "")


def _inside(name: str) -> str:
    return name[:1].lower() + name[1:]


def _million(quiv: float) -> str:
    return f"{number(float(f'{quiv / 1e6:.3g}'))} million QUIV"
