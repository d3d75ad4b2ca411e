"""The report and the figures of a proposal's pack, drawn from its case alone: the same bytes each time."""

from dashboards.evidence.report import pages

__all__ = ["pages"]
