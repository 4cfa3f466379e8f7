import { CoachedAthleteScreen } from '@/features/coaching/CoachedAthleteScreen';

export default CoachedAthleteScreen;
