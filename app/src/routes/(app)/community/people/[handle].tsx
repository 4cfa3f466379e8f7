import { PersonScreen } from '@/features/community/PersonScreen';

export default PersonScreen;
