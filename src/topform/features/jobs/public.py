"""What other features may use of jobs."""

from topform.features.jobs.runs import JobRun, job_failed_for_good, run_job
from topform.features.jobs.schemas import FileOutcome, Job
from topform.features.jobs.service import add_job

__all__ = ["FileOutcome", "Job", "JobRun", "add_job", "job_failed_for_good", "run_job"]
