"""Who uses the workbench: roles, rights, the districts that one sees."""
