"""What other features may use of jobs."""

from topform.features.jobs.runs import JobRun, job_failed_for_good, run_job
from topform.features.jobs.schemas import FileOutcome, Job
from topform.features.jobs.service import add_job
from topform.features.jobs.uploads import forget_orphaned_uploads, new_upload_key

__all__ = [
    "FileOutcome",
    "Job",
    "JobRun",
    "add_job",
    "forget_orphaned_uploads",
    "job_failed_for_good",
    "new_upload_key",
    "run_job",
]
