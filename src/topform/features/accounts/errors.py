"""What can go wrong at the door."""

from topform.core.errors import (
    AuthenticationError,
    ConflictError,
    InvalidInputError,
    PermissionDeniedError,
    RateLimitedError,
)


class SignUpClosedError(PermissionDeniedError):
    """This server accepts no new accounts, or only with an invitation."""

    code = "sign_up_closed"


class InvitationError(PermissionDeniedError):
    """The invitation is unknown, used or too old."""

    code = "invitation_invalid"


class EmailTakenError(ConflictError):
    """Someone has already signed up with the address."""

    code = "email_taken"


class GuessablePasswordError(InvalidInputError):
    """Whoever guesses passwords tries this one early."""

    code = "password_guessable"


class WrongCredentialsError(AuthenticationError):
    """The address or the password is wrong; which of the two is not told."""

    code = "wrong_credentials"


class SessionEndedError(AuthenticationError):
    """The refresh token is unknown or its session has ended."""

    code = "session_ended"


class RefreshReusedError(AuthenticationError):
    """A refresh token was used twice; somebody may have copied it, so its session was ended."""

    code = "refresh_reused"


class SecondFactorRequiredError(AuthenticationError):
    """The password was right; a code of the authenticator app is needed as well."""

    code = "second_factor_required"


class WrongCodeError(AuthenticationError):
    """The code of the authenticator app is wrong, used or too old."""

    code = "second_factor_wrong"


class WrongPasswordError(PermissionDeniedError):
    """The password that confirms a change is wrong."""

    code = "wrong_password"


class WrongPasskeyError(PermissionDeniedError):
    """The passkey that confirms a change is not the athlete's, or its answer is wrong."""

    code = "wrong_passkey"


class PasskeyRefusedError(AuthenticationError):
    """The passkey opens no account of this server, or its answer is wrong, used or too old."""

    code = "passkey_refused"


class PasskeyInvalidError(InvalidInputError):
    """A new passkey is not what was asked for."""

    code = "passkey_invalid"


class PasskeysUnavailableError(ConflictError):
    """This server has no address that passkeys can be bound to."""

    code = "passkeys_unavailable"


class IdentityRefusedError(AuthenticationError):
    """What came back from an identity provider is not believed."""

    code = "identity_refused"


class IdentityUnknownError(PermissionDeniedError):
    """Nobody on this server uses the account elsewhere."""

    code = "identity_unknown"


class IdentityUnlinkedError(ConflictError):
    """The account elsewhere has the address of one here; the password of that one links the two."""

    code = "identity_unlinked"


class IdentityTakenError(ConflictError):
    """The account elsewhere is linked already, with this account or another."""

    code = "identity_taken"


class AppRequestError(InvalidInputError):
    """An app asks for access in a way that is refused; the athlete is led nowhere."""

    code = "app_request_refused"


class AccountLockedError(RateLimitedError):
    """Too many wrong passwords for this account."""

    code = "account_locked"


class LinkError(InvalidInputError):
    """A link from an e-mail is unknown, used or too old."""

    code = "link_invalid"


class SecondFactorStateError(ConflictError):
    """There is already, or not yet, an authenticator app for this account."""

    code = "second_factor_state"


class UnknownScopeError(InvalidInputError):
    """A token is asked for something that does not exist."""

    code = "scope_unknown"
