"""For people who write rules: their examples as tests, the lint, new files."""
