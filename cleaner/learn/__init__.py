"""How the scores are made and measured. Used by nothing else, and needs the extra `learn`."""

import os

# Processes run side by side here; several threads each would only stand in each other's way. Read when numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
