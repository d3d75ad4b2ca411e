"""Metrics of the token market: price, value, capital, volume, depth, the pool, speculators, the maker, velocity."""

from __future__ import annotations

from model.arrays import Array, ratio
from model.flows import PAID
from model.formulas import amm
from model.investors import owned_by_class
from model.metrics import auctioned
from model.metrics.metric import Chapter, Metric, held_in, mean_of, moved_by, sum_of, value_of
from model.metrics.reading import Reading

CHAPTER = Chapter(
    "token",
    "Token market",
    "What the token costs and what it is worth by the network's take, what capital follows it, how much is traded, how "
    "deep the market is and what the pool earns, what speculators and the market maker do, and how fast tokens change "
    "hands.",
)

BOUGHT = ("consumer_purchase", "holder_purchase", "speculator_purchase", "maker_purchase", "pool_purchase")
SOLD = ("provider_sale", "validator_sale", "holder_sale", "speculator_sale", "maker_sale", "pool_sale")


def _pool_over_holding(r: Reading) -> Array:
    """LP return against holding: what stayed in the pool over its first reserves held, less one; zero without one."""
    price, first = r.state["price_usd"], r.params["market.initial_price_usd"]
    held = r.params["genesis.pool_quiv"] * (price + first) * (1.0 - _withdrawn(r))
    return ratio(r.state["pool_usd"] + r.held("pool_nquiv") * price - held, held)


def _withdrawn(r: Reading) -> Array:
    """The part of the opening liquidity that has left the pool."""
    return r.params["pool.withdrawable_share"] - r.state["lp_liquidity"]


def _impermanent_loss(r: Reading) -> Array:
    """Impermanent loss: a pool without fee over its first reserves held, less one; zero without a pool."""
    moved = r.state["price_usd"] / r.params["market.initial_price_usd"]
    return amm.value_over_holding(moved) * (r.params["genesis.pool_quiv"] > 0.0)


def _maker_profit(r: Reading) -> Array:
    """The market maker's cash and tokens less what its budgets would be worth, held, USD; zero before it quotes."""
    cash = r.state["maker_usd"] - r.params["maker.budget_usd"]
    tokens = r.held("maker_nquiv") - r.params["maker.budget_quiv"]
    return (cash + tokens * r.state["price_usd"]) * (r.state["maker_ask_usd"] > 0.0)


def _dumped(r: Reading) -> Array:
    """The part of investors that has dumped its tokens and stays out, by what each class owns."""
    tokens, _ = owned_by_class(r.params, r.state)
    return ratio(r.xp.sum(tokens * r.state["dumped_share"], axis=-1), r.xp.sum(tokens, axis=-1))


