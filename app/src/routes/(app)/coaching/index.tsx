import { CoachingScreen } from '@/features/coaching/CoachingScreen';

export default CoachingScreen;
