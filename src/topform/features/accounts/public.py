"""What entry points may use of accounts."""

from topform.features.accounts.apps import ThirdPartyApps
from topform.features.accounts.email_links import EmailLinks
from topform.features.accounts.identities import Identities
from topform.features.accounts.jobs import base_address
from topform.features.accounts.schemas import Proof
from topform.features.accounts.security import Security, scopes_of
from topform.features.accounts.service import INVITATION_LASTS, Accounts, add_local_athlete, invite
from topform.features.accounts.sessions import Sessions
from topform.features.accounts.tables import (
    ApiTokenRow,
    AppGrantRow,
    AppRow,
    ChallengeRow,
    CredentialsRow,
    EmailLinkRow,
    IdentityFlowRow,
    IdentityRow,
    PasskeyRow,
    RecoveryCodeRow,
    SecondFactorRow,
    SessionRow,
)
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = [
    "INVITATION_LASTS",
    "PERSONAL_DATA",
    "Accounts",
    "EmailLinks",
    "Identities",
    "Proof",
    "Security",
    "Sessions",
    "ThirdPartyApps",
    "add_local_athlete",
    "base_address",
    "invite",
    "scopes_of",
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
        PersonalTable(ChallengeRow, left_out=DOOR),
        PersonalTable(IdentityRow, left_out=DOOR),
        PersonalTable(IdentityFlowRow, left_out=DOOR),
        PersonalTable(ApiTokenRow, left_out=DOOR),
        PersonalTable(AppGrantRow, left_out=DOOR),
        PersonalTable(AppRow, left_out=DOOR),
    )
)
