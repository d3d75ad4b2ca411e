"""A day: its blocks in order, mechanisms, processes given from outside, shocks, and the phases of a launch."""

from __future__ import annotations

from collections.abc import Iterable

from docs.markdown import code, page, table
from experiments.engines.wiring import DAY, MECHANISMS, Substep, blocks
from experiments.words import exact
from model.economy import EXOGENOUS, Economy, ScriptedProposal
from model.launch import CONNECTED, PHASES, SERVED, STAKED
from model.parameters import REGISTRY
from model.shocks import KINDS, SEVERITIES, SPANS, ShockKind
from policies import BLOCKS

FILE = "blocks.md"


def text() -> str:
    """The page."""
    return page("A day, block by block", _parts())


FROM = {
    STAKED: "the first day with a stake",
    SERVED: "the first day with stakes and payments",
    CONNECTED: "the first day of integration after such a day",
}
"""Days that follow from several parameters, in words."""


def _parts() -> Iterable[str]:
    yield "The order of a day with every mechanism on and a proposal scripted. A mechanism that is off has no block."
    day = blocks(Economy(proposals=(ScriptedProposal(0, "fees.burn_share", 0.5, "economic"),)))
    heads = ["", "Block", "What it does", "Why here", "Policy", "Flows", "Figures", "Mechanism"]
    yield table(heads, [_block(place, block) for place, block in enumerate(day, start=1)])
    yield "## Mechanisms"
    yield "A scenario can switch each of these off."
    yield table(["Mechanism", "What it is"], [[code(name), doc] for name, doc in MECHANISMS.items()])
    yield "## Given from outside"
    yield "A constant or a daily path can take the place of these processes."
    yield table(["Process", "Unit"], [[code(name), unit] for name, unit in EXOGENOUS.items()])
    yield "## Shocks"
    yield (
        "What a scenario can have happen: an item of its `shocks` has `day`, `kind` and `size`, and `days` if the kind "
        "lasts; where days share the size evenly, `days` is one unless it is said. In place of `size` it can have a "
        "`severity`, mild, adverse or severe, or, where the size is a share, a `share`; the scenario's own `severity` "
        "grades all that say neither. Bounds are inclusive."
    )
    heads = ["Kind", "Size", "Bounds", "Lasts", "Mild", "Adverse", "Severe", "Meaning", "Source of the grades"]
    yield table(heads, [_shock(name, kind) for name, kind in KINDS.items()])
    yield (
        "Shocks compose. On one day, changes and factors of one kind multiply; parts are taken one after the other "
        "(a half and a half leave a quarter); of two outages or two strikes the larger counts, for they are of the "
        "same feeds and validators. Faults of feeds multiply in each feed that both reach."
    )

    yield "## Launch"
    yield (
        "The six phases of the migration plan. By default all begin on day 0; a scenario's `phases` is "
        "`launch_12_weeks` (the days of the plan), `all_on`, or days of some of them, `{staking: 14, payments: 28}`, "
        "and each day is a parameter. Until its day a block rests: its flows are zero and its figures keep the values "
        "of genesis, but for those that only watch, which go on."
    )
    yield table(["Phase", "Weeks of the plan", "First day", "Day of the plan", "What begins"], map(_phase, PHASES))
    yield "Stakes are placed at the end of a day, so the first day with a stake is the one after staking begins."
    yield table(["Block", "Phase", "From", "Why", "Goes on"], map(_part, DAY))


def _block(place: int, block: Substep) -> list[str]:
    policy = f"`{block.policy.__module__}.{block.policy.__name__}`" if block.policy else "none"
    live = [name for name in block.figures if name in REGISTRY]
    figures = [code(name) for name in block.figures if name not in REGISTRY]
    figures += [f"{len(live)} live parameters"] if live else []
    flows = ", ".join(code(name) for name in block.flows)
    what = [block.block.doc, DAY[block.name], policy, flows, ", ".join(figures), block.mechanism]
    return [str(place), block.name, *what]


def _shock(name: str, kind: ShockKind) -> list[str]:
    bounds = f"{exact(kind.low)} to {exact(kind.high)}"
    unit = f"{kind.unit}, and `share` of {kind.among}" if kind.among else kind.unit
    grades = [_grade(kind, severity) for severity in SEVERITIES]
    return [code(name), unit, bounds, SPANS[kind.span], *grades, kind.doc, kind.grades.source]


def _grade(kind: ShockKind, severity: str) -> str:
    size, share = kind.grades.of(severity)
    return f"{exact(size)}, share {exact(share)}" if kind.among else exact(size)


def _phase(name: str) -> list[str]:
    phase = PHASES[name]
    return [name, phase.weeks, code(phase.since) if phase.since else "day 0", str(phase.day), phase.doc]


def _part(name: str) -> list[str]:
    block = BLOCKS[name]
    first = FROM.get(block.first_day, code(block.first_day) if block.first_day else "day 0")
    return [name, block.phase, first, block.why, ", ".join(map(code, block.goes_on))]
