"""Each form in which numbers are written for people, at the sizes where it changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from experiments.words import counted, duration, exact, figure, percent, signed, size

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        (figure, {0.123456: "0.1235", 999.96: "1000", 1234.5: "1,234", -2.5e6: "-2.5 M", 3e9: "3 B", np.nan: "-"}),
        (signed, {0.0: "0", 0.01234: "+0.0123", -1234.0: f"{MINUS}1,234", 2.5e6: "+2.5 M"}),
        (exact, {0.15: "0.15", 2e8: "200,000,000", 1e-18: "1e-18", 1e15: "1e+15", np.float64(3.0): "3"}),
        (exact, {True: "true", "spec": "spec", (0.5, 12): "0.5, 12"}),
        (percent, {0.55: "55 %", -0.1: f"{MINUS}10 %", 0.0001: "0 %", np.nan: "\N{EM DASH}"}),
        (duration, {0.2: "1 s", 119.0: "119 s", 120.0: "2 minutes", 7200.0: "2 hours", 172800.0: "2 days"}),
        (size, {12: "12 bytes", 1234: "1.2 kB", 250e6: "250 MB", 3.14e9: "3.1 GB"}),
    ],
)
def test_each_form_at_its_sizes(form: Callable[[object], str], texts: dict[object, str]) -> None:
    assert {value: form(value) for value in texts} == texts


def test_decimals_and_plurals() -> None:
    assert percent(0.0572, 1) == "5.7 %"
    assert [figure(value, 3) for value in (99.96, 999.6, 1.234e-5)] == ["100", "1,000", "1.23e-05"]
    assert [counted(n, "run") for n in (0, 1, 2, 1200)] == ["0 runs", "1 run", "2 runs", "1,200 runs"]
