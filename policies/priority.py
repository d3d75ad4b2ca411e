r"""The priority lane: who pays for service ahead of others.

Where jobs were left waiting yesterday, a part of today's consumers pays a fee on top to be served first; where none
waits nobody pays. Source: assumption; the documents have a priority fee without rule or size.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace
from model.block import Block, Mechanism
from model.launch import CONNECTED


def hurry_when_jobs_wait(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The part of today's postings that pays for priority."""
    waiting = previous_state["queued_tokens"]
    xp = namespace(waiting)
    some = xp.sum(xp.sum(waiting, axis=-1), axis=-1) > 0.0
    return {"urgent_share": params["jobs.priority_share"] * some}


BLOCK = Block(
    "priority",
    "Some are in a hurry.",
    hurry_when_jobs_wait,
    phase="integration",
    why="Connects the queue with the fee.",
    since=CONNECTED,
    mechanism=Mechanism("priority_lane", "Jobs that pay for service ahead of others; off, all of a day wait alike."),
    needs="settlement",
)
