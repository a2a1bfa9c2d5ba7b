"""Pickles of every protocol, and streams made to do harm."""
