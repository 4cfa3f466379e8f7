"""A filmed set: upload, analysis, annotated video."""
