"""Why a peace failed or held: the chain of events, each prevented on common luck, and what moves the odds."""
