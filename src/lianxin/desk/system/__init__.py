"""Users and the audit trail."""
