import { PeopleScreen } from '@/features/coaching/PeopleScreen';

export default PeopleScreen;
