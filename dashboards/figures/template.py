"""How every figure looks: one plotly template, one palette, one configuration.

Colours are Okabe and Ito's (2008), which stay apart for colour-blind readers; ordered quantities use Viridis and signed
ones RdBu.
"""

from __future__ import annotations

import textwrap
from functools import cache

import plotly.graph_objects as go

from dashboards.labels import escaped, unescaped

BLACK = "#1b1f24"
GREY = "#6b7280"
GRID = "#e3e6ea"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
SILVER = "#B8BDC4"

PALETTE = (BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, YELLOW, SILVER)
FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif'

NEUTRAL = "#eef1f4"
"""The colour of cells that do not differ."""

DARK = {
    BLACK: "#e6e9ed",
    GREY: "#9aa4b1",
    GRID: "#323942",
    NEUTRAL: "#2b323a",
    BLUE: "#2e90d1",
    SKY: "#a5d8f7",
    "rgba(0,114,178,0.15)": "rgba(86,180,233,0.2)",
    "rgba(0,114,178,0.3)": "rgba(86,180,233,0.35)",
    "rgba(27,31,36,": "rgba(230,233,237,",
    "#ffffff": "#14181d",
}
"""What a dark page puts in the place of colours (of `BLACK` with an opacity, in place of its start). White is swapped
in the template alone: in a figure it is the ink on a dark cell."""

LINE = 150

CONFIG: dict[str, object] = {
    "displayModeBar": False,
    "displaylogo": False,
    "responsive": True,
    "scrollZoom": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "modeBarButtonsToRemove": ["sendChartToCloud", "select2d", "lasso2d"],
}


def _axis() -> dict[str, object]:
    """Axis defaults: light grid, no zero line, outside ticks, room made for long labels."""
    return {
        "automargin": True,
        "exponentformat": "none",
        "gridcolor": GRID,
        "linecolor": GREY,
        "separatethousands": True,
        "tickcolor": GREY,
        "ticks": "outside",
        "ticklen": 4,
        "title": {"standoff": 10, "font": {"size": 13}},
        "zeroline": False,
    }


@cache
def template() -> go.layout.Template:
    """The template that every figure carries; figures copy it."""
    layout = go.Layout(
        colorway=list(PALETTE),
        colorscale={"sequential": "Viridis", "diverging": "RdBu"},
        font={"family": FONT, "size": 13, "color": BLACK},
        hoverlabel={"font": {"family": FONT, "size": 12}, "namelength": -1},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": 12}},
        margin={"l": 16, "r": 16, "t": 16, "b": 16},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        separators=".,",
        title={
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": 0.97,
            "yref": "container",
            "yanchor": "top",
            "font": {"size": 17},
            "subtitle": {"font": {"size": 12, "color": GREY}},
        },
        xaxis=_axis(),
        yaxis=_axis(),
    )
    return go.layout.Template(layout=layout)


def styled(figure: go.Figure, title: str, subtitle: str, height: int = 400, legend_rows: int = 1) -> go.Figure:
    """Give ``figure`` the template, a title and a subtitle (wrapped, shown as escaped text), and a height in pixels."""
    top = 62 + 17 * len(_lines(subtitle)) + 17 * legend_rows
    figure.update_layout(template=template(), height=height, margin={"t": top})
    return titled(figure, title, subtitle)


def titled(figure: go.Figure, title: str, subtitle: str) -> go.Figure:
    """Give a figure that is styled another title and subtitle."""
    head = {"text": escaped(title), "subtitle": {"text": "<br>".join(map(escaped, _lines(subtitle)))}}
    return figure.update_layout(title=head)


def _lines(subtitle: str) -> list[str]:
    return textwrap.wrap(subtitle, LINE, break_on_hyphens=False)


def subtitle_of(figure: go.Figure) -> str:
    """A figure's subtitle as it was before it was wrapped and escaped."""
    return unescaped(str(figure.layout.title.subtitle.text or "").replace("<br>", " "))


def rgba(colour: str, alpha: float) -> str:
    """``#rrggbb`` with an opacity in [0, 1], as CSS."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"
