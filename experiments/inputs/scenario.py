"""Scenario files: from YAML to an economy whose every value was checked.

A file gives what differs from what it `extends`: a preset, or one other scenario that itself extends a preset; without
`extends` it starts from the `whitepaper` defaults. Parameters, mechanisms and exogenous processes are merged key by
key; `phases` sets days of the launch as parameters do, which win in the same file; `proposals`, `shocks`, `attacks`,
`noise`, `go_literal`, `days` and `start` replace what they find, and `severity` grades the shocks, its own or those it
finds, that say neither size nor severity. `start` is a snapshot of a live network, with balances, live parameters and
the sizes of the population; parameters in the same file win over its own. Paths in a file are relative to it. All that
is wrong with a file is reported together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.errors import Problems, RequestError, UnfitError, show, unknown
from experiments.inputs import validate
from experiments.inputs.attacks import read_attacks
from experiments.inputs.changes import OVERRIDABLE, Changes, check_whole, read_dotted, read_parts
from experiments.inputs.phases import read_phases
from experiments.inputs.proposals import read_proposals
from experiments.inputs.shipped import Source, find_scenario, preset_names, scenario_names
from experiments.inputs.shocks import read_severity, read_shocks
from experiments.inputs.snapshot import Snapshot, load_snapshot
from experiments.inputs.strict_yaml import read_mapping
from model.economy import Economy

__all__ = ["load_scenario", "override", "preset_names", "scenario_names"]

TEXT = ("title", "description")
SECTIONS = ("population", "parameters", "mechanisms", "exogenous")
KEYS = (
    *("extends", *TEXT, "days", *SECTIONS, "noise", "go_literal"),
    *("phases", "proposals", "shocks", "severity", "attacks", "start"),
)

MOST_DAYS = 36_500
MOST_SCENARIOS = 2
"""Scenario files in one chain; what they rest on is a preset."""


def load_scenario(
    name_or_path: str | Path,
    overrides: Mapping[str, Any] | None = None,
    days: int | None = None,
    given_as: str = "override",
) -> Economy:
    """The economy of a shipped name or a file, with single values and the horizon replaced.

    `overrides` has dotted names as keys: parameters (`fees.burn_share`), `mechanisms.<name>`, `exogenous.<name>`,
    `noise`, `go_literal`; problems with them are said to be in `given_as`. A horizon shorter than the file's own ends
    before its later proposals and shocks. Raises `RequestError` with every problem: file, key, what was found, what is
    allowed, the nearest valid name.
    """
    chain = _chain(find_scenario(name_or_path))
    economy, shocks = Economy(), None
    for source, content in reversed(chain):
        shocks = content.get("shocks", shocks)
        economy = _layer(economy, source, content, shocks)
    where = chain[0][0].where
    if days is not None:
        try:
            economy = replace(economy, days=_days(days))
        except UnfitError as error:
            raise RequestError(f"days: {error}") from None
    if overrides:
        economy = override(economy, overrides, given_as)
    problems = Problems()
    check_whole(economy, where, problems)
    problems.raise_any()
    return economy


def override(
    economy: Economy, overrides: Mapping[str, Any], where: str = "override", base: Path | None = None
) -> Economy:
    """The economy with single values replaced, checked as those of a file are; see `load_scenario`."""
    problems, changes = Problems(), Changes()
    for key, found in overrides.items():
        if not isinstance(key, str):
            problems.add(where, str(key), unknown(key, "parameter", OVERRIDABLE, "a dotted name"))
        else:
            read_dotted(key, found, changes, base or Path(), where, problems)
    changed = changes.applied(economy, where, problems)
    problems.raise_any()
    check_whole(changed, where, problems)
    problems.raise_any()
    return changed


def start_from(economy: Economy, snapshot: Snapshot, where: str) -> Economy:
    """The economy with a snapshot's balances, live parameters and sizes of the population in place of its own."""
    problems, changes = Problems(), Changes(dict(snapshot.parameters))
    changed = changes.applied(replace(economy, start=snapshot.start), where, problems)
    problems.raise_any()
    check_whole(changed, where, problems)
    problems.raise_any()
    return changed


