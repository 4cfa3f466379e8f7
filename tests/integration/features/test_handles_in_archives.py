"""Which handle somebody has who erased an account, or leaves it on another server, and brings its archive back."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.integration.features.test_community import befriend, join
from tests.integration.features.test_privacy import archive_of, rewritten
from tests.support.api import Api, Person

from topform.core.ids import AthleteId
from topform.features.privacy.erasing import erase_account


async def erased(api: Api, person: Person) -> bytes:
    """Return the archive of an account that is gone."""
    content = await archive_of(api, person)
    await erase_account(api.resources, AthleteId(UUID(person.athlete["id"])))
    return content


async def brought_back(api: Api, person: Person, content: bytes) -> Any:
    """Import an archive through the API and return what the job says."""
    job = await person.call("POST", "/account/imports", status=202, files={"file": ("a.zip", content)})
    await api.work()
    return await person.get(f"/jobs/{job['id']}")


async def handle(person: Person) -> str:
    return str((await person.get("/community/me"))["profile"]["handle"])


def forged(content: bytes, folder: Path, wanted: str, *, mark: str = "") -> bytes:
    """Return an archive whose profile has another handle, with all digests right."""
    (folder / "own.zip").write_bytes(content)
    table = "tables/community_people.jsonl"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        row = json.loads(archive.read(table)) | {"handle": wanted}
        manifest = json.loads(archive.read("manifest.json"))
    if mark:
        manifest["account"]["mark"] = mark
    change = {table: json.dumps(row).encode() + b"\n", "manifest.json": json.dumps(manifest).encode()}
    return rewritten(folder / "own.zip", folder / "forged.zip", change).read_bytes()


async def test_who_erased_an_account_and_imports_its_archive_has_the_handle_again(api: Api) -> None:
    content = await erased(api, await join(api, "ada"))
    back = await api.sign_up()
    done = await brought_back(api, back, content)
    assert (done["state"], done["result"]["changed"]) == ("succeeded", {})
    assert await handle(back) == "ada"
    again = await brought_back(api, back, content)
    assert (again["state"], await handle(back)) == ("succeeded", "ada")
    newest = await erased(api, back)
    twice = await api.sign_up()
    assert (await brought_back(api, twice, newest))["state"] == "succeeded"
    assert await handle(twice) == "ada"


@pytest.mark.parametrize("mark", ["", "0" * 64])
async def test_a_forged_archive_takes_no_handle_that_rests(api: Api, tmp_path: Path, mark: str) -> None:
    bob = await join(api, "bob")
    await erased(api, await join(api, "ada"))
    content = forged(await erased(api, bob), tmp_path, "ada", mark=mark)
    mallory = await api.sign_up()
    done = await brought_back(api, mallory, content)
    assert (done["state"], done["result"]["changed"]) == ("succeeded", {"handle": "ada_2"})
    assert await handle(mallory) == "ada_2"
    again = await brought_back(api, mallory, content)
    assert (again["state"], await handle(mallory)) == ("succeeded", "ada_2")


async def test_where_somebody_else_has_the_handle_everything_but_it_comes_along(api: Api, tmp_path: Path) -> None:
    """As on another server, where somebody came first."""
    content = forged(await erased(api, await join(api, "ada_runs")), tmp_path, "ada")
    ada, newcomer = await join(api, "ada"), await api.sign_up()
    done = await brought_back(api, newcomer, content)
    assert (done["state"], done["result"]["changed"]) == ("succeeded", {"handle": "ada_2"})
    assert (await handle(ada), await handle(newcomer)) == ("ada", "ada_2")
    await befriend(ada, newcomer)


@pytest.mark.parametrize("impossible", ["admin", "top_form", "Ada", "a", "x" * 31, "<b>ada"])
async def test_a_handle_that_nobody_can_have_refuses_the_archive(api: Api, tmp_path: Path, impossible: str) -> None:
    content = forged(await erased(api, await join(api, "ada")), tmp_path, impossible)
    person = await api.sign_up()
    done = await brought_back(api, person, content)
    assert done["state"] == "failed"
    assert done["error"]["code"] == "archive_refused"
    assert (await person.get("/community/me"))["profile"] is None
