"""The machinery under the features: database, storage, jobs, events, settings, logs."""
