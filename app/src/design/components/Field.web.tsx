import { domType } from '../dom';
import { useTheme } from '../theme';

/** A label that belongs to the control with this id. */
export function FieldLabel({ htmlFor, children }: { htmlFor: string; children: string }) {
  const { color, textScale } = useTheme();
  return (
    <label htmlFor={htmlFor} style={{ ...domType('label', textScale), color: color.text }}>
      {children}
    </label>
  );
}
