"""What unbonding remembers."""

from __future__ import annotations

from state_updates.common import assigned, slot_written

provider_released_nquiv = slot_written("provider_released_nquiv", "provider_entry")
provider_release_rate_nquiv = assigned("provider_release_rate_nquiv")
holder_released_nquiv = slot_written("holder_released_nquiv", "holder_entry")
holder_release_rate_nquiv = assigned("holder_release_rate_nquiv")

UPDATES = {
    "provider_released_nquiv": provider_released_nquiv,
    "provider_release_rate_nquiv": provider_release_rate_nquiv,
    "holder_released_nquiv": holder_released_nquiv,
    "holder_release_rate_nquiv": holder_release_rate_nquiv,
}
