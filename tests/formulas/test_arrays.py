"""Arrays: which library a function computes with, from its arrays or from a whole state."""

from __future__ import annotations

from types import MappingProxyType

import array_api_compat.numpy
import numpy as np
import pytest

from model.arrays import namespace


@pytest.mark.parametrize("of", [np.ones(3), np.float64(1.0), {"price_usd": np.ones(3)}, {"price_usd": np.float64(1.0)}])
def test_numpy_is_recognised_in_arrays_scalars_and_states(of: object) -> None:
    assert namespace(of) is array_api_compat.numpy


def test_a_state_of_another_library_is_recognised_by_its_price() -> None:
    jnp = pytest.importorskip("jax.numpy")
    price = jnp.ones(3)
    assert namespace(MappingProxyType({"price_usd": price, "day": np.int64(0)})) is namespace(price) is not np
