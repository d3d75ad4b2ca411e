"""Money is conserved, whatever the parameters: sixty days of random economies through the ensemble."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from experiments.engines.ensemble import EnsembleExecution
from model.economy import Economy
from model.flows import LEDGER
from model.formulas import vesting
from model.ledger import BURNED, CAP_NQUIV, MINTED
from model.metrics import METRICS
from model.parameters import REGISTRY
from model.spec.exact import GoPanic
