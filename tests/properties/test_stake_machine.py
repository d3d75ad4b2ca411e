"""Stake under any sequence of decisions, cases and slashes: nothing is lost, unlocks early, or escapes.

The registry, the challenges, slashing, delegation and staking are those of any run, audited after each; what people
decide and what panels vote is the test's. Beside them a book of lots is kept in fractions: every exit is a lot that is
due in equal parts on each of the next days, or whole after all of them, and loses what a slash takes of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from experiments.engines.genesis import State, genesis
from experiments.engines.wiring import blocks, wiring
from model.codes import CaseCause, CaseStatus
from model.flows import LEDGER
from model.parameters.challenges import Challenges
from model.parameters.delegation import Delegation
from model.parameters.slashing import Slashing
from model.parameters.staking import Staking
from model.parameters.validation import Validation
from policies import cases, delegation, staking
from tests.economics.limits import QUIV, SEED, TINY, economy

HOLDERS = 4
COUNTS = {"provider": 3, "holder": HOLDERS, "validator": 2}
BONDED = {"provider": "provider_stake", "holder": "holder_delegated", "validator": "validator_stake"}
SLASHES = {
    "provider": ("stake_slash", "unbonding_slash"),
    "holder": ("delegation_slash", "delegation_unbonding_slash"),
    "validator": ("validator_slash", "validator_unbonding_slash"),
}
PAID_IN = {
    "provider": ("bond_to_provider",),
    "holder": ("bond_to_watcher", "challenge_reward_watcher", "slash_to_watcher"),
    "validator": (),
}
PAID_OUT = {"provider": ("appeal_bond",), "holder": ("watcher_bond",), "validator": ()}
BLOCKS = ("open", "registry", "challenges", "slashing", "delegation", "staking", "close")
OWNED, STAKED = 10_000 * QUIV, 5_000 * QUIV
CAPS = (0.3, 0.5, 0.7, 0.9)
DOWN, CAUGHT = 0.05, 0.4
LEAST = 8
"""Slashes leave an eighth of what was put into unbonding."""

Agent = tuple[str, int]
"""A class and a number."""

PERCENT = st.integers(1, 90)
AMOUNTS = st.one_of(
    st.integers(1, 60), st.builds(lambda part, odd: part * OWNED // 100 + odd, st.integers(1, 100), st.integers(0, 99))
)
MANY = st.lists(AMOUNTS, min_size=HOLDERS, max_size=HOLDERS)
PROVIDERS = st.integers(0, COUNTS["provider"] - 1)
AGENTS = st.one_of(*[st.tuples(st.just(who), st.integers(0, count - 1)) for who, count in COUNTS.items()])


@dataclass
class Lot:
    """What is left of an exit, and in how many days parts of it are due."""

    tokens: Fraction
    due: list[int]


@dataclass
class Book:
    """An agent's exits, and all that they have released so far, by the book and by the ledger."""

    lots: list[Lot] = field(default_factory=list)
    by_book: Fraction = Fraction(0)
    by_ledger: int = 0
    slack: int = 0
    """Rounding: a nano-QUIV a day and one for each part of an exit."""

    def enter(self, tokens: int, days: int, linear: bool) -> None:
        if tokens:
            self.lots.append(Lot(Fraction(tokens), list(range(1, days + 1)) if linear else [days]))
            self.slack += days

    def slashed(self, taken: int, held: int) -> None:
        for lot in self.lots:
            lot.tokens *= Fraction(held - taken, held)

    def day(self, released: int) -> None:
        for lot in self.lots:
            part = lot.tokens / len(lot.due)
            lot.due = [days - 1 for days in lot.due]
            if lot.due[0] == 0:
                lot.due.pop(0)
                lot.tokens -= part
                self.by_book += part
        self.slack += 1 if self.lots else 0
        self.lots = [lot for lot in self.lots if lot.due]
        self.by_ledger += released


@dataclass
class Trial:
    """Who was at stake when a case was opened, and what each is still to have."""

    at_stake: dict[Agent, int]


