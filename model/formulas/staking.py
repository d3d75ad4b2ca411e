r"""Staking: tiers, yields and the share of holders who stake.

$$\text{APR} = \frac{R}{S}, \qquad \text{APY} = \Big(1 + \frac{\text{APR}}{n}\Big)^n - 1, \qquad
  \sigma = \frac{1}{1 + e^{-\beta (y - \rho)}}$$

with $R$ the reward of a year, $S$ the stake it is shared by, $n$ compounding periods a year, $y$ the yield offered,
$\rho$ the yield required and $\beta$ the sensitivity of holders. Units: any one for $R$ and $S$; yields as fractions a
year.

Source: SPEC, Core Contracts ("Provider staking tiers"); WHITEPAPER for the minimums 10,000, 50,000, 250,000 and
1,000,000 QUIV. Assumptions: reward is a pool shared by stake, not a promised rate; holders choose by a logit, which
tends to the arbitrage equilibrium $y = \rho$ as $\beta$ grows.
"""

from __future__ import annotations

from model.arrays import Array, namespace


def tier(stake_nquiv: Array, minimums_nquiv: Array) -> Array:
    """Tier of each stake: 0 for none, else the number of minimums reached (4 = Platinum), `int64`.

    `stake_nquiv` `(*batch, n)` or `(n,)` or a single stake; `minimums_nquiv` `(tiers,)` rising, or `(*batch, tiers)`
    with stakes that have an axis `n`. A minimum counts as reached when equalled. Source: WHITEPAPER, staking tiers.
    """
    xp = namespace(stake_nquiv, minimums_nquiv)
    reached = xp.zeros_like(stake_nquiv)
    for index in range(minimums_nquiv.shape[-1]):
        minimum = minimums_nquiv[..., index]
        reached = reached + xp.astype(stake_nquiv >= (minimum[..., None] if minimum.ndim else minimum), xp.int64)
    return reached


def of_tier(amount: Array, minimums: Array, values: Array, below: Array = 0.0) -> Array:
    """The value of the highest minimum that each amount reaches, `below` for none; `(*batch, n)`, a comparison a tier.

    `minimums` and `values` are `(tiers,)` or `(*batch, tiers)`, the minimums rising.
    """
    xp = namespace(amount)
    chosen = below
    for index in range(values.shape[-1]):
        chosen = xp.where(amount >= minimums[..., index, None], values[..., index, None], chosen)
    return chosen


def apr(yearly_reward: Array, stake: Array) -> Array:
    """Reward of a year over the stake, elementwise; 0 where nothing is staked, since nobody is paid it."""
    xp = namespace(yearly_reward, stake)
    base = xp.astype(stake, xp.float64)
    safe = xp.where(base > 0.0, base, 1.0)
    return xp.where(base > 0.0, yearly_reward / safe, 0.0)


def apy(apr: Array, periods: Array = 365) -> Array:
    """Yield of a year with the reward restaked `periods` times, elementwise; `apr` above -`periods`."""
    xp = namespace(apr)
    return xp.pow(1.0 + apr / periods, 1.0 * periods) - 1.0


def logit_share(yield_: Array, required: Array, sensitivity: Array) -> Array:
    """Share in [0, 1] who choose to stake, elementwise; no overflow for any argument. Assumption: logit choice."""
    xp = namespace(yield_, required, sensitivity)
    gain = sensitivity * (yield_ - required)
    decay = xp.exp(-xp.abs(gain))
    return xp.where(gain >= 0.0, 1.0, decay) / (1.0 + decay)
