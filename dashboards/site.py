"""Publishes a sweep's store as a static page: ``index.html``, ``plotly.min.js`` and ``data/*.csv``.

The page asks nobody for anything: it works from a folder on disk, and a content policy forbids requests elsewhere. The
same store gives the same bytes: figures have fixed identifiers, and nothing reads the clock.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.io as pio
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from dashboards.answer import finding, headline
from dashboards.figures.lorenz import NAMES
from dashboards.figures.supply_stack import COMPONENTS, TOTAL
from dashboards.figures.template import CONFIG
from dashboards.labels import Labels
from dashboards.panels import (
    CHAPTERS,
    COMPOSED,
    FANS,
    Panel,
    composed_panel,
    fan_panel,
    governance_panels,
    heat_panels,
    lorenz_panel,
    paired_panels,
    settings,
    stack_panel,
    thinning,
)
from dashboards.source import Store, StoreError, load_store
from dashboards.tables import kpi_frame, kpi_table

PAGE = Path(__file__).parent / "page"
GENERATOR = "QUIVer dashboards"


def publish(store: Path | str, out: Path | str | None = None) -> Path:
    """Write the static site for the store in folder ``store`` to ``out`` (``store/site`` unless given) and return it.

    Raises `StoreError` with one sentence if the store is missing, incomplete or damaged, or if ``out`` holds another's
    ``index.html``; nothing is written then.
    """
    chosen = {metric for _, _, metrics in CHAPTERS.values() for metric in metrics}
    composed = {metric for figure in COMPOSED for metric in figure.metrics}
    source = load_store(store, metrics={*FANS, *chosen, *composed, *NAMES, *COMPONENTS, TOTAL})
    site = Path(out) if out is not None else source.path / "site"
    _refuse_foreign(site)
    labels = Labels.of(source.manifest, source.design)
    reference = labels.today if labels.today is not None else int(source.design["design"].iloc[0])
    frame = kpi_frame(source)
    recorded = set(source.summary["metric"].unique())
    over_time = [stack_panel(source, labels), *(fan_panel(source, labels, metric) for metric in FANS)]
    sections = {
        "time": over_time,
        **{
            chapter: [fan_panel(source, labels, metric) for metric in metrics if metric in recorded]
            for chapter, (_, _, metrics) in CHAPTERS.items()
        },
        "heat": heat_panels(source, labels, frame),
        "paired": paired_panels(source, labels, reference),
    }
    several = [composed_panel(source, labels, figure) for figure in COMPOSED if recorded & set(figure.parts)]
    sections["quality"] = several + sections["quality"]
    sections["token"] += [lorenz_panel(source, labels)] if recorded & set(NAMES) else []
    sections["governance"] = governance_panels(source, labels) + sections["governance"]
    html = render(source, labels, reference, sections, frame)
    (site / "data").mkdir(parents=True, exist_ok=True)
    _csv(frame, site / "data" / "kpis.csv")
    for panel in (panel for group in sections.values() for panel in group):
        if panel.table is not None:
            _csv(panel.table, site / "data" / f"{panel.id}.csv")
    (site / "plotly.min.js").write_text(get_plotlyjs(), encoding="utf-8", newline="\n")
    (site / "index.html").write_text(html, encoding="utf-8", newline="\n")
    return site


def _refuse_foreign(site: Path) -> None:
    """Refuse to write where a file is, or over an ``index.html`` that this program has not written."""
    page = site / "index.html"
    if site.exists() and not site.is_dir():
        raise StoreError(f"{site}: this is not a folder, so no page can be written there")
    mark = f'<meta name="generator" content="{GENERATOR}">'.encode()
    if page.exists() and not (page.is_file() and mark in page.read_bytes()):
        raise StoreError(f"{page}: this page was not made here, so it is not overwritten; choose another folder")


def render(store: Store, labels: Labels, reference: int, sections: dict[str, list[Panel]], frame: pd.DataFrame) -> str:
    """The page's HTML. What the store says is escaped by Jinja or lies in JSON without ``<``, ``>`` or ``&``."""
    findings = [finding(store, labels, kpi, reference) for kpi in store.manifest["kpis"]]
    headings, rows = kpi_table(store, labels, frame, findings)
    environment = Environment(loader=FileSystemLoader(PAGE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("index.html").render(
        generator=GENERATOR,
        manifest=store.manifest,
        labels=labels,
        answer=headline(findings, labels, reference),
        findings=findings,
        headings=headings,
        rows=rows,
        settings=[(design, labels.long[design]) for design in settings(store, labels)],
        points=len(store.design),
        sections=sections,
        chapters=[(chapter, title, what) for chapter, (title, what, _) in CHAPTERS.items()],
        figures=figures([panel for group in sections.values() for panel in group]),
        thinning=thinning(store),
        failed=len(store.failures),
        style=Markup((PAGE / "page.css").read_text(encoding="utf-8")),
        script=Markup((PAGE / "page.js").read_text(encoding="utf-8")),
    )


def figures(panels: Sequence[Panel]) -> dict[str, Any]:
    """What the page's script draws: the configuration, the template once, and for each panel its views by setting.

    Titles stay with each view for the PNG download; on the page they are text, which wraps and is read aloud.
    """
    shared: dict[str, Any] = {}
    drawn: dict[str, dict[str, Any]] = {}
    for panel in panels:
        views = {}
        for design, view in panel.views.items():
            figure = json.loads(pio.to_json(view.figure, validate=False, remove_uids=True, engine="json"))
            shared = figure["layout"].pop("template")
            title = figure["layout"].pop("title")
            views[str(design)] = {
                "data": figure["data"],
                "layout": figure["layout"],
                "title": title,
                "subtitle": view.subtitle,
                "caption": view.caption,
            }
        if views:
            drawn[panel.id] = views
    return {"config": CONFIG, "template": shared, "panels": drawn}


def _csv(table: pd.DataFrame, path: Path) -> None:
    """A table in raw units, ten digits, newline-ended on every system."""
    table.to_csv(path, index=False, float_format="%.10g", lineterminator="\n")
