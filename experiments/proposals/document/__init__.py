"""The document of a proposal for those who vote, as data: made once, shown as Markdown and as HTML."""

from experiments.proposals.document.assemble import proposal_document
from experiments.proposals.document.blocks import Document

__all__ = ["Document", "proposal_document"]
