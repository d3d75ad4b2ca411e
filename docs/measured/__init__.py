"""Pages whose figures are simulated, in minutes: a module a page, with its `FILE` and its `text()`."""
