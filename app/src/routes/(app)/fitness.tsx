import { FitnessScreen } from '@/features/fitness/FitnessScreen';

export default FitnessScreen;
