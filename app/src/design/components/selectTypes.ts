export type Option<Value extends string> = { value: Value; label: string };

export type SelectProps<Value extends string> = {
  label: string;
  hideLabel?: boolean;
  hint?: string;
  value: Value;
  options: readonly Option<Value>[];
  /** Where a choice acts at once: arrow keys open the list first, instead of choosing its next entry. */
  opensFirst?: boolean;
  onChange: (value: Value) => void;
};
