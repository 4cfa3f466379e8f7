"""What every client keeps to, whichever service it is for."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from topform.features.connections.catalog import REMOTE
from topform.providers.errors import ProviderError, WebhookRefusedError
from topform.providers.protocols import (
    Credentials,
    ProviderApp,
    SignInWay,
    WebhookProof,
    WebhookRequest,
    Window,
)

APP = ProviderApp(client_id="id", client_secret="secret-of-the-application")
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "providers.md"


@pytest.fixture(params=sorted(REMOTE))
def kind(request: pytest.FixtureRequest):
    return REMOTE[request.param]


def test_its_page_asks_for_the_permission_over_tls_on_a_host_of_its_own(kind) -> None:
    back = "https://t.example/devices/callback"
    if SignInWay.OAUTH not in kind.about.sign_in:
        with pytest.raises(ProviderError, match="offers no"):
            kind(APP).authorization_url(redirect_uri=back, state="s" * 43, code_challenge="c")
        return
    url = kind(APP).authorization_url(redirect_uri=back, state="s" * 43, code_challenge="c")
    page = urlsplit(url)
    query = parse_qs(page.query)
    assert (page.scheme, page.hostname in kind.about.hosts) == ("https", True)
    assert (query["client_id"], query["state"], query["response_type"]) == (["id"], ["s" * 43], ["code"])
    assert query["redirect_uri"] == [back]
    assert APP.client_secret not in url
    assert ("code_challenge" in query) is kind.about.uses_pkce


def test_without_an_application_it_says_who_can_help(kind) -> None:
    with pytest.raises(ProviderError) as caught:
        kind(ProviderApp()).authorization_url(redirect_uri="https://t.example/", state="s", code_challenge=None)
    assert "person who runs this server" in (caught.value.remedy or "")


def test_its_credentials_show_no_secret_when_printed(kind) -> None:
    credentials = Credentials(access_token="access-1", refresh_token="refresh-1", account_id="7")
    assert "access-1" not in repr(credentials)
    assert "refresh-1" not in repr(credentials)
    assert "secret-of-the-application" not in repr(APP)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff\xfe", b'"x"', b"null", b'{"event": 1, "user_id": []}'])
def test_a_strange_notification_is_refused_or_says_nothing(kind, body: bytes) -> None:
    from datetime import UTC, datetime

    request = WebhookRequest("POST", {}, {}, body, datetime.now(UTC))
    try:
        answer = kind(APP).read_webhook(request)
    except WebhookRefusedError:
        return
    assert kind.about.webhook is not WebhookProof.SIGNATURE
    assert answer.notices == ()


def test_it_is_described(kind) -> None:
    header = re.search(r"^\| \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert header is not None
    assert kind.about.name in header[1].split(" | ")


def test_only_keys_need_no_application(kind) -> None:
    assert set(kind.about.sign_in) <= {SignInWay.OAUTH, SignInWay.KEY}


def test_a_window_is_asked_for_in_stretches_from_the_newest() -> None:
    window = Window(date(2026, 1, 1), date(2026, 1, 10))
    seen, cursor = [], None
    while True:
        chunk, cursor = window.newest_chunk(cursor, days=4)
        seen.append((chunk.first.day, chunk.last.day))
        if cursor is None:
            break
    assert seen == [(7, 10), (3, 6), (1, 2)]
