"""`python -m experiments.cli`, the same as `quiver-sim`."""

from experiments.cli import main

main()
