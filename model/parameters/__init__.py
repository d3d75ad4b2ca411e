"""Every parameter of the economy, one model per contract, gathered under `Parameters`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from model.parameters.challenges import Challenges
from model.parameters.channels import Channels
from model.parameters.conduct import Conduct
from model.parameters.delegation import Delegation
from model.parameters.demand import Demand
from model.parameters.emission import Emission
from model.parameters.fees import Fees
from model.parameters.governance import Governance
from model.parameters.insurance import Insurance
from model.parameters.investors import Investors
from model.parameters.jobs import Jobs
from model.parameters.latency import Latency
from model.parameters.launch import Launch
from model.parameters.maker import Maker
from model.parameters.market import Market
from model.parameters.matching import Matching
from model.parameters.oracle import Oracle
from model.parameters.outside import Outside
from model.parameters.pool import Pool
from model.parameters.population import Population
from model.parameters.pricing import Pricing
from model.parameters.providers import Providers
from model.parameters.rebates import Rebates
from model.parameters.registry import Registry
from model.parameters.reputation import Reputation
from model.parameters.satisfaction import Satisfaction
from model.parameters.slashing import Slashing
from model.parameters.speculators import Speculators
from model.parameters.staking import Staking
from model.parameters.supply import Supply
from model.parameters.treasury import Treasury
from model.parameters.validation import Validation
from model.parameters.valuation import Valuation
from model.registry import Parameter, registry_of


class Parameters(BaseModel):
    """All parameters by contract; the defaults are the `whitepaper` preset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    supply: Supply = Field(default_factory=Supply)
    emission: Emission = Field(default_factory=Emission)
    market: Market = Field(default_factory=Market)
    pool: Pool = Field(default_factory=Pool)
    maker: Maker = Field(default_factory=Maker)
    valuation: Valuation = Field(default_factory=Valuation)
    investors: Investors = Field(default_factory=Investors)
    speculators: Speculators = Field(default_factory=Speculators)
    demand: Demand = Field(default_factory=Demand)
    satisfaction: Satisfaction = Field(default_factory=Satisfaction)
    outside: Outside = Field(default_factory=Outside)
    providers: Providers = Field(default_factory=Providers)
    oracle: Oracle = Field(default_factory=Oracle)
    pricing: Pricing = Field(default_factory=Pricing)
    reputation: Reputation = Field(default_factory=Reputation)
    matching: Matching = Field(default_factory=Matching)
    jobs: Jobs = Field(default_factory=Jobs)
    channels: Channels = Field(default_factory=Channels)
    latency: Latency = Field(default_factory=Latency)
    fees: Fees = Field(default_factory=Fees)
    rebates: Rebates = Field(default_factory=Rebates)
    staking: Staking = Field(default_factory=Staking)
    delegation: Delegation = Field(default_factory=Delegation)
    registry: Registry = Field(default_factory=Registry)
    conduct: Conduct = Field(default_factory=Conduct)
    validation: Validation = Field(default_factory=Validation)
    challenges: Challenges = Field(default_factory=Challenges)
    slashing: Slashing = Field(default_factory=Slashing)
    insurance: Insurance = Field(default_factory=Insurance)
    governance: Governance = Field(default_factory=Governance)
    treasury: Treasury = Field(default_factory=Treasury)
    launch: Launch = Field(default_factory=Launch)
    population: Population = Field(default_factory=Population)


REGISTRY: dict[str, Parameter] = registry_of(Parameters)
"""Registry: what is declared of each parameter, by dotted name."""

GOVERNED: tuple[str, ...] = tuple(name for name, entry in REGISTRY.items() if entry.governed)
"""Parameters that a proposal may change: each is a state variable of the same name."""

STRUCTURAL: frozenset[str] = frozenset(name for name, entry in REGISTRY.items() if entry.structural)
"""Parameters that are fixed when the blocks are built: trajectories of one ensemble share them."""


def flatten(parameters: Parameters) -> dict[str, object]:
    """Values of all parameters by dotted name."""
    return {name: getattr(getattr(parameters, name.split(".")[0]), name.split(".")[1]) for name in REGISTRY}
