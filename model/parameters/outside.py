"""Outside option: price of inference elsewhere, and how readily consumers switch to it."""

from __future__ import annotations

from model.registry import Contract, parameter


class Outside(Contract):
    price_usd: float = parameter(
        2e-4,
        unit="USD per token, small model",
        low=1e-9,
        high=1.0,
        source="assumption: twice the reference price; QUIVer's own site advertises to be cheaper than the cloud",
        doc="Price of the outside option at genesis.",
    )
    decline: float = parameter(
        0.3,
        unit="1 / year",
        low=-2.0,
        high=3.0,
        source="assumption: as the providers' costs",
        doc="Rate at which the outside option gets cheaper.",
    )
    switching: float = parameter(
        4.0,
        unit="ratio",
        low=0.0,
        high=50.0,
        source="assumption: at 20 % below the outside price seven in ten stay",
        doc="Steepness of the choice between network and outside option; at 0 half goes elsewhere at any price.",
    )
