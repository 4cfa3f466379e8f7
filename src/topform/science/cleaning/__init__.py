"""What sensors and positions got wrong, found and left out, with a report of every correction.

Nothing is ever filled in: a value that cannot be an observation becomes "not observed", and samples, their times and
everything else stay as the file has them. The file itself is kept, so that a later version can be run over it.
"""

from topform.science.cleaning.clean import CLEANING_VERSION, CleanedLeg, clean_leg
from topform.science.cleaning.report import Action, CleaningReport, Correction

__all__ = ["CLEANING_VERSION", "Action", "CleanedLeg", "CleaningReport", "Correction", "clean_leg"]
