"""Mutants of users' files: whatever is in a file, it is read, or refused in sentences; `python -m tests.fuzz 20000`."""
