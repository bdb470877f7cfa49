"""The web app: a planner's what-if, a trainer's story, a researcher's bench. Nothing imports it but its own server."""
