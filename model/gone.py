"""Parameters of earlier versions that moved or went, and what to write in their place.

A file, an option or a call that names one is answered with its sentence: `experiments.errors.unknown` looks here for
every name that is not valid, and `Contract` for a field that it does not have.
"""

from __future__ import annotations

WISH = "investors.required, investors.risk and investors.attention"

MOVED = {
    "speculators.news_sigma": "valuation.news_sigma",
    "speculators.value_days": "valuation.smoothing_days",
}
"""The new name, by the old."""

GONE = {
    "pool.unlock_sell_share": f"holders now sell by {WISH}",
    "pool.reward_sell_share": f"delegators now sell by {WISH}, as all holders do",
    "pool.yield_flow_usd": "outside capital is now a stock; write investors.capital_share and investors.capital_days",
    "speculators.cash_usd": "speculators' cash now follows what the token is worth; write speculators.capital_share",
    "speculators.news_days": "news no longer fades; write valuation.news_sigma, and valuation.volatility_days for how "
    "long an agitated market stays so",
}
"""What does its work now, by the old name."""


def instead(name: object) -> str:
    """The sentence for a dotted name of an earlier version; empty for any other."""
    if not isinstance(name, str):
        return ""
    if name in MOVED:
        return f"moved; write {MOVED[name]}"
    return f"gone; {GONE[name]}" if name in GONE else ""
