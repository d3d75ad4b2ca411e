"""Cases of proposals from arithmetic, without a simulation: full, hostile, and with little in them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import yaml

from experiments.proposals.ask import Asked, read_proposal
from experiments.proposals.attacks import AMOUNTS, COLUMNS
from experiments.proposals.case import Case
from experiments.proposals.simulate import all_kpis

HOSTILE = "Burn</script><script>alert(1)</script> <img src=x onerror=alert(2)> {{ 7*7 }} %{x} &lt;b&gt; \u202e"
KPIS = (
    {"name": "growth", "label": "Growth", "metric": "supply_quiv", "aggregation": "change", "direction": "down"},
    {"name": "price_end", "metric": "price_usd", "aggregation": "last", "direction": "up"},
)
GOAL = {"threshold": 1.0, "unit": "ratio", "chance": 0.5}
ALONE = {
    "title": "Burn more",
    "author": "An economist",
    "type": "economic",
    "changes": {"fees.burn_share": 0.6},
    "rationale": "Fewer tokens.\n\nSlower growth.",
    "review": "2027-06-01",
    "days": 20,
    "runs": 6,
    "kpis": [KPIS[0] | GOAL],
    "stress": [],
}
FULL = ALONE | {
    "alternatives": [{"fees.burn_share": 0.55}, {"fees.burn_share": 0.4}],
    "references": ["A paper", "See https://example.org/a?b=1, and (http://example.org/c).", "javascript:alert(3)"],
    "environment": {"demand.adoption_rate": {"low": 0.5, "high": 2.0, "scale": "log"}},
    "kpis": [KPIS[0] | GOAL, KPIS[1]],
    "stress": [{"name": "crash", "severity": "adverse", "shocks": [{"day": 8, "kind": "price_jump"}]}],
}
CODE, CREATED = "0.1.0+abc", "2026-12-01"


def asked_of(content: dict[str, object]) -> Asked:
    """A proposal from its keys."""
    return read_proposal(yaml.safe_dump(content, allow_unicode=True), "proposal.yaml")


def outcomes_of(asked: Asked) -> pd.DataFrame:
    """An outcome for each run: what the run meets, and an effect of the setting that some runs have more of."""
    rows = []
    for place, stress in enumerate(asked.stress):
        for design, setting in enumerate(asked.settings):
            for run in range(asked.runs):
                luck = np.sin(np.arange(len(all_kpis(asked))) + 1.3 * run)
                values = 1.0 + 0.2 * luck + 0.01 * design * (1.0 - 1.6 * place) * (1.0 + 0.5 * np.cos(run))
                rows.append([stress.name, setting, run, *values])
    return pd.DataFrame(rows, columns=["scenario", "setting", "run", *(kpi.name for kpi in all_kpis(asked))])


def attacks_of(*names: str) -> pd.DataFrame:
    """What attacks come to, today and as proposed; the second has no figures."""
    rows: list[list[object]] = []
    for place, name in enumerate(names):
        for setting, size in (("today", 1234.5), ("proposed", -77.25)):
            figures = [size * (1 + k) + end for k in range(len(AMOUNTS)) for end in (0.0, -10.0, 10.0)]
            rows.append([name, setting, *(figures if place != 1 else [np.nan] * len(figures))])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def case_of(content: dict[str, object], *attacks: str, created: str | None = CREATED) -> Case:
    """A case from a proposal's keys, with some attacks."""
    asked = asked_of(content)
    return Case(asked, outcomes_of(asked), attacks_of(*attacks), CODE, created)


def full() -> Case:
    """A case with all that there can be, and an attack without figures."""
    return case_of(FULL, "attack_wash_trading", "attack_wash_rebates")


def hostile() -> Case:
    """Texts of an author who wants to run a script, hide words or break the page, wherever a text may stand."""
    kpis = [kpi | {"label": f"{HOSTILE} {place}"} for place, kpi in enumerate(FULL["kpis"])]  # type: ignore[arg-type]
    content = FULL | dict.fromkeys(("title", "author", "rationale"), HOSTILE) | {"kpis": kpis}
    stress = {"name": HOSTILE * 2, "severity": "adverse", "shocks": [{"day": 8, "kind": "price_jump"}]}
    return case_of(content | {"references": [HOSTILE, 'https://x.org/"><script>alert(4)</script>'], "stress": [stress]})
