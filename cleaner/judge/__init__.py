"""Evidence and decisions: which segments are not body, and on whose word."""
