"""Whether a snapshot adds up, to the wei: lists to their accounts, accounts to the supply, the supply under the cap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from experiments.errors import UnfitError
from experiments.inputs.reader import Reader
from experiments.inputs.snapshot.buckets import Agent
from experiments.inputs.snapshot.layout import COLUMNS
from model.ledger import CAP_NQUIV
from model.spec.exact import WEI_PER_NQUIV
from model.start import UNBONDING

CAP_WEI = CAP_NQUIV * WEI_PER_NQUIV


def check_totals(
    accounts: Mapping[str, int],
    supply: Mapping[str, int],
    vesting: Mapping[str, int],
    agents: Mapping[str, Sequence[Agent]],
    file: Reader,
) -> None:
    """Note every account whose parts are not its total, and what the accounts have that the supply has not."""
    for account, parts, found in _parts(vesting, agents):
        if found != accounts[account]:
            claimed = accounts[account]
            text = f"{parts} sum to {found:,} wei, and {claimed:,} are claimed: {_apart(found, claimed)}"
            file.note(text, f"accounts.{account}")
    minted, burned = supply["minted"], supply["burned"]
    if minted > CAP_WEI:
        file.note(UnfitError(f"{minted:,} wei", f"at most the cap of {CAP_WEI:,} wei"), "supply.minted")
    if burned > minted:
        file.note(UnfitError(f"{burned:,} wei", f"at most what was minted, {minted:,} wei"), "supply.burned")
    if file.noted:
        return
    held, left = sum(accounts.values()), minted - burned
    if held != left:
        text = f"minted less burned is {left:,} wei, and accounts sum to {held:,}: {_apart(held, left)}"
        file.note(text, "supply")


def _parts(vesting: Mapping[str, int], agents: Mapping[str, Sequence[Agent]]) -> list[tuple[str, str, int]]:
    """Accounts that have parts, with what the parts are and what they sum to."""
    found = [("vesting", "allocations under vesting", sum(vesting.values()))]
    for who, columns in COLUMNS.items():
        for column in columns:
            total = sum(agent.amounts[column] for agent in agents[who])
            found.append((f"{who[:-1]}_{column}", f"the {who}' {column}s", total))
    for who, word in UNBONDING.items():
        total = sum(sum(agent.releases.values()) for agent in agents[who])
        found.append((f"{word}_unbonding", f"the {who}' entries under unbonding", total))
    return found


def _apart(found: int, claimed: int) -> str:
    return f"{abs(found - claimed):,} wei too {'many' if found > claimed else 'few'}"
