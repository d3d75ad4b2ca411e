"""A payment channel as a contract keeps it: deposits, signed vouchers, claims, top-ups and closing, in whole numbers.

The consumer deposits, and signs vouchers for what it has consumed in all; the provider claims the highest one that it
holds. Amounts are wei (or any whole unit), times whole seconds. Four rules hold whatever is called in which order:

- what is paid out never exceeds what was deposited, and equals it when the channel is closed;
- a voucher counts if it is signed by the consumer for this channel and its nonce is higher than the last;
- consumed never exceeds the deposit, and never falls;
- the provider may claim until 24 hours after expiry; then the rest, claimed late or never, is the consumer's.

Every operation returns a new channel and what it pays out; one that is refused raises `ChannelError` and changes
nothing. Source: SPEC, Payment Channel Implementation, for the fields; the period of claims and the rules are
assumptions. The economy's channels (`policies/channels.py`) are these in the mean of a day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

CLAIM_PERIOD_S = 24 * 3600
"""Time after expiry for which the provider may still claim (assumption; the spec has none)."""


class ChannelError(ValueError):
    """An operation that the contract refuses; the channel is as it was."""


@dataclass(frozen=True)
class Voucher:
    """What the consumer has consumed in all, signed; `channel` is the number of the channel that it is for."""

    channel: int
    consumed_amount: int
    tokens_generated: int
    nonce: int
    signer: str


@dataclass(frozen=True)
class Paid:
    """What an operation pays out, and to whom."""

    provider: int = 0
    consumer: int = 0


@dataclass(frozen=True)
class PaymentChannel:
    """The spec's fields, with what has been claimed and whether it is closed."""

    number: int
    consumer: str
    provider: str
    deposit_amount: int
    expiry: int
    consumed_amount: int = 0
    tokens_generated: int = 0
    nonce: int = 0
    claimed_amount: int = 0
    closed: bool = False

    @property
    def unsettled(self) -> int:
        """What the provider has vouchers for and has not claimed."""
        return self.consumed_amount - self.claimed_amount

    def voucher(self, consumed_amount: int, tokens_generated: int) -> Voucher:
        """The consumer's next voucher."""
        return Voucher(self.number, consumed_amount, tokens_generated, self.nonce + 1, self.consumer)

    def accept(self, voucher: Voucher, now: int) -> PaymentChannel:
        """The channel after the provider has handed in a voucher; nothing is paid yet."""
        self._must_be_open()
        self._must_be_claimable(now)
        if (voucher.channel, voucher.signer) != (self.number, self.consumer):
            raise ChannelError(
                f"voucher is signed by {voucher.signer} for channel {voucher.channel}; "
                f"this is channel {self.number} of {self.consumer}"
            )
        if voucher.nonce <= self.nonce:
            raise ChannelError(f"nonce {voucher.nonce} is not above {self.nonce}, the last that was accepted")
        _not_below("consumed amount", voucher.consumed_amount, self.consumed_amount)
        _not_below("tokens generated", voucher.tokens_generated, self.tokens_generated)
        if voucher.consumed_amount > self.deposit_amount:
            raise ChannelError(f"consumed {voucher.consumed_amount} is above the deposit of {self.deposit_amount}")
        return replace(
            self,
            consumed_amount=voucher.consumed_amount,
            tokens_generated=voucher.tokens_generated,
            nonce=voucher.nonce,
        )

    def top_up(self, amount: int, by: str, now: int, expiry: int | None = None) -> PaymentChannel:
        """The channel with a higher deposit and, if given, a later expiry; by its consumer, before it expires."""
        self._must_be_open()
        self._must_be(by, self.consumer)
        if now >= self.expiry:
            raise ChannelError(f"the channel expired at {self.expiry}, and it is {now}")
        later = self.expiry if expiry is None else expiry
        _not_below("expiry", later, self.expiry)
        return replace(self, deposit_amount=self.deposit_amount + _positive("top-up", amount), expiry=later)

    def settle(self, by: str, now: int) -> tuple[PaymentChannel, Paid]:
        """The provider claims what its highest voucher says; the channel goes on."""
        self._must_be_open()
        self._must_be(by, self.provider)
        self._must_be_claimable(now)
        return replace(self, claimed_amount=self.consumed_amount), Paid(provider=self.unsettled)

    def close(self, by: str, now: int) -> tuple[PaymentChannel, Paid]:
        """The end: the provider at any time, with what it can still claim; the consumer when nothing can be claimed.

        What is not paid to the provider returns to the consumer.
        """
        self._must_be_open()
        claimable = now < self.expiry + CLAIM_PERIOD_S
        if by == self.consumer and claimable:
            raise ChannelError(f"the provider may claim until {self.expiry + CLAIM_PERIOD_S}, and it is {now}")
        if by not in (self.consumer, self.provider):
            raise ChannelError(f"{by} is neither the channel's consumer nor its provider")
        due = self.unsettled if claimable else 0
        claimed = self.claimed_amount + due
        closed = replace(self, claimed_amount=claimed, closed=True)
        return closed, Paid(provider=due, consumer=self.deposit_amount - claimed)

    def _must_be_open(self) -> None:
        if self.closed:
            raise ChannelError(f"channel {self.number} is closed")

    def _must_be(self, by: str, who: str) -> None:
        if by != who:
            raise ChannelError(f"{by} may not do this; {who} may")

    def _must_be_claimable(self, now: int) -> None:
        end = self.expiry + CLAIM_PERIOD_S
        if now >= end:
            raise ChannelError(f"claims ended at {end}, and it is {now}")


def open_channel(number: int, consumer: str, provider: str, deposit: int, now: int, expiry: int) -> PaymentChannel:
    """A new channel. Raises `ChannelError` for a deposit that is not positive or an expiry that is not ahead."""
    if expiry <= now:
        raise ChannelError(f"expiry {expiry} is not after {now}")
    if consumer == provider:
        raise ChannelError(f"{consumer} cannot have a channel to itself")
    return PaymentChannel(number, consumer, provider, _positive("deposit", deposit), expiry)


def _positive(name: str, amount: int) -> int:
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"{name} must be an int, not {type(amount).__name__} {amount!r}")
    if amount <= 0:
        raise ChannelError(f"{name} must be positive, got {amount}")
    return amount


def _not_below(name: str, new: int, old: int) -> None:
    if new < old:
        raise ChannelError(f"{name} {new} is below {old}; it never falls")
