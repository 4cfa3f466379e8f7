"""Rules that a reader cannot keep in mind: who may see a row, where queries are written."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import topform
from topform.features.athletes.public import AthleteOwned, Share

FEATURES = Path(topform.__file__).parent / "features"
STATEMENTS = {"select", "update", "delete"}
# Called by workers and by code that has just decided about the row, or that acts for nobody; each says so in its
# docstring.
EXEMPT = {
    "JobRepository.for_worker",
    "JobRepository.write",
    "JobRepository.uploads_needed",
    "ActivityRepository.replace_parts",
    "CurveRepository.athletes_waiting",
    "RecomputeRepository.athletes_with_activities",
    "ConnectionRepository.forget_old_authorizations",
    "ConnectionRepository.for_worker",
    "ConnectionRepository.of_account",
    "ConnectionRepository.due",
    "ConnectionRepository.run_for_worker",
    "PlanRepository.token_owner",
    "ConsentRepository.consenting",
    "ConsentRepository.withdrawn_by",
    "LabelRepository.asked",
    "PlanRepository.athletes_with_plans",
    "ActivityRepository.counts_of",
    "FormCheckRepository.counts_of",
    "FormCheckRepository.with_reps_of",
    "ImprovementRepository.example_digests",
    "ImprovementRepository.forget_examples",
    "ImprovementRepository.forget_judgements",
    "ImprovementRepository.judged",
    "ImprovementRepository.judgement_counts",
    "ImprovementRepository.judgements",
    "ImprovementRepository.shadowed",
    "CoachRepository.granted_to",
    "PrivacyZoneRepository.for_hiding",
    "CodeRepository.invitation_by_code",
    "RelationRepository.is_taken",
    "RelationRepository.leave",
    "RelationRepository.accept",
    "RelationRepository.end",
    "RelationRepository.blockers_of",
    "RelationRepository.answerers_of",
    "PostRepository.followers_of",
    "PostRepository.answered_by",
    "PostRepository.answered_between",
    "PostRepository.mentioning",
    "PostRepository.called",
    "PostRepository.around",
    "ModerationRepository.decide_alike",
    "AppealRepository.entry",
    "AppealRepository.page",
    "AppealRepository.appeal",
    "RemovalRepository.was_given_back",
    "RemovalRepository.segment_names_taken",
    "RemovalRepository.club_names_taken",
    "ReportRepository.whose_club",
    "SignalRepository.keep",
    "PostRepository.take_back_between",
    "SignalRepository.listed",
    "SignalRepository.signal",
    "SignalRepository.decide",
    "SignalRepository.alike",
    "SignalRepository.open_count",
    "SignalRepository.in_community",
    "RacePredictionRepository.waiting",
    "RacePredictionRepository.held_lately",
    "RacePredictionRepository.held_for_others",
    "ChallengeRepository.place_of",
    "ChallengeRepository.page",
    "ChallengeRepository.places_of",
    "ChallengeRepository.set_score",
    "ChallengeRepository.uninvite",
    "StandingsRepository.places",
    "StandingsRepository.relations",
    "StandingsRepository.relay",
    "StandingsRepository.still_seeing",
    "StandingsRepository.count",
    "StandingsRepository.invited",
    "StandingsRepository.people",
    "StandingsRepository.competing_with",
    "NoticeRepository.athletes_due",
    "NoticeRepository.athletes_to_remind",
    "TicketRepository.remove_tickets",
    "NoticeRepository.replace_device",
    "TicketRepository.tickets",
    "StandingsRepository.counted_people",
    "StandingsRepository.take_off",
    "PrivacyZoneRepository.for_hiding_many",
    "SegmentBoardRepository.shared",
    "SegmentRepository.members",
    "SegmentRepository.send_away",
    "SegmentRepository.keeps_any",
    "SegmentRepository.shares_any",
    "TeamRepository.decide",
    "TeamRepository.forget_empty",
    "GroupRepository.groups_of",
    "ClubRepository.page",
    "ClubRepository.standing",
    "ClubRepository.set_standing",
    "ClubRepository.drop",
    "ClubRepository.count",
    "ClubRepository.joined",
    "ClubPeopleRepository.clubs_of",
    "ClubPeopleRepository.successor",
    "ClubPeopleRepository.part",
    "ClubPeopleRepository.clubs_between",
    "ClubPeopleRepository.waiting",
    "ClubPeopleRepository.runners",
    "ClubPeopleRepository.members",
    "RoomRepository.lock",
    "RoomRepository.put_out",
    "RoomRepository.keep_until",
    "RoomRepository.cheers",
    "RoomRepository.forget_cheers",
    "RoomRepository.blocks",
    "DoorRepository.concerned",
    "DoorRepository.rooms_of",
    "DoorRepository.forget_who_left",
    "DoorRepository.over",
    "DoorRepository.silent",
    "DoorRepository.room",
    "PublishedRepository.person",
    "PublishedRepository.newest",
    "ActorRepository._found",
    "ActorRepository.among",
    "ActorRepository.everybody",
    "ActorRepository.notes",
    "ActorRepository.note",
    "ActorRepository.note_count",
    "ActorRepository.unannounced",
    "RemoteRepository.forget_unneeded",
    "RemoteRepository.accepted",
    "RemoteRepository.refused",
    "RemoteRepository.readers",
}
PARTS_OF_STATEMENTS = {
    "community/visibility.py: _person": "says itself who sees whom",
    "community/removal_repository.py: _removals": "each query that begins with it says whose, or is for moderators",
    "community/telling_repository.py: handle_of": "a column of rows that the query around it is allowed to show",
    "community/telling_repository.py: name_of": "a column of rows that the query around it is allowed to show",
    "community/club_members/repository.py: _seen": "clubs that the viewer sees, people who keep apart left out",
    "community/moderation/repository.py: ModerationRepository._reports": "reports, which only moderators read",
    "community/posts/repository.py: _holding": "ids, of which the query around it takes those that may be seen",
    "community/posts/repository.py: _closeness": "counts what the viewer said and liked, for the order of a feed alone",
    "community/signals/repository.py: _raised": "signals, which only moderators read",
    "community/challenges/board_repository.py: _page": "a board the caller may see, without people who keep apart",
    "community/challenges/repository.py: _page": "narrows what `_seen` of the same module lets the viewer see",
    "community/challenges/standings_repository.py: counted_places": "places of a challenge, for those who count them",
    "live_rooms/repository.py: _candidates": "ids, of which the query around it takes those who are let in",
    "live_rooms/repository.py: _named": "rooms, for queries that say who is let in, or that just opened one",
    "live_rooms/repository.py: _people": "people of a room, as far as they are let in",
}
"""Functions that build a part of a statement, and why they need not ask themselves."""
SHARED = {
    "ActivityRow": Share.ACTIVITIES,
    "ActivitySourceRow": Share.ACTIVITIES,
    "ActivityLegRow": Share.ACTIVITIES,
    "ActivityMetricRow": Share.ACTIVITIES,
    "ActivityBestRow": Share.ACTIVITIES,
    "CurveSumRow": Share.ACTIVITIES,
    "CurveChangeRow": Share.ACTIVITIES,
    "AthleteParameterRow": Share.NUMBERS,
    "RatingScaleResetRow": Share.ACTIVITIES,
    "StrengthSetRow": Share.FORM_CHECKS,
    "ThresholdTestRow": Share.NUMBERS,
    "WellnessValueRow": Share.NUMBERS,
    "WellnessPriorityRow": Share.NUMBERS,
    "PlanRow": Share.PLAN,
    "PlanProposalRow": Share.PLAN,
    "PlanChangeRow": Share.PLAN,
    "SessionFeedbackRow": Share.PLAN,
    "SessionMarkRow": Share.PLAN,
    "FormCheckRow": Share.FORM_CHECKS,
    "HealthReportRow": Share.HEALTH_NOTES,
    "PlanLifeRow": Share.HEALTH_NOTES,
}


def modules() -> list[Path]:
    return sorted(FEATURES.rglob("*.py"))


def owned_tables() -> set[str]:
    for path in FEATURES.rglob("*tables.py"):
        importlib.import_module(".".join(["topform.features", *path.relative_to(FEATURES).with_suffix("").parts]))
    return {table.__name__ for table in AthleteOwned.__subclasses__()}


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """The functions that can query: methods by class and name, and those of the module by name."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    for node in tree.body:
        if isinstance(node, kinds):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{one.name}", one) for one in node.body if isinstance(one, kinds))


