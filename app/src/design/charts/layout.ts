/** Room around the drawing of a chart for the axis texts. */
export const gutter = { left: 44, right: 8, top: 10, bottom: 22 } as const;

/** Type size of axis texts, in points. */
export const axisText = 11;
export const strokeWidth = { grid: 1, line: 1.6, emphasis: 2.2, cursor: 1 } as const;
export const dotRadius = 4;
export const areaOpacity = 0.16;
