"""What a part of the page shows for an address: its blocks, or a sentence where it has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dash.development.base_component import Component

from dashboards.explorer import page
from dashboards.explorer.blocks import Block
from dashboards.explorer.data import Library, Opened
from dashboards.explorer.resolve import settle
from dashboards.explorer.state import Choice, read
from dashboards.source import MissingMetricError
from experiments.errors import RequestError


def answer(
    want: str, dark: bool, library: Library, blocks: Callable[[Opened, Choice], Sequence[Block]]
) -> list[Component]:
    """The blocks of the choice that an address says, in the colours of the theme."""
    choice, opened, problems = settle(read(want)[0], library)
    if opened is None:
        return page.notice(problems, "problem")
    try:
        return [page.show(block, dark) for block in blocks(opened, choice)]
    except RequestError as error:
        return page.notice(error.problems, "problem")
    except MissingMetricError as error:
        return page.notice([f"Not drawn: {error}"], "problem")
