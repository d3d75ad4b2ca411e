"""Reference pages written from the declarations: `python -m docs.generate` writes them beside this file.

`pages()` gives every page's text by file name; a test compares them with the files, so that none can go stale.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from docs import attacks
from docs.declared import target_map
from docs.markdown import code as _code
from docs.markdown import number as _number
from docs.markdown import page as _page
from docs.markdown import table as _table
from docs.markdown import value as _value
from experiments.engines.wiring import DAY, Substep, blocks
from experiments.inputs.shipped import about
from experiments.inputs.snapshot.layout import SCHEMA
from experiments.proposals.schema import SCHEMA as PROPOSAL
from experiments.validation import controller_maps, governance_effect, scenario_effects, stylised_facts
from experiments.validation.expectations import DOWN, ITSELF, NOTHING, SAME, SIMULATIONS, STRESS, UP, Expectation
from experiments.validation.readiness import checklist
from experiments.validation.scenario_effects import ScenarioEffect, compared_with, stress_effects
from model.economy import EXOGENOUS, Economy, ScriptedProposal
from model.flows import LEDGER
from model.launch import CONNECTED, PHASES, SERVED, STAKED
from model.metrics import METRICS, SPEC_NAMES
from model.parameters import REGISTRY, Parameters
from model.parameters.fees import Fees
from model.parameters.interests import GROUPS, INTERESTS, Interest
from model.registry import Parameter
from model.shocks import KINDS, SEVERITIES, SPANS, ShockKind
from policies import BLOCKS, MECHANISMS
from state_updates import VARIABLES

FOLDER = Path(__file__).resolve().parent
CONTRACTS = tuple(Parameters.model_fields)

SECURITY: dict[str, tuple[str, ...]] = {
    "Gradual stake unlock periods": (
        "staking.unbonding_days",
        "staking.unbonding_shape",
        "staking.lockup_premium",
    ),
    "Maximum slash percentages": (
        "slashing.tier_cap",
        "slashing.band_low",
        "slashing.band_high",
        "slashing.cooldown_days",
        "validation.slash_share",
    ),
    "Appeal mechanism": (
        "challenges.appeal_days",
        "challenges.appeal_bond_quiv",
        "challenges.appeal_panel",
        "challenges.quorum",
    ),
    "Insurance fund": (
        "fees.insurance_share",
        "insurance.initial_quiv",
        "insurance.claimed_share",
        "insurance.accidents_per_year",
        "insurance.accident_quiv",
        "slashing.burn_share",
        "slashing.challenger_share",
    ),
}
"""The parameters that govern each item of SPEC, Staking Security."""

SPEC_STATE: dict[str, tuple[tuple[str, ...], str]] = {
    "ProviderRegistry.SlashingHistory": (
        ("provider_slashes", "provider_slashed_nquiv", "provider_last_slash"),
        "number, sum and last day for each provider, not every event",
    ),
    "StakeInfo.Amount": (("provider_stake_nquiv",), ""),
    "StakeInfo.Tier": (("provider_stake_nquiv",), "read off the stake by staking.tier_minimum_quiv"),
    "StakeInfo.StakedAt": (("provider_staked_day",), ""),
    "StakeInfo.LastSlash": (("provider_last_slash",), ""),
    "StakeInfo.ReputationScore": (
        ("provider_success", "provider_penalty", "provider_activity"),
        "weighed by reputation.weights",
    ),
    "Validator.Address": ((), "the place in every array of validators"),
    "Validator.StakedAmount": (("validator_stake_nquiv",), ""),
    "Validator.ValidationsCount": (("validator_tasks",), "of the day, on average"),
    "Validator.AccuracyScore": (("validator_accuracy",), ""),
    "Validator.Active": (("validator_active",), ""),
    "ValidationTask.InferenceID": (("validation_tasks",), "canaries are counted, not told apart"),
    "ValidationTask.ProviderID": (("canary_failed",), "by provider, whether one failed today"),
    "ValidationTask.ModelHash": ((), "no single job is modelled"),
    "ValidationTask.InputHash": ((), "no single job is modelled"),
    "ValidationTask.OutputHash": ((), "no single job is modelled"),
    "ValidationTask.ValidatorReward": (("validator_income_nquiv",), "fees; rewards of stake come beside"),
    "Challenge.ChallengerAddress": (("case_challenger", "case_cause"), "a consumer or a holder by number"),
    "Challenge.InferenceID": ((), "a case is about a day's work"),
    "Challenge.StakeAmount": (("case_bond_nquiv", "case_appeal_nquiv"), ""),
    "Challenge.Evidence": (("case_bad", "case_severe"), "what a panel that looks would find"),
    "Challenge.Status": (("case_status", "case_day"), ""),
    "Challenge.Resolution": (("case_guilty",), "of the first panel"),
    "Resolution.ValidatorVotes": (("votes_sold",), "votes are drawn as a verdict, not one by one"),
    "Resolution.Outcome": (("cases_closed",), "so far, by outcome"),
    "Resolution.SlashAmount": (("case_share", "verdict_share"), "as a share of the stake"),
    "Resolution.RewardAmount": ((), "a flow: challenge_reward_consumer or challenge_reward_watcher"),
}
"""The state variables that carry each field of the spec's structures of staking and quality, and a remark."""


