import { CompareScreen } from '@/features/activities/CompareScreen';

export default CompareScreen;
