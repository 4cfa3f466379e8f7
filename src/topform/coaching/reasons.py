"""The reasons of sessions and of proposals in words, from their codes and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from topform.coaching.language import known_language, knows, sentence


def reason_text(code: str, params: Mapping[str, Any], *, language: str = "en") -> str:
    """Return the reason in words.

    Parameters
    ----------
    code : str
    params : mapping
    language : str, optional
        A BCP 47 tag.

    Returns
    -------
    str
    """
    said = dict(params)
    if code == "rule_broken" and not knows(f"rule.{said['rule']}"):
        said["rule"] = "other"
    text = sentence(f"reason.{code}_more" if _is_more_known(code, said) else f"reason.{code}", said, language)
    return text + sentence("reason.drill", said, language) if code == "poor_form" and said.get("drill") else text


def _is_more_known(code: str, params: Mapping[str, Any]) -> bool:
    match code:
        case "pain":
            return bool(params["other"])
        case "back_from_illness":
            return bool(params.get("easy_days"))
        case "very_tired" | "tired" | "rest_today":
            return params.get("readiness") is not None
        case _:
            return False


def why(parts: Sequence[Mapping[str, Any]], *, language: str = "en") -> str:
    """Return the parts as plain sentences.

    Examples
    --------
    >>> why([{"code": "purpose", "params": {"text": "Builds the aerobic base"}}, {"code": "easier_week", "params": {}}])
    'Builds the aerobic base. This is an easier week: the body adapts while it rests.'
    """
    said = [sentence(f"why.{part['code']}", part["params"], language) for part in parts]
    return ("" if known_language(language) == "zh" else " ").join(said)
