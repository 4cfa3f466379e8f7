"""What other features may use of jobs."""

from topform.features.jobs.runs import JobRun, job_failed_for_good, run_job
from topform.features.jobs.schemas import FileOutcome, Job
from topform.features.jobs.service import add_job, get_job
from topform.features.jobs.tables import JobRow
from topform.features.jobs.uploads import forget_orphaned_uploads, queue_upload
from topform.platform.personal_data import KeptFor, PersonalData, PersonalTable

__all__ = [
    "PERSONAL_DATA",
    "FileOutcome",
    "Job",
    "JobRun",
    "add_job",
    "forget_orphaned_uploads",
    "get_job",
    "job_failed_for_good",
    "queue_upload",
    "run_job",
]

PERSONAL_DATA = PersonalData(
    tables=(PersonalTable(JobRow, left_out="work that has ended; what it made is exported"),),
    kept_for=(KeptFor(JobRow, since="updated_at", days=90, only=("state", ("succeeded", "failed"))),),
)
