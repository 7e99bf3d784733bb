"""Zhiyin 知音: a person and a machine write music together, offline.

`zhiyin.load` and `zhiyin.save` move scores in and out; `zhiyin.apps` holds one function per musical verb.
This module does no work at import time.
"""

__version__ = "0.1.0"
