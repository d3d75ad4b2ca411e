"""A part of the page for an address: its elements, or a sentence where it has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dash.development.base_component import Component

from dashboards.explorer import page
from dashboards.explorer.data import Library, StoreView
from dashboards.explorer.elements import Element
from dashboards.explorer.resolve import resolve
from dashboards.explorer.state import Selection, choice_of
from dashboards.source import MissingMetricError
from experiments.errors import RequestError


def answer(
    want: str, dark: bool, library: Library, elements: Callable[[StoreView, Selection], Sequence[Element]]
) -> list[Component]:
    """The elements of the choice in an address (`want`), in the colours of the theme."""
    choice, store, problems = resolve(choice_of(want)[0], library)
    if store is None:
        return page.notice(problems, "problem")
    try:
        return [page.render(element, dark) for element in elements(store, choice)]
    except RequestError as error:
        return page.notice(error.problems, "problem")
    except MissingMetricError as error:
        return page.notice([f"Not drawn: {error}"], "problem")
