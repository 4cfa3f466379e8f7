/** Radii to choose from: fine where homes are, coarse where whole villages are. All are what the server takes. */
export const radii_m = [
  100, 150, 200, 250, 300, 350, 400, 500, 600, 700, 800, 900, 1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000,
] as const;

/** 300 m. */
export const USUAL_RADIUS = 4;
