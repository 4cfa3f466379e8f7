"""Connected services: permission, import, what arrived, what did not and why."""