def called(node: ast.AST) -> set[str]:
    return {call.func.id for call in ast.walk(node) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)}


def test_every_query_over_an_athletes_rows_asks_who_may_see_them():
    owned = owned_tables()
    assert {"ActivityRow", "CoachGrantRow", "CoachReadRow"} <= owned
    missing = []
    for path in modules():
        for name, function in functions(ast.parse(path.read_text("utf-8"))):
            names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            reads = called(function) & STATEMENTS and names & owned
            place = f"{path.relative_to(FEATURES)}: {name}"
            if reads and "visible_to" not in names and name not in EXEMPT and place not in PARTS_OF_STATEMENTS:
                missing.append(place)
    assert missing == []


def test_an_exemption_that_is_needed_no_more_is_taken_away():
    found = {
        (str(path.relative_to(FEATURES)), name)
        for path in modules()
        for name, _ in functions(ast.parse(path.read_text("utf-8")))
    }
    assert {name for _, name in found} >= EXEMPT
    assert {f"{path}: {name}" for path, name in found} >= PARTS_OF_STATEMENTS.keys()


def test_every_table_that_can_be_shared_with_a_coach_is_known_here():
    """A table becomes visible to coaches by one line; this list makes that line a decision."""
    owned_tables()
    shared = {table.__name__: table.share for table in AthleteOwned.__subclasses__() if table.share is not None}
    assert shared == SHARED


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(FEATURES)))
def test_queries_are_written_in_repositories_only(path: Path):
    if path.name in ("repository.py", "outcomes.py", "visibility.py") or path.name.endswith("_repository.py"):
        return
    tree = ast.parse(path.read_text("utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }
    assert not imported & (STATEMENTS | {"insert", "text"}), path


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(FEATURES)))
def test_queries_go_through_the_session_that_keeps_restricted_rows_back(path: Path):
    """A statement on the bare connection would pass by what keeps restricted rows from assistants."""
    if path.name == "recompute_repository.py":  # computes anew for the athlete alone, and copies in bulk
        return
    tree = ast.parse(path.read_text("utf-8"))
    bare = {
        call.func.attr for call in ast.walk(tree) if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    }
    assert not bare & {"connection", "get_raw_connection", "get_bind"}, path
