"""Taking an account along, bringing it back, deleting it without a trace."""

from __future__ import annotations

import io
import json
import random
import string
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from tests.support.api import PASSWORD, Api, Person
from tests.support.workouts import MORNING, Ride

from topform.core.errors import ArchiveError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import add_athlete, find_athlete
from topform.features.privacy.erasing import erase_account
from topform.features.privacy.errors import AccountNotEmptyError, RowsTakenError
from topform.features.privacy.exporting import export_account
from topform.features.privacy.registry import ATHLETES, personal_data
from topform.features.privacy.restoring import import_account
from topform.platform.personal_data import PersonalTable

MADE_AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
ODD_TEXT = [
    "", "a", "Müsli 🚴 \u202e", "line\nbreak\t\"quoted\"", "\\u0000 spelled out", "{athlete}", "<script>", "x" * 3000,
]  # fmt: skip


# ---- rows of any table, made at random ------------------------------------------------------------------------------


class RowMaker:
    """Makes rows of every declared table by the types of their columns; whoever adds a table is covered."""

    def __init__(self, seed: int, athlete_id: AthleteId) -> None:
        self.random = random.Random(seed)
        self.athlete_id = athlete_id
        self.made: dict[str, list[dict[str, Any]]] = {}
        self.objects: dict[str, bytes] = {}

    def rows(self, declared: PersonalTable) -> list[dict[str, Any]]:
        made = [self._row(declared, number) for number in range(self.random.randint(0, 4))]
        keys = [column.name for column in declared.table.primary_key.columns]
        unique = {tuple(row.get(name) for name in keys): row for row in made if row is not None}
        self.made[declared.name] = list(unique.values())
        return self.made[declared.name]

    def _row(self, declared: PersonalTable, number: int) -> dict[str, Any] | None:
        row: dict[str, Any] = {}
        for column in declared.table.columns:
            if column is declared.table.autoincrement_column or column.name in declared.omit:
                continue
            target = next((key.column for key in column.foreign_keys), None)
            if column.name == declared.owner or (target is not None and target.table.name == ATHLETES):
                row[column.name] = self.athlete_id
            elif target is not None:
                choices = self.made.get(target.table.name, [])
                if not choices and not column.nullable:
                    return None
                row[column.name] = self.random.choice(choices)[target.name] if choices else None
            elif column.name == "handle":
                row[column.name] = "".join(self.random.choices(string.ascii_lowercase, k=12))
            elif column.nullable and self.random.random() < 0.3:
                row[column.name] = None
            elif column.name in declared.objects:
                folder = personal_data().folders[0]
                key = f"{folder}/{self.athlete_id}/{new_id()}.bin"
                self.objects[key] = self.random.randbytes(self.random.randint(0, 5000))
                row[column.name] = key
            else:
                row[column.name] = self._value(column.type, number)
        if "is_primary" in row:
            row["is_primary"] = False
        return row

    def _value(self, kind: Any, number: int) -> Any:
        if isinstance(kind, JSONB):
            return self._json(0)
        if isinstance(kind, ARRAY):
            return [self._text() for _ in range(self.random.randint(0, 3))]
        python = kind.python_type
        if python is str:
            return f"{number}{self._text()}"
        if python is int:
            return self.random.choice([0, 1, -1, 2**15 - 1, self.random.randrange(30_000)])
        if python is float:
            return self.random.choice([0.0, -0.0, 1e-300, 1.7e308, 0.1 + 0.2, float("nan"), self.random.gauss(0, 1e4)])
        if python is bool:
            return self.random.random() < 0.5
        if python is datetime:
            return MORNING + timedelta(microseconds=self.random.randrange(10**15))
        if python is date:
            return date(2026, 1, 1) + timedelta(days=self.random.randrange(3000))
        if python is UUID:
            return new_id()
        if python is bytes:
            return self.random.randbytes(32)
        raise AssertionError(f"say here how a {kind!r} is made")

    def _text(self) -> str:
        return self.random.choice(ODD_TEXT) + "".join(self.random.choices(string.ascii_letters, k=6))

    def _json(self, depth: int) -> Any:
        kind = self.random.randrange(7 if depth < 3 else 5)
        if kind == 5:
            return [self._json(depth + 1) for _ in range(self.random.randint(0, 3))]
        if kind == 6 or depth == 0:
            return {self._text(): self._json(depth + 1) for _ in range(self.random.randint(0, 3))}
        return [None, True, self.random.randrange(2**60), self.random.random(), self._text()][kind]


