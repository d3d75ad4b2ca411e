r"""The token's value: what the network takes, for all tokens that there will be, and the news about it.

Value is that of `model/formulas/valuation.py`. News $\nu$ is a walk, so that value is a martingale in it,

$$ \Delta \nu = s_t \varepsilon - s_t^2 / 2, \qquad s_t = \frac{\sigma}{\sqrt{365}} e^{v_t - \varsigma^2}, \qquad
   v_t = e^{-1/\tau} v_{t-1} + \varsigma \sqrt{1 - e^{-2/\tau}}\, \eta_t, $$

with $\varepsilon$ and $\eta$ standard normal: volatility itself is moved, and remembered (Taylor 1986). News stands for
what becomes known of growth and of the discount rate, which is most of what moves valuations (Campbell and Shiller
1988). A scenario's price jump is news that stays; its volatility regime is a factor on $\sigma$. Adoption's curve is
known to everybody; where demand is given from outside, today's use is taken to stay. A path of values given from
outside takes the place of the receipts, as in the benchmark of `experiments/analysis/rational.py`; news moves it as
well. Source: assumption.
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace
from model.block import Block, Choice
from model.formulas import valuation
from model.investors import diluted_quiv


def value_token(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Value of the token, USD per QUIV; news and how much of it there is."""
    news, volatility = _news(params, previous_state)
    grown, years = params["genesis.growth"][..., previous_state["day"]], params["valuation.multiple_years"]
    diluted = diluted_quiv(params, previous_state)
    value = valuation.value(previous_state["take_usd"], years, grown, diluted, news)
    return {"value_usd": value, "news": news, "news_volatility": volatility}


def follow_value_path(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The value from a given path, USD per QUIV, moved by the news; news and how much of it there is."""
    news, volatility = _news(params, previous_state)
    path = params["exogenous.value_usd"]
    day = namespace(previous_state).minimum(previous_state["day"], path.shape[-1] - 1)
    return {"value_usd": valuation.moved(path[..., day], news), "news": news, "news_volatility": volatility}


def _news(params: Values, state: Values) -> tuple[Array, Array]:
    """What is known of the value beyond the receipts, in logs; and the log volatility of news these weeks."""
    xp = namespace(state)
    day, spread = state["day"], params["valuation.volatility_sigma"]
    keep = xp.exp(-1.0 / params["valuation.volatility_days"])
    fresh = spread * xp.sqrt(1.0 - keep * keep) * draws.normal(params, "valuation.volatility", day)
    volatility = keep * state["news_volatility"] + fresh
    usual = params["valuation.news_sigma"] * params["shocks.volatility"][day] * 365.0**-0.5
    sd = usual * xp.exp(volatility - spread * spread)
    drift = 0.5 * sd * sd * params["draws.noise"]
    walked = state["news"] + sd * draws.normal(params, "valuation.news", day) - drift
    return walked + params["shocks.price_jump"][day], volatility


BLOCK = Block(
    "valuation",
    "The token is valued.",
    Choice("value_given", {False: value_token, True: follow_value_path}),
    phase="token",
    why="A token that exists is worth what its network is expected to take.",
)
