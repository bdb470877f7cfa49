"""The researcher's page: a sweep sketched, checked, run and read."""
