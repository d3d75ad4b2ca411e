"""Payment channels of consumers: claims, targets, nonces, expiry."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "claimed_nquiv", "consumers", "nQUIV a day", "Payment by channel that providers claimed today.", dtype=int
    ),
    Variable(
        "channel_lapsed_nquiv",
        "consumers",
        "nQUIV a day",
        "Payment by channel that nobody claimed before the channel ended today.",
        dtype=int,
    ),
    Variable(
        "channel_target_nquiv", "consumers", "nQUIV", "Balance to which each consumer fills up its channel.", dtype=int
    ),
    Variable("channel_opened", "consumers", "0 or 1", "Whether each consumer made a deposit today.", dtype=int),
    Variable(
        "channel_nonce",
        "consumers",
        "vouchers",
        "Nonce of the latest voucher of each channel; it only grows.",
        dtype=int,
    ),
    Variable("channel_expiry_day", "consumers", "days", "Day on which each channel expires.", dtype=int),
]
