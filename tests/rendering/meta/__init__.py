"""Metadata of reports."""
