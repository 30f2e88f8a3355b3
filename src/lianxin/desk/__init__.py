"""The workbench: where people see the results and act on them. Needs the extra ``desk`` (Django)."""
