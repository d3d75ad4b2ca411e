"""The view that is open as a file: HTML that needs nothing else, or the numbers behind it as CSV."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.io as pio
from jinja2 import Environment

from dashboards.explorer.bands import paired_bands
from dashboards.explorer.blocks import Block, Drawn, Table
from dashboards.explorer.data import Opened
from dashboards.explorer.filtering import described, filtered
from dashboards.explorer.page import bare
from dashboards.explorer.state import VIEWS, Choice
from dashboards.figures.template import CONFIG
from dashboards.labels import slug
from dashboards.qualify import admissible, columns, table
from dashboards.units import number

PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
figure{margin:0 0 2rem}p{max-width:46rem}table{border-collapse:collapse}
td,th{padding:.3rem .6rem;border-bottom:1px solid #d9dde2;text-align:left}
</style></head><body><main><h1>{{ title }}</h1><p>{{ heading }}. {{ about }}</p>
{% for block in blocks %}{% if block.figure %}<figure><h2>{{ block.title }}</h2><p>{{ block.note }}</p>
{{ plots[block.name] | safe }}
<figcaption>{{ block.caption }}</figcaption></figure>
{% elif block.rows %}<table><caption>{{ block.caption }}</caption>
<tr>{% for cell in block.headings %}<th scope="col">{{ cell }}</th>{% endfor %}</tr>
{% for row in block.rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>{% else %}<p>{{ block.sentence }}</p>{% endif %}
{% endfor %}</main></body></html>
"""
)


def stem(choice: Choice) -> str:
    """A file's name without its ending."""
    return "-".join([slug(choice.store), choice.view, slug(choice.metric or choice.kpi)])


def csv_of(opened: Opened, choice: Choice) -> str:
    """The numbers of the view in raw units: days of the settings shown, settings within limits, or KPIs by run."""
    both = [choice.design, choice.against]
    if choice.view == "filter":
        found = columns(opened)
        frame = table(opened, found)
        kept = opened.design.merge(frame[["design", *opened.specs]], on="design")
        return str(kept[admissible(frame, choice.limits)].to_csv(index=False))
    if choice.view == "compare":
        ours, theirs = (opened.trajectories(choice.metric, design) for design in both)
        if ours is not None and theirs is not None:
            return str(paired_bands(ours, theirs, choice.metric, choice.design).to_csv(index=False))
    if not opened.metrics or choice.view == "compare":
        return str(opened.kpis[opened.kpis["design"].isin(both)].to_csv(index=False))
    return str(opened.days(choice.metric, *dict.fromkeys(both)).to_csv(index=False))


def html_of(opened: Opened, choice: Choice, blocks: Sequence[Block]) -> str:
    """Blocks on a page of their own, with plotly inside."""
    drawn = [block for block in blocks if isinstance(block, Drawn)]
    first = drawn[0].name if drawn else ""
    plots = {block.name: _plot(block, block.name == first) for block in drawn}
    title = str(opened.manifest.get("title") or opened.name)
    about = f"Store {opened.name}, seed {opened.manifest['seed']}; view {choice.query}"
    return PAGE.render(title=title, heading=VIEWS[choice.view], about=about, blocks=blocks, plots=plots)


def filter_blocks(opened: Opened, choice: Choice) -> list[Block]:
    """The view of settings that qualify, as blocks."""
    found, limits = filtered(opened, choice), described(opened, choice)
    return [
        Drawn("parallel", "Controls and KPIs of every setting", found.count, found.parallel),
        Drawn("tradeoff", "One KPI against another", limits, found.tradeoff),
        _admitted(opened, choice),
    ]


def _admitted(opened: Opened, choice: Choice) -> Table:
    """The settings within the limits."""
    found = [column for column in columns(opened) if column.is_kpi]
    frame = table(opened, columns(opened))
    rows = [
        [opened.labels.short[int(row["design"])], *(number(row[one.key] * one.scale.factor) for one in found)]
        for row in frame[admissible(frame, choice.limits)].to_dict("records")
    ]
    return Table("Settings within the limits, means over runs", ["Setting", *(one.title for one in found)], rows)


def _plot(block: Drawn, first: bool) -> str:
    """A figure as HTML; the first brings plotly."""
    height = f"{int(block.figure.layout.height or 400)}px"
    options = {"full_html": False, "include_plotlyjs": first, "default_height": height}
    return str(pio.to_html(bare(block.figure), config=dict(CONFIG), **options))
