"""Precision and recall of the name matching on labelled pairs."""
