"""Learning curve: how scores rise with the number of subjects, and how many a planned study needs."""
