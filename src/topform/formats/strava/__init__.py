"""Activities as the Strava API tells them."""
