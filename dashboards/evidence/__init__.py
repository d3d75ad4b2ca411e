"""The report of a proposal's evidence: one page that stands alone, and its figures as plotly reads them."""

from dashboards.evidence.report import report_files

__all__ = ["report_files"]
