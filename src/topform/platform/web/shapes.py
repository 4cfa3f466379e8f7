"""Documents that are stored and handed out as they are, and what the OpenAPI document says of them."""

from __future__ import annotations

from dataclasses import dataclass
from types import GenericAlias
from typing import Any, Final

from pydantic import GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
"""Content of an answer that is a file."""


@dataclass(frozen=True, slots=True)
class ShownAs:
    """Describes a plain document by a type that it is not made into.

    What the planner wrote a year ago leaves the server as it was stored, and what a request says is read by a parser
    that names the field that is wrong; the OpenAPI document tells both from the shape. A test holds documents that the
    program really makes against it.

    Parameters
    ----------
    shape : type
        As pydantic takes them: typed dictionaries, literals and their unions.

    Examples
    --------
    >>> from typing import Annotated
    >>> TypeAdapter(Annotated[list[Any], ShownAs(list[int])]).json_schema()["items"]
    {'type': 'integer'}
    """

    shape: Any

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        # Within a list the shape keeps the name of its own in the document; so does a reference beside a description
        # only within another schema.
        several: Any = GenericAlias(list, (self.shape,))
        shown: JsonSchemaValue = handler(TypeAdapter(several).core_schema)["items"]
        return {"allOf": [shown]} if "$ref" in shown else shown