METRICS = [
    Metric("price_usd", "Token price", "USD per QUIV", "Closing price of the token.", value_of("price_usd")),
    Metric("value_usd", "Token value", "USD per QUIV", "What the token is worth by the network's take, over the fully diluted supply, and by news; investors ask a premium on it.", value_of("value_usd")),
    Metric("value_over_price", "Value over price", "ratio", "The token's value over its closing price: above one by the premium that investors ask.", lambda r: ratio(r.state["value_usd"], r.state["price_usd"])),
    Metric("news", "News", "log", "News about the value that is in no receipt yet, in logs: a walk.", value_of("news")),
    Metric("take_usd", "Take of the network", "USD a day", "What the network takes a day and does not pay back, smoothed; what is kept and not burned or paid to stakers counts by its weight.", value_of("take_usd")),
    Metric("investor_cash_usd", "Outside capital", "USD", "Cash of all classes of investors that follows the token and is not in it.", sum_of("investor_cash_usd")),
    Metric("capital_in_usd", "Inflow of capital", "USD", "Outside capital that has come for the token so far, less what has left; it is nobody's gain or loss.", value_of("capital_in_usd")),
    Metric("investors_share", "Held of investors' wealth", "share of wealth", "Investors' tokens over their tokens and outside capital, at the closing price.", auctioned.share_held),
    Metric("dumped_share", "Out of the market", "share of wealth", "Part of investors' tokens whose owners have dumped theirs and stay out for now: mean over classes, by tokens.", _dumped),
    Metric("oracle_price_usd", "Oracle price", "USD per QUIV", "Price that consumers and contracts go by.", value_of("oracle_price_usd")),
    Metric("oracle_trips", "Circuit breaker trips", "trips", "Times that the oracle's circuit breaker has tripped so far.", lambda r: r.state["oracle_trips"] * 1.0),
    Metric("oracle_age_days", "Age of the oracle's price", "days", "Days since the oracle's price was renewed.", lambda r: (r.state["day"] - 1 - r.state["oracle_last_update"]) * 1.0),
    Metric("traded_quiv", "Volume of the market", "QUIV a day", "Tokens bought in the market today.", moved_by(*BOUGHT)),
    Metric("traded_usd", "Volume of the market in USD", "USD a day", "Tokens bought in the market today, at the price of the batch; zero without a pool.", lambda r: r.moved(*BOUGHT) * r.state["batch_price_usd"]),
    Metric("depth_usd", "Depth of the market", "USD", "What a purchase costs that raises the auction's price by a tenth, by what investors and savers sell and do not buy, and by the pool; without fee.", lambda r: auctioned.depth(r, 0.1)),
    Metric("pool_quiv", "QUIV in the pool", "QUIV", "QUIV leg of the liquidity pool.", held_in("pool_nquiv")),
    Metric("pool_usd", "USD in the pool", "USD", "USD leg of the liquidity pool.", value_of("pool_usd")),
    Metric("pool_over_holding", "Pool against holding", "ratio", "The pool's value over that of what was put in at genesis and not withdrawn, held, less one: fees less impermanent loss; zero without a pool.", _pool_over_holding),
    Metric("liquidity_usd", "Liquidity in the pool", "USD", "Both legs of the liquidity pool at the closing price.", lambda r: r.state["pool_usd"] + r.held("pool_nquiv") * r.state["price_usd"]),
    Metric("liquidity_withdrawn", "Liquidity withdrawn", "share of opening liquidity", "Part of the liquidity that the pool opened with which its providers have withdrawn and not returned.", _withdrawn),
    Metric("lp_return", "Return of liquidity", "1 / year", "Fees of the pool less its loss versus rebalancing, over its value, smoothed: what liquidity providers go by.", value_of("lp_return")),
    Metric("impermanent_loss", "Impermanent loss", "ratio", "What a pool that earns no fees would be worth over what was put in at genesis, held, less one: by the price alone. What the pool against holding has beyond it is earned by fees. Zero without a pool.", _impermanent_loss),
    Metric("lvr_usd", "Loss versus rebalancing", "USD", "What the pool has lost so far against a portfolio that holds its QUIV at every moment, fees included.", value_of("lvr_usd")),
    Metric("maker_quiv", "Inventory of the market maker", "QUIV", "The market maker's tokens.", held_in("maker_nquiv")),
    Metric("maker_profit_usd", "Profit of the market maker", "USD", "The market maker's cash and tokens at the token's price, less what its budgets would be worth, held.", _maker_profit),
    Metric("fundamentalist_share", "Speculators who go by value", "share of speculators", "Mean over the groups of speculators of the part that goes by value.", mean_of("fundamentalist_share")),
    Metric("speculator_wealth_usd", "Speculators' wealth", "USD", "Speculators' cash and tokens at the token's price.", lambda r: r.summed("speculator_cash_usd") + r.held("speculator_wallet_nquiv") * r.state["price_usd"]),
    Metric("speculator_quiv", "Held by speculators", "QUIV", "Speculators' tokens.", held_in("speculator_wallet_nquiv")),
    Metric("velocity", "Utility velocity", "1 / year", "A year of today's payments over circulating supply.", lambda r: 365.0 * ratio(r.moved(*PAID), r.circulating)),
    Metric("exchange_velocity", "Exchange velocity", "1 / year", "A year of today's market volume over circulating supply.", lambda r: 365.0 * ratio(r.moved(*BOUGHT), r.circulating)),
    Metric("transaction_velocity", "Transaction velocity", "1 / year", "A year of today's payments, purchases and sales over circulating supply.", lambda r: 365.0 * ratio(r.moved(*PAID, *BOUGHT, *SOLD), r.circulating)),
]  # fmt: skip
