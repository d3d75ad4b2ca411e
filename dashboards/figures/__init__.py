"""One chart a module: pure functions from tables of a store to a plotly figure, with the sentence that goes with it."""
