"""`quiver-sim presets`, `scenarios`, `experiments`, `params`, `metrics`, `shocks`: lists of what can be named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.command import LOOK_UP, command
from experiments.cli.options import Debug, Json
from experiments.cli.output import answered, print_json, print_table
from experiments.errors import RequestError, unknown
from experiments.words import exact

if TYPE_CHECKING:
    from experiments.inputs.experiment import Experiment
    from experiments.inputs.shipped import About
    from model.registry import Parameter
    from model.shocks import ShockKind


@command("presets", LOOK_UP, 1)
def presets_command(as_json: Json = False, debug: Debug = False) -> None:
    """List the presets, one interpretation of the documents each, with the source of every number."""
    with answered(debug):
        from experiments.inputs.shipped import preset_names

        _shipped(preset_names(), as_json)


@command("scenarios", LOOK_UP, 2, example="--json")
def scenarios_command(as_json: Json = False, debug: Debug = False) -> None:
    """List the scenarios that quiver-sim run takes by name: the presets, and those that build on them."""
    with answered(debug):
        from experiments.inputs.shipped import scenario_names

        _shipped(scenario_names(), as_json)


@command("experiments", LOOK_UP, 3)
def experiments_command(as_json: Json = False, debug: Debug = False) -> None:
    """List the experiments that quiver-sim sweep takes by name, each with its question and size."""
    with answered(debug):
        from experiments.inputs.experiment import load_experiment
        from experiments.inputs.shipped import experiment_names

        found = [load_experiment(name) for name in experiment_names()]
        if as_json:
            print_json([_sizes(item) for item in found])
            return
        rows = [(item.name, _size(item), f"{item.title}\n{item.question}\n") for item in found]
        print_table(("name", "settings, runs, days", "what it asks"), rows)


def _sizes(item: Experiment) -> dict[str, Any]:
    size = {"settings": len(item.points()), "runs": item.runs, "days": item.days}
    asked = {"name": item.name, "title": item.title, "question": item.question, "scenario": item.scenario}
    return asked | size | {"controls": list(item.controls), "environment": list(item.environment.keys)}


def _size(item: Experiment) -> str:
    return f"{len(item.points())} x {item.runs} x {item.days:,}"


@command("params", LOOK_UP, 4, example="--contract fees")
def params_command(
    contract: Annotated[str | None, typer.Option(metavar="NAME", help="Only one contract's, such as fees.")] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """List the parameters: default, unit, range, who governs them, and the source of each number."""
    with answered(debug):
        from model.parameters import REGISTRY, Parameters

        if contract is not None and contract not in Parameters.model_fields:
            raise RequestError(f"--contract: {contract}: {unknown(contract, 'contract', Parameters.model_fields)}")
        entries = [entry for name, entry in REGISTRY.items() if contract in (None, name.split(".")[0])]
        if as_json:
            print_json([asdict(entry) for entry in entries])
            return
        print_table(("parameter", "default; range; who governs it, and the source"), [_row(entry) for entry in entries])


@command("metrics", LOOK_UP, 5)
def metrics_command(as_json: Json = False, debug: Debug = False) -> None:
    """List the metrics that are recorded on each day of a run."""
    with answered(debug):
        from model.metrics import METRICS

        if as_json:
            print_json(
                [{"name": m.name, "label": m.label, "unit": m.unit, "description": m.doc} for m in METRICS.values()]
            )
            return
        rows = [(m.name, m.label, m.unit, m.doc) for m in METRICS.values()]
        print_table(("metric", "label", "unit", "what it is"), rows)


@command("shocks", LOOK_UP, 6)
def shocks_command(as_json: Json = False, debug: Debug = False) -> None:
    """List the kinds of shocks that a scenario can have, with their size by severity."""
    with answered(debug):
        from model.shocks import KINDS

        if as_json:
            print_json([_kind(name, kind) for name, kind in KINDS.items()])
            return
        rows = [(name, _grades(kind)) for name, kind in KINDS.items()]
        print_table(("kind", "size by severity; how long it takes; what it is, and the source"), rows)


def _kind(name: str, kind: ShockKind) -> dict[str, Any]:
    from model.shocks import SEVERITIES

    return {
        "name": name,
        "unit": kind.unit,
        "low": kind.low,
        "high": kind.high,
        "takes": kind.span,
        "share_of": kind.among,
        "grades": {severity: kind.grades.of(severity) for severity in SEVERITIES},
        "source": kind.grades.source,
        "description": kind.doc,
    }


def _grades(kind: ShockKind) -> str:
    from model.shocks import SEVERITIES, SPANS

    graded = [(severity, *kind.grades.of(severity)) for severity in SEVERITIES]
    sizes = [
        f"{word} {size:g}" + (f" of {share:g} of {kind.among}" if kind.among else "") for word, size, share in graded
    ]
    takes = SPANS[kind.span].replace("`", "")
    return f"{kind.unit}: {', '.join(sizes)}; {takes}\n{kind.doc}\n{kind.grades.source}\n"


def _shipped(names: Iterable[str], as_json: bool) -> None:
    from experiments.inputs.shipped import about

    found = [about(name) for name in names]
    if as_json:
        print_json([asdict(item) for item in found])
        return
    rows = [(item.name, item.kind, _described(item)) for item in found]
    print_table(("name", "kind", "what it is; what it changes: the source"), rows)


def _described(item: About) -> str:
    """Title and description, then a line for each parameter that it changes, with the source."""
    return "\n".join([f"{item.title}. {item.description}", *(f"- {key}: {of}" for key, of in item.sources.items()), ""])


def _row(entry: Parameter) -> tuple[str, ...]:
    bounds = "" if entry.low is None or entry.high is None else f"{exact(entry.low)} to {exact(entry.high)}"
    allowed = " | ".join(entry.choices) or ("true | false" if entry.kind == "switch" else bounds)
    governed = f"governed: {entry.governed}" if entry.governed else ""
    facts = "; ".join(fact for fact in (f"{exact(entry.default)} {entry.unit}".strip(), allowed, governed) if fact)
    return (entry.name, f"{facts}\n{entry.source}\n")
