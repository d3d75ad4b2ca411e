r"""The lifecycle of proposals under any sequence of events, over the wired blocks of voting power and governance.

Theory: a proposal is a state machine. It waits, is discussed, voted on, time-locked and executed; it ends early where
it is rejected, defeated or cancelled, and its place is free again. Whatever is proposed, by whom, with what votes: no
status is skipped, no ordinary change takes effect before 7 + 14 + 7 = 28 days and no urgent one before 0 + 2 + 2 = 4, a
vote is counted once, a deposit comes back in full or is forfeited in full, and what is live has been voted for, lies
within its bounds, keeps the rules that tie parameters together, and is within a fifth of what the quarter began with.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from experiments.engines.genesis import genesis
from model.arrays import take_rate, to_nquiv
from model.codes import PROPOSAL_TYPES, ProposalStatus, ProposalType
from model.economy import Economy, ScriptedProposal
from model.flows import LEDGER
from model.parameters import GOVERNED, REGISTRY
from model.parameters.fees import Fees
from model.parameters.governance import Governance
from model.parameters.rules import broken
from model.supply import circulating_nquiv
from policies.rails import PAYMENT
from tests.economics.limits import QUIV, SEED, block, by_day, economy, last

WAITING, DISCUSSION, VOTING, TIMELOCK, EXECUTED, DEFEATED, REJECTED, CANCELLED = ProposalStatus
EMERGENCY = ProposalType.EMERGENCY

LIFECYCLE = {
    WAITING: (DISCUSSION, REJECTED),
    DISCUSSION: (VOTING,),
    VOTING: (TIMELOCK, DEFEATED),
    TIMELOCK: (EXECUTED, REJECTED, CANCELLED),
}
CLOSED = (EXECUTED, DEFEATED, REJECTED, CANCELLED)
ORDINARY = {(before, after) for before, afters in LIFECYCLE.items() for after in afters}

FEES = Fees(burn_share=0.5, stakers_share=0.4, network_treasury_share=0.05, treasury_share=0.1, take_limit=0.14)
"""Close to the limits that several parameters have together."""

SUBJECTS = (
    "fees.burn_share",
    "fees.stakers_share",
    "fees.network_treasury_share",
    "fees.treasury_share",
    "fees.referral_share",
    "fees.take_limit",
    "fees.congestion_low",
    "fees.congestion_high",
    "staking.direct_share",
    "staking.delegator_share",
    "governance.deposit_quiv",
    "governance.quorum",
    "treasury.payment_quiv",
)
CALENDARS = ((7, 14, 7), (7, 14, 7), (0, 1, 0), (2, 3, 0), (0, 2, 3))
WALLETS = ("holder_wallet_nquiv", "provider_wallet_nquiv", "consumer_wallet_nquiv")
PLACES = st.integers(0, 12)
SLOTS = 3
SETTINGS = settings(
    max_examples=12,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Proposals(RuleBasedStateMachine):
    """An economy of a few voters, and what an onlooker knows of its proposals."""

    def __init__(self, seen: Counter[tuple[int, int]], scripted: bool, live: bool = False) -> None:
        super().__init__()
        self.seen, self.scripted, self.live = seen, scripted, live

    @initialize(
        calendar=st.sampled_from(CALENDARS), quarter=st.sampled_from([91, 91, 10, 33]), first=st.integers(0, 90)
    )
    def start(self, calendar: tuple[int, int, int], quarter: int, first: int) -> None:
        """An economy on some day of its quarter."""
        discussion, voting, timelock = calendar
        rules = Governance(
            discussion_days=discussion,
            voting_days=voting,
            timelock_days=timelock,
            quarter_days=quarter,
            slots=SLOTS,
            snapshot="live_balance" if self.live else "creation",
        )
        case = self._economy(rules)
        self.blocks = [block(case, name) for name in ("power", "governance")]
        self.state, self.params = genesis([case], SEED, [0])
        self.state["day"] = np.int64(first)
        self.state["voter_power_nquiv"] = self.state["voter_power_nquiv"] + 0
        self.calendar = {False: calendar, True: tuple(int(days) for days in rules.emergency_days)}
        self.born: dict[int, int] = {}
        self.power: dict[int, float] = {}
        self.quarter_starts = self._live()
        self.borrowed = np.zeros(SLOTS)
        self.shares = 0.0, 0.0

    def _economy(self, rules: Governance) -> Economy:
        listed = tuple(
            ScriptedProposal(day=10_000, parameter="fees.burn_share", value=0.5, type="economic", hostile=slot == 0)
            for slot in range(SLOTS)
        )
        more: dict[str, Any] = {"proposals": listed} if self.scripted else {}
        return economy("governance", "proposing", days=1, governance=rules, fees=FEES, **more)

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        """Days pass."""
        for _ in range(days):
            self._day()

    @rule()
    def wait_for_the_end(self) -> None:
        """Until no proposal is open."""
        for _ in range(29):
            self._day()

    @rule(
        subject=st.sampled_from(SUBJECTS),
        step=st.sampled_from([-0.21, -0.2, -0.1, 0.0, 0.1, 0.19, 0.2, 0.21]),
        proposer=PLACES,
        slot=st.integers(0, SLOTS - 1),
        kind=st.sampled_from([*PROPOSAL_TYPES, "emergency"]),
        turnout=st.sampled_from([0.0, 0.1, 1.0, 1.0]),
        support=st.sampled_from([0.0, 0.09, 0.11, 0.5, 0.55, 0.8, 1.0, 1.0, 1.0]),
        again=st.booleans(),
    )
    def submit(self, subject: str, step: float, proposer: int, slot: int, again: bool, **vote: Any) -> None:
        """By the script or as an agent's idea: within the bounds and, by chance, within limits, rules and means."""
        entry, live = REGISTRY[subject], float(self.state[subject][0])
        low, high = float(entry.low or 0.0), float(entry.high or 0.0)
        value = 1e6 if subject == "treasury.payment_quiv" else live + step * (abs(live) or high - low)
        if again:
            self._richer(proposer)
        self._propose(GOVERNED.index(subject), min(max(value, low), high), proposer, slot, **vote)
        self._day()

    @rule(pair=st.sampled_from([(0, 1, 0.1), (1, 2, 0.1), (5, 3, -0.2), (8, 9, 0.2), (6, 7, 0.2)]), proposer=PLACES)
    def break_a_rule(self, pair: tuple[int, int, float], proposer: int) -> None:
        """Two changes, each of them sound, which everybody is for, on one day or on two."""
        for slot, place in enumerate(pair[:2]):
            self._richer(proposer)
            live = float(self.state[SUBJECTS[place]][0])
            step = pair[2] if slot == 0 or pair[2] > 0.0 else -pair[2]
            self._propose(GOVERNED.index(SUBJECTS[place]), live * (1.0 + step), proposer, slot, "economic", 1.0, 1.0)
            if not self.scripted:
                self._day()
        self._day()

    @rule(place=PLACES, deposits=st.floats(0.0, 3.0))
    def change_a_balance(self, place: int, deposits: float) -> None:
        """Somebody has a wallet of so many deposits; the treasury has the rest."""
        account, agent = self._wallet(place)
        wallet = self.state[account].copy()
        wanted = round(deposits * 100_000) * QUIV
        self.state["treasury_nquiv"] = self.state["treasury_nquiv"] + wallet[0, agent] - wanted
        wallet[0, agent] = wanted
        self.state[account] = wallet

    @rule(present=st.booleans())
    def reach_the_signers(self, present: bool) -> None:
        """Enough signers, or too few, would veto a hostile proposal."""
        self.params["treasury.signer_availability"] = np.asarray(1.0)
        self.params["treasury.signer_honesty"] = np.asarray(float(present))

    @rule(quiv=st.sampled_from([0.0, 1e6, 1e8]))
    def borrow(self, quiv: float) -> None:
        """The attacker can borrow votes for a day."""
        self.borrowed[0] = quiv * self.scripted
        self.params["script.borrowed_nquiv"] = self.params["script.borrowed_nquiv"] * 0
        self.params["script.borrowed_nquiv"][0, 0] = int(self.borrowed[0]) * QUIV

    def _propose(
        self, index: int, value: float, proposer: int, slot: int, kind: str, turnout: float, support: float
    ) -> None:
        if self.scripted:
            self._script(index, value, proposer, slot, PROPOSAL_TYPES.index(kind), turnout, support)
        else:
            self.shares = turnout * support, turnout * (1.0 - support)
            self.state |= {
                "idea_worth": np.ones(1, dtype=np.int64),
                "idea_parameter": np.asarray([index]),
                "idea_value": np.asarray([value]),
                "idea_proposer": np.asarray([proposer]),
                "idea_voted_nquiv": circulating_nquiv(self.state, self.params) * int(10 * turnout) * 3 // 100,
            }

    def _script(
        self, index: int, value: float, proposer: int, slot: int, kind: int, turnout: float, support: float
    ) -> None:
        """A place of the list, if it waits or is done with, says this and is due today."""
        status = self.state["proposal_status"].copy()
        if status[0, slot] not in (WAITING, *CLOSED):
            return
        status[0, slot] = WAITING
        self.state["proposal_status"] = status
        said = {"parameter": index, "value": value, "type": kind, "proposer": proposer % 8, "day": self.state["day"]}
        for name, what in said.items():
            known = self.state[f"proposal_{name}"].copy()
            known[0, slot] = what
            self.state[f"proposal_{name}"] = known
        for name, chance in (("turnout", turnout), ("support", support)):
            self.params[f"agents.{name}"] = self.params[f"agents.{name}"].copy()
            self.params[f"agents.{name}"][..., slot, :] = chance

    def _wallet(self, place: int) -> tuple[str, int]:
        """The account and place of a voter: holders, then providers, then consumers."""
        for account in WALLETS:
            count = self.state[account].shape[-1]
            if place < count:
                return account, place
            place -= count
        raise AssertionError(place)

    def _richer(self, place: int) -> None:
        """A voter has a deposit more, out of the treasury."""
        account, agent = self._wallet(place)
        given = int(to_nquiv(self.state["governance.deposit_quiv"])[0])
        wallet = self.state[account].copy()
        wallet[0, agent] += given
        self.state[account] = wallet
        self.state["treasury_nquiv"] = self.state["treasury_nquiv"] - given

    def _live(self) -> dict[str, float]:
        return {name: float(self.state[name][0]) for name in GOVERNED}

    def _day(self) -> None:
        """One day of both blocks, audited, and all that must hold of it."""
        before, day = dict(self.state), int(self.state["day"])
        if day % int(self.params["governance.quarter_days"]) == 0:
            self.quarter_starts = self._live()
        totals = LEDGER.totals(before)
        for found in self.blocks:
            assert found.policy is not None
            if found.name == "governance" and not self.scripted:
                power = self.state["voter_power_nquiv"].sum(axis=-1)
                for side, share in zip(("for", "against"), self.shares, strict=True):
                    self.state[f"idea_{side}_nquiv"] = take_rate(power, np.float64(share))
            signals = found.policy(self.params, None, None, self.state)
            updated = dict(u(self.params, None, None, self.state, signals) for u in found.variables.values())
            self.state = self.state | updated
            written = [key for key in updated if key in totals]
            totals = LEDGER.audit(totals, self.state, signals, written, day, found.name, self.params["draws.run"])
        self._lifecycle(before, day)
        self._votes(before, day)
        self._deposits(before)
        self._parameters(before)
        self.state["day"] = np.int64(day + 1)
        self.state["idea_worth"] = np.zeros(1, dtype=np.int64)

    def _lifecycle(self, before: dict[str, Any], day: int) -> None:
        for slot in range(SLOTS):
            was, now = (int(state["proposal_status"][0, slot]) for state in (before, self.state))
            born = int(self.state["proposal_day"][0, slot])
            submitted = was in (WAITING, *CLOSED) and now != was
            if submitted:
                assert born == day
                self.born[slot] = day
            discussion, voting, timelock = self.calendar[int(self.state["proposal_type"][0, slot]) == EMERGENCY]
            for step in self._steps(was, now, discussion == 0, timelock == 0):
                self.seen[step] += 1
            if was == now or now in (DISCUSSION, DEFEATED):
                continue
            due = {
                VOTING: discussion,
                TIMELOCK: discussion + voting,
                EXECUTED: discussion + voting + timelock,
                CANCELLED: discussion + voting + timelock,
                REJECTED: 0 if submitted else discussion + voting + timelock,
            }
            assert day - self.born[slot] == due[now]
            if now == EXECUTED and self.calendar[False] == (7, 14, 7):
                urgent = int(self.state["proposal_type"][0, slot]) == EMERGENCY
                assert day - self.born[slot] >= (4 if urgent else 28)

    def _steps(self, was: int, now: int, no_discussion: bool, no_timelock: bool) -> list[tuple[int, int]]:
        """The steps from a status to the next day's: more than one only over a status that lasts no day."""
        if was == now:
            return []
        first = WAITING if was in CLOSED else was
        if (first, now) in ORDINARY:
            return [(was, now)]
        over = {VOTING: (DISCUSSION, no_discussion)} | dict.fromkeys(
            (EXECUTED, REJECTED, CANCELLED), (TIMELOCK, no_timelock)
        )
        between, lasts_no_day = over[now]
        assert lasts_no_day
        assert (first, between) in ORDINARY
        assert (between, now) in ORDINARY
        return [(was, between), (between, now)]

    def _votes(self, before: dict[str, Any], day: int) -> None:
        """Votes are those of one day's power, and stand once counted."""
        power = float((self.state["voter_power_nquiv"] / QUIV).sum())
        cast = (self.state["proposal_for_nquiv"] + self.state["proposal_against_nquiv"])[0] / QUIV
        for slot in range(SLOTS):
            was, now = (int(state["proposal_status"][0, slot]) for state in (before, self.state))
            if was in (WAITING, *CLOSED) and now in (DISCUSSION, VOTING):
                self.power[slot] = power
            closing = was in (DISCUSSION, VOTING) and now not in (DISCUSSION, VOTING)
            if self.live and closing:
                self.power[slot] = power + self.borrowed[slot]
            if now not in (DISCUSSION, VOTING, TIMELOCK):
                continue
            if self.live and now != TIMELOCK:
                continue
            assert cast[slot] <= self.power[slot] * (1.0 + 1e-12) + 1e-6
            same = was == now or (not self.live and was in (DISCUSSION, VOTING))
            if same:
                for name in ("proposal_for_nquiv", "proposal_against_nquiv", "proposal_voted_nquiv"):
                    assert before[name][0, slot] == self.state[name][0, slot]

    def _deposits(self, before: dict[str, Any]) -> None:
        """What is held is that of open proposals; what is no longer held went to the proposer or to the treasury."""
        held = self.state["proposal_deposit_nquiv"][0]
        assert int(held.sum()) == int(self.state["proposal_deposits_nquiv"][0])
        wallets = np.concatenate([self.state[name][0] - before[name][0] for name in WALLETS])
        treasury = int(self.state["treasury_nquiv"][0] - before["treasury_nquiv"][0])
        asked = int(to_nquiv(before["governance.deposit_quiv"])[0])
        paid = int(1e9 * float(self.state["payments_made_quiv"][0] - before["payments_made_quiv"][0]) + 0.5)
        expected, forfeited, payments = np.zeros_like(wallets), 0, paid
        for slot in range(SLOTS):
            was, now = (int(state["proposal_status"][0, slot]) for state in (before, self.state))
            proposer = int(self.state["proposal_proposer"][0, slot])
            entered = was in (WAITING, *CLOSED) and now not in (was, REJECTED)
            expected[proposer] -= asked * entered
            kept = int(before["proposal_deposit_nquiv"][0, slot]) + asked * entered
            if now in CLOSED and kept:
                for_, against = (int(self.state[f"proposal_{side}_nquiv"][0, slot]) for side in ("for", "against"))
                backed = for_ + against > 0 and for_ >= 0.1 * (for_ + against)
                returned = backed and now != CANCELLED
                expected[proposer] += kept * returned
                forfeited += kept * (not returned)
                assert held[slot] == 0
            else:
                assert held[slot] == kept
            executed = now == EXECUTED and was != EXECUTED
            if executed and self.state["proposal_parameter"][0, slot] == PAYMENT and proposer < 8:
                expected[proposer] += min(10**15, paid)
                paid -= min(10**15, paid)
        assert paid == 0
        np.testing.assert_array_equal(wallets, expected)
        assert treasury == forfeited - payments

    def _parameters(self, before: dict[str, Any]) -> None:
        """What is live has been executed, and is within bounds, rules and the quarter's limit."""
        now = self.state["proposal_status"][0] == EXECUTED
        executed = now & (before["proposal_status"][0] != EXECUTED)
        live = self._live()
        for index, name in enumerate(GOVERNED):
            about = executed & (self.state["proposal_parameter"][0] == index) & (index != PAYMENT)
            value = self.state["proposal_value"][0][about][-1] if about.any() else float(before[name][0])
            assert live[name] == value
            entry, first = REGISTRY[name], self.quarter_starts[name]
            assert float(entry.low or 0.0) <= live[name] <= float(entry.high or 0.0)
            scale = abs(first) or float(entry.high or 0.0) - float(entry.low or 0.0)
            assert abs(live[name] - first) <= 0.2 * scale * (1.0 + 1e-9)
        assert broken(live) is None


