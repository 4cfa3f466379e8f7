/** On a device the list goes on at the press of its button. */
export function NearEnd(_props: { onNear: () => void }) {
  return null;
}
