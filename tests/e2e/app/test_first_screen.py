"""What a browser must fetch before it can draw the first screen."""

from __future__ import annotations

import gzip

from playwright.async_api import Response
from tests.support.browser import Visitor

MOST_BYTES = 600_000


async def test_the_scripts_of_the_first_screen_are_small_and_models_are_not_among_them(newcomer: Visitor) -> None:
    fetched: dict[str, bytes] = {}

    async def note(response: Response) -> None:
        if response.url.partition("?")[0].endswith((".js", ".wasm", ".tflite", ".css")):
            fetched[response.url] = await response.body()

    newcomer.page.on("response", note)
    await newcomer.visit("/")
    assert fetched
    assert not [url for url in fetched if "/live/" in url]
    assert sum(len(gzip.compress(body)) for body in fetched.values()) <= MOST_BYTES
