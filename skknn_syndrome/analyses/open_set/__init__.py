"""Open-set recognition: are images of unknown classes told apart."""
