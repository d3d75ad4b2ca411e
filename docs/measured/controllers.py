"""Stability of the network fee's controllers: elasticity of demand against the delay of what they see."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from docs.markdown import page, table
from experiments.validation import controller_maps
from experiments.words import exact
from model.parameters.fees import Fees

FILE = "controllers.md"


def text() -> str:
    """The page."""
    return page("Where the fee's controllers settle", _parts())


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


def _parts() -> Iterable[str]:
    fees = Fees()
    clamps = f"{exact(fees.multiplier_low)} and {exact(fees.multiplier_high)}"
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
    zone = f"{exact(fees.congestion_low)} and {exact(fees.congestion_high)}"
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
        rows.append([exact(elasticity), f"{width:.3f}", f"{math.exp(width):.2f}", f"{ups:.1f}", f"{downs:.1f}"])
    yield table(["Elasticity", "Log width", "Highest fee over lowest", "Steps up across", "Steps down across"], rows)
    yield "## What a delay costs"
    yield (
        "On paper. Before the spec's controller sees that it has crossed, it takes as many more steps as the delay has "
        "days. While those and the one that crosses are no wider than the zone it always settles; where the delay's "
        "steps alone are wider it never does. Without delay it always settles, for steps up and down have no common "
        "multiple. EIP-1559 converges from nearby while step times elasticity is below 2, and with a delay of *d* days "
        "below 2 cos(π d / (2 d + 1)) (Levin and May 1976)."
    )
    bounds = [[exact(delay), *_bounds(fees, delay)] for delay in controller_maps.DELAYS]
    yield table(["Delay, days", "spec settles up to", "spec never settles from", "eip1559 converges below"], bounds)
    yield "## Drift under noise"
    yield (
        "Where congestion is log-normal whatever the fee, the spec's multiplier has no rest: percent a day by which it "
        "moves on average, before the clamps, by median and log standard deviation of congestion. In "
        "the middle of the zone (0.49, equally far from both ends) it drifts upward, for a step up is nearly twice a "
        "step down; from 1 to the upper clamp of 4 are 139 %."
    )
    drifts = [
        [exact(median), *(f"{100 * controller_maps.drift(median, sigma, fees):+.2f}" for sigma in SIGMAS)]
        for median in MEDIANS
    ]
    yield table(["Median congestion", *(f"Spread {exact(sigma)}" for sigma in SIGMAS)], drifts)


def _stability_table(outcomes: Sequence[controller_maps.MapPoint]) -> str:
    found = {(outcome.elasticity, outcome.delay): outcome for outcome in outcomes}
    rows = []
    for elasticity in controller_maps.ELASTICITIES:
        cells = [_fate(found[elasticity, delay]) for delay in controller_maps.DELAYS]
        rows.append([exact(elasticity), *cells, f"{100 * found[elasticity, 0].clamped:.0f} %"])
    delays = [
        f"{delay} {'day' if delay == 1 else 'days'} late" if delay else "Seen at once"
        for delay in controller_maps.DELAYS
    ]
    return table(["Elasticity", *delays, "At a clamp"], rows)


def _fate(outcome: controller_maps.MapPoint) -> str:
    return f"{100 * outcome.moving:.0f} %, factor {outcome.swing:.2g}" if outcome.moving > 0.0 else "0"


def _bounds(fees: Fees, delay: int) -> list[str]:
    surely, never = controller_maps.always_settles_to(fees, delay), controller_maps.never_settles_from(fees, delay)
    spec = [f"{surely:.2f}", f"{never:.2f}"] if delay else ["every", "none"]
    return [*spec, f"{controller_maps.most_elastic(fees, delay):.2f}"]
