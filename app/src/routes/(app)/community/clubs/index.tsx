import { ClubsScreen } from '@/features/community/clubs/ClubsScreen';

export default ClubsScreen;
