"""Classification at several taxonomic levels: scores, consistency, stopping, and groups held out whole."""
