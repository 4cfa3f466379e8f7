"""Event types of jobs; the data is the job as the API shows it."""

from typing import Final

JOB_UPDATED: Final = "job.updated"
