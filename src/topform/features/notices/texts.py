"""The words of messages to devices, in the athlete's language; they name people and things, never values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from topform.coaching.language import known_language

TITLE: Final = "TopForm"
LIST_PATH: Final = "/notices"

TEXTS: Final = {
    "en": {
        "follow_request": "{name} asks to follow you.",
        "kudos": "{name} gave you kudos.",
        "comment": "{name} commented on what you shared.",
        "mention": "{name} mentioned you.",
        "challenge": "{name} asks you into a challenge.",
        "club_request": "{name} asks to join your club.",
        "club_invitation": "{name} asks you into a club.",
        "club_accepted": "{name} let you into a club.",
        "team_request": "{name} asks to come into your team.",
        "team_accepted": "{name} let you into a team.",
        "removal": "Something of yours was taken away.",
        "appeal_answered": "Your appeal was answered.",
        "plan_proposal": "There is a proposal for your plan.",
        "session_reminder": "Your plan has a session today.",
        "source_stopped": "{name} needs you to sign in again.",
        "security": "Something about the security of your account was changed.",
        "several": "{count} things are new.",
        "hidden": "Something is new.",
        "test": "Notices arrive on this device.",
    },
    "de": {
        "follow_request": "{name} möchte dir folgen.",
        "kudos": "{name} hat dir Kudos gegeben.",
        "comment": "{name} hat kommentiert, was du geteilt hast.",
        "mention": "{name} hat dich erwähnt.",
        "challenge": "{name} lädt dich zu einem Wettbewerb ein.",
        "club_request": "{name} möchte in deinen Verein.",
        "club_invitation": "{name} lädt dich in einen Verein ein.",
        "club_accepted": "{name} hat dich in einen Verein aufgenommen.",
        "team_request": "{name} möchte in dein Team.",
        "team_accepted": "{name} hat dich in ein Team aufgenommen.",
        "removal": "Etwas von dir wurde weggenommen.",
        "appeal_answered": "Dein Einspruch wurde beantwortet.",
        "plan_proposal": "Für deinen Plan gibt es einen Vorschlag.",
        "session_reminder": "In deinem Plan steht heute eine Einheit.",
        "source_stopped": "{name} braucht eine neue Anmeldung von dir.",
        "security": "An der Sicherheit deines Kontos wurde etwas geändert.",
        "several": "{count} Dinge sind neu.",
        "hidden": "Es gibt etwas Neues.",
        "test": "Mitteilungen kommen auf diesem Gerät an.",
    },
    "es": {
        "follow_request": "{name} quiere seguirte.",
        "kudos": "{name} te ha dado kudos.",
        "comment": "{name} ha comentado lo que has compartido.",
        "mention": "{name} te ha mencionado.",
        "challenge": "{name} te invita a un reto.",
        "club_request": "{name} pide entrar en tu club.",
        "club_invitation": "{name} te invita a un club.",
        "club_accepted": "{name} te ha admitido en un club.",
        "team_request": "{name} pide entrar en tu equipo.",
        "team_accepted": "{name} te ha admitido en un equipo.",
        "removal": "Se ha retirado algo tuyo.",
        "appeal_answered": "Se ha respondido a tu recurso.",
        "plan_proposal": "Hay una propuesta para tu plan.",
        "session_reminder": "Tu plan tiene una sesión hoy.",
        "source_stopped": "{name} necesita que vuelvas a iniciar sesión.",
        "security": "Ha cambiado algo en la seguridad de tu cuenta.",
        "several": "Hay {count} novedades.",
        "hidden": "Hay una novedad.",
        "test": "Los avisos llegan a este dispositivo.",
    },
    "fr": {
        "follow_request": "{name} demande à te suivre.",
        "kudos": "{name} t'a donné des kudos.",
        "comment": "{name} a commenté ce que tu as partagé.",
        "mention": "{name} a parlé de toi.",
        "challenge": "{name} t'invite à un défi.",
        "club_request": "{name} demande à rejoindre ton club.",
        "club_invitation": "{name} t'invite dans un club.",
        "club_accepted": "{name} t'a accepté dans un club.",
        "team_request": "{name} demande à rejoindre ton équipe.",
        "team_accepted": "{name} t'a accepté dans une équipe.",
        "removal": "Quelque chose de toi a été retiré.",
        "appeal_answered": "Ton appel a reçu une réponse.",
        "plan_proposal": "Il y a une proposition pour ton plan.",
        "session_reminder": "Ton plan prévoit une séance aujourd'hui.",
        "source_stopped": "{name} demande que tu te reconnectes.",
        "security": "Quelque chose a changé dans la sécurité de ton compte.",
        "several": "Il y a {count} nouveautés.",
        "hidden": "Il y a du nouveau.",
        "test": "Les notifications arrivent sur cet appareil.",
    },
    "zh": {
        "follow_request": "{name} 请求关注你。",
        "kudos": "{name} 给你点了赞。",
        "comment": "{name} 评论了你分享的内容。",
        "mention": "{name} 提到了你。",
        "challenge": "{name} 邀请你参加挑战。",
        "club_request": "{name} 申请加入你的俱乐部。",
        "club_invitation": "{name} 邀请你加入俱乐部。",
        "club_accepted": "{name} 已同意你加入俱乐部。",
        "team_request": "{name} 申请加入你的队伍。",
        "team_accepted": "{name} 已同意你加入队伍。",
        "removal": "你的某项内容已被移除。",
        "appeal_answered": "你的申诉已有答复。",
        "plan_proposal": "你的计划有一条建议。",
        "session_reminder": "你的计划今天有一节训练。",
        "source_stopped": "{name} 需要你重新登录。",
        "security": "你的账户安全设置有变动。",
        "several": "有 {count} 条新通知。",
        "hidden": "有新通知。",
        "test": "通知可以送达此设备。",
    },
}


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as far as its words need it."""

    id: UUID
    kind: str
    name: str | None = None
    """Who caused it, or the service it is about."""
    subject_id: UUID | None = None
    """What it leads to: a post, a challenge, a connection."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a device shows, and where a touch on it leads."""

    body: str
    url: str
    language: str
    tag: str

    def as_document(self) -> dict[str, str]:
        """Return the message as the service worker reads it."""
        return {"title": TITLE, "body": self.body, "url": self.url, "lang": self.language, "tag": self.tag}


