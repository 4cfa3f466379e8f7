import { ThresholdsScreen } from '@/features/thresholds/ThresholdsScreen';

export default ThresholdsScreen;
