"""Files to scores and back (see `base.py`)."""
