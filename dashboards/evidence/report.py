"""A proposal's evidence as one HTML file, and its figures as JSON: the same bytes for the same case.

The page asks nobody for anything: styles, scripts and figures are within it. A content policy forbids requests, and
every script but those whose digests it has, so that none runs that a proposal's text might bring along. Characters that
steer the direction of text are shown as a sign.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.io as pio
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from dashboards.evidence.charts import SLOTS
from dashboards.panels import Panel
from dashboards.site import compact
from dashboards.site.grids import Cell, Column, Row, Table
from experiments.proposals.case import Case
from experiments.proposals.document import Document, proposal_document
from experiments.proposals.document.blocks import DataTable, Figures
from experiments.proposals.pack import FIGURES, REPORT
from experiments.words import plain_data

HERE = Path(__file__).parent
SITE = HERE.parent / "site"
ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
ASSETS = ("site.css", "head.js", "site.js", "draw.js")
STYLES = """
.diff .gone { color: var(--bad); } .diff .come { color: var(--good); font-weight: 600; }
details { margin-bottom: 1rem; } summary { cursor: pointer; font-weight: 600; padding-block: .4rem; }
details caption { display: none; }
.links:empty { display: none; }
"""

UNFOLD = (
    'addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));'
)
"""Paper shows every table."""

STEERING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""The characters that steer the direction of text."""

SIGN = "\N{REPLACEMENT CHARACTER}"


def report_files(case: Case) -> dict[str, bytes]:
    """The report and the figures of a case, by the names that they have in a pack."""
    document = proposal_document(case)
    slots = [block.slot for section in document.sections for block in section.blocks if isinstance(block, Figures)]
    drawn = {slot: list(SLOTS[slot](case)) for slot in slots}
    return {REPORT: _report(document, drawn).encode("utf-8"), FIGURES: _figures(_in_order(drawn)).encode("utf-8")}


def _in_order(drawn: Mapping[str, Sequence[Panel]]) -> list[Panel]:
    return [panel for panels in drawn.values() for panel in panels]


def _report(document: Document, drawn: Mapping[str, Sequence[Panel]]) -> str:
    folders = [HERE / "templates", SITE / "templates"]
    environment = Environment(
        loader=FileSystemLoader(folders), autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_steady
    )
    asset = {name: (SITE / "assets" / name).read_text(encoding="utf-8") for name in ASSETS}
    data = [compact.figure_style(), _steady_script(compact.script(_in_order(drawn)))]
    parts = [asset["site.js"], *(text.replace("<", "\\u003c") for text in data), asset["draw.js"], UNFOLD]
    scripts = {"head": asset["head.js"], "plotly": get_plotlyjs(), "page": "\n".join(parts)}
    inline = {name: Markup(text.replace("</script", "<\\/script")) for name, text in scripts.items()}
    return environment.get_template("report.html").render(
        document=document,
        drawn=drawn,
        grid_of=_grid_of,
        address=_address,
        styles=Markup(asset["site.css"] + STYLES),
        scripts=inline,
        digests=[_digest(text) for text in inline.values()],
    )


def _grid_of(table: DataTable) -> Table:
    """A table of the document as the site's templates take one."""
    columns = [Column(column.label, words=column.words) for column in table.columns]
    rows = [Row([Cell(one.text, one.mark, code=one.code) for one in row], table.heads) for row in table.rows]
    return Table(table.id, table.caption, columns, rows, pd.DataFrame())


def _address(text: str) -> str:
    """A text that is a web address, else nothing: no other scheme becomes a link."""
    return text if ADDRESS.fullmatch(text) else ""


def _digest(script: str) -> str:
    """A script as a content policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def _steady(value: Any) -> Any:
    """Text of the page with a sign in place of each character that steers its direction."""
    return value.translate(dict.fromkeys(STEERING, SIGN)) if type(value) is str else value


def _steady_script(text: str) -> str:
    """The same for JSON, which has such characters by their numbers."""
    for code in STEERING:
        text = text.replace(f"\\u{code:04x}", SIGN)
    return text


def _figures(panels: Sequence[Panel]) -> str:
    """Every figure by name, as plotly's JSON."""
    found = {
        panel.id: _lists(json.loads(pio.to_json(panel.first.figure, validate=False, remove_uids=True, engine="json")))
        for panel in panels
        if panel.views
    }
    return str(_steady(json.dumps(found, indent=1, ensure_ascii=False))) + "\n"


def _lists(value: Any) -> Any:
    """The same with numbers as such, where plotly has them in base 64."""
    if isinstance(value, list):
        return [_lists(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"dtype", "bdata"}:
        return plain_data(np.frombuffer(base64.b64decode(value["bdata"]), dtype=np.dtype(value["dtype"])).tolist())
    return {key: _lists(item) for key, item in value.items()}
