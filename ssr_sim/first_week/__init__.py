"""The first week: the country's agents, from a scenario and a seed; one file for each kind of agent."""
