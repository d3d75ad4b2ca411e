"""What a parameter is: one typed field with its unit, bounds, source and the say that governance has over it.

Contracts declare their parameters as frozen pydantic models whose fields are made by `parameter`. Everything else that
speaks of parameters (defaults, validation, the reference page, sweeps, live state variables) reads it from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

ProposalType = Literal["technical", "economic", "treasury", "emergency"]
"""The spec's four proposal types (SPEC, Proposal System), in its order."""


class Contract(BaseModel):
    """The parameters of one contract: frozen, nothing beyond the declared fields, no silent conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _elements_within_bounds(self) -> Contract:
        """pydantic bounds single numbers; the elements of a list are bounded here."""
        for name, field in type(self).model_fields.items():
            value, extra = getattr(self, name), field.json_schema_extra
            if not isinstance(value, tuple) or not isinstance(extra, dict):
                continue
            low, high = extra["low"], extra["high"]
            outside = [item for item in value if not low <= item <= high]
            if outside:
                raise ValueError(f"{name} has {outside[0]!r}; each element lies from {low} to {high} {extra['unit']}")
        return self


@dataclass(frozen=True)
class Parameter:
    """What is known of one parameter besides its value.

    `name` is dotted (`fees.burn_share`); `kind` is `number`, `whole`, `switch`, `choice` or `list`; `low` and `high`
    are inclusive and in `unit`; `structural` ones shape the state or choose functions, so they are fixed when the
    blocks are built; `governed` is the proposal type that may change it, or None; `target` is its place on chain.
    """

    name: str
    kind: str
    default: Any
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    source: str
    doc: str
    governed: ProposalType | None
    target: str
    structural: bool
    length: int

    @property
    def width(self) -> float:
        """Width of the bounds, in `unit`; an open side counts as zero."""
        return (self.high or 0.0) - (self.low or 0.0)

    @property
    def label(self) -> str:
        """The name in words, for axes and tables: `fees.burn_share` is "Burn share"."""
        words = self.name.split(".")[1].replace("_", " ")
        return words[0].upper() + words[1:]


def parameter(
    default: Any,
    *,
    unit: str,
    source: str,
    doc: str,
    low: float | None = None,
    high: float | None = None,
    governed: ProposalType | None = None,
    target: str = "",
    structural: bool = False,
) -> Any:
    """A pydantic field that carries the registry's metadata; `low` and `high` bound each element of a list."""
    extra: dict[str, Any] = {
        "unit": unit,
        "low": low,
        "high": high,
        "source": source,
        "governed": governed,
        "target": target,
        "structural": structural,
    }
    bounds: dict[str, Any] = {} if isinstance(default, (bool, str, tuple)) else {"ge": low, "le": high}
    return Field(default, description=doc, json_schema_extra=extra, **bounds)


def _kind(field: FieldInfo) -> tuple[str, tuple[str, ...]]:
    if get_origin(field.annotation) is Literal:
        return "choice", get_args(field.annotation)
    if get_origin(field.annotation) is tuple:
        return "list", ()
    kinds: dict[Any, str] = {bool: "switch", int: "whole", float: "number"}
    return kinds[field.annotation], ()


def _describe(contract: str, name: str, field: FieldInfo) -> Parameter:
    extra: dict[str, Any] = dict(field.json_schema_extra)  # type: ignore[arg-type]
    kind, choices = _kind(field)
    return Parameter(
        name=f"{contract}.{name}",
        kind=kind,
        default=field.default,
        choices=choices,
        doc=field.description or "",
        length=len(field.default) if kind == "list" else 1,
        unit=extra["unit"],
        low=extra["low"],
        high=extra["high"],
        source=extra["source"],
        governed=extra["governed"],
        target=extra["target"],
        structural=bool(extra["structural"]) or kind in ("choice", "switch"),
    )


def describe(model: type[BaseModel]) -> dict[str, Parameter]:
    """Every parameter of a model of contracts, by dotted name, in the order of declaration."""
    found = {}
    for contract, section in model.model_fields.items():
        for name, field in section.annotation.model_fields.items():  # type: ignore[union-attr]
            entry = _describe(contract, name, field)
            found[entry.name] = entry
    return found
