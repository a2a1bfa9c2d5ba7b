"""Participants by covariate, scores of subgroups, and levels held out in turn."""
