"""`python -m kg_build` is the command `kg`."""

from kg_build.cli import main

main()
