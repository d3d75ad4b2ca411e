"""What is decided each day: every file that ends with a block declares one, gathered here by name."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from model.block import Block

BLOCKS: dict[str, Block] = {
    block.name: block
    for file in iter_modules(__path__)
    for block in vars(import_module(f"{__name__}.{file.name}")).values()
    if isinstance(block, Block)
}
"""Every block of a day by name; in which order they stand is the wiring's."""
