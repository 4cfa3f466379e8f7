"""The form model for devices: one signed statement that others can check, and the file it names."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.support.api import Api, Person

from topform.features.models.public import REFUSED, ModelRegistry, NewVersion
from topform.kinematics.learned_form import MODEL_ID

GOLDEN = {"frames": [{"xy": [0.0] * 66, "score": [1.0] * 33, "step_s": 0.1}], "outputs": [[0.25] * 25]}


async def registry_in(session, api: Api) -> ModelRegistry:
    use = api.resources
    return ModelRegistry(session, use.store, use.settings, now=use.clock.now())


async def add(api: Api, content: bytes, *, promoted: bool) -> int:
    async with api.resources.database.transaction() as session:
        registry = await registry_in(session, api)
        row = await registry.register(NewVersion(MODEL_ID, content, {"golden": GOLDEN}), reason="a test")
        if promoted:
            await registry.promote(row, reason="a test")
        return row.number


async def offered(person: Person, keys: dict[str, str] | None = None) -> dict:
    """Return what the server says, its signature checked with the keys that are known already, else with its own."""
    said = await person.get(f"/device-models/{MODEL_ID}")
    statement = said["statement"].encode()
    known = json.loads(statement)["keys"] if keys is None else keys
    for key_id, key in known.items():
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
        public.verify(base64.b64decode(said["signatures"][key_id]), statement)
        with pytest.raises(InvalidSignature):
            public.verify(base64.b64decode(said["signatures"][key_id]), statement + b" ")
    return json.loads(statement)


async def test_devices_learn_what_decides_and_fetch_it(api: Api, person: Person) -> None:
    first = await offered(person)
    assert (first["format"], first["model"], first["release"], first["file"]) == (
        "topform-device-model",
        MODEL_ID,
        0,
        None,
    )
    keys = first["keys"]
    await add(api, b"version one", promoted=True)
    await add(api, b"version two", promoted=False)
    one = await offered(person, keys)
    assert one["file"] == {
        "number": 1,
        "sha256": hashlib.sha256(b"version one").hexdigest(),
        "size_bytes": 11,
        "golden": GOLDEN,
    }
    answer = await person.http.get(f"/api/v1/device-models/{MODEL_ID}/files/{one['file']['sha256']}")
    assert (answer.status_code, answer.content) == (200, b"version one")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "immutable" in answer.headers["cache-control"]
    # What was never promoted is nobody's to fetch.
    two = hashlib.sha256(b"version two").hexdigest()
    await person.get(f"/device-models/{MODEL_ID}/files/{two}", status=404)

    async with api.resources.database.transaction() as session:
        registry = await registry_in(session, api)
        await registry.promote(await registry.version(MODEL_ID, 2), reason="a test")
    after = await offered(person, keys)
    assert after["file"]["number"] == 2 and after["release"] > one["release"] > 0
    async with api.resources.database.transaction() as session:
        registry = await registry_in(session, api)
        await registry.rollback(MODEL_ID, reason="contradicted", state=REFUSED)
    back = await offered(person, keys)
    assert back["file"]["number"] == 1 and back["release"] > after["release"]
    await person.get(f"/device-models/{MODEL_ID}/files/{two}", status=404)
    await person.get("/device-models/push_up_verdict", status=404)
    async with api.client() as stranger:
        assert (await stranger.get(f"/api/v1/device-models/{MODEL_ID}")).status_code == 401


async def test_a_damaged_file_is_never_offered(api: Api, person: Person) -> None:
    await add(api, b"version one", promoted=True)
    await add(api, b"version two", promoted=True)
    digest = hashlib.sha256(b"version two").hexdigest()
    await api.resources.store.put(f"models/{MODEL_ID}/{digest}", b"version 2!!")
    before = (await offered(person))["file"]
    assert before["number"] == 1
    await person.get(f"/device-models/{MODEL_ID}/files/{digest}", status=404)
