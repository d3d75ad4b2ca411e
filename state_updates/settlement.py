"""What the day's settlement leaves beside its flows."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("payments_usd", "provider_income_nquiv", "validator_income_nquiv", "wash_nquiv", "wash_weight")

UPDATES = {name: assigned(name) for name in NAMES}
