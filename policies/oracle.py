r"""The price oracle: what consumers and contracts take the token to be worth in USD.

Each feed reports yesterday's close with an error, sometimes repeats itself, sometimes fails; corrupt ones lie. One
price is made of them by a median that leaves out old and outlying reports; a circuit breaker holds the last price
when the median jumps, and an emergency vote can set the price by hand (`model/formulas/oracle.py`). An attack can push
feeds; a scenario's outage silences the last feeds, corrupt or not, and its fault multiplies what the first ones see.
Source: SPEC, Oracle Security; PricingOracle.LastUpdate.
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace
from model.attacks import today
from model.block import Block, Mechanism
from model.formulas import oracle


def observe(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Reports by feed and the oracle's price, USD per QUIV; ages in days; whether the breaker tripped."""
    xp = namespace(previous_state)
    reports, stale = _reports(params, previous_state)
    age = xp.where(stale, previous_state["feed_age_days"] + 1, 0)
    fresh = age <= params["oracle.staleness_days"][..., None]
    candidate = oracle.aggregate_reports(reports, fresh, params["oracle.outlier_z"], params["oracle.fewest_feeds"])
    last, held = previous_state["oracle_price_usd"], previous_state["oracle_held_days"]
    width, days = previous_state["oracle.breaker_width"], params["oracle.breaker_days"]
    price, held, tripped = oracle.breaker(candidate, last, held, width, days)
    override = previous_state["oracle.override_usd"]
    price = xp.where(override > 0.0, override, price)
    renewed = (held == 0) | (override > 0.0)
    return {
        "feed_price_usd": reports,
        "feed_age_days": age,
        "oracle_price_usd": price,
        "oracle_held_days": held,
        "oracle_trips": previous_state["oracle_trips"] + xp.astype(tripped, xp.int64),
        "oracle_last_update": xp.where(renewed, previous_state["day"], previous_state["oracle_last_update"]),
    }


def follow_market(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """With the mechanism off the oracle is the market: everyone knows yesterday's close."""
    xp = namespace(previous_state)
    market, reports = previous_state["price_usd"], previous_state["feed_price_usd"]
    return {
        "feed_price_usd": market[..., None] + xp.zeros_like(reports),
        "feed_age_days": previous_state["feed_age_days"],
        "oracle_price_usd": market,
        "oracle_held_days": previous_state["oracle_held_days"],
        "oracle_trips": previous_state["oracle_trips"],
        "oracle_last_update": xp.where(market > 0.0, previous_state["day"], previous_state["oracle_last_update"]),
    }


def _reports(params: Values, state: Values) -> tuple[Array, Array]:
    """Report of each feed, USD per QUIV, and whether it only repeats itself, `(*batch, feeds)`."""
    xp = namespace(state)
    day, feeds = state["day"], state["feed_price_usd"].shape[-1]
    market = state["price_usd"][..., None]
    seen = market * draws.lognormal(params, "oracle.noise", day, params["oracle.feed_noise"], feeds)
    seen = seen * params["shocks.feed_fault"][day]
    wrong = market * draws.lognormal(params, "oracle.fault", day, params["oracle.fault_sigma"], feeds)
    faulty = draws.happens(params, "oracle.faulty", day, params["oracle.fault_chance"][..., None], feeds)
    stale = draws.happens(params, "oracle.stale", day, params["oracle.stale_chance"][..., None], feeds)
    pushed = today(params, "feed_bias", day)
    corrupt = (xp.arange(feeds) < params["oracle.corrupt_feeds"][..., None]) | (pushed != 0.0)
    honest = xp.where(stale, state["feed_price_usd"], xp.where(faulty, wrong, seen))
    lie = market * (1.0 + xp.where(pushed != 0.0, pushed, params["oracle.corrupt_bias"][..., None]))
    silent = xp.arange(feeds) >= feeds - xp.round(params["shocks.feed_outage"][day] * feeds)
    reports = xp.where(silent, state["feed_price_usd"], xp.where(corrupt, lie, honest))
    return reports, (stale & ~corrupt) | silent


BLOCK = Block(
    "oracle",
    "Feeds report.",
    observe,
    phase="token",
    why="The market's price is public from the first trade on.",
    mechanism=Mechanism("oracle", "The price oracle's feeds; off, everyone knows the market's price."),
    otherwise=follow_market,
)
