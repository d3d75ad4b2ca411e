"""The JSON Schema of a pack's `proposal.json`, which docs/proposal.schema.json publishes and `verify` checks with."""

from __future__ import annotations

from typing import Any

from experiments.proposals.case import SCHEMA_VERSION
from model.codes import PROPOSAL_TYPES

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
WHOLE: Schema = {"type": "integer", "minimum": 0}
FIGURE: Schema = {"type": ["number", "null"]}
SHARE: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
SIGN: Schema = {"enum": [-1, 0, 1]}
TRUTH: Schema = {"type": "boolean"}
DIRECTION: Schema = {"enum": ["up", "down"]}
DATE: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
EXACT: Schema = {"type": "object", "additionalProperties": TEXT, "description": "values by parameter, exact, as text"}


def _object(properties: Schema, description: str = "") -> Schema:
    """An object that has all of these and nothing besides."""
    found = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return found | ({"description": description} if description else {})


def _rows(properties: Schema, description: str) -> Schema:
    return {"type": "array", "items": _object(properties), "description": description}


INTERVAL = {"low": FIGURE, "high": FIGURE}
PAIRED = dict.fromkeys(
    ("difference", "difference_low", "difference_high", "better", "paired_sd", "marginal_sd"), FIGURE
)
AMOUNTS = {f"{name}_usd{end}": FIGURE for name in ("capital", "profit", "loss") for end in ("", "_low", "_high")}

SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The case of a proposal to change parameters of a QUIVer network",
    "description": "Amounts are in raw units; intervals are at 95 %; differences are to today's values, run by run.",
} | _object(
    {
        "schema_version": {"const": SCHEMA_VERSION},
        "proposal": _object(
            {
                "Proposer": TEXT,
                "Type": {"enum": list(range(len(PROPOSAL_TYPES)))},
                "Title": TEXT,
                "Description": TEXT,
                "Parameters": EXACT,
            },
            "the fields of the specification's Proposal that its author fills",
        ),
        "type": {"enum": list(PROPOSAL_TYPES)},
        "support_needed": SHARE | {"description": "share of the votes cast"},
        "delay_days": WHOLE | {"description": "days from submission to effect"},
        "changes": _rows(
            {"name": TEXT, "before": TEXT, "after": TEXT, "unit": TEXT}, "each changed parameter, exact, as text"
        ),
        "alternatives": {"type": "array", "items": EXACT},
        "checks": _rows(
            {"rail": TEXT, "about": TEXT, "found": TEXT, "allowed": TEXT, "passed": TRUTH}, "every rail looked at"
        ),
        "effects": _rows(
            {"scenario": TEXT, "kpi": TEXT, "unit": TEXT, "direction": DIRECTION, "setting": TEXT, "n": WHOLE}
            | {"mean": FIGURE, **INTERVAL, **PAIRED},
            "means and paired differences; those of today's values are null",
        ),
        "chances": _rows(
            {"scenario": TEXT, "kpi": TEXT, "setting": TEXT, "asked": {"enum": ["at least", "at most"]}}
            | {"threshold": FIGURE, "unit": TEXT, "n": WHOLE, "breached": WHOLE, "breach_share": SHARE}
            | {"low": SHARE, "high": SHARE, "chance_asked": SHARE, "verdict": TEXT},
            "how often thresholds are breached, with Wilson's interval",
        ),
        "groups": _rows(
            {"scenario": TEXT, "group": TEXT, "metric": TEXT, "setting": TEXT, "aggregation": TEXT, "unit": TEXT}
            | {"direction": DIRECTION, "mean": FIGURE, "difference": FIGURE, **INTERVAL, "outcome": TEXT}
            | {"reading": TEXT},
            "who gains and who loses",
        ),
        "flips": _rows(
            {"kpi": TEXT, "unit": TEXT, "factor": TEXT, "part": TEXT, "span": TEXT, "n": WHOLE, "difference": FIGURE}
            | {**INTERVAL, "sign": SIGN, "flips": TRUTH},
            "where the sign of the proposal's effect turns",
        ),
        "attacks": _rows({"attack": TEXT, "setting": TEXT, **AMOUNTS}, "what attacks cost, bring and destroy, USD"),
        "attacks_not_measured": TEXTS,
        "limits": TEXTS | {"description": "what the model cannot say"},
        "review": DATE,
        "valid_days": WHOLE,
        "references": TEXTS,
        "scenario": TEXT,
        "start_day": {
            "type": ["integer", "null"],
            "description": "day of the live network's state that runs start from",
        },
        "days": WHOLE,
        "runs": WHOLE,
        "seed": WHOLE,
        "code_version": TEXT,
        "created": {"anyOf": [DATE, {"type": "null"}]},
        "sha256": {
            "type": "object",
            "additionalProperties": {"type": "string", "pattern": r"^[0-9a-f]{64}$"},
            "description": "of each file that the rest of the pack follows from, to the byte",
        },
    }
)
