"""The data set: what was studied, and what is wrong with it."""
