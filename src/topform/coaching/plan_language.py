"""Stored documents of plans, proposals and changes in the athlete's language; what is stored stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from topform.coaching.language import known_language, knows, phrase, sentence
from topform.coaching.reasons import reason_text, why

PHRASES: Final = frozenset(
    {"title", "other_title", "purpose", "text", "focus", "detail", "basis", "note", "summary", "message"}
)
"""Fields that hold a fixed English text."""

LISTS: Final = frozenset({"assumptions", "reasons"})
"""Fields that hold several."""

REASONS: Final = frozenset({"why", "reason"})
"""Fields whose text is made of codes, except in plans of earlier versions."""

OWN_WORDS: Final = frozenset({"request", "feedback", "races"})
"""What people or programs wrote themselves; it is never translated."""

_DOUBT: Final = "This plan does not prepare you for it."
_KEPT_FREE: Final = "kept free: "


def in_language(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a document, or a part of one, with its texts in a language.

    Parameters
    ----------
    document : mapping
        A plan, a proposal, a change, a session or anything that holds them, in plain form.
    language : str
        A BCP 47 tag.

    Returns
    -------
    dict
        Texts come from codes and numbers where the document has them, else from the English text; one that is in no
        table stays English. In every language dates within texts are written out.

    Examples
    --------
    >>> in_language({"title": "Long run", "minutes": 90}, "es")
    {'title': 'Tirada larga', 'minutes': 90}
    """
    return _spoken(document, known_language(language))


def _spoken(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    result = {key: _value(key, value, language) for key, value in document.items()}
    if language == "en":
        return result | {key: phrase(text, language) for key in REASONS if isinstance(text := document.get(key), str)}
    if parts := document.get("why_parts"):
        result["why"] = why([part for part in parts if _is_known_part(part)], language=language)
    elif isinstance(document.get("why"), str):
        result["why"] = phrase(document["why"], language)
    if parts := document.get("summary_parts"):
        said = [sentence(part["code"], part["params"], language) for part in parts]
        result["summary"] = ("" if language == "zh" else " ").join(said)
    if isinstance(document.get("assumed"), list):
        result["assumptions"] = [item["text"] for item in result["assumed"]]
    if "code" in document and isinstance(document.get("params"), Mapping):
        result |= _of_code(document, language)
    if document.get("based_on") == "experience" and "basis" in document:
        result["basis"] = _experience(document, language)
    if document.get("basis") == "experience" and document.get("missing"):
        result["reasons"] = [_experience(document, language)]
    if str(document.get("detail")).startswith(_KEPT_FREE):
        result["detail"] = _kept_free(document["detail"], language)
    return result


def _value(key: str, value: Any, language: str) -> Any:
    if key in OWN_WORDS:
        return value
    if isinstance(value, Mapping):
        return _spoken(value, language)
    if isinstance(value, list):
        return [_value(key, item, language) for item in value]
    is_text = isinstance(value, str) and (key in PHRASES or key in LISTS)
    return phrase(value, language) if is_text else value


def _of_code(document: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return the text that a code stands for, under the name that it has in the document."""
    code, params = document["code"], document["params"]
    if "reason" in document and knows(f"reason.{code}"):
        return {"reason": reason_text(code, params, language=language)}
    if "text" in document and knows(f"assumed.{code}"):
        return {"text": sentence(f"assumed.{code}", params, language)}
    if "message" in document and knows(f"warning.{code}"):
        return {"message": sentence(f"warning.{code}", {"date": document.get("date"), **params}, language)}
    return {}


def _experience(document: Mapping[str, Any], language: str) -> str:
    text = sentence("basis.experience", {"missing": document["missing"]}, language)
    return text + phrase(_DOUBT, language) if str(document.get("basis")).endswith(_DOUBT) else text


def _kept_free(detail: str, language: str) -> str:
    days = detail.removeprefix(_KEPT_FREE).split(", ")
    return sentence("check.kept_free", {"days": days}, language)


def _is_known_part(part: Mapping[str, Any]) -> bool:
    """Return whether a reason can be said: plans of earlier versions hold the goal as an English text."""
    return knows(f"why.{part['code']}") and not isinstance(part["params"].get("goal"), str)
