"""The one list component: columns, filter, sort, page, export."""
