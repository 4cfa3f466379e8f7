import { FormChecksScreen } from '@/features/formChecks/FormChecksScreen';

export default FormChecksScreen;
