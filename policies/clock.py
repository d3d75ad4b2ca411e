"""The clock: what opens and what closes a day. Nobody decides anything, so neither has a policy."""

from __future__ import annotations

from model.block import Block

OPEN = Block(
    "open", "The day's flows start at zero.", None, phase="token", why="The clock.", variables=("flows_nquiv",)
)
CLOSE = Block("close", "The day ends.", None, phase="token", why="The clock.", variables=("day",))
