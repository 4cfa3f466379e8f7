"""What entry points may use of accounts."""

from topform.features.accounts.apps import ThirdPartyApps
from topform.features.accounts.devices import device_name
from topform.features.accounts.email_links import EmailLinks
from topform.features.accounts.history import KEPT_DAYS, write_down
from topform.features.accounts.identities import Identities
from topform.features.accounts.jobs import RetryMail, base_address
from topform.features.accounts.schemas import AccountHappening, Proof
from topform.features.accounts.security import Security, scopes_of
from topform.features.accounts.service import INVITATION_LASTS, Accounts, add_local_athlete, invite
from topform.features.accounts.sessions import Sessions
from topform.features.accounts.standing import (
    LastAdminError,
    has_other_moderator,
    require_other_admin,
    set_lock,
    set_role,
    write_down_change,
    write_down_invitation,
)
from topform.features.accounts.standing_repository import StandingRepository
from topform.features.accounts.tables import (
    AccountEventRow,
    AdminActionRow,
    ApiTokenRow,
    AppGrantRow,
    AppRow,
    CredentialsRow,
    EmailLinkRow,
    IdentityFlowRow,
    IdentityRow,
    InvitationRow,
    PasskeyChallengeRow,
    PasskeyRow,
    RecoveryCodeRow,
    SecondFactorRow,
    SessionRow,
    StandingRow,
)
from topform.platform.personal_data import KeptFor, PersonalData, PersonalTable

__all__ = [
    "INVITATION_LASTS",
    "PERSONAL_DATA",
    "AccountHappening",
    "Accounts",
    "EmailLinks",
    "Identities",
    "LastAdminError",
    "Proof",
    "RetryMail",
    "Security",
    "Sessions",
    "StandingRepository",
    "ThirdPartyApps",
    "add_local_athlete",
    "base_address",
    "device_name",
    "has_other_moderator",
    "invite",
    "require_other_admin",
    "scopes_of",
    "set_lock",
    "set_role",
    "write_down",
    "write_down_change",
    "write_down_invitation",
]

DOOR = "opens the account; it is set up anew where the archive is imported"
PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(CredentialsRow, left_out=DOOR),
        PersonalTable(SessionRow, left_out=DOOR),
        PersonalTable(EmailLinkRow, left_out=DOOR),
        PersonalTable(SecondFactorRow, left_out=DOOR),
        PersonalTable(RecoveryCodeRow, left_out=DOOR),
        PersonalTable(PasskeyRow, left_out=DOOR),
        PersonalTable(PasskeyChallengeRow, left_out=DOOR),
        PersonalTable(IdentityRow, left_out=DOOR),
        PersonalTable(IdentityFlowRow, left_out=DOOR),
        PersonalTable(ApiTokenRow, left_out=DOOR),
        PersonalTable(AppGrantRow, left_out=DOOR),
        PersonalTable(AppRow, left_out=DOOR),
        PersonalTable(AccountEventRow, left_out="what happened to the account on this server"),
        PersonalTable(StandingRow, left_out="what the people of this server decided; another server decides anew"),
        PersonalTable(AdminActionRow, left_out="what administrators of this server did"),
    ),
    kept_for=(
        KeptFor(SessionRow, since="expires_at", days=0),
        KeptFor(EmailLinkRow, since="expires_at", days=0),
        KeptFor(PasskeyChallengeRow, since="expires_at", days=0),
        KeptFor(IdentityFlowRow, since="expires_at", days=0),
        KeptFor(InvitationRow, since="expires_at", days=0),
        KeptFor(AppGrantRow, since="expires_at", days=0),
        KeptFor(ApiTokenRow, since="expires_at", days=30),
        KeptFor(AccountEventRow, since="created_at", days=KEPT_DAYS),
        KeptFor(AdminActionRow, since="created_at", days=730),
    ),
)
