"""Sets of strength exercises that were filmed and rated: their part in the load of a day."""