async def fill(api: Api, email: str, seed: int) -> AthleteId:
    """Store an account with rows in every exported table."""
    async with api.resources.database.transaction() as session:
        athlete = await add_athlete(
            session, email=email, display_name="Ada", time_zone="UTC", units="metric", language="en", now=MADE_AT
        )
        assert athlete is not None
        athlete_id = AthleteId(athlete.id)
        maker = RowMaker(seed, athlete_id)
        for declared in personal_data().tables:
            if declared.left_out is None and declared.name != ATHLETES:
                for row in maker.rows(declared):
                    await session.execute(declared.table.insert().values(**row))
    for key, content in maker.objects.items():
        await api.resources.store.put(key, content)
    return athlete_id


async def without_checks(api: Api) -> None:
    """Drop the conditions on values and the unique indexes, which rows made at random do not keep."""
    async with api.resources.database.transaction() as session:
        found = await session.execute(
            text(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint "
                "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
            )
        )
        for table, name in found.all():
            await session.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))


async def exported(api: Api, athlete_id: AthleteId, target: Path) -> dict[str, bytes]:
    """Return the entries of an account's archive but for the manifest, which names the day."""
    await export_account(api.resources, athlete_id, target, made_at=MADE_AT)
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


@pytest.mark.parametrize("seed", range(4))
async def test_export_erase_import_export_is_identical(api: Api, tmp_path: Path, seed: int):
    await without_checks(api)
    athlete_id = await fill(api, "ada@example.org", seed)
    before = await exported(api, athlete_id, tmp_path / "before.zip")
    await erase_account(api.resources, athlete_id)
    async with api.resources.database.transaction() as session:
        again = await add_athlete(
            session, email="ada@example.org", display_name="-", time_zone="UTC", units="imperial", language="de",
            now=datetime.now(UTC),
        )  # fmt: skip
        assert again is not None and again.id != athlete_id
    restored = await import_account(api.resources, AthleteId(again.id), tmp_path / "before.zip")
    after = await exported(api, AthleteId(again.id), tmp_path / "after.zip")
    assert after == before
    assert restored.changed == {}
    assert restored.rows == json.loads(zipfile.ZipFile(tmp_path / "before.zip").read("manifest.json"))["rows"]
    # Once more changes nothing.
    await import_account(api.resources, AthleteId(again.id), tmp_path / "before.zip")
    assert await exported(api, AthleteId(again.id), tmp_path / "twice.zip") == before


# ---- through the API ------------------------------------------------------------------------------------------------


async def train(api: Api, person: Person) -> None:
    """Give a person two rides, one of them told by two files, and words of their own."""
    await person.upload("ride.fit", Ride().as_fit())
    await person.upload("ride.tcx", Ride().as_tcx())
    await person.upload("later.tcx", Ride(started_at=MORNING + timedelta(days=2), power_w=150).as_tcx())
    await api.work()
    first = (await person.get("/activities"))["items"][0]
    await person.call("PATCH", f"/activities/{first['id']}", status=200, json={"notes": "Grüße", "rpe_cr10": 4})
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 250, "hr_max_bpm": 190})
    await api.work()


async def archive_of(api: Api, person: Person) -> bytes:
    job = await person.call("POST", "/account/exports", status=202)
    await api.work()
    job = await person.get(f"/jobs/{job['id']}")
    assert job["state"] == "succeeded", job
    assert job["result"]["job_id"] == job["result"]["export_id"] == job["id"]
    response = await person.http.get(f"/api/v1/account/exports/{job['result']['job_id']}/file")
    assert response.status_code == 200
    assert len(response.content) == job["result"]["size_bytes"]
    return response.content


