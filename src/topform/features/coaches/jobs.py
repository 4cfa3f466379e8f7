"""The worker's side of coaches: letters. Codes are made here, so that no job ever carries one."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from procrastinate import JobContext

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.accounts.public import RetryMail, base_address
from topform.features.athletes.public import get_athlete
from topform.features.coaches.codes import digest, new_code
from topform.features.coaches.repository import CoachRepository
from topform.features.coaches.tasks import FEATURE, SEND_INVITATION
from topform.platform.jobs import Jobs, provided
from topform.platform.mail import Mail, mail_transport
from topform.platform.web.resources import Resources

LETTERS: Final = {
    "en": (
        "{name} invites you as a coach on TopForm",
        "Hello,\n\n{name} would like you to be their coach on TopForm and to see some of their training data.\n\n"
        "Sign in, or make an account with this address, and open:\n\n{link}\n\nThe code is {code}; it works for "
        "14 days and once. If you do not know {name}, ignore this message.\n",
    ),
    "de": (
        "{name} lädt dich bei TopForm als Trainer ein",
        "Hallo,\n\n{name} möchte dich bei TopForm als Trainer haben und dir einen Teil der Trainingsdaten zeigen.\n\n"
        "Melde dich an, oder lege mit dieser Adresse ein Konto an, und öffne:\n\n{link}\n\nDer Code lautet {code}; er "
        "gilt 14 Tage und einmal. Wenn du {name} nicht kennst, ignoriere diese Nachricht.\n",
    ),
    "es": (
        "{name} te invita a ser su entrenador en TopForm",
        "Hola:\n\n{name} quiere que seas su entrenador en TopForm y que veas una parte de sus datos de "
        "entrenamiento.\n\nEntra, o crea una cuenta con esta dirección, y abre:\n\n{link}\n\nEl código es {code}; "
        "sirve durante 14 días y una sola vez. Si no conoces a {name}, ignora este mensaje.\n",
    ),
    "fr": (
        "{name} t'invite à devenir son coach sur TopForm",
        "Bonjour,\n\n{name} souhaite que tu sois son coach sur TopForm et que tu voies une partie de ses données "
        "d'entraînement.\n\nConnecte-toi, ou crée un compte avec cette adresse, et ouvre :\n\n{link}\n\nLe code est "
        "{code} ; il est valable 14 jours et une seule fois. Si tu ne connais pas {name}, ignore ce message.\n",
    ),
    "zh": (
        "{name} 邀请你在 TopForm 担任教练",
        "你好：\n\n{name} 希望你在 TopForm 担任教练，并查看其部分训练数据。\n\n"
        "请登录，或用此邮箱地址创建账户，然后打开：\n\n{link}\n\n邀请码为 {code}，14 天内有效，只能使用一次。"
        "如果你不认识 {name}，请忽略本邮件。\n",
    ),
}

jobs = Jobs(FEATURE)


@jobs.task(SEND_INVITATION, retry=RetryMail())
async def send_invitation(context: JobContext, *, athlete_id: str, invitation_id: str) -> None:
    """Make a code and send it to the person invited; sent again, the letter before no longer works."""
    resources = provided(context, Resources)
    owner = AthleteId(UUID(athlete_id))
    code = new_code()
    async with resources.database.transaction() as session:
        try:
            athlete = await get_athlete(session, owner)
        except NotFoundError:
            return
        row = await CoachRepository(session).invitation(owner, UUID(invitation_id))
        if row is None or row.email is None:
            return
        row.code_sha256 = digest(code)
        email = row.email
    subject, text = LETTERS.get(athlete.language.partition("-")[0].lower(), LETTERS["en"])
    link = f"{base_address(resources.settings)}/coaching?{urlencode({'code': code})}"
    words = {"name": athlete.display_name, "link": link, "code": code}
    await mail_transport(resources.settings, resources.clock).send(
        Mail(to=email, subject=subject.format(**words), text=text.format(**words), account=owner)
    )
