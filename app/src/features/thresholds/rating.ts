const RATING = 7;
const MINUTES = 60;

/** The load of an hour that is rated 7, for a factor from rating times minutes to load. [AU] */
export const loadOfHour = (loadPerSrpe: number): number => loadPerSrpe * RATING * MINUTES;
