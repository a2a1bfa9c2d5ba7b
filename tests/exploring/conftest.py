"""What is no test here."""

collect_ignore = ["drive.py"]  # it needs playwright, which `nox -s explore` alone installs
