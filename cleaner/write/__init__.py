"""From decisions to text, and to what people look at."""
