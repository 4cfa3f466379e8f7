"""Event types of form checks; created carries the summary as the API lists it, deleted the id."""

from typing import Final

FORM_CHECK_CREATED: Final = "form_check.created"
FORM_CHECK_DELETED: Final = "form_check.deleted"
