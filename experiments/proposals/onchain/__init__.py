"""On-chain forms of parameter changes: Governor calldata and a Snapshot proposal."""

from experiments.proposals.onchain.assemble import decode, forms
from experiments.proposals.onchain.example import example_targets
from experiments.proposals.onchain.request import forms_of
from experiments.proposals.onchain.targets import TargetMap, load_targets, read_targets

__all__ = ["TargetMap", "decode", "example_targets", "forms", "forms_of", "load_targets", "read_targets"]
