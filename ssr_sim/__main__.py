"""`python -m ssr_sim` is the command `ssr-sim`."""

from ssr_sim.cli import main

if __name__ == "__main__":
    main()
