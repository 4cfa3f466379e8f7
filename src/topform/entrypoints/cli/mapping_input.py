"""The JSON file that says what the columns of a table hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from topform.core.errors import InvalidInputError, TopFormError
from topform.entrypoints.cli.json_input import read_json
from topform.formats.text.mapping import TableMapping

EXAMPLE = '{"columns": {"Leistung": "power_w"}}'


def read_mapping_document(path: Path) -> dict[str, Any]:
    """Return the mapping that a file describes, in its JSON form.

    Raises
    ------
    InvalidInputError
        If it is no JSON object or describes something else; names the file.
    """
    try:
        said = read_json(path, what="mapping", example=EXAMPLE, error=InvalidInputError)
        if not isinstance(said, dict):
            raise InvalidInputError("the mapping is no JSON object", remedy=f"Write {EXAMPLE}.")
        TableMapping.from_document(said)
    except TopFormError as error:
        error.file = error.file or str(path)
        raise
    return said
