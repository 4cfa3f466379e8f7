"""Published formulas as plain functions; no clock, no file, no database."""
