export { type Bar, BarStrip } from './BarStrip';
export { CursorSurface } from './CursorSurface';
export { CurveDrawing, type CurvePoint } from './CurveDrawing';
export { FitnessDrawing } from './FitnessDrawing';
export { gutter } from './layout';
export { LinePanel } from './LinePanel';
export { RouteDrawing } from './RouteDrawing';
export { RouteShape, RouteThumb } from './RouteThumb';
export { useMeasuredWidth } from './useMeasuredWidth';
