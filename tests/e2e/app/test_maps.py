"""Maps below routes: nothing is asked of their host until the athlete turns them on, and nothing of anybody else."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.async_api import Browser, Page, expect
from tests.support.app_site import Site, served, sign_up, upload
from tests.support.browser import Visitor, open_window
from tests.support.fit_writer import RUNNING
from tests.support.training_log import CENTRE_DEG, Outing

RUN = Outing(date(2026, 3, 4), RUNNING, 20)
ATTRIBUTION = "© Cartographers of the North Sea"
CHOICE = "Map below routes on this device"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
SEEN = "[...document.images].filter((one) => one.src.startsWith('{url}') && one.naturalWidth > 0).length > 0"


@contextmanager
def tile_host() -> Iterator[tuple[str, list[str]]]:
    """Serve the same tile everywhere; say the address and what was asked for."""
    asked: list[str] = []

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(PIXEL)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def host() -> Iterator[tuple[str, list[str]]]:
    """A host of maps."""
    with tile_host() as started:
        yield started


@pytest.fixture(scope="module")
def with_maps(installation: Site, host: tuple[str, list[str]]) -> Iterator[Site]:
    """A TopForm whose operator offers maps; that of the other tests does not."""
    del installation
    url, _ = host
    with served(
        TOPFORM_MAP_TILES_URL=f"{url}/ground/{{z}}/{{x}}/{{y}}.png",
        TOPFORM_MAP_TILES_ATTRIBUTION=ATTRIBUTION,
        TOPFORM_MAP_TILES_MAX_ZOOM="14",
    ) as running:
        yield running


async def choose(page: Page, *, wanted: bool) -> None:
    """Turn maps on or off; the box follows once the device has kept the choice."""
    box = page.get_by_role("checkbox", name=CHOICE)
    await box.click()
    await expect(box).to_be_checked(checked=wanted)


async def test_maps_are_fetched_only_while_their_reader_wants_them(
    browser: Browser, with_maps: Site, host: tuple[str, list[str]]
) -> None:
    url, asked = host
    visitor = await open_window(browser, with_maps.url)
    page = visitor.page
    await sign_up(visitor, "Mia")
    route = await a_route(visitor)
    await visitor.visit(route)
    await expect(page.get_by_role("img", name="Route of")).to_be_visible()
    await expect(page.get_by_text("no map service learns where you train")).to_be_visible()
    assert (asked, visitor.strangers) == ([], [])

    await visitor.visit("/profile")
    await expect(page.get_by_text(f"Fetched from {url.removeprefix('http://')}")).to_be_visible()
    assert asked == []
    await choose(page, wanted=True)
    await visitor.visit(route)
    await expect(page.get_by_text(ATTRIBUTION)).to_be_visible()
    await visitor.until(SEEN.format(url=url))
    fetched = [tuple(int(part) for part in re.findall(r"\d+", path)) for path in asked]
    zoom = fetched[0][0]
    assert zoom <= 14
    assert tile_of(*CENTRE_DEG, zoom) in fetched
    assert all(address.startswith(f"{url}/ground/") for address in visitor.strangers)
    assert await visitor.axe() == []

    await visitor.visit("/profile")
    await choose(page, wanted=False)
    before = len(asked)
    await visitor.visit(route)
    await expect(page.get_by_text("no map service learns where you train")).to_be_visible()
    assert len(asked) == before

    await page.get_by_role("link", name="Profile").first.click()
    await choose(page, wanted=True)
    await visitor.context.clear_cookies()
    await sign_up(visitor, "Noah")
    await visitor.visit(await a_route(visitor))
    await expect(page.get_by_text("no map service learns where you train")).to_be_visible()
    assert len(asked) == before
    assert visitor.complaints == []
    await visitor.context.close()


async def a_route(visitor: Visitor) -> str:
    """Import a run and return the address of its page."""
    job = await upload(visitor, "/activities/uploads", RUN.file_name, RUN.to_fit())
    return f"/activities/{job['result']['files'][0]['activity_ids'][0]}"


def tile_of(latitude_deg: float, longitude_deg: float, zoom: int) -> tuple[int, int, int]:
    """Return zoom, column and row of the tile with a place (OpenStreetMap wiki, *Slippy map tilenames*)."""
    latitude = math.radians(latitude_deg)
    across = (longitude_deg + 180) / 360
    down = (1 - math.log(math.tan(latitude) + 1 / math.cos(latitude)) / math.pi) / 2
    return zoom, int(across * 2**zoom), int(down * 2**zoom)
