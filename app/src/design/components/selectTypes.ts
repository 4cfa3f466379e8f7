export type Option<Value extends string> = { value: Value; label: string };

export type SelectProps<Value extends string> = {
  label: string;
  hideLabel?: boolean;
  hint?: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
};
