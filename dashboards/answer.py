"""The sweep's answer in sentences, claiming no more than paired runs support.

A KPI has a "best" setting by its mean. Whether that means anything is asked of the paired differences, with
Bonferroni's correction for the number of settings compared: a setting whose interval holds zero is not told apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.labels import Labels, lower_first
from dashboards.source import Store
from dashboards.stats import Estimate, family_level, kpi_estimate, paired_estimate
from dashboards.units import Scale, decimals_for, mean_interval, number, scale_for, with_unit

GOOD = {"up": 1, "down": -1}


@dataclass(frozen=True)
class Finding:
    """One KPI's answer in a sentence or two.

    ``leaders``: the best setting and those not told apart from it; none without a direction or a difference.
    ``verdicts``: design number to +1 (better, or higher), -1 (worse, or lower) or 0 (not told apart from reference).
    """

    label: str
    directed: bool
    leaders: frozenset[int]
    verdicts: Mapping[int, int]
    text: str


def finding(store: Store, labels: Labels, kpi: Mapping[str, Any], reference: int) -> Finding:
    """What the runs say about one KPI."""
    name, label = str(kpi["name"]), str(kpi.get("label") or kpi["name"])
    designs = [int(d) for d in store.design["design"]]
    means = {d: kpi_estimate(store.kpis, name, d) for d in designs}
    known = [d for d in designs if math.isfinite(means[d].mean)]
    sense = GOOD.get(str(kpi.get("direction")), 0)
    if not known:
        return Finding(label, False, frozenset(), {}, "No run has a value for this KPI.")
    scale = scale_for(str(kpi.get("unit") or ""), [means[d].mean for d in known])
    ranked = sorted(known, key=lambda d: ((sense or 1) * means[d].mean, -d), reverse=True)
    level = family_level(len(known) - 1)
    against = {d: paired_estimate(store.kpis, name, d, reference, level) for d in known if d != reference}
    verdicts = {d: (sense or 1) * found.sign for d, found in against.items()}
    lead = _range(means[ranked[-1]], means[ranked[0]], scale, len(known), sense)
    top, leaders = ranked[0], frozenset[int]()
    rivals = [d for d in known if d != top and paired_estimate(store.kpis, name, top, d, level).sign == 0]
    if len(known) == 1:
        text = f"{_quantity(means[top], scale)}; there is one setting only."
    elif means[top].n < 2:
        text = f"{lead} One run a setting gives no interval, so this may be noise."
    elif len(rivals) == len(known) - 1 and not any(verdicts.values()):
        text = f"{lead} These differences are within Monte Carlo noise."
    else:
        leaders = frozenset([top, *rivals]) if sense else leaders
        text = f"{lead} {_best(store, labels, name, top, reference, rivals, scale, sense, level)}"
    return Finding(label, sense != 0, leaders, verdicts, text)


def headline(findings: list[Finding], labels: Labels, reference: int) -> str:
    """The answer in two or three sentences."""
    directed = [f for f in findings if f.directed]
    if not findings:
        return "This sweep declares no KPI, so the figures below have to speak for themselves."
    if len(labels.short) == 1:
        return "This sweep has one setting, so there is nothing to compare; the figures show what to expect of it."
    moved = [f for f in findings if any(f.verdicts.values())]
    parameters = _join([lower_first(str(axis.get("label") or axis["key"])) for axis in labels.axes]) or "the parameters"
    against = "today's parameters" if labels.today is not None else f"the first setting ({labels.short[reference]})"
    if not moved:
        return f"Changing {parameters} moves no KPI beyond Monte Carlo noise."
    first = f"Changing {parameters} moves {len(moved)} of {len(findings)} KPIs beyond Monte Carlo noise."
    return f"{first} {_gains(directed, labels, reference, against)}".strip()


def _gains(findings: list[Finding], labels: Labels, reference: int, against: str) -> str:
    """Which alternatives gain on some KPI and lose on none, as far as the runs can tell."""
    if not findings:
        return ""
    others = [d for d in labels.short if d != reference]
    score = {d: [f.verdicts.get(d, 0) for f in findings] for d in others}
    clean = [d for d in others if 1 in score[d] and -1 not in score[d]]
    if not any(1 in score[d] for d in others):
        return (
            f"No alternative is detectably better than {against} on any of the {len(findings)} KPIs with a direction."
        )
    if not clean:
        return f"Every alternative that improves a KPI on {against} worsens another: the choice is a trade-off."
    clean.sort(key=lambda d: (-sum(score[d]), d))
    lead = clean[0]
    gained = _join([lower_first(f.label) for f in findings if f.verdicts.get(lead) == 1])
    what = f"at least one KPI on {against} without a detectable loss on another"
    if len(clean) == 1:
        return f"One of {len(others)} alternatives improves {what}: {labels.long[lead]}, which is better on {gained}."
    count = f"{len(clean)} of {len(others)} alternatives improve {what}"
    return f"{count}; the one that improves most KPIs, {labels.long[lead]}, is better on {gained}."


def _best(
    store: Store,
    labels: Labels,
    name: str,
    top: int,
    reference: int,
    rivals: list[int],
    scale: Scale,
    sense: int,
    level: float,
) -> str:
    """Where the top is, how far from the reference, and which settings cannot be told from it."""
    word = "Best" if sense else "Highest"
    if top == reference:
        where = f"{word} at {labels.long[top]}"
    else:
        found = paired_estimate(store.kpis, name, top, reference, level)
        against = "today's parameters" if labels.today is not None else "the first setting"
        where = f"{word} at {labels.long[top]}: {_change(found, scale)} against {against}"
    if not rivals:
        return f"{where}; told apart from every other setting."
    named = "one other setting" if len(rivals) == 1 else f"{len(rivals)} other settings"
    first = "; ".join(labels.short[d] for d in rivals[:3])
    return f"{where}; not told apart from {named} ({first}{' …' if len(rivals) > 3 else ''})."


def _range(low: Estimate, high: Estimate, scale: Scale, count: int, sense: int) -> str:
    """The lowest and highest mean across settings."""
    first, last = (high, low) if sense < 0 else (low, high)
    return f"From {_quantity(first, scale)} to {_quantity(last, scale)} across {count} settings."


def _quantity(value: Estimate, scale: Scale) -> str:
    """A mean with its interval and unit."""
    return with_unit(mean_interval(value.mean * scale.factor, value.half * scale.factor), scale.unit)


def _change(value: Estimate, scale: Scale) -> str:
    """A signed difference with its interval."""
    places = decimals_for(value.mean * scale.factor, value.half * scale.factor)
    shown, low, high = (number(v * scale.factor, places) for v in (value.mean, value.low, value.high))
    plus = "+" if value.mean > 0 else ""
    return f"{with_unit(plus + shown, scale.change)} (interval {low} to {high})"


def _join(words: list[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
