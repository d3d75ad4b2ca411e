"""The queue of jobs: posted, waiting, served, expired; utilisation."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "queued_nquiv",
        "expiry_days sizes consumers",
        "nQUIV",
        "Payment of jobs that wait, by day of posting, oldest first.",
        dtype=int,
    ),
    Variable(
        "queued_tokens", "expiry_days sizes", "tokens", "Tokens of jobs that wait, by day of posting, oldest first."
    ),
    Variable("queued_jobs", "expiry_days sizes", "jobs", "Jobs that wait, by day of posting, oldest first.", dtype=int),
    Variable("job_remainder", "sizes", "jobs, a fraction", "Part of a job that is not yet a whole one, by model size."),
    Variable("posted_jobs", "sizes", "jobs", "Jobs posted today, by model size.", dtype=int),
    Variable("served_jobs", "sizes", "jobs", "Jobs served today, complete or not, by model size.", dtype=int),
    Variable("expired_jobs", "sizes", "jobs", "Jobs that expired today, by model size.", dtype=int),
    Variable(
        "served_nquiv",
        "sizes consumers",
        "nQUIV a day",
        "Payment of the jobs served today, still in escrow.",
        dtype=int,
    ),
    Variable(
        "streamed_nquiv", "sizes consumers", "nQUIV a day", "Payment by channel for what was served today.", dtype=int
    ),
    Variable("congestion", "", "demand over capacity", "Utilisation: compute demanded today over compute there is."),
    Variable("served_tokens", "sizes", "tokens a day", "Tokens served today, by model size."),
]
