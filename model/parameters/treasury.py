"""QUIVTreasury: what the DAO's treasury pays out."""

from __future__ import annotations

from model.registry import Contract, parameter


class Treasury(Contract):
    grants_quiv_per_year: float = parameter(
        2_000_000.0,
        unit="QUIV a year",
        low=0.0,
        high=200e6,
        source="assumption: a hundredth of the treasury a year; no document has a budget",
        doc="Grants paid to ecosystem contributors in equal daily parts, as far as the treasury reaches.",
        governed="treasury",
        target="QUIVTreasury.grantsPerYear",
    )
    operations_days: float = parameter(
        30.0,
        unit="days",
        low=1.0,
        high=36_500.0,
        source="assumption: no document says what becomes of the network fee that is not burned",
        doc="Time constant at which the operations pool is spent on contributors.",
    )
