"""The sweep's answer in sentences, claiming no more than paired runs support.

A KPI has a "best" setting by its mean. Whether that means anything is asked of the paired differences, with
Bonferroni's correction for the number of settings compared: a setting whose interval holds zero is not told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.contrasts import Comparison, Verdict, compare
from dashboards.labels import Labels, lower_first
from dashboards.source import Store
from experiments.statistics import Estimate, paired_estimate
from experiments.words import Scale, counted, decimals_for, mean_interval, number, scale_for, with_unit

GOOD = {"up": 1, "down": -1}


@dataclass(frozen=True)
class KpiAnswer:
    """One KPI's answer in a sentence or two.

    ``leaders``: the best setting and those not told apart from it; none without a direction or a difference.
    ``verdicts``: design number to +1 (better, or higher), -1 (worse, or lower) or 0 (not told apart from reference).
    ``spread``: the range of the means in raw units unless it is noise (NaN); the table prints the digits for it.
    """

    label: str
    directed: bool
    leaders: frozenset[int]
    verdicts: Mapping[int, int]
    text: str
    verdict: Verdict
    spread: float


def finding(store: Store, labels: Labels, kpi: Mapping[str, Any], reference: int) -> KpiAnswer:
    """What the runs say about one KPI."""
    name, label = str(kpi["name"]), str(kpi.get("label") or kpi["name"])
    sense = GOOD.get(str(kpi.get("direction")), 0)
    seen = compare(store.kpis, name, reference, sense)
    scale = scale_for(str(kpi.get("unit") or ""), [found.mean for found in seen.means.values()])
    verdicts = {d: (sense or 1) * found.sign for d, found in seen.from_reference.items()}
    leaders = frozenset([*list(seen.means)[:1], *_rivals(seen)]) if seen.verdict is Verdict.REAL and sense else ()
    text = _text(store, labels, name, reference, seen, scale, sense)
    directed = sense != 0 and bool(seen.means)
    return KpiAnswer(label, directed, frozenset(leaders), verdicts, text, seen.verdict, seen.spread)


def _text(store: Store, labels: Labels, name: str, reference: int, seen: Comparison, scale: Scale, sense: int) -> str:
    """One KPI's sentences."""
    if not seen.means:
        return "No run has a value for this KPI."
    first = next(iter(seen.means.values()))
    if seen.verdict is Verdict.ALONE:
        alone = "" if len(labels.short) == 1 else "; no other setting has a value"
        return f"{_quantity(first, scale)}{'; one run, so no interval' if first.n < 2 else ''}{alone}."
    if seen.verdict is Verdict.SAME:
        return f"The same in every setting: {_quantity(first, scale)}."
    lead = _range(seen, scale, sense)
    if seen.verdict is Verdict.SINGLE:
        return f"{lead} One run a setting gives no interval, so this may be noise."
    if seen.verdict is Verdict.NOISE:
        return f"{lead} These differences are within Monte Carlo noise."
    apart = _apart(store, name, reference, seen, scale, sense) if _alike(seen, scale) else ""
    return " ".join(filter(None, [lead, apart, _best(labels, reference, seen, scale, sense)]))


def headline(findings: list[KpiAnswer], labels: Labels, reference: int) -> str:
    """The answer in two or three sentences."""
    directed = [f for f in findings if f.directed]
    if not findings:
        return "This sweep declares no KPI, so the figures below have to speak for themselves."
    if len(labels.short) == 1:
        return "There is one setting, so there is nothing to compare; the figures show what to expect of it."
    moved = [f for f in findings if any(f.verdicts.values())]
    verdicts = {f.verdict for f in findings}
    parameters = _join([lower_first(str(axis.get("label") or axis["key"])) for axis in labels.axes]) or "the parameters"
    against = "today's parameters" if labels.today is not None else f"the first setting ({labels.short[reference]})"
    if verdicts == {Verdict.SAME}:
        return f"Changing {parameters} changes no KPI: every setting gives the same values."
    if verdicts <= {Verdict.SINGLE, Verdict.SAME, Verdict.ALONE}:
        return _untold(verdicts)
    if not moved:
        return f"Changing {parameters} moves no KPI beyond Monte Carlo noise."
    first = f"Changing {parameters} moves {len(moved)} of {counted(len(findings), 'KPI')} beyond Monte Carlo noise."
    return f"{first} {_gains(directed, labels, reference, against)}".strip()


