import { FormCheckScreen } from '@/features/formChecks/FormCheckScreen';

export default FormCheckScreen;
