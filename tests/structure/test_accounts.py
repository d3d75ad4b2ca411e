"""Every account is drawn: in a group of the token flows, and in a part of the supply."""

from __future__ import annotations

from collections import defaultdict
from typing import get_args

import pytest

from dashboards.figures.sankey import BURN, COLOURS, MINT, group_of, links
from dashboards.figures.supply_stack import COMPONENTS
from model.flows import LEDGER
from model.ledger import SupplyPart
from model.metrics import METRICS

EVERY_ACCOUNT = pytest.mark.parametrize("name", LEDGER.accounts)
ENDS = {MINT, BURN}


@EVERY_ACCOUNT
def test_an_account_has_a_group_and_a_part(name: str) -> None:
    account = LEDGER.accounts[name]
    assert account.group[:1].isupper()
    assert account.group not in ENDS
    assert account.part in get_args(SupplyPart)


@EVERY_ACCOUNT
def test_an_account_is_in_the_sankey(name: str) -> None:
    """Where its flows cross groups its group pays or receives; otherwise another account of its group does."""
    alike = LEDGER.where(lambda account: account.group == LEDGER.accounts[name].group)
    flows = [flow for flow in LEDGER.flows.values() if {flow.source, flow.target} & set(alike)]
    assert any(name in (flow.source, flow.target) for flow in flows), f"no flow goes into or out of {name}"
    drawn = links({flow.name: 1.0 for flow in flows})
    assert LEDGER.accounts[name].group in {*drawn["payer"], *drawn["receiver"]}


def test_a_class_of_agents_is_one_group() -> None:
    groups = defaultdict(set)
    for account in LEDGER.accounts.values():
        groups[account.own].add(account.group)
    assert {own: found for own, found in groups.items() if own and len(found) > 1} == {}


def test_colours_are_of_groups_that_there_are() -> None:
    assert set(COLOURS) <= {group_of(name, "") for name in LEDGER.accounts} | ENDS


def test_the_stack_draws_every_part() -> None:
    """That the parts add up to the supply is in `test_parameters.py`."""
    parts = {f"stack_{part}_quiv" for part in get_args(SupplyPart)}
    assert set(COMPONENTS) == parts
    assert {name for name in METRICS if name.startswith("stack_")} == parts
    assert {account.part for account in LEDGER.accounts.values()} == set(get_args(SupplyPart))
