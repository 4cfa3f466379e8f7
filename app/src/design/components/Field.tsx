import { Text } from '../primitives';

/** A label that belongs to the control with this id. */
export function FieldLabel({ children }: { htmlFor: string; children: string }) {
  return <Text variant="label">{children}</Text>;
}
