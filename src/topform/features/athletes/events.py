"""Event types of athletes.

`athlete.updated`: the athlete as the API shows it; `athlete.age_changed`: ``{}``, since another date of birth was said,
by which they were below one of the ages for sharing and are not now, or the other way round.
"""

from typing import Final

ATHLETE_UPDATED: Final = "athlete.updated"
AGE_CHANGED: Final = "athlete.age_changed"
