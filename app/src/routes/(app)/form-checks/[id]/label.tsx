import { LabelScreen } from '@/features/formChecks/LabelScreen';

export default LabelScreen;
