"""Made-up athletes: bodies, movements with known faults, cameras and the errors of a pose model. Plain numpy."""
