import { ActivitiesScreen } from '@/features/activities/ActivitiesScreen';

export default ActivitiesScreen;