class Stakes(RuleBasedStateMachine):
    """Whatever is decided: every token somewhere, every release due, every slash in full."""

    @initialize(
        linear=st.booleans(),
        days=st.integers(1, 7),
        voting=st.integers(1, 3),
        appeal=st.integers(0, 2),
        choice=st.lists(PROVIDERS, min_size=HOLDERS, max_size=HOLDERS),
    )
    def start(self, linear: bool, days: int, voting: int, appeal: int, choice: list[int]) -> None:
        """Everybody has ten thousand QUIV, half of it at stake."""
        self.linear, self.days = linear, days
        case = economy(
            "settlement",
            "challenges",
            "slashing",
            "delegation",
            "staking",
            days=1,
            noise=True,
            population=TINY.model_copy(update={"holders": HOLDERS, "validators": 2}),
            staking=Staking(
                unbonding_days=days,
                unbonding_shape="linear" if linear else "cliff",
                tier_minimum_quiv=(100.0, 3000.0, 5000.0, 9000.0),
            ),
            delegation=Delegation(review_days=HOLDERS),
            slashing=Slashing(
                tier_cap=CAPS,
                band_low=(DOWN, 0.05, 0.15),
                band_high=(DOWN, 0.15, 0.2),
                burn_share=0.5,
                challenger_share=0.3,
            ),
            challenges=Challenges(voting_days=voting, appeal_days=appeal, bond_quiv=7.0, appeal_bond_quiv=5.0),
            validation=Validation(slash_share=CAUGHT),
        )
        self.state, self.params = genesis([case], SEED, [0])
        before = LEDGER.holdings(self.state)
        for who, bonded in BONDED.items():
            self.state[f"{who}_wallet_nquiv"][...] = OWNED - STAKED
            self.state[f"{bonded}_nquiv"][...] = STAKED
        self.state["holder_provider"][0] = choice
        self.state["provider_standing"][...] = 1.0
        self.state["treasury_nquiv"] += before - LEDGER.holdings(self.state)
        self.wired = {b.name: w for b, w in zip(blocks(case), wiring(blocks(case)), strict=True) if b.name in BLOCKS}
        assert tuple(self.wired) == BLOCKS
        self.totals = LEDGER.totals(self.state)
        self.books: dict[Agent, Book] = defaultdict(Book)
        self.trials: dict[int, Trial] = {}
        self.votes: dict[int, str] = {}
        self.quarrelsome: set[int] = set()
        self._forget()

    def _forget(self) -> None:
        """A new day: nobody has decided anything."""
        self.more: dict[Agent, int] = {}
        self.less: dict[Agent, int] = {}
        self.move: int | None = None
        self.open: dict[int, tuple[int, float, bool]] = {}
        self.down: set[int] = set()
        self.caught: set[int] = set()

    @rule(agent=AGENTS, amount=AMOUNTS, days=st.integers(0, 2))
    def stake(self, agent: Agent, amount: int, days: int) -> None:
        """Somebody stakes, or delegates, all or some of it."""
        self.more[agent] = amount
        self.pass_days(days)

    @rule(agent=AGENTS, amount=AMOUNTS, days=st.integers(0, 2))
    def unstake(self, agent: Agent, amount: int, days: int) -> None:
        """Somebody unstakes, or undelegates, all or some of it."""
        self.less[agent] = amount
        self.pass_days(days)

    @rule(i=PROVIDERS, amounts=MANY, days=st.integers(0, 2))
    def run_on(self, i: int, amounts: list[int], days: int) -> None:
        """A provider and all who delegate to it want out."""
        self.less[("provider", i)] = amounts[0]
        for holder, amount in enumerate(amounts):
            if self.state["holder_provider"][0, holder] == i:
                self.less[("holder", holder)] = amount
        self.pass_days(days)

    @rule(j=PROVIDERS, days=st.integers(1, HOLDERS))
    def redelegate(self, j: int, days: int) -> None:
        """Who looks on these days would rather be with j."""
        for _ in range(days):
            self.move = j
            self.pass_days(1)

    @rule(i=PROVIDERS, cause=st.integers(0, 3), percent=PERCENT, severe=st.integers(0, 24), days=st.integers(0, 3))
    def accuse(self, i: int, cause: int, percent: int, severe: int, days: int) -> None:
        """A case, if there is none."""
        self.open[i] = (cause, percent / 100.0, severe == 24)
        self.pass_days(days)

    @rule(i=PROVIDERS, percent=PERCENT, amounts=MANY, down=st.booleans(), days=st.integers(2, 8))
    def scandal(self, i: int, percent: int, amounts: list[int], down: bool, days: int) -> None:
        """Day after day a provider fails, and all who have stake with it run; so with a validator."""
        k = i % COUNTS["validator"]
        for day in range(days):
            self.less[("validator", k)] = amounts[0]
            if day > 0:
                self.open[i] = (CaseCause.CANARY, percent / 100.0, False)
                self.caught.add(k)
                self.down |= {i} if down else set()
            self.run_on(i, amounts, 1)

    @rule(i=PROVIDERS, vote=st.sampled_from(["guilty", "guilty", "innocent", "lapsed"]))
    def vote(self, i: int, vote: str) -> None:
        """How panels vote about a provider from now on; guilty until then."""
        self.votes[i] = vote

    @rule(i=PROVIDERS)
    def quarrel(self, i: int) -> None:
        """From now on who loses appeals, or no longer."""
        self.quarrelsome ^= {i}

    @rule(i=PROVIDERS)
    def go_down(self, i: int) -> None:
        """A day without service."""
        self.down.add(i)

    @rule(k=st.integers(0, COUNTS["validator"] - 1))
    def catch(self, k: int) -> None:
        """A validator is found not to have looked."""
        self.caught.add(k)

    @rule(days=st.integers(1, 4))
    def pass_days(self, days: int) -> None:
        """What was decided is done on the first of some days."""
        for _ in range(days):
            self._day()
            self._forget()

    def _day(self) -> None:
        before = self.state
        self.state = before | {
            "provider_up": np.asarray([[0.5 if i in self.down else 1.0 for i in range(COUNTS["provider"])]]),
            "validator_caught": np.asarray([[int(k in self.caught) for k in range(COUNTS["validator"])]]),
        }
        self.moved: dict[str, np.ndarray] = {}
        with self._decided():
            for name, substep in self.wired.items():
                self._substep(name, substep)
                if name == "challenges":
                    self.on_trial = self.state
        self._no_token_lost(before)
        self._slashed_in_full(before)
        self._nothing_early(before)
        self._nobody_escapes(before)
        self._shares_hold()

    def _substep(self, name: str, substep: Any) -> None:
        signals: State = {}
        for policy in substep["policies"].values():
            signals |= policy(self.params, None, None, self.state)
        updates = substep["variables"].values()
        updated = dict(update(self.params, None, None, self.state, signals) for update in updates)
        day, self.state = int(self.state["day"]), self.state | updated
        written = [key for key in updated if key in self.totals]
        self.totals = LEDGER.audit(self.totals, self.state, signals, written, day, name, self.params["draws.run"])
        self.moved |= {flow: value for flow, value in signals.items() if flow in LEDGER.flows}

    @contextmanager
    def _decided(self) -> Iterator[None]:
        """What people and panels do today, in place of what the model would have them do."""

        def decision(who: str) -> Any:
            def decide(params: State, state: State) -> tuple[np.ndarray, np.ndarray]:
                sides = ((self.more, f"{who}_wallet_nquiv"), (self.less, f"{BONDED[who]}_nquiv"))
                return tuple(
                    np.asarray([[min(wish.get((who, i), 0), int(there)) for i, there in enumerate(state[account][0])]])
                    for wish, account in sides
                )  # type: ignore[return-value]

            return decide

        def taste(params: State, state: State) -> np.ndarray:
            """Only the provider whom today's holder wants, who may be the one it has."""
            known = int(state["holder_provider"][0, int(state["day"]) % HOLDERS])
            wanted = known if self.move is None else self.move
            return (np.arange(COUNTS["provider"]) == wanted)[None].astype(float)

        def openings(params: State, state: State) -> tuple[np.ndarray, State]:
            places = range(COUNTS["provider"])
            asked = [self.open.get(i, (0, 0.0, False)) for i in places]
            cause = np.asarray([[a[0] for a in asked]])
            ruled = cause == CaseCause.CANARY
            free = (state["case_status"] == CaseStatus.NONE) & (state["provider_banned"] == 0)
            return free & [[i in self.open for i in places]], {
                "case_status": np.where(ruled, CaseStatus.RULED, CaseStatus.VOTING),
                "case_guilty": ruled.astype(np.int64),
                "case_cause": cause,
                "case_bad": np.ones_like(cause),
                "case_severe": np.asarray([[int(a[2]) for a in asked]]),
                "case_share": np.asarray([[a[1] for a in asked]]),
                "case_loss_quiv": np.zeros(cause.shape),
                "case_challenger": np.zeros_like(cause),
                "provider_strikes": state["provider_strikes"],
            }

        def ruling(*_: Any) -> tuple[np.ndarray, np.ndarray]:
            votes = [self.votes.get(i, "guilty") for i in range(COUNTS["provider"])]
            return np.asarray([[v == "guilty" for v in votes]]), np.asarray([[v == "lapsed" for v in votes]])

        def appeals(params: State, state: State) -> np.ndarray:
            fresh = (state["case_status"] == CaseStatus.RULED) & (state["day"] - state["case_day"] == 1)
            return fresh & [[i in self.quarrelsome for i in range(COUNTS["provider"])]]

        with ExitStack() as stack:
            for who in BONDED:
                stack.enter_context(mock.patch.object(staking, f"_{who}_decision", decision(who)))
            stack.enter_context(mock.patch.object(delegation, "attraction", taste))
            for name, instead in (("openings", openings), ("_ruling", ruling), ("appeals", appeals)):
                stack.enter_context(mock.patch.object(cases, name, instead))
            yield

    def _no_token_lost(self, before: State) -> None:
        """What an agent has changes by slashes, and by the bonds and prizes of cases, alone."""
        for who, count in COUNTS.items():
            for i in range(count):
                changed = self._wealth(self.state, who, i) - self._wealth(before, who, i)
                gains = sum(self._moved(flow, i) for flow in PAID_IN[who])
                losses = sum(self._moved(flow, i) for flow in (*SLASHES[who], *PAID_OUT[who]))
                assert changed == gains - losses, (who, i)

    def _slashed_in_full(self, before: State) -> None:
        """A slash takes its share of all that was at stake this morning, unbonding or not."""
        for who, count in COUNTS.items():
            for i in range(count):
                share = self._share(before, who, i)
                bonded, unbonding = (int(before[f"{a}_nquiv"][0, i]) for a in (BONDED[who], f"{who}_unbonding"))
                spared = -(-int(before[f"{who}_unbonding_shares_nquiv"][0, i]) // LEAST)
                of_unbonding = min(share * unbonding, Fraction(max(unbonding - spared, 0)))
                for flow, due in zip(SLASHES[who], (share * bonded, of_unbonding), strict=True):
                    assert due - 2 <= self._moved(flow, i) <= due + 1, (flow, i)

    def _share(self, before: State, who: str, i: int) -> Fraction:
        """The part that an agent is to lose today: of the verdict or the day down, the larger, under the tier's cap."""
        if who == "validator":
            return Fraction(CAUGHT) if i in self.caught else Fraction(0)
        j = i if who == "provider" else int(before["holder_provider"][0, i])
        stake = int(before["provider_stake_nquiv"][0, j])
        minimums = (0, 3000, 5000, 9000)
        cap = max(cap for least, cap in zip(minimums, CAPS, strict=True) if stake >= least * QUIV)
        stands = self.on_trial["provider_standing"][0, j] > 0.0
        fault = max(float(self.on_trial["verdict_share"][0, j]), DOWN if j in self.down and stands else 0.0)
        return min(Fraction(fault), Fraction(cap))

    def _nothing_early(self, before: State) -> None:
        """What has been released is what has fallen due, to the rounding."""
        for who, count in COUNTS.items():
            for i in range(count):
                book = self.books[(who, i)]
                taken, held = self._moved(SLASHES[who][1], i), int(before[f"{who}_unbonding_nquiv"][0, i])
                if taken:
                    book.slashed(taken, held)
                gone, out = self._released(who, i)
                book.day(gone)
                book.enter(out, self.days, self.linear)
                assert abs(book.by_ledger - book.by_book) <= book.slack, (who, i)
                waits = int(self.state[f"{who}_unbonding_nquiv"][0, i])
                assert waits > 0 or not book.lots or sum(lot.tokens for lot in book.lots) <= book.slack
                assert waits == 0 or book.lots

    def _released(self, who: str, i: int) -> tuple[int, int]:
        """What left unbonding, for the wallet or for stake, and what entered it."""
        _, out, released, back = staking.FLOWS[who]
        wanted = min(self.less.get((who, i), 0), int(self.on_trial[f"{BONDED[who]}_nquiv"][0, i]))
        assert self._moved(out, i) <= wanted
        if who != "validator":
            j = i if who == "provider" else int(self.state["holder_provider"][0, i])
            bound = self.on_trial["case_status"][0, j] > 0
            assert not (bound and (self._moved(out, i) or self._moved(released, i))), "out during a case"
        return self._moved(released, i) + self._moved(back, i), self._moved(out, i)

    def _nobody_escapes(self, before: State) -> None:
        """While a case is open nothing is out of its reach but by a slash."""
        for i in range(COUNTS["provider"]):
            was, now = bool(before["case_status"][0, i]), bool(self.state["case_status"][0, i])
            if now and not was:
                crowd = [h for h in range(HOLDERS) if before["holder_provider"][0, h] == i]
                agents: list[Agent] = [("provider", i), *[("holder", h) for h in crowd]]
                self.trials[i] = Trial({agent: self._at_stake(before, *agent) for agent in agents})
            if not (now or was):
                continue
            trial = self.trials[i]
            for (who, agent), least in trial.at_stake.items():
                if was:
                    assert self._at_stake(before, who, agent) >= least, "it fell between two days"
                    assert who == "provider" or before["holder_provider"][0, agent] == i, "a holder has left"
                lost = sum(self._moved(flow, agent) for flow in SLASHES[who])
                trial.at_stake[(who, agent)] = least - lost
                if now:
                    assert self._at_stake(self.state, who, agent) >= least - lost
            if not now:
                del self.trials[i]

    def _shares_hold(self) -> None:
        """A share is worth at most a nano-QUIV and at least an eighth, and the rings hold all shares."""
        for who, count in COUNTS.items():
            ring = self.state[f"{who}_released_nquiv"][0]
            last = (np.arange(self.days) - int(self.state["day"])) % self.days + 1
            for i in range(count):
                entries = [int(entry) for entry in ring[:, i]]
                weights = [int(days) if self.linear else 1 for days in last]
                held, shares, rate = (
                    int(self.state[f"{who}_{name}_nquiv"][0, i])
                    for name in ("unbonding", "unbonding_shares", "release_rate")
                )
                assert sum(e * w for e, w in zip(entries, weights, strict=True)) == shares
                assert rate == (sum(entries) if self.linear else 0)
                assert shares <= LEAST * held
                assert held <= shares

    def _moved(self, flow: str, i: int) -> int:
        return int(self.moved[flow][0, i])

    def _at_stake(self, state: State, who: str, i: int) -> int:
        return sum(int(state[f"{name}_nquiv"][0, i]) for name in (BONDED[who], f"{who}_unbonding"))

    def _wealth(self, state: State, who: str, i: int) -> int:
        return self._at_stake(state, who, i) + int(state[f"{who}_wallet_nquiv"][0, i])


Stakes.TestCase.settings = settings(max_examples=60, stateful_step_count=40, derandomize=True, deadline=None)
TestAnyStakes = Stakes.TestCase
