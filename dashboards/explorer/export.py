"""The open view as a file: self-contained HTML, or its numbers as CSV."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.io as pio
from jinja2 import Environment

from dashboards.explorer.bands import paired_bands
from dashboards.explorer.data import StoreView
from dashboards.explorer.elements import Element, FigureElement, TableElement
from dashboards.explorer.filtering import described, filtered
from dashboards.explorer.page import bare
from dashboards.explorer.state import VIEWS, Selection
from dashboards.figures.template import CONFIG
from dashboards.labels import slug
from dashboards.qualify import admissible, criteria, criteria_table
from experiments.words import number

PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
figure{margin:0 0 2rem}p{max-width:46rem}table{border-collapse:collapse}
td,th{padding:.3rem .6rem;border-bottom:1px solid #d9dde2;text-align:left}
</style></head><body><main><h1>{{ title }}</h1><p>{{ heading }}. {{ about }}</p>
{% for element in elements %}{% if element.figure %}<figure><h2>{{ element.title }}</h2><p>{{ element.note }}</p>
{{ plots[element.name] | safe }}
<figcaption>{{ element.caption }}</figcaption></figure>
{% elif element.rows %}<table><caption>{{ element.caption }}</caption>
<tr>{% for cell in element.headings %}<th scope="col">{{ cell }}</th>{% endfor %}</tr>
{% for row in element.rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>{% else %}<p>{{ element.sentence }}</p>{% endif %}
{% endfor %}</main></body></html>
"""
)


def stem(choice: Selection) -> str:
    """A file's name without its ending."""
    return "-".join([slug(choice.store), choice.view, slug(choice.metric or choice.kpi)])


def csv_of(store: StoreView, choice: Selection) -> str:
    """The numbers of the view in raw units: days of the settings shown, settings within limits, or KPIs by run."""
    both = [choice.design, choice.against]
    if choice.view == "filter":
        found = criteria(store)
        frame = criteria_table(store, found)
        kept = store.design.merge(frame[["design", *store.specs]], on="design")
        return str(kept[admissible(frame, choice.limits)].to_csv(index=False))
    if choice.view == "compare":
        ours, theirs = (store.trajectories(choice.metric, design) for design in both)
        if ours is not None and theirs is not None:
            return str(paired_bands(ours, theirs, choice.metric, choice.design).to_csv(index=False))
    if not store.metrics or choice.view == "compare":
        return str(store.kpis[store.kpis["design"].isin(both)].to_csv(index=False))
    return str(store.days(choice.metric, *dict.fromkeys(both)).to_csv(index=False))


def html_of(store: StoreView, choice: Selection, elements: Sequence[Element]) -> str:
    """Blocks on a page of their own, with plotly inside."""
    drawn = [element for element in elements if isinstance(element, FigureElement)]
    first = drawn[0].name if drawn else ""
    plots = {element.name: _plot(element, element.name == first) for element in drawn}
    title = str(store.manifest.get("title") or store.name)
    about = f"Store {store.name}, seed {store.manifest['seed']}; view {choice.query}"
    return PAGE.render(title=title, heading=VIEWS[choice.view], about=about, elements=elements, plots=plots)


def filter_elements(store: StoreView, choice: Selection) -> list[Element]:
    """Settings within limits, as elements."""
    found, limits = filtered(store, choice), described(store, choice)
    return [
        FigureElement("parallel", "Controls and KPIs of every setting", found.count, found.parallel),
        FigureElement("tradeoff", "One KPI against another", limits, found.tradeoff),
        _admitted(store, choice),
    ]


def _admitted(store: StoreView, choice: Selection) -> TableElement:
    """The settings within the limits."""
    found = [column for column in criteria(store) if column.is_kpi]
    frame = criteria_table(store, criteria(store))
    rows = [
        [store.labels.short[int(row["design"])], *(number(row[one.key] * one.scale.factor) for one in found)]
        for row in frame[admissible(frame, choice.limits)].to_dict("records")
    ]
    return TableElement("Settings within the limits, means over runs", ["Setting", *(one.title for one in found)], rows)


def _plot(element: FigureElement, first: bool) -> str:
    """A figure as HTML; the first brings plotly."""
    height = f"{int(element.figure.layout.height or 400)}px"
    options = {"full_html": False, "include_plotlyjs": first, "default_height": height}
    return str(pio.to_html(bare(element.figure), config=dict(CONFIG), **options))
