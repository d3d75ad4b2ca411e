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

from experiments.errors import RequestError, first_line
from experiments.inputs.experiment import resolved
from experiments.inputs.plan import Plan
from experiments.inputs.scenario import override
from experiments.storage.document import DamagedError, digest_of, read_document, write_document
from experiments.storage.folder import Folder
from experiments.storage.version import code_version
from model.economy import Economy

NAME = "plan.json"
APART = ("base", "economies")
"""Fields of a plan that are written in a way of their own."""


def write_plan(plan: Plan, folder: Folder) -> None:
    """Write a plan into its store. The order of keys is kept, for settings are columns in their order."""
    write_document(folder, NAME, plan_as_data(plan))


def plan_as_data(plan: Plan) -> dict[str, Any]:
    """A plan as JSON takes it."""
    data = {name: json.loads(adapter.dump_json(getattr(plan, name))) for name, adapter in _adapters(Plan).items()}
    return data | {
        "hash": plan.digest,
        "code_version": code_version(),
        "base": economy_as_data(plan.base),
        "economies": economies_digest(plan),
    }


def economies_digest(plan: Plan) -> str:
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
    """What a store says of its plan; RequestError where it says nothing or is not as it was written."""
    try:
        data = read_document(folder, NAME)
    except FileNotFoundError:
        raise RequestError(f"{folder}: no {NAME}, so this is not the store of a sweep") from None
    except RequestError as error:
        raise DamagedError(f"{folder / NAME} is damaged ({error}); the same quiver-sim sweep makes it again") from None
    if not {"hash", "code_version", *_adapters(Plan), *APART} <= set(data):
        raise DamagedError(f"{folder / NAME} is damaged (keys are missing); the same quiver-sim sweep makes it again")
    return data


def plan_differs(plan: Plan, folder: Folder) -> str:
    """In what a store's plan is not the one at hand, in words; empty where it is, whatever the file's comments say."""
    try:
        found = read_document(folder, NAME)
    except FileNotFoundError:
        return "is missing"
    except RequestError as error:
        return f"is damaged ({error})"
    ours = plan_as_data(plan) | {"text": found.get("text")}
    return "" if digest_of(found) == digest_of(ours) else "is not what the experiment says"


def read_plan(folder: Folder) -> Plan:
    """The plan of a store, built anew; RequestError where this code makes other economies of it."""
    data = read_plan_data(folder)
    try:
        base = economy_from_data(data["base"])
        given = {name: adapter.validate_json(json.dumps(data[name])) for name, adapter in _adapters(Plan).items()}
        economies = [override(base, point) if point else base for point in given["points"]]
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise RequestError(
            f"{folder / NAME} does not fit this code ({first_line(error)}); it was written by {data['code_version']}"
        ) from None
    plan = Plan(**given, base=base, economies=economies)
    if economies_digest(plan) != data["economies"]:
        raise RequestError(f"{folder / NAME} gives other economies than it was written for; it is damaged or older")
    return plan


@cache
def _adapters(kind: type) -> dict[str, TypeAdapter[Any]]:
    """How each field of a dataclass becomes JSON and back."""
    hints = get_type_hints(kind)
    apart = (*APART, "exogenous")
    return {field.name: TypeAdapter(hints[field.name]) for field in fields(kind) if field.name not in apart}
