import { PeopleScreen } from '@/features/community/PeopleScreen';

export default PeopleScreen;
