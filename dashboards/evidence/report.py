"""The report as one file that asks nobody for anything, and its figures as JSON.

Scripts, styles and data stand in the page itself. A content policy names the digest of each script, so that no other
runs, whatever a proposal's text holds; in data the sign that opens a tag is written as its code.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import plotly.io as pio
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from dashboards.evidence import attacks, change, closing, effects, flips, goals, groups, summary
from dashboards.evidence.parts import Part, drawn, line
from dashboards.site import compact, publish
from experiments.proposals.case import Case
from experiments.words import plain

HERE, SITE = Path(__file__).parent, publish.HERE
STYLES = (SITE / "assets" / "site.css", HERE / "assets" / "report.css")


def pages(case: Case) -> dict[str, bytes]:
    """`report.html` and `figures.json` of a case, by name."""
    found = parts(case)
    return {"report.html": html(case, found).encode("utf-8"), "figures.json": figures(found).encode("utf-8")}


def parts(case: Case) -> list[Part]:
    """Every part of the report, in order."""
    return [
        summary.part(case),
        goals.part(case),
        change.part(case),
        effects.part(case),
        groups.part(case),
        attacks.part(case),
        flips.part(case),
        *closing.parts(case),
    ]


def figures(found: list[Part]) -> str:
    """The figures by identifier, each as `plotly.io.from_json` reads it, numbers in full."""
    content = {name: json.loads(pio.to_json(chart)) for part in found for name, chart in drawn(part).items()}
    return json.dumps(plain(_written_out(content)), sort_keys=True, allow_nan=False) + "\n"


def _written_out(value: Any) -> Any:
    """The same with arrays as lists of numbers, which plotly has as bytes."""
    if isinstance(value, list):
        return [_written_out(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"dtype", "bdata"}:
        return compact.numbers(value).tolist()
    return {key: _written_out(item) for key, item in value.items()}


def html(case: Case, found: list[Part]) -> str:
    """The page."""
    folders = [HERE / "templates", SITE / "templates"]
    environment = Environment(loader=FileSystemLoader(folders), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    panels = [panel for part in found for block in part.blocks for panel in block.panels]
    first = _asset("head.js")
    data = [_inert(compact.look()), _inert(compact.script(panels))]
    last = [_asset("site.js"), *data, get_plotlyjs(), _asset("draw.js")]
    return environment.get_template("report.html").render(
        title=line(case.asked.title),
        parts=found,
        style=Markup("\n".join(path.read_text(encoding="utf-8") for path in STYLES)),
        first=Markup(first),
        last=[Markup(script) for script in last],
        digests=[_digest(script) for script in (first, *last)],
    )


def _asset(name: str) -> str:
    return (SITE / "assets" / name).read_text(encoding="utf-8")


def _inert(script: str) -> str:
    """A script of data in which no text can end it."""
    return script.replace("<", "\\u003c")


def _digest(script: str) -> str:
    """A script as a content policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