def run(scripted: bool, live: bool = False) -> set[tuple[int, int]]:
    """The steps that were seen."""
    seen: Counter[tuple[int, int]] = Counter()
    run_state_machine_as_test(partial(Proposals, seen, scripted, live), settings=SETTINGS)
    return set(seen)


def test_any_ideas_of_agents() -> None:
    """Their places are used again; nobody vetoes them."""
    assert run(scripted=False) >= ORDINARY - {(TIMELOCK, CANCELLED)} | {(EXECUTED, DISCUSSION), (DEFEATED, DISCUSSION)}


def test_any_list_of_proposals() -> None:
    assert run(scripted=True) >= ORDINARY


def test_any_list_of_proposals_by_live_balances() -> None:
    assert run(scripted=True, live=True) >= ORDINARY


def listed(*proposals: ScriptedProposal, days: int, quarter: int = 91) -> dict[str, Any]:
    """The last day of these proposals, which everybody is for."""
    rules = Governance(quarter_days=quarter)
    end = last(by_day(economy("governance", days=days, fees=FEES, governance=rules, proposals=proposals)))
    return dict(end.state)


def change(day: int, parameter: str, value: float) -> ScriptedProposal:
    return ScriptedProposal(day=day, parameter=parameter, value=value, type="economic", support=1.0, proposer=2)


