"""What the background does and how far it is."""

from typing import Any

from django.conf import settings
from django.db import models


class Job(models.Model):
    """One piece of long work that somebody asked for."""

    class Kind(models.TextChoices):
        """What is done."""

        RUN = "run"
        IMPORT = "import"
        WHAT_IF = "what_if"
        PEAK_SHIFT = "peak_shift"

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    arguments: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    step = models.CharField(max_length=60, blank=True)
    share = models.FloatField(default=0.0)
    cancel_asked = models.BooleanField(default=False)
    outcome: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    message_zh = models.TextField(blank=True)
    message_en = models.TextField(blank=True)

    class Meta:
        """The newest first."""

        ordering = ("-asked_at", "-id")