async def test_an_account_moves_to_another_one_with_everything_in_it(api: Api):
    ada = await api.sign_up()
    await train(api, ada)
    content = await archive_of(api, ada)
    activities = (await ada.get("/activities"))["items"]
    details = [await ada.get(f"/activities/{one['id']}") for one in activities]
    streams = [await ada.get(f"/activities/{one['id']}/streams") for one in activities]
    originals = [(await ada.http.get(f"/api/v1/activities/{one['id']}/original")).content for one in activities]
    fitness = await ada.get("/fitness")

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        text_of_all = b"".join(archive.read(name) for name in names)
    assert sum(name.startswith("objects/originals/") for name in names) == 3
    assert ada.athlete["id"].encode() not in text_of_all
    assert ada.token.encode() not in text_of_all and b"argon2" not in text_of_all

    bob = await api.sign_up()
    job = await bob.call("POST", "/account/imports", status=202, files={"file": ("a.zip", content)})
    await api.work()
    job = await bob.get(f"/jobs/{job['id']}")
    assert (job["state"], job["error"]["code"]) == ("failed", "rows_taken")  # Ada is still here
    assert (await bob.get("/activities"))["items"] == []

    await erase(api, ada)
    job = await bob.call("POST", "/account/imports", status=202, files={"file": ("a.zip", content)})
    await api.work()
    job = await bob.get(f"/jobs/{job['id']}")
    assert job["state"] == "succeeded", job
    assert (await bob.get("/activities"))["items"] == activities
    assert [await bob.get(f"/activities/{one['id']}") for one in activities] == details
    assert [await bob.get(f"/activities/{one['id']}/streams") for one in activities] == streams
    for one, original in zip(activities, originals, strict=True):
        assert (await bob.http.get(f"/api/v1/activities/{one['id']}/original")).content == original
    assert await bob.get("/fitness") == fitness
    me = await bob.get("/athletes/me")
    assert (me["ftp_w"], me["email"]) == (250, bob.athlete["email"])


async def test_an_archive_is_for_its_owner_only(api: Api, person: Person):
    job = await person.call("POST", "/account/exports", status=202)
    await api.work()
    stranger = await api.sign_up()
    await stranger.get(f"/account/exports/{job['id']}/file", status=404)
    async with api.client() as nobody:
        assert (await nobody.get(f"/api/v1/account/exports/{job['id']}/file")).status_code == 401
    newer = await person.call("POST", "/account/exports", status=202)
    await api.work()
    await person.get(f"/account/exports/{job['id']}/file", status=404)
    assert (await person.http.get(f"/api/v1/account/exports/{newer['id']}/file")).status_code == 200


async def test_an_account_with_other_data_is_left_as_it_is(api: Api, tmp_path: Path):
    await without_checks(api)
    ada = await fill(api, "ada@example.org", 3)
    await exported(api, ada, tmp_path / "ada.zip")
    bob = await fill(api, "bob@example.org", 5)
    before = await exported(api, bob, tmp_path / "bob.zip")
    files = api.stored_files()
    with pytest.raises(RowsTakenError):
        await import_account(api.resources, bob, tmp_path / "ada.zip")
    await erase_account(api.resources, ada)
    with pytest.raises(AccountNotEmptyError):
        await import_account(api.resources, bob, tmp_path / "ada.zip")
    assert await exported(api, bob, tmp_path / "bob.zip") == before
    assert {key for key in files if str(ada) not in key} == api.stored_files()


# ---- archives that were tampered with -------------------------------------------------------------------------------


def rewritten(archive: Path, target: Path, change: dict[str, bytes], *, add: dict[str, bytes] | None = None) -> Path:
    """Write an archive with other entries, the manifest telling their digests as an attacker would."""
    import hashlib

    with zipfile.ZipFile(archive) as source:
        entries = {name: source.read(name) for name in source.namelist()}
    entries |= change
    manifest = json.loads(entries.pop("manifest.json"))
    entries |= add or {}
    for name in {*change, *(add or {})} - {"manifest.json"}:
        manifest["entries"][name] = {
            "bytes": len(entries[name]), "sha256": hashlib.sha256(entries[name]).hexdigest(),
        }  # fmt: skip
    with zipfile.ZipFile(target, "w") as out:
        for name, content in {**entries, "manifest.json": json.dumps(manifest).encode()}.items():
            out.writestr(name, content)
    return target


