"""Small anywidgets of our own: each a Python class that holds the data and an ES module that draws it."""
