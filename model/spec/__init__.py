"""The spec's own structures in whole numbers: the oracles that the array formulas are tested against."""

from model.spec import exact

__all__ = ["exact"]
