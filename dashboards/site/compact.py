"""Figures as a page's script reads them, in few bytes.

A curve's values are whole numbers of 16 bits between the ends of its range, which is finer than can be seen; other
numbers have six digits. One view of a panel is written whole, the one with most curves, and each as what differs from
it. Files are scripts and not JSON, for a page that is opened from a folder may load the former only.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import plotly.io as pio
from numpy.typing import NDArray

from dashboards.figures.template import CONFIG, DARK, LINE, template
from dashboards.panels import Panel, View

MOST, NOTHING = 32767, -32768
"""The largest whole number of a curve, and the one that stands for a missing value."""

SHORT = 12
"""Values up to which a curve is written out."""

WHOLE, LENGTH = "=", "#"
"""The keys of a part that takes the place of the base's and is not merged with it, and of a list's length."""


def script(panels: Iterable[Panel]) -> str:
    """The figures of one page; a panel that is ``like`` an earlier one is written as what differs from it."""
    found = {panel.id: packed(panel) for panel in panels if panel.views}
    models: dict[int, str] = {}
    written: dict[str, Any] = {}
    for name, panel in found.items():
        model = models.setdefault(len(panel["base"]["data"]), name)
        same = {} if model == name else {"like": model, "base": delta(found[model]["base"], panel["base"]) or {}}
        written[name] = panel | same
    return f"quiver.put({_json(written)});\n"


def figure_style() -> str:
    """What all figures share: the configuration, the template, and which colours the dark page swaps for which."""
    shared = {"config": CONFIG, "template": template().to_plotly_json(), "dark": DARK, "line": LINE}
    return f"quiver.look({_json(shared)});\n"


def packed(panel: Panel) -> dict[str, Any]:
    """A panel's views by setting, each as what differs from the one with most curves."""
    found = {str(design): _view(view) for design, view in panel.views.items()}
    base = max(found.values(), key=lambda view: len(view["data"]))
    views = {design: delta(base, view) or {} for design, view in found.items()}
    return {"first": next(iter(found)), "base": base, "views": views}


def delta(base: Any, other: Any) -> Any:
    """What makes ``other`` of ``base``; None where they are equal. Lists are merged by place and cut to length."""
    if base == other and type(base) is type(other):
        return None
    if isinstance(base, dict) and isinstance(other, dict) and base.keys() <= other.keys():
        parts = {key: delta(base[key], value) if key in base else {WHOLE: value} for key, value in other.items()}
        return {key: part for key, part in parts.items() if part is not None}
    if isinstance(base, list) and isinstance(other, list) and len(base) >= len(other) > 0 and _nested(base):
        parts = {str(place): delta(*pair) for place, pair in enumerate(zip(base, other, strict=False))}
        shorter = {LENGTH: len(other)} if len(other) < len(base) else {}
        return shorter | {place: part for place, part in parts.items() if part is not None}
    return {WHOLE: other}


def _nested(values: list[Any]) -> bool:
    """Whether a list has parts worth merging, as traces and annotations are."""
    return any(isinstance(value, (dict, list)) for value in values)


def _view(view: View) -> dict[str, Any]:
    """A view as data; title and subtitle stand apart, as the page has them as text, which wraps and is read aloud."""
    figure = json.loads(pio.to_json(view.figure, validate=False, remove_uids=True, engine="json"))
    layout = figure["layout"]
    del layout["template"]
    title = layout.pop("title")["text"]
    logarithmic = any(isinstance(part, dict) and part.get("type") == "log" for part in layout.values())
    data = [_short(trace, logarithmic) for trace in figure["data"]]
    words = {"subtitle": view.subtitle, "caption": view.caption}
    return {"data": data, "layout": _short(layout, True), "title": title, **words}


def _short(value: Any, exact: bool) -> Any:
    """The same with fewer digits; ``exact`` curves keep those of single precision."""
    if isinstance(value, float):
        return _digits(value)
    if isinstance(value, list):
        return [_short(item, exact) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() >= {"dtype", "bdata"}:
        return value if "shape" in value else _curve(value, exact)
    return {key: _short(item, exact) for key, item in value.items()}


def _curve(coded: Mapping[str, str], exact: bool) -> Any:
    """A one-dimensional array of numbers, as plotly has coded it."""
    values = np.frombuffer(base64.b64decode(coded["bdata"]), dtype=np.dtype(coded["dtype"])).astype(float)
    if len(values) <= SHORT:
        return [_digits(float(value)) for value in values]
    return _single(values) if exact else quantised(values)


def _single(values: NDArray[np.float64]) -> dict[str, str]:
    return {"dtype": "f4", "bdata": base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")}


def quantised(values: NDArray[np.float64]) -> dict[str, Any]:
    """Values (n,) as ``start + step * q`` with ``q`` in 16 bits; zero stays zero where the range holds it."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    start = 0.0 if low <= 0.0 <= high else low
    step = max(high - start, start - low) / MOST or 1.0
    whole = np.where(np.isfinite(values), np.round((np.nan_to_num(values) - start) / step), NOTHING)
    coded = base64.b64encode(whole.astype("<i2").tobytes()).decode("ascii")
    return {"q": coded, "r": [_digits(start, 8), _digits(step, 8)]}


def _digits(value: float, digits: int = 6) -> float | None:
    """A number with so many significant digits; null where it is none."""
    return float(f"{value:.{digits}g}") if math.isfinite(value) else None


def _json(value: Any) -> str:
    """JSON without blanks; what cannot be in it, such as an infinite number, is an error and not text."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
