"""What the planner shows below its tiles, one module for each tab."""
