"""The version of this package, stated once for the code."""

VERSION = "0.1.0"
