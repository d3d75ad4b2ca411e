"""The ledger: what it refuses to declare, what it moves, and that in no engine a token appears or vanishes unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.engines import ENGINES, ensemble, genesis, stock
from experiments.engines.wiring import Wired, wiring
from model.flows import ACCOUNTS, FLOWS, LEDGER
from model.ledger import BURNED, CAP_NQUIV, MINTED, Account, Flow, Ledger, LedgerError
from tests.engines.daily import EXACT, small

MANY = settings(max_examples=200, derandomize=True, deadline=None)
RUNS = [4, 17, 5]
GUILTY = 17
Change = Callable[[list[Wired]], None]
EVERY_ENGINE = pytest.mark.parametrize("engine", EXACT)


def _accounts() -> list[Account]:
    return [
        Account("pool", "", "test", True, "Test", "liquid", ""),
        Account("holders", "holders", "test", True, "Test", "liquid", ""),
        Account("providers", "providers", "test", True, "Test", "liquid", ""),
    ]


def _flow(source: str | None, target: str | None) -> Flow:
    return Flow("moved", source, target, "test", "", "")


def test_a_flow_between_two_populations_is_refused() -> None:
    with pytest.raises(ValueError, match=r"flow moved joins two populations \(\['holders', 'providers'\]\)"):
        Ledger(_accounts(), [_flow("holders", "providers")])


@pytest.mark.parametrize(("source", "target"), [("pool", "nowhere"), ("nowhere", None), (None, None)])
def test_a_flow_without_declared_accounts_is_refused(source: str | None, target: str | None) -> None:
    with pytest.raises(ValueError, match=r"flow moved: .* is not a declared account"):
        Ledger(_accounts(), [_flow(source, target)])


def test_names_are_unique() -> None:
    assert len(LEDGER.accounts) == len(ACCOUNTS)
    assert len(LEDGER.flows) == len(FLOWS)


@MANY
@given(data=st.data())
def test_flows_conserve(data: st.DataObject) -> None:
    """Random amounts of random flows: what leaves one account arrives at another, mint and burn included."""
    sizes = {"": (), "allocations": (7,), "providers": (3,), "validators": (2,), "consumers": (4,), "holders": (5,)}
    sizes["speculators"] = (3,)
    batch = 2
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    names = data.draw(st.lists(st.sampled_from(sorted(LEDGER.flows)), min_size=1, unique=True))
    state = {a.name: rng.integers(0, 10**15, (batch, *sizes[a.own])) for a in ACCOUNTS}
    state |= {BURNED: rng.integers(0, 10**12, batch)}
    state |= {MINTED: state[BURNED] + LEDGER.holdings(state)}
    signals: dict[str, Any] = {n: rng.integers(0, 10**12, (batch, *sizes[LEDGER.axis(LEDGER.flows[n])])) for n in names}
    signals["figure"] = np.ones(batch)
    before = {name: value.copy() for name, value in state.items()}
    after = state | {name: LEDGER.updated(name, state[name], signals) for name in LEDGER.touched(signals)}
    np.testing.assert_array_equal(after[MINTED] - after[BURNED], LEDGER.holdings(after))
    assert all(np.array_equal(state[name], before[name]) for name in state)
    untouched = set(state) - set(LEDGER.touched(signals))
    assert all(LEDGER.updated(name, state[name], signals) is state[name] for name in untouched)


def _inject(monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """Every engine's wiring, changed."""

    def changed(chosen: list[Any]) -> list[Wired]:
        wired = wiring(chosen)
        change(wired)
        return wired

    monkeypatch.setattr(ensemble, "wiring", changed)
    monkeypatch.setattr(stock, "wiring", changed)


def _block(wired: list[Wired], name: str) -> Wired:
    return next(block for block in wired if name in block["policies"])


def _credited_again(wired: list[Wired], substep: str, account: str, flow: str) -> None:
    """In one run, the account's update credits a flow twice."""
    right = _block(wired, substep)["variables"][account]

    def update(params, _substep, _history, state, signals):
        name, value = right(params, None, None, state, signals)
        return name, value + LEDGER.moved(flow, signals[flow]) * (params["draws.run"] == GUILTY)

    _block(wired, substep)["variables"][account] = update


def _emitted(wired: list[Wired], substep: str, flow: str, wrong: Callable[..., Any]) -> None:
    """In one run, the policy emits another amount of a flow: `wrong(right amount, state)`."""
    right = _block(wired, substep)["policies"][substep]

    def policy(params, _substep, _history, state):
        signals = right(params, None, None, state)
        guilty = np.asarray(params["draws.run"] == GUILTY)
        guilty = guilty[..., None] if LEDGER.axis(LEDGER.flows[flow]) else guilty
        return {**signals, flow: np.where(guilty, wrong(signals[flow], state), signals[flow])}

    _block(wired, substep)["policies"][substep] = policy


def _stopped(engine: str, days: int = 5) -> str:
    """The message of the error that stops a run."""
    with pytest.raises(LedgerError) as caught:
        ENGINES[engine]([small(days)] * len(RUNS), 1, RUNS, ["supply_quiv"])
    return str(caught.value)


