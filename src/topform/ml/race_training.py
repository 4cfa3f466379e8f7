"""Training of the learned race correction on a table that may be used, written only where it earned its place."""

from __future__ import annotations

from typing import Any

from topform.core.errors import OutcomeTableError
from topform.ml.bests_table import BestsTable
from topform.ml.race_evaluation import MIN_PEOPLE, Progress, cases_by_target, learned_against_ensemble
from topform.ml.race_learner import fitted_correction
from topform.science.prediction import PREDICTOR_VERSION
from topform.science.prediction.correction import FEATURES, FORMAT


def train_correction(
    table: BestsTable,
    *,
    source: str,
    licence: str,
    table_sha256: str,
    folds: int = 5,
    seed: int = 0,
    bootstrap: int = 1000,
    min_people: int = MIN_PEOPLE,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Learn a correction of the ensemble for each distance and keep those that win on people never seen.

    Parameters
    ----------
    table : BestsTable
    source, licence : str
        Where the table is from, and what allows its use.
    table_sha256 : str
        Digest of the table's text.
    folds, seed, bootstrap, min_people : int
        As in the evaluation.
    progress : callable, optional
        Receives people done and people in all.

    Returns
    -------
    dict
        The document that ``topform predict --correction`` reads, with the evidence for every distance.

    Raises
    ------
    OutcomeTableError
        If no distance has enough people, or the correction wins for none.
    """
    if not source.strip() or not licence.strip():
        raise OutcomeTableError(
            "source and licence of the table are not stated", remedy="Say where it is from and what allows its use."
        )
    targets, evidence = [], []
    for target, cases in cases_by_target(table, min_people=min_people, progress=progress).items():
        scores = learned_against_ensemble(cases, folds=folds, seed=seed, bootstrap=bootstrap)
        if scores is None:
            continue
        evidence.append({"distance_m": target, "people": len(cases), **scores})
        if scores["beats_the_ensemble"]:
            fitted = fitted_correction(cases)
            targets.append(
                {
                    "distance_m": target,
                    "typical": fitted.typical,
                    "constant": fitted.constant,
                    "coefficients": list(fitted.coefficients),
                }
            )
    if not targets:
        tried = ", ".join(f"{one['distance_m']:g} m ({one['ratio_to_recalibrated']['value']:.3f})" for one in evidence)
        raise OutcomeTableError(
            f"the correction beats the ensemble on people never seen for no distance: {tried or 'too few people'}",
            remedy="Nothing was written; the ensemble stays. More people may change that.",
        )
    return {
        "format": FORMAT,
        "predictor_version": PREDICTOR_VERSION,
        "features": list(FEATURES),
        "source": source,
        "licence": licence,
        "table_sha256": table_sha256,
        "options": {"folds": folds, "seed": seed, "bootstrap": bootstrap},
        "targets": targets,
        "evidence": evidence,
    }
