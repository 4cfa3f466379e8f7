"""What can go wrong with a third-party service, each with what the athlete or the operator can do about it."""

from __future__ import annotations

from typing import Any

from topform.core.errors import NotFoundError, PermissionDeniedError, TopFormError


class ProviderError(TopFormError):
    """A third-party service did not do what was asked of it."""

    code = "provider_failed"

    def __init__(self, message: str, *, provider: str, remedy: str | None = None, **fields: Any) -> None:
        super().__init__(message, remedy=remedy, provider=provider, **fields)
        self.provider = provider


class ProviderUnavailableError(ProviderError):
    """The service does not answer, or answers with a failure of its own; it is asked again later."""

    code = "provider_unavailable"


class ProviderRateLimitedError(ProviderError):
    """The service asks us to wait."""

    code = "provider_rate_limited"

    def __init__(self, message: str, *, provider: str, retry_after_s: float) -> None:
        super().__init__(
            message,
            provider=provider,
            remedy="Nothing has to be done: it goes on by itself when the service allows it.",
            retry_after_s=retry_after_s,
        )
        self.retry_after_s = retry_after_s


class AccessRefusedError(ProviderError):
    """The service does not accept the access token; a fresh one may help."""

    code = "provider_access_refused"


class SignInNeededError(ProviderError):
    """The athlete has withdrawn the permission, or it has ended."""

    code = "provider_sign_in_needed"


class ScopeMissingError(ProviderError):
    """The athlete's permission does not cover what was asked for."""

    code = "provider_permission_missing"


class RemoteItemMissingError(ProviderError):
    """The service no longer has the item, or never showed it to us."""

    code = "provider_item_missing"


class ProviderAnswerError(ProviderError):
    """The service answered something that its documentation does not describe."""

    code = "provider_answer_unusable"


class ForbiddenAddressError(ProviderError):
    """A request would have gone to an address that does not belong to the service."""

    code = "provider_address_forbidden"


class WebhookRefusedError(PermissionDeniedError):
    """A notification does not prove that it comes from the service."""

    code = "webhook_refused"


class UnknownProviderError(NotFoundError):
    """There is no such service, or the operator has not set it up."""

    code = "provider_unknown"
