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

import os
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from experiments.errors import RequestError, UnfitError, nearest, show, unknown
from experiments.inputs.attacks import read_attacks
from experiments.inputs.changes import OVERRIDABLE, Changes, changed, check_whole, read_dotted, read_parts
from experiments.inputs.phases import read_phases
from experiments.inputs.proposals import read_proposals
from experiments.inputs.reader import Reader
from experiments.inputs.shipped import Source, find_scenario, preset_names, scenario_names
from experiments.inputs.shocks import read_severity, read_shocks
from experiments.inputs.snapshot import Snapshot, load_snapshot
from experiments.inputs.strict_yaml import read_mapping
from model.attacks import Attack
from model.economy import Economy

__all__ = ["load_scenario", "override", "preset_names", "scenario_names"]

TEXT = ("title", "description")
SECTIONS = ("population", "parameters", "mechanisms", "exogenous")
KEYS = (
    *("extends", *TEXT, "days", *SECTIONS, "noise", "go_literal"),
    *("phases", "proposals", "shocks", "severity", "attacks", "start"),
)

EXPERIMENTS = ("controls", "kpis")
"""Keys by which an experiment is known."""

MOST_COMPARED = 100
"""Keys of a file by which it is known or not."""

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
    asked = Reader("", days, "days")
    economy = replace(economy, days=_days(asked, economy))
    asked.problems.raise_any()
    if overrides:
        economy = override(economy, overrides, given_as)
    return _consistent(economy, Reader(chain[0][0].where))


def override(
    economy: Economy, overrides: Mapping[str, Any], where: str = "override", base: Path | None = None
) -> Economy:
    """The economy with single values replaced, checked as those of a file are; see `load_scenario`."""
    file, changes = Reader(where), Changes()
    for key, found in overrides.items():
        if not isinstance(key, str):
            file.note(unknown(key, "parameter", OVERRIDABLE, "a dotted name"), str(key))
        else:
            read_dotted(file.sub(key, found), changes, base or Path())
    return _consistent(changes.applied(economy, file), file)


def start_from(economy: Economy, snapshot: Snapshot, where: str) -> Economy:
    """The economy with a snapshot's balances, live parameters and sizes of the population in place of its own."""
    file, changes = Reader(where), Changes(dict(snapshot.parameters))
    return _consistent(changes.applied(replace(economy, start=snapshot.start), file), file)


def _consistent(economy: Economy, file: Reader) -> Economy:
    """The economy, if no problem is noted and its parts go together; otherwise a `RequestError`."""
    file.problems.raise_any()
    check_whole(economy, file)
    file.problems.raise_any()
    return economy


def _chain(source: Source) -> list[tuple[Source, dict[str, Any]]]:
    """The file and what it extends, the file first."""
    chain = [(source, _content(source))]
    while (above := chain[-1][1].get("extends")) is not None:
        last = chain[-1][0]
        if not isinstance(above, str):
            wrong = UnfitError(show(above), "the name or path of a preset or scenario")
            raise RequestError(f"{last.where}: extends: {wrong}")
        try:
            found = find_scenario(above, last.path.parent)
        except RequestError as error:
            raise RequestError(*(f"{last.where}: extends: {problem}" for problem in error.problems)) from None
        if any(os.path.realpath(found.path) == os.path.realpath(step.path) for step, _ in chain):
            raise RequestError(f"{last.where}: extends: {above} leads back to itself")
        chain.append((found, _content(found)))
        if sum(not step.preset for step, _ in chain) > MOST_SCENARIOS:
            raise RequestError(
                f"{last.where}: extends: found {above}, a third scenario in a row; allowed: "
                f"a preset ({', '.join(preset_names())}), or one scenario that extends a preset"
            )
    return chain


def _content(source: Source) -> dict[str, Any]:
    """The keys of a scenario file. One with none of a scenario's is not quoted: its content may be another's."""
    content = read_mapping(source.path, source.where)
    if not any(key in (*KEYS, *EXPERIMENTS) or nearest(key, KEYS) for key in islice(content, MOST_COMPARED)):
        raise RequestError(f"{source.where}: {UnfitError('no key of a scenario', ', '.join(KEYS))}")
    return content


def _layer(economy: Economy, source: Source, content: dict[str, Any], shocks: Any) -> Economy:
    """An economy changed by what one file says; `shocks` is its list, or the one that it finds."""
    file = Reader(source.where, content)
    file.only(KEYS, "a scenario", dict.fromkeys(EXPERIMENTS, " (an experiment? quiver-sim sweep)"))
    if "proposals" in content:
        economy = replace(economy, proposals=())
    if "attacks" in content:
        economy = replace(economy, attacks=())
    economy = _with_values(economy, file, source.path.parent)
    titles = [file.at(key).text() for key in TEXT]
    economy = replace(economy, name=source.name, title=titles[0] or source.name)
    economy = replace(economy, days=_days(file.at("days"), economy))
    if "proposals" in content:
        economy = changed(economy, file, proposals=read_proposals(file.at("proposals"), economy))
    severity = _severity(file.at("severity"), shocks)
    if "shocks" in content or severity:
        economy = replace(economy, shocks=read_shocks(file.sub("shocks", shocks), economy, severity))
    if "attacks" in content:
        economy = changed(economy, file, attacks=_attacks(file.at("attacks"), economy))
    file.problems.raise_any()
    return economy


def _with_values(economy: Economy, file: Reader, folder: Path) -> Economy:
    """An economy with a file's own values over the days of its phases, and those over what its snapshot has."""
    changes = Changes()
    read_parts(file, changes, folder)
    if file.found.get("phases") is not None:
        changes.parameters = read_phases(file.at("phases")) | changes.parameters
    start = file.at("start")
    snapshot = None if start.found is None else start.file(folder, load_snapshot)
    if snapshot is not None:
        changes.parameters = {**snapshot.parameters, **changes.parameters}
        economy = replace(economy, start=snapshot.start)
    return changes.applied(economy, file)


def _attacks(at: Reader, economy: Economy) -> tuple[Attack, ...]:
    """The attacks of a file that can be made in its economy; notes which cannot."""
    made = []
    for index, attack in enumerate(read_attacks(at, economy)):
        if why := economy.hopeless(attack):
            at.note(f"{attack.kind} cannot be made: {why}", f"[{index}]")
        else:
            made.append(attack)
    return tuple(made)


def _severity(at: Reader, shocks: Any) -> str | None:
    """The severity of the shocks that do not say theirs, if the file has one."""
    if at.found is not None and not shocks:
        at.note(UnfitError(show(at.found), "no severity where there are no shocks"))
        return None
    return at.value(read_severity, None)


def _days(at: Reader, economy: Economy) -> int:
    """The horizon that stands here, or else the economy's own."""
    return at.whole(1, MOST_DAYS, "days", economy.days)
