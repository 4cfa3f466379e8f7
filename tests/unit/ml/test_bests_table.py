"""Tables of bests under any usual header."""

from __future__ import annotations

import pytest

from topform.core.errors import OutcomeTableError
from topform.ml.bests_table import parse_distance_m, parse_time_s, read_bests_table

HALF, MARATHON = 21_097.5, 42_195.0


@pytest.mark.parametrize(
    "text",
    [
        "id,sex,age,distance,seconds\n7,F,41,21097.5,6600\n7,F,41,42195,14400\n",
        "Athlete;Gender;Age;Distance (m);Time\n7;female;41;21097;1:50:00\n7;female;41;42195;4:00:00\n",
        "runner\tevent\tfinish_time\tsex\tage\n7\tHalf Marathon\t1:50:00\tw\t41\n7\tmarathon\t4:00:00\tw\t41\n",
        "\ufeffperson_id,distance_km,time_s,sex,age\n7,21.1,6600,f,41\n7,42.2,14400,f,41\n",
    ],
)
def test_headers_units_and_separators(text: str) -> None:
    """The same two races in four dialects."""
    table = read_bests_table(text)
    (person,) = table.people
    assert (person.id, person.sex, person.age) == ("7", "f", 41.0)
    assert person.bests == {HALF: 6600.0, MARATHON: 14_400.0}


def test_one_row_an_athlete_with_a_column_for_each_distance() -> None:
    """As surveys are kept; what was not raced stays empty."""
    text = "id,sex,age,5k,10k,best_half_marathon,marathon_time\n1,m,30,20:00,41:30,1:32:00,NA\n2,,,,45:00,,12000\n"
    first, second = read_bests_table(text).people
    assert first.bests == {5000.0: 1200.0, 10_000.0: 2490.0, HALF: 5520.0}
    assert (second.sex, second.age, second.bests) == (None, None, {10_000.0: 2700.0, MARATHON: 12_000.0})


def test_units_stand_in_the_name_of_a_column() -> None:
    """Miles and minutes."""
    (person,) = read_bests_table("runner id,distance (miles),minutes\n1,13.1,100\n1,26.2,3:40:00\n").people
    assert person.bests == {HALF: 6000.0, MARATHON: 13_200.0}


def test_the_fastest_time_of_a_distance_counts() -> None:
    """A person may have raced a distance several times."""
    table = read_bests_table("id,distance,seconds\na,10000,2500\na,10 km,2400\na,10k,2600\n")
    assert table.people[0].bests == {10_000.0: 2400.0}


def test_rows_that_contradict_each_other_are_told() -> None:
    """One identifier for a man and a woman is nobody; ages years apart give their median; repeats count as left out."""
    table = read_bests_table(
        "id,sex,age,distance,seconds\na,m,30,5000,1200\na,f,30,10000,2600\n"
        "b,m,30,5000,1300\nb,m,40,5000,1200\nb,,40,10000,2500\n"
    )
    (person,) = table.people
    assert (person.id, person.sex, person.age) == ("b", "m", 40.0)
    assert table.of_several_ages == 1
    assert table.dropped == {"slower_over_the_same_distance": 1, "one_id_of_both_sexes": 2}


def test_a_second_sex_or_age_of_an_identifier_is_named_with_its_line() -> None:
    """The line that contradicts and the one it contradicts; a birthday within the table does not."""
    table = read_bests_table(
        "id,sex,age,distance,seconds\na,m,30,5000,1200\na,female,30,10000,2600\n"
        "b,m,30,5000,1300\n\nb,m,31,15000,4200\nb,m,40,10000,2500\nc,x,old,5000,1300\nc,,,10000,2700\n"
    )
    assert [(one.code, one.line) for one in table.remarks] == [
        ("second_sex", 3),
        ("second_age", 7),
        ("sex_unreadable", 8),
        ("age_unreadable", 8),
    ]
    assert table.remarks[0].message == (
        "a is female in line 3 and of the other sex in line 2: all rows of a are left out"
    )
    assert table.remarks[1].message == "b is 40 in line 7 and 30 in line 4: the median of all its ages counts"


def test_many_contradictions_are_counted_and_the_first_named() -> None:
    """A row with several distances says its sex once."""
    rows = "".join(f"p{number},m,30,1200,\np{number},f,30,,2600\n" for number in range(30))
    table = read_bests_table("id,sex,age,5k,10k\n" + rows + "q,m,12x,1200,2600\n")
    assert (len(table.remarks), table.remark_count) == (20, 31)
    assert [person.id for person in table.people] == ["q"]


def test_a_table_of_contradictions_only_is_refused_with_the_first() -> None:
    with pytest.raises(OutcomeTableError, match="a is f in line 3 and of the other sex in line 2"):
        read_bests_table("id,sex,distance,seconds\na,m,5000,1200\na,f,10000,2600\n")


def test_unusable_rows_are_counted_by_reason() -> None:
    """Nothing is dropped in silence."""
    text = "id,distance,seconds\n,10000,2500\na,10000,DNF\na,far,2500\na,10000,600\na,10000,90000\na,5000,1200\n\n"
    table = read_bests_table(text)
    assert table.rows == 6
    assert table.dropped == {
        "no_id": 1,
        "time_unreadable": 1,
        "distance_unreadable": 1,
        "faster_than_the_record": 1,
        "slower_than_a_stroll": 1,
    }


@pytest.mark.parametrize("text", ["", "id,distance\n1,2\n", "id,distance,seconds\n1,10000,x\n"])
def test_what_cannot_be_evaluated_is_refused(text: str) -> None:
    """Empty, without times, without a usable row."""
    with pytest.raises(OutcomeTableError) as caught:
        read_bests_table(text)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1:02:03", 3723.0),
        ("62:03", 3723.0),
        ("59:03", 3543.0),
        ("1:60:00", None),
        ("-5", None),
        ("nan", None),
        ("", None),
    ],
)
def test_times(text: str, expected: float | None) -> None:
    """Only the first part may exceed 59."""
    assert parse_time_s(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("42.2", MARATHON),
        ("21.1k", HALF),
        ("10 Miles", 16_093.44),
        ("5000m", 5000.0),
        ("x", None),
        ("7 furlongs", None),
    ],
)
def test_distances(text: str, expected: float | None) -> None:
    """Usual distances snap to their exact length."""
    assert parse_distance_m(text) == expected