@EVERY_ENGINE
def test_a_flow_credited_twice(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    _inject(monkeypatch, lambda w: _credited_again(w, "settlement", "treasury_nquiv", "receipt_treasury"))
    message = _stopped(engine)
    assert message.startswith("day 0, substep settlement, run 17: ")
    assert "QUIV appeared from nothing; flow receipt_treasury; account treasury_nquiv" in message


@EVERY_ENGINE
def test_an_account_that_no_flow_of_the_block_touches(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """A block without a flow gives the treasury a nano-QUIV."""

    def update(params, _substep, _history, state, _signals):
        return "treasury_nquiv", state["treasury_nquiv"] + 1 * (params["draws.run"] == GUILTY)

    _inject(monkeypatch, lambda w: _block(w, "fees")["variables"].update(treasury_nquiv=update))
    message = _stopped(engine)
    assert message.startswith("day 0, substep fees, run 17: 1e-09 QUIV appeared from nothing")
    assert "account treasury_nquiv" in message


@EVERY_ENGINE
def test_a_missing_debit(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    def remove(wired: list[Wired]) -> None:
        del _block(wired, "treasury")["variables"]["treasury_nquiv"]

    _inject(monkeypatch, remove)
    message = _stopped(engine)
    assert message.startswith("day 0, substep treasury, run 4: ")
    assert "flow treasury_grant" in message


@EVERY_ENGINE
def test_an_overdrawn_agent(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    def wrong(amount: np.ndarray, state: dict[str, Any]) -> np.ndarray:
        agent = np.arange(amount.shape[-1]) == 2
        return np.where(agent, state["holder_wallet_nquiv"] + 5 * 10**9, amount)

    _inject(monkeypatch, lambda w: _emitted(w, "staking", "holder_delegate", wrong))
    message = _stopped(engine)
    assert message.startswith("day 0, substep staking, run 17: holder_wallet_nquiv of agent 2 would fall to -5.0 QUIV")
    assert message.endswith("flow out of it: holder_delegate")


@EVERY_ENGINE
def test_an_overdrawn_pool(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    def wrong(amount: np.ndarray, state: dict[str, Any]) -> np.ndarray:
        return np.where(np.arange(amount.shape[-1]) == 0, np.asarray(state["treasury_nquiv"])[..., None] + 10**9, 0)

    _inject(monkeypatch, lambda w: _emitted(w, "treasury", "treasury_grant", wrong))
    message = _stopped(engine)
    assert message.startswith("day 0, substep treasury, run 17: treasury_nquiv would fall to -1.0 QUIV")
    assert message.find("flow out of it: treasury_grant") > 0


@EVERY_ENGINE
def test_mint_above_the_cap(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    _inject(monkeypatch, lambda w: _emitted(w, "emission", "emission_to_work", lambda amount, _: amount + CAP_NQUIV))
    message = _stopped(engine)
    assert message.startswith("day 0, substep emission, run 17: cumulative mint passes 1,000,000,000 QUIV")
    assert "flow emission_to_staking, emission_to_work" in message


def _written_in_place(wired: list[Wired], substep: str, day: int, amounts: dict[str, int]) -> None:
    """In one run and on one day, the policy writes amounts into accounts that it only may read, nano-QUIV."""
    right = _block(wired, substep)["policies"][substep]

    def policy(params, _substep, _history, state):
        if int(state["day"]) == day:
            guilty = np.asarray(params["draws.run"] == GUILTY)
            for account, amount in amounts.items():
                own = LEDGER.accounts[account].own
                second = np.arange(np.shape(state[account])[-1]) == 1 if own else 1
                state[account] += amount * ((guilty[..., None] if own else guilty) * second)
        return right(params, None, None, state)

    _block(wired, substep)["policies"][substep] = policy


@pytest.mark.parametrize("engine", ["ensemble", "cadcad"])
@pytest.mark.parametrize("substep", ["settlement", "pricing"], ids=["with flows", "without"])
def test_a_network_account_written_in_place(monkeypatch: pytest.MonkeyPatch, engine: str, substep: str) -> None:
    """radCAD gives a policy copies of its numbers, in which it may write what it likes."""
    _inject(monkeypatch, lambda w: _written_in_place(w, substep, 2, {"treasury_nquiv": 7 * 10**9}))
    message = _stopped(engine)
    assert message.startswith(f"day 2, substep {substep}, run 17: 7.0 QUIV appeared from nothing")
    assert message.endswith("account treasury_nquiv +7.0")


@EVERY_ENGINE
def test_money_moved_in_place_between_accounts(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """The whole is conserved, and no flow says so."""
    amounts = {"provider_wallet_nquiv": -3 * 10**9, "holder_wallet_nquiv": 3 * 10**9}
    _inject(monkeypatch, lambda w: _written_in_place(w, "treasury", 1, amounts))
    message = _stopped(engine)
    assert message.startswith("day 1, substep treasury, run 17: 3.0 QUIV moved without a flow")
    assert message.endswith("account provider_wallet_nquiv -3.0, holder_wallet_nquiv +3.0")


@EVERY_ENGINE
def test_an_agents_account_written_in_place(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """By a substep that moves tokens, none of them consumers'."""
    _inject(monkeypatch, lambda w: _written_in_place(w, "treasury", 3, {"consumer_wallet_nquiv": -1}))
    message = _stopped(engine)
    assert message.startswith("day 3, substep treasury, run 17: 1e-09 QUIV vanished")
    assert message.endswith("account consumer_wallet_nquiv -1e-09")


@pytest.mark.parametrize("engine", [*EXACT, "jax"])
def test_a_genesis_with_a_quiv_too_many(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    right = genesis.balances

    def balances(economy, params, batch):
        found = right(economy, params, batch)
        return found | {"treasury_nquiv": found["treasury_nquiv"] + 10**9 * (params["draws.run"] == GUILTY)}

    if engine == "jax":
        pytest.importorskip("jax")
    monkeypatch.setattr(genesis, "balances", balances)
    assert _stopped(engine) == (
        "day 0, genesis, run 17: 1.0 QUIV appeared from nothing; "
        "all accounts together have 650000001.0 QUIV, 650000000.0 were minted and 0.0 burned"
    )
