"""A check looks where a lie would pay: no forgery that changes a verdict is likely to go unseen."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboards.evidence import report_files
from experiments.proposals import pack, verify
from experiments.proposals.case import Case
from experiments.proposals.proposal_file import Proposal, read_proposal
from experiments.proposals.sampling import ENOUGH, Carriers, unseen_chance
from experiments.proposals.simulate import KEYS, all_kpis
from experiments.proposals.verdicts import NEVER, Counted, Fragile, Signed, verdicts_of
from experiments.proposals.verify import Asked, verify_pack
from experiments.statistics import estimate
from experiments.storage.version import code_version
from tests.proposals import forgers
from tests.proposals.packs import CREATED, TEXT

RUNS = 24
PROPOSAL = TEXT.replace("runs: 4", f"runs: {RUNS}").replace("threshold: 1,", "threshold: 100.5,")


def invented(seed: int = 5) -> Case:
    """A case whose outcomes are numbers drawn at random: paired differences of all signs, near and far from zero."""
    proposal, rng = read_proposal(PROPOSAL, pack.TEXT), np.random.default_rng(seed)
    keys = [(stress.name, name, run) for stress in proposal.stress for name in proposal.settings for run in range(RUNS)]
    frame = pd.DataFrame(keys, columns=KEYS)
    for kpi in all_kpis(proposal):
        effect = frame["setting"].map(dict.fromkeys(proposal.settings, 0.0) | {"proposed": rng.normal(0.0, 1.0)})
        frame[kpi.name] = 100.0 + effect + rng.normal(0.0, 1.0, len(frame))
    attacks = pd.DataFrame(columns=list(pack.read_attack_outcomes(proposal, NO_ATTACKS, "none").columns))
    return Case(proposal, frame, attacks, code_version(), CREATED)


NO_ATTACKS = (
    "attack,setting,capital_usd,capital_usd_low,capital_usd_high,profit_usd,profit_usd_low,profit_usd_high,"
    "loss_usd,loss_usd_low,loss_usd_high\n"
)


def places(n: int, wide: int = 1) -> Any:
    return np.arange(n * wide).reshape(n, wide)


@pytest.mark.parametrize("seed", range(12))
def test_no_smaller_forgery_changes_the_sign_of_a_mean(seed: int) -> None:
    """Every choice of runs, each put to one of many values of the plausible range: none that is smaller does it."""
    rng = np.random.default_rng(seed)
    apart = rng.normal(rng.choice([0.0, 0.8, 2.0]), 1.0, 7)
    low, high = apart.min() - np.ptp(apart), apart.max() + np.ptp(apart)
    verdict = Signed("x", places(7, 2), apart, low, high)
    found, sign = verdict.least, estimate(apart).sign
    values = np.linspace(low, high, 13)
    for count in range(1, min(found, 4)):
        for chosen in itertools.combinations(range(7), count):
            for forged in itertools.product(values, repeat=count):
                other = apart.copy()
                other[list(chosen)] = forged
                assert estimate(other).sign == sign, (found, chosen, forged)
    assert found <= 7


def test_the_bound_of_a_mean_is_reached() -> None:
    """Eight equal differences with one twice as large: to lose the sign, one has to fall far, and may."""
    apart = np.array([1.0, 1.1, 0.9, 1.0, 1.05, 0.95, 1.0, 2.0])
    near = Signed("x", places(8, 2), apart, 0.5, 2.5)
    wide = Signed("x", places(8, 2), apart, -20.0, 20.0)
    assert wide.least == 1
    assert near.least > 1
    assert Signed("x", places(8, 2), apart, 0.9, 2.0).least == NEVER


def test_the_bound_of_a_goal_is_exact() -> None:
    """Of 20 runs all meet a goal of 80 %, shown from 18 on (Wilson's interval of 18 of 20 begins at 69.9 %)."""
    beyond = np.linspace(0.1, 2.0, 20)
    assert Counted("x", places(20), beyond, 0.5).least == 6
    assert Counted("x", places(20), beyond, 0.8).least == 1
    order, fewest = Counted("x", places(20), beyond, 0.5).urgency()
    assert list(order[:3]) == [0, 1, 2], "the runs nearest to the threshold come first"
    assert list(fewest[:15]) == [6] * 15
    assert set(fewest[15:]) == {NEVER}, "fewer than six are left"
    assert Counted("x", places(20), -beyond, 0.5).least == 6


def test_what_any_run_may_change() -> None:
    """A missing value, a metric that is the same everywhere, and rules that end the runs."""
    case = invented()
    case.outcomes.loc[3, "price_end"] = math.nan
    case.outcomes["group_stake_quiv_gold"] = 7.0
    kinds = {verdict.name: verdict for verdict in verdicts_of(case)}
    for name in ("price_end", "group_stake_quiv_gold"):
        found = kinds[f"baseline: {name}, proposed, effect"]
        assert isinstance(found, Fragile)
        assert found.least == 1
    ruled = PROPOSAL.replace(f"runs: {RUNS}", f"stopping: {{kpi: price_end, half_width: 9.0, max_runs: {RUNS}}}")
    stopped = Case(read_proposal(ruled, pack.TEXT), case.outcomes, case.attacks, case.code, case.created)
    assert any(verdict.name == "crash: number of runs" for verdict in verdicts_of(stopped))


def test_every_word_of_a_pack_is_a_verdict() -> None:
    """Goals, effects and groups of each scenario and setting, and thirds of the environment."""
    case = invented()
    found = verdicts_of(case)
    judged = case.chances["verdict"] != ""
    effects = case.effects["setting"] != "today"
    thirds = ~case.flips["factor"].isin(["scenario"])
    assert len(found) == judged.sum() + effects.sum() + thirds.sum()
    signs = {verdict.name: estimate(verdict.apart).sign for verdict in found if isinstance(verdict, Signed)}
    for row in case.flips.itertuples():
        name = f"baseline: {row.kpi}, proposed, {row.part} of {row.factor}"
        assert row.factor == "scenario" or signs[name] == row.sign
    for row in case.groups.itertuples():
        sign = signs[f"{row.scenario}: group_{row.metric}, {row.setting}, effect"]
        better = sign if row.direction == "up" else -sign
        assert row.outcome == {1: "gains", -1: "loses", 0: "within the noise"}[better]


def test_the_chance_is_that_of_the_draw() -> None:
    """Against counting: of ten rows of which two are forged, four drawn ones miss both in 15 of 45 draws."""
    assert unseen_chance(10, 4, 2) == pytest.approx(15 / 45)
    assert unseen_chance(10, 9, 2) == 0.0
    assert unseen_chance(10, 0, 1) == 1.0
    assert unseen_chance(40_000, 20_000, 64) == pytest.approx(0.0, abs=1e-15)


def test_the_default_sample_is_the_smallest_that_is_enough() -> None:
    case = invented()
    total = len(case.outcomes)
    carriers = Carriers.of(verdicts_of(case), total)
    enough, pick = carriers.enough(), random.Random(1).sample
    assert carriers.draw(enough, pick).chance < ENOUGH <= carriers.draw(enough - 1, pick).chance
    whole = carriers.draw(total, pick)
    assert (whole.rows, whole.chance) == (list(range(total)), 0.0)
    few = carriers.draw(6, pick)
    assert (len(few.first), len(few.drawn), len(set(few.rows))) == (3, 3, 6)
    assert few.chance > 0.9


def test_clear_verdicts_need_few_runs() -> None:
    """Where every effect is large and steady, a forger needs many rows, and a part of them is enough to see one."""
    case = invented()
    setting = case.outcomes["setting"].map({"today": 0.0, "proposed": 50.0, "alternative 1": 20.0})
    for kpi in all_kpis(case.proposal):
        case.outcomes[kpi.name] += setting
    sure = [verdict for verdict in verdicts_of(case) if "effect" in verdict.name]
    carriers = Carriers.of(sure, len(case.outcomes))
    assert min(verdict.least for verdict in sure) > 5
    assert carriers.enough() < len(case.outcomes) / 2


def test_a_forgery_that_changes_a_verdict_is_seen() -> None:
    """Of 25 forgeries by those who know the rule at most 5 pass; at a chance of 5 % more do once in 800 times."""
    case, rng, pick = invented(), np.random.default_rng(3), random.Random(3).sample
    passed, few = 0, 0
    for strategy in [*forgers.STRATEGIES, forgers.THRESHOLD] * 5:
        forgery = forgers.forge(case, strategy, rng)
        assert forgery is not None, strategy
        assert forgery.rows
        passed += not forgery.rows & set(forgery.carriers.draw(forgery.size, pick).rows)
        few += not forgery.rows & set(pick(range(len(case.outcomes)), 5))
    assert passed <= 5
    assert few > 12, "five rows drawn evenly would let most of them pass"


def test_a_forged_table_is_found_by_the_default_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole check, with honest outcomes looked up in place of simulating them."""
    case = invented()
    honest = case.outcomes.set_index(KEYS)

    def looked_up(proposal: Proposal, which: Sequence[tuple[str, str, int]], progress: object = None) -> pd.DataFrame:
        return honest.loc[list(which)].reset_index()

    monkeypatch.setattr(verify, "simulate_again", looked_up)
    forgery = forgers.forge(case, "few big", np.random.default_rng(1))
    assert forgery is not None
    for made, holds in ((case, True), (forgery.case, False)):
        about = pack.Made(code_version(), "none", CREATED)
        for name, content in pack.files(made, about, report_files).items():
            (tmp_path / name).write_bytes(content)
        found = verify_pack(tmp_path, report_files, Asked(), pick=random.Random(1).sample)
        runs = next(finding for finding in found.findings if finding.check == "runs")
        assert runs.holds is holds, runs.said
        assert found.sample is not None
        assert found.sample.chance < ENOUGH
        assert len(found.rows) == len(found.sample.rows)
    assert "simulated again and not as listed" in runs.said
