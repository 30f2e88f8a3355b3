"""The only door between the workbench and the rest: it reads facts and results, and calls workflows.

Apps of the workbench import from here and get frozen dataclasses and plain rows, never tables of the lake.
"""
