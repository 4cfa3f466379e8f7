import { unstable_createElement } from 'react-native-web';

import { fontFamily } from '../primitives';
import { useTheme } from '../theme';
import { type as typeScale } from '../tokens';

/** A label that belongs to the control with this id. */
export function FieldLabel({ htmlFor, children }: { htmlFor: string; children: string }) {
  const { color } = useTheme();
  return unstable_createElement('label', {
    htmlFor,
    style: { ...typeScale.label, color: color.text, fontFamily },
    children,
  });
}
