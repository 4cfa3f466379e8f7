import { WorkoutScreen } from '@/features/live/player/WorkoutScreen';

export default WorkoutScreen;
