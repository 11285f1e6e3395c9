"""From labelled pages to training material, and later to weights. Nothing that cleans imports this room."""
