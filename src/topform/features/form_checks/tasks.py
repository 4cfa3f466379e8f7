"""Names under which the queue knows the work on form checks."""

from typing import Final

ANALYZE: Final = "form_checks.analyze"