def _chain(source: Source) -> list[tuple[Source, dict[str, Any]]]:
    """The file and what it extends, the file first."""
    chain = [(source, read_mapping(source.path, source.where))]
    while (above := chain[-1][1].get("extends")) is not None:
        last = chain[-1][0]
        if not isinstance(above, str):
            wrong = UnfitError(show(above), "the name or path of a preset or scenario")
            raise RequestError(f"{last.where}: extends: {wrong}")
        try:
            found = find_scenario(above, last.path.parent)
        except RequestError as error:
            raise RequestError(f"{last.where}: extends: {error}") from None
        if any(found.path.resolve() == step.path.resolve() for step, _ in chain):
            raise RequestError(f"{last.where}: extends: {above} leads back to itself")
        chain.append((found, read_mapping(found.path, found.where)))
        if sum(not step.preset for step, _ in chain) > MOST_SCENARIOS:
            raise RequestError(
                f"{last.where}: extends: found {above}, a third scenario in a row; allowed: "
                f"a preset ({', '.join(preset_names())}), or one scenario that extends a preset"
            )
    return chain


def _layer(economy: Economy, source: Source, content: dict[str, Any], shocks: Any) -> Economy:
    """An economy changed by what one file says; `shocks` is its list, or the one that it finds."""
    problems, changes = Problems(), Changes()
    _check_keys(content, source.where, problems)
    read_parts(content, changes, source.path.parent, source.where, problems)
    if content.get("phases") is not None:
        changes.parameters = read_phases(content["phases"], source.where, problems) | changes.parameters
    snapshot = _start(content.get("start"), source, problems)
    if snapshot is not None:
        changes.parameters = {**snapshot.parameters, **changes.parameters}
        economy = replace(economy, start=snapshot.start)
    title = _texts(content, source.where, problems)
    changed = replace(changes.applied(economy, source.where, problems), name=source.name, title=title or source.name)
    if content.get("days") is not None:
        try:
            changed = replace(changed, days=_days(content["days"]))
        except UnfitError as error:
            problems.add(source.where, "days", error)
    if "proposals" in content:
        changed = replace(changed, proposals=read_proposals(content["proposals"], changed, source.where, problems))
    severity = _severity(content.get("severity"), shocks, source.where, problems)
    if "shocks" in content or severity:
        changed = replace(changed, shocks=read_shocks(shocks, changed, source.where, problems, severity))
    if "attacks" in content:
        found = read_attacks(content["attacks"], changed, source.where, problems)
        for index, attack in enumerate(found):
            if why := changed.hopeless(attack):
                problems.add(source.where, f"attacks[{index}]", f"{attack.kind} cannot be made: {why}")
        if not problems.sentences:
            changed = replace(changed, attacks=found)
    problems.raise_any()
    return changed


def _severity(found: Any, shocks: Any, where: str, problems: Problems) -> str | None:
    """The severity of the shocks that do not say theirs, if the file has one."""
    if found is None:
        return None
    if not shocks:
        problems.add(where, "severity", UnfitError(show(found), "no severity where there are no shocks"))
        return None
    try:
        return read_severity(found)
    except UnfitError as error:
        problems.add(where, "severity", error)
        return None


def _start(found: Any, source: Source, problems: Problems) -> Snapshot | None:
    """The snapshot that a file starts from, if it has one."""
    if found is None:
        return None
    try:
        return load_snapshot(source.path.parent / Path(validate.text(found)).expanduser())
    except UnfitError as error:
        problems.add(source.where, "start", error)
    except RequestError as error:
        for sentence in error.problems:
            problems.add(source.where, "start", sentence)
    return None


def _days(found: Any) -> int:
    return validate.whole(found, 1, MOST_DAYS, "days")


def _check_keys(content: dict[str, Any], where: str, problems: Problems) -> None:
    for key in content:
        if key not in KEYS:
            hint = " (an experiment? quiver-sim sweep)" if key in ("controls", "kpis") else ""
            problems.add(where, key, unknown(key, "key of a scenario", KEYS) + hint)


def _texts(content: dict[str, Any], where: str, problems: Problems) -> str:
    for key in TEXT:
        if content.get(key) is not None:
            try:
                validate.text(content[key])
            except UnfitError as error:
                problems.add(where, key, error)
    title = content.get("title")
    return title.strip() if isinstance(title, str) else ""
