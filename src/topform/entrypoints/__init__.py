"""The programs: command line, API, worker. Only here are implementations wired to protocols."""
