"""From a sweep to a proposal that governance can vote on: its file, the rails, the evidence, and the check of it."""
