"""Reference pages written from the declarations: `python -m docs.generate` writes them beside this file.

`pages()` gives every page's text by file name; a test compares them with the files, so that none can go stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from experiments import facts, frozen
from experiments.blocks import Block, blocks
from model.economy import EXOGENOUS, MECHANISMS, Economy, ScriptedProposal
from model.flows import LEDGER
from model.metrics import METRICS, SPEC_NAMES
from model.parameters import REGISTRY, Parameters
from model.registry import Parameter
from model.shocks import KINDS, Kind
from model.state import VARIABLES

FOLDER = Path(__file__).resolve().parent
NOTE = "<!-- Written by `python -m docs.generate` from the declarations: edit those, not this page. -->"
CONTRACTS = tuple(Parameters.model_fields)


def pages() -> dict[str, str]:
    """Every reference page by file name."""
    return {
        "parameters.md": _page("Parameters", _parameters()),
        "parameters.schema.json": json.dumps(Parameters.model_json_schema(), indent=1, ensure_ascii=False) + "\n",
        "metrics.md": _page("Metrics", _metrics()),
        "flows.md": _page("Accounts and flows", _flows()),
        "state.md": _page("State variables", _state()),
        "facts.md": _facts_page(),
        "governance.md": _governance_page(),
        "blocks.md": _page("A day, block by block", _blocks()),
    }


def write(folder: Path = FOLDER) -> None:
    """Write every page into a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def _page(title: str, parts: Iterable[str]) -> str:
    return "\n\n".join([f"# {title}", NOTE, *parts]) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _code(text: str) -> str:
    return f"`{text}`"


