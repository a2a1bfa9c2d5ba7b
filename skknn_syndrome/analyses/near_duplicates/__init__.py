"""Near-duplicates: which images may show one person under two ids."""
