"""Rules of failure: a shallow decision tree whose leaves are sentences (Breiman et al. 1984)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeClassifier

from experiments.analysis.discovery import numbers

DEPTH = 3
SMALLEST_LEAF = 0.05
"""The least share of the cases in a leaf."""


def rules(columns: pd.DataFrame, fails: NDArray[np.bool_]) -> pd.DataFrame:
    """One row a leaf, the one that fails most first: `rule` in words, `cases`, `fails` (count) and `share`."""
    table, outcome = numbers(columns), np.asarray(fails, dtype=bool)
    if not len(table.columns):
        return pd.DataFrame([_leaf([], outcome)])
    least = max(1, int(np.ceil(SMALLEST_LEAF * len(outcome))))
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, random_state=0).fit(table, outcome)
    leaves = tree.apply(table)
    conditions = _conditions(tree, list(table.columns))
    found = [_leaf(conditions[leaf], outcome[leaves == leaf]) for leaf in sorted(set(leaves))]
    return pd.DataFrame(found).sort_values(["share", "cases"], ascending=False, kind="stable", ignore_index=True)


def _leaf(conditions: list[str], fails: NDArray[np.bool_]) -> dict[str, object]:
    share = float(fails.mean())
    return {
        "rule": " and ".join(conditions) or "everywhere",
        "cases": len(fails),
        "fails": int(fails.sum()),
        "share": share,
    }


def _conditions(tree: DecisionTreeClassifier, names: list[str]) -> dict[int, list[str]]:
    """Conditions from the root to each node."""
    nodes = tree.tree_
    found: dict[int, list[str]] = {0: []}
    for node in range(nodes.node_count):
        if nodes.children_left[node] < 0:
            continue
        name, cut = names[nodes.feature[node]], float(nodes.threshold[node])
        word = " = " in name
        found[int(nodes.children_left[node])] = [*found[node], f"not {name}" if word else f"{name} at most {cut:.4g}"]
        found[int(nodes.children_right[node])] = [*found[node], name if word else f"{name} above {cut:.4g}"]
    return found
