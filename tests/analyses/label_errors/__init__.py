"""Label errors."""
