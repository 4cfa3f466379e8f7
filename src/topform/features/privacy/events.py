"""Event types of privacy; the data is the erasure as the API shows it."""

from typing import Final

ERASURE_CHANGED: Final = "account.erasure_changed"
ACCOUNT_RESTORED: Final = "account.restored"
