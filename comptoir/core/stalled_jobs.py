"""Jobs whose worker died stay "doing" until somebody gives them back."""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app

from comptoir.core.tasks import task

log = structlog.get_logger("comptoir.core")

#: A worker gives a sign of life every ten seconds.
DEAD_AFTER_S = 30


@task("core.retry_stalled_jobs", every="* * * * * */10")
async def retry_stalled_jobs(timestamp: int) -> None:
    """Every ten seconds, give the jobs of dead workers to living ones: tasks are idempotent."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_S):
        log.warning("job of a dead worker is started again", job_id=job.id, task=job.task_name)
        await app.job_manager.retry_job(job)
