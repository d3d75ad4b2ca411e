"""The parts of a proposal's report, in the order in which voters ask: what, how well, why, for whom, what if."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from dashboards.evidence import charts
from dashboards.evidence.amounts import amounts, percent
from dashboards.site.grids import Cell, Column, Row, Section, Table
from dashboards.units import MISSING, value_text
from experiments.analysis.goals import MET, NOT_MET
from experiments.proposals.attacks import AMOUNTS, RUNS
from experiments.proposals.case import Case
from experiments.proposals.limits import limits
from experiments.proposals.rails import support_needed
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import GAINS, LOSES, PROPOSED, SAME, TODAY, UNCLEAR, against, named
from model.metrics import METRICS
from model.parameters import REGISTRY

ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
MARKS = {MET: "good", NOT_MET: "bad", GAINS: "good", LOSES: "bad"}
PAIRED = "Differences are to today's values, run by run on the same random numbers, with the 95 % interval of the mean."


def sections(case: Case) -> list[Section]:
    """Every part, in order."""
    return [
        _summary(case),
        _objective(case),
        _specification(case),
        _rationale(case),
        _groups(case),
        _attacks(case),
        _flips(case),
        _risks(case),
        _review(case),
        _references(case),
        _provenance(case),
    ]


def _summary(case: Case) -> Section:
    words = [f"{name} from {before} to {after} ({unit})" for name, before, after, unit in case.changes]
    points = [(f"{word.capitalize()}:", named(against(case.groups, [word]))) for word in (GAINS, LOSES, UNCLEAR, SAME)]
    return Section(
        "summary",
        "Summary",
        [f"It needs {percent(support_needed(case.asked))} of the votes cast. In the baseline, against today's values:"],
        answer=f"Change {'; '.join(words)}. {' '.join(_goals(case))}",
        points=[(head, said) for head, said in points if said],
    )


def _goals(case: Case) -> Iterator[str]:
    """Each goal in a sentence, in the baseline."""
    for kpi in (kpi for kpi in case.asked.kpis if kpi.threshold is not None):
        rows = case.chances[(case.chances["scenario"] == BASELINE) & (case.chances["kpi"] == kpi.name)]
        found = rows.set_index("setting")
        now, then = found.loc[TODAY], found.loc[PROPOSED]
        allowed = "" if kpi.chance is None else f"; at most {percent(1.0 - kpi.chance)} may: {then['verdict']}"
        yield (
            f"{case.labels[kpi.name]} is to be {_threshold(now)}: missed in {now['breached']} of {now['n']} runs today "
            f"and in {then['breached']} of {then['n']} as proposed{allowed}."
        )


def _threshold(row: pd.Series) -> str:
    return f"{row['asked']} {value_text(float(row['threshold']), str(row['unit']))}"


def _objective(case: Case) -> Section:
    columns = _words("KPI", "Metric", "Of its days", "Better", "Threshold", "Chance asked")
    kpis = [
        Row(
            [
                Cell(case.labels[kpi.name]),
                Cell(kpi.metric, code=True),
                *map(Cell, (kpi.aggregation, {"up": "higher", "down": "lower"}.get(kpi.direction, "neither"))),
                Cell("none" if kpi.threshold is None else value_text(kpi.threshold, kpi.unit)),
                Cell("none" if kpi.chance is None else percent(kpi.chance)),
            ]
        )
        for kpi in case.asked.kpis
    ]
    heads = [*_words("Scenario", "KPI", "Setting"), Column("Asked"), Column("Breached in"), Column("95 % interval")]
    rows = [
        Row(
            [
                *map(Cell, (row["scenario"], case.labels[row["kpi"]], row["setting"], _threshold(row))),
                Cell(f"{row['breached']} of {row['n']} runs"),
                Cell(f"{percent(row['low'], 1)} to {percent(row['high'], 1)}"),
                Cell(row["verdict"], MARKS.get(row["verdict"], "")),
            ],
            3,
        )
        for _, row in case.chances.iterrows()
    ]
    return Section(
        "objective",
        "Objective",
        ["The figures by which the proposal is to be judged, and how often a threshold may be missed."],
        panels=list(charts.chances(case)),
        tables=[
            Table("kpis", "", columns, kpis, case.chances),
            Table("chances", "How often thresholds are breached", [*heads, Column("Verdict")], rows, case.chances),
        ],
    )


def _specification(case: Case) -> Section:
    lines = [
        line
        for name, before, after, unit in case.changes
        for line in (f"- {name}: {before}  ({unit})", f"+ {name}: {after}  ({unit})")
    ]
    facts = [(name, REGISTRY[name].doc) for name in case.asked.changes]
    facts += [("In force", f"{case.delay_days} days after submission, at the earliest")]
    columns = _words("About", "Rail", "Found", "Allowed", "Kept")
    rows = [
        Row([*map(Cell, (c.about, c.rail, c.found, c.allowed)), Cell("yes" if c.passed else "no")], 2)
        for c in case.checks
    ]
    tables = [Table("checks", "What was checked", columns, rows, pd.DataFrame())]
    if case.calls is None:
        facts += [("On chain", "no map of contracts was given, so there are no calls for the chain")]
    else:
        heads = _words("Parameter", "Contract", "Function", "Argument")
        calls = [
            Row([Cell(row[key], code=True) for key in ("parameter", "address", "function", "to_raw")])
            for row in case.calls["changes"]
        ]
        facts += [("Number on chain", case.calls["governor"]["proposal_id"])]
        caption = "Calls on chain, by the map of contracts in targets.yaml; calldata and a Snapshot ballot: calls.json"
        tables.append(Table("calls", caption, heads, calls, pd.DataFrame()))
    return Section("specification", "Specification", facts=facts, code="\n".join(lines), tables=tables)


def _rationale(case: Case) -> Section:
    asked = case.asked
    text = [part for part in re.split(r"\n\s*\n", asked.rationale) if part.strip()]
    points = [
        (f"{name.capitalize()}:", ", ".join(f"{key} {value!r}" for key, value in point.items()))
        for name, point in list(asked.settings.items())[2:]
    ]
    own = case.effects[case.effects["kpi"].isin([kpi.name for kpi in asked.kpis])]
    rows = [Row([Cell(row["scenario"]), Cell(case.labels[row["kpi"]]), *_effect(row)], 3) for _, row in own.iterrows()]
    columns = [
        *_words("Scenario", "KPI", "Setting"),
        *map(Column, ("Mean", "95 % interval", "Difference", "95 % interval", "Better in")),
    ]
    return Section(
        "rationale",
        "Rationale and alternatives",
        [*text, PAIRED] if points else [*text, "No alternative was compared.", PAIRED],
        points=points,
        panels=[*charts.effects(case), *charts.spreads(case)],
        tables=[Table("effects", "Means, and differences to today", columns, rows, own)],
    )


def _effect(row: pd.Series) -> list[Cell]:
    first = [Cell(row["setting"]), *amounts(row["mean"], row["low"], row["high"], row["unit"])]
    if row["setting"] == TODAY:
        return [*first, *[Cell(MISSING)] * 3]
    ends = (row["difference"], row["difference_low"], row["difference_high"])
    return [*first, *amounts(*ends, row["unit"], True), Cell(f"{percent(row['better'])} of runs")]


def _groups(case: Case) -> Section:
    rows = case.groups[case.groups["setting"] == PROPOSED]
    others = [stress.name for stress in case.asked.stress[1:]]
    words = rows.set_index(["scenario", "group", "metric"])["outcome"]
    columns = [*_words("Group", "What"), *map(Column, ("Difference", "95 % interval"))]
    columns += _words("Outcome", *others, "Reading")
    found = []
    for row in rows[rows["scenario"] == BASELINE].itertuples():
        there = [words[(other, row.group, row.metric)] for other in others]
        outcomes = [Cell(word, MARKS.get(word, "")) for word in (row.outcome, *there)]
        what = f"{METRICS[row.metric].label}, {row.aggregation}"
        cells = amounts(row.difference, row.low, row.high, row.unit, True)
        found.append(Row([Cell(row.group), Cell(what), *cells, *outcomes, Cell(row.reading)], 2))
    caption = "The proposal in the baseline, and the outcome in each other scenario"
    table = Table("groups-table", caption, columns, found, rows)
    return Section("groups-part", "Who gains and who loses", [PAIRED], panels=list(charts.groups(case)), tables=[table])


def _attacks(case: Case) -> Section:
    text = []
    if case.unmeasured:
        text.append(f"The change can touch these too, and they were not measured: {', '.join(case.unmeasured)}.")
    if not len(case.attacks):
        return Section("attacks-part", "What attacks cost", ["No attack was measured.", *text])
    columns = _words("Attack", "Setting")
    columns += [Column(head) for name in ("Capital", "Profit", "Victims' loss") for head in (name, "95 % interval")]
    rows = []
    for _, row in case.attacks.iterrows():
        cells = [cell for name in AMOUNTS for cell in _usd(row, name)]
        known = pd.notna(row["profit_usd"])
        pays = ("yes" if row["profit_usd_low"] > 0.0 else "not seen") if known else "cannot have the setting"
        rows.append(Row([Cell(row["attack"], code=True), Cell(row["setting"]), *cells, Cell(pays)], 2))
    caption = f"{RUNS} pairs of runs each, in USD, each attack in its own scenario"
    table = Table("attacks-table", caption, [*columns, Column("Pays")], rows, case.attacks)
    return Section("attacks-part", "What attacks cost", text, panels=list(charts.attacks(case)), tables=[table])


def _usd(row: pd.Series, name: str) -> list[Cell]:
    """An amount of an attack and its interval."""
    mean, low, high = (float(row[f"{name}_usd{end}"]) for end in ("", "_low", "_high"))
    return amounts(mean, low, high, "USD")


def _flips(case: Case) -> Section:
    columns = [*_words("KPI", "Along", "Part", "Span"), *map(Column, ("Runs", "Difference", "95 % interval"))]
    rows = [
        Row(
            [
                *map(Cell, (case.labels[row.kpi], row.factor, row.part, row.span, str(row.n))),
                *amounts(row.difference, row.low, row.high, row.unit, True),
                Cell("yes" if row.flips else "no", "bad" if row.flips else ""),
            ],
            3,
        )
        for row in case.flips.itertuples()
    ]
    text = (
        "Differences of the proposal by scenario, and by thirds of the runs along what no one decides. The effect "
        "turns where the whole interval lies on the other side of zero from that of all runs of the baseline, the band."
    )
    table = Table("flips-table", "", [*columns, Column("Turns")], rows, case.flips)
    return Section("flips", "Where the effect turns", [text], panels=list(charts.flips(case)), tables=[table])


def _risks(case: Case) -> Section:
    return Section(
        "risks", "Risks, and what the model cannot say", points=[("", said) for said in limits(case.asked.changes)]
    )


def _review(case: Case) -> Section:
    made = f"made on {case.created}" if case.created else "of no stated date"
    said = f"To be reviewed on {case.asked.review}. The evidence, {made}, counts for {case.asked.valid_days} days."
    return Section("review", "Review", [said])


def _references(case: Case) -> Section:
    links = [(text, text if ADDRESS.fullmatch(text) else "") for text in case.asked.references]
    return Section("references", "References", [] if links else ["None."], links=links)


def _provenance(case: Case) -> Section:
    asked = case.asked
    start = asked.base.start
    facts = [
        ("Scenario", asked.scenario),
        ("Starts from", "genesis" if start is None else f"day {start.day} of the network, by the snapshot start.json"),
        ("Scenarios", ", ".join(stress.name for stress in asked.stress)),
        ("Days", f"{asked.base.days:,}"),
        ("Runs", f"at most {asked.runs:,} a setting and scenario"),
        ("Drawn for each run", ", ".join(asked.environment.keys) or "nothing but chance"),
        ("Seed", str(asked.seed)),
        ("Code version", case.code),
    ]
    return Section("provenance", "Provenance", facts=facts)


def _words(*names: str) -> list[Column]:
    return [Column(name, words=True) for name in names]
