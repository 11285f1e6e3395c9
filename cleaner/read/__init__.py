"""From what came in to what is judged: text -> Document, and the segments in it."""
