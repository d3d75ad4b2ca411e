"""Analysis of an experiment's runs: goals, paired differences, sensitivity, discovery, convergence, tuning.

Every module has one idea and works on frames: design points (`design`, one column a control), outcomes (`design`,
`run`, one column a KPI). Points are simulated in one module, `evaluate`, which the others take as an argument.
"""
