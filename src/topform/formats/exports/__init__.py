"""What platforms hand out when an athlete asks for their data: read as streams, in bounded memory."""

from topform.formats.exports.detection import readers_for
from topform.formats.exports.found import (
    ActivityAbout,
    ExportReader,
    FoundActivity,
    FoundBroken,
    FoundNames,
    FoundValues,
    Tree,
)

__all__ = [
    "ActivityAbout",
    "ExportReader",
    "FoundActivity",
    "FoundBroken",
    "FoundNames",
    "FoundValues",
    "Tree",
    "readers_for",
]
