"""The explorer's application; it makes no request to anywhere else."""

from __future__ import annotations

import sys
from pathlib import Path

from dash import Dash, set_props

from dashboards.explorer.callbacks import bind_callbacks
from dashboards.explorer.data import Library
from dashboards.explorer.guard import guard
from dashboards.explorer.jobs import Desk
from dashboards.explorer.layout import layout
from dashboards.explorer.page import notice
from experiments.words import visible

LOOPBACK = "127.0.0.1"

INDEX = """<!doctype html>
<html lang="en">
<head>{%metas%}<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{%title%}</title>{%favicon%}{%css%}</head>
<body>{%app_entry%}<div hidden>{%config%}{%scripts%}{%renderer%}</div></body>
</html>"""
"""HTML around the page: Dash's own footer of scripts is not a landmark here."""


def explorer(root: Path, desk: Desk, host: str = LOOPBACK) -> Dash:
    """The Dash application over the store `root` or the stores below it; `desk` runs simulations."""
    app = Dash(
        "dashboards.explorer",
        title="Explorer",
        update_title="",
        serve_locally=True,
        on_error=_said,
        index_string=INDEX,
        assets_folder=str(Path(__file__).parent / "assets"),
    )
    app.layout = layout()
    bind_callbacks(app, Library(root), desk)
    guard(app.server, host)
    return app


def _said(error: Exception) -> None:
    """Show a callback's error as a sentence on the page and on stderr."""
    sentence = f"This could not be shown: {type(error).__name__}: {str(error) or 'no further word'}"
    sys.stderr.write(f"{visible(sentence)}\n")
    set_props("notice", {"children": notice([sentence], "problem")})
