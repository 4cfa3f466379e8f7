"""What entry points may use of accounts."""

from topform.features.accounts.service import Accounts, add_local_athlete

__all__ = ["Accounts", "add_local_athlete"]
