"""Why an account cannot be brought back or deleted."""

from topform.core.errors import ConflictError, InvalidInputError


class AccountNotEmptyError(ConflictError):
    """The account that an archive is to be imported into holds other data already."""

    code = "account_not_empty"


class RowsTakenError(ConflictError):
    """Rows of the archive belong to another account of this server."""

    code = "rows_taken"


class NotConfirmedError(InvalidInputError):
    """Deleting an account was not confirmed as asked."""

    code = "not_confirmed"
