"""The report of a proposal's evidence: one page that stands alone, and its figures as plotly reads them."""

from dashboards.evidence.report import pages

__all__ = ["pages"]
