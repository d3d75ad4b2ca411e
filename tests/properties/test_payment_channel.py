"""A payment channel under any sequence of calls, right or wrong, by either side and by strangers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from model.spec.payment_channel import CLAIM_PERIOD_S, ChannelError, Paid, PaymentChannel, Voucher, open_channel

PEOPLE = st.sampled_from(["alice", "bob", "carol"])
AMOUNTS = st.integers(-5, 10**30)
DAY = 86_400


class Calls(RuleBasedStateMachine):
    """Whatever is called: no more out than in, no old nonce, and every token somewhere."""

    @initialize(deposit=st.integers(1, 10**27), life=st.integers(1, 60 * DAY))
    def start(self, deposit: int, life: int) -> None:
        """Alice opens a channel to Bob."""
        self.now = 0
        self.channel = open_channel(1, "alice", "bob", deposit, self.now, life)
        self.put_in, self.to_provider, self.to_consumer = deposit, 0, 0
        self.accepted: list[Voucher] = []

    @rule(seconds=st.integers(0, 10 * DAY))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += seconds

    @rule(share=st.floats(0.0, 1.2), tokens=st.integers(0, 10**6), skip=st.integers(0, 3))
    def stream(self, share: float, tokens: int, skip: int) -> None:
        """An honest voucher, or one beyond the deposit."""
        channel = self.channel
        consumed = int(channel.deposit_amount * share)
        voucher = channel.voucher(consumed, channel.tokens_generated + tokens)
        self._hand_in(replace(voucher, nonce=voucher.nonce + skip))

    @rule(
        consumed=AMOUNTS,
        tokens=st.integers(-1, 10**9),
        nonce=st.integers(-1, 20),
        signer=PEOPLE,
        number=st.integers(1, 2),
    )
    def forge(self, consumed: int, tokens: int, nonce: int, signer: str, number: int) -> None:
        """Any voucher at all."""
        self._hand_in(Voucher(number, consumed, tokens, nonce, signer))

    @rule(place=st.integers(0, 10))
    def replay(self, place: int) -> None:
        """A voucher that was accepted before is refused."""
        if self.accepted:
            old = self.accepted[place % len(self.accepted)]
            with pytest.raises(ChannelError):
                self.channel.accept(old, self.now)

    @rule(amount=AMOUNTS, by=PEOPLE, later=st.one_of(st.none(), st.integers(0, 100 * DAY)))
    def top_up(self, amount: int, by: str, later: int | None) -> None:
        """A deposit is added, or refused."""
        try:
            self.channel = self.channel.top_up(amount, by, self.now, later)
        except ChannelError:
            return
        assert (by, amount > 0) == ("alice", True)
        self.put_in += amount

    @rule(by=PEOPLE)
    def settle(self, by: str) -> None:
        """The provider claims; nobody else can."""
        try:
            self.channel, paid = self.channel.settle(by, self.now)
        except ChannelError:
            return
        assert by == "bob"
        assert self.now < self.channel.expiry + CLAIM_PERIOD_S
        self._pay(paid)

    @rule(by=PEOPLE)
    def close(self, by: str) -> None:
        """It ends, and everything is paid out."""
        before = self.channel
        try:
            self.channel, paid = self.channel.close(by, self.now)
        except ChannelError:
            return
        assert by in ("alice", "bob")
        late = self.now >= before.expiry + CLAIM_PERIOD_S
        assert paid.provider == (0 if late else before.unsettled)
        assert late or by == "bob"
        self._pay(paid)
        assert self.to_provider + self.to_consumer == self.put_in

    @invariant()
    def holds(self) -> None:
        """At all times."""
        if not hasattr(self, "channel"):
            return
        channel = self.channel
        assert 0 <= self.to_provider == channel.claimed_amount <= channel.consumed_amount
        assert channel.consumed_amount <= channel.deposit_amount == self.put_in
        assert self.to_provider + self.to_consumer <= self.put_in
        assert channel.closed or self.to_consumer == 0
        nonces = [voucher.nonce for voucher in self.accepted]
        assert nonces == sorted(set(nonces))
        assert channel.nonce == (nonces[-1] if nonces else 0)

    def _hand_in(self, voucher: Voucher) -> None:
        before = self.channel
        try:
            self.channel = before.accept(voucher, self.now)
        except ChannelError:
            assert self.channel == before
            return
        assert voucher.nonce > before.nonce
        assert (voucher.signer, voucher.channel) == ("alice", 1)
        self.accepted.append(voucher)

    def _pay(self, paid: Paid) -> None:
        assert min(paid.provider, paid.consumer) >= 0
        self.to_provider += paid.provider
        self.to_consumer += paid.consumer


Calls.TestCase.settings = settings(max_examples=300, stateful_step_count=40, derandomize=True, deadline=None)
TestAnyCalls = Calls.TestCase


def opened(deposit: int = 100, expiry: int = DAY) -> PaymentChannel:
    return open_channel(1, "alice", "bob", deposit, 0, expiry)


def test_a_life_of_a_channel() -> None:
    """100 in, 30 consumed and claimed, 50 added, 80 consumed in all, closed: 80 to the provider, 70 back."""
    channel = opened()
    channel, first = channel.accept(channel.voucher(30, 10), 1).settle("bob", 2)
    channel = channel.top_up(50, "alice", 3)
    channel = channel.accept(channel.voucher(80, 25), 4)
    channel, rest = channel.close("bob", 5)
    assert (first, rest) == (Paid(provider=30), Paid(provider=50, consumer=70))
    assert (channel.nonce, channel.tokens_generated, channel.unsettled) == (2, 25, 0)
    assert channel.closed


def test_what_is_unsettled_at_expiry_can_be_claimed_for_a_day_and_no_longer() -> None:
    channel = opened()
    channel = channel.accept(channel.voucher(40, 10), 1)
    with pytest.raises(ChannelError, match="may claim until"):
        channel.close("alice", DAY + CLAIM_PERIOD_S - 1)
    assert channel.settle("bob", DAY + CLAIM_PERIOD_S - 1)[1] == Paid(provider=40)
    assert channel.close("bob", DAY + CLAIM_PERIOD_S - 1)[1] == Paid(provider=40, consumer=60)
    with pytest.raises(ChannelError, match="claims ended"):
        channel.settle("bob", DAY + CLAIM_PERIOD_S)
    assert channel.close("alice", DAY + CLAIM_PERIOD_S)[1] == Paid(provider=0, consumer=100)


def test_a_consumer_who_stops_signing_costs_the_provider_one_voucher() -> None:
    """Work of 10 is done before its voucher is signed: the provider loses that and nothing that was signed before."""
    channel = opened()
    for served in (10, 20, 30):
        channel = channel.accept(channel.voucher(served, served), served)
    assert channel.close("bob", 40)[1] == Paid(provider=30, consumer=70)


def test_a_consumer_cannot_take_the_deposit_back_while_the_provider_may_claim() -> None:
    channel = opened()
    channel = channel.accept(channel.voucher(100, 1), 1)
    for now in (2, DAY, DAY + CLAIM_PERIOD_S - 1):
        with pytest.raises(ChannelError):
            channel.close("alice", now)


def test_a_provider_who_never_answers_locks_a_deposit_until_a_day_after_expiry() -> None:
    assert opened().close("alice", DAY + CLAIM_PERIOD_S)[1] == Paid(consumer=100)


@pytest.mark.parametrize(
    ("consumer", "deposit", "expiry", "sentence"),
    [
        ("alice", 0, DAY, "deposit must be positive, got 0"),
        ("alice", -1, DAY, "deposit must be positive, got -1"),
        ("alice", 1, 0, "expiry 0 is not after 0"),
        ("bob", 1, DAY, "bob cannot have a channel to itself"),
    ],
)
def test_a_channel_that_makes_no_sense_is_refused(consumer: str, deposit: int, expiry: int, sentence: str) -> None:
    with pytest.raises(ChannelError, match=sentence):
        open_channel(1, consumer, "bob", deposit, 0, expiry)


def test_amounts_are_whole() -> None:
    with pytest.raises(TypeError, match="deposit must be an int, not float"):
        open_channel(1, "alice", "bob", 1.5, 0, DAY)  # type: ignore[arg-type]
