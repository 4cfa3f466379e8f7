/** Keyboard users on the web get a way past the navigation; elsewhere there is nothing to skip. */
export function SkipLink() {
  return null;
}