@pytest.mark.parametrize(("quarter", "status"), [(29, REJECTED), (91, EXECUTED)])
def test_a_quarter_begins_with_what_is_live_on_its_first_day(quarter: int, status: int) -> None:
    """Burn 50, and 55 from day 28 on: on day 29, 41 is 25 % less in a new quarter, 18 % less than the same one's 50."""
    up, down = change(0, "fees.burn_share", 0.55), change(1, "fees.burn_share", 0.41)
    end = listed(up, down, days=31, quarter=quarter)
    assert end["proposal_status"][0].tolist() == [EXECUTED, status]
    assert end["fees.burn_share"][0] == (0.55 if status == REJECTED else 0.41)


def test_votes_that_take_effect_on_one_day_keep_the_rules_together() -> None:
    """Burn 53, stakers 42 and treasury 5.5 % of one fee, from 50, 40 and 5: any two of the changes, and no third."""
    burn, stakers = change(3, "fees.burn_share", 0.53), change(3, "fees.stakers_share", 0.42)
    treasury = change(3, "fees.network_treasury_share", 0.055)
    end = listed(burn, stakers, treasury, days=33)
    assert end["proposal_status"][0].tolist() == [EXECUTED, EXECUTED, REJECTED]
    assert broken({name: float(end[name][0]) for name in GOVERNED}) is None


def test_an_idea_that_is_not_submitted_changes_no_proposal_on_record() -> None:
    """One beyond the quarter's limit leaves the place of one that was executed as it is."""
    case = economy("governance", "proposing", days=1, fees=FEES, governance=Governance(slots=1))
    state, params = genesis([case], SEED, [0])
    burn, stakers = GOVERNED.index("fees.burn_share"), GOVERNED.index("fees.stakers_share")
    known = {"status": EXECUTED, "parameter": burn, "value": 0.55, "type": 1, "proposer": 4, "day": 0}
    state |= {f"proposal_{name}": np.full_like(state[f"proposal_{name}"], what) for name, what in known.items()}
    idea = {"worth": 1, "parameter": stakers, "value": 0.9, "proposer": 1, "for_nquiv": 7 * QUIV}
    state |= {f"idea_{name}": np.full_like(state[f"idea_{name}"], what) for name, what in idea.items()}
    policy = block(case, "governance").policy
    assert policy is not None
    after = policy(params, None, None, state)
    assert {name: after[f"proposal_{name}"][0, 0] for name in known} == known
    assert after["proposals_submitted"][0] == 0
