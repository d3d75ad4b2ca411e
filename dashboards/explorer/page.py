"""Elements as Dash components, and labelled controls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.explorer.elements import Element, FigureElement, TableElement, TextElement
from dashboards.explorer.state import VIEWS, Selection
from dashboards.explorer.theme import themed
from dashboards.figures.template import CONFIG

OPTIONS: Any = CONFIG
"""Plotly's settings, as dcc.Graph takes them."""

TOP = 60
"""Most pixels over a figure whose title stands outside it."""


def render(element: Element, dark: bool) -> Component:
    """An element on the page, in the colours of the theme."""
    if isinstance(element, TextElement):
        return html.P(element.sentence)
    return _figure(element, dark) if isinstance(element, FigureElement) else _table(element)


def bare(drawn: go.Figure) -> go.Figure:
    """A figure without the title that it carries and without a height of its own."""
    drawn.update_layout(title=None, height=None, autosize=True)
    if not (drawn.data and drawn.data[0].type in ("parcoords", "sankey")):
        drawn.update_layout(margin={"t": min(drawn.layout.margin.t or TOP, TOP)})
    return drawn


def shown(drawn: go.Figure, dark: bool) -> dict[str, Any]:
    """A bare figure as JSON has it, in the colours of the theme."""
    return themed(json.loads(str(bare(drawn).to_json())), dark)


def notice(sentences: Sequence[str], kind: str = "note") -> list[Component]:
    """Sentences, one a line."""
    return [html.P(sentence, className=kind) for sentence in sentences]


def views(choice: Selection) -> list[Component]:
    """Links to the views with the rest of the choice unchanged; the open one is marked."""
    return [
        html.Li(dcc.Link(label, href=replace(choice, view=name).query or "?"), className="open" * (name == choice.view))
        for name, label in VIEWS.items()
    ]


def labelled(label: str, control: Component, name: str) -> html.Div:
    """A control by id under its label, which names it for screen readers."""
    return html.Div([html.Label(label, htmlFor=name, id=f"{name}-label"), control], className="control")


def _figure(element: FigureElement, dark: bool) -> Component:
    height = {"height": f"{int(element.figure.layout.height or 400)}px"}
    graph = dcc.Graph(
        id=element.name, figure=shown(element.figure, dark), config=OPTIONS, responsive=True, className="plot"
    )
    heading, note, caption = (
        html.H3(element.title),
        html.P(element.note, className="note"),
        html.Figcaption(element.caption),
    )
    plot = html.Div(graph, style=height | {"minWidth": f"{element.min_width}px"})
    box = html.Div(plot, className="scroll", tabIndex=0) if element.min_width else plot
    return html.Figure([heading, note, box, caption])


def _table(element: TableElement) -> Component:
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in element.headings]))
    cells = [[html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])] for row in element.rows]
    body = html.Tbody([html.Tr(row) for row in cells])
    return html.Div(html.Table([html.Caption(html.Span(element.caption)), head, body]), className="scroll", tabIndex=0)
