"""What the day's settlement leaves beside its flows."""

from __future__ import annotations

from state_updates.common import assigned

capacity_tokens = assigned("capacity_tokens")
active_providers = assigned("active_providers")
congestion = assigned("congestion")
served_tokens = assigned("served_tokens")
payments_usd = assigned("payments_usd")
provider_income_nquiv = assigned("provider_income_nquiv")
validator_income_nquiv = assigned("validator_income_nquiv")

UPDATES = {
    "capacity_tokens": capacity_tokens,
    "active_providers": active_providers,
    "congestion": congestion,
    "served_tokens": served_tokens,
    "payments_usd": payments_usd,
    "provider_income_nquiv": provider_income_nquiv,
    "validator_income_nquiv": validator_income_nquiv,
}
