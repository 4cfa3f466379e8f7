"""The e-mails that an account causes, in the athlete's language."""

from __future__ import annotations

from typing import Final

from topform.platform.mail import Mail

_LETTERS: Final = {
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


def letter(kind: str, *, language: str, to: str, name: str, link: str) -> Mail:
    """Return the e-mail of a kind; languages without letters of their own read English."""
    subject, body = _LETTERS.get(language.partition("-")[0].lower(), _LETTERS["en"])[kind]
    return Mail(to=to, subject=subject, text=body.format(name=name, link=link))
