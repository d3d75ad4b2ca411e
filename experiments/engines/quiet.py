"""cadCAD and radCAD print banners, progress and tracebacks; here they are asked to keep them to themselves."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Nothing of what the engines print or log inside the `with` block is seen; exceptions pass."""
    logger = logging.getLogger("radCAD")
    disabled, logger.disabled = logger.disabled, True
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        logger.disabled = disabled
