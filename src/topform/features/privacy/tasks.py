"""Names under which the queue knows the work of privacy."""

from typing import Final

FEATURE: Final = "privacy"
EXPORT: Final = "export_account"
IMPORT: Final = "import_account"
ERASE: Final = "erase_account"
FORGET: Final = "forget_what_is_old"
ERASE_TASK: Final = f"{FEATURE}.{ERASE}"
EXPORT_TASK: Final = f"{FEATURE}.{EXPORT}"
IMPORT_TASK: Final = f"{FEATURE}.{IMPORT}"
EXPORTS_FOLDER: Final = "exports"
