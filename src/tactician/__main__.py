"""`python -m tactician`, for where the command itself is not on the path."""

from __future__ import annotations

from tactician.cli.main import main

if __name__ == "__main__":
    main()
