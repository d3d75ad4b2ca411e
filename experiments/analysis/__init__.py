"""What the runs of an experiment say: goals, paired differences, sensitivity, discovery, convergence, tuning.

Every module has one idea and works on frames: design points (`design`, one column a control), outcomes (`design`,
`run`, one column a KPI). Points are simulated in one place, `evaluate`, and that is a parameter of whoever needs it.
"""