FORGERIES: list[tuple[dict[str, bytes], dict[str, bytes]]] = [
    ({"tables/plans.jsonl": b"{"}, {}),
    ({"tables/plans.jsonl": b"[1]\n"}, {}),
    ({"tables/plans.jsonl": b'{"is_admin":true}\n'}, {}),
    ({"tables/plans.jsonl": b'{"id":"x"}\n'}, {}),
    ({"tables/plans.jsonl": b'{"id":"00000000-0000-7000-8000-000000000000"}\n'}, {}),
    ({"tables/activities.jsonl": b'{"streams_key":"streams/00000000-0000-7000-8000-000000000000/a.parquet"}\n'}, {}),
    ({"tables/activities.jsonl": b'{"title":"\\u0000"}\n'}, {}),
    ({}, {"tables/account_credentials.jsonl": b'{"password_hash":"x"}\n'}),
    ({}, {"objects/../../etc/passwd": b"x"}),
    ({}, {"tables/unknown.jsonl": b""}),
]


async def test_a_forged_archive_changes_nothing(api: Api, tmp_path: Path):
    await without_checks(api)
    ada = await fill(api, "ada@example.org", 1)
    await exported(api, ada, tmp_path / "ada.zip")
    await erase_account(api.resources, ada)
    async with api.resources.database.transaction() as session:
        athlete = await add_athlete(
            session, email="c@example.org", display_name="C", time_zone="UTC", units="metric", language="en",
            now=MADE_AT,
        )  # fmt: skip
        assert athlete is not None
    empty = await exported(api, AthleteId(athlete.id), tmp_path / "empty.zip")
    for change, add in FORGERIES:
        forged = rewritten(tmp_path / "ada.zip", tmp_path / "forged.zip", change, add=add)
        with pytest.raises(ArchiveError):
            await import_account(api.resources, AthleteId(athlete.id), forged)
        assert await exported(api, AthleteId(athlete.id), tmp_path / "after.zip") == empty
        assert api.stored_files() == set()


async def test_any_damage_is_noticed(api: Api, tmp_path: Path):
    await without_checks(api)
    ada = await fill(api, "ada@example.org", 2)
    await exported(api, ada, tmp_path / "ada.zip")
    whole = (tmp_path / "ada.zip").read_bytes()
    draw = random.Random(7)
    for _ in range(25):
        damaged = bytearray(whole)
        damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
        (tmp_path / "damaged.zip").write_bytes(damaged[: draw.choice([len(damaged), draw.randrange(len(damaged))])])
        try:
            await import_account(api.resources, ada, tmp_path / "damaged.zip")
        except ArchiveError:
            continue
        # What the flipped bit belongs to (a date in the zip's directory) says nothing.
        assert await exported(api, ada, tmp_path / "again.zip")


# ---- erasure --------------------------------------------------------------------------------------------------------


async def erase(api: Api, person: Person) -> None:
    form = {"password": PASSWORD, "confirm_email": person.athlete["email"], "at_once": True}
    await person.call("POST", "/account/erasure", status=202, json=form)
    await api.work()


async def traces(api: Api, needles: list[str]) -> list[str]:
    """Search every column of every table, and every object's name and content."""
    found = []
    async with api.resources.database.transaction() as session:
        tables = await session.execute(
            text("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'")
        )
        for table in tables.scalars().all():
            for needle in needles:
                hits = await session.scalar(
                    text(f"SELECT count(*) FROM {table} AS one WHERE to_jsonb(one)::text ILIKE :needle"),
                    {"needle": f"%{needle}%"},
                )
                if hits:
                    found.append(f"{table}: {needle} ({hits} rows)")
    for path in [*api.settings.data_dir.rglob("*")]:
        content = path.read_bytes() if path.is_file() else b""
        found += [f"{path}: {needle}" for needle in needles if needle in str(path) or needle.encode() in content]
    return found