def pages() -> dict[str, str]:
    """Every reference page by file name."""
    return {
        "parameters.md": _page("Parameters", _parameters()),
        "parameters.schema.json": json.dumps(Parameters.model_json_schema(), indent=1, ensure_ascii=False) + "\n",
        "snapshot.schema.json": json.dumps(SCHEMA, indent=1, ensure_ascii=False) + "\n",
        "proposal.schema.json": json.dumps(PROPOSAL, indent=1, ensure_ascii=False) + "\n",
        "metrics.md": _page("Metrics", _metrics()),
        "flows.md": _page("Accounts and flows", _flows()),
        "state.md": _page("State variables", _state()),
        "attacks.md": attacks.page(),
        "facts.md": _facts_page(),
        "controllers.md": _controllers_page(),
        "interests.md": _page("Interests", _interests()),
        "governance.md": _governance_page(),
        "stress.md": _stress_page(),
        "readiness.md": _readiness_page(),
        "blocks.md": _page("A day, block by block", _blocks()),
        target_map.FILE: target_map.text(),
    }


def write(folder: Path = FOLDER) -> None:
    """Write every page into a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


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
    yield "## SPEC, Staking Security by name"
    rows = [[item, ", ".join(_code(REGISTRY[name].name) for name in names)] for item, names in SECURITY.items()]
    yield _table(["Item of the spec", "Parameters that govern it"], rows)


def _parameter(entry: Parameter) -> list[str]:
    default = _code(entry.default) if entry.kind == "choice" else _value(entry.default)
    return [_code(entry.name), default, entry.unit, _range(entry), entry.doc, entry.source, _governed(entry)]


def _metrics() -> Iterable[str]:
    yield "What is recorded of each day, at its end, in every trajectory."
    rows = [[_code(m.name), m.label, m.unit, m.doc] for m in METRICS.values()]
    yield _table(["Metric", "Label", "Unit", "Meaning"], rows)
    yield "## By the spec's names"
    yield (
        "The spec's maps by provider and by consumer are told by their distribution. All consumers of a day share one "
        "experience, so they differ in what they tolerate and how much of them is left, not in their satisfaction."
    )
    named = [
        [
            _code(field),
            ", ".join(_code(name) for name in metrics),
            ", ".join(dict.fromkeys(METRICS[m].unit for m in metrics)),
        ]
        for field, metrics in sorted(SPEC_NAMES.items())
    ]
    yield _table(["Field of the spec", "Metrics", "Units"], named)


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
        f"The default economy, {stylised_facts.RUNS} runs of {stylised_facts.DAYS:,} days, seed "
        f"{stylised_facts.SEED}, against bands measured on "
        "public data. Nothing here is given as a series: prices come out of trades, holdings out of vesting, work and "
        "staking. A band counts as met if the median run is inside; one that is not is a finding, not an error."
    )
    heads = ["Fact", "Band", "Median run", "Nine runs in ten", "Runs inside", "Met", "Measured on"]
    found = stylised_facts.findings()
    yield _table(heads, [_finding(item) for item in found])
    missed = [f"- **{item.fact.name}**: {item.fact.why}." for item in found if not item.met and item.fact.why]
    if missed:
        yield "Why not:"
        yield "\n".join(missed)


def _finding(item: stylised_facts.FactReading) -> list[str]:
    band = f"{_number(item.fact.low)} to {_number(item.fact.high)}"
    spread = f"{item.low:.2g} to {item.high:.2g}"
    met = "yes" if item.met else "no"
    return [item.fact.name, band, f"{item.median:.2g}", spread, f"{item.inside} of {item.runs}", met, item.fact.source]


MOVED = {
    "payments": "a year's payments for inference",
    "scaled_payments": "a year's payments times the fee multiplier, while the limit on the take does not bind",
    "bound_payments": "a year's payments, while the limit on the take binds",
    "network_fee": "a year's network fee as it is taken",
    "clamped_fee": "a year's network fee, while the multiplier is at its upper clamp and the limit does not bind",
    "emission": "a year's emission",
    "staking_rewards": "a year's staking rewards",
    "one": "itself",
}
"""What each base of an interest is, in words."""

OF_GROUP = {
    "work": "providers by their work",
    "stake": "providers by their own stake",
    "delegation": "holders by what they delegate",
    "spending": "consumers by what they pay",
    "contribution": "ecosystem holders by grants and operations' pay",
    "tokens": "all by the tokens they own",
}


def _interests() -> Iterable[str]:
    yield (
        f"Why agents propose and vote: the {len(INTERESTS)} governed parameters by which somebody gains or loses at "
        "first hand. A change moves its size (where it counts as relative, its size over the live value) times what is "
        "moved in a year, and of that each group gains the part in its column; within a group each agent has its own "
        "part. All is at today's flows, without what others will do about it; an agent's gain is the sum over groups, "
        "times `governance.horizon_years`. A governed parameter that is not here is proposed by scripts alone. The "
        "parts are assumptions (`model/parameters/interests.py`)."
    )
    yield "The groups: " + "; ".join(f"{group}, {who}" for group, who in OF_GROUP.items()) + "."
    heads = ["Parameter", "Type", "Default", "Moves", "Change", *(group.capitalize() for group in GROUPS)]
    yield _table(heads, [_interest(name, interest) for name, interest in INTERESTS.items()])


def _interest(name: str, interest: Interest) -> list[str]:
    entry = REGISTRY[name]
    parts = [
        f"{interest.gains[group]:+g}".replace("-", "\N{MINUS SIGN}") if group in interest.gains else ""
        for group in GROUPS
    ]
    way = "relative" if interest.relative else "absolute"
    return [_code(name), entry.governed, _value(entry.default), MOVED[interest.base], way, *parts]


@cache
def _controllers_page() -> str:
    """The maps need runs of the controllers: made once a process."""
    return _page("Where the fee's controllers settle", _controllers())


def _controllers() -> Iterable[str]:
    fees = Fees()
    clamps = f"{_number(fees.multiplier_low)} and {_number(fees.multiplier_high)}"
    yield (
        "The controllers of the network fee (`fees.controller`), driven as they are wired "
        f"(`experiments/validation/controller_maps.py`) "
        "against demand that answers the fee at once: congestion is a constant times the multiplier to the power of "
        f"minus the elasticity. {controller_maps.STARTS} random starts a cell: multipliers between the clamps "
        f"({clamps}), "
        "congestion up to *e* times off the zone of rest, half above it and half below; the same draws in every cell. "
        f"Whoever still moves after {controller_maps.DAYS:,} days does not settle. Delay is "
        f"`fees.controller_delay_days`."
    )
    yield (
        "This is the controller alone. In the economy consumers pay the quote whatever the network takes of it, so the "
        "fee reaches demand only by detours (providers' income and entry, the burn and the token's price). Default "
        "runs are therefore like the rows of low elasticity: they mostly stand at a clamp."
    )
    yield (
        "A cell is the share of starts that never settle, and the factor by which the multiplier then swings (median). "
        "The last column is the share that ends at a clamp without delay: demand that no fee between the clamps brings "
        "into the zone, or to the target."
    )
    for controller, (title, text) in _CONTROLLERS.items():
        yield f"## {title}"
        yield text
        yield _stability_table(controller_maps.controller_map(controller))
    yield "## The dead zone"
    zone = f"{_number(fees.congestion_low)} and {_number(fees.congestion_high)}"
    yield (
        f"Between congestion of {zone} the spec's controller rests wherever it is, so the fee depends on where it came "
        "from. In the logarithm of the fee the zone is ln(8/3) over the elasticity wide: at an elasticity of one half, "
        "fees that differ by a factor of seven are all at rest. A step up of 10 % can leap over it only beyond an "
        "elasticity of 10.3, a step down of 5 % beyond 19.1."
    )
    rows = []
    for elasticity in controller_maps.ELASTICITIES:
        width = controller_maps.zone_width(fees, elasticity)
        ups, downs = width / math.log1p(fees.step_up), width / -math.log1p(-fees.step_down)
        rows.append([_number(elasticity), f"{width:.3f}", f"{math.exp(width):.2f}", f"{ups:.1f}", f"{downs:.1f}"])
    yield _table(["Elasticity", "Log width", "Highest fee over lowest", "Steps up across", "Steps down across"], rows)
    yield "## What a delay costs"
    yield (
        "On paper. Before the spec's controller sees that it has crossed, it takes as many more steps as the delay has "
        "days. While those and the one that crosses are no wider than the zone it always settles; where the delay's "
        "steps alone are wider it never does. Without delay it always settles, for steps up and down have no common "
        "multiple. EIP-1559 converges from nearby while step times elasticity is below 2, and with a delay of *d* days "
        "below 2 cos(π d / (2 d + 1)) (Levin and May 1976)."
    )
    bounds = [[_number(delay), *_bounds(fees, delay)] for delay in controller_maps.DELAYS]
    yield _table(["Delay, days", "spec settles up to", "spec never settles from", "eip1559 converges below"], bounds)
    yield "## Drift under noise"
    yield (
        "Where congestion is log-normal whatever the fee, the spec's multiplier has no rest: percent a day by which it "
        "moves on average, before the clamps, by median and log standard deviation of congestion. In "
        "the middle of the zone (0.49, equally far from both ends) it drifts upward, for a step up is nearly twice a "
        "step down; from 1 to the upper clamp of 4 are 139 %."
    )
    drifts = [
        [_number(median), *(f"{100 * controller_maps.drift(median, sigma, fees):+.2f}" for sigma in SIGMAS)]
        for median in MEDIANS
    ]
    yield _table(["Median congestion", *(f"Spread {_number(sigma)}" for sigma in SIGMAS)], drifts)


MEDIANS, SIGMAS = (0.2, 0.3, 0.4, 0.49, 0.6, 0.8, 1.0), (0.1, 0.25, 0.5, 1.0)
_CONTROLLERS = {
    "spec": (
        "spec: by factors",
        "The default: times 1.1 above the zone, times 0.95 below it. Without delay it settles at every elasticity. "
        "With a delay it settles where demand hardly answers, and cycles for ever where it answers much.",
    ),
    "points": (
        "points: by points of a payment",
        "The same rule read as 10 and 5 points of a payment, which at a network share of 15 % are 0.67 and 0.33 of the "
        "multiplier: steps so coarse that it leaps over the zone from an elasticity of 2 on without any delay, and "
        "from 5 days of delay on swings between the clamps.",
    ),
    "eip1559": (
        "eip1559: to a target",
        "A step in proportion to the distance from the target. One point of rest and no zone; it settles without delay "
        "below an elasticity of 16, but bears less delay than the spec's: it never stops correcting.",
    ),
}


def _stability_table(outcomes: Sequence[controller_maps.MapPoint]) -> str:
    found = {(outcome.elasticity, outcome.delay): outcome for outcome in scenario_effects}
    rows = []
    for elasticity in controller_maps.ELASTICITIES:
        cells = [_fate(found[elasticity, delay]) for delay in controller_maps.DELAYS]
        rows.append([_number(elasticity), *cells, f"{100 * found[elasticity, 0].clamped:.0f} %"])
    delays = [
        f"{delay} {'day' if delay == 1 else 'days'} late" if delay else "Seen at once"
        for delay in controller_maps.DELAYS
    ]
    return _table(["Elasticity", *delays, "At a clamp"], rows)


def _fate(outcome: controller_maps.MapPoint) -> str:
    return f"{100 * outcome.moving:.0f} %, factor {outcome.swing:.2g}" if outcome.moving > 0.0 else "0"


def _bounds(fees: Fees, delay: int) -> list[str]:
    surely, never = controller_maps.always_settles_to(fees, delay), controller_maps.never_settles_from(fees, delay)
    spec = [f"{surely:.2f}", f"{never:.2f}"] if delay else ["every", "none"]
    return [*spec, f"{controller_maps.most_elastic(fees, delay):.2f}"]


@cache
def _governance_page() -> str:
    """The same for the runs without governance."""
    return _page("What those who govern make of the economy", _frozen())


def _frozen() -> Iterable[str]:
    yield (
        f"The default economy, {stylised_facts.RUNS} runs of {stylised_facts.DAYS:,} days, seed "
        f"{stylised_facts.SEED}, on the last day: with "
        "agents who propose and vote for what pays them, and with parameters that stand as they are. Both economies of "
        "a pair meet the same shocks, so a difference is what governance did. Intervals are Student's, at 95 %; the "
        "experiment `governance_frozen` runs more."
    )
    heads = ["Metric", "Unit", "Governed", "Frozen", "Mean difference", "95 % interval", "Relative", "Runs higher"]
    yield _table(heads, [_paired(item) for item in governance_effect.default_differences()])


def _paired(item: governance_effect.Difference) -> list[str]:
    metric = METRICS[item.metric]
    low, high = (f"{_figure(end)}" for end in item.interval)
    relative = f"{100.0 * item.mean / item.frozen:+.1f} %"
    figures = [_figure(item.governed), _figure(item.frozen), _figure(item.mean), f"{low} to {high}", relative]
    return [metric.label, metric.unit, *figures, f"{item.higher} of {item.runs}"]


def _figure(value: float) -> str:
    """Three digits that count, large numbers in millions."""
    return f"{value / 1e6:.3g} M" if abs(value) >= 1e6 else f"{value:.3g}"


@cache
def _stress_page() -> str:
    """The same for stress tests and economic simulations."""
    return _page("Stress tests and economic simulations", _stress())


def _stress() -> Iterable[str]:
    found = stress_effects()
    met = sum(outcome.met for outcome in found)
    yield (
        "The items of SPEC, Testing Strategy, as scenarios that ship, each with what is expected of it "
        "(`experiments/validation/expectations.py`) and what it does. Both sides of a row meet the same shocks, seed "
        f"{scenario_effects.SEED}; the difference is the mean over the runs, with Student's interval at 95 %. A "
        f"row is met if "
        f"the whole interval is on the expected side or within the expected range: {met} of {len(found)} are. Runs are "
        "few and short, enough for a sign and not for a forecast. Every other scenario that ships has such a row too, "
        "which a test measures."
    )
    for part, items in (("Stress tests", STRESS), ("Economic simulations", SIMULATIONS)):
        yield f"## {part}"
        heads = ["Item", "Scenario", "Against", "Metric", "Expected", "Measured", "95 % interval", "Runs, days", "Met"]
        rows = [outcome for item in items for outcome in found if outcome.expectation.spec == item]
        yield _table([*heads, "Why"], [_stressed(outcome) for outcome in rows])
    yield "## Figures"
    yield (
        "Mean over the runs by day, the scenario as the first line and what it is compared with as the second. The "
        "same figure with bands, of as many runs as wanted: `quiver-sim run SCENARIO --runs 40 --out results`, then "
        "`quiver-sim publish` of the folder that it names."
    )
    for item in (*STRESS, *SIMULATIONS):
        first = next(outcome for outcome in found if outcome.expectation.spec == item)
        described = about(first.expectation.scenario)
        yield f"### {item}: `{described.name}`"
        yield f"{described.title}. {described.description}"
        yield _chart(first)


def _stressed(outcome: ScenarioEffect) -> list[str]:
    row = outcome.expectation
    scale = 100.0 if row.relative else 1.0
    mean, low, high = (f"{_signed(scale * value)}" for value in (outcome.mean, outcome.low, outcome.high))
    unit = "%" if row.relative else METRICS[row.metric].unit if row.aggregation in ("last", "mean", "max") else ""
    metric = f"{_code(row.metric)}, {row.aggregation}"
    return [
        row.spec,
        _code(row.scenario),
        _against(row),
        metric,
        _expected(row),
        f"{mean} {unit}".strip(),
        f"{low} to {high}",
        f"{row.runs}, {row.days}",
        "yes" if outcome.met else "**no**",
        row.reason,
    ]


def _against(row: Expectation) -> str:
    changed = ", ".join(_code(f"{key}: {value}") for key, value in row.changes.items())
    name = {ITSELF: "itself", NOTHING: "nothing: the figure itself"}.get(row.against, _code(compared_with(row)))
    return f"{name} with {changed}" if changed else name


def _expected(row: Expectation) -> str:
    alone = row.against == NOTHING
    words = {UP: ("higher", "above zero"), DOWN: ("lower", "below zero"), SAME: ("the same", "zero")}
    if row.expected in words:
        return words[row.expected][alone]
    low, high = ((_signed(100.0 * end) + " %" if row.relative else _signed(end)) for end in row.expected)
    return low if low == high else f"{low} to {high}"


def _signed(value: float) -> str:
    """A difference to three digits that count or, of thousands, in whole numbers."""
    sign = "+" if value > 0.0 else "\N{MINUS SIGN}" if value < 0.0 else ""
    size = abs(value)
    return sign + (f"{size:,.0f}" if 1e3 <= size < 1e6 else _figure(size))


def _chart(outcome: ScenarioEffect) -> str:
    """A line chart that Markdown renders: some twenty points of each side."""
    row = outcome.expectation
    metric = METRICS[row.figure or row.metric]
    step = max(len(outcome.drawn) // 20, 1)
    sides = [outcome.drawn] if row.against == NOTHING else [outcome.drawn, outcome.drawn_against]
    lines = [f"    line [{', '.join(f'{value:.4g}' for value in side[::step])}]" for side in sides]
    axes = [f'    x-axis "day" 0 --> {row.days}', f'    y-axis "{metric.unit}"']
    return "\n".join(["```mermaid", "xychart-beta", f'    title "{metric.label}"', *axes, *lines, "```"])


@cache
def _readiness_page() -> str:
    """The same for the checklist."""
    return _page("Readiness", _readiness())


def _readiness() -> Iterable[str]:
    yield (
        "SPEC, Deployment Checklist, line by line: what a simulation can say, by what, and what came of it "
        "(`quiver-sim readiness`). *Supported*: what was asked of the model holds. *Open*: something stands against "
        "it, which is named. *Cannot judge*: it is about contracts, networks or people; what is beside it may help "
        "whoever judges. No line is ticked here."
    )
    rows = []
    for line in checklist():
        rows.append([line.item, f"**{line.verdict}**", line.says, "", ""])
        rows += [["", "", "", _code(support.source), support.outcome] for support in line.support]
    yield _table(["Line", "Verdict", "What a simulation can say", "Supported by", "Outcome"], rows)


def _state() -> Iterable[str]:
    yield (
        "Every state variable. A shape is that of one trajectory; an ensemble has its trajectories in front, except in "
        "the two counters `day` and `audited_substeps`. Whole variables are 64-bit integers, the others 64-bit floats."
    )
    kinds = {int: "whole", float: "float"}
    rows = [
        [_code(v.name), f"({', '.join(v.axes.split())})", v.unit, kinds[v.dtype], v.contract, v.doc]
        for v in VARIABLES.values()
    ]
    yield _table(["Variable", "Shape", "Unit", "Type", "Contract", "Meaning"], rows)
    yield "## By the spec's names"
    yield "Where fields of the spec's structures of staking and quality are kept; what is recorded is in metrics.md."
    named = [
        [_code(field), ", ".join(_code(VARIABLES[name].name) for name in names), remark]
        for field, (names, remark) in SPEC_STATE.items()
    ]
    yield _table(["Field of the spec", "Variables", "Remark"], named)


def _blocks() -> Iterable[str]:
    yield "The order of a day with every mechanism on and a proposal scripted. A mechanism that is off has no block."
    day = blocks(Economy(proposals=(ScriptedProposal(0, "fees.burn_share", 0.5, "economic"),)))
    heads = ["", "Block", "What it does", "Why here", "Policy", "Flows", "Figures", "Mechanism"]
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
        "lasts; where days share the size evenly, `days` is one unless it is said. In place of `size` it can have a "
        "`severity`, mild, adverse or severe, or, where the size is a share, a `share`; the scenario's own `severity` "
        "grades all that say neither. Bounds are inclusive."
    )
    heads = ["Kind", "Size", "Bounds", "Lasts", "Mild", "Adverse", "Severe", "Meaning", "Source of the grades"]
    yield _table(heads, [_shock(name, kind) for name, kind in KINDS.items()])
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
    yield _table(["Phase", "Weeks of the plan", "First day", "Day of the plan", "What begins"], map(_phase, PHASES))
    yield "Stakes are placed at the end of a day, so the first day with a stake is the one after staking begins."
    yield _table(["Block", "Phase", "From", "Why", "Goes on"], map(_part, DAY))


def _phase(name: str) -> list[str]:
    phase = PHASES[name]
    return [name, phase.weeks, _code(phase.since) if phase.since else "day 0", str(phase.day), phase.doc]


FROM = {
    STAKED: "the first day with a stake",
    SERVED: "the first day with stakes and payments",
    CONNECTED: "the first day of integration after such a day",
}
"""Days that follow from several parameters, in words."""


def _part(name: str) -> list[str]:
    block = BLOCKS[name]
    first = FROM.get(block.first_day, _code(block.first_day) if block.first_day else "day 0")
    return [name, block.phase, first, block.why, ", ".join(map(_code, block.goes_on))]


def _shock(name: str, kind: ShockKind) -> list[str]:
    bounds = f"{_number(kind.low)} to {_number(kind.high)}"
    unit = f"{kind.unit}, and `share` of {kind.among}" if kind.among else kind.unit
    grades = [_grade(kind, severity) for severity in SEVERITIES]
    return [_code(name), unit, bounds, SPANS[kind.span], *grades, kind.doc, kind.grades.source]


def _grade(kind: ShockKind, severity: str) -> str:
    size, share = kind.grades.of(severity)
    return f"{_number(size)}, share {_number(share)}" if kind.among else _number(size)


def _block(place: int, block: Substep) -> list[str]:
    policy = f"`{block.policy.__module__}.{block.policy.__name__}`" if block.policy else "none"
    live = [name for name in block.figures if name in REGISTRY]
    figures = [_code(name) for name in block.figures if name not in REGISTRY]
    figures += [f"{len(live)} live parameters"] if live else []
    flows = ", ".join(_code(name) for name in block.flows)
    what = [block.block.doc, DAY[block.name], policy, flows, ", ".join(figures), block.mechanism]
    return [str(place), block.name, *what]


if __name__ == "__main__":
    write()
