"""What canaries show, and what validators do."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "validation_tasks",
    "canary_failed",
    "validator_active",
    "validator_lazy",
    "validator_caught",
    "validator_accuracy",
    "validator_tasks",
    "harm_share",
)

UPDATES = {name: assigned(name) for name in NAMES}
