"""The token market's sixteen rows on all runs: `python -m benchmarks.market`, about ten CPU minutes.

M1 to M12 as in `quiver-sim check`, with 100 default runs in place of 60. M13 and M16 need many more economies. M14 is
the ledger's audit, which every run here passes or stops at, with the distance of the compiled engine. M15 is speed over
that of an older checkout, measured there by `benchmarks/speed.py --json`. `--row` names rows to run alone.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks import speed
from experiments.engines.compiled import execute_compiled
from experiments.engines.device import installed
from experiments.engines.ensemble import execute
from experiments.validation.market_levers import MANY_RUNS
from experiments.validation.market_rows import MARKET, MarketResult, MarketRow, Shown, market_results
from experiments.validation.market_runs import Design, frozen
from experiments.validation.rows import MET, NOT_MET
from experiments.validation.stylised_facts import SEED
from experiments.words import figure

DAYS = 60
APART = 1e-9
"""Relative difference that two engines may have after so many days."""
SLOWEST = 1.0 / 1.08
"""Least speed over that before, at most trajectories."""


def _engines() -> list[Shown]:
    if not installed():
        return []
    names = ("price_usd", "value_usd", "pool_usd", "treasury_quiv", "staking_ratio", "active_providers")
    case = frozen({}, DAYS)
    ours, theirs = (run([case] * 8, SEED, range(8), names)["record"] for run in (execute_compiled, execute))
    apart = np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1e-12)
    return [
        Shown(f"relative difference of JAX and NumPy over {DAYS} days, {len(names)} metrics", apart.max(), high=APART)
    ]


def _speed(before: Path | None) -> list[Shown]:
    """Speeds now, and over those of a file; a ratio to nothing is no number, and not met."""
    known = json.loads(before.read_text(encoding="utf-8")) if before else {}
    shown = []
    for engine, speeds in speed.measure().items():
        for number, rates in speeds.items():
            now = statistics.median(rates)
            then = statistics.median(known[engine][str(number)]) if known else math.nan
            least = SLOWEST if number == max(speed.TRAJECTORIES) else -math.inf
            shown += [
                Shown(f"trajectory-days a CPU second, {engine}, {number} trajectories", now),
                Shown("over those before", now / then, low=least),
            ]
    return shown


def _rows(before: Path | None) -> dict[str, MarketRow]:
    engines = MarketRow("M14", "Ledger and engines", "default economy, 60 days", (), lambda _: _engines())
    fast = MarketRow("M15", "Speed", "default economy in two checkouts", (), lambda _: _speed(before))
    return {row.id: row for row in (*MARKET, *MANY_RUNS, engines, fast)}


def run(rows: Iterable[MarketRow], design: Design) -> tuple[list[MarketResult], float]:
    """Results in the order of the rows, and the CPU seconds that they took."""
    start = time.process_time()
    found = market_results(rows, design)
    return sorted(found, key=lambda result: int(result.row.id[1:])), time.process_time() - start


def main() -> int:
    """Run the rows that are asked for, and print a line a measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--row", action="append", choices=list(_rows(None)), metavar="ROW")
    parser.add_argument("--pairs", type=int, default=16)
    parser.add_argument("--fan", type=int, default=100)
    parser.add_argument("--before", type=Path, metavar="FILE", help="speeds of an older checkout")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = [row for name, row in _rows(asked.before).items() if name in (asked.row or [name])]
    results, seconds = run(rows, Design(asked.pairs, asked.fan))
    if asked.json:
        plain = [{"id": r.row.id, "status": r.status, "shown": [vars(s) for s in r.shown]} for r in results]
        print(json.dumps({"cpu_s": seconds, "rows": plain}))
    else:
        for result in results:
            print(f"{result.row.id:4} {result.row.title}: {result.status} {result.failure}")
            for shown in result.shown:
                missed = "" if shown.met else "  <- missed"
                print(f"       {shown.what}: {figure(shown.found)} ({shown.must}){missed}")
    print(f"{sum(r.status == MET for r in results)} of {len(results)} met; {seconds:.0f} CPU seconds", file=sys.stderr)
    return int(any(result.status == NOT_MET for result in results))


if __name__ == "__main__":
    sys.exit(main())
