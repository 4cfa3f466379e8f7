"""The e-mails that an account causes, in the athlete's language."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from topform.platform.mail import Mail

LETTERS: Final = {
    "en": {
        "verify": (
            "Confirm your address for TopForm",
            "Hello {name},\n\nplease confirm that this is your address:\n\n{link}\n\n"
            "The link works for three days. If you have no account on this server, ignore this message.\n",
        ),
        "change": (
            "Confirm your new address for TopForm",
            "Hello {name},\n\nplease confirm that TopForm shall use this address from now on:\n\n{link}\n\n"
            "The link works for three days. If you did not ask for it, ignore this message.\n",
        ),
        "reset": (
            "A new password for TopForm",
            "Hello {name},\n\nhere you can choose a new password:\n\n{link}\n\n"
            "The link works for one hour and once. If you did not ask for it, ignore this message: "
            "your password stays as it is.\n",
        ),
        "password_changed": (
            "Your TopForm password was changed",
            "Hello {name},\n\nthe password of your account was changed, and other devices were signed out.\n\n"
            "If that was not you, choose a new one at once: {link}\n",
        ),
        "email_changed": (
            "Your TopForm account has a new address",
            "Hello {name},\n\nfrom now on your account uses another e-mail address.\n\n"
            "If that was not you, write to the person who runs this server.\n",
        ),
        "second_factor_removed": (
            "Your TopForm account no longer asks for a code",
            "Hello {name},\n\nthe authenticator app was removed from your account.\n\n"
            "If that was not you, change your password at once: {link}\n",
        ),
        "passkey_added": (
            "A passkey was added to your TopForm account",
            "Hello {name},\n\na new passkey opens your account from now on.\n\n"
            "If you did not add it, remove it under Account security and change your password: {link}\n",
        ),
        "passkey_removed": (
            "A passkey was removed from your TopForm account",
            "Hello {name},\n\none of the passkeys of your account no longer opens it.\n\n"
            "If that was not you, change your password at once: {link}\n",
        ),
        "identity_linked": (
            "An account elsewhere opens your TopForm account",
            "Hello {name},\n\nyour account was linked with an account of another service, which opens it from now on."
            "\n\n"
            "If that was not you, unlink it under Account security and change your password: {link}\n",
        ),
        "session_copied": (
            "A session of your TopForm account was ended",
            "Hello {name},\n\nan app that was signed in to your account sent a key that had been used before. "
            "That happens when somebody has copied it. To be safe, the session was ended: sign in again in the app.\n\n"
            "If it happens again, change your password: {link}\n",
        ),
    },
    "de": {
        "verify": (
            "Bestätige deine Adresse für TopForm",
            "Hallo {name},\n\nbitte bestätige, dass das deine Adresse ist:\n\n{link}\n\n"
            "Der Link gilt drei Tage. Wenn du auf diesem Server kein Konto hast, ignoriere diese Nachricht.\n",
        ),
        "change": (
            "Bestätige deine neue Adresse für TopForm",
            "Hallo {name},\n\nbitte bestätige, dass TopForm ab jetzt diese Adresse verwenden soll:\n\n{link}\n\n"
            "Der Link gilt drei Tage. Wenn du das nicht wolltest, ignoriere diese Nachricht.\n",
        ),
        "reset": (
            "Ein neues Passwort für TopForm",
            "Hallo {name},\n\nhier kannst du ein neues Passwort wählen:\n\n{link}\n\n"
            "Der Link gilt eine Stunde und einmal. Wenn du das nicht wolltest, ignoriere diese Nachricht: "
            "dein Passwort bleibt, wie es ist.\n",
        ),
        "password_changed": (
            "Dein TopForm-Passwort wurde geändert",
            "Hallo {name},\n\ndas Passwort deines Kontos wurde geändert, andere Geräte wurden abgemeldet.\n\n"
            "Wenn du das nicht warst, wähle sofort ein neues: {link}\n",
        ),
        "email_changed": (
            "Dein TopForm-Konto hat eine neue Adresse",
            "Hallo {name},\n\ndein Konto verwendet ab jetzt eine andere E-Mail-Adresse.\n\n"
            "Wenn du das nicht warst, schreibe der Person, die diesen Server betreibt.\n",
        ),
        "second_factor_removed": (
            "Dein TopForm-Konto fragt nicht mehr nach einem Code",
            "Hallo {name},\n\ndie Authenticator-App wurde von deinem Konto entfernt.\n\n"
            "Wenn du das nicht warst, ändere sofort dein Passwort: {link}\n",
        ),
        "passkey_added": (
            "Dein TopForm-Konto hat einen neuen Passkey",
            "Hallo {name},\n\nab jetzt öffnet ein neuer Passkey dein Konto.\n\n"
            "Wenn du ihn nicht angelegt hast, entferne ihn unter Kontosicherheit und ändere dein Passwort: {link}\n",
        ),
        "passkey_removed": (
            "Ein Passkey deines TopForm-Kontos wurde entfernt",
            "Hallo {name},\n\neiner der Passkeys deines Kontos öffnet es nicht mehr.\n\n"
            "Wenn du das nicht warst, ändere sofort dein Passwort: {link}\n",
        ),
        "identity_linked": (
            "Ein Konto woanders öffnet dein TopForm-Konto",
            "Hallo {name},\n\ndein Konto wurde mit dem Konto eines anderen Dienstes verbunden, das es ab jetzt öffnet."
            "\n\n"
            "Wenn du das nicht warst, trenne es unter Kontosicherheit und ändere dein Passwort: {link}\n",
        ),
        "session_copied": (
            "Eine Sitzung deines TopForm-Kontos wurde beendet",
            "Hallo {name},\n\neine App, die in deinem Konto angemeldet war, hat einen Schlüssel geschickt, der schon "
            "benutzt war. Das geschieht, wenn jemand ihn kopiert hat. Zur Sicherheit wurde die Sitzung beendet: melde "
            "dich in der App neu an.\n\nWenn es wieder vorkommt, ändere dein Passwort: {link}\n",
        ),
    },
    "es": {
        "verify": (
            "Confirma tu dirección para TopForm",
            "Hola, {name}:\n\nconfirma, por favor, que esta es tu dirección:\n\n{link}\n\n"
            "El enlace sirve durante tres días. Si no tienes cuenta en este servidor, ignora este mensaje.\n",
        ),
        "change": (
            "Confirma tu nueva dirección para TopForm",
            "Hola, {name}:\n\nconfirma, por favor, que TopForm debe usar esta dirección a partir de ahora:\n\n"
            "{link}\n\n"
            "El enlace sirve durante tres días. Si no lo has pedido, ignora este mensaje.\n",
        ),
        "reset": (
            "Una contraseña nueva para TopForm",
            "Hola, {name}:\n\naquí puedes elegir una contraseña nueva:\n\n{link}\n\n"
            "El enlace sirve durante una hora y una sola vez. Si no lo has pedido, ignora este mensaje: "
            "tu contraseña sigue como está.\n",
        ),
        "password_changed": (
            "Tu contraseña de TopForm ha cambiado",
            "Hola, {name}:\n\nla contraseña de tu cuenta se ha cambiado y se ha cerrado la sesión en los demás "
            "dispositivos.\n\nSi no has sido tú, elige otra ahora mismo: {link}\n",
        ),
        "email_changed": (
            "Tu cuenta de TopForm tiene otra dirección",
            "Hola, {name}:\n\na partir de ahora tu cuenta usa otra dirección de correo.\n\n"
            "Si no has sido tú, escribe a la persona que administra este servidor.\n",
        ),
        "second_factor_removed": (
            "Tu cuenta de TopForm ya no pide un código",
            "Hola, {name}:\n\nla aplicación de autenticación se ha quitado de tu cuenta.\n\n"
            "Si no has sido tú, cambia tu contraseña ahora mismo: {link}\n",
        ),
        "passkey_added": (
            "Tu cuenta de TopForm tiene una nueva llave de acceso",
            "Hola, {name}:\n\na partir de ahora una nueva llave de acceso abre tu cuenta.\n\n"
            "Si no la has añadido tú, quítala en Seguridad de la cuenta y cambia tu contraseña: {link}\n",
        ),
        "passkey_removed": (
            "Se ha quitado una llave de acceso de tu cuenta de TopForm",
            "Hola, {name}:\n\nuna de las llaves de acceso de tu cuenta ya no la abre.\n\n"
            "Si no has sido tú, cambia tu contraseña ahora mismo: {link}\n",
        ),
        "identity_linked": (
            "Una cuenta de otro servicio abre tu cuenta de TopForm",
            "Hola, {name}:\n\ntu cuenta se ha vinculado con la de otro servicio, que la abre a partir de ahora.\n\n"
            "Si no has sido tú, desvincúlala en Seguridad de la cuenta y cambia tu contraseña: {link}\n",
        ),
        "session_copied": (
            "Se ha cerrado una sesión de tu cuenta de TopForm",
            "Hola, {name}:\n\nuna aplicación con la sesión abierta en tu cuenta ha enviado una clave que ya se había "
            "usado. Eso ocurre cuando alguien la ha copiado. Por seguridad se ha cerrado la sesión: vuelve a entrar en "
            "la aplicación.\n\nSi ocurre otra vez, cambia tu contraseña: {link}\n",
        ),
    },
    "fr": {
        "verify": (
            "Confirme ton adresse pour TopForm",
            "Bonjour {name},\n\nconfirme que cette adresse est bien la tienne :\n\n{link}\n\n"
            "Le lien est valable trois jours. Si tu n'as pas de compte sur ce serveur, ignore ce message.\n",
        ),
        "change": (
            "Confirme ta nouvelle adresse pour TopForm",
            "Bonjour {name},\n\nconfirme que TopForm doit désormais utiliser cette adresse :\n\n{link}\n\n"
            "Le lien est valable trois jours. Si tu ne l'as pas demandé, ignore ce message.\n",
        ),
        "reset": (
            "Un nouveau mot de passe pour TopForm",
            "Bonjour {name},\n\ntu peux choisir ici un nouveau mot de passe :\n\n{link}\n\n"
            "Le lien est valable une heure et une seule fois. Si tu ne l'as pas demandé, ignore ce message : "
            "ton mot de passe reste le même.\n",
        ),
        "password_changed": (
            "Ton mot de passe TopForm a changé",
            "Bonjour {name},\n\nle mot de passe de ton compte a été changé et les autres appareils ont été "
            "déconnectés.\n\nSi ce n'était pas toi, choisis-en un autre tout de suite : {link}\n",
        ),
        "email_changed": (
            "Ton compte TopForm a une nouvelle adresse",
            "Bonjour {name},\n\nton compte utilise désormais une autre adresse e-mail.\n\n"
            "Si ce n'était pas toi, écris à la personne qui gère ce serveur.\n",
        ),
        "second_factor_removed": (
            "Ton compte TopForm ne demande plus de code",
            "Bonjour {name},\n\nl'application d'authentification a été retirée de ton compte.\n\n"
            "Si ce n'était pas toi, change ton mot de passe tout de suite : {link}\n",
        ),
        "passkey_added": (
            "Une clé d'accès a été ajoutée à ton compte TopForm",
            "Bonjour {name},\n\nune nouvelle clé d'accès ouvre désormais ton compte.\n\n"
            "Si tu ne l'as pas ajoutée, retire-la sous Sécurité du compte et change ton mot de passe : {link}\n",
        ),
        "passkey_removed": (
            "Une clé d'accès a été retirée de ton compte TopForm",
            "Bonjour {name},\n\nl'une des clés d'accès de ton compte ne l'ouvre plus.\n\n"
            "Si ce n'était pas toi, change ton mot de passe tout de suite : {link}\n",
        ),
        "identity_linked": (
            "Un compte d'un autre service ouvre ton compte TopForm",
            "Bonjour {name},\n\nton compte a été lié à celui d'un autre service, qui l'ouvre désormais.\n\n"
            "Si ce n'était pas toi, délie-le sous Sécurité du compte et change ton mot de passe : {link}\n",
        ),
        "session_copied": (
            "Une session de ton compte TopForm a été fermée",
            "Bonjour {name},\n\nune application connectée à ton compte a envoyé une clé déjà utilisée. Cela arrive "
            "quand quelqu'un l'a copiée. Par sécurité, la session a été fermée : reconnecte-toi dans l'application.\n\n"
            "Si cela se reproduit, change ton mot de passe : {link}\n",
        ),
    },
    "zh": {
        "verify": (
            "请确认你在 TopForm 的邮箱地址",
            "{name}，你好：\n\n请确认这是你的邮箱地址：\n\n{link}\n\n"
            "链接三天内有效。如果你在此服务器上没有账户，请忽略本邮件。\n",
        ),
        "change": (
            "请确认你在 TopForm 的新邮箱地址",
            "{name}，你好：\n\n请确认 TopForm 今后使用这个邮箱地址：\n\n{link}\n\n"
            "链接三天内有效。如果这不是你的请求，请忽略本邮件。\n",
        ),
        "reset": (
            "设置新的 TopForm 密码",
            "{name}，你好：\n\n你可以在这里设置新密码：\n\n{link}\n\n"
            "链接一小时内有效，只能使用一次。如果这不是你的请求，请忽略本邮件，你的密码不会改变。\n",
        ),
        "password_changed": (
            "你的 TopForm 密码已更改",
            "{name}，你好：\n\n你的账户密码已更改，其他设备已退出登录。\n\n"
            "如果不是你本人操作，请立即设置新密码：{link}\n",
        ),
        "email_changed": (
            "你的 TopForm 账户已更换邮箱地址",
            "{name}，你好：\n\n你的账户今后使用另一个邮箱地址。\n\n如果不是你本人操作，请联系此服务器的管理者。\n",
        ),
        "second_factor_removed": (
            "你的 TopForm 账户不再要求验证码",
            "{name}，你好：\n\n身份验证器已从你的账户中移除。\n\n如果不是你本人操作，请立即更改密码：{link}\n",
        ),
        "passkey_added": (
            "你的 TopForm 账户添加了通行密钥",
            "{name}，你好：\n\n今后可以用一个新的通行密钥打开你的账户。\n\n"
            "如果不是你添加的，请在“账户安全”中移除它并更改密码：{link}\n",
        ),
        "passkey_removed": (
            "你的 TopForm 账户移除了一个通行密钥",
            "{name}，你好：\n\n你账户的一个通行密钥已不能再使用。\n\n如果不是你本人操作，请立即更改密码：{link}\n",
        ),
        "identity_linked": (
            "另一服务的账户可以打开你的 TopForm 账户",
            "{name}，你好：\n\n你的账户已与另一服务的账户关联，今后可用它登录。\n\n"
            "如果不是你本人操作，请在“账户安全”中取消关联并更改密码：{link}\n",
        ),
        "session_copied": (
            "你的 TopForm 账户的一个会话已结束",
            "{name}，你好：\n\n一个登录你账户的应用发送了已经用过的密钥，这说明可能有人复制了它。"
            "为安全起见，该会话已结束：请在应用中重新登录。\n\n"
            "如果再次发生，请更改密码：{link}\n",
        ),
    },
}
NOTICES: Final = (
    "password_changed",
    "email_changed",
    "second_factor_removed",
    "passkey_added",
    "passkey_removed",
    "identity_linked",
    "session_copied",
)


def letter(kind: str, *, language: str, to: str, name: str, link: str, account: UUID) -> Mail:
    """Return the e-mail of a kind; languages without letters of their own read English."""
    subject, body = LETTERS.get(language.partition("-")[0].lower(), LETTERS["en"])[kind]
    return Mail(to=to, subject=subject, text=body.format(name=name, link=link), account=account)
