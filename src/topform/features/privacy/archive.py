"""The archive of one account: tables as lines of JSON, and the stored objects."""

from __future__ import annotations

from typing import Final

from topform.platform.archives import ArchiveKind

ABOUT: Final = """\
This archive holds everything TopForm kept about one athlete.

manifest.json     what is inside, with sizes and SHA-256 digests, and what was left out and why
tables/*.jsonl    one table a file, one row a line; times are UTC, quantities carry their unit in the name
objects/          originals/ the files as they were uploaded, streams/ the samples as Parquet, and videos

topform account import brings it back into an account, on this or another server.
"""

ACCOUNT: Final = ArchiveKind(
    format="topform-account",
    schema_version=1,
    noun="the archive of an account",
    about=ABOUT,
    remedy="Export the account again and import the new archive.",
    remedy_elsewhere="For activity files and exports of other services use topform import.",
)
