"""What the economy is: parameters, ledger, formulas, genesis, metrics."""

from model.spec import exact

__all__ = ["exact"]
