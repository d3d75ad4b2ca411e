"""How long inference takes."""

from __future__ import annotations

from state_updates.common import assigned

wait_s = assigned("wait_s")
latency_s = assigned("latency_s")

UPDATES = {"wait_s": wait_s, "latency_s": latency_s}
