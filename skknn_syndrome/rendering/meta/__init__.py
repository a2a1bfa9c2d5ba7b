"""Metadata of a report: what its authors know and no study does, read from `report.yaml`."""

from skknn_syndrome.rendering.meta.model import ReportMeta
from skknn_syndrome.rendering.meta.reading import load_meta, parse_meta

__all__ = ["ReportMeta", "load_meta", "parse_meta"]
