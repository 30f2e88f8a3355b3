"""Decisions on proposals."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords


class Decision(models.Model):
    """One decision on one proposal (a row of a result, by its key)."""

    class Action(models.TextChoices):
        """What was decided."""

        ACCEPT = "accept"
        CHANGE = "change"
        REFUSE = "refuse"
        ASSIGN = "assign"

    class State(models.TextChoices):
        """Whether it holds yet."""

        WAITING = "waiting"  # for the second pair of eyes
        IN_FORCE = "in_force"
        DECLINED = "declined"

    result = models.CharField(max_length=60)
    key = models.CharField(max_length=300)
    run_id = models.CharField(max_length=40)
    action = models.CharField(max_length=10, choices=Action.choices)
    value = models.CharField(max_length=300, blank=True)
    promised_value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    reason = models.TextField(blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.IN_FORCE)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(auto_now_add=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments", null=True, blank=True
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals", null=True, blank=True
    )
    written_back = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta:
        """One latest decision is looked up by result and key."""

        indexes = (models.Index(fields=["result", "key"]),)
        ordering = ("-decided_at", "-id")
