"""Share of jobs that pay for priority."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("urgent_share", "", "share of postings", "Part of today's jobs that pays for service ahead of others."),
]