async def test_nothing_of_an_erased_account_is_left(api: Api):
    ada = await api.sign_up(email="ada.lovelace@example.org", display_name="Ada Unmistakable")
    other = await api.sign_up()
    await train(api, ada)
    await train(api, other)
    await archive_of(api, ada)
    await ada.upload("waiting.fit", Ride(started_at=MORNING + timedelta(days=9)).as_fit())  # work that waits
    await ada.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 260}, headers={"Idempotency-Key": "k" * 20})
    mine = [one["id"] for one in (await ada.get("/activities"))["items"]]
    needles = [ada.athlete["id"], "ada.lovelace", "Unmistakable", *mine]
    assert len(await traces(api, needles)) > 10  # the search finds what is there
    kept = {key for key in api.stored_files() if other.athlete["id"] in key}
    theirs = await other.get("/activities")

    await erase(api, ada)

    assert await traces(api, needles) == []
    assert api.stored_files() == kept
    assert await other.get("/activities") == theirs
    await ada.get("/athletes/me", status=401)
    async with api.client() as http:
        form = {"email": "ada.lovelace@example.org", "password": PASSWORD}
        assert (await http.post("/api/v1/sessions", json=form)).status_code == 401
    async with api.resources.database.transaction() as session:
        assert await find_athlete(session, "ada.lovelace@example.org") is None


async def test_letters_about_an_erased_account_go_whoever_they_went_to_and_nobody_elses(api: Api):
    ada = await api.sign_up(email="ada@example.org", display_name="Ada Unmistakable")
    await api.sign_up(email="countess-ada@example.org")  # ends as the other's does
    form = {"email": "mistyped@example.org", "password": PASSWORD}
    await ada.call("PUT", "/accounts/me/email", status=202, json=form)  # never confirmed
    invitation = {"scopes": ["activities"], "email": "coach@example.org"}
    await ada.call("POST", "/coaching/invitations", status=201, json=invitation)
    await api.work()
    assert len(await traces(api, ["Unmistakable"])) > 3

    await erase(api, ada)

    assert await traces(api, ["Unmistakable", "mistyped@", "coach@example.org"]) == []
    (left,) = (api.settings.data_dir / "outbox").glob("*.eml")
    assert "countess-ada@example.org" in left.name


async def test_every_declared_table_is_emptied(api: Api):
    await without_checks(api)
    ada = await fill(api, "ada@example.org", 4)
    await erase_account(api.resources, ada)
    await erase_account(api.resources, ada)  # a job that runs again
    assert await traces(api, [str(ada), "ada@example.org"]) == []
    assert api.stored_files() == set()


async def test_erasing_asks_for_the_password_and_the_address(api: Api, person: Person):
    email = person.athlete["email"]
    for form, status, code in (
        ({"password": "wrong", "confirm_email": email}, 403, "wrong_password"),
        ({"password": PASSWORD, "confirm_email": "b@c.org"}, 422, "not_confirmed"),
    ):
        problem = await person.call("POST", "/account/erasure", status=status, json=form)
        assert problem["code"] == code
    assert (await person.get("/account/erasure"))["due_at"] is None


async def test_a_deletion_waits_a_week_and_can_be_taken_back(api: Api, person: Person):
    form = {"password": PASSWORD, "confirm_email": person.athlete["email"].upper()}
    wish = await person.call("POST", "/account/erasure", status=202, json=form)
    waits = datetime.fromisoformat(wish["due_at"]) - datetime.fromisoformat(wish["requested_at"])
    assert waits == timedelta(days=7)
    assert await person.call("POST", "/account/erasure", status=202, json=form) == wish
    await api.work()
    assert (await person.get("/account/erasure")) == wish
    await person.call("DELETE", "/account/erasure", status=204)
    await person.call("DELETE", "/account/erasure", status=404)
    assert (await person.get("/account/erasure"))["due_at"] is None
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 hour'"))
    await api.work()  # its work is due now and finds nothing to do
    await person.get("/athletes/me")
