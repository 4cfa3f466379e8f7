import { ActivityScreen } from '@/features/activities/ActivityScreen';

export default ActivityScreen;
