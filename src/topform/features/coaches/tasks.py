"""Names of the tasks of coaches, for whoever defers them."""

FEATURE = "coaches"
SEND_INVITATION = "send_invitation"
SEND_INVITATION_TASK = f"{FEATURE}.{SEND_INVITATION}"
