"""A parameter's declaration: type, unit, bounds, source, who may change it, and how it is set on chain.

Contracts declare their parameters as frozen pydantic models whose fields are made by `parameter`. Everything else that
speaks of parameters (defaults, validation, the reference page, sweeps, live state variables) reads it from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator
from pydantic.fields import FieldInfo

from model.gone import instead

ProposalTypeName = Literal["technical", "economic", "treasury", "emergency"]
"""The spec's four proposal types (SPEC, Proposal System), in its order."""


class Contract(BaseModel):
    """The parameters of one contract: frozen, nothing beyond the declared fields, no silent conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _names_of_earlier_versions(cls, given: Any, info: ValidationInfo) -> Any:
        """A field of an earlier version is answered with what to write instead.

        What comes from JSON is Python's from here on, where a list is no tuple: lists of JSON are made tuples.
        """
        for name in given if isinstance(given, dict) else ():
            full = f"{cls.__name__.lower()}.{name}"
            if name not in cls.model_fields and (sentence := instead(full)):
                raise ValueError(f"{full}: {sentence}")
        if info.mode != "json" or not isinstance(given, dict):
            return given
        return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}

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
    """One registry entry: all that is declared of a parameter, with its default.

    `name` is dotted (`fees.burn_share`); `kind` is `number`, `whole`, `switch`, `choice` or `list`; `low` and `high`
    are inclusive and in `unit`; `structural` ones shape the state or choose functions, so they are fixed when the
    blocks are built; `governed` is the proposal type that may change it, or None.

    `target` is its place on chain, `Contract.variable`. A governed parameter also has the signature of the function
    that sets it there (`setter`) and the fixed-point format of that function's whole number (`scale`).
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
    governed: ProposalTypeName | None
    target: str
    setter: str
    scale: str
    structural: bool
    length: int

    @property
    def width(self) -> float:
        """Width of the bounds, in `unit`; an open side counts as zero."""
        return (self.high or 0.0) - (self.low or 0.0)

    @property
    def target_contract(self) -> str:
        """Deployed contract that holds the parameter: `InferenceMarketplace`."""
        return self.target.partition(".")[0]

    @property
    def label(self) -> str:
        """Display name, for axes and tables: `fees.burn_share` is "Burn share"."""
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
    governed: ProposalTypeName | None = None,
    target: str = "",
    setter: str = "",
    scale: str = "",
    structural: bool = False,
) -> Any:
    """A pydantic field that carries the registry's metadata; `low` and `high` bound each element of a list.

    A governed parameter needs a `target`. `setter` and `scale` are given only where they are not what `_setter` and
    `_scale` make of target and unit.
    """
    contract, _, variable = target.partition(".")
    if governed and not (contract.isidentifier() and variable.isidentifier()):
        raise ValueError(f"a governed parameter has a target such as InferenceMarketplace.burnShare, not {target!r}")
    extra: dict[str, Any] = {
        "unit": unit,
        "low": low,
        "high": high,
        "source": source,
        "governed": governed,
        "target": target,
        "structural": structural,
    }
    extra |= {key: given for key, given in (("setter", setter), ("scale", scale)) if given}
    bounds: dict[str, Any] = {} if isinstance(default, (bool, str, tuple)) else {"ge": low, "le": high}
    return Field(default, description=doc, json_schema_extra=extra, **bounds)


def _setter(target: str) -> str:
    """Signature of the setter, as Solidity names it: `burnShare` is set by `setBurnShare(uint256)`."""
    variable = target.partition(".")[2]
    return f"set{variable[0].upper()}{variable[1:]}(uint256)"


def _scale(unit: str) -> str:
    """Fixed-point format by unit: shares in basis points, amounts of QUIV in wei, all else with 18 decimals."""
    if unit.startswith("share "):
        return "basis_points"
    return "wei" if unit.startswith("QUIV") else "wad"


def _kind(field: FieldInfo) -> tuple[str, tuple[str, ...]]:
    if get_origin(field.annotation) is Literal:
        return "choice", get_args(field.annotation)
    if get_origin(field.annotation) is tuple:
        return "list", ()
    kinds: dict[Any, str] = {bool: "switch", int: "whole", float: "number"}
    return kinds[field.annotation], ()


def _entry(contract: str, name: str, field: FieldInfo) -> Parameter:
    extra: dict[str, Any] = dict(field.json_schema_extra)  # type: ignore[arg-type]
    kind, choices = _kind(field)
    governed, target, unit = extra["governed"], extra["target"], extra["unit"]
    return Parameter(
        name=f"{contract}.{name}",
        kind=kind,
        default=field.default,
        choices=choices,
        doc=field.description or "",
        length=len(field.default) if kind == "list" else 1,
        unit=unit,
        low=extra["low"],
        high=extra["high"],
        source=extra["source"],
        governed=governed,
        target=target,
        setter=extra.get("setter") or (_setter(target) if governed else ""),
        scale=extra.get("scale") or (_scale(unit) if governed else ""),
        structural=bool(extra["structural"]) or kind in ("choice", "switch"),
    )


def registry_of(model: type[BaseModel]) -> dict[str, Parameter]:
    """Registry of a model of contracts: its parameters by dotted name, in the order of declaration."""
    found = {}
    for contract, section in model.model_fields.items():
        for name, field in section.annotation.model_fields.items():  # type: ignore[union-attr]
            entry = _entry(contract, name, field)
            found[entry.name] = entry
    return found
