import { ProfileScreen } from '@/features/profile/ProfileScreen';

export default ProfileScreen;
