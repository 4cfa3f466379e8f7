export type DateFieldProps = {
  label: string;
  /** `YYYY-MM-DD`, or empty. */
  value: string;
  min?: string;
  error?: string | null;
  onChange: (value: string) => void;
};
