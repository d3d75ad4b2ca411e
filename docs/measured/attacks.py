"""Attacks: their kinds, cost, profit and damage of the shipped ones, and the arithmetic of wash trading."""

from __future__ import annotations

import math
from collections.abc import Iterable

from docs.markdown import code, page, table
from experiments.statistics import Estimate
from experiments.validation.attack_value import FRONTIERS, RUNS, shipped_frontiers
from experiments.words import exact, percent
from model.attacks import KINDS, AttackKind
from model.parameters import Parameters, flatten

FILE = "attacks.md"


def text() -> str:
    """The page."""
    return page("What attacks cost, bring and destroy", _parts())


def _parts() -> Iterable[str]:
    yield (
        "An attack is an item of a scenario's `attacks`: `kind` and `size`, and if wanted `day`, `days`, `first` and "
        "`count` (the agents of its crew), `outlay_usd` (what it costs outside the economy) and `stake_quiv` (what its "
        "providers own at genesis at least). Any scenario can have several."
    )
    heads = ["Kind", "Size", "Bounds", "Crew", "Victims", "What deters it", "Meaning"]
    yield table(heads, [_kind(name, kind) for name, kind in KINDS.items()])
    yield "## Frontiers"
    yield (
        f"Each shipped attack, {RUNS} pairs of runs, seed 1: the scenario with the attack, and the same crew doing "
        "nothing unusual on the same draws. In USD, means with 95 % intervals: *capital* is the most that the crew is "
        "out of pocket; *profit* what it has more in the end in cash and in tokens, sold in one auction; *loss* what "
        "its victims have less in cash and in tokens, at the price without the attack. What tokens that somebody has "
        "either way are worth more or less counts for neither. An attack by which the network takes more also lifts "
        "the token, so that victims sell what they earn for more: there the loss can be negative. The last "
        "column is the loss for each USD that the crew spends (griefing factor); "
        "`free` where it spends nothing. `quiver-sim attack NAME` measures it with more runs."
    )
    heads = ["Scenario", "Parameter", "Value", "Capital", "Profit", "Victims' loss", "Runs with profit", "Griefing"]
    yield table(heads, [row for name in FRONTIERS for row in _frontier(name)])
    yield "## The arithmetic of wash trading"
    yield (
        "A QUIV paid to oneself loses the network's take $\\tau$ and brings cashback $c$, discounts $d\\tau$ on the "
        "take, and a part of the day's work emission $R$. With $w$ paid for nothing, $P$ paid for work and $q$ the "
        "part of all work that the crew's provider does anyway, a day gains"
    )
    yield "$$ w\\,(c + d \\tau - \\tau) + (1 - q) \\frac{w R}{w + P}. $$"
    yield _wash()


def _wash() -> str:
    """The terms of that sum for the default economy at genesis."""
    values = flatten(Parameters())
    take = values["fees.network_share"] + values["fees.treasury_share"]
    cashback = values["rebates.cashback_share"]
    discount = max(values["rebates.tier_discount"]) + max(values["rebates.volume_discount"])
    emission = values["emission.yearly_quiv"][0] / 365.0
    work = emission * (1.0 - values["emission.staking_share"])
    consumers, budget = values["population.consumers"], values["demand.budget_usd_per_day"]
    paid = consumers * budget / values["market.initial_price_usd"]
    lost = take - cashback
    return (
        f"At the whitepaper's figures $\\tau$ = {take:.3g}, and the most that rebates give back to the pair is "
        f"{cashback:.3g} + {discount:.3g} x {take:.3g} = {cashback + discount * take:.3g} of a payment (Platinum, "
        f"highest volume). **Rebates alone do not pay**: {take - cashback - discount * take:.3g} is lost on each QUIV, "
        f"{lost:.3g} by a Bronze provider with a small consumer. Work emission of {work:,.0f} QUIV a day over payments "
        f"of about {paid:,.0f} at genesis brings {work / paid:.3g} for each of the first QUIV paid, so **with it, "
        f"washing pays many times over**, until all payments together are about {work / lost:,.0f} QUIV a day. It "
        "stops paying where emission for work is less than what is lost on real payments: where "
        f"{1.0 - lost * paid / emission:.0%} of emission or more goes to stake."
    )


def _frontier(name: str) -> Iterable[list[str]]:
    parameter, _ = FRONTIERS[name]
    for value, found in shipped_frontiers()[name]:
        griefing = "free" if math.isinf(found.griefing) else f"{found.griefing:.2g}"
        amounts = [_interval(item) for item in (found.capital, found.profit, found.loss)]
        yield [code(name), code(parameter), exact(value), *amounts, percent(found.success), griefing]


def _interval(found: Estimate) -> str:
    return f"{_round(found.mean)} ± {_round(found.half)}"


def _round(value: float) -> str:
    """Whole USD to three digits that count."""
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{round(value, min(digits, 0)) + 0.0:,.0f}"


def _kind(name: str, kind: AttackKind) -> list[str]:
    bounds = f"{exact(kind.low)} to {exact(kind.high)}"
    return [code(name), kind.unit, bounds, ", ".join(kind.crew), kind.victims, code(kind.deterrent), kind.doc]
