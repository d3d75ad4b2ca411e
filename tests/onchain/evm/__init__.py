"""Contracts to test calldata against, and a chain in memory that runs them."""
