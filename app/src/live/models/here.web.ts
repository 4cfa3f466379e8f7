/** The form models of this browser. */
import { browserChecker } from './browserChecker';
import { browserShelf } from './browserShelf';
import { formModels } from './keeping';

export const formModelsHere = () =>
  // Both exist on secure pages only, and the camera does too.
  typeof caches === 'undefined' || globalThis.crypto?.subtle === undefined
    ? null
    : formModels(browserShelf(caches), browserChecker(globalThis.crypto.subtle));

/** A full disk, or a browser without Ed25519. */
export const isTroubleHere = (error: unknown): boolean => error instanceof DOMException;