def path_of(told: Told) -> str:
    """Return the page of the app that a notice leads to."""
    match told.kind:
        case "follow_request":
            return "/community/people"
        case "kudos" | "comment" | "mention":
            return f"/community/posts/{told.subject_id}"
        case "club_request" | "club_invitation" | "club_accepted":
            return f"/community/clubs/{told.subject_id}"
        case "removal" | "appeal_answered":
            return "/community/removals"
        case "challenge" | "team_request" | "team_accepted":
            return f"/community/challenges/{told.subject_id}"
        case "source_stopped":
            return f"/devices/{told.subject_id}"
        case "security":
            return "/security"
    return "/plan"


def message(told: Sequence[Told], *, language: str, hides_text: bool) -> Message:
    """Return one message for one or several notices; one that hides its text leads to the list."""
    spoken = known_language(language)
    texts = TEXTS[spoken]
    if hides_text:
        return Message(texts["hidden"], LIST_PATH, spoken, tag="hidden")
    if len(told) > 1:
        return Message(texts["several"].format(count=len(told)), LIST_PATH, spoken, tag="several")
    one = told[0]
    return Message(texts[one.kind].format(name=one.name or ""), path_of(one), spoken, tag=str(one.id))


def trial_message(language: str) -> Message:
    """Return the message by which somebody sees that messages arrive."""
    spoken = known_language(language)
    return Message(TEXTS[spoken]["test"], LIST_PATH, spoken, tag="test")
