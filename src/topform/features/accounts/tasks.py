"""Names of the feature's jobs and what they are about."""

from typing import Final

FEATURE: Final = "accounts"
SEND_LINK: Final = "send_link"
SEND_NOTICE: Final = "send_notice"
SEND_LINK_TASK: Final = f"{FEATURE}.{SEND_LINK}"
SEND_NOTICE_TASK: Final = f"{FEATURE}.{SEND_NOTICE}"

VERIFY: Final = "verify"
"""A link that proves that the athlete reads the account's address."""
CHANGE: Final = "change"
"""A link that makes another address the account's."""
RESET: Final = "reset"
"""A link that lets a forgotten password be replaced."""