def _untold(verdicts: set[Verdict]) -> str:
    """The answer when no KPI has an interval of a difference."""
    if Verdict.SINGLE in verdicts:
        return "One run a setting: whether these differences are more than noise cannot be told."
    return "No KPI has a value in two settings that could be told apart."


def _gains(findings: list[KpiAnswer], labels: Labels, reference: int, against: str) -> str:
    """Which alternatives gain on some KPI and lose on none, as far as the runs can tell."""
    if not findings:
        return ""
    others = [d for d in labels.short if d != reference]
    score = {d: [f.verdicts.get(d, 0) for f in findings] for d in others}
    clean = [d for d in others if 1 in score[d] and -1 not in score[d]]
    if not any(1 in score[d] for d in others):
        among = "the KPI" if len(findings) == 1 else f"any of the {len(findings)} KPIs"
        return f"No alternative is detectably better than {against} on {among} with a direction."
    if not clean:
        return f"Every alternative that improves a KPI on {against} worsens another: the choice is a trade-off."
    clean.sort(key=lambda d: (-sum(score[d]), d))
    lead = clean[0]
    gained = _join([lower_first(f.label) for f in findings if f.verdicts.get(lead) == 1])
    what = f"at least one KPI on {against} without a detectable loss on another"
    if len(clean) == 1:
        one = "The only alternative" if len(others) == 1 else f"One of {len(others)} alternatives"
        return f"{one} improves {what}: {labels.long[lead]}, which is better on {gained}."
    count = f"{len(clean)} of {len(others)} alternatives improve {what}"
    return f"{count}; the one that improves most KPIs, {labels.long[lead]}, is better on {gained}."


def _rivals(seen: Comparison) -> list[int]:
    """The settings that cannot be told from the first."""
    return [d for d, found in seen.from_top.items() if found.sign == 0]


def _best(labels: Labels, reference: int, seen: Comparison, scale: Scale, sense: int) -> str:
    """Where the top is, how far from the reference, and which settings cannot be told from it."""
    top, rivals = next(iter(seen.means)), _rivals(seen)
    where = f"{'Best' if sense else 'Highest'} at {labels.long[top]}"
    if top != reference:
        against = "today's parameters" if labels.today is not None else "the first setting"
        where = f"{where}: {_change(seen.from_reference[top], scale)} against {against}"
    if not rivals:
        return f"{where}; told apart from {'the other' if len(seen.means) == 2 else 'every other'} setting."
    named = "one other setting" if len(rivals) == 1 else f"{len(rivals)} other settings"
    first = "; ".join(labels.short[d] for d in sorted(rivals)[:3])
    return f"{where}; not told apart from {named} ({first}{' …' if len(rivals) > 3 else ''})."


def _range(seen: Comparison, scale: Scale, sense: int) -> str:
    """The lowest and highest mean across settings, or one of them if they print alike."""
    top, *_, bottom = seen.means.values()
    if _alike(seen, scale):
        many = "both" if len(seen.means) == 2 else f"each of {len(seen.means)}"
        return f"About {_quantity(top, scale)} in {many} settings."
    first, last = (top, bottom) if sense < 0 else (bottom, top)
    return f"From {_quantity(first, scale)} to {_quantity(last, scale)} across {len(seen.means)} settings."


def _alike(seen: Comparison, scale: Scale) -> bool:
    """Whether the first and the last setting print the same mean."""
    top, *_, bottom = (mean_interval(m.mean * scale.factor, m.half * scale.factor) for m in seen.means.values())
    return top.split(" ±")[0] == bottom.split(" ±")[0]


def _apart(store: Store, name: str, reference: int, seen: Comparison, scale: Scale, sense: int) -> str:
    """The paired difference of the first and the last setting, unless the last is the reference, which comes anyway."""
    top, *_, bottom = seen.means
    if bottom == reference:
        return ""
    found = paired_estimate(store.kpis, name, top, bottom, seen.level)
    return f"On the same runs, {'best minus worst' if sense else 'highest minus lowest'} is {_change(found, scale)}."


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
