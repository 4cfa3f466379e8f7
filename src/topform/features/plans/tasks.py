"""Names under which the queue knows the work on plans."""

from typing import Final

MAKE_PLAN: Final = "plans.make"
