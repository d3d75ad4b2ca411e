"""`python -m experiments.cli`, the same as `quiver-sim`: the working folder is not searched for modules.

It is where Python found this one if the code is not installed, and stays then.
"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

if not sys.flags.safe_path and sys.path[0] == os.getcwd() != ROOT:
    del sys.path[0]

from experiments.cli import main  # noqa: E402 (the search path first)

main()
