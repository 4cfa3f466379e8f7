"""Activities as text: tables with one row a sample, Polar's HRM files, lists of beat-to-beat intervals."""
