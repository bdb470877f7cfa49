"""The science, one file per topic: parameters, rules, phases. Topics never import one another."""
