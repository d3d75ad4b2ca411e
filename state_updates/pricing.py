"""What the pricing oracle quotes."""

from __future__ import annotations

from state_updates.common import assigned

inference_price_quiv = assigned("inference_price_quiv")
demand_index = assigned("demand_index")

UPDATES = {"inference_price_quiv": inference_price_quiv, "demand_index": demand_index}