def _number(value: object) -> str:
    """A number as a reader writes it: 0.15, 200,000,000, 1e-18."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    whole = float(value).is_integer() and abs(value) < 1e12
    return f"{int(value):,}" if whole else f"{value:g}"


def _value(value: object) -> str:
    return ", ".join(_number(item) for item in value) if isinstance(value, tuple) else _number(value)


def _range(entry: Parameter) -> str:
    if entry.kind == "choice":
        return " or ".join(_code(choice) for choice in entry.choices)
    if entry.low is None or entry.high is None:
        return "`True` or `False`"
    return f"{_number(entry.low)} to {_number(entry.high)}"


def _governed(entry: Parameter) -> str:
    if entry.governed:
        return f"{entry.governed}: {_code(entry.target)}"
    return "fixed when the blocks are built" if entry.structural else ""


def _parameters() -> Iterable[str]:
    governed = sum(1 for entry in REGISTRY.values() if entry.governed)
    yield (
        f"{len(REGISTRY)} parameters, of which a proposal may change {governed}: for those the last column names the "
        "type of proposal and the place on chain. Bounds are inclusive and in the parameter's unit; for a list they "
        "bound each element."
    )
    heads = ["Parameter", "Default", "Unit", "Bounds", "Meaning", "Source", "Governance"]
    for contract in CONTRACTS:
        yield f"## {contract}"
        yield _table(heads, [_parameter(entry) for entry in REGISTRY.values() if entry.name.startswith(f"{contract}.")])


def _parameter(entry: Parameter) -> list[str]:
    default = _code(entry.default) if entry.kind == "choice" else _value(entry.default)
    return [_code(entry.name), default, entry.unit, _range(entry), entry.doc, entry.source, _governed(entry)]


def _metrics() -> Iterable[str]:
    yield "What is recorded of each day, at its end, in every trajectory."
    rows = [[_code(m.name), m.label, m.unit, m.doc] for m in METRICS.values()]
    yield _table(["Metric", "Label", "Unit", "Meaning"], rows)
    yield "## By the spec's names"
    named = [[_code(field), ", ".join(_code(name) for name in metrics)] for field, metrics in SPEC_NAMES.items()]
    yield _table(["Field of the spec", "Metrics"], named)


def _flows() -> Iterable[str]:
    yield (
        "Tokens exist only in accounts, in whole nano-QUIV, and move only by flows. After every substep minted less "
        "burned equals the sum of all accounts, and no account is negative."
    )
    yield "## Accounts"
    accounts = [
        [_code(a.name), a.own or "network", a.contract, "yes" if a.circulating else "no", a.doc]
        for a in LEDGER.accounts.values()
    ]
    yield _table(["Account", "One for each of", "Contract", "Circulates", "Meaning"], accounts)
    yield "## Flows"
    flows = [
        [_code(f.name), _end(f.source, "minted"), _end(f.target, "burned"), f.contract, f.doc, f.spec]
        for f in LEDGER.flows.values()
    ]
    yield _table(["Flow", "From", "To", "Contract", "Meaning", "Source"], flows)


def _end(account: str | None, otherwise: str) -> str:
    return _code(account) if account else f"*{otherwise}*"


@cache
def _facts_page() -> str:
    """The facts need runs: made once a process."""
    return _page("Default runs and real tokens", _facts())


def _facts() -> Iterable[str]:
    yield (
        f"The default economy, {facts.RUNS} runs of {facts.DAYS:,} days, seed {facts.SEED}, against bands measured on "
        "public data. Nothing here is given as a series: prices come out of trades, holdings out of vesting, work and "
        "staking. A band counts as met if the median run is inside; one that is not is a finding, not an error."
    )
    heads = ["Fact", "Band", "Median run", "Nine runs in ten", "Runs inside", "Met", "Measured on"]
    found = facts.findings()
    yield _table(heads, [_finding(item) for item in found])
    missed = [f"- **{item.fact.name}**: {item.fact.why}." for item in found if not item.met and item.fact.why]
    if missed:
        yield "Why not:"
        yield "\n".join(missed)


def _finding(item: facts.Finding) -> list[str]:
    band = f"{_number(item.fact.low)} to {_number(item.fact.high)}"
    spread = f"{item.low:.2g} to {item.high:.2g}"
    met = "yes" if item.met else "no"
    return [item.fact.name, band, f"{item.median:.2g}", spread, f"{item.inside} of {item.runs}", met, item.fact.source]


@cache
def _governance_page() -> str:
    """The same for the runs without governance."""
    return _page("What those who govern make of the economy", _frozen())


def _frozen() -> Iterable[str]:
    yield (
        f"The default economy, {facts.RUNS} runs of {facts.DAYS:,} days, seed {facts.SEED}, on the last day: with "
        "agents who propose and vote for what pays them, and with parameters that stand as they are. Both economies of "
        "a pair meet the same shocks, so a difference is what governance did. Intervals are Student's, at 95 %; the "
        "experiment `governance_frozen` runs more."
    )
    heads = ["Metric", "Unit", "Governed", "Frozen", "Mean difference", "95 % interval", "Relative", "Runs higher"]
    yield _table(heads, [_paired(item) for item in frozen.default_differences()])


def _paired(item: frozen.Difference) -> list[str]:
    metric = METRICS[item.metric]
    low, high = (f"{_figure(end)}" for end in item.interval)
    relative = f"{100.0 * item.mean / item.frozen:+.1f} %"
    figures = [_figure(item.governed), _figure(item.frozen), _figure(item.mean), f"{low} to {high}", relative]
    return [metric.label, metric.unit, *figures, f"{item.higher} of {item.runs}"]


def _figure(value: float) -> str:
    """Three digits that count, large numbers in millions."""
    return f"{value / 1e6:.3g} M" if abs(value) >= 1e6 else f"{value:.3g}"


def _state() -> Iterable[str]:
    yield (
        "Every state variable. A shape is that of one trajectory; an ensemble has its trajectories in front, except in "
        "the two counters `day` and `audited_substeps`. Whole variables are 64-bit integers, the others 64-bit floats."
    )
    rows = [
        [_code(v.name), f"({', '.join(v.own.split())})", v.unit, "whole" if v.whole else "float", v.contract, v.doc]
        for v in VARIABLES.values()
    ]
    yield _table(["Variable", "Shape", "Unit", "Type", "Contract", "Meaning"], rows)


def _blocks() -> Iterable[str]:
    yield "The order of a day with every mechanism on and a proposal scripted. A mechanism that is off has no block."
    day = blocks(Economy(proposals=(ScriptedProposal(0, "fees.burn_share", 0.5, "economic"),)))
    heads = ["", "Block", "What it does", "Policy", "Flows", "Figures", "Mechanism"]
    yield _table(heads, [_block(place, block) for place, block in enumerate(day, start=1)])
    yield "## Mechanisms"
    yield "A scenario can switch each of these off."
    yield _table(["Mechanism", "What it is"], [[_code(name), doc] for name, doc in MECHANISMS.items()])
    yield "## Given from outside"
    yield "A constant or a daily path can take the place of these processes."
    yield _table(["Process", "Unit"], [[_code(name), unit] for name, unit in EXOGENOUS.items()])
    yield "## Shocks"
    yield (
        "What a scenario can have happen: an item of its `shocks` has `day`, `kind` and `size`, and `days` if the kind "
        "lasts. Shocks of a kind that fall on one day multiply. Bounds are inclusive."
    )
    yield _table(["Kind", "Size", "Bounds", "Lasts", "Meaning"], [_shock(name, kind) for name, kind in KINDS.items()])


def _shock(name: str, kind: Kind) -> list[str]:
    bounds = f"{_number(kind.low)} to {_number(kind.high)}"
    return [_code(name), kind.unit, bounds, "for `days`" if kind.lasts else "one day", kind.doc]


def _block(place: int, block: Block) -> list[str]:
    policy = f"`{block.policy.__module__}.{block.policy.__name__}`" if block.policy else "none"
    live = [name for name in block.figures if name in REGISTRY]
    figures = [_code(name) for name in block.figures if name not in REGISTRY]
    figures += [f"{len(live)} live parameters"] if live else []
    flows = ", ".join(_code(name) for name in block.flows)
    return [str(place), block.name, block.doc, policy, flows, ", ".join(figures), block.mechanism]


if __name__ == "__main__":
    write()
