"""What can go wrong at the door."""

from topform.core.errors import AuthenticationError, ConflictError, PermissionDeniedError, RateLimitedError


class SignUpClosedError(PermissionDeniedError):
    """This server accepts no new accounts."""

    code = "sign_up_closed"


class EmailTakenError(ConflictError):
    """Someone has already signed up with the address."""

    code = "email_taken"


class WrongCredentialsError(AuthenticationError):
    """The address or the password is wrong; which of the two is not told."""

    code = "wrong_credentials"


class AccountLockedError(RateLimitedError):
    """Too many wrong passwords for this account."""

    code = "account_locked"
