"""No table that holds something about a person can be forgotten by export and erasure."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from sqlalchemy import Table

import topform
from topform.features.privacy.registry import hangs_on_a_person, personal_data, refers_to_a_person
from topform.platform.database import Base

FEATURES = Path(topform.__file__).parent / "features"
WHAT_TO_DO = """
{name} holds data of athletes, and no feature has declared it.

Add one line to PERSONAL_DATA in src/topform/features/<feature>/public.py:

    PersonalTable({row})                                            exported, imported and erased
    PersonalTable({row}, left_out="why an export goes without it")  erased only: secrets, what passes by itself
    PersonalTable({row}, objects=("some_key",))                     with the stored objects that the column names

(from topform.platform.personal_data import PersonalData, PersonalTable). A table without an athlete_id of its own
needs one: derive its row class from AthleteOwned.
"""


OF_NOBODY = {"community_challenge_teams": "a name within a challenge, gone with its last member or with the challenge"}
"""Tables that hang on a person's row and hold nothing about anybody."""


def all_tables() -> dict[str, Table]:
    for path in FEATURES.rglob("tables.py"):
        importlib.import_module(".".join(["topform.features", *path.relative_to(FEATURES).with_suffix("").parts]))
    return {table.name: table for table in Base.metadata.sorted_tables}


def row_class(table: Table) -> str:
    return next(mapper.class_.__name__ for mapper in Base.registry.mappers if mapper.local_table is table)


def test_every_table_about_a_person_is_declared():
    declared = {one.name for one in personal_data().tables}
    missing = [
        table
        for table in all_tables().values()
        if hangs_on_a_person(table) and table.name not in {*declared, *OF_NOBODY}
    ]
    if missing:
        pytest.fail(
            "".join(WHAT_TO_DO.format(name=table.name, row=row_class(table)) for table in missing), pytrace=False
        )


@pytest.mark.parametrize("name", OF_NOBODY)
def test_a_table_of_nobody_names_nobody(name):
    assert not refers_to_a_person(all_tables()[name])


def test_every_declared_table_names_its_owner():
    for declared in personal_data().tables:
        assert refers_to_a_person(declared.table), declared.name
        assert declared.owner in declared.table.columns, declared.name


@pytest.mark.parametrize("declared", personal_data().tables, ids=lambda declared: declared.name)
def test_what_is_declared_exists(declared):
    columns = set(declared.table.columns.keys())
    assert {*declared.objects, *declared.omit} <= columns
    if declared.left_out is None:
        # A running number cannot be brought back, so nothing may refer to it.
        numbered = declared.table.autoincrement_column
        referred = {key.column for table in all_tables().values() for key in table.foreign_keys}
        assert numbered is None or numbered not in referred, declared.name


def test_what_opens_a_door_is_not_exported():
    words = ("password", "secret", "token", "sealed", "code_sha256", "credential")
    for declared in personal_data().tables:
        if declared.left_out is None:
            names = {column.name for column in declared.table.columns} - set(declared.omit)
            assert not [name for name in names if any(word in name for word in words)], declared.name


def test_columns_that_look_like_keys_of_objects_are_declared():
    for declared in personal_data().tables:
        if declared.left_out is None:
            keys = {column.name for column in declared.table.columns if column.name.endswith("_key")}
            assert keys <= {*declared.objects, *declared.omit}, declared.name
