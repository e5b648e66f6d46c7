"""`python -m calc` is the command `subsidy`."""

from calc.cli import main

if __name__ == "__main__":
    main()
