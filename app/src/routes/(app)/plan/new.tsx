import { NewPlanScreen } from '@/features/plan/NewPlanScreen';

export default NewPlanScreen;
