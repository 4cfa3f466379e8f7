import type { DateFieldProps } from './dateFieldTypes';
import { TextField } from './TextField';

export function DateField({ label, value, error, onChange }: DateFieldProps) {
  return (
    <TextField
      label={label}
      value={value}
      error={error}
      placeholder="YYYY-MM-DD"
      inputMode="numeric"
      maxLength={10}
      onChangeText={onChange}
    />
  );
}
