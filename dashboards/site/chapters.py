"""The site's chapters: those of the model's metrics, with the figures of several metrics that each shows."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.figures.lines import CONDUCT, FLOWS, RUIN, VALIDATORS, YIELDS
from dashboards.figures.stacks import OPENINGS, OUTCOMES, SLASHES, STAKE_BY_CLASS, STAKE_BY_TIER
from dashboards.site.over_time import FEE_PHASE, HOLDERS, LASTS, PROPOSALS, SUPPLY, Recipe, composed
from model import metrics

HEADLINES = ("supply_quiv", "burned_quiv", "tvl_usd", "staking_ratio", "price_usd", "treasury_quiv")
"""The metrics of the overview; each is in its chapter too."""

FIGURES: dict[str, tuple[Recipe, ...]] = {
    "supply": (SUPPLY, HOLDERS),
    "staking": tuple(composed(figure) for figure in (STAKE_BY_CLASS, YIELDS, STAKE_BY_TIER)),
    "quality": tuple(composed(figure) for figure in (CONDUCT, SLASHES, VALIDATORS, OPENINGS, OUTCOMES, FLOWS, RUIN)),
    "governance": (PROPOSALS, FEE_PHASE),
    "treasury": (LASTS,),
}
"""Figures of several metrics, by chapter."""


@dataclass(frozen=True)
class ChapterPage:
    """A page of the site: its file's name, title, what it is about, its metrics, and figures of several of them.

    Metrics are drawn alone, in this order, as far as the store recorded them and no figure of several shows them.
    """

    id: str
    title: str
    what: str
    metrics: tuple[str, ...]
    figures: tuple[Recipe, ...] = ()


CHAPTERS = tuple(
    ChapterPage(
        chapter.id,
        chapter.title,
        chapter.sentence,
        tuple(metric.name for metric in declared),
        FIGURES.get(chapter.id, ()),
    )
    for chapter, declared in metrics.CHAPTERS.items()
)
