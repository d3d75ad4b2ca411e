"""Names of settings, metrics and axes, and the one way that text from a store enters a figure."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from experiments.words import value_text

SEPARATOR = " · "


def escaped(text: object) -> str:
    """Text that plotly shows as it is: plotly reads tags, entities and ``%{...}`` in labels, so these are escaped."""
    return html.escape(str(text), quote=False).replace("%{", "%&#123;")


def unescaped(text: str) -> str:
    """The text that `escaped` gives, for the page, whose template escapes for itself."""
    return html.unescape(text)


def slug(text: object) -> str:
    """A name fit for a file or an element id: lower-case letters, digits, ``-`` and ``_``."""
    return re.sub(r"[^a-z0-9_]+", "-", str(text).lower()).strip("-") or "x"


def lower_first(text: str) -> str:
    """Lower the first letter for use inside a sentence, unless the word is an acronym such as TVL."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def upper_first(text: str) -> str:
    """Raise the first letter, for the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def axis_label(axis: Mapping[str, Any]) -> str:
    """An axis' label, or its key."""
    return str(axis.get("label") or axis["key"])


def axis_value(axis: Mapping[str, Any], value: object) -> str:
    """A value of an axis with its unit."""
    item = getattr(value, "item", None)
    return value_text(item() if callable(item) else value, str(axis.get("unit") or ""))


@dataclass(frozen=True)
class Labels:
    """What things are called.

    ``metrics``: metric name to ``{"label", "unit", "description"}``. ``axes``: the parameters that vary in the design,
    or all of them if the design has one point.
    ``short`` and ``long``: design number to the setting's name. ``today``: the design with today's parameters, if any.
    """

    metrics: Mapping[str, Mapping[str, Any]]
    axes: Sequence[Mapping[str, Any]]
    short: Mapping[int, str]
    long: Mapping[int, str]
    today: int | None

    @classmethod
    def of(cls, manifest: Mapping[str, Any], design: pd.DataFrame) -> Labels:
        """Names for the design points of one store."""
        alone = len(design) == 1
        varied = [axis for axis in manifest["axes"] if alone or design[axis["key"]].nunique(dropna=False) > 1]
        now = design.loc[design["today"].astype(bool), "design"]
        today = int(now.iloc[0]) if len(now) else None
        short, long = {}, {}
        for row in design.to_dict("records"):
            index = int(row["design"])
            parts = [(axis_label(a), axis_value(a, row[a["key"]])) for a in varied]
            mark = " (today)" if index == today else ""
            short[index] = (SEPARATOR.join(value for _, value in parts) or "the only setting") + mark
            long[index] = (", ".join(f"{lower_first(k)} {v}" for k, v in parts) or "the only setting") + mark
        return cls(manifest.get("metrics", {}), varied, short, long, today)

    def metric(self, name: str) -> str:
        """A metric's label, or its name in words."""
        return str(self.metrics.get(name, {}).get("label") or name.replace("_", " "))

    def unit(self, name: str) -> str:
        """A metric's unit, or nothing."""
        return str(self.metrics.get(name, {}).get("unit") or "")

    def description(self, name: str) -> str:
        """One sentence on what a metric measures, or nothing."""
        return str(self.metrics.get(name, {}).get("description") or "")

    @property
    def reading(self) -> str:
        """What the parts of a short name stand for, in order."""
        return SEPARATOR.join(axis_label(axis) for axis in self.axes)
