"""What the model cannot say of a proposal, beside the mechanisms and contracts that it concerns.

Each sentence is an assumption of ASSUMPTIONS.md that a voter should know; those of the contracts that a proposal
changes come after those that always hold.
"""

from __future__ import annotations

from collections.abc import Iterable

ALWAYS = (
    "Figures are conditional on the model's assumptions and no forecast: compare settings, do not read off a price.",
    "Agents do not learn from a vote, bargain, or plan an attack by themselves.",
    "The change holds from the first day of a run; the weeks of discussion, vote and timelock before it are not run.",
    "Agents' own proposing is off in every setting, so no other change is voted on while the runs last.",
    "Intervals are each at 95 % by themselves, not all of them together, and cover chance, not errors of the model.",
)
OF_CONTRACT = {
    "fees": "What the network does not burn goes to operations; the model has operations spend all of it.",
    "emission": "Emission is paid for work by what the work is paid, so a provider that pays itself collects it.",
    "staking": "Stakers answer to yield, slashes, the price's trend and unbonding by rules, not by plans of their own.",
    "governance": "Turnout and the cost of voting are taken from other DAOs; who votes here is not known.",
    "treasury": "What grants bring the network is not modelled; they are an outflow that its receivers sell in part.",
    "rebates": "Consumers answer to rebates as to a lower price; loyalty that outlives them is not modelled.",
    "pricing": "Consumers' answer to prices is one elasticity, whatever they use inference for.",
    "oracle": "Feeds fail and lie independently or as scripted; real ones share sources.",
    "slashing": "Providers cheat where it pays by their own reckoning; costs of court and of a lost name are left out.",
    "challenges": "Who watches, and how closely, is a parameter, not a decision to enter the trade.",
    "validation": "Canaries cannot be told from other jobs in the model.",
    "channels": "Vouchers are claimed by a rule of thumb, not by an optimum over fees.",
    "delegation": "Holders choose a provider by yield, slashes, reputation and size, and by nothing else.",
}


def limits(changed: Iterable[str]) -> list[str]:
    """The sentences for some changed parameters, by dotted name."""
    contracts = dict.fromkeys(name.split(".")[0] for name in changed)
    return [*ALWAYS, *(OF_CONTRACT[name] for name in contracts if name in OF_CONTRACT)]
