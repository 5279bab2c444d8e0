"""What the catalogue keeps: agents' own shortcuts, the company's approved answers, and what came of them."""

from comptoir.catalogue.models.canned import CannedFile, CannedResponse
from comptoir.catalogue.models.entry import AnswerFile, AnswerVariant, CatalogueEntry, EntryVersion, Phrasing
from comptoir.catalogue.models.importing import CatalogueFile
from comptoir.catalogue.models.searching import CatalogueEdition, TextVector
from comptoir.catalogue.models.serving import EntryUse, KnowledgeGap

__all__ = [
    "AnswerFile",
    "AnswerVariant",
    "CannedFile",
    "CannedResponse",
    "CatalogueEdition",
    "CatalogueEntry",
    "CatalogueFile",
    "EntryUse",
    "EntryVersion",
    "KnowledgeGap",
    "Phrasing",
    "TextVector",
]
