"""All pages of the site, as data."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from dashboards.answer import KpiAnswer, finding, headline
from dashboards.labels import Labels
from dashboards.panels import thinning
from dashboards.site import goals, method, provenance, sensitivity
from dashboards.site import settings as by_setting
from dashboards.site.chapters import CHAPTERS, HEADLINES, ChapterPage
from dashboards.site.evidence import chance_panels, convergence_panels, flow_panel
from dashboards.site.grids import Page, Section
from dashboards.site.over_time import fan_panel, panels_of, recorded_metrics, stack_panel
from dashboards.source import Store
from experiments.words import counted
from model.metrics import METRICS

BANDS = "Bands hold the stated share of runs on each day; they are not paths of single runs."
CALM = "The scenario has no attack, so crews have and gain nothing; wealth is what the figures show without one."
OTHERS = ChapterPage("others", "Other metrics", "Metrics of the store that this version has no chapter for.", ())


def site_pages(store: Store, labels: Labels, analysis: Mapping[str, pd.DataFrame]) -> list[Page]:
    """Every page, in the order of the navigation; pages of single settings come last."""
    reference = labels.today if labels.today is not None else int(store.design["design"].iloc[0])
    findings = [finding(store, labels, kpi, reference) for kpi in store.manifest["kpis"]]
    several = len(store.design) > 1
    found = [
        overview(store, labels, reference, findings),
        *chapter_pages(store, labels),
        flows_page(store, labels),
        by_setting.compared(store, labels, reference, findings) if several else None,
        sensitivity.sensitivity_page(store, analysis),
        enough(store, labels),
        method.method_page(store, labels),
        provenance.provenance_page(store),
        *by_setting.setting_pages(store, labels, reference),
    ]
    return [page for page in found if page is not None]


def overview(store: Store, labels: Labels, reference: int, findings: list[KpiAnswer]) -> Page:
    """What was asked, the answer, goals, KPIs, and the headline figures."""
    points = [(f"{found.label}.", found.text) for found in findings]
    note = "These are results of a simulation model under stated assumptions, not forecasts."
    note += f" Settings are written as {labels.reading}." if len(store.design) > 1 and len(labels.axes) > 1 else ""
    answer = Section("answer", "Answer", [note], headline(findings, labels, reference), points)
    met = goals.goals_met(store)
    asked = goals.goal_tables(store, labels, met, reference)
    tables = by_setting.kpi_tables(store, labels, findings, len(store.design))
    none = [] if tables else ["This sweep declares no KPIs."]
    figures = [stack_panel(store, labels), *(fan_panel(store, labels, metric) for metric in HEADLINES)]
    sections = [
        answer,
        *([Section("goals", "Goals", tables=asked, panels=chance_panels(store, labels, *met))] if asked else []),
        Section("kpis", "KPIs by setting" if len(store.design) > 1 else "KPIs", none, tables=tables),
        Section("time", "Over time", [_reading(store)], panels=figures),
    ]
    absent = [chapter for chapter in CHAPTERS if not recorded_metrics(store) & set(chapter.metrics)]
    if absent:
        sections.append(Section("absent", "Not recorded", points=[_to_record(chapter) for chapter in absent]))
    return Page("index", "Overview", str(store.manifest.get("question") or ""), sections)


def flows_page(store: Store, labels: Labels) -> Page | None:
    """The money's way through the economy; None where the store does not keep it."""
    panel = flow_panel(store, labels)
    section = Section("figures", "Over the whole horizon", panels=[panel] if panel else [])
    intro = "What moved between agents, pools and the market, from the ledger's own flows."
    return Page("flows", "Who pays whom", intro, [section]) if panel else None


def enough(store: Store, labels: Labels) -> Page | None:
    """Whether there are enough runs; None without KPIs or with too few runs to see."""
    if not store.manifest["kpis"] or int(store.manifest["runs"]) < 2:
        return None
    text = (
        "The mean of each KPI over the first runs, with its 95 % interval. Where the line still moves by more than the "
        "band is wide, more runs are wanted. Differences between settings on the same runs settle sooner than means."
    )
    panels = convergence_panels(store, labels)
    return Page(
        "runs",
        "Enough runs?",
        "How estimates settle as runs are added.",
        [Section("figures", "By number of runs", [text], panels=panels)],
    )


def chapter_pages(store: Store, labels: Labels) -> list[Page]:
    """A page for each chapter of which the store recorded a metric."""
    known = {metric for chapter in CHAPTERS for metric in chapter.metrics}
    recorded = recorded_metrics(store)
    others = ChapterPage(OTHERS.id, OTHERS.title, OTHERS.what, tuple(sorted(recorded - known)))
    return [_chapter(store, labels, chapter) for chapter in (*CHAPTERS, others) if recorded & set(chapter.metrics)]


def _chapter(store: Store, labels: Labels, chapter: ChapterPage) -> Page:
    panels = panels_of(store, labels, chapter.figures, chapter.metrics)
    recorded = recorded_metrics(store)
    absent = [name for name in chapter.metrics if name not in recorded]
    economy = store.manifest.get("economy") or {}
    calm = chapter.id == "attacks" and not economy.get("attacks")
    text = [*([CALM] if calm else []), _reading(store)]
    figures = Section("figures", "Over time", text, panels=panels)
    note = Section("absent", "Not recorded", [_absent(absent)])
    return Page(chapter.id, chapter.title, chapter.what, [figures, note] if absent else [figures])


def _reading(store: Store) -> str:
    """How to read figures over time."""
    step = thinning(store)
    return f"{BANDS} A point is drawn every {step} days, counted back from the last." if step > 1 else BANDS


def _absent(metrics: list[str]) -> str:
    """What a chapter could show besides."""
    names = ", ".join(f"{METRICS[name].label.lower()} ({name})" for name in metrics)
    one = counted(len(metrics), "metric")
    return f"The store lacks {one} of this chapter; an experiment that lists them under metrics has them: {names}."


def _to_record(chapter: ChapterPage) -> tuple[str, str]:
    """What to record to see a chapter that is left out."""
    return (f"{chapter.title}.", f"To see this chapter, list metrics such as {', '.join(chapter.metrics[:5])}.")
