"""Exploring of cases in a browser: a model or a study on a page that the machine serves to itself alone."""
