"""The spec's receipt of one payment, in whole numbers that sum to it.

    payment = provider reward + network fee + treasury fee + burn + validators' fee + stakers' fee + referral fee

The first four parts and the payment are SPEC's fields (Receipt System Enhancement); the last three have no field there
and would otherwise vanish. `Receipt.of` works them out of a payment and the fee parameters as `policies/settlement.py`
does for a day's payments, in Python integers of any size, so of wei as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction

from model.parameters.fees import Fees
from model.spec.exact import ReceiptError

TOKEN = "QUIV"


@dataclass(frozen=True)
class Receipt:
    """Amounts in any one whole unit. Raises `ReceiptError` where the parts do not sum to the payment."""

    payment_amount: int
    provider_reward: int
    network_fee: int
    treasury_fee: int
    burn_amount: int
    validator_fee: int = 0
    stakers_fee: int = 0
    referral_fee: int = 0
    payment_token: str = TOKEN

    def __post_init__(self) -> None:
        """Every part is a whole number, none is negative, and they sum to the payment."""
        for name, amount in self.amounts().items():
            if isinstance(amount, bool) or not isinstance(amount, int):
                raise ReceiptError(f"{name} must be an int, not {type(amount).__name__} {amount!r}")
            if amount < 0:
                raise ReceiptError(f"{name} must not be negative, got {amount}")
        parts = sum(self.amounts().values()) - self.payment_amount
        if parts != self.payment_amount:
            raise ReceiptError(f"the parts sum to {parts}, the payment is {self.payment_amount}")

    def amounts(self) -> dict[str, int]:
        """Every field but the token's name."""
        return {name: value for name, value in asdict(self).items() if name != "payment_token"}

    @staticmethod
    def of(
        payment: int, fees: Fees, multiplier: float = 1.0, referral: bool = True, validators: bool = True
    ) -> Receipt:
        """The receipt of a payment under fee parameters and a fee multiplier.

        Without `referral` nobody referred it; without `validators` none is active, and the network keeps their part.
        Rates are read in parts of 1e9, as the ledger reads them; every part is rounded down and the provider gets the
        rest.
        """
        others = fees.treasury_share + fees.referral_share + fees.base_burn_share
        rate = min(multiplier * fees.network_share, max(fees.take_limit - others, 0.0))
        network = _part(payment, rate, payment)
        burn = _part(network, fees.burn_share, network)
        stakers = _part(network, fees.stakers_share, network - burn)
        of_network = _part(network, fees.network_treasury_share, network - burn - stakers)
        validating = _part(payment, fees.validator_share * validators, network - burn - stakers - of_network)
        treasury = _part(payment, fees.treasury_share, payment - network)
        referred = _part(payment, fees.referral_share if referral else 0.0, payment - network - treasury)
        base_burn = _part(payment, fees.base_burn_share, payment - network - treasury - referred)
        return Receipt(
            payment_amount=payment,
            provider_reward=payment - network - treasury - referred - base_burn,
            network_fee=network - burn - stakers - of_network - validating,
            treasury_fee=treasury + of_network,
            burn_amount=burn + base_burn,
            validator_fee=validating,
            stakers_fee=stakers,
            referral_fee=referred,
        )

    def to_json(self) -> dict[str, str]:
        """The receipt with the spec's JSON names; amounts as decimal text, as a `big.Int` of any size needs."""
        return {**{name: str(amount) for name, amount in self.amounts().items()}, "payment_token": self.payment_token}

    @staticmethod
    def from_json(fields: Mapping[str, str]) -> Receipt:
        """A receipt from its JSON. Raises `ReceiptError` for an unknown or missing field or an amount that is none."""
        known = set(Receipt.__dataclass_fields__)
        if set(fields) != known:
            odd = sorted(set(fields) ^ known)
            raise ReceiptError(
                f"a receipt has the fields {', '.join(sorted(known))}; unknown or missing: {', '.join(odd)}"
            )
        try:
            amounts = {name: int(text) for name, text in fields.items() if name != "payment_token"}
        except ValueError as reason:
            raise ReceiptError(f"an amount is no whole number: {reason}") from None
        return Receipt(**amounts, payment_token=fields["payment_token"])


def _part(amount: int, rate: float, left: int) -> int:
    """floor(amount x rate), at most what is left; the rate is the nearest whole number of parts in 1e9."""
    parts = Fraction(round(float(rate) * 1e9), 10**9)
    return min(int(amount * parts), left)
