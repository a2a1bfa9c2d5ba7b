"""Label errors: the most confident errors, and which labels are likely wrong."""
