"""Moving load from dear to cheap hours, and batteries: what it saves on the bill, under limits that are stated."""
