"""A plan as plain JSON, and back: what a store needs to simulate a trajectory again without the user's files.

Each point's economy is the base with the point's settings; the file has the base alone and a digest of them all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, get_type_hints

import numpy as np
from pydantic import TypeAdapter, ValidationError

from experiments.errors import RequestError
from experiments.inputs.experiment import resolved
from experiments.inputs.plan import Plan
from experiments.inputs.scenario import override
from experiments.storage.folder import Folder
from experiments.storage.version import code_version
from model.economy import Economy

NAME = "plan.json"
APART = ("base", "economies")
"""Fields of a plan that are written in a way of their own."""


def write_plan(plan: Plan, folder: Folder) -> None:
    """Write a plan into its store. The order of keys is kept, for settings are columns in their order."""
    folder.write(NAME, json.dumps(plan_as_data(plan), indent=1, ensure_ascii=False) + "\n")


def plan_as_data(plan: Plan) -> dict[str, Any]:
    """A plan as JSON takes it."""
    data = {name: json.loads(adapter.dump_json(getattr(plan, name))) for name, adapter in _adapters(Plan).items()}
    return data | {
        "hash": plan.digest,
        "code_version": code_version(),
        "base": economy_as_data(plan.base),
        "economies": digest_of(plan),
    }


def digest_of(plan: Plan) -> str:
    """A digest of every design point's economy."""
    digest = hashlib.sha256()
    for economy in plan.economies:
        digest.update(json.dumps(resolved(economy), sort_keys=True).encode())
    return digest.hexdigest()


def economy_as_data(economy: Economy) -> dict[str, Any]:
    """An economy as JSON takes it."""
    data = {name: json.loads(adapter.dump_json(getattr(economy, name))) for name, adapter in _adapters(Economy).items()}
    return data | {"exogenous": {name: path.tolist() for name, path in economy.exogenous.items()}}


def economy_from_data(data: Mapping[str, Any]) -> Economy:
    """The economy that such data describes."""
    given = {name: adapter.validate_json(json.dumps(data[name])) for name, adapter in _adapters(Economy).items()}
    return Economy(**given, exogenous={name: np.array(path) for name, path in data["exogenous"].items()})


def read_plan_data(folder: Folder) -> dict[str, Any]:
    """What a store says of its plan; RequestError where it says nothing or is damaged."""
    try:
        data = json.loads(folder.text(NAME))
    except FileNotFoundError:
        raise RequestError(f"{folder}: no {NAME}, so this is not the store of a sweep") from None
    except ValueError as error:
        raise RequestError(f"{folder / NAME} is damaged ({error}); --fresh starts the sweep again") from None
    if isinstance(data, dict):
        data = {"engine": "ensemble"} | data
    if not isinstance(data, dict) or not {"hash", "code_version", *_adapters(Plan), *APART} <= set(data):
        raise RequestError(f"{folder / NAME} is damaged (keys are missing); --fresh starts the sweep again")
    return data


def read_plan(folder: Folder) -> Plan:
    """The plan of a store, built anew; RequestError where this code makes other economies of it."""
    data = read_plan_data(folder)
    try:
        base = economy_from_data(data["base"])
        given = {name: adapter.validate_json(json.dumps(data[name])) for name, adapter in _adapters(Plan).items()}
        economies = [override(base, point) if point else base for point in given["points"]]
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        sentence = str(error).splitlines()[0]
        raise RequestError(
            f"{folder / NAME} does not fit this code ({sentence}); it was written by {data['code_version']}"
        ) from None
    plan = Plan(**given, base=base, economies=economies)
    if digest_of(plan) != data["economies"]:
        raise RequestError(f"{folder / NAME} gives other economies than it was written for; it is damaged or older")
    return plan


@cache
def _adapters(kind: type) -> dict[str, TypeAdapter[Any]]:
    """How each field of a dataclass becomes JSON and back."""
    hints = get_type_hints(kind)
    apart = (*APART, "exogenous")
    return {field.name: TypeAdapter(hints[field.name]) for field in fields(kind) if field.name not in apart}
