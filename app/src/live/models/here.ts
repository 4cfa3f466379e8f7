/** The form models of this phone. */
import { serverAddress } from '@/api/session';

import { formModels } from './keeping';
import { phoneChecker } from './phoneChecker';
import { phoneShelf } from './phoneShelf';

type FormModels = ReturnType<typeof formModels>;

/** Null where signatures or files cannot be had. */
export const formModelsHere = (): FormModels | null => formModels(phoneShelf(serverAddress()), phoneChecker);

/** A full disk, for example: the errors of the phone's own parts have codes. */
export const isTroubleHere = (error: unknown): boolean => error instanceof Error && 'code' in error;
