r"""Price of inference: base rate, demand and supply.

$$p = \max\left(b \cdot \frac{D}{\max(S, \varepsilon)},\; p_{\min}\right), \qquad
  p_{\text{go}} = b \cdot \frac{\lfloor 100 D \rceil_0}{\lfloor 100 S \rceil_0}$$

with $b$ the base rate of a model size, $D$ the demand multiplier, $S$ the supply factor and $\lfloor\cdot\rceil_0$ Go's
truncation towards zero. Units: $b$, $p$ in QUIV per token; $D$, $S$ pure numbers. A base rate held in USD is
$b_t = b\, P^* e^{-\delta t} / P_t$: worth $b P^*$ whatever the price $P$ of the token, less a decline $\delta$.

Source: SPEC, Dynamic Pricing Engine; base rate, model complexity and the demand range 0.8 to 2 in WHITEPAPER, pricing.
Assumptions: supply is capacity over a reference capacity, 1 in balance, and never counts as less than
$\varepsilon$; the price never falls below one wei a token or whatever floor is given. To see the spec's own
truncation, use `inference_price_go`.
"""

from __future__ import annotations

from model.arrays import Array, namespace, refuse
from model.spec.exact import INT64_LIMIT, GoConversionError, GoDivisionError

SUPPLY_EPSILON = 1e-9
"""The least supply factor that the exact reading divides by."""


def inference_price(
    base_rate: Array, demand_multiplier: Array, supply_factor: Array, floor: Array, epsilon: Array = SUPPLY_EPSILON
) -> Array:
    """Price in QUIV per token, the exact ratio, guarded.

    All arguments broadcast element by element: for rates `(sizes,)` and a batch of demands `(*batch)` pass
    `demand[..., None]`. `base_rate` and `floor` in QUIV per token, `floor` and `epsilon` above zero.
    Source: SPEC, Dynamic Pricing Engine.
    """
    xp = namespace(base_rate, demand_multiplier, supply_factor)
    return xp.maximum(base_rate * demand_multiplier / xp.maximum(supply_factor, epsilon), floor)


def pegged_rate(base_rate: Array, peg_price: Array, token_price: Array, decline: Array, years: Array) -> Array:
    """Base rate in QUIV per token that is worth the same in USD at every price of QUIV, and falls as time goes by.

    `peg_price` and `token_price` in USD per QUIV, above zero: at a token price of `peg_price` a rate is itself in year
    zero. `decline` per year, `years` since then; all broadcast element by element. Source: assumption; the documents
    name a number of QUIV.
    """
    xp = namespace(base_rate, token_price)
    return base_rate * (peg_price * xp.exp(-decline * years) / token_price)


def clamp_multiplier(x: Array, low: Array, high: Array) -> Array:
    """`x` held within [low, high], element by element; NaN stays NaN. Source: WHITEPAPER, demand multiplier."""
    xp = namespace(x)
    return xp.minimum(xp.maximum(x, low), high)


def inference_price_go(base_rate: Array, demand: Array, supply: Array) -> Array:
    """Price in QUIV per token with Go's truncation of demand and supply to hundredths, and none of the guards.

    Arguments broadcast element by element; `base_rate` in QUIV per token. Go also cuts the price to a whole wei,
    this does not: the two differ by less than one wei a token plus the float's own 2**-50 of the price. Raises what
    `exact.calculate_price` raises if any element does.
    Source: SPEC, Dynamic Pricing Engine.
    """
    demand_hundredths = _hundredths("demand", demand)
    supply_hundredths = _hundredths("supply", supply)
    refuse(
        supply_hundredths == 0.0,
        GoDivisionError("supply truncates to 0 hundredths, and Go panics on a division by zero"),
    )
    return base_rate * demand_hundredths / supply_hundredths


def _hundredths(name: str, x: Array) -> Array:
    """Go's `int64(x * 100)`, still a float; refused where Go would leave the result to the machine."""
    xp = namespace(x)
    scaled = x * 100.0
    refuse(
        ~((scaled >= -INT64_LIMIT) & (scaled < INT64_LIMIT)),
        GoConversionError(f"{name} times 100 is no int64, and Go leaves the conversion to the machine"),
    )
    return xp.trunc(scaled)
